"""Running the experts of a suite: the proof that a task can be done, from the start and after random actions."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks import NoExpert, Task


@dataclass(frozen=True, slots=True)
class ExpertRun:
    """What came of one run.

    Attributes:
        success: the expert completed the task.
        possible: False if the expert said that the task could no longer be completed.
        prefix: the random actions taken first.
        actions: the expert's own actions.
        reason: the check's last words, the expert's, or the last error.
        failure: the part of the infrastructure that failed, or "".
    """

    success: bool
    possible: bool
    prefix: tuple[str, ...]
    actions: tuple[str, ...]
    reason: str
    failure: str = ""


def run_expert(
    env: WebVoyagerEnv, task: Task, *, random_prefix: int = 0, seed: int = 0, max_steps: int = 30
) -> ExpertRun:
    """Run a task's expert in a real browser.

    Args:
        env: made with `max_steps` of at least `random_prefix + max_steps`; it is reset to the task.
        random_prefix: random valid actions (but no answer) before the expert takes over.
        seed: of the random actions.
        max_steps: the expert's own actions at most.
    """
    _, info = env.reset(seed=seed, options={"task_id": task.id})
    env.action_space.seed(seed)
    prefix: list[str] = []
    actions: list[str] = []
    if info["failure"]:
        return ExpertRun(False, True, (), (), info["reason"], info["failure"])
    while len(actions) < max_steps:
        if len(prefix) < random_prefix:
            text = env.action_space.sample()
            if text.startswith("answer"):
                continue
            prefix.append(text)
        else:
            try:
                text = env.best_actions()[0].text
            except NoExpert as impossible:
                return ExpertRun(False, False, tuple(prefix), tuple(actions), str(impossible))
            actions.append(text)
        observation, _, terminated, truncated, info = env.step(text)
        if terminated or truncated:
            reason = info["reason"] or observation["last_error"]
            return ExpertRun(info["success"], True, tuple(prefix), tuple(actions), reason, info["failure"])
    return ExpertRun(False, True, tuple(prefix), tuple(actions), f"not done after {max_steps} actions")
