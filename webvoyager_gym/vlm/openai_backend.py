"""Any OpenAI-compatible server as a proposer: OpenAI itself, vLLM, llama.cpp and others."""

from __future__ import annotations

import base64
import io
import math
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from PIL import Image

from webvoyager_gym.errors import MissingDependency
from webvoyager_gym.types import Candidate, Prompt
from webvoyager_gym.vlm.base import FALLBACK, Cost, seed_of_each
from webvoyager_gym.vlm.chat_client import Budget, ChatClient, Messages
from webvoyager_gym.vlm.chat_reply import Reply
from webvoyager_gym.vlm.names import InvalidModelName, typed
from webvoyager_gym.vlm.parse import read_pick, read_reply
from webvoyager_gym.vlm.prompt import (
    Part,
    PromptStyle,
    candidates_schema,
    pick_request,
    request,
    system_text,
    user_parts,
)
from webvoyager_gym.vlm.wordings import MOST_WORDINGS, interleaved, mixed

Strategy = Literal["list", "sample"]

OPTIONS: dict[str, type] = {
    "base_url": str,
    "strategy": str,
    "n": int,
    "wordings": int,
    "temperature": float,
    "images": bool,
    "max_tokens": int,
    "timeout": float,
    "deadline": float,
    "retries": int,
    "key_env": str,
    "budget_tokens": int,
    "budget_usd": float,
    "price_in": float,
    "price_out": float,
}
"""What may follow the model's name, as arguments of `OpenAIVLM`."""


