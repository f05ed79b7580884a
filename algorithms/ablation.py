"""What an option changes: variants of a training against the same without them, seed by seed and task by task."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.results import Result
from webvoyager_gym.stats import Bootstrap, Comparison, Estimate

VARIANTS = (
    "n_critics=8",
    "n_critics=8 pessimism=1",
    "listwise=0.1",
    "listwise=0.1 candidate_dropout=0.5",
    "curriculum=easy-first",
    "curriculum=balanced-sites",
)
"""Settings beside those of the base, one variant for each option; the README says what they are."""

BASE = "base"
"""What the training without any of them is called."""

METRICS = ("agreement", "auc", "error")
"""Those of `algorithms.selection` that a training can change; of the last, less is better."""

_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t at 97.5 % for 1 to 9 degrees of freedom."""


@dataclass(frozen=True)
class Row:
    """One variant.

    Attributes:
        variant: its settings, or `BASE`.
        metrics: of each seed, in the order of the seeds.
        differences: of the metrics to the base's, paired by seed; none of the base itself.
        success: rate on the tasks, if any were run; and against the base, paired by task and seed.
    """

    variant: str
    metrics: Mapping[str, tuple[float, ...]]
    differences: Mapping[str, Estimate] = field(default_factory=dict)
    success: Estimate | None = None
    against_base: Comparison | None = None

    def json(self) -> dict[str, Any]:
        """As JSON has it: what is not known is null."""
        document: dict[str, Any] = _without_nan(asdict(self))
        return document


def folder_name(variant: str, seed: int) -> str:
    """Where a seed of a variant is trained."""
    return f"{variant.replace(' ', '+')}-{seed}"


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> Estimate:
    """Mean of the differences of pairs, with Student's interval at 95 %: what other seeds could have given.

    It says nothing of other validation episodes. With one pair there is no interval; with more than ten it is taken as
    of ten, a little too wide.
    """
    differences = np.subtract(ours, theirs)
    value = float(differences.mean())
    if len(differences) < 2:
        return Estimate(value, math.nan, math.nan)
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    margin = _STUDENT[min(len(differences) - 1, len(_STUDENT)) - 1] * error
    return Estimate(value, value - margin, value + margin)


def rows(
    records: Mapping[str, Sequence[Mapping[str, Any]]], result: Result | None, agents: Mapping[str, Sequence[str]]
) -> list[Row]:
    """The table.

    Args:
        records: of each variant, `BASE` among them, what its trainings wrote, seed by seed.
        result: an evaluation of all of them, or None.
        agents: of each variant, what its seeds are called there.
    """
    metrics = {variant: _last_metrics(of_seeds) for variant, of_seeds in records.items()}
    cells = {variant: outcomes(result, names) for variant, names in agents.items()} if result is not None else {}
    sites = _sites(result) if result is not None else []
    drawn = Bootstrap(sites) if sites else None
    return [
        Row(
            variant,
            found,
            {
                name: paired_difference(found[name], metrics[BASE][name])
                for name in found
                if variant != BASE and name in metrics[BASE]
            },
            drawn.mean(cells[variant]) if drawn else None,
            drawn.compare(cells[variant], cells[BASE]) if drawn and variant != BASE else None,
        )
        for variant, found in metrics.items()
    ]


def outcomes(result: Result, names: Sequence[str]) -> NDArray[np.float64]:
    """(tasks, seeds) of agents that are the seeds of one variant; nan where the infrastructure failed."""
    return result.outcomes[[result.names.index(name) for name in names], :, 0].T


def _sites(result: Result) -> list[str]:
    site_of = {episode.task: episode.site for episode in result.episodes}
    return [site_of[task] for task in result.tasks]


def _last_metrics(of_seeds: Sequence[Mapping[str, Any]]) -> dict[str, tuple[float, ...]]:
    """What every seed measured at its end."""
    last = [record["metrics"][-1] if record["metrics"] else {} for record in of_seeds]
    return {name: tuple(each[name] for each in last) for name in METRICS if all(name in each for each in last)}


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value
