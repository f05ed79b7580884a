"""Any image-text-to-text model of `transformers` as proposer and embedder; the pocket VLM is one of them.

The prompt (pictures, goal, history, outline) is encoded once; its key-value cache serves the search for actions and the
embeddings of all of them.
"""

from __future__ import annotations

import copy
import json
import math
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForImageTextToText, DynamicCache
from transformers.utils import logging as transformers_logging

from webvoyager_gym.errors import InfrastructureFailure, MissingDependency
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import FALLBACK, Cost, Embeddings
from webvoyager_gym.vlm.beam import Beam, beam_search
from webvoyager_gym.vlm.copying import Copying
from webvoyager_gym.vlm.parse import read_action
from webvoyager_gym.vlm.processor import load_processor
from webvoyager_gym.vlm.prompt import PromptStyle, outline_lines, system_text, user_parts

LONGEST_ACTION = 48
"""Longest action that is searched for, in tokens."""

# OpenMP's worker threads do not survive a fork: a parallel region in the child would wait for them for ever.
os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))

Pooling = Literal["last", "mean", "last+mean"]


@dataclass(frozen=True)
class _Prefix:
    """B encoded prompts, left-padded.

    Attributes:
        cache: keys and values; to be copied, never extended in place.
        mask: (B, L) 1 where there is a token.
        hidden: (B, L, H) last hidden states.
        next_position: (B,) position of the token that follows.
    """

    cache: DynamicCache
    mask: Tensor
    hidden: Tensor
    next_position: Tensor


