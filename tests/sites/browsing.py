"""Experts of local sites at work in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from webvoyager_gym.env import Observation, WebVoyagerEnv
from webvoyager_gym.tasks.local import LocalSession, LocalTask, local_web, open_session

PATIENCE = 30
"""Actions in which an expert has to be done."""


class WatchedEnv(WebVoyagerEnv):
    """Remembers the fullest page of an episode.

    Attributes:
        most_marks, most_words: the most marks, and words of the outline, on any page since the last reset.
    """

    most_marks = most_words = 0

    def reset(self, **options: Any) -> tuple[Observation, dict[str, Any]]:
        result = super().reset(**options)
        self.most_marks = self.most_words = 0
        self._watch()
        return result

    def step(self, action: str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        result = super().step(action)
        self._watch()
        return result

    def _watch(self) -> None:
        self.most_marks = max(self.most_marks, len(self.view.marks))
        self.most_words = max(self.most_words, len(self.view.outline.split()))


def session_of(env: WebVoyagerEnv) -> LocalSession:
    """The running episode."""
    assert isinstance(env.session, LocalSession)
    return env.session


def pictures(env: WebVoyagerEnv, task_id: str, steps: int) -> Iterator[np.ndarray]:
    """Screenshots of the expert's way from the start, at most so many steps."""
    observation, info = env.reset(options={"task_id": task_id})
    assert not info["failure"], info["reason"]
    yield observation["screenshot"]
    for _ in range(steps):
        observation, _, terminated, _, info = env.step(env.best_actions()[0].text)
        assert not info["failure"], info["reason"]
        yield observation["screenshot"]
        if terminated:
            return


def undo(env: WebVoyagerEnv, task: LocalTask, other: LocalTask) -> None:
    """In an episode of `task`, first the whole of what `other`, a task of the same world, asks for; then the task."""
    env.reset(options={"task_id": task.id})
    mine, foreign = session_of(env), open_session(other)
    for _ in range(PATIENCE):
        if mine.episode.state.effects() == foreign.wanted:
            break
        actions = mine.experts_actions(foreign.template, foreign.params, foreign.wanted, foreign.expected, env.view)
        env.step(actions[0].text)
    assert mine.episode.state.effects() == foreign.wanted
    local_web().app.close_episode(foreign.token)
    for _ in range(PATIENCE):
        _, _, terminated, _, info = env.step(env.best_actions()[0].text)
        if terminated:
            break
    assert info["success"], info["reason"]
