"""What an evaluation found: rows of episodes, and the figures that follow from them.

The episodes are the truth. Rates, intervals and failure splits are worked out from them, when a result is made and
again when it is read from a file (`webvoyager_gym.result_file`).
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.stats import Bootstrap, Comparison, Estimate

FAILURE_KINDS = ("no_good_candidate", "good_not_chosen", "out_of_steps", "environment", "unknown")
"""Why episodes fail, see `failure_kind`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate as a result keeps it.

    Attributes:
        text: the action in its canonical spelling.
        log_prob: natural log of the probability the model gave it; nan if unknown.
        words: the action with the element's role and name in the place of its number.
        box: (x, y, width, height) of the element acted on, in CSS pixels of the screenshot; None if there is none.
    """

    text: str
    log_prob: float = math.nan
    words: str = ""
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One decision of an agent and what came of it.

    Attributes:
        url, title: of the page it was made on.
        candidates: the N proposals, most likely first.
        chosen: index of the executed one.
        scores: (N,) what the agent thought of each; None if it had no opinion.
        best: (N,) whether each is as good as the expert's next action; None where there is no expert, or it sees no way
            to complete the task any more.
        propensity: probability with which the agent chose as it did.
        error: why the action could not be carried out; "" if it was.
        seconds: wall-clock time of choosing and acting, the next proposals included.
        screenshot: file of the marked screenshot, relative to the result's folder; "" if it was not kept.
    """

    url: str
    title: str
    candidates: tuple[Proposal, ...]
    chosen: int
    scores: tuple[float, ...] | None = None
    best: tuple[bool, ...] | None = None
    propensity: float = 1.0
    error: str = ""
    seconds: float = 0.0
    screenshot: str = ""


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One agent on one (task, seed).

    Attributes:
        agent, task, site, template, split, goal, seed: what was run.
        success: whether the task was completed; False where the infrastructure failed.
        failure: the part of the infrastructure that failed, after one repetition; "" if none did.
        reason: the check's last words, or the failure's.
        answer: the text the agent answered with, or "".
        trace: its decisions, in order.
        url, title: of the last page.
        screenshot: of the last page, as in `StepRow`.
        seconds: wall-clock time, resets included, what only the evaluation needs (the expert's opinion) excluded.
        cost: tokens, passes and seconds of the models.
        attempts: 2 if the infrastructure failed once.
    """

    agent: str
    task: str
    site: str
    template: str
    split: str
    goal: str
    seed: int
    success: bool
    failure: str = ""
    reason: str = ""
    answer: str = ""
    trace: tuple[StepRow, ...] = ()
    url: str = ""
    title: str = ""
    screenshot: str = ""
    seconds: float = 0.0
    cost: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1

    @property
    def steps(self) -> int:
        """How many actions were taken."""
        return len(self.trace)

    @property
    def failure_kind(self) -> str:
        """One of FAILURE_KINDS, "" for a success; see `failure_kind`."""
        return failure_kind(self)


def failure_kind(episode: EpisodeRow) -> str:
    """Why an episode failed: at the first step whose chosen candidate is not a best action, "no_good_candidate" if
    none of the candidates was one and "good_not_chosen" if one was; "out_of_steps" if there is no such step;
    "environment" if the infrastructure failed; "unknown" if the expert that would know is missing there.

    This is the split of Best-of-Q (arXiv 2601.22701, section 5: 50.3 % and 36.2 %), with an expert in the place of
    people. A first step off the best way need not be the one that lost the episode.
    """
    if episode.failure:
        return "environment"
    if episode.success:
        return ""
    for step in episode.trace:
        if step.best is None:
            return "unknown"
        if not step.best[step.chosen]:
            return "good_not_chosen" if any(step.best) else "no_good_candidate"
    return "out_of_steps"


@dataclass(frozen=True, slots=True)
class AgentSummary:
    """An agent's figures.

    Attributes:
        name: of the agent.
        success: share of successes among the episodes that count, with its interval.
        episodes: all of them; `failures["environment"]` do not count.
        failures: how many episodes failed, by kind.
        steps, seconds: means over the episodes that count; nan without any.
        cost: means over all episodes.
    """

    name: str
    success: Estimate
    episodes: int
    failures: Mapping[str, int]
    steps: float
    seconds: float
    cost: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """An agent against the first agent of the result, paired by task and seed."""

    name: str
    versus: str
    comparison: Comparison

    @property
    def sentence(self) -> str:
        """The difference in words, with what it does and does not show."""
        difference = self.comparison.difference
        if math.isnan(difference.value):
            return f"{self.name} and {self.versus} have no episode in common that counts."
        value, low, high = (f"{100 * number:+.1f}" for number in (difference.value, difference.low, difference.high))
        shown = (
            f"{self.name} is {'better' if difference.value > 0 else 'worse'}"
            if difference.clear_of_zero
            else "the interval includes zero, so no difference is shown"
        )
        return f"{self.name} over {self.versus}: {value} points, 95 % interval {low} to {high}: {shown}."


@dataclass(frozen=True)
class Result:
    """An evaluation.

    Attributes:
        names: the agents, the first of which the others are compared with.
        episodes: every agent's episode on every (task, seed).
        environment: where and with what it ran: commit, versions, machine, suite, split, proposer, embedder, …
        folder: where the files of screenshots are looked for; None if there are none.
    """

    names: tuple[str, ...]
    episodes: tuple[EpisodeRow, ...]
    environment: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @functools.cached_property
    def agents(self) -> tuple[AgentSummary, ...]:
        """The agents' figures, in the order of `names`."""
        rates = self._bootstrap.success_rates(self.outcomes)
        return tuple(self._summary(name, rate) for name, rate in zip(self.names, rates, strict=True))

    @functools.cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every further agent against the first."""
        first = self.outcomes[0]
        return tuple(
            Difference(name, self.names[0], self._bootstrap.compare(outcomes, first))
            for name, outcomes in zip(self.names[1:], self.outcomes[1:], strict=True)
        )

    @functools.cached_property
    def outcomes(self) -> NDArray[np.float64]:
        """(agents, tasks, seeds) 1 for success, 0 for failure, nan where the infrastructure failed or nothing was run.

        Agents as in `names`, tasks as in `tasks`, seeds ascending.
        """
        tasks = {task: row for row, task in enumerate(self.tasks)}
        seeds = {seed: column for column, seed in enumerate(sorted({episode.seed for episode in self.episodes}))}
        cells = np.full((len(self.names), len(tasks), len(seeds)), np.nan)
        for episode in self.episodes:
            if not episode.failure:
                cell = self.names.index(episode.agent), tasks[episode.task], seeds[episode.seed]
                cells[cell] = float(episode.success)
        return cells

    @functools.cached_property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the tasks, in the order of their first episodes."""
        return tuple(dict.fromkeys(episode.task for episode in self.episodes))

    @property
    def repeats(self) -> tuple[str, ...]:
        """The agents whose episodes were the same, step by step, with every seed: further seeds drew nothing new."""
        ways: dict[str, dict[str, list[Any]]] = {name: {} for name in self.names}
        for episode in self.episodes:
            if not episode.failure:
                steps = [([candidate.text for candidate in step.candidates], step.chosen) for step in episode.trace]
                ways[episode.agent].setdefault(episode.task, []).append((episode.success, steps))
        return tuple(
            name
            for name, tasks in ways.items()
            if any(len(runs) > 1 for runs in tasks.values())
            and all(run == runs[0] for runs in tasks.values() for run in runs)
        )

    @functools.cached_property
    def _bootstrap(self) -> Bootstrap:
        site_of = {episode.task: episode.site for episode in self.episodes}
        return _resamples(tuple(site_of[task] for task in self.tasks))

    def _summary(self, name: str, rate: Estimate) -> AgentSummary:
        own = [episode for episode in self.episodes if episode.agent == name]
        counted = [episode for episode in own if not episode.failure]
        kinds = Counter(episode.failure_kind for episode in own)
        keys = dict.fromkeys(key for episode in own for key in episode.cost)
        return AgentSummary(
            name=name,
            success=rate,
            episodes=len(own),
            failures={kind: kinds[kind] for kind in FAILURE_KINDS},
            steps=_mean([episode.steps for episode in counted]),
            seconds=_mean([episode.seconds for episode in counted]),
            cost={key: _mean([episode.cost.get(key, 0.0) for episode in own]) for key in keys},
        )


@functools.lru_cache(maxsize=1)
def _resamples(sites: tuple[str, ...]) -> Bootstrap:
    """Drawn once for results on the same tasks, since those of many tasks take a second to draw."""
    return Bootstrap(sites)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
