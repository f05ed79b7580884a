"""Any Python text in HDF5, which holds neither NULs nor lone surrogates: such a text is stored as ESC and its JSON."""

from __future__ import annotations

import json
import re

_ESCAPE = "\x1b"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def to_stored(text: str) -> str:
    """The text as HDF5 can hold it: itself, but for the rare one."""
    return _ESCAPE + json.dumps(text) if _UNSTORABLE.search(text) or text.startswith(_ESCAPE) else text


def from_stored(text: str) -> str:
    """The text that `to_stored` was given.

    Raises:
        ValueError: it cannot have come from there.
    """
    return str(json.loads(text[1:])) if text.startswith(_ESCAPE) else text
