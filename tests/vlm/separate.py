"""One sequence through a model in a single pass, to compare with what is computed behind a shared prefix."""

from __future__ import annotations

import torch

from webvoyager_gym.types import Prompt
from webvoyager_gym.vlm.prompt import request
from webvoyager_gym.vlm.transformers_backend import TransformersVLM


@torch.inference_mode()
def full_pass(
    vlm: TransformersVLM, prompt: Prompt, text: str, asked: str = ""
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """A prompt, a request (for one action if empty) and a text behind them, encoded alone. The model counts positions.

    Returns:
        (L,) token ids, (L, H) last hidden states, and where the text begins.
    """
    encoder = vlm.encoder
    inputs = encoder.inputs([prompt])
    tails = [encoder.tail(asked or request(1)) if encoder.style.system else "", text]
    tokens = [torch.tensor([encoder.tokenizer(each, add_special_tokens=False)["input_ids"]]).long() for each in tails]
    ids = torch.cat([inputs["input_ids"], *tokens], 1)
    whole = dict(inputs, input_ids=ids, attention_mask=torch.ones_like(ids))
    if "mm_token_type_ids" in inputs:
        kinds = inputs["mm_token_type_ids"]
        whole["mm_token_type_ids"] = torch.cat([kinds, kinds.new_zeros(1, ids.shape[1] - kinds.shape[1])], 1)
    return ids[0], encoder.model.model(**whole).last_hidden_state[0], ids.shape[1] - tokens[1].shape[1]
