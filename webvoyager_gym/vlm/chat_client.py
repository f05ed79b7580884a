"""Asking an OpenAI-compatible server, however it misbehaves: retries, deadlines, a budget, and no key in any message.

Every wait has a deadline. What a server does not have (JSON schemas, log-probabilities, several completions, a seed) is
found out by its refusal and then left out of later requests.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import os
import random
import re
import threading
import weakref
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webvoyager_gym.errors import BudgetExhausted, InfrastructureFailure, MissingDependency
from webvoyager_gym.vlm.base import Cost, seed_of_each
from webvoyager_gym.vlm.chat_reply import Reply, Unreadable, guessed_usage, read_body, read_replies, stated_usage

if TYPE_CHECKING:
    import openai

Messages = Callable[[bool], list[dict[str, Any]]]
"""(whether the server takes a JSON schema) -> messages."""

AT_ONCE = 8
"""Requests under way at one time."""
LONGEST_WAIT = 20.0
"""Seconds between two attempts at most, unless the server asks for more."""
_RETRIED = frozenset({408, 409, 425, 429})
_REFUSING = frozenset({400, 404, 415, 422, 501})
_FEATURES = {
    "json_schema": re.compile(r"response_format|json_schema|json schema|structured output", re.IGNORECASE),
    "logprobs": re.compile(r"log_?probs?", re.IGNORECASE),
    "seed": re.compile(r"\bseed\b", re.IGNORECASE),
    "max_completion_tokens": re.compile(r"max_(?:completion_)?tokens", re.IGNORECASE),
    "temperature": re.compile(r"temperature", re.IGNORECASE),
    "n": re.compile(r"\bn\b|number of completions|multiple completions", re.IGNORECASE),
}
"""What a request may leave out, in the order in which it does, with how a refusal names it."""


@dataclass
class Budget:
    """What may be spent, by one process; unlimited where None.

    Attributes:
        tokens: in and out together.
        usd: US dollars at the prices given.
        price_in, price_out: US dollars for a million tokens.
    """

    tokens: int | None = None
    usd: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def spent_usd(self) -> float:
        return (self.tokens_in * self.price_in + self.tokens_out * self.price_out) / 1e6

    def check(self) -> None:
        """Raises BudgetExhausted if nothing is left."""
        used = self.tokens_in + self.tokens_out
        if self.tokens is not None and used >= self.tokens:
            raise BudgetExhausted(
                f"The budget of {self.tokens} tokens is spent ({used} used); what was finished is kept, and the same "
                "command with a larger budget_tokens goes on."
            )
        if self.usd is not None and self.spent_usd >= self.usd:
            raise BudgetExhausted(
                f"The budget of ${self.usd:g} is spent (${self.spent_usd:.2f} at the prices given); what was finished "
                "is kept, and the same command with a larger budget_usd goes on."
            )


class ChatClient:
    """Completions from one model of one server.

    Args:
        model: its name there.
        base_url: of the server; OpenAI's own if None.
        key: sent to the server, and nowhere else; "" for a server that asks for none.
        timeout: seconds for one attempt.
        deadline: seconds for a call of `ask`, all attempts and waits together.
        retries: attempts after the first.
        backoff: seconds before the second attempt; doubled each time, with jitter.
        max_tokens: of a completion.
        cost, budget: where tokens and passes are counted.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None,
        key: str,
        timeout: float,
        deadline: float,
        retries: int,
        backoff: float,
        max_tokens: int,
        cost: Cost,
        budget: Budget,
    ) -> None:
        try:
            import openai
        except ImportError as error:
            raise MissingDependency(
                "The openai backend needs the client of that name; run `pip install 'webvoyager-gym[openai]'`."
            ) from error
        self.model, self.timeout, self.deadline = model, timeout, deadline
        self.retries, self.backoff, self.max_tokens = retries, backoff, max_tokens
        self.cost, self.budget = cost, budget
        self.missing: set[str] = set()
        self._key = key
        self._openai = openai
        # A client's connections belong to the loop they were opened on, so loop and client live as long as this.
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_serve, args=(self._loop,), name="webvoyager-vlm", daemon=True)
        thread.start()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._client = openai.AsyncOpenAI(api_key=key or "none", base_url=base_url, max_retries=0, timeout=timeout)
        self._jitter = random.Random()
        self.close = weakref.finalize(self, _close, self._client, self._loop, thread, os.getpid())

    def __repr__(self) -> str:
        return f"ChatClient({self.model!r})"

    def ask(
        self,
        conversations: Sequence[Messages],
        n: int = 1,
        *,
        temperature: float,
        seed: int | Sequence[int],
        schema: dict[str, Any] | None = None,
    ) -> list[list[Reply]]:
        """n replies to each conversation, all asked for at the same time.

        Args:
            seed: one for all conversations, or one for each.

        Raises:
            InfrastructureFailure: part "vlm"; the server failed until the retries or the deadline were used up.
            BudgetExhausted: before a request, once the budget is spent.
        """
        samplings = [{"temperature": temperature, "seed": each} for each in seed_of_each(seed, conversations)]
        return self._run(self._all(conversations, n, samplings, schema))

    def _run(self, work: Coroutine[Any, Any, list[list[Reply]]]) -> list[list[Reply]]:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(self.deadline + 5.0)
        except concurrent.futures.TimeoutError:
            pass
        finally:
            future.cancel()
        raise self._failure(f"it did not answer within {self.deadline:g} s")

    async def _all(
        self,
        conversations: Sequence[Messages],
        n: int,
        samplings: Sequence[dict[str, Any]],
        schema: dict[str, Any] | None,
    ) -> list[list[Reply]]:
        until = self._loop.time() + self.deadline
        asked = zip(conversations, samplings, strict=True)
        tasks = [asyncio.ensure_future(self._replies(each, n, sampling, schema, until)) for each, sampling in asked]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()

    async def _replies(
        self, messages: Messages, n: int, sampling: dict[str, Any], schema: dict[str, Any] | None, until: float
    ) -> list[Reply]:
        """n replies; servers that give one at a time are asked n times, each with a seed of its own."""
        replies: list[Reply] = []
        while len(replies) < n:
            wanted = 1 if "n" in self.missing else n - len(replies)
            changed = dict(sampling, seed=sampling["seed"] + len(replies))
            got = await self._reply(messages, wanted, changed, schema, until)
            if len(got) < wanted:
                self.missing.add("n")
            replies += got[:wanted]
        return replies

    async def _reply(
        self, messages: Messages, n: int, sampling: dict[str, Any], schema: dict[str, Any] | None, until: float
    ) -> list[Reply]:
        left_out: set[str] = set()
        attempt = 0
        while True:
            left = until - self._loop.time()
            wait, problem = 0.0, "there was no time left to ask it"
            if left > 0:
                request = self._request(messages, n, sampling, schema, self.missing | left_out)
                try:
                    replies = await self._attempt(request, min(self.timeout, left))
                except self._openai.APIStatusError as error:
                    problem = self._said(error)
                    feature = _refused(error.status_code, problem, request)
                    if feature:
                        left_out.add(feature)
                        continue
                    again = error.status_code in _RETRIED or error.status_code >= 500
                    wait = _asked_wait(error.response.headers) if again and not _no_money(error) else math.inf
                except (TimeoutError, self._openai.APITimeoutError):
                    problem = f"it did not answer within {min(self.timeout, left):.0f} s"
                except self._openai.APIConnectionError as error:
                    problem = f"it could not be reached ({type(error.__cause__ or error).__name__})"
                except (Unreadable, self._openai.OpenAIError) as error:
                    problem = str(error)
                else:
                    self.missing |= left_out
                    return replies
            # Raised here and not while an exception is handled: requests, which hold the key, hang on those.
            wait = max(wait, min(self.backoff * 2**attempt, LONGEST_WAIT) * self._jitter.uniform(0.5, 1.0))
            if attempt >= self.retries or self._loop.time() + wait >= until:
                raise self._failure(problem)
            attempt += 1
            await asyncio.sleep(wait)

    async def _attempt(self, request: dict[str, Any], timeout: float) -> list[Reply]:
        async with self._gate:
            # Here and not before: what the requests ahead of this one cost is known only now.
            self.budget.check()
            async with asyncio.timeout(timeout):
                response = await self._client.chat.completions.with_raw_response.create(**request)
            body = read_body(response.content)
            try:
                replies = read_replies(body)
            except Unreadable:
                # Of what cannot be read, that much is known to have been spent that the server itself says.
                if (stated := stated_usage(body)) is not None:
                    self._book(*stated)
                raise
            self._book(*(stated_usage(body) or guessed_usage(request, replies)))
        return replies

    def _book(self, used_in: int, used_out: int) -> None:
        self.cost.passes += 1
        self.cost.tokens_in += used_in
        self.cost.tokens_out += used_out
        self.budget.tokens_in += used_in
        self.budget.tokens_out += used_out

    def _request(
        self,
        messages: Messages,
        n: int,
        sampling: dict[str, Any],
        schema: dict[str, Any] | None,
        without: set[str],
    ) -> dict[str, Any]:
        structured = schema is not None and "json_schema" not in without
        request: dict[str, Any] = {"model": self.model, "messages": messages(structured)}
        # The older name of the limit is all that some servers know.
        request["max_tokens" if "max_completion_tokens" in without else "max_completion_tokens"] = self.max_tokens
        request |= {key: value for key, value in sampling.items() if key not in without}
        if n > 1 and "n" not in without:
            request["n"] = n
        if "logprobs" not in without:
            request["logprobs"] = True
        if structured:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "reply", "strict": True, "schema": schema},
            }
        return request

    def _said(self, error: openai.APIStatusError) -> str:
        body = error.body
        said = body.get("message") if isinstance(body, dict) else body
        return f"it said {error.status_code}: {said}" if said else f"it answered with status {error.status_code}"

    def _failure(self, problem: str) -> InfrastructureFailure:
        shown = " ".join(problem.split())
        # A server may quote the key it was given.
        shown = (shown.replace(self._key, "***") if self._key else shown)[:300]
        return InfrastructureFailure("vlm", f"The model {self.model} on its server failed: {shown}.")


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def _close(client: Any, loop: asyncio.AbstractEventLoop, thread: threading.Thread, process: int) -> None:
    """Close the connections and end the loop; a forked child leaves them to its parent."""

    async def end() -> None:
        await client.close()
        loop.stop()

    if process == os.getpid() and thread.is_alive():
        asyncio.run_coroutine_threadsafe(end(), loop)
        if thread is not threading.current_thread():
            thread.join(2.0)


def _refused(status: int, said: str, request: dict[str, Any]) -> str:
    """The feature to leave out after a refusal: the one it names, else the next in order; "" if that cannot help."""
    if status not in _REFUSING or re.search(
        r"context.{0,20}length|context size|invalid.{0,20}image", said, re.IGNORECASE
    ):
        return ""
    fields = {"json_schema": "response_format"}
    there = [feature for feature in _FEATURES if fields.get(feature, feature) in request]
    named = [feature for feature in there if _FEATURES[feature].search(said)]
    return next(iter(named or there), "")


def _no_money(error: openai.APIStatusError) -> bool:
    """Whether the account is used up, which no waiting mends."""
    return error.code == "insufficient_quota"


def _asked_wait(headers: Any) -> float:
    """Seconds that the server asks to wait; 0 if it does not say."""
    try:
        seconds = float(headers.get("retry-after-ms", "")) / 1000.0
    except ValueError:
        try:
            seconds = float(headers.get("retry-after", ""))
        except ValueError:
            return 0.0
    return seconds if seconds >= 0 else 0.0
