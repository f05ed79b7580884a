"""A proposer that says what it was told to, so that an evaluation's outcome is known beforehand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from webvoyager_gym.actions import parse
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import Cost


class Scripted:
    """Proposes, for each goal, the actions it was given, the first the likeliest.

    Args:
        actions: the actions by goal.
        failures: how often the model fails on a goal before it works.
        crash: the process dies on this goal, the first time only; the file remembers that it did.
    """

    name = "scripted"

    def __init__(
        self,
        actions: Mapping[str, Sequence[str]],
        *,
        failures: Mapping[str, int] | None = None,
        crash: tuple[str, Path] | None = None,
    ) -> None:
        self.cost = Cost()
        self._actions = dict(actions)
        self._failures = dict(failures or {})
        self._crash = crash

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        return [self._propose(prompt, n) for prompt in prompts]

    def _propose(self, prompt: Prompt, n: int) -> list[Candidate]:
        if self._crash is not None and self._crash[0] == prompt.goal and not self._crash[1].exists():
            self._crash[1].touch()
            os._exit(7)
        if self._failures.get(prompt.goal, 0):
            self._failures[prompt.goal] -= 1
            raise InfrastructureFailure("vlm", "the model is out of order")
        self.cost.tokens_out += 10
        actions = self._actions[prompt.goal][:n]
        return [Candidate(parse(action), -0.5 * (rank + 1)) for rank, action in enumerate(actions)]
