"""Loading a model of `transformers`: quietly, onto a device, with the prompt style that lies beside its weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers.utils import logging as transformers_logging

from webvoyager_gym.vlm.prompt import PromptStyle


@contextmanager
def quiet_loading() -> Iterator[None]:
    """No progress bar for weights that load in a moment."""
    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()


def best_device(device: str) -> str:
    """A device's name; "auto" is a GPU if there is one."""
    if device != "auto":
        return device
    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def read_style(folder: Path) -> PromptStyle:
    """How the model in a folder wants its prompts, from its `prompt_style.json`; the default if it has none."""
    file = folder / "prompt_style.json"
    if not file.is_file():
        return PromptStyle()
    values = json.loads(file.read_text())
    if values.get("image_size") is not None:
        values["image_size"] = tuple(values["image_size"])
    return PromptStyle(**values)
