"""The episodes of a result to look at."""

from __future__ import annotations

from collections.abc import Sequence

from webvoyager_gym.report import wording
from webvoyager_gym.report.frames import Aside
from webvoyager_gym.report.pictures import kept_picture
from webvoyager_gym.results import EpisodeRow, Result
from webvoyager_gym.viewer.source import Entry, Source, no_episode


class ResultSource(Source):
    """A result: every agent's episode on every task, with the expert's opinion and the pictures that were kept."""

    def __init__(self, result: Result, name: str) -> None:
        setup = result.environment
        named = (("suite", "suite"), ("split", "split"), ("proposer", "proposed by"))
        self.name = name
        self.result: Result = result
        self.facts = tuple(f"{words} {setup[key]}" for key, words in named if setup.get(key))
        self._entries = tuple(_entry(number, episode) for number, episode in enumerate(result.episodes))

    def entries(self) -> Sequence[Entry]:
        return self._entries

    def episode(self, number: int) -> tuple[EpisodeRow, tuple[Aside, ...]]:
        return self._row(number), ()

    def picture(self, number: int, frame: int) -> bytes:
        row = self._row(number)
        names = [*(step.screenshot for step in row.trace), row.screenshot]
        return kept_picture(self.result.folder, names[frame]) if 0 <= frame < len(names) else b""

    def _row(self, number: int) -> EpisodeRow:
        if not 0 <= number < len(self._entries):
            raise no_episode(self.name, number, len(self._entries))
        return self.result.episodes[number]


def _entry(number: int, row: EpisodeRow) -> Entry:
    return Entry(
        number=number,
        agent=row.agent,
        task=row.task,
        site=row.site,
        goal=row.goal,
        seed=row.seed,
        steps=row.steps,
        outcome=wording.outcome(row),
        kind=row.failure_kind,
    )
