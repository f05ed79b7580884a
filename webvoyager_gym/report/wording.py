"""Figures and failures in words, the same in the terminal and on the page."""

from __future__ import annotations

import math

from webvoyager_gym.results import AgentSummary, EpisodeRow
from webvoyager_gym.stats import Estimate

FAILURE_LABELS = {
    "no_good_candidate": "no good candidate",
    "good_not_chosen": "good one not chosen",
    "out_of_steps": "out of steps",
    "environment": "environment",
    "unknown": "unknown",
}
"""Column headings, short."""

FAILURE_MEANINGS = {
    "no_good_candidate": "at the first wrong step, none of the candidates was a best action",
    "good_not_chosen": "at the first wrong step, a best action was among the candidates and another was taken",
    "out_of_steps": "no step was wrong, and there were not enough of them",
    "environment": "the browser, the site or a model failed twice; counts neither for nor against the agent",
    "unknown": "no expert knows this task",
}
"""What the failures of a result are split into, see `webvoyager_gym.results.failure_kind`."""

UNKNOWN = "–"


def percent(share: float) -> str:
    """0.388 as "38.8 %"."""
    return UNKNOWN if math.isnan(share) else f"{100 * share:.1f} %"


def interval(estimate: Estimate) -> str:
    """An interval of shares as "30.1 to 47.5"."""
    return UNKNOWN if math.isnan(estimate.value) else f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f}"


def difference(estimate: Estimate) -> str:
    """A difference of shares in points with its interval, "+16.9 (+8.1 to +25.2)"."""
    if math.isnan(estimate.value):
        return UNKNOWN
    value, low, high = (f"{100 * number:+.1f}" for number in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def number(value: float) -> str:
    """A mean with one decimal."""
    return UNKNOWN if math.isnan(value) else f"{value:.1f}"


def failure_columns(agents: tuple[AgentSummary, ...]) -> list[str]:
    """The kinds of failure to show: all, but "unknown" only where it occurs."""
    return [kind for kind in FAILURE_LABELS if kind != "unknown" or any(agent.failures[kind] for agent in agents)]


OUTCOMES = {"done": "completed", "failed": "not completed", "broken": "broken off"}
"""How episodes end, in a word or two."""


def outcome(episode: EpisodeRow) -> str:
    """How an episode ended, one of OUTCOMES."""
    return "broken" if episode.failure else "done" if episode.success else "failed"


def verdict(episode: EpisodeRow) -> str:
    """How an episode ended, in a sentence without its full stop."""
    reason = f": {episode.reason}" if episode.reason else ""
    if episode.failure:
        return f"Broken off by the environment ({episode.failure}){reason}"
    if episode.success:
        return f"Task completed{reason}"
    return f"Task not completed after {episode.steps} step{'' if episode.steps == 1 else 's'}{reason}"
