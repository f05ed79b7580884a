"""A run: one method on all tasks of a track, as a board keeps it.

What a full result (`webvoyager_gym.results.Result`) says of pages and candidates is left out here; what the figures
follow from is kept. Episodes are the same `EpisodeRow`, with steps that know only what was chosen and what was best, so
that `Result` works out rates and failures of runs as it does of full results.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leaderboards.protocol import TaskList
from webvoyager_gym.results import AgentSummary, EpisodeRow, Proposal, Result, StepRow

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SHA256 = re.compile(r"[0-9a-f]{64}")
COSTS = ("tokens_in", "tokens_out", "passes", "seconds", "unreadable")
"""What models may have cost an episode, in the order of a run's file."""

_CHOICE = re.compile(r"(\d{1,2})(?:\.([01]{1,64})|\?(\d{1,2}))")


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model of a method.

    Attributes:
        seed: that of the episodes it acted in, and by the protocol of its training.
        sha256: of its file.
        parameters: how many numbers were trained.
    """

    seed: int
    sha256: str
    parameters: int


@dataclass(frozen=True, slots=True)
class Trained:
    """The dataset that a method learned from.

    Attributes:
        dataset: its id.
        sha256: of its training view, `data/vectors.h5`.
    """

    dataset: str
    sha256: str


@dataclass(frozen=True, slots=True)
class About:
    """What people say of a run.

    Attributes:
        id: name of its file, lower case with hyphens.
        name: as tables show it.
        description: one sentence.
        link: where the method is described; "" if nowhere.
        date: on which the episodes were finished, YYYY-MM-DD.
    """

    id: str
    name: str
    description: str
    link: str
    date: str


@dataclass(frozen=True)
class Run:
    """One method on the tasks of a track.

    Attributes:
        track: one of `protocol.TRACKS`.
        about: what people say of it.
        agent: kind of the agent, the part of its name before ":", such as "best-of-q".
        tasks: which they were.
        made_with: commit, versions, machine, proposer and embedder with checksums, n_candidates, max_steps.
        models: what was trained, one for each seed; empty for methods that do not learn.
        trained: on what; None for methods that do not learn.
        source_sha256: of the full result's file, for whoever publishes that too.
        episodes: one for each (task, seed), in the order of the file; their agent is the run's id.
    """

    track: str
    about: About
    agent: str
    tasks: TaskList
    made_with: Mapping[str, Any]
    models: tuple[Model, ...]
    trained: Trained | None
    source_sha256: str
    episodes: tuple[EpisodeRow, ...] = field(repr=False)

    @functools.cached_property
    def result(self) -> Result:
        """The run as a result of one agent."""
        return Result((self.about.id,), self.episodes, self.made_with)

    @functools.cached_property
    def summary(self) -> AgentSummary:
        """Its figures, worked out from its episodes."""
        return self.result.agents[0]

    @property
    def seeds(self) -> tuple[int, ...]:
        """Its seeds, ascending."""
        return tuple(sorted({episode.seed for episode in self.episodes}))


def choices_text(trace: Sequence[StepRow]) -> str:
    """What was chosen among what, a word a step: "0.100" for candidate 0 of three of which it alone is best, "2?3" for
    candidate 2 of three where no expert knows."""
    return " ".join(
        f"{step.chosen}?{len(step.candidates)}"
        if step.best is None
        else f"{step.chosen}." + "".join("01"[flag] for flag in step.best)
        for step in trace
    )


def read_choices(text: str) -> tuple[StepRow, ...]:
    """Steps that know what `choices_text` says. Raises ValueError."""
    return tuple(_step(word) for word in text.split(" ")) if text else ()


@functools.lru_cache(maxsize=4096)
def _step(word: str) -> StepRow:
    match = _CHOICE.fullmatch(word)
    count = 0 if match is None else len(match[2] or "") or int(match[3] or 0)
    if match is None or int(match[1]) >= count:
        raise ValueError(f"{word[:40]!r} is no choice; expected such as '0.100', or '0?3' where no expert knows")
    best = None if match[2] is None else tuple(flag == "1" for flag in match[2])
    return StepRow("", "", (Proposal(""),) * count, int(match[1]), best=best)


def ids_sha256(tasks: Sequence[str]) -> str:
    """Checksum of a list of tasks that has none of its own: of the sorted ids, a line each."""
    return hashlib.sha256("".join(f"{task}\n" for task in sorted(tasks)).encode()).hexdigest()


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document as JSON, whatever its layout; its own entry "sha256" is left out."""
    plain = {key: value for key, value in document.items() if key != "sha256"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
