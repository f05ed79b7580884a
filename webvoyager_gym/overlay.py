"""A frame for people: the screenshot with the goal, the candidates and their scores in a panel at its right."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from webvoyager_gym.results import Proposal
from webvoyager_gym.types import Candidate, Screenshot

PANEL = 320
"""Width of the panel, in pixels."""
_INK, _FAINT, _BACK, _BEST = (30, 32, 38), (120, 124, 134), (247, 247, 249), (25, 110, 70)
_CHOSEN = (34, 87, 197)


def draw_candidates(
    frame: Screenshot,
    candidates: Sequence[Candidate | Proposal],
    scores: NDArray[np.float32] | None,
    goal: str,
    *,
    chosen: int | None = None,
) -> Screenshot:
    """(H, W + PANEL, 3) uint8: the frame with a panel that lists the candidates, their log-probabilities and scores.

    The best by score is green; the chosen one, where it is known already, has a bar beside it.
    """
    height, width, _ = frame.shape
    image = Image.new("RGB", (width + PANEL, height), _BACK)
    image.paste(Image.fromarray(frame), (0, 0))
    draw = ImageDraw.Draw(image)
    title, text, small = (ImageFont.load_default(size) for size in (17, 15, 12))
    x, y = width + 16, 16
    for line in textwrap.wrap(goal, 36)[:6]:
        draw.text((x, y), line, fill=_INK, font=title)
        y += 23
    y += 14
    best = int(np.argmax(scores)) if scores is not None and len(scores) else -1
    for index, candidate in enumerate(candidates):
        if y > height - 60:
            break
        colour, top = _BEST if index == best else _INK, y
        for line in textwrap.wrap(f"{index}  {candidate.text}", 38)[:3]:
            draw.text((x, y), line, fill=colour, font=text)
            y += 19
        facts = "" if np.isnan(candidate.log_prob) else f"log p {candidate.log_prob:.2f}"
        if scores is not None and index < len(scores):
            facts += f"   Q {scores[index]:.3f}"
        draw.text((x, y), facts.strip(), fill=_FAINT, font=small)
        if index == chosen:
            draw.rectangle((width + 4, top, width + 9, y + 14), fill=_CHOSEN)
        y += 26
    return np.asarray(image)
