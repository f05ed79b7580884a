"""Beam search against enumeration of every continuation of a small language."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from webvoyager_gym.vlm.beam import beam_search

VOCABULARY, END, LONGEST = 4, 0, 3


def table(seed: int) -> dict[tuple[int, ...], Tensor]:
    """Logits after every sequence of at most LONGEST tokens; the longest ones can only end."""
    random = np.random.default_rng(seed)
    logits = {}
    for length in range(LONGEST + 1):
        for tokens in itertools.product(range(1, VOCABULARY), repeat=length):
            row = torch.tensor(random.normal(size=VOCABULARY) * 2, dtype=torch.float32)
            if length == LONGEST:
                row[1:] = -1e9
            logits[tokens] = row
    return logits


def enumerate_all(logits: dict[tuple[int, ...], Tensor]) -> dict[tuple[int, ...], float]:
    """Log-probability of every finished sequence."""
    found = {}
    for tokens in logits:
        total = 0.0
        for at, token in enumerate((*tokens, END)):
            total += float(torch.log_softmax(logits[tokens[:at]], -1)[token])
        found[tokens] = total
    return found


@pytest.mark.parametrize("seed", range(5))
def test_wide_beams_find_the_most_likely_sequences_with_exact_probabilities(seed: int) -> None:
    languages = [table(seed), table(seed + 100)]
    rows: list[tuple[int, tuple[int, ...]]] = [(0, ()), (1, ())]

    def forward(tokens: Tensor, parents: Tensor) -> Tensor:
        nonlocal rows
        rows = [
            (rows[parent][0], (*rows[parent][1], token))
            for token, parent in zip(tokens.tolist(), parents.tolist(), strict=True)
        ]
        # A beam that has ended goes on with probability 0; what it is given then does not matter.
        return torch.stack([languages[p].get(sequence, torch.zeros(VOCABULARY)) for p, sequence in rows])

    first = torch.stack([languages[0][()], languages[1][()]])
    found = beam_search(first, forward, width=VOCABULARY, wanted=2, end=END, longest=LONGEST + 2)
    for language, beams in zip(languages, found, strict=True):
        truth = enumerate_all(language)
        assert sum(np.exp(list(truth.values()))) == pytest.approx(1, abs=1e-5)
        assert len({beam.tokens for beam in beams}) == len(beams)
        for beam in beams:
            assert beam.log_prob == pytest.approx(truth[beam.tokens], abs=1e-4)
        assert beams[0].log_prob == pytest.approx(max(truth.values()), abs=1e-4)


def test_a_constrained_search_finishes_only_what_is_allowed() -> None:
    """Beams that nothing may follow are dead: they never come back as finished ones."""

    def forward(tokens: Tensor, parents: Tensor) -> Tensor:
        return torch.zeros(len(tokens), VOCABULARY)

    def allowed(prompt: int, tokens: tuple[int, ...]) -> list[int]:
        return [2] if tokens == (1,) else [END]

    first = torch.tensor([[-torch.inf, 2.0, 1.0, 0.0]])
    found = beam_search(first, forward, width=4, wanted=4, end=END, longest=4, allowed=allowed)[0]
    assert {beam.tokens for beam in found} == {(1, 2), (2,), (3,)}
    assert all(np.isfinite(beam.log_prob) for beam in found)
    assert len(found) == len({beam.tokens for beam in found})
