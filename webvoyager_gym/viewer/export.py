"""Some episodes as one self-contained HTML file, which asks the network for nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from webvoyager_gym.report.frames import Shown
from webvoyager_gym.report.page import figures
from webvoyager_gym.report.pictures import data_uri
from webvoyager_gym.report.rendering import REPORT, VIEWER, render
from webvoyager_gym.viewer.source import Source, summary


def write_episodes(source: Source, numbers: Sequence[int], path: str | os.PathLike[str]) -> Path:
    """Write these episodes; of a result, the table of all agents stands above them.

    Raises:
        NotFound: there is no episode of one of these numbers.
        InvalidFile: one is damaged.
    """
    result = source.result
    page = render(
        "episodes.html",
        styles=((REPORT, "page.css"), (VIEWER, "viewer.css")),
        source=source,
        summary=summary(source.entries()),
        shown=[_shown(source, number) for number in numbers],
        **(figures(result) if result is not None else {}),
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def _shown(source: Source, number: int) -> Shown:
    episode = source.shown(number, lambda _, content: data_uri(content))
    return replace(episode, why=f"{number}: {episode.task}")
