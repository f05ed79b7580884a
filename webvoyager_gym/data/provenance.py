"""What a dataset was made with: versions of packages and browser, and the commit of the code."""

from __future__ import annotations

import functools
import importlib.metadata
import subprocess
from pathlib import Path

from webvoyager_gym.errors import MissingDependency

PACKAGES = ("webvoyager-gym", "gymnasium", "h5py", "numpy", "pillow", "playwright", "torch", "transformers")


def package_versions() -> dict[str, str]:
    """Installed versions of the packages that decide what a recording holds."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def versions() -> dict[str, str]:
    """`package_versions`, and "chromium": the browser that is found here, since pages differ by a shade in another."""
    browser = _browser()
    return package_versions() | ({"chromium": browser} if browser else {})


@functools.cache
def _browser() -> str:
    """Such as "chromium: Chromium 156.0.8078.79"; "" if there is none, or it does not say."""
    from webvoyager_gym.browser.chromium import find_chromium

    try:
        executable = find_chromium()
        said = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=10, check=True)
    except (MissingDependency, OSError, subprocess.SubprocessError):
        return ""
    return f"{Path(executable).name}: {' '.join(said.stdout.split())}"


def commit() -> str:
    """Commit of the checkout this package runs from, with "+" if files differ from it; "" outside a checkout."""
    here = Path(__file__).resolve().parents[2]
    if not (here / ".git").exists():
        return ""
    try:
        head = _git(here, "rev-parse", "HEAD")
        changed = _git(here, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return ""
    return head + ("+" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=True)
    return result.stdout.strip()
