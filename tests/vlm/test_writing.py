"""Writing a small language whose every probability is known, and the pocket VLM's samples and lists."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import torch
from torch import Tensor

from webvoyager_gym.errors import NotFound
from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER, load_proposer
from webvoyager_gym.vlm.names import InvalidModelName
from webvoyager_gym.vlm.transformers_backend import TransformersVLM
from webvoyager_gym.vlm.writing import write

END = 0
FIRST = torch.log(torch.tensor([[0.1, 0.6, 0.3], [0.2, 0.2, 0.6]]))
NEXT = torch.log(torch.tensor([[0.98, 0.01, 0.01], [0.7, 0.2, 0.1], [0.25, 0.25, 0.5]]))
"""Probabilities of the next token after each token; prompts differ in the first one only."""


def forward(tokens: Tensor, parents: Tensor) -> Tensor:
    return NEXT[tokens]


def test_the_likeliest_token_is_written_until_the_end() -> None:
    one, other = write(FIRST, forward, copies=1, ends={END}, longest=4)
    assert (one[0].tokens, one[0].ended) == ((1,), True)
    np.testing.assert_allclose(one[0].log_probs, np.log([0.6, 0.7]), atol=1e-6)
    assert (other[0].tokens, other[0].ended) == ((2, 2, 2, 2), False)


def test_samples_come_as_often_as_they_are_likely() -> None:
    count = 4000
    draws = [torch.Generator().manual_seed(seed) for seed in range(2)]
    (group, _) = write(FIRST, forward, copies=count, ends={END}, longest=8, draws=draws)
    shares = Counter(each.tokens for each in group if each.ended)
    for tokens, probability in (((), 0.1), ((1,), 0.42), ((2,), 0.075), ((2, 2), 0.0375)):
        assert abs(shares[tokens] / count - probability) < 4 * math.sqrt(probability / count)
        said = next(each for each in group if each.tokens == tokens and each.ended)
        assert math.exp(sum(said.log_probs)) == pytest.approx(probability, rel=1e-4)


def test_what_a_prompt_draws_is_its_own_whatever_its_neighbours_are() -> None:
    def drawn(first: Tensor, *seeds: int) -> list[list[tuple[int, ...]]]:
        draws = [torch.Generator().manual_seed(seed) for seed in seeds]
        groups = write(first, forward, copies=20, ends={END}, longest=8, draws=draws)
        return [[each.tokens for each in group] for group in groups]

    (one,), (other,) = drawn(FIRST[:1], 5), drawn(FIRST[1:], 6)
    assert drawn(FIRST, 5, 6) == [one, other]
    assert drawn(FIRST[:1], 6) != [one]


def test_a_constraint_holds_for_every_token_but_the_first() -> None:
    draws = [torch.Generator().manual_seed(seed) for seed in range(2)]
    written = write(
        FIRST, forward, copies=50, ends={END}, longest=6, draws=draws, allowed=lambda prompt, tokens: [END, 1]
    )
    assert all(2 not in each.tokens[1:] for group in written for each in group)


def prompt(goal: str) -> Prompt:
    marks = (Mark(1, "searchbox", "Search", (10, 10, 300, 30)), Mark(2, "link", "Steel pan", (10, 60, 300, 30)))
    outline = '[1] searchbox "Search"\n[2] link "Steel pan"'
    return Prompt(goal, PageView(np.full((768, 1024, 3), 255, np.uint8), marks, outline, "http://x.test/", "Shop"))


PROMPTS = [prompt("Find the steel pan"), prompt("Search for the copper kettle")]


@pytest.fixture(scope="module")
def pocket() -> TransformersVLM:
    torch.set_num_threads(1)
    return TransformersVLM(POCKET_FOLDER, device="cpu", name="pocket", strategy="sample")


def test_samples_are_the_search_s_actions_with_its_probabilities(pocket: TransformersVLM) -> None:
    """What is sampled has the log-probability that the beam search gives it, and the likeliest comes most often."""
    beams = TransformersVLM(POCKET_FOLDER, device="cpu").propose(PROMPTS, 6)
    drawn = pocket.sample(PROMPTS, 40)
    for group, searched in zip(drawn, beams, strict=True):
        known = {candidate.text: candidate.log_prob for candidate in searched}
        counts = Counter(candidate.text for candidate in group)
        assert sum(counts.values()) <= 40
        top = searched[0]
        if math.exp(top.log_prob) > 0.5:
            assert counts.most_common(1)[0][0] == top.text
        for candidate in group:
            if candidate.text in known:
                # The search adds up the spellings of one action.
                assert candidate.log_prob <= known[candidate.text] + 1e-3


def test_sampled_proposals_are_distinct_and_the_seed_decides(pocket: TransformersVLM) -> None:
    one, again, others = (pocket.propose(PROMPTS, 4, seed=seed) for seed in (5, 5, [5, 6]))
    assert one == again
    assert others[0] == one[0]
    assert pocket.draws
    for candidates in one:
        texts = [candidate.text for candidate in candidates]
        assert 1 <= len(texts) == len(set(texts)) <= 4
        assert [c.log_prob for c in candidates] == sorted((c.log_prob for c in candidates), reverse=True)


def test_embedding_goes_on_from_the_encoding_that_was_sampled_from(pocket: TransformersVLM) -> None:
    given = [prompt("Find the lid")]
    pocket.cost.take()
    pocket.embed(given, pocket.propose(given, 3))
    assert pocket.cost.take()["passes"] == 1


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("transformers:x?strategy=best", InvalidModelName, "beam, list, sample"),
        ("transformers:x?temperature=0", InvalidModelName, "above 0"),
        ("transformers:x?strategi=list", NotFound, "strategy"),
    ],
)
def test_wrong_options_say_what_there_is(name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load_proposer(name)
