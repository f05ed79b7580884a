"""Parts of Chromium that nobody sees and that cost, switched off.

Without a window on any screen, Chromium still gives every context a window with an address bar, and since about release
150 the list below that bar is a page with a process of its own: half of the processor time of opening a context, and a
quarter of its memory (tests/browser/test_features.py counts the processes).

Of several `--disable-features` Chromium heeds the last one. So ours has to name those that Playwright switches off too,
which are read from Playwright itself; where they cannot be found, everything stays as Playwright has it.
"""

from __future__ import annotations

import functools
import logging
import re
from pathlib import Path

import playwright

UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup")
"""Chromium's names of the pages below the address bar."""

_SOURCES = ("lib/coreBundle.js", "lib/server/chromium/chromiumSwitches.js")
"""Where Playwright's driver has its list; the place depends on the release."""

_log = logging.getLogger(__name__)


@functools.cache
def disabled_features() -> tuple[str, ...]:
    """What `--disable-features` has to name; nothing if Playwright's own list cannot be found."""
    package = Path(playwright.__file__).parent / "driver" / "package"
    for source in _SOURCES:
        path = package / source
        listed = re.search(r"\bdisabledFeatures = \[(.*?)\]", _text(path), re.DOTALL)
        names = re.findall(r'^\s*["\'](\w+)["\'],?\s*$', listed[1], re.MULTILINE) if listed else []
        if names:
            return (*names, *UNSEEN)
    _log.debug("Playwright's list of disabled features was not found in %s; nothing is added to it.", package)
    return ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
