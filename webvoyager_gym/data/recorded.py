"""What lies in a folder of shards: found in one pass, which reads and checks every byte, before anything is copied."""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webvoyager_gym.data import codec, frames
from webvoyager_gym.data.dataset import Dataset
from webvoyager_gym.data.shards import shard_paths
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.types import Episode

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded episode: what it sorts by, where it lies, how much it takes."""

    task_id: str
    seed: int
    content: tuple[int, int]
    path: Path
    start: int
    rows: int
    candidates: int
    most_candidates: int
    screenshots: int
    width: int
    split: str
    site: str

    @property
    def order(self) -> tuple[str, int, tuple[int, int]]:
        """Episodes are ordered by task and seed, and if these are equal by what is in them."""
        return self.task_id, self.seed, self.content

    def read(self) -> Episode:
        """The episode.

        Raises:
            InvalidFile: the shard has changed since it was looked through.
        """
        with self.path.open("rb") as file:
            return codec.decode(*frames.read(file, self.start))


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a dataset takes, known before it is written.

    Attributes:
        episodes, rows, candidates: E, S and C.
        screenshots: bytes of all of them.
        width: D.
        most_candidates: in a row.
        splits, sites: their names, in the order of their codes.
    """

    episodes: int
    rows: int
    candidates: int
    screenshots: int
    width: int
    most_candidates: int
    splits: tuple[str, ...]
    sites: tuple[str, ...]


def recorded(folder: str | os.PathLike[str]) -> list[Recorded]:
    """All episodes of a folder in the order in which a dataset has them. What is damaged is dropped with a note."""
    return sorted(_found(folder), key=lambda each: each.order)


def sizes_of(own: Iterable[Recorded], parent: Dataset | None) -> Sizes:
    """Sizes of a dataset with these episodes, after those of its parent.

    Raises:
        InvalidFile: there are embeddings of several widths, or more splits or sites than there are codes.
    """
    own = list(own)
    before = _sizes_of_dataset(parent) if parent is not None else Sizes(0, 0, 0, 0, 0, 0, (), ())
    return Sizes(
        episodes=before.episodes + len(own),
        rows=before.rows + sum(each.rows for each in own),
        candidates=before.candidates + sum(each.candidates for each in own),
        screenshots=before.screenshots + sum(each.screenshots for each in own),
        width=_width(own, parent),
        most_candidates=max(before.most_candidates, *(each.most_candidates for each in own), 1),
        splits=_names("splits", {*before.splits, *(each.split for each in own)}),
        sites=_names("sites", {*before.sites, *(each.site for each in own)}),
    )


def _found(folder: str | os.PathLike[str]) -> Iterator[Recorded]:
    for path in shard_paths(folder):
        with path.open("rb") as file:
            for frame in frames.scan(file):
                try:
                    frames.read_body(file, frame)
                except InvalidFile as error:
                    _log.warning("%s", error)
                    continue
                yield _entry(path, frame)


def _entry(path: Path, frame: frames.Frame) -> Recorded:
    fields = codec.decode_header(frame.header)
    steps = fields["steps"]
    counts = [len(step["candidates"]) for step in steps]
    return Recorded(
        task_id=fields["task_id"],
        seed=fields["seed"],
        content=(zlib.crc32(frame.header), frame.body_crc),
        path=path,
        start=frame.start,
        rows=len(steps),
        candidates=sum(counts),
        most_candidates=max(counts),
        screenshots=sum(step["screenshot"] for step in steps),
        width=steps[0]["width"],
        split=fields["split"],
        site=fields["site"],
    )


def _sizes_of_dataset(dataset: Dataset) -> Sizes:
    vectors, shots = dataset.vectors(), dataset.screenshots()
    return Sizes(
        episodes=vectors.n_episodes,
        rows=vectors.n_rows,
        candidates=len(vectors.cand),
        screenshots=0 if shots is None else len(shots.data),
        width=vectors.width,
        most_candidates=vectors.n_candidates,
        splits=vectors.split_names,
        sites=vectors.site_names,
    )


def _width(own: list[Recorded], parent: Dataset | None) -> int:
    """D of the dataset. An episode that failed before its first action may lack an embedding; others may not."""
    widths = {each.width for each in own if each.rows > 1 or each.width}
    if parent is not None:
        widths.add(parent.vectors().width)
    if len(widths) > 1:
        whose = "" if parent is None else f" and {parent.id}"
        raise InvalidFile(
            f"The shards{whose} hold embeddings of widths {sorted(widths)}; record each embedder into a folder of its "
            "own, and add to a dataset what the same embedder has embedded."
        )
    return max(widths, default=0)


def _names(what: str, names: set[str]) -> tuple[str, ...]:
    if len(names) > 256:
        raise InvalidFile(f"The shards hold {len(names)} {what} and a dataset at most 256; check what they are set to.")
    return tuple(sorted(names))
