"""Tiny models with random weights, saved to disk as a user's own checkpoint would be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import (
    Idefics3Config,
    Idefics3ForConditionalGeneration,
    Idefics3ImageProcessorPil,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLImageProcessorPil,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
    SmolVLMImageProcessorPil,
)

from webvoyager_gym.vlm import POCKET_FOLDER

TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {% for p in m['content'] %}{% if p['type'] == 'image' %}IMAGE"
    "{% else %}{{ p['text'] }}{% endif %}{% endfor %}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
)
TEXT: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
}


def _tokenizer(folder: Path, special: list[str], image: str) -> tuple[PreTrainedTokenizerFast, dict[str, int]]:
    tokenizer = PreTrainedTokenizerFast.from_pretrained(POCKET_FOLDER)
    tokenizer.add_special_tokens({"additional_special_tokens": special})
    tokenizer.chat_template = TEMPLATE.replace("IMAGE", image)
    tokenizer.save_pretrained(folder)
    ids = {name: int(tokenizer.convert_tokens_to_ids(name)) for name in special}
    return tokenizer, ids | {"end": int(tokenizer.eos_token_id), "pad": int(tokenizer.pad_token_id or 0)}


def qwen2_5_vl(folder: Path, *, width: int = 64, layers: int = 3, most_tokens: int = 64) -> Path:
    """Qwen2.5-VL: three-dimensional positions.

    Args:
        width, layers: of the language model.
        most_tokens: a picture is scaled down to so many visual tokens.
    """
    text = {**TEXT, "hidden_size": width, "intermediate_size": 3 * width // 2, "num_hidden_layers": layers}
    quarter = width // TEXT["num_attention_heads"] // 8
    text["rope_parameters"] = {
        "rope_type": "default",
        "rope_theta": 1e6,
        "mrope_section": [2 * quarter, quarter, quarter],
    }
    vision = {"hidden_size": width, "intermediate_size": 2 * width, "fullatt_block_indexes": [1]}
    return _qwen(folder, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, text, vision, most_tokens)


def qwen3_vl(folder: Path) -> Path:
    """Qwen3-VL: three-dimensional positions, and pictures that enter several layers."""
    text = {**TEXT, "head_dim": 16}
    text["rope_parameters"] = {
        "rope_type": "default",
        "rope_theta": 1e6,
        "mrope_section": [4, 2, 2],
        "mrope_interleaved": True,
    }
    vision = {"hidden_size": 32, "intermediate_size": 48, "deepstack_visual_indexes": [0, 1]}
    return _qwen(folder, Qwen3VLConfig, Qwen3VLForConditionalGeneration, text, vision, 64)


def _qwen(
    folder: Path,
    config_class: type,
    model_class: type,
    text: dict[str, Any],
    vision: dict[str, Any],
    most_tokens: int,
) -> Path:
    special = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    tokenizer, ids = _tokenizer(folder, special, "<|vision_start|><|image_pad|><|vision_end|>")
    torch.manual_seed(0)
    config = config_class(
        text_config={
            **text,
            "vocab_size": len(tokenizer),
            "eos_token_id": ids["end"],
            "pad_token_id": ids["pad"],
        },
        vision_config={
            **vision,
            "depth": 3,
            "num_heads": 2,
            "out_hidden_size": text["hidden_size"],
            "patch_size": 14,
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
    )
    model_class(config).save_pretrained(folder)
    area = 28 * 28
    Qwen2VLImageProcessorPil(size={"shortest_edge": area, "longest_edge": most_tokens * area}).save_pretrained(folder)
    return folder


def idefics3(folder: Path) -> Path:
    """Idefics3: one-dimensional positions."""
    return _idefics(folder, Idefics3Config, Idefics3ForConditionalGeneration, Idefics3ImageProcessorPil)


def smolvlm(folder: Path) -> Path:
    """SmolVLM, whose own processor asks for what only videos need."""
    return _idefics(folder, SmolVLMConfig, SmolVLMForConditionalGeneration, SmolVLMImageProcessorPil)


def _idefics(folder: Path, config_class: type, model_class: type, processor_class: type) -> Path:
    special = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>"]
    special += [f"<row_{row}_col_{column}>" for row in range(1, 7) for column in range(1, 7)]
    tokenizer, ids = _tokenizer(folder, special, "<image>")
    torch.manual_seed(0)
    config = config_class(
        text_config={
            "model_type": "llama",
            **TEXT,
            "vocab_size": len(tokenizer),
            "eos_token_id": ids["end"],
            "pad_token_id": ids["pad"],
        },
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 48,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": 56,
            "patch_size": 14,
        },
        image_token_id=ids["<image>"],
        scale_factor=2,
    )
    model_class(config).save_pretrained(folder)
    processor_class(
        do_image_splitting=False, size={"longest_edge": 56}, max_image_size={"longest_edge": 56}
    ).save_pretrained(folder)
    (folder / "processor_config.json").write_text('{"processor_class": "Idefics3Processor", "image_seq_len": 4}')
    return folder
