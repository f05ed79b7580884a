"""Figures as SVG, drawn from what is known of methods: no library, the same text from the same numbers everywhere.

In the page they take its colours; `standalone` gives them colours of their own, for a file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup, escape

from leaderboards.board import Board
from webvoyager_gym.stats import Estimate

WIDTH = 760
PAPER_SPLIT = {"no_good_candidate": 0.503, "good_not_chosen": 0.362}
"""Of the failures that the paper looked through, with people in the place of an expert (2601.22701, section 5)."""

_LABELS = 190
_LINE = 30

SPLIT = (
    ("done", "", "completed"),
    ("missed", "good_not_chosen", "good one not chosen"),
    ("none", "no_good_candidate", "no good candidate"),
    ("late", "out_of_steps", "out of steps"),
    ("broken", "environment", "environment"),
)
"""Parts of the bar of all episodes: class, kind of failure, words. "unknown" counts with the environment."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What figures show of a method.

    Attributes:
        name: beside what is drawn.
        kind: "baseline", "ceiling" or "method", which have colours of their own.
        success: with its interval.
        tokens: mean of an episode, read and written; 0 if they are not known.
        failures: share of all episodes, by kind.
    """

    name: str
    kind: str
    success: Estimate
    tokens: float = 0.0
    failures: Mapping[str, float] = field(default_factory=dict)


def of_board(board: Board) -> list[Drawn]:
    """What figures show of the rows of a board."""
    return [Drawn(row.run.about.name, row.kind, row.success, row.tokens, row.failures) for row in board.rows]


def success_chart(rows: Sequence[Drawn]) -> Markup:
    """A line a method: success with its interval."""
    height = 34 + _LINE * len(rows)
    left, right = _LABELS, WIDTH - 70

    def x(share: float) -> float:
        return left + (right - left) * share

    parts = [
        f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="8" y2="{height - 24}"/>'
        f'<text class="axis" x="{x(tick):.1f}" y="{height - 6}" text-anchor="middle">{100 * tick:.0f} %</text>'
        for tick in (0, 0.2, 0.4, 0.6, 0.8, 1)
    ]
    for number, row in enumerate(rows):
        y = 8 + _LINE * number + _LINE / 2
        parts.append(f'<g class="{row.kind}">{_label(row, y)}')
        if not math.isnan(row.success.value):
            parts.append(
                f'<line class="interval" x1="{x(row.success.low):.1f}" x2="{x(row.success.high):.1f}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/><circle class="mean" cx="{x(row.success.value):.1f}" cy="{y:.1f}" r="5"/>'
                f'<text class="small" x="{WIDTH - 4}" y="{y + 4:.1f}" text-anchor="end">'
                f"{100 * row.success.value:.1f} %</text>"
            )
        parts.append("</g>")
    return svg(height, "Success of each method with its 95 % interval", parts)


def cost_chart(rows: Sequence[Drawn]) -> Markup:
    """Success against tokens an episode, on a logarithmic axis."""
    rows = [row for row in rows if row.tokens > 0 and not math.isnan(row.success.value)]
    if not rows:
        return Markup()
    height, left, right, top, bottom = 400, 56, WIDTH - 150, 16, 352
    logs = [math.log10(row.tokens) for row in rows]
    low, high = math.floor(min(logs) * 2) / 2, math.ceil(max(logs) * 2 + 0.01) / 2
    most = highest_share([row.success for row in rows])

    def x(log: float) -> float:
        return left + (right - left) * (log - low) / (high - low)

    def y(share: float) -> float:
        return bottom - (bottom - top) * share / most

    parts = share_grid(most, left, right, y)
    for half in range(round(2 * low), round(2 * high) + 1):
        parts.append(
            f'<text class="axis" x="{x(half / 2):.1f}" y="{bottom + 20}" text-anchor="middle">'
            f"{short(10 ** (half / 2))}</text>"
        )
    parts.append(
        f'<text class="axis" x="{(left + right) / 2}" y="{height - 8}" text-anchor="middle">'
        "tokens an episode, read and written (logarithmic)</text>"
    )
    taken: list[tuple[float, float]] = []
    for row, log in sorted(zip(rows, logs, strict=True), key=lambda each: -each[0].success.value):
        here, at = x(log), y(row.success.value)
        label = free_height(here, at, taken)
        parts.append(
            f'<g class="{row.kind}"><title>{escape(row.name)}: {100 * row.success.value:.1f} %, '
            f"{row.tokens:.0f} tokens</title>"
            f'<line class="interval" x1="{here:.1f}" x2="{here:.1f}" y1="{y(row.success.low):.1f}" '
            f'y2="{y(row.success.high):.1f}"/><circle class="mean" cx="{here:.1f}" cy="{at:.1f}" r="5"/>'
            f'<text x="{here + 10:.1f}" y="{label + 4:.1f}">{escape(row.name[:24])}</text></g>'
        )
    return svg(height, "Success against tokens an episode", parts)


def failure_chart(rows: Sequence[Drawn]) -> Markup:
    """A bar a method: what became of all its episodes; beneath, what the paper found of its failures."""
    rows = [row for row in rows if not math.isnan(row.success.value)]
    if not rows:
        return Markup()
    height, left, right = 56 + _LINE * (len(rows) + 1), _LABELS, WIDTH - 10
    parts = []
    for number, row in enumerate(rows):
        y = 8 + _LINE * number + _LINE / 2
        parts.append(f"<g>{_label(row, y)}{_bar(_shares(row), left, right, y)}</g>")
    y = 8 + _LINE * len(rows) + _LINE / 2
    rest = 1 - sum(PAPER_SPLIT.values())
    paper = [("missed", PAPER_SPLIT["good_not_chosen"]), ("none", PAPER_SPLIT["no_good_candidate"]), ("late", rest)]
    parts.append(
        f'<g><text class="small" x="{left - 12}" y="{y + 4:.1f}" text-anchor="end">the paper, of its failures</text>'
        f"{_bar(paper, left, right, y)}</g>"
    )
    at = right - sum(32 + 6.3 * len(words) for _, _, words in SPLIT)
    for name, _, words in SPLIT:
        parts.append(
            f'<rect class="{name}" x="{at:.0f}" y="{height - 22}" width="12" height="12" rx="2"/>'
            f'<text class="axis" x="{at + 17:.0f}" y="{height - 12}">{words}</text>'
        )
        at += 32 + 6.3 * len(words)
    return svg(height, "What became of the episodes of each method", parts)


def standalone(chart: Markup) -> str:
    """A chart as a file of its own, which follows the reader's light or dark colours."""
    head, _, body = str(chart).partition(">")
    style = (Path(__file__).parent / "templates" / "chart.css").read_text(encoding="utf-8")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>\n<style>\n{style}</style>\n{body}\n'


