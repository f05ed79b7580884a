"""Verdicts in a file, a line of JSON each: appended as they come, whole or not at all, and never changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.judge.judging import Judgement
from webvoyager_gym.judge.verdict import Verdict

FORMAT = 1
"""Version of the lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A judgement on one episode of a dataset.

    Attributes:
        dataset: its id.
        episode: number of the episode.
        task_id, seed: of the episode.
        judgement: of a judge.
    """

    dataset: str
    episode: int
    task_id: str
    seed: int
    judgement: Judgement

    @property
    def key(self) -> tuple[str, int, str, int, str]:
        """What it is about, and who judged."""
        return self.dataset, self.episode, self.task_id, self.seed, self.judgement.judge

    def as_line(self) -> str:
        """One line, without its end."""
        fields = {"format": FORMAT, "dataset": self.dataset, "episode": self.episode, "task_id": self.task_id}
        return json.dumps(fields | {"seed": self.seed} | asdict(self.judgement), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> Self:
        """From a line. Raises ValueError, KeyError or TypeError if it is none."""
        fields: dict[str, Any] = json.loads(line)
        if fields.pop("format") != FORMAT:
            raise ValueError("another version")
        about = {name: fields.pop(name) for name in ("dataset", "episode", "task_id", "seed")}
        fields["verdict"] = Verdict(**fields["verdict"])
        fields["votes"] = tuple(Verdict(**vote) for vote in fields["votes"])
        return cls(**about, judgement=Judgement(**fields))


class VerdictFile:
    """The file; a line that was torn by a crash is taken away before another is written.

    Args:
        path: made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Iterator[Entry]:
        """All judgements, the oldest first.

        Raises:
            InvalidFile: a line is none.
        """
        if not self.path.exists():
            return
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        for number, line in enumerate(whole.decode("utf-8", "replace").splitlines(), 1):
            try:
                yield Entry.read(line)
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidFile(f"Line {number} of {self.path} is no verdict ({error}); name another.") from error

    def append(self, entry: Entry) -> None:
        """Write a judgement; when this returns it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(0)
            sound = file.read(end).rfind(b"\n") + 1
            file.truncate(sound)
            file.write(entry.as_line().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
