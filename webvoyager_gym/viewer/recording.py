"""Recorded episodes to look at: those of a dataset, and those of a folder that is still being recorded into."""

from __future__ import annotations

import functools
import json
import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from webvoyager_gym.collect import SETTINGS_FILE
from webvoyager_gym.data import Dataset, codec, frames, h5
from webvoyager_gym.data.layout import MAIN_FILE
from webvoyager_gym.data.shards import shard_paths
from webvoyager_gym.data.text import from_stored
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.report.frames import Aside
from webvoyager_gym.report.pictures import is_webp
from webvoyager_gym.results import EpisodeRow, Proposal, StepRow
from webvoyager_gym.types import Episode, Step
from webvoyager_gym.viewer.outline import words_on
from webvoyager_gym.viewer.source import Entry, Source, no_episode

KEPT = 6
"""Episodes held in memory, a few MB each, so that their pictures are not read once for each request."""

Scorer = Callable[[Step], tuple[float, ...] | None]
"""What a Q-function thinks of each candidate of a row; None if the row has no embeddings."""


class Recording(Source):
    """Recorded episodes, whatever they are read from.

    Args:
        scorer: gives the candidates their Q-values; None shows none.
    """

    def __init__(self, scorer: Scorer | None) -> None:
        self._scorer = scorer
        self._recent = functools.lru_cache(maxsize=KEPT)(self._read)
        self.score_name = "Q"

    @abstractmethod
    def _read(self, number: int) -> Episode:
        """The episode from the disk. Raises as `episode` does."""

    def episode(self, number: int) -> tuple[EpisodeRow, tuple[Aside, ...]]:
        return as_row(self._recent(number), self._scorer), asides(self._recent(number))

    def picture(self, number: int, frame: int) -> bytes:
        steps = self._recent(number).steps
        content = steps[frame].screenshot if 0 <= frame < len(steps) else b""
        return content if is_webp(content) else b""


class DatasetSource(Recording):
    """A finished dataset."""

    def __init__(self, dataset: Dataset, scorer: Scorer | None = None) -> None:
        super().__init__(scorer)
        self._dataset = dataset
        self.name = dataset.id
        self.facts = _facts(dataset.metadata["webvoyager_gym"])

    def entries(self) -> Sequence[Entry]:
        return self._entries

    @functools.cached_property
    def _entries(self) -> tuple[Entry, ...]:
        with h5.reading(self._dataset.folder / MAIN_FILE) as file:
            return tuple(_heading(h5.group(file, f"episode_{number}"), number) for number in range(len(self._dataset)))

    def _read(self, number: int) -> Episode:
        if not 0 <= number < len(self._dataset):
            raise no_episode(self.name, number, len(self._dataset))
        return self._dataset[number]


class ShardsSource(Recording):
    """A folder of shards. Episodes that were finished since are there at the next look, behind those known before.

    Nothing is written and nothing is locked: the recorder does not notice.
    """

    growing = True

    def __init__(self, folder: Path, name: str, scorer: Scorer | None = None) -> None:
        super().__init__(scorer)
        self._folder = folder
        self._entries: list[Entry] = []
        self._places: list[tuple[Path, int]] = []
        self._ends: dict[Path, int] = {}
        self.name = name
        self.facts = _facts(_settings(folder))

    def entries(self) -> Sequence[Entry]:
        paths = shard_paths(self._folder)
        if not paths and self._places:
            raise NotFound(f"{self._folder} is empty now: the recording became a dataset; view it again by its id.")
        for path in paths:
            for frame in self._new_frames(path):
                fields = codec.decode_header(frame.header)
                self._entries.append(_entry(len(self._entries), fields, len(fields["steps"]) - 1))
                self._places.append((path, frame.start))
                self._ends[path] = frame.end
        return tuple(self._entries)

    def _new_frames(self, path: Path) -> Iterator[frames.Frame]:
        with path.open("rb") as file:
            yield from frames.scan(file, self._ends.get(path, 0), growing=True)

    def _read(self, number: int) -> Episode:
        if not 0 <= number < len(self._places):
            raise no_episode(self.name, number, len(self._places))
        path, start = self._places[number]
        try:
            with path.open("rb") as file:
                return codec.decode(*frames.read(file, start))
        except FileNotFoundError as error:
            raise NotFound(f"{path} is gone: the recording became a dataset; view it again by its id.") from error


def as_row(episode: Episode, scorer: Scorer | None = None) -> EpisodeRow:
    """A recorded episode as the row that an evaluation would keep. No expert was asked, and no boxes were kept."""
    *steps, last = episode.steps
    return EpisodeRow(
        agent=str(episode.extra.get("policy", "")),
        task=episode.task_id,
        site=episode.site,
        template=str(episode.extra.get("template", "")),
        split=episode.split,
        goal=episode.goal,
        seed=episode.seed,
        success=episode.success and not episode.failure,
        failure=episode.failure,
        reason=str(episode.extra.get("reason", "")),
        answer=episode.answer,
        trace=tuple(
            StepRow(
                url=step.url,
                title=step.title,
                candidates=_proposals(step),
                chosen=step.chosen,
                scores=None if scorer is None else scorer(step),
                propensity=step.propensity,
                error=after.last_error,
                seconds=step.seconds.get("total", math.nan),
            )
            for step, after in zip(steps, episode.steps[1:], strict=True)
        ),
        url=last.url,
        title=last.title,
    )


def asides(episode: Episode) -> tuple[Aside, ...]:
    """What else was recorded, one a frame."""
    return tuple(
        Aside(
            outline=step.outline,
            thoughts=tuple(candidate.thought for candidate in step.candidates),
            note=f"Chosen with probability {step.propensity:.2f}." if step.chosen >= 0 else "",
        )
        for step in episode.steps
    )


def _proposals(step: Step) -> tuple[Proposal, ...]:
    words = words_on(step.outline)
    return tuple(Proposal(each.text, each.log_prob, words(each.action)) for each in step.candidates)


def _heading(group: Any, number: int) -> Entry:
    """The entry of an episode in `main_data.hdf5`, from its attributes alone."""
    try:
        texts = {name: from_stored(str(group.attrs[name])) for name in ("task_id", "site", "goal", "failure", "extra")}
        extra = json.loads(texts["extra"])
        fields = {**texts, "extra": extra, "seed": group.attrs.get("seed", -1), "success": group.attrs["success"]}
        return _entry(number, fields, int(group.attrs["total_steps"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(
            f"{group.file.filename}:{group.name} is damaged: {error}; bring the dataset again."
        ) from error


def _entry(number: int, fields: Mapping[str, Any], steps: int) -> Entry:
    try:
        return Entry(
            number=number,
            agent=str(fields["extra"].get("policy", "")),
            task=str(fields["task_id"]),
            site=str(fields["site"]),
            goal=str(fields["goal"]),
            seed=int(fields["seed"]),
            steps=steps,
            outcome="broken" if fields["failure"] else "done" if fields["success"] else "failed",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFile(f"Episode {number} is damaged ({error}); record it again.") from error


def _settings(folder: Path) -> dict[str, Any]:
    """How a folder of shards is being collected, as far as it says so."""
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        return {**settings["env"], **settings}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _facts(made_with: Mapping[str, Any]) -> tuple[str, ...]:
    named = (("suite", "suite"), ("split", "split"), ("policy", "policy"), ("proposer", "proposed by"))
    facts = [f"{words} {made_with[name]}" for name, words in named if made_with.get(name)]
    count = made_with.get("n_candidates")
    return (*facts, *([f"{count} candidate{'' if count == 1 else 's'} a step"] if count else []))
