"""Prompts through a model of `transformers`: each state is encoded once, whatever is asked about it afterwards.

A state is the picture, the goal, the history and the outline. What is asked about it (one action, a list of actions, a
choice among candidates) stands behind it, so that its key-value cache serves them all and the embeddings of actions.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache

from webvoyager_gym.types import Prompt
from webvoyager_gym.vlm.base import Cost
from webvoyager_gym.vlm.beam import Forward
from webvoyager_gym.vlm.packing import packed_rows
from webvoyager_gym.vlm.prompt import Part, PromptStyle, system_text, user_parts

_REQUEST = "@@REQUEST@@"


@dataclass(frozen=True)
class Encoding:
    """B encoded sequences, padded so that their last tokens stand last.

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

    @property
    def last(self) -> Tensor:
        """(B, H) hidden states of the last tokens."""
        return self.hidden[:, -1]

    @property
    def mean(self) -> Tensor:
        """(B, H) means over the hidden states of all tokens."""
        mask = self.mask[..., None]
        return (self.hidden * mask).sum(1) / mask.sum(1)


def shared(cache: DynamicCache) -> DynamicCache:
    """A cache that begins with the same keys and values; nothing is copied, since what grows is made anew."""
    grown = copy.copy(cache)
    grown.layers = [copy.copy(layer) for layer in cache.layers]
    return grown


