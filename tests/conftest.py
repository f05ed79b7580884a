"""What holds for every test: no model hub is asked for anything, and Ctrl-C interrupts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ["HF_HUB_OFFLINE"] = "1"
# A shell starts what runs in its background with the signal ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A reader's Chromium; a module's, since Playwright holds the thread's event loop as long as it is there."""
    from tests.looking import chromium

    with chromium() as browser:
        yield browser
