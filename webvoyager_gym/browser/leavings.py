"""What a Chromium that is killed leaves in the temporary folder, which nobody else clears away."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser

_PROFILE = "--user-data-dir="
CLEARING = 1.0
"""Seconds that Playwright has to clear away by itself what a browser left, before it is stopped."""
CLEARING_AFTER = 2.0
"""Seconds to go on clearing away after that: the helpers of a killed browser may write for a moment."""
_PAUSE = 0.05


async def belongings(browser: Browser) -> list[Path]:
    """A running browser's profile and the folder of its socket; of these it would leave what it cannot remove.

    Playwright made the profile, and tells nobody where. Empty where there is no /proc.
    """
    if sys.platform != "linux":
        return []
    session = await browser.new_browser_cdp_session()
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    await session.detach()
    (pid,) = (process["id"] for process in processes if process["type"] == "browser")
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    profile = Path(next(word.removeprefix(_PROFILE) for word in command if word.startswith(_PROFILE)))
    socket = profile / "SingletonSocket"
    return [profile, *([Path(os.readlink(socket)).parent] if socket.is_symlink() else [])]


async def cleared(paths: Sequence[Path]) -> None:
    """Wait until Playwright has cleared away what a browser left, or has had its time."""
    until = time.monotonic() + CLEARING
    while any(path.exists() for path in paths) and time.monotonic() < until:
        await asyncio.sleep(_PAUSE)


async def clear_away(paths: Sequence[Path]) -> None:
    """Remove what is still there."""
    until = time.monotonic() + CLEARING_AFTER
    while any(path.exists() for path in paths) and time.monotonic() < until:
        for path in paths:
            shutil.rmtree(path, ignore_errors=True)
        # Helpers that still run may make it anew.
        await asyncio.sleep(_PAUSE)
