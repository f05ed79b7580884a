"""A small OpenAI-compatible server on loopback that misbehaves as it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from webvoyager_gym.sites.kit.server import ServerThread

Body = dict[str, Any]
Answer = Callable[[Body, dict[str, str]], Response]
"""(request, its headers) -> response."""

GOOD = '{"candidates": [{"thought": "home", "action": "click [1]"}, {"thought": "no", "action": "back"}]}'


def completion(*texts: str, **more: Any) -> Body:
    """The body of a good response with a choice for each text."""
    choices = [{"index": at, "message": {"role": "assistant", "content": text}} for at, text in enumerate(texts)]
    usage = {"prompt_tokens": 100, "completion_tokens": 10}
    return {"object": "chat.completion", "choices": choices, "usage": usage, **more}


def good(body: Body, headers: dict[str, str]) -> Response:
    return JSONResponse(completion(*[GOOD] * body.get("n", 1)))


def status(code: int, said: str = "out of order", **headers: str) -> Answer:
    return lambda body, _: JSONResponse(
        {"error": {"message": said}}, code, {k.replace("_", "-"): v for k, v in headers.items()}
    )


def raw(content: str, kind: str = "application/json", code: int = 200) -> Answer:
    return lambda body, _: Response(content, code, media_type=kind)


def cut_short(body: Body, headers: dict[str, str]) -> Response:
    """Promises more bytes than it sends."""
    return Response(b'{"choices"', headers={"content-length": "500"}, media_type="application/json")


def hang(body: Body, headers: dict[str, str]) -> Response:
    """Says nothing for longer than anyone waits."""
    return StreamingResponse(_slowly(2.0), media_type="application/json")


def dribble(body: Body, headers: dict[str, str]) -> Response:
    """A byte now and then, so that a timeout between bytes never comes."""
    return StreamingResponse(_slowly(0.02), media_type="application/json")


async def _slowly(pause: float) -> AsyncIterator[bytes]:
    for _ in range(int(4.0 / pause)):
        await asyncio.sleep(pause)
        yield b" "


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The base_url of a server that answers so."""

    async def chat(request: Request) -> Response:
        return answer(json.loads(await request.body()), dict(request.headers))

    server = ServerThread(Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])]))
    try:
        yield f"http://127.0.0.1:{server.port}/v1"
    finally:
        server.stop()
