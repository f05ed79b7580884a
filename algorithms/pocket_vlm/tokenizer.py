"""The pocket VLM's tokenizer: byte-level BPE trained on train worlds, marks and specials one token each.

A word is the same token wherever it stands (after a space, a quote or a line break), which is what makes copying a
word from the goal into an action learnable for a small model.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from algorithms.pocket_vlm.model import STYLE
from algorithms.pocket_vlm.pages import Lesson
from webvoyager_gym.actions import KINDS
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.server import world_of
from webvoyager_gym.vlm.prompt import MOST_STARS, user_parts

SPECIALS = ("<|pad|>", "<|end|>", "<|act|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
MARKS = tuple(f"[{number}]" for number in range(1, 100))
STARS = tuple("*" * count for count in range(1, MOST_STARS + 1))
BREAKS = ("\n", '"', "“", "”")
"""Tokens of their own that swallow the spaces beside them."""
TEMPLATE = (
    "{%- for message in messages %}{%- if message.role == 'user' %}{%- for part in message.content %}"
    "{%- if part.type == 'image' %}<|image_pad|>{%- else %}{{ part.text | replace('\"', '') }}{%- endif %}"
    "{%- endfor %}<|act|>"
    "{%- elif message.role == 'assistant' %}{{ message.content }}<|end|>{%- endif %}{%- endfor %}"
)
"""The chat template: pictures in place, no system message, no quotes, `<|act|>` where the action begins."""


def without_quotes(text: str) -> str:
    """A prompt's text as the chat template passes it on."""
    return text.replace('"', "")


def train(texts: Iterable[str], size: int = 4096) -> PreTrainedTokenizerFast:
    """Train a tokenizer of `size` tokens in all."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(MARKS) - len(STARS) - len(BREAKS),
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIALS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    split = re.compile("|".join(map(re.escape, BREAKS)))
    tokenizer.train_from_iterator((piece for text in texts for piece in split.split(text)), trainer)
    tokenizer.add_tokens([AddedToken(text, lstrip=True, normalized=False) for text in MARKS])
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in STARS])
    tokenizer.add_tokens([AddedToken(text, lstrip=True, rstrip=True, normalized=False) for text in BREAKS])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        chat_template=TEMPLATE,
        extra_special_tokens={
            "image_token": "<|image_pad|>",
            "video_token": "<|video_pad|>",
            "vision_start_token": "<|vision_start|>",
            "vision_end_token": "<|vision_end|>",
        },
        clean_up_tokenization_spaces=False,
        model_max_length=4096,
    )


def world_texts(worlds: int = 60) -> Iterator[str]:
    """What train worlds say: every text in them, and the grammar."""
    for kind in KINDS.values():
        yield from kind.examples
    for name in SITES:
        site = load_site(name)
        for seed in range(worlds):
            for text in _strings(world_of(site, "train", seed)):
                yield f" {text}"


def lesson_texts(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Prompts and actions of gathered lessons."""
    for lesson in lessons:
        for part in user_parts(lesson.prompt, STYLE, lesson.pictures):
            if isinstance(part, str):
                yield without_quotes(part)
        yield from lesson.actions


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from _strings(getattr(value, part.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _strings(item)
