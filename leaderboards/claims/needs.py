"""What claims need: datasets, trainings and agents, as values that say what they are and not how they are made.

Equal values are the same run, which is made once however many claims ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST, RANDOM, SELECTOR, MAJORITY, ORACLE = "first", "random", "vlm-selector", "majority", "oracle-of-n"
"""Agents that need no training, as `webvoyager_gym.agents.load_agent` takes them."""

MIXED = "epsilon-greedy:0.5:first"
"""The policy of the first data of Best-of-Q: the VLM's first choice, half of the time any proposal."""


@dataclass(frozen=True, slots=True)
class Data:
    """Episodes of the train worlds by the proposer, a policy choosing.

    Attributes:
        policy: as `load_agent` takes it.
        episodes: how many, drawn from all sites in turn.
        n: candidates a step.
        embedder: "same" for the proposer.
        published: id of a dataset that is just this, taken where it is on this machine or published.
    """

    policy: str
    episodes: int
    n: int = 3
    embedder: str = "same"
    published: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The episodes of some sites, with as many successes as there are of some others.

    Attributes:
        of: the data they are taken from, in an order by lot.
        sites: whose episodes are in it.
        others: whose episodes are not; the fewer successes of the two decide.
    """

    of: Data
    sites: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Training:
    """A Q-function for each seed.

    Attributes:
        data: what it learns from.
        updates: how many.
        algorithm: as `algorithms.train --algo` takes it.
        settings: as its `--set` takes them.
        parameters: of each network, about; 0 for what the algorithm takes for the embedding's width.
    """

    data: Data | Part
    updates: int
    algorithm: str = "iql"
    settings: tuple[str, ...] = ()
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class BySite:
    """Q-functions that act on some sites each.

    Attributes:
        parts: sites, and what acts there.
    """

    parts: tuple[tuple[tuple[str, ...], Training], ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Collecting around what was learned, and learning from all of it, in turn (`python -m algorithms.iterate`).

    Attributes:
        rounds: around a Q-function, after one around the VLM's first choice.
        episodes: collected in each.
        updates: of each training.
        tasks: validation tasks on which the command evaluates each round.
    """

    rounds: int
    episodes: int
    updates: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Round:
    """What was learned from all rounds up to one, counted from 0."""

    of: Rounds
    number: int


Chooser = str | Training | BySite | Round
"""Who chooses among the proposals: the name of an agent, or Q-functions."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A way of acting whose success a claim wants to know.

    Attributes:
        id: unique within its claim.
        label: in tables and figures.
        chooser: who chooses.
        n: candidates a step.
        embedder: "same" for the proposer.
        line: name of the curve that it is a point of; "" where the figure has none.
        at: where on that curve.
    """

    id: str
    label: str
    chooser: Chooser
    n: int = 3
    embedder: str = "same"
    line: str = ""
    at: float = 0.0
