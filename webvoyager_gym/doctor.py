"""What is there of all that the package needs, and the command that brings each missing thing.

Each check is a function that finds out one thing and gives a `Check`. `diagnose` runs them all and raises nothing.
"""

from __future__ import annotations

import asyncio
import os
import platform
import re
import socket
import sys
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from rich.markup import escape
from rich.table import Table

from webvoyager_gym.browser.chromium import (
    INSTALL_COMMAND,
    NO_SANDBOX_VARIABLE,
    find_chromium,
    launch_arguments,
)
from webvoyager_gym.errors import MissingDependency

DISTRIBUTION = "webvoyager-gym"
POCKET_WEIGHTS = Path(__file__).parent / "vlm" / "pocket_weights" / "base" / "model.safetensors"
API_KEYS = ("OPENAI_API_KEY", "HF_TOKEN")
CHROMIUM_DEADLINE = 30.0
"""Seconds that a healthy Chromium never needs to start and show a page, even on one slow core."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found out about one thing.

    Attributes:
        name: of the thing.
        ok: whether it is there and works.
        needed: whether local use (no network, no GPU, no API key) needs it.
        detail: what was found: a version, a path, a reason.
        mend: the command or step that brings it; "" if `ok`.
    """

    name: str
    ok: bool
    needed: bool
    detail: str
    mend: str = ""


def diagnose() -> Iterator[Check]:
    """All checks, each as soon as it is made. Takes some seconds: it imports torch and starts a browser."""
    yield check_python()
    yield from check_packages()
    for name, check in (
        ("torch device", check_torch),
        ("chromium", check_chromium),
        ("pocket VLM", check_pocket_weights),
        ("datasets", check_datasets),
        ("loopback server", check_loopback),
        ("API keys", check_api_keys),
    ):
        try:
            yield check()
        except (ImportError, OSError) as error:
            # A package that is missing or broken, and that a check needs to look any further.
            yield Check(name, False, True, _first_line(error), f"pip install --force-reinstall {DISTRIBUTION}")


def healthy(checks: Iterable[Check]) -> bool:
    """Whether everything that local use needs is there."""
    return all(check.ok for check in checks if check.needed)


def as_json(checks: Iterable[Check]) -> dict[str, Any]:
    """The document that `webvoyager-gym doctor --json` prints."""
    found = list(checks)
    return {"ok": healthy(found), "checks": [asdict(check) for check in found]}


def as_table(checks: Iterable[Check]) -> Table:
    """The table that `webvoyager-gym doctor` prints."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        sign = "[green]ok[/]" if check.ok else "[red]missing[/]" if check.needed else "[yellow]optional[/]"
        table.add_row(sign, escape(check.name), escape(check.detail))
    return table


def mends(checks: Iterable[Check]) -> list[str]:
    """How to get each missing thing, one line each, needed things first. Several things may share one command."""
    missing = sorted((check for check in checks if not check.ok), key=lambda check: not check.needed)
    names: dict[str, list[str]] = {}
    for check in missing:
        names.setdefault(check.mend, []).append(check.name)
    return [f"{', '.join(named)}: {mend}" for mend, named in names.items()]


def check_python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, True, platform.python_version(), "" if ok else "install Python 3.11 or newer")


def check_packages() -> Iterator[Check]:
    """This package, and every package that its metadata asks for; those of the extra `dev` are left out."""
    try:
        yield Check(DISTRIBUTION, True, True, version(DISTRIBUTION))
        requirements = [Requirement(text) for text in requires(DISTRIBUTION) or []]
    except PackageNotFoundError:
        yield Check(DISTRIBUTION, False, True, "is not installed", "pip install -e .")
        return
    for requirement in requirements:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield check_package(requirement, needed=True)
        elif requirement.marker.evaluate({"extra": "train"}):
            yield check_package(requirement, needed=False)


def check_package(requirement: Requirement, *, needed: bool) -> Check:
    """Whether a package is installed in a version that the requirement allows."""
    bare = f"{requirement.name}{requirement.specifier}"
    mend = f"pip install '{bare}'" if needed else f"pip install '{DISTRIBUTION}[train]'"
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Check(requirement.name, False, needed, "is not installed", mend)
    if not requirement.specifier.contains(found, prereleases=True):
        return Check(requirement.name, False, needed, f"{found}, but {requirement.specifier} is needed", mend)
    return Check(requirement.name, True, needed, found)


def check_torch() -> Check:
    """The device that torch would compute on. The CPU will do."""
    import torch

    if torch.cuda.is_available():
        free, total = (size / 2**30 for size in torch.cuda.mem_get_info())
        return Check(
            "torch device", True, True, f"cuda: {torch.cuda.get_device_name()}, {free:.0f} of {total:.0f} GiB free"
        )
    if torch.backends.mps.is_available():
        return Check("torch device", True, True, "mps")
    return Check("torch device", True, True, f"cpu, {torch.get_num_threads()} threads")


def check_chromium(executable: str | None = None, deadline: float = CHROMIUM_DEADLINE) -> Check:
    """Whether there is a Chromium and it really starts and runs a page.

    Args:
        executable: as for `find_chromium`.
        deadline: seconds that it may take.
    """
    try:
        path = find_chromium(executable)
    except MissingDependency as error:
        return Check("chromium", False, True, str(error), INSTALL_COMMAND)
    import playwright.async_api  # so that its absence is not taken for the browser's  # noqa: F401

    try:
        found = _run(_start_chromium(path, deadline))
    except TimeoutError:
        detail = f"{path} did not start within {deadline:g} s"
        return Check("chromium", False, True, detail, f"see what '{path} --headless --dump-dom about:blank' says")
    except Exception as error:
        return Check("chromium", False, True, *_why_chromium_failed(path, str(error)))
    return Check("chromium", True, True, f"{path} ({found}) starts")


def _run(coroutine: Coroutine[Any, Any, str]) -> str:
    """The coroutine's result, also where this thread already runs an event loop, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def _start_chromium(path: str, deadline: float) -> str:
    """The version of a Chromium that starts and shows a page; TimeoutError or Playwright's Error if it does not."""
    from playwright.async_api import TimeoutError as PlaywrightTimeoutError
    from playwright.async_api import async_playwright

    arguments = launch_arguments()
    try:
        # Playwright's own deadline comes first, because it also ends the process; the other one bounds the rest.
        async with asyncio.timeout(deadline + 5), async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=path, args=arguments, chromium_sandbox=True, timeout=deadline * 1000
            )
            page = await browser.new_page()
            await page.goto("data:text/html,<title>ready</title>")
            if await page.title() != "ready":
                raise RuntimeError("it starts but shows no page")
            await browser.close()
            return browser.version
    except PlaywrightTimeoutError as error:
        raise TimeoutError from error


