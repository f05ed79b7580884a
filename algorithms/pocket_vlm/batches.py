"""From lessons to tensors. A batch takes a few pages with several goals each, so that pictures are encoded once."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import PreTrainedTokenizerFast

from algorithms.pocket_vlm.as_shown import as_shown
from algorithms.pocket_vlm.model import STYLE
from algorithms.pocket_vlm.pages import Lesson
from algorithms.pocket_vlm.tokenizer import without_quotes
from webvoyager_gym.vlm.prompt import outline_lines, user_parts

PATCH, MERGE = 14, 2
LENGTH_STEP = 28
"""Batches are padded to a multiple of so many tokens, so that compiled layers meet few lengths."""
IMAGE_MEAN = [0.48145466, 0.4578275, 0.40821073]
IMAGE_STD = [0.26862954, 0.26130258, 0.27577711]


@dataclass(frozen=True)
class Encoded:
    """A lesson as tokens.

    Attributes:
        ids: prompt token ids, one placeholder for each visual token.
        positions: (3, L) M-RoPE positions.
        crops: numbers of the marks whose pictures the prompt shows, in order.
        targets: token ids of each equally good action, the end token included.
    """

    ids: NDArray[np.int32]
    positions: NDArray[np.int32]
    crops: tuple[int, ...]
    targets: tuple[NDArray[np.int32], ...]


@dataclass(frozen=True)
class Batch:
    """B lessons on a few pages.

    Attributes:
        ids: (B, L) int64, right-padded.
        positions: (3, B, L) int64.
        labels: (B, L) int64, the token that follows, -100 outside the actions.
        repeats: (B, L) int64, the token that follows within the prompt where it followed the same token before, else
            -100: the places from which copying is learned.
        pixels, grid: patches and (t, h, w) of the pages' pictures.
        visual: (V,) int64, for each visual placeholder in `ids`, in order, the row among the encoded visual tokens.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    labels: torch.Tensor
    repeats: torch.Tensor
    pixels: torch.Tensor
    grid: torch.Tensor
    visual: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


