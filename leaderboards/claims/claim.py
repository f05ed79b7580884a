"""What a claim is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from leaderboards.claims.measured import Measured
from leaderboards.claims.needs import Arm
from leaderboards.claims.sizes import FULL, Size
from leaderboards.claims.verdict import Effect
from webvoyager_gym.errors import WebVoyagerError

PAPER = "Claimed in arXiv 2601.22701"
OURS = "Asked here"
"""How a source begins."""
EMBEDDERS = ("pocket?pooling=last", "pocket")
"""A smaller and a larger embedder: the pocket VLM's last token alone (D = 128), and with the mean of all (D = 256)."""


class NotRun(WebVoyagerError):
    """A claim that cannot be tried out here; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How claims are tried out.

    Attributes:
        size: how much is run.
        split: worlds to act in: "test", once and for all, or "validation".
        proposer: the frozen VLM, which also embeds where a claim does not say otherwise.
        embedders: a smaller and a larger one.
    """

    size: Size
    split: str
    proposer: str = "pocket"
    embedders: tuple[str, str] = EMBEDDERS

    @property
    def published(self) -> bool:
        """Whether it is what the boards show."""
        return self.size == FULL and self.split == "test"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that may turn out wrong, and how that is found out.

    Attributes:
        id: name of its file, lower case with hyphens.
        sentence: what is claimed.
        source: who claims it, as a sentence.
        why: what is compared with what, and why that decides it.
        arms: what has to act.
        effect: what decides it, from what came of that.
        figure: likewise.
    """

    id: str
    sentence: str
    source: str
    why: str
    arms: Callable[[Trial], tuple[Arm, ...]]
    effect: Callable[[Measured], Effect]
    figure: Callable[[Measured], Markup]
