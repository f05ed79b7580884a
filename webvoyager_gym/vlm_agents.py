"""Agents that ask a frozen VLM which candidate to take: by showing it the candidates, or by a vote over its samples.

Both are what Best-of-Q has to be better than: a VLM asked to choose (arXiv 2601.22701), and the majority of
what it would do anyway (CATTS, arXiv 2602.12276).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from webvoyager_gym.agents import Choice, same_action
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.vlm.names import known_as

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv
    from webvoyager_gym.vlm import Picker

SAMPLES = 8
"""Votes that a majority is of, if it is not said."""


@dataclass(frozen=True)
class VLMSelector:
    """The candidate that a VLM picks when it is shown all of them by letter; the first where its pick is unreadable.

    Unreadable picks are counted in `info["cost"]["unreadable"]` of the next step, where all its cost is booked.

    Attributes:
        model: a name for `webvoyager_gym.vlm.load_proposer`; "" for the environment's own proposer. The agent's own
            name has it as the model is known, without what may be spent on it.
    """

    model: str = field(default="", compare=False)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"vlm-selector:{known_as(self.model)}" if self.model else "vlm-selector")

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Ask the model; a single candidate is taken without asking.

        Raises:
            InfrastructureFailure: part "vlm"; the model or its server failed.
            WebVoyagerError: the model cannot pick.
        """
        if len(env.candidates) == 1:
            return Choice(0)
        model = self._picker(env)
        index = model.pick([env.prompt], [env.candidates])[0]
        model.cost.unreadable += index is None
        if model.cost is not env.proposer.cost:
            env.proposer.cost.book(model.cost.take())
        return Choice(index or 0)

    def _picker(self, env: BestOfQEnv) -> Picker:
        from webvoyager_gym.vlm import Picker, load_proposer

        model = load_proposer(self.model, env.cache) if self.model else env.proposer
        if not isinstance(model, Picker):
            raise WebVoyagerError(
                f"The proposer {model.name} cannot pick among candidates, it has no pick(); name a model that can, "
                "such as vlm-selector:transformers:PATH_OR_ID or vlm-selector:openai:MODEL."
            )
        return model


@dataclass(frozen=True)
class Majority:
    """The candidate that the proposer's own samples do most often; the VLM's order decides between equal ones.

    A sample that does the same as no candidate is no vote. The samples are drawn with the same seed in every state, so
    that a local model's choice is certain there.

    Attributes:
        samples: how many are drawn.
    """

    samples: int = SAMPLES
    name: str = field(init=False)

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"A majority is of at least one sample, not of {self.samples}.")
        object.__setattr__(self, "name", "majority" if self.samples == SAMPLES else f"majority:{self.samples}")

    def choose(self, env: BestOfQEnv, random: np.random.Generator) -> Choice:
        """Draw and count; the scores are each candidate's share of the samples.

        Raises:
            InfrastructureFailure: part "vlm"; the model or its server failed.
            WebVoyagerError: the proposer gives no samples.
        """
        from webvoyager_gym.vlm import Sampler

        proposer = env.proposer
        if not isinstance(proposer, Sampler):
            raise WebVoyagerError(
                f"The proposer {proposer.name} gives no samples, it has no sample(); take one that does, "
                "such as pocket, transformers:PATH_OR_ID or openai:MODEL."
            )
        drawn = proposer.sample([env.prompt], self.samples)[0]
        votes = [
            sum(same_action(each.action, candidate.action, env.view) for each in drawn) for candidate in env.candidates
        ]
        scores = np.array([count / self.samples for count in votes], np.float32)
        return Choice(int(scores.argmax()), 1.0, scores)