class TransformersVLM:
    """A frozen model as `Proposer` and `Embedder`.

    Embeddings are last-layer hidden states (after the final norm), in float16. `pooling` says of which tokens: "last"
    is the token before the action for a state and the action's last token for a candidate; "mean" is the mean over the
    prompt's tokens and over the action's tokens; "last+mean" (the default) is both, one after the other.

    Args:
        path: a folder or hub id that `transformers` can load.
        device: "auto" for a GPU if there is one, else "cpu", "cuda:0", "mps", …
        dtype: of the weights; float32 on a CPU and bfloat16 elsewhere if None.
        style: how prompts are given; read from `prompt_style.json` in the folder if None.
        beams: width of the search for n actions; at least twice n is searched.
        pooling: see above.

    Raises:
        MissingDependency: there is no model at `path`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        device: str = "auto",
        dtype: torch.dtype | None = None,
        style: PromptStyle | None = None,
        beams: int = 8,
        pooling: Pooling = "last+mean",
        name: str | None = None,
    ) -> None:
        self.device = torch.device(_device(device))
        dtype = dtype or (torch.float32 if self.device.type == "cpu" else torch.bfloat16)
        try:
            with quiet_loading():
                model: Any = AutoModelForImageTextToText.from_pretrained(path, dtype=dtype)
                self._model = model.to(self.device).eval()
                self._processor = load_processor(path)
        except OSError as error:
            raise MissingDependency(
                f"There is no model at {str(path)!r}; give a folder or the id of a model on a hub that can be reached."
            ) from error
        self.style = style or _style(Path(path))
        self.name = name or f"transformers:{path}"
        self.pooling, self.beams = pooling, beams
        self.cost = Cost()
        self._tokenizer = self._processor.tokenizer
        self._end = int(self._tokenizer.eos_token_id)
        self._lock = threading.Lock()
        self._last: tuple[tuple[Prompt, ...], _Prefix] | None = None

    @property
    def size(self) -> int:
        """D, the width of an embedding."""
        return int(self._model.config.get_text_config().hidden_size) * (2 if self.pooling == "last+mean" else 1)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """At most n distinct executable actions for each prompt, by beam search, likeliest first.

        Spellings that mean the same action are merged and their probabilities added. The search is deterministic;
        `seed` is there for proposers that sample.
        """
        with self._working():
            prefix = self._prefix(prompts)
            found = self._search(prefix, prompts, max(self.beams, 2 * n), n)
            return [self._candidates(beams, prompt, n) for beams, prompt in zip(found, prompts, strict=True)]

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        """Embeddings of the states, and of each candidate given its state."""
        with self._working():
            prefix = self._prefix(prompts)
            mask = prefix.mask[..., None]
            means = (prefix.hidden * mask).sum(1) / mask.sum(1)
            states = self._pool(prefix.hidden[:, -1], means)
            rows = [row for row, group in enumerate(candidates) for _ in group]
            if not rows:
                return Embeddings(_half(states), [np.zeros((0, self.size), np.float16) for _ in candidates])
            texts = [candidate.text for group in candidates for candidate in group]
            embedded = _half(self._embed_actions(prefix, torch.tensor(rows, device=self.device), texts))
            ends = np.cumsum([len(group) for group in candidates])[:-1]
            return Embeddings(_half(states), np.split(embedded, ends))

    @contextmanager
    def _working(self) -> Iterator[None]:
        started = time.perf_counter()
        with self._lock, torch.inference_mode():
            try:
                yield
            except (RuntimeError, ValueError) as error:
                raise InfrastructureFailure("vlm", f"The model {self.name} failed: {error}") from error
            finally:
                self.cost.seconds += time.perf_counter() - started

    def _prefix(self, prompts: Sequence[Prompt]) -> _Prefix:
        """Encode prompts, or give back the last encoding if they are the same objects."""
        if self._last is not None and list(map(id, self._last[0])) == list(map(id, prompts)):
            return self._last[1]
        inputs = self._inputs(prompts)
        mask = inputs["attention_mask"]
        positions, _ = self._model.model.get_rope_index(
            inputs["input_ids"],
            inputs["mm_token_type_ids"],
            image_grid_thw=inputs.get("image_grid_thw"),
            attention_mask=mask,
        )
        output = self._model.model(**inputs, position_ids=positions, use_cache=True)
        self.cost.tokens_in += int(mask.sum())
        self.cost.passes += len(prompts)
        following = positions.masked_fill(mask[None] == 0, -1).amax((0, 2)) + 1
        prefix = _Prefix(output.past_key_values, mask, output.last_hidden_state, following)
        self._last = (tuple(prompts), prefix)
        return prefix

    def _inputs(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        texts, images = [], []
        for prompt in prompts:
            parts = user_parts(prompt, self.style)
            content = [{"type": "text", "text": part} if isinstance(part, str) else {"type": "image"} for part in parts]
            messages: list[dict[str, Any]] = [{"role": "user", "content": content}]
            if self.style.system:
                messages.insert(0, {"role": "system", "content": [{"type": "text", "text": system_text(1)}]})
            texts.append(self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
            images.append([part for part in parts if not isinstance(part, str)])
        inputs = self._processor(text=texts, images=images, padding=True, padding_side="left", return_tensors="pt")
        return {key: value.to(self.device) for key, value in inputs.items()}

    def _search(self, prefix: _Prefix, prompts: Sequence[Prompt], width: int, wanted: int) -> list[list[Beam]]:
        cache, mask, position = None, prefix.mask, prefix.next_position

        def forward(tokens: Tensor, parents: Tensor) -> Tensor:
            nonlocal cache, mask, position
            if cache is None:
                cache = copy.deepcopy(prefix.cache)
            cache.batch_select_indices(parents)
            mask = torch.cat([mask[parents], mask.new_ones(len(tokens), 1)], 1)
            position = position[parents]
            hidden = self._extend(cache, tokens[:, None], mask, position[:, None])
            position = position + 1
            self.cost.tokens_out += len(tokens)
            logits: Tensor = self._model.lm_head(hidden[:, -1])
            return logits

        first = self._model.lm_head(prefix.hidden[:, -1])
        allowed = None
        if self.style.copies:
            lines = [outline_lines(prompt.view.outline, prompt.goal, self.style) for prompt in prompts]
            rules = [Copying(self._tokenizer, *pair) for pair in zip(prompts, lines, strict=True)]
            allowed = lambda prompt, tokens: rules[prompt].allowed(tokens)  # noqa: E731
        return beam_search(
            first, forward, width=width, wanted=wanted, end=self._end, longest=LONGEST_ACTION, allowed=allowed
        )

    def _extend(self, cache: DynamicCache, tokens: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        """(rows, k, H) last hidden states of k more tokens a row; the cache grows by them."""
        output = self._model.model(
            input_ids=tokens,
            attention_mask=mask,
            position_ids=positions[None].expand(3, -1, -1),
            past_key_values=cache,
            use_cache=True,
        )
        hidden: Tensor = output.last_hidden_state
        return hidden

    def _embed_actions(self, prefix: _Prefix, rows: Tensor, texts: Sequence[str]) -> Tensor:
        """(C, D) embeddings of action texts, each behind the prefix in its row."""
        encoded = self._tokenizer(
            list(texts), add_special_tokens=False, padding=True, padding_side="right", return_tensors="pt"
        )
        tokens, there = encoded["input_ids"].to(self.device), encoded["attention_mask"].to(self.device)
        cache = copy.deepcopy(prefix.cache)
        cache.batch_select_indices(rows)
        positions = prefix.next_position[rows][:, None] + torch.arange(tokens.shape[1], device=self.device)
        hidden = self._extend(cache, tokens, torch.cat([prefix.mask[rows], there], 1), positions)
        self.cost.tokens_in += int(there.sum())
        last = hidden[torch.arange(len(rows), device=self.device), there.sum(1) - 1]
        return self._pool(last, (hidden * there[..., None]).sum(1) / there.sum(1, keepdim=True))

    def _pool(self, last: Tensor, mean: Tensor) -> Tensor:
        return (
            {"last": last, "mean": mean}[self.pooling] if self.pooling != "last+mean" else torch.cat([last, mean], -1)
        )

    def _candidates(self, beams: Sequence[Beam], prompt: Prompt, n: int) -> list[Candidate]:
        merged: dict[str, Candidate] = {}
        for beam in beams:
            action = read_action(self._tokenizer.decode(beam.tokens), prompt.view)
            if action is None:
                continue
            before = merged.get(action.text)
            total = beam.log_prob if before is None else float(np.logaddexp(before.log_prob, beam.log_prob))
            merged[action.text] = Candidate(action, min(total, 0.0))
        ranked = sorted(merged.values(), key=lambda candidate: -candidate.log_prob)[:n]
        return ranked or [Candidate(FALLBACK, math.nan)]


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


def _half(values: Tensor) -> Any:
    return values.to(torch.float16).cpu().numpy()


def _device(device: str) -> str:
    if device != "auto":
        return device
    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _style(folder: Path) -> PromptStyle:
    file = folder / "prompt_style.json"
    if not file.is_file():
        return PromptStyle()
    values = json.loads(file.read_text())
    if values.get("image_size") is not None:
        values["image_size"] = tuple(values["image_size"])
    return PromptStyle(**values)
