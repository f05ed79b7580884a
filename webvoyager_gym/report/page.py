"""One self-contained HTML page of a result: the table, and a few episodes step by step.

The page asks the network for nothing: pictures are data URIs, style and script are inline. What pages, tasks and models
said is escaped by Jinja2, and a content security policy allows the page's own script alone, by its hash.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from webvoyager_gym.report import wording
from webvoyager_gym.report.pick import Pick, pick_episodes
from webvoyager_gym.results import EpisodeRow, Result, StepRow

VIEWPORT = (1024, 768)
"""CSS pixels of a screenshot whose size cannot be read."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A candidate as the page shows it; bars are shares of their full width, from 0 to 1."""

    words: str
    text: str
    chosen: bool
    best: bool
    log_prob: str
    log_prob_bar: float
    score: str
    score_bar: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """A step, or the end of the episode (without candidates).

    Attributes:
        mood: "right", "missed", "none", "unknown" for steps; "done", "failed", "broken" for the end.
        box: of the element acted on, in percent of the screenshot; None if there is none.
    """

    image: str
    size: tuple[int, int]
    box: tuple[float, float, float, float] | None
    address: str
    title: str
    candidates: tuple[_Candidate, ...]
    mood: str
    note: str
    effect: str
    error: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """An episode as the page shows it."""

    why: str
    agent: str
    site: str
    goal: str
    success: bool
    verdict: str
    score_name: str
    frames: tuple[_Frame, ...]


def write_page(result: Result, path: str | os.PathLike[str], picks: Sequence[Pick] | None = None) -> Path:
    """Write the page.

    Args:
        picks: the episodes to show; chosen by `pick_episodes` if None. Their screenshots are read from the result's
            folder; those that are not there are left out.
    """
    chosen = pick_episodes(result) if picks is None else picks
    script, style = _part("page.js"), _part("page.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = (
        _templates()
        .get_template("page.html")
        .render(
            result=result,
            against={difference.name: difference for difference in result.differences},
            kinds=wording.failure_columns(result.agents),
            shown=[_shown(pick, result) for pick in chosen],
            wording=wording,
            script=Markup(script),
            style=Markup(style),
            policy=f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
        )
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("webvoyager_gym.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _part(name: str) -> str:
    return resources.files("webvoyager_gym.report").joinpath("templates", name).read_text(encoding="utf-8")


def _shown(pick: Pick, result: Result) -> _Shown:
    episode = pick.episode
    places = [(step.url, step.title) for step in episode.trace] + [(episode.url, episode.title)]
    scores = [score for step in episode.trace for score in step.scores or () if math.isfinite(score)]
    span = (min(scores, default=0.0), max(scores, default=0.0))
    frames = [
        _step_frame(step, after, span, result.folder) for step, after in zip(episode.trace, places[1:], strict=True)
    ]
    return _Shown(
        why=pick.why,
        agent=episode.agent,
        site=episode.site,
        goal=episode.goal,
        success=episode.success,
        verdict=wording.verdict(episode),
        score_name="Q" if episode.agent.startswith("best-of-q") else "score",
        frames=(*frames, _last_frame(episode, result.folder)),
    )


def _step_frame(step: StepRow, after: tuple[str, str], span: tuple[float, float], folder: Path | None) -> _Frame:
    image, size = _picture(folder, step.screenshot)
    box = step.candidates[step.chosen].box
    mood, note = _judge(step)
    return _Frame(
        image=image,
        size=size,
        box=None if box is None else _percent_of(box, size),
        address=_address(step.url),
        title=step.title,
        candidates=tuple(_candidate(step, index, span) for index in range(len(step.candidates))),
        mood=mood,
        note=note,
        effect=_effect(step, after),
        error=step.error,
    )


def _last_frame(episode: EpisodeRow, folder: Path | None) -> _Frame:
    image, size = _picture(folder, episode.screenshot)
    mood = "broken" if episode.failure else "done" if episode.success else "failed"
    answer = f"The answer was “{episode.answer}”." if episode.answer else ""
    return _Frame(
        image, size, None, _address(episode.url), episode.title, (), mood, wording.verdict(episode) + ".", answer, ""
    )


def _candidate(step: StepRow, index: int, span: tuple[float, float]) -> _Candidate:
    proposal = step.candidates[index]
    score = step.scores[index] if step.scores is not None else math.nan
    low, high = min(span[0], 0.0), max(span[1], 1e-9)
    return _Candidate(
        words=proposal.words or proposal.text,
        text=proposal.text,
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
    if url != step.url:
        return f"Now at {_address(url)}" + (f", “{title}”." if title else ".")
    return "The address stayed the same."


def _address(url: str) -> str:
    parts = urlsplit(url)
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


def _picture(folder: Path | None, name: str) -> tuple[str, tuple[int, int]]:
    """A kept screenshot as a data URI with its size; "" if there is none. Only WebP files in the folder are read."""
    if folder is None or not name:
        return "", VIEWPORT
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return "", VIEWPORT
    content = path.read_bytes()
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return "", VIEWPORT
    return "data:image/webp;base64," + base64.b64encode(content).decode(), _webp_size(content)


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height of a lossy WebP; VIEWPORT for other kinds."""
    if content[12:16] != b"VP8 ":
        return VIEWPORT
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
