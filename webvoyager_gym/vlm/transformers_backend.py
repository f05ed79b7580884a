"""Any image-text-to-text model of `transformers` as proposer and embedder; the pocket VLM is one of them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self, get_args

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForImageTextToText

from webvoyager_gym.errors import InfrastructureFailure, MissingDependency
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import FALLBACK, Cost, Embeddings, seed_of_each
from webvoyager_gym.vlm.beam import Allowed, Beam, beam_search
from webvoyager_gym.vlm.checkpoint import checkpoint_digest, embedding_digest
from webvoyager_gym.vlm.copying import Copying
from webvoyager_gym.vlm.encoding import Encoding, PromptEncoder
from webvoyager_gym.vlm.loading import best_device, quiet_loading, read_style
from webvoyager_gym.vlm.names import InvalidModelName, typed
from webvoyager_gym.vlm.parse import merged, read_action, read_pick, read_reply
from webvoyager_gym.vlm.processor import load_processor
from webvoyager_gym.vlm.prompt import Form, Part, PromptStyle, outline_lines, pick_request, request
from webvoyager_gym.vlm.ranking import ranked
from webvoyager_gym.vlm.wordings import MOST_WORDINGS, mixed, retold
from webvoyager_gym.vlm.writing import Written, write

LONGEST_ACTION = 48
"""Longest action that is searched for or sampled, in tokens."""
LONGEST_PICK = 96
"""Longest reply with a pick, in tokens."""
RANKED = 4
"""So many more actions than asked for are searched where a style puts them in another order."""
LONGEST_REPLY = 512
"""Longest reply with several actions and their thoughts, in tokens."""
SEEDS_APART = 1_000_003
"""Between the seeds with which two wordings are sampled."""

# OpenMP's worker threads do not survive a fork: a parallel region in the child would wait for them for ever.
os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))

Pooling = Literal["last", "mean", "last+mean"]
Strategy = Literal["beam", "list", "sample"]

OPTIONS: dict[str, type] = {
    "strategy": str,
    "temperature": float,
    "beams": int,
    "wordings": int,
    "pooling": str,
    "device": str,
}
"""What may follow the path in a name, as arguments of `TransformersVLM`."""


class TransformersVLM:
    """A frozen model as `Proposer` and `Embedder`.

    A state is encoded once: its key-value cache serves the search for actions, samples, lists, picks and embeddings.

    Embeddings are last-layer hidden states (after the final norm), in float16, where the model was asked for one action
    and would now write it. `pooling` says of which tokens: "last" is the token before the action for a state and the
    action's last token for a candidate; "mean" is the mean over the prompt's tokens and over the action's tokens;
    "last+mean" (the default) is both, one after the other.

    Args:
        path: a folder or hub id that `transformers` can load.
        device: "auto" for a GPU if there is one, else "cpu", "cuda:0", "mps", …
        dtype: of the weights; float32 on a CPU and bfloat16 elsewhere if None.
        style: how prompts are given; read from `prompt_style.json` in the folder if None.
        strategy: "beam" searches for the likeliest actions; "list" asks for all of them in one reply, each with a
            thought; "sample" draws n replies of one action each.
        temperature: of "sample" and `sample`; above 0. A list is what is likeliest at each token.
        beams: width of the search for n actions; at least twice n is searched.
        wordings: in how many wordings the model is asked for actions, see `webvoyager_gym.vlm.wordings`.
        pooling: see above.

    Log-probabilities are the model's own, at temperature 1: those of a whole action for "beam" and "sample", and those
    of its words given the reply before them for "list".

    Raises:
        MissingDependency: there is no model at `path`.
        InvalidModelName: an option makes no sense.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        device: str = "auto",
        dtype: torch.dtype | None = None,
        style: PromptStyle | None = None,
        strategy: str = "beam",
        temperature: float = 1.0,
        beams: int = 8,
        wordings: int = 1,
        pooling: str = "last+mean",
        name: str | None = None,
    ) -> None:
        if strategy not in get_args(Strategy) or pooling not in get_args(Pooling) or temperature <= 0 or beams < 1:
            raise InvalidModelName(
                f"strategy={strategy}, pooling={pooling}, temperature={temperature:g}, beams={beams} cannot be: the "
                f"strategy is one of {', '.join(get_args(Strategy))}, the pooling one of "
                f"{', '.join(get_args(Pooling))}, the temperature above 0 and beams at least 1."
            )
        self.device = torch.device(best_device(device))
        dtype = dtype or (torch.float32 if self.device.type == "cpu" else torch.bfloat16)
        try:
            with quiet_loading():
                model: Any = AutoModelForImageTextToText.from_pretrained(path, dtype=dtype)
                model = model.to(self.device).eval()
                processor = load_processor(path)
        except OSError as error:
            raise MissingDependency(
                f"There is no model at {str(path)!r}; give a folder or the id of a model on a hub that can be reached."
            ) from error
        self.style = style or read_style(Path(path))
        # Of a model from a hub, its revision there stands for its files.
        content = checkpoint_digest(Path(path)) or f"{path} {getattr(model.config, '_commit_hash', None)}"
        self.embedding_id = embedding_digest(content, pooling, self.style)
        if not 1 <= wordings <= MOST_WORDINGS:
            raise InvalidModelName(f"wordings={wordings} cannot be; it has to be from 1 to {MOST_WORDINGS}.")
        self.name = name or f"transformers:{path}"
        self.strategy, self.temperature = strategy, temperature
        self.pooling, self.beams, self.wordings = pooling, beams, wordings
        self.cost = Cost()
        self.encoder = PromptEncoder(model, processor, self.style, self.cost)
        self._tokenizer = processor.tokenizer
        self._end = int(self._tokenizer.eos_token_id)
        # Models may have been taught to end their turn with another token than the tokenizer's.
        ends = model.generation_config.eos_token_id
        self._ends = {self._end, *(ends if isinstance(ends, list) else [ends] if ends is not None else [])}
        self._lock = threading.Lock()

    @classmethod
    def named(cls, name: str, path: str, options: Mapping[str, str]) -> Self:
        """From the parts of a name; see `webvoyager_gym.vlm.load_proposer`.

        Raises:
            NotFound: there is no such option.
        """
        return cls(path, name=name, **typed(options, OPTIONS))

    @property
    def size(self) -> int:
        """D, the width of an embedding."""
        return int(self.encoder.model.config.get_text_config().hidden_size) * (2 if self.pooling == "last+mean" else 1)

    @property
    def draws(self) -> bool:
        """Whether the seed decides on the proposals."""
        return self.strategy == "sample"

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        """At most n distinct executable actions for each prompt, as the strategy says, likeliest first.

        A style may leave out actions that a search found, and put others later (`webvoyager_gym.vlm.ranking`).
        Spellings that mean the same action are merged and their probabilities added; a list keeps its own order. With
        several wordings every one has as many actions searched, listed or drawn. A prompt for which nothing can be
        executed is given `FALLBACK`, which is counted in `cost.unreadable`. Only "sample" draws; equal seeds then give
        equal candidates, whatever other prompts are in the batch.
        """
        with self._working():
            # The plain one last: it is then still there to be embedded.
            said = [self._worded(prompts, n, seed, wording) for wording in reversed(range(self.wordings))]
            found = [mixed(groups, by_rank=self.strategy == "list") for groups in zip(*reversed(said), strict=True)]
            if self.strategy == "beam":
                found = [ranked(group, each, self.style) for group, each in zip(found, prompts, strict=True)]
            self.cost.unreadable += sum(not group for group in found)
            return [group[:n] or [Candidate(FALLBACK)] for group in found]

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """n draws of one action at the model's temperature; repeats are kept, what cannot be executed left out."""
        with self._working():
            drawn = self._draw(prompts, n, seed)
            return [
                [each for reply in group for each in self._candidates([reply], prompt)]
                for group, prompt in zip(drawn, prompts, strict=True)
            ]

    def pick(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> list[int | None]:
        """For each prompt the index of the candidate that the model picks when it is shown them; None if unreadable.

        A model that takes no requests (its style has no system message) writes its next action instead, which picks the
        candidate that it is.
        """
        with self._working():
            asked = [pick_request(prompt, group) for prompt, group in zip(prompts, candidates, strict=True)]
            replies = self._write(self.encoder.ask(prompts, asked), 1, LONGEST_PICK, None, None)
            texts = [self._tokenizer.decode(group[0].tokens) for group in replies]
            return [read_pick(text, group) for text, group in zip(texts, candidates, strict=True)]

    def write(
        self,
        system: str,
        parts: Sequence[Part],
        *,
        schema: dict[str, Any] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> str:
        """One reply to a user's message. The schema is not enforced, so the message has to say what is wanted."""
        with self._working():
            inputs = self.encoder.conversation(system, parts)
            settings = {"do_sample": True, "temperature": temperature} if temperature > 0 else {"do_sample": False}
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                tokens = self.encoder.model.generate(**inputs, max_new_tokens=LONGEST_REPLY, **settings)
            written = tokens[0, inputs["input_ids"].shape[1] :]
            self.cost.tokens_in += int(inputs["input_ids"].shape[1])
            self.cost.tokens_out += len(written)
            self.cost.passes += 1
            return str(self._tokenizer.decode(written, skip_special_tokens=True))

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        """Embeddings of the states, and of each candidate given its state."""
        with self._working():
            encoding = self._asked(prompts, 1, "bare")
            states = _half(self._pool(encoding.last, encoding.mean))
            rows = [row for row, group in enumerate(candidates) for _ in group]
            if not rows:
                return Embeddings(states, [np.zeros((0, self.size), np.float16) for _ in candidates])
            texts = [candidate.text for group in candidates for candidate in group]
            embedded = _half(self._pool(*self.encoder.behind(encoding, rows, texts)))
            ends = np.cumsum([len(group) for group in candidates])[:-1]
            return Embeddings(states, np.split(embedded, ends))

    @contextmanager
    def _working(self) -> Iterator[None]:
        started = time.perf_counter()
        with self._lock, torch.inference_mode():
            try:
                yield
            # Tokenizers raise TypeError for what is no text, such as half a character.
            except (RuntimeError, ValueError, TypeError) as error:
                raise InfrastructureFailure("vlm", f"The model {self.name} failed: {error}") from error
            finally:
                self.cost.seconds += time.perf_counter() - started

    def _asked(self, prompts: Sequence[Prompt], n: int, form: Form, wording: int = 0) -> Encoding:
        return self.encoder.ask(prompts, [request(n, form, wording)] * len(prompts))

    def _worded(
        self, prompts: Sequence[Prompt], n: int, seed: int | Sequence[int], wording: int
    ) -> list[list[Candidate]]:
        """Candidates of each prompt by one wording, in the order of the strategy."""
        told = prompts if self.style.system else [retold(prompt, wording) for prompt in prompts]
        if self.strategy == "list":
            return self._list(told, n, wording)
        if self.strategy == "sample":
            # Equal numbers would make equal words of distributions that hardly differ.
            seeds = [each + wording * SEEDS_APART for each in seed_of_each(seed, prompts)]
            drawn = [list(dict.fromkeys(group)) for group in self._draw(told, n, seeds, wording)]
        else:
            # What is ranked lower than it is likely has to be found first.
            ranks = self.style.skips_idle or self.style.repetition_penalty > 0
            drawn = self._search(told, max(self.beams, 2 * n), n + RANKED if ranks else n, wording)
        return [self._candidates(group, each) for group, each in zip(drawn, prompts, strict=True)]

    def _search(self, prompts: Sequence[Prompt], width: int, wanted: int, wording: int) -> list[list[Beam]]:
        encoding = self._asked(prompts, 1, "bare", wording)
        return beam_search(
            self.encoder.logits(encoding),
            self.encoder.forward(encoding),
            width=width,
            wanted=wanted,
            end=self._end,
            longest=LONGEST_ACTION,
            allowed=self._allowed(prompts),
        )

    def _allowed(self, prompts: Sequence[Prompt]) -> Allowed | None:
        if not self.style.copies:
            return None
        lines = [outline_lines(prompt.view.outline, prompt.goal, self.style) for prompt in prompts]
        rules = [Copying(self._tokenizer, *pair) for pair in zip(prompts, lines, strict=True)]
        return lambda prompt, tokens: rules[prompt].allowed(tokens)

    def _draw(self, prompts: Sequence[Prompt], n: int, seed: int | Sequence[int], wording: int = 0) -> list[list[Beam]]:
        """n samples of one action for each prompt."""
        draws = [torch.Generator().manual_seed(each) for each in seed_of_each(seed, prompts)]
        asked = self._asked(prompts, 1, "bare", wording)
        written = self._write(asked, n, LONGEST_ACTION, draws, self._allowed(prompts))
        return [[Beam(each.tokens, sum(each.log_probs)) for each in group if each.ended] for group in written]

    def _list(self, prompts: Sequence[Prompt], n: int, wording: int) -> list[list[Candidate]]:
        written = self._write(self._asked(prompts, n, "lines", wording), 1, LONGEST_REPLY, None, None)
        found = []
        for group, prompt in zip(written, prompts, strict=True):
            # Each token is what it adds to the text; a character split over tokens comes with its last one.
            texts = [self._tokenizer.decode(group[0].tokens[:end]) for end in range(len(group[0].tokens) + 1)]
            tokens = [
                (text[len(before) :], p) for before, text, p in zip(texts, texts[1:], group[0].log_probs, strict=False)
            ]
            found.append(read_reply(texts[-1], prompt.view, tokens))
        return found

    def _write(
        self,
        encoding: Encoding,
        copies: int,
        longest: int,
        draws: Sequence[torch.Generator] | None,
        allowed: Allowed | None,
    ) -> list[list[Written]]:
        return write(
            self.encoder.logits(encoding),
            self.encoder.forward(encoding),
            copies=copies,
            ends=self._ends,
            longest=longest,
            temperature=self.temperature,
            draws=draws,
            allowed=allowed,
        )

    def _pool(self, last: Tensor, mean: Tensor) -> Tensor:
        return (
            {"last": last, "mean": mean}[self.pooling] if self.pooling != "last+mean" else torch.cat([last, mean], -1)
        )

    def _candidates(self, replies: Sequence[Beam], prompt: Prompt) -> list[Candidate]:
        """The executable ones of different replies with one action each, likeliest first."""
        read = [(read_action(self._tokenizer.decode(reply.tokens), prompt.view), reply.log_prob) for reply in replies]
        found = merged(Candidate(action, log_prob) for action, log_prob in read if action is not None)
        return sorted(found, key=lambda candidate: -candidate.log_prob)


def _half(values: Tensor) -> Any:
    return values.to(torch.float16).cpu().numpy()
