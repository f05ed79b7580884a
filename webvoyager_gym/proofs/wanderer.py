"""A proposer that costs nothing: it goes where the page leads, by a seed."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm import Cost

ELSEWHERE = (Action("scroll", argument="down"), Action("back"), Action("restart"), Action("scroll", argument="up"))
"""What is proposed beside clicks, one of these in each state."""


@dataclass
class Wanderer:
    """Proposes to click what the page shows, drawn by seed and state, and last to scroll or to go somewhere else.

    It never answers, so its episodes end where steps do, or where a task is done by chance.
    """

    seed: int = 0
    name: str = "wanderer"
    draws: bool = False
    cost: Cost = field(default_factory=Cost)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """n candidates for each state, equally likely; fewer where the page has fewer marks."""
        return [self._propose(prompt, n) for prompt in prompts]

    def _propose(self, prompt: Prompt, n: int) -> list[Candidate]:
        random = np.random.default_rng([self.seed, prompt.step, zlib.crc32(prompt.view.url.encode())])
        marks = [mark.index for mark in prompt.view.marks if mark.role != "file"]
        drawn = random.permutation(marks)[: n - 1]
        clicks = [Action("click", int(index)) for index in drawn]
        actions = [*clicks, ELSEWHERE[int(random.integers(len(ELSEWHERE)))]]
        return [Candidate(action, -math.log(len(actions))) for action in actions]
