"""A recording that answers: what was asked for the first time gets its first answer, the second time its second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from webvoyager_gym.network.exchange import Asked, Exchange, Recording
from webvoyager_gym.network.likeness import alike_url, digests
from webvoyager_gym.network.privacy import kept_url

Key = tuple[str, str, str]
"""Method, address, digest of the body."""
UNRECORDED = "not in the recording"
LONGEST_TOLD, MOST_TOLD = 300, 50
"""Of an address, characters that are told; and addresses that are told of a step."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where a page asked for something else than was recorded.

    Attributes:
        unrecorded: addresses that nothing was recorded for, which got no answer.
        approximated: addresses that got the answer to a request that differs in times or chance only.
        document: the first of the unrecorded that was to be the page; "" if none was.
    """

    unrecorded: tuple[str, ...] = ()
    approximated: tuple[str, ...] = ()
    document: str = ""


@dataclass
class Playback:
    """Answers as an episode was answered. For one episode; another begins with another.

    Attributes:
        recording: where the answers are from.
    """

    recording: Recording
    _exact: dict[Key, list[int]] = field(init=False, repr=False)
    _alike: dict[Key, list[int]] = field(init=False, repr=False)
    _given: set[int] = field(init=False, repr=False, default_factory=set)
    _unrecorded: list[str] = field(init=False, repr=False, default_factory=list)
    _approximated: list[str] = field(init=False, repr=False, default_factory=list)
    _document: str = field(init=False, repr=False, default="")

    def __post_init__(self) -> None:
        self._exact, self._alike = defaultdict(list), defaultdict(list)
        began = self.recording.about.began
        for at, kept in enumerate(self.recording.exchanges):
            self._exact[kept.method, kept.url, kept.body].append(at)
            self._alike[kept.method, alike_url(kept.url, began), kept.alike].append(at)

    def answer(self, asked: Asked) -> Exchange:
        """What was answered then; an exchange with an error where nothing was recorded."""
        began = self.recording.about.began
        body, alike = digests(asked.body, began)
        url = kept_url(asked.url)
        at = self._next(self._exact.get((asked.method, url, body), ()))
        if at is None:
            at = self._next(self._alike.get((asked.method, alike_url(asked.url, began), alike), ()))
            if at is not None:
                _tell(self._approximated, url)
        if at is None:
            self.lacks(asked)
            return Exchange(asked.method, url, error=UNRECORDED)
        self._given.add(at)
        return self.recording.exchanges[at]

    def lacks(self, asked: Asked) -> None:
        """Note that something was asked for that no recording could hold, or this one does not."""
        url = kept_url(asked.url)
        _tell(self._unrecorded, url)
        if asked.document:
            self._document = self._document or url

    def gaps(self) -> Gaps:
        """What was lacking since this was asked last."""
        gaps = Gaps(tuple(self._unrecorded), tuple(self._approximated), self._document)
        self._unrecorded, self._approximated, self._document = [], [], ""
        return gaps

    def _next(self, places: Sequence[int]) -> int | None:
        """The first answer that was not given yet; when all were, the last."""
        return next((at for at in places if at not in self._given), places[-1] if places else None)


def _tell(told: list[str], url: str) -> None:
    if len(told) < MOST_TOLD:
        told.append(url if len(url) <= LONGEST_TOLD else f"{url[:LONGEST_TOLD]}…")
