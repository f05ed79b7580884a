"""The pocket VLM's architecture: Qwen2.5-VL's classes at a size that trains on a CPU."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

from algorithms.pocket_vlm.circuits import wire_copying
from webvoyager_gym.vlm.prompt import PromptStyle

STYLE = PromptStyle(
    system=False,
    image_size=(112, 84),
    crop_limit=56,
    crop_size=28,
    max_crops=24,
    outline_words=120,
    line_length=140,
    max_history=4,
    copies=True,
    skips_idle=True,
    repetition_penalty=1.5,
)
"""How the pocket VLM takes its prompts: the page at 4 x 3 visual tokens, each small mark as one more."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and depth of the language model and the vision tower."""

    width: int = 128
    layers: int = 4
    feed_forward: int = 384
    heads: int = 4
    key_value_heads: int = 4
    vision_width: int = 64
    vision_layers: int = 2
    vision_heads: int = 2


SIZES = {
    "small": Size(width=64, layers=2, feed_forward=192, heads=2, key_value_heads=2, vision_width=32, vision_layers=1),
    "base": Size(),
    "large": Size(width=256, layers=6, feed_forward=768, heads=8, key_value_heads=8, vision_width=96, vision_layers=3),
}
"""The shipped size, and a smaller and a larger one to compare embeddings with."""


def build(
    tokenizer: PreTrainedTokenizerFast, size: Size = Size(), *, seed: int = 0
) -> Qwen2_5_VLForConditionalGeneration:
    """An untrained pocket VLM.

    The initialiser's scale is 1/sqrt(width): at this width Qwen's own 0.02 does not learn to point at elements. Copying
    heads are wired (see `circuits.py`).

    Args:
        seed: of the weights.
    """
    torch.manual_seed(seed)
    half = size.width // size.heads // 2
    third = half // 3

    def token(text: str) -> int:
        return int(tokenizer.convert_tokens_to_ids(text))  # type: ignore[arg-type]

    config = Qwen2_5_VLConfig(
        text_config={
            "vocab_size": math.ceil(len(tokenizer) / 64) * 64,
            "hidden_size": size.width,
            "intermediate_size": size.feed_forward,
            "num_hidden_layers": size.layers,
            "num_attention_heads": size.heads,
            "num_key_value_heads": size.key_value_heads,
            "max_position_embeddings": 4096,
            "bos_token_id": None,
            "eos_token_id": token("<|end|>"),
            "pad_token_id": token("<|pad|>"),
            "initializer_range": 1 / math.sqrt(size.width),
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 1_000_000.0,
                "mrope_section": [half - 2 * third, third, third],
            },
        },
        vision_config={
            "depth": size.vision_layers,
            "hidden_size": size.vision_width,
            "intermediate_size": 2 * size.vision_width,
            "num_heads": size.vision_heads,
            "out_hidden_size": size.width,
            "window_size": 112,
            "fullatt_block_indexes": [size.vision_layers - 1],
            "initializer_range": 1 / math.sqrt(size.vision_width),
        },
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        tie_word_embeddings=True,
    )
    config.initializer_range = 1 / math.sqrt(size.width)
    model = Qwen2_5_VLForConditionalGeneration(config)
    wire_copying(model, torch.Generator().manual_seed(seed))
    return model


def parameters(model: torch.nn.Module) -> int:
    """How many parameters it has, tied ones counted once."""
    return sum(p.numel() for p in model.parameters())
