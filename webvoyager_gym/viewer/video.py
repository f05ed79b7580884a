"""An episode as a moving picture: each step with its candidates beside it, the chosen one marked."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, UnidentifiedImageError

from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.overlay import draw_candidates
from webvoyager_gym.report import wording
from webvoyager_gym.results import EpisodeRow, StepRow
from webvoyager_gym.types import Screenshot
from webvoyager_gym.viewer.source import Source

FORMATS = {".gif": "GIF", ".webp": "WEBP"}
STEP_MS, END_MS = 1800, 4000
"""How long a step stands still, and the end."""
_TARGET = (224, 19, 127)


def write_video(source: Source, number: int, path: str | os.PathLike[str]) -> Path:
    """Write an episode as an animated GIF or WebP, as the file's name says.

    Raises:
        WebVoyagerError: the name ends in something else.
        NotFound: there is no such episode, or no screenshot of it was kept.
        InvalidFile: the episode or a picture is damaged.
    """
    path = Path(path)
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise WebVoyagerError(f"{path} is no moving picture that can be written; name it .gif or .webp.")
    pictures = list(_pictures(source, number))
    if not pictures:
        raise NotFound(f"No screenshot of episode {number} of {source.name} was kept, so there is nothing to show.")
    images = [Image.fromarray(picture) for picture in pictures]
    if form == "GIF":
        images = [image.quantize(256, dither=Image.Dither.NONE) for image in images]
    durations = [STEP_MS] * (len(images) - 1) + [END_MS]
    path.parent.mkdir(parents=True, exist_ok=True)
    images[0].save(path, form, save_all=True, append_images=images[1:], duration=durations, loop=0, quality=80)
    return path


def _pictures(source: Source, number: int) -> Iterator[Screenshot]:
    """The frames, those without a screenshot left out."""
    episode, _ = source.episode(number)
    size: tuple[int, int] | None = None
    for frame in range(episode.steps + 1):
        content = source.picture(number, frame)
        if not content:
            continue
        image = _decoded(content, f"The screenshot of frame {frame} of episode {number} of {source.name}")
        size = size or image.size
        if image.size != size:
            image = image.resize(size)
        yield _drawn(image, episode, frame)


def _drawn(image: Image.Image, episode: EpisodeRow, frame: int) -> Screenshot:
    """The picture with its panel; at the end the verdict takes the candidates' place."""
    if frame == episode.steps:
        answer = f" The answer was “{episode.answer}”." if episode.answer else ""
        return draw_candidates(np.asarray(image), (), None, f"{wording.verdict(episode)}.{answer}")
    step: StepRow = episode.trace[frame]
    box = step.candidates[step.chosen].box
    if box is not None:
        x, y, width, height = box
        corners = (x - 3, y - 3, x + max(width, 1) + 2, y + max(height, 1) + 2)
        ImageDraw.Draw(image).rectangle(corners, outline=_TARGET, width=4)
    scores = None if step.scores is None else np.array(step.scores, np.float32)
    goal = f"Step {frame + 1} of {episode.steps}. {episode.goal}"
    return draw_candidates(np.asarray(image), step.candidates, scores, goal, chosen=step.chosen)


def _decoded(content: bytes, what: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as image:
            return image.convert("RGB")
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InvalidFile(f"{what} is damaged: {error}.") from error
