"""The order of a small model's proposals: what changes nothing is left out, what was done before comes later.

A model of a few million parameters that is wrong in a state is wrong again when the state comes back, and goes round in
circles. Larger ones notice from the history in their prompt.
"""

from __future__ import annotations

from collections.abc import Sequence

from webvoyager_gym.actions import Action
from webvoyager_gym.history import in_words
from webvoyager_gym.types import Candidate, PageView, Prompt
from webvoyager_gym.vlm.prompt import PromptStyle


def ranked(candidates: Sequence[Candidate], prompt: Prompt, style: PromptStyle) -> list[Candidate]:
    """The candidates in the order of a style's rules (`PromptStyle.skips_idle`, `PromptStyle.repetition_penalty`).

    Args:
        candidates: likeliest first; log-probabilities stay as they are.

    Returns:
        At least one of them, if there is any.
    """
    kept = [each for each in candidates if not (style.skips_idle and is_idle(each.action, prompt.view))]
    if style.repetition_penalty:

        def score(candidate: Candidate) -> float:
            times = prompt.history.count(in_words(candidate.action, prompt.view))
            return candidate.log_prob - style.repetition_penalty * times

        kept.sort(key=score, reverse=True)
    return kept or list(candidates[:1])


def is_idle(action: Action, view: PageView) -> bool:
    """Whether an action would leave the page as it is: it gives a field the value it has, or links to where one is."""
    mark = view.mark(action.mark or 0)
    if mark is None or action.enter:
        return False
    if action.kind in ("type", "select"):
        return mark.value == action.argument
    if action.kind != "click":
        return False
    return view.is_linked_by(mark) or (mark.role == "radio" and mark.checked is True)
