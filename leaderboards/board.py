"""From runs to the rows of a board: rates, differences, tests and costs, all on the same resamples of the tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leaderboards.protocol import CEILING, SIGNIFICANT
from leaderboards.run import Run
from webvoyager_gym.results import FAILURE_KINDS, Result
from webvoyager_gym.stats import Bootstrap, Comparison, Estimate, holm

Kind = Literal["baseline", "ceiling", "method"]
Verdict = Literal["better", "worse", "undecided", ""]

_BASELINES = ("first", "random", "majority", "vlm-selector")
_FIRST = "first"


@dataclass(frozen=True, slots=True)
class Row:
    """A run on a board.

    Attributes:
        run: it.
        kind: baselines need no training, a ceiling asks the expert.
        rank: 1 for the most successful method or baseline, equal rates share one; 0 for a ceiling.
        success, interquartile_mean: with 95 % intervals.
        against: the first choice of the same VLM on the same tasks and seeds; None for that itself and where it is
            missing.
        p_value: of that difference, after Holm's correction over the rows of the board; nan without.
        verdict: what the p-value and the sign of the difference show; "" without.
        failures: share of all episodes, by kind.
        sites: success on each site.
        common: success on the tasks that all rows have in common.
    """

    run: Run
    kind: Kind
    rank: int
    success: Estimate
    interquartile_mean: Estimate
    against: Comparison | None
    p_value: float
    verdict: Verdict
    failures: Mapping[str, float]
    sites: Mapping[str, Estimate]
    common: Estimate

    @property
    def cost(self) -> Mapping[str, float]:
        """Means over episodes of what the models cost."""
        return self.run.summary.cost

    @property
    def tokens(self) -> float:
        """Mean tokens of an episode, read and written."""
        return self.cost.get("tokens_in", 0.0) + self.cost.get("tokens_out", 0.0)


@dataclass(frozen=True, slots=True)
class Board:
    """The rows of a track, the most successful first.

    Attributes:
        track: its name.
        rows: of the runs.
        sites: all that occur, in alphabetical order.
        tasks: how many different tasks there are.
        common: how many of them all rows have in common.
    """

    track: str
    rows: tuple[Row, ...]
    sites: tuple[str, ...]
    tasks: int
    common: int


def make_board(track: str, runs: Sequence[Run]) -> Board:
    """The board of the runs of a track."""
    runs = [run for run in runs if run.track == track]
    if not runs:
        return Board(track, (), (), 0, 0)
    result = Result(tuple(run.about.id for run in runs), tuple(episode for run in runs for episode in run.episodes), {})
    site_of = {episode.task: episode.site for episode in result.episodes}
    outcomes, sites = result.outcomes, np.array([site_of[task] for task in result.tasks])
    names = tuple(sorted(set(site_of.values())))
    # A row of a dated list counts on the tasks of its list only; the others hold nan.
    shared = np.asarray(~np.isnan(outcomes).all(axis=2).any(axis=0))
    bootstrap = Bootstrap(list(sites))
    rates, middles = bootstrap.success_rates(outcomes), bootstrap.interquartile_means(outcomes)
    common = _rates_on(outcomes, sites, shared) if not shared.all() else rates
    by_site = {name: _rates_on(outcomes, sites, sites == name) for name in names}
    firsts = [_first_of(run, runs) for run in runs]
    p_values = _p_values(bootstrap, outcomes, runs, firsts)
    rows = []
    for at, run in enumerate(runs):
        first = firsts[at]
        against = None if first is None or first == at else bootstrap.compare(outcomes[at], outcomes[first])
        rows.append(
            Row(
                run=run,
                kind=kind_of(run.agent),
                rank=0,
                success=rates[at],
                interquartile_mean=middles[at],
                against=against,
                p_value=float(p_values[at]),
                verdict=_verdict(against, float(p_values[at])),
                failures={kind: run.summary.failures[kind] / len(run.episodes) for kind in FAILURE_KINDS},
                sites={name: by_site[name][at] for name in names},
                common=common[at],
            )
        )
    return Board(track, _ranked(rows), names, len(result.tasks), int(shared.sum()))


def _rates_on(outcomes: NDArray[np.float64], sites: NDArray[np.str_], chosen: NDArray[np.bool_]) -> list[Estimate]:
    """Every run's rate on some of the tasks."""
    if not chosen.any():
        return [Estimate(np.nan, np.nan, np.nan)] * len(outcomes)
    return Bootstrap(list(sites[chosen])).success_rates(outcomes[:, chosen])


def _p_values(
    bootstrap: Bootstrap, outcomes: NDArray[np.float64], runs: Sequence[Run], firsts: Sequence[int | None]
) -> NDArray[np.float64]:
    """After Holm's correction; nan for ceilings, first choices, and where there is nothing to compare with."""
    p = np.full(len(runs), np.nan)
    for first in {each for each in firsts if each is not None}:
        mine = [
            at for at, run in enumerate(runs) if firsts[at] == first and at != first and kind_of(run.agent) != "ceiling"
        ]
        p[mine] = bootstrap.p_values(outcomes, first)[mine]
    return holm(p)


def _first_of(run: Run, runs: Sequence[Run]) -> int | None:
    """The run of the first choice of the same VLM with as many candidates, on the same list."""

    def models(each: Run) -> tuple[object, ...]:
        return each.tasks.sha256, each.made_with.get("proposer_sha256"), each.made_with.get("proposer")

    found = [at for at, other in enumerate(runs) if other.agent == _FIRST and models(other) == models(run)]
    return found[0] if found else None


def kind_of(agent: str) -> Kind:
    """What stands on a board for a kind of agent."""
    return "ceiling" if agent == CEILING else "baseline" if agent in _BASELINES else "method"


def _verdict(against: Comparison | None, p_value: float) -> Verdict:
    if against is None or np.isnan(p_value):
        return ""
    if p_value >= SIGNIFICANT:
        return "undecided"
    return "better" if against.difference.value > 0 else "worse"


def _ranked(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The most successful first; ceilings in their place, without a rank."""
    ordered = sorted(rows, key=lambda row: (-np.nan_to_num(row.success.value, nan=-1.0), row.run.about.id))
    competing = [row.success.value for row in ordered if row.kind != "ceiling"]
    return tuple(
        row if row.kind == "ceiling" else replace(row, rank=1 + sum(value > row.success.value for value in competing))
        for row in ordered
    )
