"""The boards as Markdown, for reading on a code host."""

from __future__ import annotations

from collections.abc import Sequence

from leaderboards.board import Board
from leaderboards.claims.shown import Shown
from leaderboards.pages import findings, p_text
from leaderboards.selection import SelectionRow
from webvoyager_gym.report import wording

HEAD = """# Boards

Made by `python -m leaderboards.build` from `leaderboards/results`; do not edit. The same with sorting, sites and
episodes: `page/index.html`. What the columns mean and how to submit: `PROTOCOL.md`.
"""


def boards_markdown(rollout: Board, live: Board, claims: Sequence[Shown], selection: Sequence[SelectionRow]) -> str:
    """All boards as one Markdown file."""
    parts = [HEAD, "## Rollout\n", *(f"- {sentence}" for sentence in findings(rollout))]
    if rollout.rows:
        parts += ["", _episodes_table(rollout, dated=False), ""]
        parts += ["![Success](figures/success.svg)", "", "![Success against cost](figures/cost.svg)", ""]
        parts += ["![How episodes end](figures/failures.svg)", ""]
    else:
        parts += ["No runs yet.", ""]
    parts += ["## Claims\n", _claims_table(claims), ""]
    parts += ["## Selection\n", _selection_table(selection) if selection else "No logged states yet.", ""]
    parts += ["## Live\n", _episodes_table(live, dated=True) if live.rows else "No runs yet.", ""]
    return "\n".join(parts)


def _episodes_table(board: Board, dated: bool) -> str:
    """Success, difference and test, split of failures, cost."""
    headings = ["", "method", "success, %", "95 % interval", "IQM, %", "against first", "P(improve)", "p"]
    headings += ["no good candidate", "good not chosen", "environment", "tokens", "steps"]
    headings += [f"on {board.common} common tasks, %", "list", "date"] if dated else []
    rows = []
    for row in board.rows:
        about, summary = row.run.about, row.run.summary
        cells = [
            str(row.rank or row.kind),
            f"[{cell(about.name)}]({about.link})" if about.link else cell(about.name),
            _percent(row.success.value),
            wording.interval(row.success),
            _percent(row.interquartile_mean.value),
            wording.difference(row.against.difference) if row.against else wording.UNKNOWN,
            f"{row.against.improvement.value:.2f}" if row.against else wording.UNKNOWN,
            p_text(row.p_value),
            *(_percent(row.failures[kind]) for kind in ("no_good_candidate", "good_not_chosen", "environment")),
            f"{row.tokens:.0f}",
            wording.number(summary.steps),
        ]
        cells += [_percent(row.common.value), cell(row.run.tasks.version), about.date] if dated else []
        rows.append(cells)
    return _table(headings, rows)


def _claims_table(claims: Sequence[Shown]) -> str:
    headings = ["claim", "verdict", "effect, 95 % interval", ""]
    rows = []
    for each in claims:
        figure = f"[figure](figures/claim-{each.claim.id}.svg)" if each.figure else ""
        rows.append([cell(each.claim.sentence), each.verdict, each.effect or wording.UNKNOWN, figure])
    return _table(headings, rows)


def _selection_table(rows: Sequence[SelectionRow]) -> str:
    width = max(len(row.overestimation) for row in rows)
    headings = ["method", "top-1, %", "95 % interval", "regret", "rank correlation", "calibration error"]
    headings += [f"overestimation, n = {n}" for n in range(1, width + 1)]
    body = []
    for row in rows:
        over = [f"{each.value:+.3f}" for each in row.overestimation]
        body.append(
            [
                cell(row.scores.about.name),
                _percent(row.top_1.value),
                wording.interval(row.top_1),
                f"{row.regret.value:.3f}",
                f"{row.rank_correlation.value:.2f}",
                wording.UNKNOWN if row.calibration is None else f"{row.calibration:.3f}",
                *over,
                *[wording.UNKNOWN] * (width - len(over)),
            ]
        )
    return _table(headings, body)


def cell(text: str) -> str:
    """A text as a cell: what Markdown would read as its own is escaped."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>|#" else sign for sign in text)


def _percent(share: float) -> str:
    return wording.percent(share).removesuffix(" %")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
