"""The frozen models asked about many states at once, and what becomes of those they fail on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.collecting import SIZE, Clicks
from webvoyager_gym.actions import Action
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.proposals import proposals
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm.base import Cost, Embeddings, shares


def prompt(goal: str, marks: int = 3) -> Prompt:
    links = tuple(Mark(index, "link", f"Link {index}", (0, 0, 9, 9)) for index in range(1, marks + 1))
    return Prompt(goal, PageView(np.zeros((4, 4, 3), np.uint8), links, "", f"http://{goal}.test/", goal))


@dataclass
class Fails(Clicks):
    """Fails on some goals when it proposes and on others when it embeds; notes the goals of every call."""

    proposing: tuple[str, ...] = ()
    embedding: tuple[str, ...] = ()
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def _note(self, prompts: Sequence[Prompt], bad: tuple[str, ...]) -> None:
        goals = tuple(each.goal for each in prompts)
        self.calls.append(goals)
        for goal in set(goals) & set(bad):
            raise InfrastructureFailure("vlm", f"{goal} is too much.")

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        self._note(prompts, self.proposing)
        return super().propose(prompts, n)

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        self._note(prompts, self.embedding)
        return super().embed(prompts, candidates)


STATES = [prompt("a"), prompt("b", 1), prompt("c")]


def test_all_states_go_into_one_call_of_each_model() -> None:
    model = Fails()
    said = proposals(STATES, 2, model, model)
    assert model.calls == [("a", "b", "c")] * 2
    assert [[candidate.text for candidate in each.candidates] for each in said] == [
        ["click [1]", "click [2]"],
        ["click [1]"],
        ["click [1]", "click [2]"],
    ]
    for each in said:
        assert each.state_embedding is not None
        assert each.candidate_embeddings is not None
        assert each.state_embedding.shape == (SIZE,)
        assert each.candidate_embeddings.shape == (len(each.candidates), SIZE)


@pytest.mark.parametrize("phase", ["proposing", "embedding"])
def test_a_state_that_a_model_fails_on_does_not_take_the_others_with_it(phase: str) -> None:
    model = Fails(**{phase: ("b",)})  # type: ignore[arg-type]
    first, second, third = proposals(STATES, 2, model, model)
    assert str(second.failure) == "b is too much."
    assert (second.candidates, second.state_embedding) == ((), None)
    alone, _, also_alone = (proposals([each], 2, Clicks(), Clicks())[0] for each in STATES)
    for one, other in ((first, alone), (third, also_alone)):
        assert one.failure is None
        assert one.candidates == other.candidates
        np.testing.assert_array_equal(one.candidate_embeddings, other.candidate_embeddings)
    assert [call for call in model.calls if len(call) == 1] == [("a",), ("b",), ("c",)]


def test_where_all_fail_all_are_failures_and_nothing_is_embedded() -> None:
    model = Fails(proposing=("a", "b", "c"))
    assert [str(each.failure) for each in proposals(STATES, 2, model, model)] == [
        f"{goal} is too much." for goal in "abc"
    ]
    assert len(model.calls) == 4


@dataclass
class Draws(Fails):
    """Notes the seeds that it is asked with; `draws` says which kind of proposer it is."""

    seeds: list[int | Sequence[int]] = field(default_factory=list)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        self.seeds.append(seed)
        return super().propose(prompts, n)


class TellsTheSeed:
    """Proposes to answer with the seed, and says nothing of seeds otherwise."""

    name = "tells-the-seed"

    def __init__(self) -> None:
        self.cost = Cost()
        self.calls: list[tuple[str, ...]] = []

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        self.calls.append(tuple(each.goal for each in prompts))
        return [[Candidate(Action("answer", argument=str(seed)))] for _ in prompts]


def test_who_draws_is_given_the_seed_of_each_state() -> None:
    model = Draws(draws=True)
    proposals(STATES, 2, model, None, [7, 8, 7])
    assert model.seeds == [[7, 8, 7]]


def test_who_draws_nothing_is_asked_the_same_whatever_the_seeds_are() -> None:
    model = Draws(draws=False)
    proposals(STATES, 2, model, None, [7, 8, 7])
    assert model.seeds == [0]


def test_who_does_not_say_is_asked_once_for_each_seed() -> None:
    model = TellsTheSeed()
    said = proposals(STATES, 2, model, None, [7, 8, 7])
    assert model.calls == [("a", "c"), ("b",)]
    assert [each.candidates[0].text for each in said] == ['answer "7"', 'answer "8"', 'answer "7"']


def test_without_an_embedder_there_are_candidates_only() -> None:
    (said,) = proposals(STATES[:1], 2, Clicks(), None)
    assert len(said.candidates) == 2
    assert (said.state_embedding, said.candidate_embeddings) == (None, None)
    assert set(said.seconds) == {"propose"}
    assert proposals([], 2, Clicks(), None) == []


def test_the_shares_of_a_batch_add_up_to_what_it_took() -> None:
    taken = Cost(tokens_in=10, tokens_out=3, passes=1, seconds=0.5, unreadable=0).take()
    parts = shares(taken, 4)
    assert {name: sum(part[name] for part in parts) for name in taken} == taken
    assert [part["tokens_in"] for part in parts] == [4.0, 2.0, 2.0, 2.0]
    assert all(part["seconds"] == 0.125 for part in parts)
