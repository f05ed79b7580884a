"""An episode as a moving picture, read back frame by frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tests.data.making import make_episode
from tests.made_up_results import episode as row
from tests.made_up_results import result, screenshot, step
from tests.viewer.recordings import SIZE, dataset, picture, pictured
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.overlay import PANEL
from webvoyager_gym.viewer import write_video
from webvoyager_gym.viewer.evaluated import ResultSource
from webvoyager_gym.viewer.recording import DatasetSource
from webvoyager_gym.viewer.video import END_MS, STEP_MS


def frames(file: Path) -> list[tuple[np.ndarray, int]]:
    """Pixels and duration of each frame."""
    with Image.open(file) as image:
        return [
            (np.asarray(frame.convert("RGB")).astype(int), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_every_step_is_a_frame_and_the_end_too(tmp_path: Path, name: str) -> None:
    source = DatasetSource(dataset(tmp_path, pictured("shop-1", length=2)))
    made = frames(write_video(source, 0, tmp_path / "out" / name))
    assert [duration for _, duration in made] == [STEP_MS, STEP_MS, END_MS]
    for number, (pixels, _) in enumerate(made):
        assert pixels.shape == (SIZE[1], SIZE[0] + PANEL, 3)
        assert abs(pixels[: SIZE[1], : SIZE[0]] - (40 * number, 200, 120)).mean() < 6
        assert pixels[:, SIZE[0] :].min() < 80


def test_the_element_acted_on_and_the_choice_are_marked(tmp_path: Path) -> None:
    kept = screenshot(tmp_path, "a.webp")
    rows = [row("first", trace=(step(1, None, screenshot=kept),))]
    (pixels, _), *rest = frames(write_video(ResultSource(result(rows, tmp_path), "r"), 0, tmp_path / "a.webp"))
    # The box (10, 40, 80, 16) has a frame around it, and the panel a bar beside the second candidate.
    red, green, _ = pixels[37:41, 20:70].mean(axis=(0, 1))
    assert red - green > 120
    assert (pixels[:, SIZE[0] + 5, 2] - pixels[:, SIZE[0] + 5, 0]).max() > 100
    assert rest == []


def test_pictures_of_other_sizes_are_fitted(tmp_path: Path) -> None:
    made = pictured("shop-1", length=1)
    steps = (made.steps[0], replace(made.steps[1], screenshot=picture(size=(100, 50))))
    source = DatasetSource(dataset(tmp_path, replace(made, steps=steps)))
    assert len({pixels.shape for pixels, _ in frames(write_video(source, 0, tmp_path / "a.gif"))}) == 1


def test_what_cannot_be_filmed_is_said(tmp_path: Path) -> None:
    torn = pictured("shop-2")
    torn = replace(torn, steps=tuple(replace(each, screenshot=each.screenshot[:40]) for each in torn.steps))
    source = DatasetSource(dataset(tmp_path, make_episode("shop-1"), torn))
    with pytest.raises(NotFound, match="No screenshot of episode 0"):
        write_video(source, 0, tmp_path / "a.gif")
    with pytest.raises(InvalidFile, match="frame 0 of episode 1"):
        write_video(source, 1, tmp_path / "a.gif")
    with pytest.raises(WebVoyagerError, match=r"name it \.gif or \.webp"):
        write_video(source, 0, tmp_path / "a.mp4")
    assert not list(tmp_path.glob("a.*"))
