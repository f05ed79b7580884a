"""The viewer's pages as an ASGI app: a list of episodes, an episode, a picture. It reads and never writes.

Titles, outlines and thoughts come from foreign pages and models: the templates escape them, and the content security
policy lets nothing run but the viewer's own scripts. A page of another host name that points at this machine gets
nothing, so that no site on the web can read what is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from webvoyager_gym.errors import NotFound, WebVoyagerError
from webvoyager_gym.report import wording
from webvoyager_gym.report.page import figures
from webvoyager_gym.report.rendering import REPORT, VIEWER, render
from webvoyager_gym.viewer.source import PAGE, Entry, Source, Wanted, summary

HOSTS = ("127.0.0.1", "localhost")
STYLES = ((REPORT, "page.css"), (VIEWER, "viewer.css"))
STEPPING = ((REPORT, "page.js"), (VIEWER, "viewer.js"))
LISTING = ((VIEWER, "viewer.js"),)

_EPISODE = re.compile(r"/episode/(\d{1,9})")
_PICTURE = re.compile(r"/picture/(\d{1,9})/(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a menu of the filters."""

    value: str
    words: str


class ViewerApp:
    """Serves the pages of one source."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await self._respond(Request(scope, receive))(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        if request.headers.get("host", "").rsplit(":", 1)[0] not in HOSTS:
            return Response("This page is for the machine it runs on only.", 421, media_type="text/plain")
        if request.method not in ("GET", "HEAD"):
            return Response("There is nothing to be changed here.", 405, media_type="text/plain")
        try:
            return self._page(request.url.path, request.query_params)
        except NotFound as error:
            return _html("problem.html", 404, source=self._source, problem=str(error))
        except WebVoyagerError as error:
            return _html("problem.html", 500, source=self._source, problem=str(error))

    def _page(self, path: str, query: Mapping[str, str]) -> Response:
        if path == "/":
            return self._list(Wanted.read(query), _whole(query.get("page", "")))
        if match := _EPISODE.fullmatch(path):
            return self._episode(int(match[1]), Wanted.read(query))
        if match := _PICTURE.fullmatch(path):
            return self._picture(int(match[1]), int(match[2]))
        if path == "/favicon.ico":
            return Response(status_code=204)
        raise NotFound(f"There is no page {path[:80]}; go back to the list.")

    def _list(self, wanted: Wanted, page: int) -> Response:
        entries = self._source.entries()
        found = wanted.of(entries)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(page, 1), pages)
        result = self._source.result
        return _html(
            "list.html",
            scripts=LISTING,
            **(figures(result) if result is not None else {}),
            source=self._source,
            summary=summary(entries),
            menus=menus(entries),
            wanted=wanted,
            found=len(found),
            listed=found[PAGE * (page - 1) : PAGE * page],
            page=page,
            pages=pages,
            toggled=toggled(wanted),
        )

    def _episode(self, number: int, wanted: Wanted) -> Response:
        entries = self._source.entries()
        shown = self._source.shown(number, lambda frame, _: f"/picture/{number}/{frame}")
        entry = entries[number]
        found = wanted.of(entries)
        before = [each for each in found if each.number < number]
        after = [each for each in found if each.number > number]
        return _html(
            "episode.html",
            scripts=STEPPING,
            source=self._source,
            shown=shown,
            entry=entry,
            wanted=wanted,
            place=len(before) + 1 if len(before) + len(after) < len(found) else 0,
            found=len(found),
            before=before[-1] if before else None,
            after=after[0] if after else None,
            back=len(before) // PAGE + 1,
            related=(related := self._source.related(entry)),
            several_agents=len({each.agent for each in related}) > 1,
            toggled=toggled(wanted),
        )

    def _picture(self, number: int, frame: int) -> Response:
        content = self._source.picture(number, frame)
        if not content:
            raise NotFound(f"No screenshot of frame {frame} of episode {number} was kept.")
        headers = {"cache-control": "private, max-age=3600", "x-content-type-options": "nosniff"}
        return Response(content, media_type="image/webp", headers=headers)


def menus(entries: Sequence[Entry]) -> dict[str, list[Choice]]:
    """What each filter offers: only what occurs among the entries."""
    outcomes = {entry.outcome for entry in entries}
    kinds = {entry.kind for entry in entries}
    endings = [Choice(name, words) for name, words in wording.OUTCOMES.items() if name in outcomes]
    reasons = [Choice(name, words) for name, words in wording.FAILURE_LABELS.items() if name in kinds]
    return {
        "show": endings + [each for each in reasons if each.value not in ("environment", "unknown")],
        "site": [Choice(name, name) for name in sorted({entry.site for entry in entries})],
        "agent": [Choice(name, name) for name in dict.fromkeys(entry.agent for entry in entries)],
    }


def toggled(wanted: Wanted) -> str:
    """The query that shows failures only, or all again where it is on."""
    show = "" if wanted.show == "failed" else "failed"
    return Wanted(show, wanted.site, wanted.agent, wanted.text).query


def _html(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    scripts = context.pop("scripts", ())
    page = render(template, styles=STYLES, scripts=scripts, images="'self'", forms="'self'", **context)
    headers = {
        "cache-control": "no-store",
        "content-security-policy": "frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(page, status_code=status, headers=headers)


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 1
