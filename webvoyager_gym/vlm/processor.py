"""Processors (chat template, tokenizer, image processor) of image-text-to-text models, with or without torchvision."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import transformers
from transformers import AutoConfig, AutoImageProcessor, AutoProcessor, AutoTokenizer
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES
from transformers.processing_utils import ProcessorMixin

# SmolVLM takes pictures as Idefics3 does; its own processor asks for what only videos need.
_AS = {"smolvlm": "Idefics3Processor"}


def load_processor(path: str | Path) -> Any:
    """The processor of a checkpoint.

    Without torchvision, transformers has no video processors and so refuses to load a processor that takes videos too;
    a subclass that takes pictures only does the same for pictures.
    """
    if importlib.util.find_spec("torchvision") is not None:
        return AutoProcessor.from_pretrained(path)
    tokenizer = AutoTokenizer.from_pretrained(path)
    images = AutoImageProcessor.from_pretrained(path, backend="pil")
    family = AutoConfig.from_pretrained(path).model_type
    kind = getattr(transformers, _AS.get(family) or PROCESSOR_MAPPING_NAMES[family])
    if "video_processor" not in kind.get_attributes():
        return kind(images, tokenizer, chat_template=tokenizer.chat_template, **_settings(Path(path)))
    return _images_only(kind, images, tokenizer)


def _settings(folder: Path) -> dict[str, Any]:
    """How many tokens a picture takes, where that is the processor's to know."""
    file = folder / "processor_config.json"
    values = json.loads(file.read_text()) if file.is_file() else {}
    return {"image_seq_len": values["image_seq_len"]} if "image_seq_len" in values else {}


def _images_only(kind: Any, image_processor: Any, tokenizer: Any) -> Any:
    class ImagesOnly(kind):
        """A Qwen processor less the part for videos."""

        def __init__(self, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None) -> None:
            names = {
                "image": "image_pad",
                "video": "video_pad",
                "vision_start": "vision_start",
                "vision_end": "vision_end",
            }
            for name, spelled in names.items():
                token = getattr(tokenizer, f"{name}_token", f"<|{spelled}|>")
                setattr(self, f"{name}_token", token)
                setattr(self, f"{name}_token_id", tokenizer.convert_tokens_to_ids(token))
            ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    ImagesOnly.__name__ = kind.__name__
    return ImagesOnly(image_processor, tokenizer, chat_template=tokenizer.chat_template)
