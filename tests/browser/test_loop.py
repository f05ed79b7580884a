"""The browser's loop when it ends: who waits is told at once, what lives on it goes, and there is a new one."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

import pytest

from webvoyager_gym.browser.loop import BrowserLoop, browser_loop, together
from webvoyager_gym.errors import InfrastructureFailure


def stop(loop: BrowserLoop) -> None:
    loop.loop.stop()


def leave(loop: BrowserLoop) -> None:
    sys.exit()


@pytest.mark.parametrize("end", [stop, leave])
def test_who_waits_for_a_loop_that_ends_is_told_long_before_the_deadline(end: Callable[[BrowserLoop], None]) -> None:
    loop = BrowserLoop()
    told: list[str] = []

    async def farewell() -> None:
        told.append("farewell")

    async def failing() -> None:
        raise ValueError("This farewell went wrong.")

    async def wait() -> None:
        asyncio.get_running_loop().call_soon(end, loop)
        try:
            await asyncio.Event().wait()
        finally:
            told.append("cancelled")

    loop.at_end(failing)
    loop.at_end(farewell)
    started = time.monotonic()
    with pytest.raises(InfrastructureFailure, match="event loop ended") as raised:
        loop.run(wait(), 600)
    assert raised.value.part == "browser"
    assert time.monotonic() - started < 60
    loop.wait_until_ended()
    assert told == ["cancelled", "farewell"]
    assert not loop.alive
    assert loop.loop.is_closed()
    with pytest.raises(InfrastructureFailure, match="event loop ended"):
        loop.run(asyncio.sleep(0), 10)


def test_a_new_loop_takes_over_and_all_that_ran_together_fail_alike() -> None:
    before = browser_loop()

    async def ends() -> str:
        asyncio.get_running_loop().stop()
        await asyncio.Event().wait()
        return "never"

    async def waits() -> str:
        await asyncio.Event().wait()
        return "never"

    results = together([ends(), waits()], 600)
    assert all(isinstance(result, InfrastructureFailure) and result.part == "browser" for result in results)
    after = browser_loop()
    assert after is not before
    assert after.run(asyncio.sleep(0, "works"), 10) == "works"


def test_a_deadline_is_kept_and_what_is_late_is_cancelled() -> None:
    loop = BrowserLoop()
    cancelled = []

    async def late() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    with pytest.raises(InfrastructureFailure, match=r"within 0\.2 s") as raised:
        loop.run(late(), 0.2)
    assert raised.value.part == "deadline"
    loop.end()
    assert cancelled == [True]
