"""What a frozen vision-language model has to offer: proposals and embeddings, both batched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from webvoyager_gym.actions import Action
from webvoyager_gym.types import Candidate, Prompt

FALLBACK = Action("scroll", None, "down")
"""Proposed where a model proposes nothing that can be executed."""


@dataclass
class Cost:
    """What a model has consumed since it was made, or since `take`.

    Attributes:
        tokens_in: prompt tokens, visual ones included.
        tokens_out: generated tokens.
        passes: forward passes of the language model over a prompt.
        seconds: wall-clock time.
        unreadable: prompts to which the model said nothing that could be read.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    passes: int = 0
    seconds: float = 0.0
    unreadable: int = 0

    def take(self) -> dict[str, float]:
        """The figures as a dictionary, and back to zero."""
        taken = {
            "tokens_in": float(self.tokens_in),
            "tokens_out": float(self.tokens_out),
            "passes": float(self.passes),
            "seconds": self.seconds,
            "unreadable": float(self.unreadable),
        }
        self.tokens_in = self.tokens_out = self.passes = self.unreadable = 0
        self.seconds = 0.0
        return taken

    def book(self, taken: Mapping[str, float]) -> None:
        """Add what another model has consumed, as its `take` says."""
        self.tokens_in += int(taken["tokens_in"])
        self.tokens_out += int(taken["tokens_out"])
        self.passes += int(taken["passes"])
        self.seconds += taken["seconds"]
        self.unreadable += int(taken["unreadable"])


def shares(taken: Mapping[str, float], count: int) -> list[dict[str, float]]:
    """What a batch took, as `Cost.take` says, in equal shares; of whole numbers the first has what is left over."""
    return [
        {
            name: value / count if name == "seconds" else value // count + (value % count if at == 0 else 0)
            for name, value in taken.items()
        }
        for at in range(count)
    ]


@dataclass(frozen=True)
class Embeddings:
    """Embeddings of a batch of B states and their candidates.

    Attributes:
        states: (B, D) float16.
        candidates: for each state (N_b, D) float16; candidate sets may differ in size.
    """

    states: NDArray[np.float16]
    candidates: Sequence[NDArray[np.float16]] = field(default_factory=tuple)


def seed_of_each(seed: int | Sequence[int], asked: Sequence[object]) -> list[int]:
    """A seed for each thing asked: those given, or the one given."""
    return [seed] * len(asked) if isinstance(seed, int) else list(seed)


class Proposer(Protocol):
    """Proposes actions.

    One whose proposals are drawn is asked with the episode's seed, and so with one call for each seed in a batch. If it
    is a `Drawer` all go into one call.

    Attributes:
        name: says which model with which settings; stored with datasets and results.
        cost: what it has consumed.
    """

    @property
    def name(self) -> str: ...
    @property
    def cost(self) -> Cost: ...

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """At most n distinct candidates for each prompt, valid on its page, most likely first; at least one.

        Raises:
            InfrastructureFailure: part "vlm"; the model or its server failed.
        """
        ...


@runtime_checkable
class Drawer(Protocol):
    """A proposer that says whether the seed decides on its proposals, and that takes a seed for each prompt if so.

    Attributes:
        draws: False if equal prompts are always given equal proposals; seeds are then not even passed.
    """

    @property
    def draws(self) -> bool: ...

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        """As a `Proposer`; what is proposed for a prompt depends on its own seed, not on its neighbours'."""
        ...


def propose_each(proposer: Proposer, prompts: Sequence[Prompt], n: int, seeds: Sequence[int]) -> list[list[Candidate]]:
    """Proposals for each prompt by its own seed, in as few calls as the proposer allows; see `Proposer`."""
    if isinstance(proposer, Drawer):
        return proposer.propose(prompts, n, seed=seeds) if proposer.draws else proposer.propose(prompts, n)
    found: dict[int, list[Candidate]] = {}
    for seed in dict.fromkeys(seeds):
        alike = [row for row, other in enumerate(seeds) if other == seed]
        found |= zip(alike, proposer.propose([prompts[row] for row in alike], n, seed=seed), strict=True)
    return [found[row] for row in range(len(prompts))]


@runtime_checkable
class Embedder(Protocol):
    """Embeds states and candidate actions.

    Attributes:
        name: as for a Proposer.
        size: D.
        cost: what it has consumed.
        embedding_id: may be left out; says what decides the embeddings (weights, pooling, how prompts are given), so
            that equal ones are taken for equal whatever the models are called, and others for others.
    """

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def cost(self) -> Cost: ...

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        """Embeddings of the states and, given its state, of each candidate.

        Raises:
            InfrastructureFailure: part "vlm".
        """
        ...


def embedding_id(embedder: Embedder | None) -> str | None:
    """What an embedder says of its embeddings; None if it says nothing, or there is none."""
    said = getattr(embedder, "embedding_id", None)
    return None if said is None else str(said)


@runtime_checkable
class Sampler(Protocol):
    """Draws actions as its model would act, again and again. Attributes as a Proposer's."""

    @property
    def cost(self) -> Cost: ...

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """At most n independent draws of one action for each prompt, repeats kept, what cannot be executed left out.

        Raises:
            InfrastructureFailure: part "vlm".
        """
        ...


@runtime_checkable
class Picker(Protocol):
    """Picks among candidates that it is shown. Attributes as a Proposer's."""

    @property
    def name(self) -> str: ...
    @property
    def cost(self) -> Cost: ...

    def pick(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> list[int | None]:
        """For each prompt the index of a candidate; None where the model's reply cannot be read.

        Raises:
            InfrastructureFailure: part "vlm".
        """
        ...


@runtime_checkable
class Writer(Protocol):
    """Writes freely about words and pictures, as a judge does. Attributes as a Proposer's."""

    @property
    def name(self) -> str: ...
    @property
    def cost(self) -> Cost: ...

    def write(
        self,
        system: str,
        parts: Sequence[str | Image.Image],
        *,
        schema: dict[str, Any] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> str:
        """One reply to a user's message under a system message.

        Args:
            schema: of a reply in JSON; a model or server that cannot be held to it is only asked in words.
            temperature: 0 for what the model finds likeliest.

        Raises:
            InfrastructureFailure: part "vlm".
        """
        ...
