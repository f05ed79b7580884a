"""What can be looked at: a numbered list of episodes, each read when it is asked for, and filters of the list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from webvoyager_gym.errors import NotFound
from webvoyager_gym.report import wording
from webvoyager_gym.report.frames import Aside, Shown, shown
from webvoyager_gym.results import EpisodeRow, Result

PAGE = 50
"""Episodes on a page of the list."""
RELATED = 12
"""At most so many other episodes of the same task are named beside one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list.

    Attributes:
        number: of the episode, from 0; it never changes while a source is open.
        agent, task, site, goal, seed, steps: as in `EpisodeRow`.
        outcome: one of `wording.OUTCOMES`.
        kind: why it failed, one of `results.FAILURE_KINDS`; "" for a success, and where nobody knows.
    """

    number: int
    agent: str
    task: str
    site: str
    goal: str
    seed: int
    steps: int
    outcome: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; "" wants all.

    Attributes:
        show: an outcome or a kind of failure.
        site, agent: exactly these.
        text: words, all of which occur in the goal or the task's id, whatever their case.
    """

    show: str = ""
    site: str = ""
    agent: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wanted:
        """From the query of an address; what else it says is left alone."""
        return cls(**{field.name: query.get(field.name, "") for field in fields(cls)})

    @property
    def query(self) -> str:
        """As the query of an address, "" if all are wanted."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        return urlencode(said)

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are wanted, in their order."""
        words = self.text.casefold().split()
        return [entry for entry in entries if self._wants(entry) and _holds(entry, words)]

    def _wants(self, entry: Entry) -> bool:
        return (
            self.show in ("", entry.outcome, entry.kind)
            and self.site in ("", entry.site)
            and self.agent in ("", entry.agent)
        )


class Source(ABC):
    """Something with episodes to look at.

    Attributes:
        name: what it is called.
        facts: how it was made, a few words each.
        growing: whether episodes are still being added.
        result: the result it is, with figures of its own; None for recordings.
        score_name: what scores are called; "" leaves it to the agent's name.
    """

    name: str
    facts: tuple[str, ...] = ()
    growing: bool = False
    result: Result | None = None
    score_name: str = ""

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """All episodes there are now.

        Raises:
            InvalidFile: the list is damaged.
        """

    @abstractmethod
    def episode(self, number: int) -> tuple[EpisodeRow, tuple[Aside, ...]]:
        """An episode, with an aside a frame if it was recorded.

        Raises:
            NotFound: there is none of that number.
            InvalidFile: it is damaged.
        """

    @abstractmethod
    def picture(self, number: int, frame: int) -> bytes:
        """The WebP file of a frame; b"" if there is none. Raises as `episode` does."""

    def shown(self, number: int, address: Callable[[int, bytes], str]) -> Shown:
        """An episode for the templates.

        Args:
            address: from a frame's number and its picture to the picture's address on the page.
        """
        row, asides = self.episode(number)

        def picture(frame: int) -> tuple[str, bytes]:
            content = self.picture(number, frame)
            return address(frame, content), content

        return shown(row, picture, asides=asides, score_name=self.score_name)

    def related(self, entry: Entry) -> list[Entry]:
        """The episodes of the same task, this one among them; [] if there is no other."""
        found = [each for each in self.entries() if each.task == entry.task]
        at = found.index(entry)
        return found[max(0, at - RELATED // 2) :][:RELATED] if len(found) > 1 else []


def summary(entries: Sequence[Entry]) -> str:
    """How many there are and how they ended, in a line."""
    counted = [entry for entry in entries if entry.outcome != "broken"]
    done = sum(entry.outcome == "done" for entry in counted)
    broken = len(entries) - len(counted)
    share = f" ({wording.percent(done / len(counted))})" if counted else ""
    said = f"{len(entries)} episode{'' if len(entries) == 1 else 's'}, {done} completed{share}"
    return said + (f", {broken} broken off" if broken else "")


def no_episode(name: str, number: int, count: int) -> NotFound:
    """The error for a number that no episode has."""
    return NotFound(
        f"There is no episode {number} in {name}; it has 0 to {count - 1}."
        if count
        else f"There is no finished episode in {name} yet; wait for the first."
    )


def _holds(entry: Entry, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = f"{entry.goal} {entry.task}".casefold()
    return all(word in text for word in words)
