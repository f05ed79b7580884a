"""Agents that ask a VLM, on a state that is made up: what they show, what they count, what they make of odd replies."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from webvoyager_gym.actions import parse
from webvoyager_gym.agents import load_agent
from webvoyager_gym.errors import InfrastructureFailure, WebVoyagerError
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm import Cost
from webvoyager_gym.vlm_agents import Majority, VLMSelector

VIEW = PageView(
    np.zeros((1, 1, 3), np.uint8),
    (
        Mark(1, "link", "Mug, picture", (0, 0, 1, 1), href="/item/1"),
        Mark(2, "link", "Red mug", (0, 0, 1, 1), href="/item/1"),
        Mark(3, "link", "Blue mug", (0, 0, 1, 1), href="/item/2"),
    ),
    "",
    "http://shop.webvoyager.test/",
    "Shop",
)
RANDOM = np.random.default_rng(0)


def candidates(*texts: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(parse(text)) for text in texts)


class Speaks:
    """A VLM that picks and samples what it is told to."""

    name = "speaks"

    def __init__(self, *, pick: int | None = None, samples: Sequence[str] = ()) -> None:
        self.cost = Cost()
        self.asked = 0
        self._pick, self._samples = pick, samples

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        return [list(candidates("wait")) for _ in prompts]

    def pick(self, prompts: Sequence[Prompt], groups: Sequence[Sequence[Candidate]]) -> list[int | None]:
        self.asked += 1
        self.cost.tokens_in += 100
        return [self._pick for _ in prompts]

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        return [list(candidates(*self._samples[:n])) for _ in prompts]


def state(proposer: Any, *texts: str) -> Any:
    return SimpleNamespace(
        candidates=candidates(*texts), proposer=proposer, cache=None, prompt=Prompt("Find the red mug", VIEW), view=VIEW
    )


def test_the_selector_takes_what_the_vlm_picks() -> None:
    vlm = Speaks(pick=2)
    choice = VLMSelector().choose(state(vlm, "click [1]", "back", "wait"), RANDOM)
    assert (choice.index, choice.propensity) == (2, 1.0)
    assert vlm.cost.take()["unreadable"] == 0


def test_an_unreadable_pick_is_the_first_and_is_counted() -> None:
    vlm = Speaks(pick=None)
    assert VLMSelector().choose(state(vlm, "click [1]", "back"), RANDOM).index == 0
    assert vlm.cost.take()["unreadable"] == 1


def test_a_single_candidate_is_taken_without_asking() -> None:
    vlm = Speaks(pick=None)
    assert VLMSelector().choose(state(vlm, "back"), RANDOM).index == 0
    assert vlm.asked == 0


def test_another_model_s_cost_is_booked_with_the_proposer_s(monkeypatch: pytest.MonkeyPatch) -> None:
    other, proposer = Speaks(pick=1), Speaks()
    monkeypatch.setattr("webvoyager_gym.vlm.load_proposer", lambda name, cache: {"other": other}[name])
    assert VLMSelector("other").choose(state(proposer, "back", "wait"), RANDOM).index == 1
    assert proposer.cost.take()["tokens_in"] == 100
    assert other.cost.take()["tokens_in"] == 0


def test_the_majority_counts_what_does_the_same() -> None:
    """Two links to one item are votes for the same; what no candidate does is no vote."""
    vlm = Speaks(samples=["click [3]", "click [1]", "click [2]", "wait", "wait", "wait"])
    choice = Majority(6).choose(state(vlm, "click [3]", "click [2]", "back"), RANDOM)
    assert choice.index == 1
    assert choice.scores is not None
    np.testing.assert_allclose(choice.scores, [1 / 6, 2 / 6, 0])


def test_without_votes_the_vlm_s_order_decides() -> None:
    assert Majority().choose(state(Speaks(), "click [3]", "back"), RANDOM).index == 0


def test_a_proposer_that_cannot_is_refused_by_name() -> None:
    plain: Any = SimpleNamespace(name="plain", cost=Cost(), propose=None)
    with pytest.raises(WebVoyagerError, match=r"plain cannot pick .* vlm-selector:openai:MODEL"):
        VLMSelector().choose(state(plain, "back", "wait"), RANDOM)
    with pytest.raises(WebVoyagerError, match="plain gives no samples"):
        Majority().choose(state(plain, "back", "wait"), RANDOM)


def test_a_model_that_fails_is_an_infrastructure_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    vlm = Speaks()

    def fail(*_: object) -> None:
        raise InfrastructureFailure("vlm", "out of order")

    monkeypatch.setattr(vlm, "pick", fail)
    with pytest.raises(InfrastructureFailure):
        VLMSelector().choose(state(vlm, "back", "wait"), RANDOM)


def test_by_name_and_through_a_pickle() -> None:
    assert load_agent("majority") == Majority()
    assert load_agent("majority:16") == Majority(16)
    assert load_agent("majority:16").name == "majority:16"
    assert load_agent("vlm-selector") == VLMSelector()
    selector = load_agent("vlm-selector:openai:gpt-4.1?base_url=http://127.0.0.1:1/v1")
    assert selector.name == "vlm-selector:openai:gpt-4.1?base_url=http://127.0.0.1:1/v1"
    assert pickle.loads(pickle.dumps(selector)) == selector  # noqa: S301 - our own value
    with pytest.raises(ValueError, match="majority:8"):
        load_agent("majority:many")
    with pytest.raises(ValueError, match="at least one"):
        load_agent("majority:0")
