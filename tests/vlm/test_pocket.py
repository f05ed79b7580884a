"""The shipped pocket VLM through the transformers backend: shapes, sharing of the prefix, batching, looking."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.vlm.separate import full_pass
from webvoyager_gym.errors import InfrastructureFailure, MissingDependency, NotFound
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER, load_embedder, load_proposer
from webvoyager_gym.vlm.transformers_backend import TransformersVLM


def prompt(goal: str, links: int = 3, colour: int = 40) -> Prompt:
    screenshot = np.full((768, 1024, 3), 255, np.uint8)
    marks = [Mark(1, "searchbox", "Search", (10, 10, 300, 30))]
    for number in range(2, links + 2):
        screenshot[100 * number : 100 * number + 30, 50:80] = (colour * number % 255, 30, 90)
        marks.append(Mark(number, "button", "", (50, 100 * number, 30, 30)))
    outline = "\n".join(f"[{mark.index}] {mark.role}" for mark in marks)
    return Prompt(goal, PageView(screenshot, tuple(marks), outline, "http://shop.webvoyager.test/", "Shop"))


PROMPTS = [prompt("Find the copper kettle"), prompt("Choose the red one and put it in the cart", 5, 70)]


@pytest.fixture(scope="module")
def pocket() -> TransformersVLM:
    torch.set_num_threads(1)
    return TransformersVLM(POCKET_FOLDER, device="cpu", name="pocket")


def test_the_weights_fit_the_limit() -> None:
    assert (POCKET_FOLDER / "model.safetensors").stat().st_size <= 25_000_000


def test_a_size_and_options_may_follow_the_name() -> None:
    drawn = load_proposer("pocket:base?strategy=sample&pooling=mean")
    assert isinstance(drawn, TransformersVLM)
    assert (drawn.strategy, drawn.size, drawn.style.copies) == ("sample", 128, True)
    assert drawn.device.type == "cpu"
    with pytest.raises(NotFound, match="base"):
        load_proposer("pocket:tiny")
    with pytest.raises(NotFound, match="pooling"):
        load_proposer("pocket?poling=mean")


def test_proposer_and_embedder_of_one_name_are_one_model() -> None:
    assert id(load_proposer("pocket")) == id(load_embedder("pocket"))


def test_proposals_are_distinct_executable_and_ordered(pocket: TransformersVLM) -> None:
    for candidates, given in zip(pocket.propose(PROMPTS, 4), PROMPTS, strict=True):
        assert 1 <= len(candidates) <= 4
        assert len({c.text for c in candidates}) == len(candidates)
        log_probs = [c.log_prob for c in candidates]
        assert log_probs == sorted(log_probs, reverse=True)
        assert all(c.action.mark is None or given.view.mark(c.action.mark) for c in candidates)
        assert np.exp(log_probs).sum() <= 1 + 1e-5


def test_a_text_that_is_none_is_a_failure_of_the_model(pocket: TransformersVLM) -> None:
    with pytest.raises(InfrastructureFailure) as failed:
        pocket.propose([prompt("Find the \ud800 kettle")], 2)
    assert failed.value.part == "vlm"


def test_a_batch_gives_what_single_prompts_give(pocket: TransformersVLM) -> None:
    together = pocket.propose(PROMPTS, 3)
    embedded = pocket.embed(PROMPTS, together)
    for at, given in enumerate(PROMPTS):
        alone = pocket.propose([given], 3)
        assert [c.text for c in alone[0]] == [c.text for c in together[at]]
        np.testing.assert_allclose([c.log_prob for c in alone[0]], [c.log_prob for c in together[at]], atol=1e-3)
        single = pocket.embed([given], alone)
        np.testing.assert_allclose(single.states[0], embedded.states[at], atol=2e-2)
        np.testing.assert_allclose(single.candidates[0], embedded.candidates[at], atol=2e-2)


def test_log_probabilities_and_embeddings_equal_separate_full_passes(pocket: TransformersVLM) -> None:
    """Behind a shared prefix a candidate is what it is when prompt and action are encoded anew."""
    given = PROMPTS[1]
    candidates = pocket.propose([given], 3)
    shared = pocket.embed([given], candidates)
    for row, candidate in enumerate(candidates[0]):
        ids, hidden, start = full_pass(pocket, given, candidate.text + "<|end|>")
        with torch.inference_mode():
            logits = torch.log_softmax(pocket.encoder.head(hidden[start - 1 : -1]), -1)
        log_prob = float(logits.gather(1, ids[start:, None]).sum())
        # The search adds up the spellings of one action, so it may say a little more than one spelling has.
        assert log_prob <= candidate.log_prob + 1e-3
        action = hidden[start:-1]
        pooled = torch.cat([action[-1], action.mean(0)]).to(torch.float16).numpy()
        np.testing.assert_allclose(shared.candidates[0][row], pooled, atol=1e-2)
        state = torch.cat([hidden[start - 1], hidden[:start].mean(0)]).to(torch.float16).numpy()
        np.testing.assert_allclose(shared.states[0], state, atol=1e-2)


def test_a_prompt_is_encoded_once_for_proposing_and_embedding(pocket: TransformersVLM) -> None:
    pocket.cost.take()
    given = prompt("Find the steel pan")
    candidates = pocket.propose([given], 3)
    pocket.embed([given], candidates)
    assert pocket.cost.take()["passes"] == 1


def test_it_looks_at_the_picture(pocket: TransformersVLM) -> None:
    """Other colours, or a blank picture, give other embeddings for the same words."""
    words = "Choose the red one"
    seen = pocket.embed([prompt(words, 3, 40)], [[]]).states[0]
    other = pocket.embed([prompt(words, 3, 90)], [[]]).states[0]
    blind = TransformersVLM(POCKET_FOLDER, device="cpu", style=dataclasses.replace(pocket.style, blank=True))
    assert not np.array_equal(seen, other)
    assert np.array_equal(
        blind.embed([prompt(words, 3, 40)], [[]]).states[0], blind.embed([prompt(words, 3, 90)], [[]]).states[0]
    )


def test_sets_of_different_size_are_embedded_together(pocket: TransformersVLM) -> None:
    one, two = pocket.propose([PROMPTS[0]], 3)[0], pocket.propose([PROMPTS[1]], 3)[0]
    embedded = pocket.embed(PROMPTS, [one[:1], two])
    assert [group.shape for group in embedded.candidates] == [(1, pocket.size), (len(two), pocket.size)]
    empty: list[list[Candidate]] = [[], []]
    assert [group.shape for group in pocket.embed(PROMPTS, empty).candidates] == [(0, pocket.size)] * 2


def test_unknown_and_missing_models_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="pocket"):
        load_proposer("pokcet")
    with pytest.raises(MissingDependency, match="folder or the id"):
        TransformersVLM(tmp_path / "nothing")
