"""Results made up by hand, for what is worked out from them and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from webvoyager_gym.results import EpisodeRow, Proposal, Result, StepRow


def step(chosen: int, best: tuple[bool, ...] | None, **fields: Any) -> StepRow:
    """A step with three candidates, or as many as `best` has."""
    count = 3 if best is None else len(best)
    candidates = tuple(
        Proposal(f"click [{n}]", -0.5 * n, f'click link "Link {n}"', (10, 20 * n, 80, 16)) for n in range(1, count + 1)
    )
    return StepRow(
        **{"url": "http://shop.test/", "title": "Shop", "candidates": candidates} | fields, chosen=chosen, best=best
    )


def episode(agent: str, task: str = "shop/a/test-0", success: bool = False, **fields: Any) -> EpisodeRow:
    """An episode, of one wrong step unless told otherwise."""
    site, template, _ = task.split("/")
    made: dict[str, Any] = {
        "agent": agent,
        "task": task,
        "site": site,
        "template": template,
        "split": "test",
        "goal": f"The goal of {task}",
        "seed": 0,
        "trace": (step(0, (success, False, not success)),),
        "reason": "the answer is right" if success else "the answer is wrong",
        "url": "http://shop.test/end",
        "title": "The end",
        "cost": {"passes": 2.0},
    }
    return EpisodeRow(**made | fields, success=success)


def result(episodes: Sequence[EpisodeRow], folder: Path | None = None, **environment: Any) -> Result:
    """A result whose agents are those of the episodes, in their order."""
    return Result(tuple(dict.fromkeys(each.agent for each in episodes)), tuple(episodes), environment, folder)


def screenshot(folder: Path, name: str, colour: str = "white") -> str:
    """A small picture where a kept screenshot would be; its name."""
    Image.new("RGB", (320, 240), colour).save(folder / name, "WEBP", quality=70)
    return name
