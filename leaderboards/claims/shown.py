"""Claims as the page and the tables show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from leaderboards.claims.claim import Claim
from leaderboards.claims.claim_file import NOT_RUN, Tried
from leaderboards.claims.every import CLAIMS
from leaderboards.claims.words import effect_text


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim beside what came of it.

    Attributes:
        claim: it.
        tried: None if nobody has tried it out yet.
        figure: "" without anything measured.
    """

    claim: Claim
    tried: Tried | None
    figure: Markup

    @property
    def verdict(self) -> str:
        """The verdict's words."""
        return self.tried.verdict if self.tried is not None else NOT_RUN

    @property
    def effect(self) -> str:
        """The effect with its interval; "" if there is none."""
        return effect_text(self.tried.judgement) if self.tried is not None else ""


def shown_claims(tried: Sequence[Tried]) -> tuple[Shown, ...]:
    """All claims, those that were tried out with what came of it."""
    by_id = {each.id: each for each in tried}
    return tuple(_shown(claim, by_id.get(id)) for id, claim in CLAIMS.items())


def _shown(claim: Claim, tried: Tried | None) -> Shown:
    measured = tried.measured if tried is not None else None
    return Shown(claim, tried, Markup() if measured is None else claim.figure(measured))
