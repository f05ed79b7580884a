"""One episode of one agent, with all that a result wants to know of it."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from webvoyager_gym.agents import Agent, best_candidates
from webvoyager_gym.errors import InfrastructureFailure
from webvoyager_gym.history import in_words
from webvoyager_gym.results import EpisodeRow, Proposal, StepRow
from webvoyager_gym.spaces import clip
from webvoyager_gym.tasks import NoExpert, Task
from webvoyager_gym.types import Candidate, PageView, Screenshot
from webvoyager_gym.worker import Beat

if TYPE_CHECKING:
    from webvoyager_gym.best_of_q import BestOfQEnv

LONGEST_TEXT = 4096
"""Longer texts of pages and answers are cut, in characters."""

Keep = Callable[[int, bytes], str]
"""Is given the marked screenshot of a step, as WebP of good quality but not lossless; says by which name it is kept."""


def run_episode(
    env: BestOfQEnv,
    agent: Agent,
    task: Task,
    *,
    seed: int = 0,
    keep: Keep | None = None,
    beat: Beat = lambda: None,
) -> EpisodeRow:
    """Run one episode of one agent.

    Args:
        seed: of `reset` and, together with the task, of what the agent draws.
        keep: takes the screenshots; None if none are wanted.
        beat: called after every step.
    """
    random = np.random.default_rng([seed, zlib.crc32(task.id.encode())])
    started = time.perf_counter()
    _, info = env.reset(seed=seed, options={"task_id": task.id})
    seconds = time.perf_counter() - started
    cost = dict(info["cost"])
    trace: list[StepRow] = []
    failure, over = info["failure"], False
    while not (failure or over):
        view, candidates = env.view, env.candidates
        screenshot = _kept(view.screenshot, keep, len(trace))
        try:
            best = _best(env)
            started = time.perf_counter()
            choice = agent.choose(env, random)
            _, _, terminated, truncated, info = env.step(choice.index)
            elapsed = time.perf_counter() - started
        except InfrastructureFailure as broken:
            info = {**info, "failure": broken.part, "success": False, "reason": str(broken)}
            failure = broken.part
            break
        beat()
        failure, over = info["failure"], terminated or truncated
        seconds += elapsed
        cost = {key: cost.get(key, 0.0) + value for key, value in info["cost"].items()}
        trace.append(
            StepRow(
                url=_text(view.url),
                title=_text(view.title),
                candidates=tuple(_proposal(each, view) for each in candidates),
                chosen=choice.index,
                scores=None if choice.scores is None else tuple(float(score) for score in choice.scores),
                best=best,
                propensity=choice.propensity,
                error=_text(env.prompt.last_error),
                seconds=elapsed,
                screenshot=screenshot,
            )
        )
    return EpisodeRow(
        agent=agent.name,
        task=task.id,
        site=task.site,
        template=task.template,
        split=task.split,
        goal=env.task.goal,
        seed=seed,
        success=bool(info["success"]) and not failure,
        failure=failure,
        reason=_text(info["reason"]),
        answer=_text(info["answer"]),
        trace=tuple(trace),
        url=_text(env.view.url),
        title=_text(env.view.title),
        screenshot=_kept(env.view.screenshot, keep, len(trace)),
        seconds=seconds,
        cost=cost,
    )


def _best(env: BestOfQEnv) -> tuple[bool, ...] | None:
    """Whether each candidate is as good as the expert's next action; None where no expert knows."""
    try:
        env.best_actions()
    except NoExpert:
        return None
    return best_candidates(env)


def _proposal(candidate: Candidate, view: PageView) -> Proposal:
    mark = view.mark(candidate.action.mark or 0)
    words = _text(in_words(candidate.action, view))
    return Proposal(_text(candidate.text), candidate.log_prob, words, mark.box if mark is not None else None)


def _kept(screenshot: Screenshot, keep: Keep | None, step: int) -> str:
    """The name by which a screenshot is kept, "" if none is."""
    if keep is None:
        return ""
    encoded = io.BytesIO()
    Image.fromarray(screenshot).save(encoded, "WEBP", quality=70, method=2)
    return keep(step, encoded.getvalue())


def _text(text: str) -> str:
    return clip(text, LONGEST_TEXT)
