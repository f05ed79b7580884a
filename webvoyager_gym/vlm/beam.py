"""Beam search behind a shared prefix: the most likely continuations of a prompt, with their exact log-probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Forward = Callable[[Tensor, Tensor], Tensor]
"""(tokens (rows,), parents (rows,)) -> logits (rows, V) after each token is appended to its parent row's sequence."""


@dataclass(frozen=True)
class Beam:
    """One finished continuation.

    Attributes:
        tokens: token ids, without the end token.
        log_prob: natural log of its probability, that of the end token included.
    """

    tokens: tuple[int, ...]
    log_prob: float


Allowed = Callable[[int, tuple[int, ...]], list[int] | None]
"""(prompt, tokens so far) -> ids of the tokens that may follow; None if any may."""


@torch.inference_mode()
def beam_search(
    first: Tensor,
    forward: Forward,
    *,
    width: int,
    wanted: int,
    end: int,
    longest: int,
    allowed: Allowed | None = None,
) -> list[list[Beam]]:
    """The most likely continuations of P prompts.

    Args:
        first: (P, V) logits after the prompts.
        forward: extends the P x width rows by a token each.
        width: beams a prompt.
        wanted: stop once this many finished beams are likelier than all unfinished ones.
        end: id of the end token.
        longest: give up on longer continuations, in tokens.
        allowed: constrains what may follow; probabilities are then those of the constrained model.

    Returns:
        For each prompt its finished beams, likeliest first, at most `width`.
    """
    prompts, vocabulary = first.shape
    scores, tokens = torch.log_softmax(first.float(), -1).topk(width, -1)
    parents = torch.arange(prompts, device=first.device)[:, None].expand(-1, width)
    history = tokens[..., None]
    finished: list[list[Beam]] = [[] for _ in range(prompts)]
    for _ in range(longest):
        ended = tokens == end
        for p, w in (ended & scores.isfinite()).nonzero().tolist():
            finished[p].append(Beam(tuple(history[p, w, :-1].tolist()), float(scores[p, w])))
        scores = scores.masked_fill(ended, -torch.inf)
        if all(_enough(finished[p], float(scores[p].max()), wanted) for p in range(prompts)):
            break
        logits = forward(tokens.flatten(), parents.flatten()).float().view(prompts, width, vocabulary)
        if allowed is not None:
            _constrain(logits, history, scores, allowed)
        steps = torch.log_softmax(logits, -1)
        scores, flat = (scores[..., None] + steps).flatten(1).topk(width, -1)
        rows, tokens = flat // vocabulary, flat % vocabulary
        history = torch.cat(
            [history.gather(1, rows[..., None].expand(-1, -1, history.shape[2])), tokens[..., None]], -1
        )
        parents = rows + torch.arange(prompts, device=first.device)[:, None] * width
    return [sorted(beams, key=lambda beam: -beam.log_prob)[:width] for beams in finished]


def _constrain(logits: Tensor, history: Tensor, scores: Tensor, allowed: Allowed) -> None:
    """Set the logits of what may not follow an open beam to minus infinity, in place."""
    for p, w in scores.isfinite().nonzero().tolist():
        ids = allowed(p, tuple(history[p, w].tolist()))
        if ids is not None:
            kept = logits[p, w, ids].clone()
            logits[p, w] = -torch.inf
            logits[p, w, ids] = kept


def _enough(finished: list[Beam], best_open: float, wanted: int) -> bool:
    if best_open == -torch.inf:
        return True
    return sum(beam.log_prob >= best_open for beam in finished) >= wanted
