"""One episode of one agent, with all that a result wants to know of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from webvoyager_gym.acting import Act, act
from webvoyager_gym.agents import Agent, best_candidates
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a state offered.

    Attributes:
        best: whether each candidate is as good as the expert's next action; None where no expert knows.
        screenshot: the name it is kept by, "" if it is not.
    """

    view: PageView
    candidates: tuple[Candidate, ...]
    best: tuple[bool, ...] | None
    screenshot: str


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

    def see(number: int) -> _Seen:
        return _Seen(env.view, env.candidates, _best(env), _kept(env.view.screenshot, keep, number))

    acted = act(env, agent, task.id, seed=seed, see=see, beat=beat)
    info = acted.info
    return EpisodeRow(
        agent=agent.name,
        task=task.id,
        site=task.site,
        template=task.template,
        split=task.split,
        goal=env.task.goal,
        seed=seed,
        success=bool(info["success"]) and not info["failure"],
        failure=info["failure"],
        reason=_text(info["reason"]),
        answer=_text(info["answer"]),
        trace=tuple(_step(each) for each in acted.acts),
        url=_text(env.view.url),
        title=_text(env.view.title),
        screenshot=_kept(env.view.screenshot, keep, len(acted.acts)),
        seconds=acted.seconds,
        cost=acted.cost,
    )


def _step(act: Act[_Seen]) -> StepRow:
    seen, choice = act.seen, act.choice
    return StepRow(
        url=_text(seen.view.url),
        title=_text(seen.view.title),
        candidates=tuple(_proposal(each, seen.view) for each in seen.candidates),
        chosen=choice.index,
        scores=None if choice.scores is None else tuple(float(score) for score in choice.scores),
        best=seen.best,
        propensity=choice.propensity,
        error=_text(act.error),
        seconds=act.seconds,
        screenshot=seen.screenshot,
    )


def _best(env: BestOfQEnv) -> tuple[bool, ...] | None:
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
