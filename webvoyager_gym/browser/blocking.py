"""An object of Playwright's asynchronous API used as if it were the synchronous one's, from any other thread.

For code that was written for the synchronous API. Two differences remain: it is no instance of its classes, and event
handlers run on the browser's loop, where they must not use the object themselves.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

DEADLINE = 60.0
"""Seconds one call may take; Playwright's own time limits are shorter."""


class Blocking:
    """Each call runs on the browser's loop and is waited for; what it gives is wrapped likewise."""

    def __init__(self, wrapped: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._wrapped, self._loop = wrapped, loop

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if inspect.isroutine(value):
            return lambda *args, **options: self._call(value, args, options)
        return self._run(_value(value)) if inspect.isawaitable(value) else self._wrap(value)

    def __enter__(self) -> Any:
        return self._call(self._wrapped.__aenter__, (), {})

    def __exit__(self, *error: object) -> None:
        self._call(self._wrapped.__aexit__, error, {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blocking) and bool(self._wrapped == other._wrapped)

    def __hash__(self) -> int:
        return hash(self._wrapped)

    def _call(self, method: Callable[..., Any], args: tuple[object, ...], options: dict[str, object]) -> Any:
        given = [_unwrapped(value) for value in args]
        named = {name: _unwrapped(value) for name, value in options.items()}

        async def call() -> Any:
            return await _value(method(*given, **named))

        return self._run(call())

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self._wrap(asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(DEADLINE))

    def _wrap(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._wrap(item) for item in value]
        return Blocking(value, self._loop) if type(value).__module__.startswith("playwright.") else value


async def _value(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def _unwrapped(value: Any) -> Any:
    return value._wrapped if isinstance(value, Blocking) else value
