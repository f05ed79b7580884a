"""What crosses from one part of the package to the next: frozen dataclasses, nothing else.

Every array states its shape and dtype. H and W are the viewport's height and width in CSS pixels, N the number of
candidate actions, D the width of an embedding, T the number of actions in an episode.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from webvoyager_gym.actions import Action

Screenshot = NDArray[np.uint8]
"""(H, W, 3) uint8, RGB."""

Failure = Literal["", "browser", "site", "vlm", "judge", "blocked", "deadline", "tree"]
"""Which part of the infrastructure failed. Empty when none did; such an episode counts for or against the agent."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An interactive element on the page.

    Attributes:
        index: its number on the screenshot, from 1; 0 for an element outside the viewport (kept for experts).
        role: ARIA role or the nearest word for it ("link", "button", "textbox", "combobox", "checkbox", …).
        name: accessible name, white space folded; "" if it has none.
        box: (x, y, width, height) in CSS pixels, relative to the viewport.
        value: current value of a field, the selected option of a select.
        options: labels of a select's options; of a very long list the first ones, and very long labels end in "…".
        checked: state of a checkbox, radio button or toggle; None for everything else.
        href: where a link leads, as path and query. Experts read it; no prompt shows it.
        key: the element's `data-key`, `name` or `id`. Experts read it; no prompt shows it.
        more_options: whether `options` lacks some, or part of some, so that others can be chosen too.
    """

    index: int
    role: str
    name: str
    box: tuple[int, int, int, int]
    value: str = ""
    options: tuple[str, ...] = ()
    checked: bool | None = None
    href: str = ""
    key: str = ""
    more_options: bool = False

    @property
    def visible(self) -> bool:
        return self.index > 0

    @property
    def centre(self) -> tuple[float, float]:
        x, y, width, height = self.box
        return x + width / 2, y + height / 2


@dataclass(frozen=True, slots=True)
class PageView:
    """What there is to see of a page at one moment.

    Attributes:
        screenshot: (H, W, 3) uint8, RGB, with the numbered marks drawn on it.
        marks: the marks within the viewport, numbered from 1 in reading order of the document.
        outline: what the viewport says, one line an element or a piece of text, marks as `[n] role "name"`.
        url, title: of the page.
        scroll: (top, viewport height, page height) in CSS pixels.
        offscreen: elements that are there but not in the viewport; their index is 0.
    """

    screenshot: Screenshot
    marks: tuple[Mark, ...]
    outline: str
    url: str
    title: str
    scroll: tuple[int, int, int] = (0, 0, 0)
    offscreen: tuple[Mark, ...] = ()

    def mark(self, index: int) -> Mark | None:
        """The mark with that number, or None."""
        return self.marks[index - 1] if 0 < index <= len(self.marks) else None

    def is_linked_by(self, mark: Mark) -> bool:
        """Whether a mark is a link to this very page, or to a place within it."""
        here = urlsplit(self.url)
        return mark.role == "link" and mark.href == here.path + (f"?{here.query}" if here.query else "")


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a proposer or an embedder may know of a state.

    Attributes:
        goal: the task in words.
        view: the page.
        history: the texts of the actions taken so far, oldest first.
        last_error: why the last action could not be carried out; "" if it was.
        step, max_steps: actions taken so far, and allowed in all.
    """

    goal: str
    view: PageView
    history: tuple[str, ...] = ()
    last_error: str = ""
    step: int = 0
    max_steps: int = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """An action that a frozen VLM proposed.

    Attributes:
        action: the action, valid on the page it was proposed for.
        log_prob: natural log of the probability the model gave it (nan if the backend cannot say).
        thought: the model's short reason, if it gave one.
    """

    action: Action
    log_prob: float = math.nan
    thought: str = ""

    @property
    def text(self) -> str:
        """The action in its canonical spelling."""
        return self.action.text


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a recording: an observation, its candidates, and what followed the chosen one.

    The last row of an episode holds the final observation only: `chosen` is -1 and `reward` is 0.

    Attributes:
        url, title, outline, last_error: of the observation.
        screenshot: lossless WebP bytes of the (H, W, 3) screenshot; b"" if not recorded.
        candidates: the N proposals, most likely first; may be empty on the last row.
        state_embedding: (D,) float16; (0,) without an embedder.
        candidate_embeddings: (N, D) float16; (N, 0) without an embedder.
        chosen: index of the executed candidate.
        propensity: probability with which the policy chose it.
        reward: 1.0 when this action completed the task, else 0.0.
        terminated, truncated: Gymnasium's flags after the action.
        seconds: wall-clock time of the step by phase.
        marks: those on the screenshot; () if not recorded.
        scroll: as in `PageView`.
    """

    url: str
    title: str
    outline: str
    last_error: str
    screenshot: bytes
    candidates: tuple[Candidate, ...]
    state_embedding: NDArray[np.float16]
    candidate_embeddings: NDArray[np.float16]
    chosen: int = -1
    propensity: float = math.nan
    reward: float = 0.0
    terminated: bool = False
    truncated: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    scroll: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode: T + 1 rows, the last of which is the final observation.

    Attributes:
        task_id, site, split, goal: of the task.
        seed: the seed that `reset` was given (-1 if none).
        steps: T + 1 rows.
        success: whether the task was completed. Meaningless if `failure` is set.
        failure: the part of the infrastructure that failed, or "".
        answer: the text the agent answered with, or "".
        judge: who gave the verdict ("check" for a check on server state and answer).
        extra: anything JSON can hold, such as the policy's name.
    """

    task_id: str
    site: str
    split: str
    goal: str
    seed: int
    steps: tuple[Step, ...]
    success: bool
    failure: Failure = ""
    answer: str = ""
    judge: str = "check"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """T, the number of actions."""
        return len(self.steps) - 1
