"""The pages of the boards as HTML, each self-contained, with the style of the evaluation's report and the viewer."""

from __future__ import annotations

import math
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaderboards.board import Board, Row
from leaderboards.charts import SPLIT, cost_chart, failure_chart, of_board
from leaderboards.claims.shown import Shown
from leaderboards.collection import Entry
from leaderboards.protocol import ALWAYS_THERE, CEILING
from leaderboards.selection import SelectionRow, States
from leaderboards.walked import steps_of, walked_by
from webvoyager_gym.report import wording
from webvoyager_gym.report.rendering import REPORT, render
from webvoyager_gym.results import EpisodeRow
from webvoyager_gym.viewer import write_episodes
from webvoyager_gym.viewer.evaluated import ResultSource

SECTIONS = (
    ("rollout", "Rollout"),
    ("cost", "Cost"),
    ("failures", "Failures"),
    ("sites", "Sites"),
    ("claims", "Claims"),
    ("selection", "Selection"),
    ("live", "Live"),
    ("submit", "Submit"),
    ("reading", "How to read"),
)
_OF_RUNS = ("cost", "failures", "sites")
"""Sections that are there only where there are runs."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What became of a task's episodes, one a seed.

    Attributes:
        id: of the task.
        kind: "never", "mixed" or "always" completed.
        marks: class and words of each seed's end.
        done: how many were completed.
        steps: mean.
    """

    id: str
    kind: str
    marks: tuple[tuple[str, str], ...]
    done: int
    steps: float


def index_page(
    rollout: Board,
    live: Board,
    claims: Sequence[Shown],
    states: States | None = None,
    selection: Sequence[SelectionRow] = (),
) -> str:
    """The page of all boards."""
    there = {row.run.about.id for row in rollout.rows}
    return _render(
        "index.html",
        rollout=rollout,
        live=live,
        claims=claims,
        states=states,
        selection=selection,
        findings=findings(rollout),
        missing=[name for name in ALWAYS_THERE if name not in there],
        sections=[(id, words) for id, words in SECTIONS if rollout.rows or id not in _OF_RUNS],
        cost_chart=cost_chart(of_board(rollout)),
        failure_chart=failure_chart(of_board(rollout)),
    )


def method_page(entry: Entry, row: Row) -> str:
    """A row down to its tasks and seeds."""
    return _render("method.html", row=row, kept=entry.kept.episodes if entry.kept else (), tasks=task_lines(row))


def episodes_page(entry: Entry) -> str:
    """The episodes of a run that are kept at full length, in the viewer's own page; "" if there are none."""
    if entry.kept is None:
        return ""
    source = ResultSource(entry.kept, f"{entry.run.about.name}, {entry.run.track}")
    with tempfile.TemporaryDirectory() as folder:
        path = write_episodes(source, range(len(entry.kept.episodes)), Path(folder) / "episodes.html")
        return path.read_text(encoding="utf-8")


def findings(board: Board) -> list[str]:
    """What a board shows, in sentences that say how sure one can be."""
    methods = [row for row in board.rows if row.kind == "method"]
    ceilings = [row for row in board.rows if row.run.agent == CEILING]
    said = []
    if methods:
        best = methods[0]
        said.append(
            f"The most successful method is {best.run.about.name}: {wording.percent(best.success.value)} "
            f"({wording.interval(best.success)})."
        )
        if best.against is not None:
            shown = {
                "better": "which shows a gain",
                "worse": "which shows a loss",
                "undecided": "so no difference is shown",
                "": "not tested",
            }[best.verdict]
            said.append(
                f"Over the VLM's first choice that is {wording.difference(best.against.difference)} points, "
                f"p {p_text(best.p_value)} after correction, {shown}."
            )
        better = sum(row.verdict == "better" for row in methods)
        said.append(f"{better} of {len(methods)} learned methods are shown to be better than the first choice.")
    if ceilings:
        said.append(
            f"Choosing a best proposal wherever there is one, as only the expert can, reaches "
            f"{wording.percent(ceilings[0].success.value)}."
        )
    if board.rows and board.track == "rollout":
        steps, new = steps_of(walked_by(row.run for row in board.rows))
        said.append(
            f"All runs together take {steps:,} steps, {new:,} of them different: a transition tree walks each of these "
            f"once and saves the other {wording.percent(1 - new / steps)}."
        )
    return said


def task_lines(row: Row) -> list[TaskLine]:
    """A line a task, by id."""
    by_task: dict[str, list[EpisodeRow]] = defaultdict(list)
    for episode in row.run.episodes:
        by_task[episode.task].append(episode)
    lines = []
    for task, episodes in sorted(by_task.items()):
        done = sum(episode.success for episode in episodes)
        lines.append(
            TaskLine(
                id=task,
                kind="never" if done == 0 else "always" if done == len(episodes) else "mixed",
                marks=tuple(_mark(episode) for episode in sorted(episodes, key=lambda each: each.seed)),
                done=done,
                steps=sum(episode.steps for episode in episodes) / len(episodes),
            )
        )
    return lines


def p_text(p_value: float) -> str:
    """A p-value as readers want it."""
    if math.isnan(p_value):
        return wording.UNKNOWN
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def _mark(episode: EpisodeRow) -> tuple[str, str]:
    kind = episode.failure_kind
    name = next((name for name, part, _ in SPLIT if part == kind), "broken")
    return name, wording.FAILURE_LABELS[kind] if kind else "completed"


def _render(template: str, **context: Any) -> str:
    return render(
        template,
        styles=((REPORT, "page.css"), ("leaderboards", "board.css")),
        scripts=(("leaderboards", "board.js"),),
        package="leaderboards",
        parts=SPLIT,
        p_text=p_text,
        **context,
    )
