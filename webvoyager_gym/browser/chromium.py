"""Which Chromium to run, and with which flags. Nothing here starts it.

`python -m webvoyager_gym.browser.chromium` prints the path, or says in one sentence how to get one and exits with 1.
"""

from __future__ import annotations

import functools
import itertools
import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from webvoyager_gym.browser.features import disabled_features
from webvoyager_gym.errors import MissingDependency

ENVIRONMENT_VARIABLE = "WEBVOYAGER_GYM_CHROMIUM"
"""Names the executable to use, as a path or as a command on PATH."""

NO_SANDBOX_VARIABLE = "WEBVOYAGER_GYM_NO_SANDBOX"
"""Set to 1 where Chromium's sandbox cannot work: most containers, and systems that forbid user namespaces."""

INSTALL_COMMAND = "playwright install --with-deps chromium"

_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SYSTEM_PATHS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

# Inside a folder such as chromium-1255; the names have changed over Playwright's releases.
_PLAYWRIGHT_PATTERNS = (
    "chrome-*/chrome",
    "chrome-*/*.app/Contents/MacOS/*",
    "chrome-*/chrome.exe",
    "chrome-*/headless_shell",
    "chrome-headless-shell-*/chrome-headless-shell",
    "chrome-*/headless_shell.exe",
    "chrome-headless-shell-*/chrome-headless-shell.exe",
)

_log = logging.getLogger(__name__)


def find_chromium(executable: str | None = None) -> str:
    """The path of the Chromium to run.

    Looked for in this order: the argument, the environment variable WEBVOYAGER_GYM_CHROMIUM, Playwright's own builds
    (newest first, headless shells last), the system's Chromium or Chrome.

    Args:
        executable: a path, or a command on PATH.

    Raises:
        MissingDependency: there is none, or the one that was named cannot be run; the message holds the command.
    """
    for source, name in (("argument", executable), (ENVIRONMENT_VARIABLE, os.environ.get(ENVIRONMENT_VARIABLE))):
        if name:
            path = shutil.which(name)
            if path is None:
                raise MissingDependency(
                    f"The browser {name!r} named by {source} is not an executable file; "
                    f"name one that is, or leave it out and run '{INSTALL_COMMAND}'."
                )
            return path
    found = next(itertools.chain(_playwright_builds(), _system_browsers()), None)
    if found is not None:
        return found
    raise MissingDependency(
        f"No Chromium was found; run '{INSTALL_COMMAND}' or 'apt-get install chromium', "
        f"or set {ENVIRONMENT_VARIABLE} to the path of one."
    )


def launch_arguments(resolver_rules: str | None = None) -> list[str]:
    """Command-line flags for Chromium: quiet, the same pixels on every run, and our own names on loopback.

    Pass them to Playwright with `chromium_sandbox=True`, which keeps Playwright from switching the sandbox off by
    itself; `--no-sandbox` is among them only for root, for whom Chromium refuses to start otherwise, and where
    WEBVOYAGER_GYM_NO_SANDBOX=1 asks for it. The log says so once.

    Args:
        resolver_rules: Chromium's `--host-resolver-rules`, such as "MAP *.webvoyager.test 127.0.0.1:8000".
    """
    arguments = [
        # No traffic of the browser's own.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--no-first-run",
        # Same page, same pixels, whatever the machine.
        "--disable-gpu",
        "--disable-lcd-text",
        "--font-render-hinting=none",
        "--force-color-profile=srgb",
        "--force-device-scale-factor=1",
        # Tiles drawn again in part, or in another order, differ by a shade at rounded corners.
        "--num-raster-threads=1",
        "--disable-partial-raster",
    ]
    if features := disabled_features():
        arguments.append(f"--disable-features={','.join(features)}")
    why_not = _why_no_sandbox()
    if why_not:
        _log_no_sandbox(why_not)
        arguments.append("--no-sandbox")
    if resolver_rules:
        arguments.append(f"--host-resolver-rules={resolver_rules}")
    return arguments


def _why_no_sandbox() -> str:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return "this process is root's"
    if os.environ.get(NO_SANDBOX_VARIABLE) == "1":
        return f"{NO_SANDBOX_VARIABLE}=1"
    return ""


@functools.cache
def _log_no_sandbox(why: str) -> None:
    _log.info("Chromium runs without its sandbox (--no-sandbox): %s.", why)


def _playwright_builds() -> Iterator[str]:
    folder = _playwright_folder()
    for prefix in ("chromium-", "chromium_headless_shell-"):
        # Playwright leaves the marker when a download is whole.
        builds = [build for build in folder.glob(f"{prefix}*") if (build / "INSTALLATION_COMPLETE").is_file()]
        for build in sorted(builds, key=_revision, reverse=True):
            for pattern in _PLAYWRIGHT_PATTERNS:
                yield from filter(_is_executable, map(str, sorted(build.glob(pattern))))


def _playwright_folder() -> Path:
    """Where Playwright keeps its browsers (https://playwright.dev/python/docs/browsers#managing-browser-binaries)."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named == "0":
        import playwright

        return Path(playwright.__file__).parent / "driver" / "package" / ".local-browsers"
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "ms-playwright"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def _revision(build: Path) -> int:
    digits = re.search(r"-(\d+)$", build.name)
    return int(digits[1]) if digits else 0


def _system_browsers() -> Iterator[str]:
    for name in _SYSTEM_NAMES:
        path = shutil.which(name)
        if path is not None:
            yield path
    yield from filter(_is_executable, _SYSTEM_PATHS)


def _is_executable(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def main() -> int:
    """Print the path for shell scripts."""
    try:
        print(find_chromium())
    except MissingDependency as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
