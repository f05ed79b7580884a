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
        seen: what each action led to, the prefix's included: the page's address and title and, if there was one, the
            error.
    """

    success: bool
    possible: bool
    prefix: tuple[str, ...]
    actions: tuple[str, ...]
    reason: str
    failure: str = ""
    seen: tuple[str, ...] = ()


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
    seen: list[str] = []

    def run(success: bool, reason: str, *, possible: bool = True, failure: str = "") -> ExpertRun:
        return ExpertRun(success, possible, tuple(prefix), tuple(actions), reason, failure, tuple(seen))

    if info["failure"]:
        return run(False, info["reason"], failure=info["failure"])
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
                return run(False, str(impossible), possible=False)
            actions.append(text)
        observation, _, terminated, truncated, info = env.step(text)
        seen.append(" ".join(filter(None, [observation["url"], observation["title"], observation["last_error"]])))
        if terminated or truncated:
            return run(info["success"], info["reason"] or observation["last_error"], failure=info["failure"])
    return run(False, f"not done after {max_steps} actions")