def _why_chromium_failed(path: str, message: str) -> tuple[str, str]:
    """(detail, mend) for Playwright's message, which holds the browser's own log."""
    library = re.search(r"error while loading shared libraries: (\S+?):", message)
    if library:
        return f"{path} lacks the system library {library[1]}", "playwright install-deps chromium"
    if "No usable sandbox" in message:
        return f"{path} cannot use its sandbox here", f"export {NO_SANDBOX_VARIABLE}=1"
    return f"{path} does not start: {_first_line(message)}", INSTALL_COMMAND


def check_pocket_weights(path: Path = POCKET_WEIGHTS) -> Check:
    """Whether the weights of the pocket VLM are there and whole enough to list their tensors."""
    from safetensors import SafetensorError, safe_open

    mend = f"pip install --force-reinstall --no-deps {DISTRIBUTION}, or git restore webvoyager_gym/vlm in a checkout"
    if not path.is_file():
        return Check("pocket VLM", False, True, f"{path} is not there", mend)
    try:
        with safe_open(path, framework="numpy") as tensors:
            count = len(tensors.keys())
    except (SafetensorError, OSError) as error:
        return Check("pocket VLM", False, True, f"{path} cannot be read: {_first_line(error)}", mend)
    return Check("pocket VLM", True, True, f"{count} tensors, {path.stat().st_size / 1e6:.1f} MB")


def check_datasets() -> Check:
    """Whether datasets can be kept in their folder, or in the nearest folder above it that exists."""
    from webvoyager_gym.data import datasets_folder, local_datasets
    from webvoyager_gym.data.dataset import FOLDER_VARIABLE

    folder = datasets_folder()
    nearest = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        mend = f"export {FOLDER_VARIABLE}=… with a folder that you may write to"
        return Check("datasets", False, True, f"{folder} cannot be used: {nearest} cannot be written to", mend)
    return Check("datasets", True, True, f"{folder} ({len(local_datasets())} there)")


def check_loopback() -> Check:
    """Whether a server can listen on this machine, as the local web does."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname(), timeout=5),
        ):
            return Check("loopback server", True, True, "127.0.0.1 can be served")
    except OSError as error:
        mend = "allow listening on 127.0.0.1 (firewall or container settings)"
        return Check("loopback server", False, True, f"127.0.0.1 cannot be served: {_first_line(error)}", mend)


def check_api_keys() -> Check:
    """Which API keys are set; never what they are."""
    present = [name for name in API_KEYS if os.environ.get(name)]
    if present:
        return Check("API keys", True, False, f"set: {', '.join(present)}")
    return Check("API keys", False, False, "none set", f"export {API_KEYS[0]}=… to use a hosted model")


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