def patches(image: Image.Image) -> NDArray[np.float32]:
    """(n, 1176) patches as `Qwen2VLImageProcessor` makes them of an image whose sides are multiples of 28."""
    mean, std = np.array(IMAGE_MEAN, np.float32), np.array(IMAGE_STD, np.float32)
    pixels = (np.asarray(image, np.float32) / np.float32(255) - mean) / std
    rows, columns = image.height // PATCH, image.width // PATCH
    tiles = pixels.transpose(2, 0, 1)[None].repeat(2, 0)
    tiles = tiles.reshape(1, 2, 3, rows // MERGE, MERGE, PATCH, columns // MERGE, MERGE, PATCH)
    flat = tiles.transpose(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(rows * columns, -1)
    return flat.astype(np.float32)


def mrope(runs: Sequence[tuple[int, int] | int]) -> NDArray[np.int32]:
    """(3, L) positions of a sequence of text runs (their length) and pictures (rows, columns of visual tokens)."""
    parts, at = [], 0
    for run in runs:
        if isinstance(run, int):
            parts.append(np.tile(np.arange(at, at + run), (3, 1)))
            at += run
        else:
            rows, columns = run
            row, column = np.divmod(np.arange(rows * columns), columns)
            parts.append(np.stack([np.full(rows * columns, at), at + row, at + column]))
            at += max(rows, columns)
    return np.concatenate(parts, 1).astype(np.int32)


class Encoder:
    """Turns lessons into tokens."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        self.tokenizer = tokenizer
        self.image, self.act, self.end = (
            int(tokenizer.convert_tokens_to_ids(text))  # type: ignore[arg-type]
            for text in ("<|image_pad|>", "<|act|>", "<|end|>")
        )
        width, height = STYLE.image_size or (0, 0)
        self.whole = (height // PATCH // MERGE, width // PATCH // MERGE)

    def encode(self, lesson: Lesson) -> Encoded:
        """The tokens of a lesson."""
        parts = user_parts(lesson.prompt, STYLE, lesson.pictures)
        numbers = {id(picture): mark for mark, picture in lesson.pictures.crops.items()}
        texts = iter(self._tokens([without_quotes(part) for part in parts if isinstance(part, str)]))
        ids: list[int] = []
        runs: list[tuple[int, int] | int] = []
        crops = []
        for part in parts:
            if isinstance(part, str):
                tokens = next(texts)
                ids += tokens
                runs.append(len(tokens))
            else:
                shape = self.whole if part is lesson.pictures.whole else (1, 1)
                crops += [] if part is lesson.pictures.whole else [numbers[id(part)]]
                ids += [self.image] * (shape[0] * shape[1])
                runs.append(shape)
        ids.append(self.act)
        runs.append(1)
        lines = outline_lines(lesson.prompt.view.outline, lesson.prompt.goal, STYLE)
        actions = [as_shown(action, lines) for action in lesson.actions]
        targets = tuple(np.array([*tokens, self.end], np.int32) for tokens in self._tokens(actions))
        return Encoded(np.array(ids, np.int32), mrope(runs), tuple(crops), targets)

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [list(ids) for ids in self.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]


def collate(
    lessons: Sequence[tuple[Lesson, Encoded]], choice: NDArray[np.float64], *, pad: int, image: int, longest: int = 476
) -> Batch:
    """A batch of lessons.

    Args:
        choice: (B,) in [0, 1), which of a lesson's equally good actions is taught.
        pad, image: ids of the padding token and of the visual placeholder.
        longest: longer lessons are left out.
    """
    rows: dict[tuple[int, int], int] = {}
    pixels: list[NDArray[np.float32]] = []
    grid: list[tuple[int, int, int]] = []
    visual_tokens = 0
    visual: list[int] = []

    def encode_picture(key: tuple[int, int], picture: Image.Image) -> int:
        nonlocal visual_tokens
        if key not in rows:
            rows[key] = visual_tokens
            pixels.append(patches(picture))
            grid.append((1, picture.height // PATCH, picture.width // PATCH))
            visual_tokens += len(pixels[-1]) // MERGE**2
        return rows[key]

    kept = []
    for (lesson, encoded), share in zip(lessons, choice, strict=True):
        target = encoded.targets[int(share * len(encoded.targets))]
        if len(encoded.ids) + len(target) > longest:
            continue
        kept.append((encoded, target))
        first = encode_picture((id(lesson.pictures), 0), lesson.pictures.whole)
        size = lesson.pictures.whole.width * lesson.pictures.whole.height // (PATCH * MERGE) ** 2
        visual += range(first, first + size)
        visual += [encode_picture((id(lesson.pictures), mark), lesson.pictures.crops[mark]) for mark in encoded.crops]
    length = max(len(encoded.ids) + len(target) for encoded, target in kept) - 1
    length = math.ceil(length / LENGTH_STEP) * LENGTH_STEP
    ids = np.full((len(kept), length), pad, np.int64)
    labels = np.full((len(kept), length), -100, np.int64)
    repeats = np.full((len(kept), length), -100, np.int64)
    positions = np.zeros((3, len(kept), length), np.int64)
    for row, (encoded, target) in enumerate(kept):
        prompt = len(encoded.ids)
        end = prompt + len(target) - 1
        ids[row, :prompt], ids[row, prompt:end] = encoded.ids, target[:-1]
        labels[row, prompt - 1 : end] = target
        repeats[row, :prompt] = np.where(encoded.ids == image, -100, repeated(encoded.ids))
        positions[:, row, :prompt] = encoded.positions
        positions[:, row, prompt:end] = encoded.positions.max() + 1 + np.arange(len(target) - 1)
    assert int((ids == image).sum()) == len(visual)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(positions),
        torch.from_numpy(labels),
        torch.from_numpy(repeats),
        torch.from_numpy(np.concatenate(pixels)),
        torch.tensor(grid),
        torch.tensor(visual),
    )


def repeated(ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """(L,) the next token where the same pair of tokens stood in the sequence before, else -100."""
    labels = np.full(len(ids), -100, np.int64)
    seen: set[tuple[int, int]] = set()
    for at, pair in enumerate(itertools.pairwise(ids.tolist())):
        if pair in seen:
            labels[at] = pair[1]
        seen.add(pair)
    return labels


def pages_of(lessons: Sequence[Lesson]) -> list[list[int]]:
    """Indices of the lessons of each page."""
    groups: dict[int, list[int]] = defaultdict(list)
    for index, lesson in enumerate(lessons):
        groups[id(lesson.pictures)].append(index)
    return list(groups.values())
