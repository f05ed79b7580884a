"""Writing behind a shared prefix: what is likeliest at each token, or samples at a temperature."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from webvoyager_gym.vlm.beam import Allowed, Forward


@dataclass(frozen=True)
class Written:
    """One continuation.

    Attributes:
        tokens: token ids, without the end token.
        log_probs: of each token at temperature 1, and last that of the end token if there is one.
        ended: whether it came to its end, rather than being broken off.
    """

    tokens: tuple[int, ...]
    log_probs: tuple[float, ...]
    ended: bool


@torch.inference_mode()
def write(
    first: Tensor,
    forward: Forward,
    *,
    copies: int,
    ends: Collection[int],
    longest: int,
    temperature: float = 1.0,
    draws: Sequence[torch.Generator] | None = None,
    allowed: Allowed | None = None,
) -> list[list[Written]]:
    """Continuations of P prompts.

    Args:
        first: (P, V) logits after the prompts.
        forward: extends the P x copies rows by a token each.
        copies: continuations of each prompt.
        ends: ids of the tokens that end one.
        longest: broken off at so many tokens.
        temperature: at which tokens are drawn.
        draws: what each prompt's are drawn with, P of them; None for the likeliest token each time.
        allowed: constrains what may follow; probabilities are then those of the constrained model.

    Returns:
        For each prompt its continuations.
    """
    prompts = len(first)
    rows = prompts * copies
    logits = first.float().repeat_interleave(copies, 0)
    parents = torch.arange(prompts, device=first.device).repeat_interleave(copies)
    tokens: list[list[int]] = [[] for _ in range(rows)]
    log_probs: list[list[float]] = [[] for _ in range(rows)]
    ended = [False] * rows
    for _ in range(longest):
        if allowed is not None:
            for row in range(rows):
                ids = None if ended[row] or not tokens[row] else allowed(row // copies, tuple(tokens[row]))
                if ids is not None:
                    kept = logits[row, ids].clone()
                    logits[row] = -torch.inf
                    logits[row, ids] = kept
        scores = torch.log_softmax(logits, -1)
        chosen = scores.argmax(-1)
        if draws is not None:
            chances = torch.softmax(logits / temperature, -1).cpu()
            # Each prompt with its own, so that what it draws does not depend on its neighbours.
            groups = zip(chances.split(copies), draws, strict=True)
            drawn = [torch.multinomial(group, 1, generator=generator) for group, generator in groups]
            chosen = torch.cat(drawn)[:, 0].to(first.device)
        picked = scores.gather(-1, chosen[:, None])[:, 0].tolist()
        for row, token in enumerate(chosen.tolist()):
            if ended[row]:
                continue
            log_probs[row].append(picked[row])
            ended[row] = token in ends
            if not ended[row]:
                tokens[row].append(token)
        if all(ended):
            break
        logits = forward(chosen, parents).float()
        parents = torch.arange(rows, device=first.device)
    written = [Written(tuple(t), tuple(p), e) for t, p, e in zip(tokens, log_probs, ended, strict=True)]
    return [written[p * copies : (p + 1) * copies] for p in range(prompts)]
