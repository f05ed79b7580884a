"""The network of the Decision Transformer over candidate sets."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from algorithms.d3rlpy_import import d3rlpy
from webvoyager_gym.q_network import Standardize


class CandidateTransformer(nn.Module):
    """Scores candidates by a history of returns, states and actions.

    Args:
        size: width D of an embedding.
        width: of the transformer.
        context: the most steps it reads, the present one among them.
        layers, heads: of the transformer.
    """

    def __init__(self, size: int, width: int, context: int, layers: int, heads: int) -> None:
        super().__init__()
        self.state_input, self.action_input = Standardize(size), Standardize(size)
        self.embed_return, self.embed_state, self.embed_action = (nn.Linear(into, width) for into in (1, size, size))
        self.embed_position = nn.Embedding(context, width)
        self.candidate_layer = nn.Linear(size, width)
        self.gpt = d3rlpy.models.torch.transformers.GPT2(
            layer_width=width,
            pre_activation_ff_hidden_size=4 * width,
            post_activation_ff_hidden_size=4 * width,
            num_heads=heads,
            context_size=3 * context - 1,
            num_layers=layers,
            attn_dropout=0.0,
            resid_dropout=0.0,
            embed_dropout=0.0,
            activation=nn.ReLU(),
        )

    def forward(
        self, returns: Tensor, states: Tensor, past_actions: Tensor, past_mask: Tensor, candidates: Tensor
    ) -> Tensor:
        """f (B, N) for returns (B, K + 1), states (B, K + 1, D), past actions (B, K, D), their mask, candidates."""
        steps = states.shape[1]
        position = self.embed_position(torch.arange(steps - 1, -1, -1, device=states.device))
        tokens = torch.stack(
            [
                self.embed_return(returns[..., None]) + position,
                self.embed_state(self.state_input(states)) + position,
                # The present action is what is asked for; its place is cut off below.
                self.embed_action(self.action_input(nn.functional.pad(past_actions, (0, 0, 0, 1)))) + position,
            ],
            2,
        ).flatten(1, 2)[:, :-1]
        # d3rlpy's mask is 1 for what must not be looked at.
        hidden = nn.functional.pad(~past_mask, (0, 1)).repeat_interleave(3, 1)[:, :-1]
        present = self.gpt(tokens.where(~hidden[..., None], 0.0), hidden.float())[:, -1]
        keys = self.candidate_layer(self.action_input(candidates))
        scores: Tensor = (keys @ present[..., None]).squeeze(-1) / present.shape[-1] ** 0.5
        return scores.float()
