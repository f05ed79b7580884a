"""Actions in words that still make sense when the page has changed and its marks have other numbers."""

from __future__ import annotations

import json

from webvoyager_gym.actions import Action
from webvoyager_gym.types import PageView

LONGEST_NAME = 60


def in_words(action: Action, view: PageView) -> str:
    """An action as seen on a page, for the history: `click [3]` becomes `click link "Copper Kettle"`."""
    parts = [action.kind]
    if action.mark is not None:
        mark = view.mark(action.mark)
        parts.append(
            f"{mark.role} {json.dumps(mark.name[:LONGEST_NAME], ensure_ascii=False)}" if mark else f"[{action.mark}]"
        )
    if action.argument:
        quoted = json.dumps(action.argument[:LONGEST_NAME], ensure_ascii=False)
        parts.append(action.argument if action.kind == "scroll" else quoted)
    if action.enter:
        parts.append("enter")
    return " ".join(parts)
