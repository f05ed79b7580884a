"""A small model and agents for tests; worker processes import them from here."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.agents import Choice
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import Cost, Embeddings

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

SIZE = 6


@dataclass
class Clicks:
    """Proposes to click the first marks; embeds a text by its checksum. `answer` is proposed last if there is one."""

    answer: str = ""
    name: str = "clicks"
    size: int = SIZE
    draws: bool = False
    cost: Cost = field(default_factory=Cost)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        return [self._proposals(prompt, n) for prompt in prompts]

    def _proposals(self, prompt: Prompt, n: int) -> list[Candidate]:
        last = [Candidate(Action("answer", argument=self.answer), -2.0)] if self.answer else []
        clicks = [Candidate(Action("click", mark.index), -1.0) for mark in prompt.view.marks]
        return clicks[: n - len(last)] + last

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        states = np.stack([_vector(prompt.view.url) for prompt in prompts])
        return Embeddings(states, [np.stack([_vector(each.text) for each in row]) for row in candidates])


def _vector(text: str) -> np.ndarray[tuple[int], np.dtype[np.float16]]:
    return np.random.default_rng(zlib.crc32(text.encode())).standard_normal(SIZE).astype(np.float16)


@dataclass(frozen=True)
class KillsItsWorker:
    """Chooses the first candidate, but kills its process the first time it is asked on a task of that site."""

    flag: Path
    site: str
    always: bool = False
    name: str = "kills-its-worker"

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        if env.task.site == self.site and (self.always or not self.flag.exists()):
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Choice(0)
