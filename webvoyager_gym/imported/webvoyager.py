"""WebVoyager's result folders as recorded episodes: goal, thoughts, actions, screenshots, answer and verdict.

A run of WebVoyager leaves a folder a task, `task<id>`, with `interact_messages.json`, `agent.log` and the screenshots,
`screenshot<i>.png`. One action a step is known, so it is the only candidate, with propensity 1; its probability, and
the addresses and titles of pages, are not. What cannot be said in our terms is listed in `extra["left_out"]` of its
episode and told to the caller.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from webvoyager_gym.collect import webp
from webvoyager_gym.errors import InvalidFile, NotFound
from webvoyager_gym.imported.webvoyager_messages import Conversation, Reply, Round, read_conversation, read_reply
from webvoyager_gym.imported.webvoyager_verdicts import Verdict
from webvoyager_gym.types import Candidate, Episode, Failure, Step

MESSAGES = "interact_messages.json"
POLICY = "webvoyager"
JUDGE = "webvoyager-auto-eval"
LARGEST = 64 * 2**20
"""Largest screenshot that is read, in bytes."""
MOST_PIXELS = 2**25

_NO_EMBEDDING = np.zeros(0, np.float16)
_BROKEN_BROWSER = re.compile(
    r"^ERROR - Driver error when (?:adding set-of-mark|obtaining accessibility tree)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A task's folder, read.

    Attributes:
        folder: its name.
        episode: None if there is nothing in it that can be recorded.
        problems: what could not be translated, a sentence each.
    """

    folder: str
    episode: Episode | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shot:
    """A screenshot as it is recorded; what is wrong with it, or ""."""

    content: bytes
    problem: str = ""


def task_folders(folder: Path) -> list[Path]:
    """The tasks' folders in a folder, at any depth, by name.

    Raises:
        NotFound: there are none.
    """
    found = sorted(path.parent for path in folder.rglob(MESSAGES))
    if not found:
        raise NotFound(
            f"There is no {MESSAGES} in {folder} or below; name the folder that WebVoyager wrote results to."
        )
    return found


def read_task(folder: Path, verdicts: Mapping[str, Verdict], model: str = "") -> Imported:
    """Read a task's folder.

    Args:
        verdicts: the judge's, by the name of the folder.
        model: name of the VLM that acted; "" if it is not known.
    """
    try:
        conversation = read_conversation((folder / MESSAGES).read_bytes())
    except InvalidFile as error:
        return Imported(folder.name, None, (f"{MESSAGES} cannot be recorded: {error}.",))
    log = folder / "agent.log"
    broken = log.is_file() and bool(_BROKEN_BROWSER.search(log.read_text(encoding="utf-8", errors="replace")))
    return _imported(folder, conversation, verdicts.get(folder.name), model, broken)


def _imported(folder: Path, conversation: Conversation, verdict: Verdict | None, model: str, broken: bool) -> Imported:
    problems: list[str] = []
    rows: list[Step] = []
    replies: list[Reply] = []
    left_out: list[dict[str, object]] = []
    shot, told = _Shot(b""), ""
    for current in conversation.rounds:
        if current.shown:
            shot = _screenshot(folder, current.number)
            if shot.problem:
                problems.append(shot.problem)
        # What was said of a reply that is left out belongs to the next row too.
        told = "\n".join(filter(None, (told, current.told)))
        row = _row(conversation, current, shot.content, told, first=not rows)
        reply = read_reply(current.reply) if current.reply is not None else None
        if reply is not None and reply.problem:
            problems.append(f"Reply {current.number}: {reply.problem}.")
        if reply is None or reply.action is None:
            if current.reply is not None:
                left_out.append({"reply": current.number, "text": current.reply})
            continue
        candidate = Candidate(reply.action, thought=reply.thought)
        bare = _NO_EMBEDDING.reshape(1, 0)
        rows.append(replace(row, candidates=(candidate,), candidate_embeddings=bare, chosen=0, propensity=1.0))
        replies.append(reply)
        told = ""
    answer = replies[-1].answer if replies else ""
    answered = bool(replies) and replies[-1].action is not None and replies[-1].action.kind == "answer"
    failure: Failure = _failure(conversation, verdict, answered, broken)
    success = answered and not failure and verdict is not None and bool(verdict.success)
    last = _last_row(conversation, row, answered)
    if rows:
        rows[-1] = replace(rows[-1], terminated=answered, truncated=not answered, reward=float(success))
    extra = {
        "policy": POLICY,
        "proposer": model or None,
        "embedder": None,
        "reason": _reason(verdict, answered, failure),
        "folder": folder.name,
        "left_out": left_out,
    }
    name = folder.name.removeprefix("task")
    episode = Episode(
        task_id=name,
        site=name.rpartition("--")[0] or name,
        split="test",
        goal=conversation.goal,
        seed=-1,
        steps=(*rows, last),
        success=success,
        failure=failure,
        answer=answer,
        judge=JUDGE if verdict is not None and answered else "",
        extra=extra,
    )
    return Imported(folder.name, episode, tuple(problems))


def _row(conversation: Conversation, current: Round, screenshot: bytes, told: str, *, first: bool) -> Step:
    """An observation; the address is known of the first page only."""
    return Step(
        url=conversation.url if first else "",
        title="",
        outline=current.outline,
        last_error=told,
        screenshot=screenshot,
        candidates=(),
        state_embedding=_NO_EMBEDDING,
        candidate_embeddings=_NO_EMBEDDING.reshape(0, 0),
    )


def _last_row(conversation: Conversation, row: Step, answered: bool) -> Step:
    """The final observation: the page that was answered on, or that was never replied to; else nobody kept it."""
    if answered or conversation.rounds[-1].reply is None:
        return replace(row, last_error="" if answered else row.last_error)
    return replace(row, url="", outline="", last_error="", screenshot=b"")


def _failure(conversation: Conversation, verdict: Verdict | None, answered: bool, broken: bool) -> Failure:
    if answered:
        return "judge" if verdict is None or verdict.success is None else ""
    if broken:
        return "browser"
    # A run ends on a page without a reply where the model's server failed.
    return "vlm" if conversation.rounds[-1].reply is None else ""


def _reason(verdict: Verdict | None, answered: bool, failure: Failure) -> str:
    if failure == "judge":
        return "there is no verdict on the answer"
    if failure:
        return "the run was broken off"
    if not answered:
        return "there is no answer, which WebVoyager counts as a failure"
    return verdict.reason if verdict is not None else ""


def _screenshot(folder: Path, number: int) -> _Shot:
    path = folder / f"screenshot{number}.png"
    try:
        if path.stat().st_size > LARGEST:
            return _Shot(b"", f"{path.name} is larger than any screenshot and is left out.")
        with Image.open(io.BytesIO(path.read_bytes()), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return _Shot(b"", f"{path.name} is larger than any screenshot and is left out.")
            return _Shot(webp(np.asarray(image.convert("RGB"))))
    except FileNotFoundError:
        return _Shot(b"", f"{path.name} is missing.")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return _Shot(b"", f"{path.name} is damaged and is left out ({error}).")


def find_verdicts(folder: Path) -> Path | None:
    """`evaluation.log` in the results' folder or beside it; None if there is none."""
    places = (folder / "evaluation.log", folder.parent / "evaluation.log", folder.parent / "evaluation/evaluation.log")
    return next((place for place in places if place.is_file()), None)