class OpenAIVLM:
    """A model behind an OpenAI-compatible interface as `Proposer`. It gives no embeddings: take another backend's.

    The key is read from the environment and goes to the server only.

    Args:
        model: its name on the server.
        base_url: of the server, "http://127.0.0.1:8000/v1" say; OpenAI's own if None.
        strategy: "list" asks for all N actions in one reply, most promising first, each with a thought; "sample" draws
            replies with one action each.
        n: for "list", replies that are pooled: all first actions, then all second ones, and so on. Replies of a
            "sample" are as many as candidates are asked for.
        wordings: in how many wordings the model is asked, each as often, see `webvoyager_gym.vlm.wordings`.
        temperature: 0 if None for a single list, else 1.
        images: whether pictures are sent; a model without eyes gets the outline alone.
        max_tokens: of one reply.
        timeout, deadline: seconds for one attempt, and for a batch with all its attempts.
        retries: attempts after the first, on 429, 5xx, timeouts, broken connections and unusable answers.
        key_env: name of the environment variable with the key.
        budget_tokens, budget_usd, price_in, price_out: what one process may spend, in tokens or in US dollars at prices
            for a million tokens. The first request after it is spent raises BudgetExhausted.

    A candidate's log-probability is, for a list, that of the action's words given the reply before them, nan if the
    server does not say; for samples, the log of its share of the replies.

    Raises:
        MissingDependency: the client is not installed, or the key not set.
        InvalidModelName: an option makes no sense.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        strategy: str = "list",
        n: int = 1,
        wordings: int = 1,
        temperature: float | None = None,
        images: bool = True,
        max_tokens: int = 1024,
        timeout: float = 60.0,
        deadline: float = 240.0,
        retries: int = 6,
        backoff: float = 0.5,
        key_env: str = "OPENAI_API_KEY",
        budget_tokens: int | None = None,
        budget_usd: float | None = None,
        price_in: float = 0.0,
        price_out: float = 0.0,
        name: str | None = None,
    ) -> None:
        if strategy not in ("list", "sample"):
            raise InvalidModelName(f"The strategy is {strategy!r}; it has to be list or sample.")
        if not 1 <= n <= 64:
            raise InvalidModelName(f"The option n is {n}; it has to be from 1 to 64.")
        if not 1 <= wordings <= MOST_WORDINGS:
            raise InvalidModelName(f"The option wordings is {wordings}; it has to be from 1 to {MOST_WORDINGS}.")
        if budget_usd is not None and not (price_in > 0 or price_out > 0):
            raise InvalidModelName(
                "A budget in dollars needs prices; give price_in and price_out, for a million tokens."
            )
        if base_url is not None and (urlsplit(base_url).username or urlsplit(base_url).query):
            raise InvalidModelName(
                "The base_url holds a user, a password or a query, and names are stored with datasets; "
                f"give the plain address, and the key in the environment variable {key_env}."
            )
        key = os.environ.get(key_env, "")
        if not key and base_url is None:
            raise MissingDependency(f"The environment variable {key_env} is not set; set it to the key of the server.")
        self.name = name or f"openai:{model}"
        self.strategy, self.replies, self.wordings, self.images = strategy, n, wordings, images
        self.temperature = temperature if temperature is not None else float(strategy == "sample" or n > 1)
        self.cost = Cost()
        self.style = PromptStyle()
        self.client = ChatClient(
            model,
            base_url=base_url,
            key=key,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            backoff=backoff,
            max_tokens=max_tokens,
            cost=self.cost,
            budget=Budget(budget_tokens, budget_usd, price_in, price_out),
        )

    @classmethod
    def named(cls, name: str, model: str, options: dict[str, str]) -> Self:
        """From the parts of a name; see `webvoyager_gym.vlm.load_proposer`.

        Raises:
            NotFound: there is no such option.
        """
        return cls(model, name=name, **typed(options, OPTIONS))

    def __repr__(self) -> str:
        return f"OpenAIVLM({self.name!r})"

    @property
    def draws(self) -> bool:
        """Whether the seed decides on the proposals, as far as the server heeds it."""
        return self.strategy == "sample" or self.temperature > 0

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        """At most n distinct executable actions for each prompt, as the class says.

        A prompt whose replies hold no action that can be executed is asked once more; then it is given `FALLBACK`,
        which is counted in `cost.unreadable`.

        Raises:
            InfrastructureFailure: part "vlm"; the server failed, retries included.
            BudgetExhausted: the budget is spent.
        """
        seeds = seed_of_each(seed, prompts)
        with self._timed():
            found = self._propose(prompts, n, seeds)
            empty = [at for at, candidates in enumerate(found) if not candidates]
            if empty:
                again = self._propose([prompts[at] for at in empty], n, [seeds[at] + 1 for at in empty])
                for at, candidates in zip(empty, again, strict=True):
                    self.cost.unreadable += not candidates
                    found[at] = candidates or [Candidate(FALLBACK)]
            return found

    def sample(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        """n independent replies with one action each, as candidates; unreadable ones are left out, repeats are kept."""
        with self._timed():
            return self._sample(prompts, n, seed_of_each(seed, prompts))

    def pick(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> list[int | None]:
        """For each prompt the index of the candidate that the model picks when it is shown them; None if unreadable."""
        with self._timed():
            shown = [
                self._conversation(user_parts(prompt, self.style), [pick_request(prompt, group)] * 2)
                for prompt, group in zip(prompts, candidates, strict=True)
            ]
            replies = self.client.ask(shown, temperature=0.0, seed=0)
            return [read_pick(reply[0].text, group) for reply, group in zip(replies, candidates, strict=True)]

    def write(
        self,
        system: str,
        parts: Sequence[Part],
        *,
        schema: dict[str, Any] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> str:
        """One reply to a user's message, which is held to the schema by servers that can do that."""
        content = [_content(part) for part in parts if self.images or isinstance(part, str)]
        messages = [{"role": "system", "content": [_content(system)]}, {"role": "user", "content": content}]
        with self._timed():
            ((reply,),) = self.client.ask([lambda _: messages], temperature=temperature, seed=seed, schema=schema)
        return reply.text

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.cost.seconds += time.perf_counter() - started

    def _propose(self, prompts: Sequence[Prompt], n: int, seeds: Sequence[int]) -> list[list[Candidate]]:
        said = [self._worded(prompts, n, seeds, wording) for wording in range(self.wordings)]
        return [mixed(groups, by_rank=self.strategy == "list")[:n] for groups in zip(*said, strict=True)]

    def _worded(self, prompts: Sequence[Prompt], n: int, seeds: Sequence[int], wording: int) -> list[list[Candidate]]:
        if self.strategy == "sample":
            return [_ranked(group, n) for group in self._sample(prompts, n, seeds, wording)]
        replies = self._ask(prompts, n, self.replies, self.temperature, seeds, wording)
        return [
            _pooled([read_reply(reply.text, prompt.view, reply.tokens) for reply in group])
            for group, prompt in zip(replies, prompts, strict=True)
        ]

    def _sample(
        self, prompts: Sequence[Prompt], n: int, seeds: Sequence[int], wording: int = 0
    ) -> list[list[Candidate]]:
        replies = self._ask(prompts, 1, n, self.temperature or 1.0, seeds, wording)
        return [
            list(chain.from_iterable(read_reply(reply.text, prompt.view, reply.tokens)[:1] for reply in group))
            for group, prompt in zip(replies, prompts, strict=True)
        ]

    def _ask(
        self,
        prompts: Sequence[Prompt],
        actions: int,
        replies: int,
        temperature: float,
        seeds: Sequence[int],
        wording: int,
    ) -> list[list[Reply]]:
        requests = [request(actions, "lines", wording), request(actions, "json", wording)]
        conversations = [self._conversation(user_parts(prompt, self.style), requests) for prompt in prompts]
        return self.client.ask(
            conversations, replies, temperature=temperature, seed=seeds, schema=candidates_schema(actions)
        )

    def _conversation(self, parts: Sequence[Part], requests: Sequence[str]) -> Messages:
        """A state, and behind it the first request for servers without JSON schemas, the second for those with."""
        content = [_content(part) for part in parts if self.images or isinstance(part, str)]
        system = {"role": "system", "content": [_content(system_text())]}

        def messages(structured: bool) -> list[dict[str, Any]]:
            return [system, {"role": "user", "content": [*content, _content(requests[structured])]}]

        return messages


def _pooled(replies: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """Several lists as one: by rank, each action where it first comes."""
    kept: dict[str, Candidate] = {}
    for candidate in interleaved(replies):
        kept.setdefault(candidate.text, candidate)
    return list(kept.values())


def _ranked(samples: Sequence[Candidate], n: int) -> list[Candidate]:
    """Samples as candidates: the most frequent first, with the log of their share."""
    votes = Counter(candidate.text for candidate in samples)
    first = {candidate.text: candidate for candidate in reversed(samples)}
    return [
        Candidate(first[text].action, math.log(count / len(samples)), first[text].thought)
        for text, count in votes.most_common(n)
    ]


def _content(part: Part) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return {"type": "image_url", "image_url": {"url": _data_url(part)}}


def _data_url(image: Image.Image) -> str:
    encoded = io.BytesIO()
    image.save(encoded, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(encoded.getvalue()).decode()
