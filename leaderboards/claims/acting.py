"""The arms of claims in pages: every one on the same tasks with the same seeds, once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leaderboards.claims.bench import Bench, key_of
from leaderboards.claims.claim import Claim, Trial
from leaderboards.claims.learning import Learned, learned, round_of
from leaderboards.claims.measured import Measured, acted
from leaderboards.claims.needs import Arm, BySite, Chooser, Round, Training
from leaderboards.evaluate import PerSeed
from webvoyager_gym.agents import Agent, BestOfQ, Choice, load_agent
from webvoyager_gym.evaluate import evaluate, load_result
from webvoyager_gym.identity import identity
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.tasks import Task, draw_tasks, load_suite

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

BEST_OF_Q = "best-of-q"
"""Kind of the agents that learned."""


@dataclass(frozen=True)
class SiteAgents:
    """An agent for the tasks of each site.

    Attributes:
        parts: sites, and who acts there; every site is in one of them.
    """

    parts: tuple[tuple[tuple[str, ...], Agent], ...]
    name: str = BEST_OF_Q

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """As the agent of the task's site chooses."""
        return next(agent for sites, agent in self.parts if env.task.site in sites).choose(env, random)


def measure(bench: Bench, claim: Claim) -> Measured:
    """Whatever a claim needs is made if it is not there, and its arms act.

    Raises:
        NotRun: something that it needs is not to be had.
        WebVoyagerError: as collecting, training and evaluating do.
    """
    tasks = tasks_of(bench.trial)
    # All of them first, so that what is not to be had is known before anything acts.
    choosing = [(arm, _agent(bench, arm.chooser)) for arm in claim.arms(bench.trial)]
    ids = [task.id for task in tasks]
    arms = (
        acted(arm, kind, ids, _result(bench, arm, agent, tasks).episodes, said) for arm, (agent, kind, said) in choosing
    )
    return Measured(tuple(ids), tuple(arms))


def tasks_of(trial: Trial) -> list[Task]:
    """The tasks that all arms act on."""
    suite = load_suite("local")
    return draw_tasks(suite, trial.size.tasks, split=trial.split, site=trial.size.sites)


def _agent(bench: Bench, chooser: Chooser) -> tuple[Agent, str, dict[str, Any]]:
    """Who chooses, of which kind, and what it learned from; {} if it did not learn."""
    match chooser:
        case str():
            return load_agent(chooser), chooser.partition(":")[0], {}
        case Training():
            paths, said = learned(bench, chooser)
        case Round():
            paths, said = round_of(bench, chooser)
        case BySite():
            return _by_site(bench, chooser)
    return PerSeed(_best_of_q(paths), BEST_OF_Q), BEST_OF_Q, said


def _by_site(bench: Bench, chooser: BySite) -> tuple[Agent, str, dict[str, Any]]:
    parts: list[tuple[tuple[str, ...], Learned]] = [(sites, learned(bench, each)) for sites, each in chooser.parts]
    agents = [(sites, _best_of_q(paths)) for sites, (paths, _) in parts]
    seeds = range(bench.trial.size.seeds)
    each = tuple(SiteAgents(tuple((sites, own[seed]) for sites, own in agents)) for seed in seeds)
    return (
        PerSeed(each, BEST_OF_Q),
        BEST_OF_Q,
        {"folds": [{"sites": list(sites), **said} for sites, (_, said) in parts]},
    )


def _best_of_q(paths: tuple[Path, ...]) -> tuple[Agent, ...]:
    return tuple(BestOfQ(QFunction.load(path)) for path in paths)


def _result(bench: Bench, arm: Arm, agent: Agent, tasks: list[Task]) -> Result:
    """The arm's episodes; known by everything that decides them, so that arms of several claims may be the same."""
    options, seeds = bench.env_options(arm.n, arm.embedder), bench.trial.size.seeds
    how = {"agent": identity(agent), "env": options, "tasks": [task.id for task in tasks], "seeds": seeds}
    path = bench.folder / "evaluations" / f"{agent.name.partition(':')[0]}-{key_of(how)}.json"
    tree = bench.tree(options)
    words = f"{arm.label}, {len(tasks)} tasks x {seeds} seeds, N = {arm.n}"
    with bench.stage("evaluate", words, found := path.is_file()):
        result = load_result(path) if found else _evaluated(bench, agent, tasks, options, path)
    bench.count(tree, path.name, ((each.task, _actions(each)) for each in result.episodes))
    return result


def _evaluated(bench: Bench, agent: Agent, tasks: list[Task], options: dict[str, Any], path: Path) -> Result:
    bar = bench.bars.add_task(f"evaluate {agent.name}", total=len(tasks) * bench.trial.size.seeds)

    def show(done: int, total: int, last: EpisodeRow) -> None:
        bench.bars.update(bar, completed=done, total=total)

    result = evaluate(
        [agent],
        tasks,
        seeds=bench.trial.size.seeds,
        env_options=options,
        out=path,
        workers=bench.workers,
        progress=show,
        keep_screenshots=0,
        tree=bench.tree(options),
    )
    bench.bars.remove_task(bar)
    return result


def _actions(episode: EpisodeRow) -> list[str]:
    return [step.candidates[step.chosen].text for step in episode.trace]
