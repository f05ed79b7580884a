"""Any vision-language model as a judge."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass, field

from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError
from webvoyager_gym.judge.case import Case
from webvoyager_gym.judge.verdict import NO_ANSWER, Verdict, agreed
from webvoyager_gym.judge.wording import PROTOCOLS, Protocol, load_protocol
from webvoyager_gym.vlm.base import Writer

ATTEMPTS = 2
"""How often a model is asked for a vote that can be read."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and how it came about.

    Attributes:
        verdict: what counts.
        votes: what it was made of; empty where nobody had to be asked.
        model: name of the VLM, with its settings.
        protocol: name of the protocol.
        prompt: digest of what every judge is told.
        time: when, in UTC, as ISO 8601.
        tokens_in, tokens_out: what it took.
    """

    verdict: Verdict
    votes: tuple[Verdict, ...]
    model: str
    protocol: str
    prompt: str
    time: str
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def judge(self) -> str:
        """Who judged, for the record."""
        return f"{self.model} {self.protocol} {self.prompt}"


@dataclass(frozen=True)
class Judge:
    """A model with a protocol.

    Attributes:
        model: the VLM.
        protocol: how it is asked.
        screenshots: how many of the last it is shown; the protocol's own number if None.
        votes: 2 asks twice, with drawn replies, and gives a verdict only where both agree.
    """

    model: Writer
    protocol: Protocol = field(default_factory=lambda: PROTOCOLS["verdict"])
    screenshots: int | None = None
    votes: int = 1

    def __post_init__(self) -> None:
        if self.votes not in (1, 2) or self.shown < 0:
            raise ValueError(
                f"votes={self.votes}, screenshots={self.shown} cannot be: 1 or 2 votes, 0 or more pictures."
            )

    @property
    def shown(self) -> int:
        """How many screenshots a case is shown with."""
        return self.protocol.screenshots if self.screenshots is None else self.screenshots

    @property
    def prompt(self) -> str:
        """Digest of what every case is asked with; that of two votes is another than that of one."""
        return self.protocol.digest(self.shown) + ("" if self.votes == 1 else f"x{self.votes}")

    def judge(self, case: Case) -> Judgement:
        """A verdict on a case.

        Raises:
            InfrastructureFailure: part "judge"; the model or its server failed, or said nothing that can be read. That
                is no verdict.
        """
        before = self.model.cost.tokens_in, self.model.cost.tokens_out
        votes = tuple(self._vote(case, number) for number in range(self.votes)) if case.answer.strip() else ()
        return Judgement(
            agreed(votes) if votes else NO_ANSWER,
            votes,
            self.model.name,
            self.protocol.name,
            self.prompt,
            datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            self.model.cost.tokens_in - before[0],
            self.model.cost.tokens_out - before[1],
        )

    def _vote(self, case: Case, number: int) -> Verdict:
        try:
            parts = self.protocol.parts(case, self.shown)
        except OSError as error:
            raise InfrastructureFailure("judge", f"A screenshot of the episode cannot be read: {error}") from error
        for attempt in range(ATTEMPTS):
            # A single vote is what the model finds likeliest; to be read at all, another try has to be another draw.
            drawn = self.votes > 1 or attempt > 0
            try:
                text = self.model.write(
                    self.protocol.system,
                    parts,
                    schema=self.protocol.schema,
                    temperature=float(drawn),
                    seed=ATTEMPTS * number + attempt,
                )
            except InfrastructureFailure as failure:
                raise InfrastructureFailure("judge", str(failure)) from failure
            verdict = self.protocol.read(text)
            if verdict is not None:
                return verdict
        said = " ".join(text.split())[:80]
        raise InfrastructureFailure("judge", f"The judge {self.model.name} said nothing that can be read: {said!r}")


@functools.lru_cache(maxsize=4)
def load_judge(model: str, protocol: str = "verdict", screenshots: int | None = None, votes: int = 1) -> Judge:
    """A judge by the name of its model, loaded once a process; names are those of `load_proposer`.

    Raises:
        NotFound, InvalidModelName, MissingDependency: as for `load_proposer`; or there is no such protocol.
        WebVoyagerError: the model cannot write freely.
    """
    from webvoyager_gym.vlm import load_proposer

    asked = load_protocol(protocol)
    loaded = load_proposer(model)
    if not isinstance(loaded, Writer):
        raise WebVoyagerError(f"The model {model} cannot judge; name a transformers: or an openai: model.")
    return Judge(loaded, asked, screenshots, votes)
