"""Training on random subsets of the candidates, so that what is learnt does not hang on how many there are.

Every candidate of a state and of its next state is left out with the same probability p (`candidate_dropout`), but for
those that were executed; where nothing was executed next, one candidate stays all the same. B is the batch, N the
number of candidates.

What it does to the bootstrap: a maximum over next candidates becomes the expected maximum over a random subset that
holds the executed one. p = 0 is Q-learning, p = 1 SARSA, and in between the value of choosing the best among fewer, the
operator of expected-max Q-learning (EMaQ, arXiv 2007.11091) with p in the place of its number of samples. It can only
lower the target, most where the best candidate's value is the only high one.

What it does to a softmax over the set (`algorithms.listwise`): nothing in the end. Subsets that keep the executed one
have the same minimum, any p and N, as the odds of two candidates do not depend on the others.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from algorithms.batch import Batch


def thinned(batch: Batch, share: float, luck: Tensor) -> Batch:
    """The batch with a share of its candidates left out.

    Args:
        share: p, from 0 to 1.
        luck: (2, B, N) numbers in [0, 1), for the candidates and the next ones; those below `share` leave.
    """
    here, following = luck
    places = torch.arange(batch.mask.shape[1], device=batch.mask.device)
    executed = batch.chosen[:, None] == places
    mask = batch.mask & (executed | (here >= share))
    if not batch.next_mask.shape[1]:
        return dataclasses.replace(batch, mask=mask)
    # The luckiest stays where nothing was executed.
    luckiest = following.masked_fill(~batch.next_mask, -1.0).argmax(1)
    stays = batch.next_chosen.where(batch.next_chosen >= 0, luckiest)
    kept = (stays[:, None] == places) | (following >= share)
    return dataclasses.replace(batch, mask=mask, next_mask=batch.next_mask & kept)
