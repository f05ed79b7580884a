"""The pages of MiniWoB++, from the installed package `miniwob`, served on loopback.

The package itself is never imported: it would bring Selenium and register environments of its own.
"""

from __future__ import annotations

import ast
import calendar
import functools
import importlib.util
import json
import re
from importlib import resources
from pathlib import Path

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from webvoyager_gym.errors import MissingDependency
from webvoyager_gym.sites.kit.server import COOKIE, DOMAIN
from webvoyager_gym.sites.kit.serving import ProcessServer
from webvoyager_gym.sites.kit.world import SPLITS, TODAY

HOST = f"miniwob.{DOMAIN}"
INSTALL_COMMAND = "pip install --no-deps miniwob"

_NOW = calendar.timegm((TODAY.year, TODAY.month, TODAY.day, 9, 0, 0)) * 1000
_PRELUDE = resources.files(__package__).joinpath("prelude.js").read_text(encoding="utf-8")
_EPISODE = re.compile(rf"({'|'.join(SPLITS)})-\d{{1,7}}")
_STYLE = """<style>
*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }
#reward-display, #click-canvas, #sync-task-cover { display: none !important; }
</style>"""


def package_folder() -> Path:
    """Where the package `miniwob` is installed.

    Raises:
        MissingDependency: it is not; the message holds the command.
    """
    spec = importlib.util.find_spec("miniwob")
    if spec is None or spec.origin is None or not (Path(spec.origin).parent / "html").is_dir():
        raise MissingDependency(
            f"The suite miniwob needs the pages of the package miniwob; run '{INSTALL_COMMAND}' "
            "(without its dependencies, which are not needed and do not agree with ours)."
        )
    return Path(spec.origin).parent


@functools.cache
def descriptions() -> dict[str, str]:
    """What each task of the package asks for in general, by its name, read from its documentation."""
    found: dict[str, str] = {}
    for file in sorted((package_folder() / "envs").glob("*_envs.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            said = re.search(r"## Description\s+(.+?)(?:\n\s*\n|\Z)", ast.get_docstring(node) or "", re.DOTALL)
            if said is not None:
                found.update((name, " ".join(said[1].split())) for name in _subdomains(node))
    return found


def _subdomains(node: ast.ClassDef) -> list[str]:
    """The task's name, which its class assigns as `subdomain`."""
    return [
        str(statement.value.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == "subdomain"
        and isinstance(statement.value, ast.Constant)
    ]


class MiniWob:
    """The ASGI app: the package's files, with our prelude first on every page.

    The cookie `episode`, such as "test-3", is what the page's random generator is seeded with.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.files = ExceptionMiddleware(StaticFiles(directory=self.folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        page = (self.folder / request.url.path.lstrip("/")).resolve()
        if request.method == "GET" and page.suffix == ".html" and page.is_relative_to(self.folder) and page.is_file():
            await HTMLResponse(
                _with_prelude(page.read_text(encoding="utf-8"), _seed(request)), headers={"cache-control": "no-store"}
            )(scope, receive, send)
        else:
            await self.files(scope, receive, send)


def _seed(request: Request) -> str | None:
    token = request.cookies.get(COOKIE, "")
    return token if _EPISODE.fullmatch(token) else None


def _with_prelude(page: str, seed: str | None) -> str:
    # Some pages are harder in their own test mode; it is for our test split.
    mode = "test" if seed is not None and seed.startswith("test-") else "train"
    episode = json.dumps({"now": _NOW, "seed": seed, "mode": mode})
    head = f"{_STYLE}<script>{_PRELUDE.strip()}({episode});</script>"
    return re.sub(r"<head[^>]*>", lambda match: match[0] + head, page, count=1, flags=re.IGNORECASE)


miniwob_web = ProcessServer(lambda: MiniWob(package_folder() / "html"))
"""This process's server of the pages."""
