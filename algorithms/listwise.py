"""A listwise term over the candidate set, beside the squared error of a value method.

    mean of G / (N b(a | s)) * [ log sum_c exp Q(s, c) - Q(s, a) ],  c over the N candidates of s

G is the discounted return that followed, b the logged propensity. The squared error is spent mostly on how good a state
is; this term looks at nothing but differences within a set, which is all that choosing reads. It is the softmax
cross-entropy of listwise ranking (ListNet, Cao et al. 2007, doi 10.1145/1273496.1273513) with what was clicked, here
executed, weighted by its relevance over its propensity (arXiv 1608.04468).

Why the return over the propensity: where the policy that recorded the data takes c with b(c | s), the minimum is at
softmax(Q)(s, c) = E[G | s, c] / sum of these over the set. So the order is that of the values, whatever the recording
liked to take. The other weights that come to mind keep b in it: 1 for every executed candidate is the term of CQL
(softmax = b), 1 for those of successful episodes that of filtered behaviour cloning (softmax ~ b E[success]), and
exp(advantage / temperature), with which IQL extracts its policy, gives softmax ~ b exp(advantage / temperature). In
epsilon-greedy data b is highest for the VLM's first choice, which is the one that reranking is to improve on.

The divisor N makes the weight that of executing every candidate equally often, so that a weight of the term means the
same for sets of any size. A step with no success after it counts for nothing, nor does one whose return is not known.
"""

from __future__ import annotations

from torch import Tensor, nn

from algorithms.batch import CandidateBatch
from algorithms.candidate import Losses, ensemble_values
from algorithms.set_values import imitation_loss, mean_where
from webvoyager_gym.q_network import mask_values


def listwise_loss(values: Tensor, batch: CandidateBatch) -> Tensor:
    """The term () for values (..., B, N), -inf where there is no candidate; summed over the leading dimensions."""
    known = batch.return_known & batch.mask.gather(1, batch.chosen[:, None]).squeeze(1)
    relevance = batch.returns / (batch.mask.sum(1) * batch.propensity)
    each = imitation_loss(values, batch.chosen).reshape(-1, len(relevance)).sum(0)
    return mean_where(relevance.where(known, 0.0) * each.where(known, 0.0), known)


def with_listwise(losses: Losses, weight: float, q_funcs: nn.ModuleList, batch: CandidateBatch) -> Losses:
    """Losses with the term for an ensemble added; at weight 0 as they are, and nothing is computed."""
    if weight == 0.0:
        return losses
    values = mask_values(ensemble_values(q_funcs, batch.states, batch.candidates), batch.mask)
    term = listwise_loss(values, batch)
    loss, info = losses
    return loss + weight * term, {**info, "listwise_loss": term.detach()}