class PromptEncoder:
    """A model with its processor, as what turns prompts into hidden states.

    Args:
        model, processor: as `transformers` loads them.
        style: how prompts are given. One without a system message gets no requests either: such a model was trained to
            do one thing.
        cost: where tokens and passes are counted.
    """

    def __init__(self, model: Any, processor: Any, style: PromptStyle, cost: Cost) -> None:
        self.model, self.processor, self.style, self.cost = model, processor, style, cost
        self.tokenizer = processor.tokenizer
        if self.tokenizer.pad_token_id is None:
            # What it is does not matter: padding is masked.
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.device = model.device
        self.head = model.get_output_embeddings()
        self._turns_in_three = hasattr(model.model, "get_rope_index")
        self._prompts: tuple[Prompt, ...] = ()
        self._state: Encoding | None = None
        self._asked: tuple[tuple[str, ...], Encoding] | None = None

    def ask(self, prompts: Sequence[Prompt], requests: Sequence[str]) -> Encoding:
        """The states with what is asked about each behind it.

        The last states are kept, and what was asked about them last: for the same objects nothing is encoded again.
        """
        if self._state is None or list(map(id, self._prompts)) != list(map(id, prompts)):
            self._state = self._encode(prompts)
            self._prompts, self._asked = tuple(prompts), None
        if not self.style.system:
            return self._state
        key = tuple(requests)
        if self._asked is None or self._asked[0] != key:
            # One at a time: each holds a key-value cache of its own.
            self._asked = None
            self._asked = key, self._follow(self._state, [self.tail(request) for request in requests])
        return self._asked[1]

    def forget(self) -> None:
        """Let go of the last states."""
        self._state, self._prompts, self._asked = None, (), None

    def logits(self, encoding: Encoding) -> Tensor:
        """(B, V) of the tokens that follow."""
        logits: Tensor = self.head(encoding.last)
        return logits

    def forward(self, encoding: Encoding) -> Forward:
        """What appends tokens behind an encoding, which stays as it is."""
        cache, mask, position = None, encoding.mask, encoding.next_position

        def forward(tokens: Tensor, parents: Tensor) -> Tensor:
            nonlocal cache, mask, position
            if cache is None:
                cache = shared(encoding.cache)
            cache.batch_select_indices(parents)
            mask = torch.cat([mask[parents], mask.new_ones(len(tokens), 1)], 1)
            position = position[parents]
            hidden = self._extend(cache, tokens[:, None], mask, position[:, None])
            position = position + 1
            self.cost.tokens_out += len(tokens)
            logits: Tensor = self.head(hidden[:, -1])
            return logits

        return forward

    def behind(self, encoding: Encoding, rows: Sequence[int], texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Hidden states of texts, each behind the sequence in its row of an encoding.

        The texts of a row lie in one sequence, where each sees the encoding and itself: keys and values are not copied.

        Returns:
            (C, H) of the last tokens, and (C, H) means over the tokens.
        """
        pieces = self.tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        packed = packed_rows([len(piece) for piece in pieces], rows, len(encoding.mask)).to(self.device)
        ours = packed.text >= 0
        tokens = torch.full_like(packed.text, int(self.tokenizer.pad_token_id))
        for piece, row, place in zip(pieces, rows, packed.first.tolist(), strict=True):
            tokens[row, place : place + len(piece)] = torch.tensor(piece, device=self.device)
        positions = encoding.next_position[:, None] + packed.place
        hidden = self._extend(shared(encoding.cache), tokens, self._additive(packed.sees(encoding.mask)), positions)
        self.cost.tokens_in += int(ours.sum())
        sums = hidden.new_zeros(len(texts), hidden.shape[-1]).index_add_(0, packed.text[ours], hidden[ours])
        counts = torch.tensor([len(piece) for piece in pieces], device=self.device)
        last = hidden[torch.tensor(rows, device=self.device), packed.first + counts - 1]
        return last, sums / counts[:, None]

    def inputs(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        """What the model takes for the states alone, as a left-padded batch."""
        messages = [user_parts(prompt, self.style) for prompt in prompts]
        inputs = self.processor(
            text=[self._rendered(parts)[0] for parts in messages],
            images=[[part for part in parts if not isinstance(part, str)] for parts in messages],
            padding=True,
            padding_side="left",
            return_tensors="pt",
        )
        return {key: value.to(self.device) for key, value in inputs.items()}

    def conversation(self, system: str, parts: Sequence[Part]) -> dict[str, Tensor]:
        """What the model takes for a system message and a user's, up to where its turn begins."""
        text = self._templated(_content(parts), system)
        images = [part for part in parts if not isinstance(part, str)]
        inputs = self.processor(text=[text], images=[images] if images else None, return_tensors="pt")
        return {key: value.to(self.device) for key, value in inputs.items()}

    def tail(self, request: str) -> str:
        """What stands behind a state when this is asked about it, up to where the model's turn begins."""
        return request + self._rendered([])[1]

    def _rendered(self, parts: Sequence[Part]) -> tuple[str, str]:
        """A conversation as text up to the place for a request, with a placeholder for each picture, and after it."""
        content = _content(parts)
        if self.style.system:
            content.append({"type": "text", "text": _REQUEST})
        text = self._templated(content, system_text() if self.style.system else "")
        before, separator, after = text.rpartition(_REQUEST)
        return (before, after) if separator else (text, "")

    def _templated(self, content: list[dict[str, str]], system: str) -> str:
        """A user's message as the model's own template writes it, behind a system message if there is one."""
        messages: list[dict[str, Any]] = [{"role": "user", "content": content}]
        if system:
            messages.insert(0, {"role": "system", "content": [{"type": "text", "text": system}]})
        text: str = self.tokenizer.apply_chat_template(
            messages,
            chat_template=self.tokenizer.chat_template or self.processor.chat_template,
            tokenize=False,
            add_generation_prompt=True,
        )
        return text

    def _encode(self, prompts: Sequence[Prompt]) -> Encoding:
        inputs = self.inputs(prompts)
        mask = inputs["attention_mask"]
        positions = self._positions(inputs)
        output = self.model.model(**inputs, position_ids=positions, use_cache=True)
        self.cost.tokens_in += int(mask.sum())
        self.cost.passes += len(prompts)
        planes = positions if positions.dim() == 3 else positions[None]
        following = planes.masked_fill(mask[None] == 0, -1).amax((0, 2)) + 1
        return Encoding(output.past_key_values, mask, output.last_hidden_state, following)

    def _follow(self, encoding: Encoding, texts: Sequence[str]) -> Encoding:
        """An encoding with more text behind each of its sequences."""
        encoded = self.tokenizer(
            list(texts), add_special_tokens=False, padding=True, padding_side="left", return_tensors="pt"
        )
        tokens, there = encoded["input_ids"].to(self.device), encoded["attention_mask"].to(self.device)
        cache = shared(encoding.cache)
        mask = torch.cat([encoding.mask, there], 1)
        positions = encoding.next_position[:, None] + (there.cumsum(-1) - 1).clamp(min=0)
        hidden = self._extend(cache, tokens, mask, positions)
        self.cost.tokens_in += int(there.sum())
        return Encoding(cache, mask, torch.cat([encoding.hidden, hidden], 1), encoding.next_position + there.sum(1))

    def _additive(self, sees: Tensor) -> Tensor:
        """(B, 1, S, T) what is added to attention's scores, from (B, S, T) who sees whom."""
        dtype = self.model.dtype
        return torch.zeros_like(sees, dtype=dtype).masked_fill_(~sees, torch.finfo(dtype).min)[:, None]

    def _extend(self, cache: DynamicCache, tokens: Tensor, mask: Tensor, positions: Tensor) -> Tensor:
        """(rows, k, H) last hidden states of k more tokens a row; the cache grows by them.

        Args:
            mask: (rows, T) 1 where there is a token, or (rows, 1, k, T) what is added to attention's scores.
        """
        output = self.model.model(
            input_ids=tokens,
            attention_mask=mask,
            position_ids=positions[None].expand(3, -1, -1) if self._turns_in_three else positions,
            past_key_values=cache,
            use_cache=True,
        )
        hidden: Tensor = output.last_hidden_state
        return hidden

    def _positions(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """(3, B, L) positions in time, height and width for models that turn their keys so, else (B, L)."""
        mask = inputs["attention_mask"]
        if not self._turns_in_three:
            return (mask.cumsum(-1) - 1).clamp(min=0)
        positions: Tensor = self.model.model.get_rope_index(
            inputs["input_ids"],
            inputs["mm_token_type_ids"],
            image_grid_thw=inputs.get("image_grid_thw"),
            attention_mask=mask,
        )[0]
        return positions


def _content(parts: Sequence[Part]) -> list[dict[str, str]]:
    """A message's content, with a placeholder for each picture."""
    return [{"type": "text", "text": part} if isinstance(part, str) else {"type": "image"} for part in parts]
