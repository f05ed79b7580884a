"""A model that is known by name and is loaded when it is asked something: what was walked before may answer instead."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import Cost, Embeddings, propose_each, seed_of_each


class StandbyProposer:
    """A proposer that is not loaded yet.

    Attributes:
        name: what the model calls itself.

    Args:
        load: loads the model; may raise what `webvoyager_gym.vlm.load_proposer` does.
    """

    draws = True
    """It may; whether its model does is seen when it is loaded."""

    def __init__(self, name: str, load: Callable[[], Any]) -> None:
        self.name = name
        self._load = load
        self._idle = Cost()

    @functools.cached_property
    def model(self) -> Any:
        """The model itself, loaded now if it was not before."""
        return self._load()

    @property
    def cost(self) -> Cost:
        """What the model has consumed; nothing before it is loaded."""
        return self.model.cost if "model" in self.__dict__ else self._idle

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        """As the model; see `Drawer.propose`."""
        return propose_each(self.model, prompts, n, seed_of_each(seed, prompts))

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """As the model; see `Sampler.sample`."""
        return self.model.sample(prompts, n, seed=seed)

    def pick(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> list[int | None]:
        """As the model; see `Picker.pick`."""
        return self.model.pick(prompts, candidates)


class StandbyVLM(StandbyProposer):
    """A model that embeds too.

    Attributes:
        size: D, the width of an embedding.
        embedding_id: as an `Embedder`'s.
    """

    def __init__(self, name: str, size: int, embedding_id: str | None, load: Callable[[], Any]) -> None:
        super().__init__(name, load)
        self.size, self.embedding_id = size, embedding_id

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        """As the model; see `Embedder.embed`."""
        return self.model.embed(prompts, candidates)
