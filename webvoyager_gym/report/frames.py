"""An episode as pages show it: a frame a step and one for the end, ready for the templates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webvoyager_gym.report import wording
from webvoyager_gym.report.pictures import VIEWPORT, webp_size
from webvoyager_gym.results import EpisodeRow, StepRow

Pictures = Callable[[int], tuple[str, bytes]]
"""From the number of a frame to its picture: an address for the page, and the file's bytes; b"" if there is none."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What a recording knows of a step and a result does not.

    Attributes:
        outline: what the page said, as the VLM read it.
        thoughts: the VLM's reason for each candidate; "" if it gave none.
        note: what there is to say of the choice.
    """

    outline: str
    thoughts: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate as the page shows it; bars are shares of their full width, from 0 to 1."""

    words: str
    text: str
    thought: str
    chosen: bool
    best: bool
    log_prob: str
    log_prob_bar: float
    score: str
    score_bar: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A step, or the end of the episode (without candidates).

    Attributes:
        mood: "right", "missed", "none", "unknown", "plain" for steps; "done", "failed", "broken" for the end.
        box: of the element acted on, in percent of the screenshot; None if there is none or nobody kept it.
    """

    image: str
    size: tuple[int, int]
    box: tuple[float, float, float, float] | None
    address: str
    title: str
    candidates: tuple[ShownCandidate, ...]
    mood: str
    note: str
    effect: str
    error: str
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An episode as the page shows it."""

    why: str
    agent: str
    task: str
    site: str
    goal: str
    score_name: str
    frames: tuple[Frame, ...]


def shown(
    episode: EpisodeRow,
    pictures: Pictures,
    *,
    why: str = "",
    asides: Sequence[Aside] = (),
    score_name: str = "",
) -> Shown:
    """What the templates want to know of an episode.

    Args:
        why: why it is shown.
        asides: one a frame, if it is of a recording; such a one was judged by no expert.
        score_name: what the scores are; by default Q or score, as the agent's name says.
    """
    places = [(step.url, step.title) for step in episode.trace] + [(episode.url, episode.title)]
    scores = [score for step in episode.trace for score in step.scores or () if math.isfinite(score)]
    span = (min(scores, default=0.0), max(scores, default=0.0))
    frames = [
        _step_frame(step, after, span, pictures(number), asides[number] if asides else None)
        for number, (step, after) in enumerate(zip(episode.trace, places[1:], strict=True))
    ]
    last = _last_frame(episode, pictures(len(frames)), asides[len(frames)].outline if asides else "")
    return Shown(
        why=why,
        agent=episode.agent,
        task=episode.task,
        site=episode.site,
        goal=episode.goal,
        score_name=score_name or ("Q" if episode.agent.startswith("best-of-q") else "score"),
        frames=(*frames, last),
    )


def _step_frame(
    step: StepRow, after: tuple[str, str], span: tuple[float, float], picture: tuple[str, bytes], aside: Aside | None
) -> Frame:
    image, size = _image(picture)
    box = step.candidates[step.chosen].box
    mood, note = _judge(step) if aside is None else ("plain", aside.note)
    thoughts = ("",) * len(step.candidates) if aside is None else aside.thoughts
    return Frame(
        image=image,
        size=size,
        box=None if box is None else _percent_of(box, size),
        address=_address(step.url),
        title=step.title,
        candidates=tuple(_candidate(step, index, span, thought) for index, thought in enumerate(thoughts)),
        mood=mood,
        note=note,
        effect=_effect(step, after),
        error=step.error,
        outline="" if aside is None else aside.outline,
    )


def _last_frame(episode: EpisodeRow, picture: tuple[str, bytes], outline: str) -> Frame:
    image, size = _image(picture)
    return Frame(
        image=image,
        size=size,
        box=None,
        address=_address(episode.url),
        title=episode.title,
        candidates=(),
        mood=wording.outcome(episode),
        note=wording.verdict(episode) + ".",
        effect=f"The answer was “{episode.answer}”." if episode.answer else "",
        error="",
        outline=outline,
    )


def _candidate(step: StepRow, index: int, span: tuple[float, float], thought: str) -> ShownCandidate:
    proposal = step.candidates[index]
    score = step.scores[index] if step.scores is not None else math.nan
    low, high = min(span[0], 0.0), max(span[1], 1e-9)
    return ShownCandidate(
        words=proposal.words or proposal.text,
        text=proposal.text,
        thought=thought,
        chosen=index == step.chosen,
        best=step.best is not None and step.best[index],
        log_prob=wording.UNKNOWN if math.isnan(proposal.log_prob) else f"{proposal.log_prob:.2f}",
        log_prob_bar=0.0 if math.isnan(proposal.log_prob) else min(1.0, math.exp(proposal.log_prob)),
        score="" if math.isnan(score) else f"{score:.3f}",
        score_bar=0.0 if math.isnan(score) else (score - low) / (high - low),
    )


def _judge(step: StepRow) -> tuple[str, str]:
    """Mood and note of a step: whether the choice was right, and whether there was a right one."""
    if step.best is None:
        return "unknown", "The expert has no opinion here."
    if step.best[step.chosen]:
        return "right", "The chosen action is one of the best here."
    if any(step.best):
        return "missed", "A best action was proposed, and another was chosen."
    return "none", "None of the proposed actions is a best one here."


def _effect(step: StepRow, after: tuple[str, str]) -> str:
    """What followed, as far as the address and title tell."""
    url, title = after
    if not url:
        return ""
    if url != step.url:
        return f"Now at {_address(url)}" + (f", “{title}”." if title else ".")
    return "The address stayed the same."


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "") if parts.netloc else url


def _percent_of(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """left, top, width, height in percent, cut to the picture."""
    x, y, width, height = box
    left, top = max(0, x), max(0, y)
    right, bottom = min(size[0], x + width), min(size[1], y + height)
    return (
        100 * left / size[0],
        100 * top / size[1],
        100 * max(0, right - left) / size[0],
        100 * max(0, bottom - top) / size[1],
    )


def _image(picture: tuple[str, bytes]) -> tuple[str, tuple[int, int]]:
    """Address and size; the address is "" where there is no picture."""
    address, content = picture
    return (address, webp_size(content)) if content else ("", VIEWPORT)
