"""Ids of datasets."""

from __future__ import annotations

ID = r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*-v[0-9]+"
"""Pattern of a dataset id, `<namespace>/<name>-v<number>`. Minari reads such ids too."""


def version_of(id: str) -> int:
    """The number at the end of an id."""
    return int(id.rpartition("-v")[2])


def next_version(id: str) -> str:
    """The id with a version one higher."""
    name, _, number = id.rpartition("-v")
    return f"{name}-v{int(number) + 1}"
