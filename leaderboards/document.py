"""JSON documents that say what they are and hold a checksum over all they say, and numbers as JSON has them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from leaderboards.run import digest
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.stats import Estimate

T = TypeVar("T")


def read_document(path: Path, kind: str, version: int, read: Callable[[Mapping[str, Any]], T]) -> T:
    """What `read` makes of a document; a KeyError, TypeError or ValueError of it says that the document is none.

    Args:
        kind, version: what it has to say of itself as "format" and "version".

    Raises:
        InvalidFile: it is damaged, something else, or was changed after it was written.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if (document.get("format"), document.get("version")) != (kind, version):
            raise ValueError(f"it is not of the format {kind}, version {version}")
        if document.get("sha256") != digest(document):
            raise ValueError("its checksum is not that of its content, so it was changed or cut off")
        return read(document)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} cannot be taken: {error!s}; bring it again.") from error


def number(value: float) -> float | None:
    """A number to six decimals; None for nan and infinity, which JSON does not have."""
    return round(value, 6) if math.isfinite(value) else None


def estimate_json(estimate: Estimate) -> dict[str, float | None]:
    """A number and its interval."""
    return {name: number(getattr(estimate, name)) for name in ("value", "low", "high")}
