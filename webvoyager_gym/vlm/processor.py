"""Processors (chat template, tokenizer, image processor) of image-text-to-text models, with or without torchvision."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from transformers import AutoImageProcessor, AutoProcessor, AutoTokenizer
from transformers.processing_utils import ProcessorMixin


def load_processor(path: str | Path) -> Any:
    """The processor of a checkpoint.

    Without torchvision, transformers has no video processors and so refuses to load a Qwen-VL processor; a subclass
    that takes pictures only does the same for pictures.
    """
    if importlib.util.find_spec("torchvision") is not None:
        return AutoProcessor.from_pretrained(path)
    tokenizer = AutoTokenizer.from_pretrained(path)
    images = AutoImageProcessor.from_pretrained(path, backend="pil")
    return _images_only(images, tokenizer)


def _images_only(image_processor: Any, tokenizer: Any) -> Any:
    from transformers import Qwen2_5_VLProcessor

    class ImagesOnly(Qwen2_5_VLProcessor):
        """Qwen's processor less the part for videos."""

        def __init__(self, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None) -> None:
            for name in ("image", "video"):
                token = getattr(tokenizer, f"{name}_token", f"<|{name}_pad|>")
                setattr(self, f"{name}_token", token)
                setattr(self, f"{name}_token_id", tokenizer.convert_tokens_to_ids(token))
            ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    ImagesOnly.__name__ = Qwen2_5_VLProcessor.__name__
    return ImagesOnly(image_processor, tokenizer, chat_template=tokenizer.chat_template)