def _shares(row: Drawn) -> list[tuple[str, float]]:
    failed = dict(row.failures)
    failed["environment"] = failed.get("environment", 0.0) + failed.get("unknown", 0.0)
    done = 1 - sum(row.failures.values())
    return [(name, done if kind == "" else failed.get(kind, 0.0)) for name, kind, _ in SPLIT]


def _bar(shares: Sequence[tuple[str, float]], left: float, right: float, y: float) -> str:
    parts, at = [], left
    for name, share in shares:
        width = (right - left) * share
        if width > 0.05:
            parts.append(
                f'<rect class="{name}" x="{at:.1f}" y="{y - 9:.1f}" width="{width:.1f}" height="18">'
                f"<title>{100 * share:.1f} %</title></rect>"
            )
        at += width
    return "".join(parts)


def _label(row: Drawn, y: float) -> str:
    name = row.name
    short = name if len(name) <= 26 else name[:25] + "…"
    return f'<text x="{_LABELS - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(short)}</text>'


def free_height(x: float, y: float, taken: list[tuple[float, float]]) -> float:
    """A height for a label near y that no label close by has."""
    while any(abs(x - other) < 150 and abs(y - height) < 15 for other, height in taken):
        y += 3
    taken.append((x, y))
    return y


def short(number: float) -> str:
    """Two digits that count: 3200 as "3.2 k"."""
    for size, unit in ((1e6, " M"), (1e3, " k"), (1, "")):
        if number >= size:
            return f"{number / size:.{1 if number < 9.95 * size else 0}f}".removesuffix(".0") + unit
    return "0"


def highest_share(shares: Sequence[Estimate]) -> float:
    """Where an axis of shares ends: at the next tenth above all intervals."""
    return max(0.2, math.ceil(10 * max(share.high for share in shares)) / 10)


def share_grid(most: float, left: float, right: float, y: Callable[[float], float]) -> list[str]:
    """An axis of shares at the left, with a line across for each of its figures."""
    parts = []
    for tenth in range(0, round(10 * most) + 1, 2 if most > 0.5 else 1):
        at = y(tenth / 10)
        parts.append(
            f'<line class="grid" x1="{left}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text class="axis" x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10 * tenth} %</text>'
        )
    return parts


def svg(height: int, title: str, parts: Sequence[str]) -> Markup:
    """A figure of these parts, `WIDTH` wide."""
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" class="chart" '
        f'aria-label="{escape(title)}">' + "".join(parts) + "</svg>"
    )
