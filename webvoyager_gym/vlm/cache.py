"""What a frozen VLM said, kept in a file: a rollout that was walked once is walked again without the model.

The model is loaded only when something is asked that the file does not know. Several processes may share a file; what
it says first is what everybody gets.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from webvoyager_gym.actions import parse
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.answer_file import Answer, AnswerFile
from webvoyager_gym.vlm.base import Cost, Embeddings, seed_of_each, shares
from webvoyager_gym.vlm.prompt import PICK, REQUESTS, system_text

_REQUESTS = {form: text.replace("{lead}", "") for form, text in REQUESTS.items()}
WORDING = hashlib.sha256(json.dumps([system_text(), _REQUESTS, PICK]).encode()).hexdigest()
"""What models are told beside the state. Answers to another wording are other answers."""
PROPERTIES = ("name", "draws", "size", "embedding_id")
"""What a model says of itself."""
_COUNTED = ("tokens_in", "tokens_out", "passes", "unreadable")


class CachedProposer:
    """A proposer whose answers are kept in a file, by model, prompt, number and seed.

    Attributes:
        name: the model's own.
        cost: what the answers took when they were first given; seconds are those that pass now.

    Args:
        file: SQLite; made if it is not there.
        model_id: what the model's answers are kept under; includes the content of its files if they are at hand.
        load: loads the model.

    Raises:
        InvalidFile: the file is something else.
    """

    def __init__(self, file: Path, model_id: str, load: Callable[[], Any]) -> None:
        self.cost = Cost()
        self._file = AnswerFile(file)
        self._id = model_id
        self._load = load

    @functools.cached_property
    def model(self) -> Any:
        """The model itself, loaded now if it was not needed before; what it says of itself is kept."""
        model = self._load()
        said = {what: getattr(model, what) for what in PROPERTIES if hasattr(model, what)}
        self._file.keep({self._property(what): Answer({what: value}) for what, value in said.items()})
        return model

    @property
    def name(self) -> str:
        return str(self._known("name"))

    @functools.cached_property
    def draws(self) -> bool:
        """As the model; see `Drawer`."""
        return bool(self._known("draws"))

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        """As the model; see `Proposer.propose`."""
        return self._candidates("propose", prompts, n, seed)

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """As the model; see `Sampler.sample`."""
        return self._candidates("sample", prompts, n, seed)

    def pick(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> list[int | None]:
        """As the model; see `Picker.pick`."""
        asked = [self._key("pick", prompt, _texts(row)) for prompt, row in zip(prompts, candidates, strict=True)]

        def pick(missing: list[int]) -> list[Answer]:
            picked = self.model.pick([prompts[i] for i in missing], [candidates[i] for i in missing])
            return [Answer({"picked": index}) for index in picked]

        return [answer.words["picked"] for answer in self._answers(asked, pick)]

    def _candidates(
        self, kind: str, prompts: Sequence[Prompt], n: int, seed: int | Sequence[int]
    ) -> list[list[Candidate]]:
        seeds = seed_of_each(seed, prompts)
        asked = [self._key(kind, prompt, n, own) for prompt, own in zip(prompts, seeds, strict=True)]

        def propose(missing: list[int]) -> list[Answer]:
            own = seed if isinstance(seed, int) else [seeds[i] for i in missing]
            rows = getattr(self.model, kind)([prompts[i] for i in missing], n, seed=own)
            return [Answer({"candidates": [(c.text, c.log_prob, c.thought) for c in row]}) for row in rows]

        return [
            [Candidate(parse(text), log_prob, thought) for text, log_prob, thought in answer.words["candidates"]]
            for answer in self._answers(asked, propose)
        ]

    def _key(self, kind: str, prompt: Prompt, *more: Any) -> bytes:
        return hashlib.sha256(json.dumps([self._id, WORDING, kind, prompt_digest(prompt), more]).encode()).digest()

    def _answers(self, keys: list[bytes], ask: Callable[[list[int]], list[Answer]]) -> list[Answer]:
        """The answers to the keys; those that the file does not know are asked for, in one batch, and kept."""
        started = time.perf_counter()
        known = self._file.read(keys)
        missing = [at for at, key in enumerate(keys) if key not in known]
        if missing:
            answers = ask(missing)
            costs = shares(self.model.cost.take(), len(missing))
            known |= self._file.keep(
                {
                    keys[at]: Answer(answer.words | {"cost": {name: share[name] for name in _COUNTED}}, answer.numbers)
                    for at, answer, share in zip(missing, answers, costs, strict=True)
                }
            )
        for key in keys:
            self.cost.book({**known[key].words["cost"], "seconds": 0.0})
        self.cost.seconds += time.perf_counter() - started
        return [known[key] for key in keys]

    def _known(self, what: str) -> Any:
        """A property of the model, from the file if that has it."""
        kept = self._file.read([self._property(what)])
        return kept[self._property(what)].words[what] if kept else getattr(self.model, what)

    def _property(self, what: str) -> bytes:
        return hashlib.sha256(json.dumps([self._id, "property", what]).encode()).digest()


class CachedVLM(CachedProposer):
    """A model that embeds too."""

    @property
    def size(self) -> int:
        """D, the width of an embedding."""
        return int(self._known("size"))

    @property
    def embedding_id(self) -> str:
        """What decides the embeddings."""
        return str(self._known("embedding_id"))

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        """As the model; see `Embedder.embed`."""
        asked = [self._key("embed", prompt, _texts(row)) for prompt, row in zip(prompts, candidates, strict=True)]

        def embed(missing: list[int]) -> list[Answer]:
            given = self.model.embed([prompts[i] for i in missing], [candidates[i] for i in missing])
            rows = zip(given.states, given.candidates, strict=True)
            return [Answer({}, np.concatenate([state[None], row]).astype("<f2").tobytes()) for state, row in rows]

        answers = self._answers(asked, embed)
        rows = [np.frombuffer(answer.numbers, "<f2").reshape(-1, self.size).astype(np.float16) for answer in answers]
        return Embeddings(np.stack([row[0] for row in rows]), [row[1:] for row in rows])


def prompt_digest(prompt: Prompt) -> str:
    """SHA-256 of all that a model may know of a state."""
    view = prompt.view
    said = [prompt.goal, prompt.history, prompt.last_error, prompt.step, prompt.max_steps]
    seen = [view.outline, view.url, view.title, view.scroll, view.screenshot.shape]
    digest = hashlib.sha256(json.dumps([said, seen, [asdict(mark) for mark in view.marks]]).encode())
    digest.update(view.screenshot.tobytes())
    return digest.hexdigest()


def _texts(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate.text for candidate in candidates]
