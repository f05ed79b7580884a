"""One self-contained HTML page of a result: the table, and a few episodes step by step.

The page asks the network for nothing: pictures are data URIs, style and script are inline. What pages, tasks and models
said is escaped by Jinja2, and a content security policy allows the page's own script alone, by its hash.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from webvoyager_gym.report import wording
from webvoyager_gym.report.frames import Shown, shown
from webvoyager_gym.report.pick import Pick, pick_episodes
from webvoyager_gym.report.pictures import data_uri, kept_picture
from webvoyager_gym.report.rendering import render
from webvoyager_gym.results import Result


def write_page(result: Result, path: str | os.PathLike[str], picks: Sequence[Pick] | None = None) -> Path:
    """Write the page.

    Args:
        picks: the episodes to show; chosen by `pick_episodes` if None. Their screenshots are read from the result's
            folder; those that are not there are left out.
    """
    chosen = pick_episodes(result) if picks is None else picks
    page = render(
        "page.html",
        **figures(result),
        shown=[_shown(pick, result) for pick in chosen],
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def figures(result: Result) -> dict[str, Any]:
    """What the template of the table asks for."""
    return {
        "result": result,
        "against": {difference.name: difference for difference in result.differences},
        "kinds": wording.failure_columns(result.agents),
    }


def _shown(pick: Pick, result: Result) -> Shown:
    names = [*(step.screenshot for step in pick.episode.trace), pick.episode.screenshot]

    def picture(number: int) -> tuple[str, bytes]:
        content = kept_picture(result.folder, names[number])
        return data_uri(content), content

    return shown(pick.episode, picture, why=pick.why)
