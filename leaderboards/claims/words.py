"""Claims and what came of them in words, the same in the terminal, in tables and on the page."""

from __future__ import annotations

from leaderboards.claims.claim_file import Tried
from leaderboards.claims.every import CLAIMS
from leaderboards.claims.verdict import Judgement
from webvoyager_gym.report import wording


def effect_text(judgement: Judgement | None) -> str:
    """An effect with its interval, in its unit; "" of what was not run."""
    if judgement is None:
        return ""
    effect = judgement.effect
    if judgement.unit == "points" or effect.value != effect.value:
        return f"{wording.difference(effect)} points"
    value, low, high = (f"{number:+,.0f}" for number in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high}) {judgement.unit}"


def sentence(tried: Tried) -> str:
    """A claim and its verdict."""
    claim, judgement = CLAIMS[tried.id].sentence, tried.judgement
    if judgement is None:
        return f"{claim} Not run: needs {tried.needs}."
    return f"{claim} {judgement.verdict.capitalize()}: {judgement.words}, {effect_text(judgement)}."
