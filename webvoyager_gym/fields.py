"""Fields of JSON objects that come from elsewhere."""

from __future__ import annotations

from typing import Any


def read_field(row: Any, name: str, kind: type[Any] = object) -> Any:
    """A field of a JSON object, of a given type.

    Raises:
        ValueError: there is no object, no such field, or it is of another type; true and false are no numbers.
    """
    if not isinstance(row, dict) or name not in row:
        raise ValueError(f"{name!r} is missing")
    value = row[name]
    if not isinstance(value, kind) or (kind in (int, float) and isinstance(value, bool)):
        raise ValueError(f"{name!r} is {str(value)[:40]!r}; expected {kind.__name__}")
    return value
