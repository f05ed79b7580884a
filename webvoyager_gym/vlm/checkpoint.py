"""What tells one frozen model from another: the content of its files, whatever it is called and wherever it lies."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from webvoyager_gym.vlm.prompt import PromptStyle

FILES = (
    "*.safetensors",
    "*.bin",
    "*.index.json",
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "chat_template.*",
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "*.model",
    "*.tiktoken",
    "prompt_style.json",
)
"""What a model is loaded from: weights, shapes, tokenizer, templates, and how it takes pictures and prompts."""


def checkpoint_digest(folder: Path) -> str:
    """SHA-256 of all that a model is loaded from; "" if its weights are not in that folder.

    A file is read once a process, unless it changes.
    """
    files = sorted({file for pattern in FILES for file in folder.glob(pattern) if file.is_file()})
    if not any(file.suffix in (".safetensors", ".bin") for file in files):
        return ""
    digest = hashlib.sha256()
    for file in files:
        stat = file.stat()
        digest.update(f"{file.name} {_file_digest(file.absolute(), stat.st_mtime_ns, stat.st_size)}\n".encode())
    return digest.hexdigest()


def embedding_digest(checkpoint: str, pooling: str, style: PromptStyle) -> str:
    """What decides a model's embeddings, in 16 digits; what only decides on its proposals or its speed is left out.

    Args:
        checkpoint: `checkpoint_digest`, or what stands for it where the files are not at hand.
    """
    return hashlib.sha256(json.dumps([checkpoint, pooling, asdict(style)]).encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=256)
def _file_digest(file: Path, modified: int, size: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
