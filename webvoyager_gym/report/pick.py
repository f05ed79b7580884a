"""Which episodes to show: what the choosing won, and how it still fails."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from webvoyager_gym.results import EpisodeRow, Result


@dataclass(frozen=True, slots=True)
class Pick:
    """An episode and why it is shown."""

    episode: EpisodeRow
    why: str


def pick_episodes(result: Result, count: int = 3) -> list[Pick]:
    """At most `count` episodes: first one that the agent completed and the baseline did not, then a failure of each
    kind, then the baseline where the agent did better, then whatever is left.

    The baseline is the first agent; the agent is the first best-of-q, else the most successful other one. Of several
    episodes that would do, the shortest of more than one step is shown; those with screenshots are preferred.
    """
    pool = [episode for episode in result.episodes if episode.screenshot] or list(result.episodes)
    picks: list[Pick] = []
    left = {(episode.agent, episode.task, episode.seed): episode for episode in pool}
    for wish in (*_wishes(result), *[_LEFT_OVER] * count):
        if len(picks) == count:
            break
        for fits, why in wish:
            found = [episode for episode in left.values() if fits(episode)]
            if found:
                best = min(found, key=lambda episode: (episode.steps < 2, episode.steps))
                del left[best.agent, best.task, best.seed]
                of_many = f" (the shortest of {len(found)} such)" if len(found) > 1 else ""
                picks.append(Pick(best, why + of_many))
                break
    return picks


_Wish = Sequence[tuple[Callable[[EpisodeRow], bool], str]]
"""Which episodes to look for, with the reason to give; the next entry only if there are none of the one before."""

_LEFT_OVER: _Wish = ((lambda episode: True, "one more episode"),)


def _wishes(result: Result) -> Iterator[_Wish]:
    """What to look for, in order."""
    baseline, agent = result.names[0], _agent(result)
    lost = {(e.task, e.seed) for e in result.episodes if e.agent == baseline and not e.success and not e.failure}
    won = {(e.task, e.seed) for e in result.episodes if e.agent == agent and e.success} & lost
    yield (
        (
            lambda e: e.agent == agent and (e.task, e.seed) in won,
            f"{agent} completes a task that {baseline} does not",
        ),
        (lambda e: e.agent == agent and e.success, f"{agent} completes a task"),
    )
    for kind, meaning in (
        ("good_not_chosen", "fails although a best action was proposed: it took another"),
        ("no_good_candidate", "fails because no best action was proposed"),
        ("out_of_steps", "runs out of steps without a wrong one"),
    ):
        yield [(_failure_of(name, kind), f"{name} {meaning}") for name in dict.fromkeys((agent, baseline))]
    yield [
        (lambda e: e.agent == baseline and (e.task, e.seed) in won, f"{baseline} fails a task that {agent} completes")
    ]


def _failure_of(name: str, kind: str) -> Callable[[EpisodeRow], bool]:
    return lambda episode: episode.agent == name and episode.failure_kind == kind


def _agent(result: Result) -> str:
    """The agent that is looked at."""
    named = [name for name in result.names if name.startswith("best-of-q")]
    if named:
        return named[0]
    others = [agent for agent in result.agents if agent.name not in (result.names[0], "oracle-of-n")]
    if not others:
        return result.names[-1]
    return max(others, key=lambda other: -1.0 if math.isnan(other.success.value) else other.success.value).name
