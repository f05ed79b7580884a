"""Asking for actions in several wordings, and making one set of candidates of what is said to them.

Half of the failures of choosing among proposals have no good candidate to choose (arXiv 2601.22701). Samples at a
higher temperature differ in what the model finds unlikely; other wordings make it find something else likely. Every
wording counts the same, so the candidates are those of a mixture: the probability of an action is the mean of what it
has under each wording, 0 where it was not proposed.

A model that takes requests gets the same state with another request behind it, so that the state is encoded once. One
that takes none (the pocket VLM, which was trained to do one thing) gets the state told differently and encodes it anew.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.parse import merged
from webvoyager_gym.vlm.prompt import LEADS

MOST_WORDINGS = len(LEADS)


def retold(prompt: Prompt, wording: int) -> Prompt:
    """A state as a wording tells it to a model that takes no requests.

    0 is as it is, 1 without what was done before, which breaks circles, 2 with the goal as a request, 3 both.
    """
    if wording in (1, 3):
        prompt = dataclasses.replace(prompt, history=(), last_error="")
    if wording in (2, 3):
        # A word in capitals, or one of a single letter, is a name.
        plain = prompt.goal[1:2].islower()
        goal = prompt.goal[:1].lower() + prompt.goal[1:] if plain else prompt.goal
        prompt = dataclasses.replace(prompt, goal=f"Please {goal}")
    return prompt


def mixed(groups: Sequence[Sequence[Candidate]], *, by_rank: bool) -> list[Candidate]:
    """The candidates of several wordings as one set, each action once, with the logarithm of its mean probability.

    Args:
        groups: of each wording, in its order.
        by_rank: keep that order: all first ones, then all second ones, and so on; else the likeliest first.
    """
    if len(groups) == 1:
        return list(groups[0])
    share = math.log(len(groups))
    found = merged(
        dataclasses.replace(candidate, log_prob=candidate.log_prob - share) for candidate in interleaved(groups)
    )
    return found if by_rank else sorted(found, key=lambda candidate: -candidate.log_prob)


def interleaved(groups: Sequence[Sequence[Candidate]]) -> Iterator[Candidate]:
    """All first candidates, then all second ones, and so on."""
    return (candidate for candidate in chain.from_iterable(zip_longest(*groups)) if candidate is not None)
