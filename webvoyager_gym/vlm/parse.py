"""From a model's text to an action that can be executed on the page it was proposed for."""

from __future__ import annotations

from dataclasses import replace

from webvoyager_gym.actions import FIELD_ROLES, Action, ActionError, parse
from webvoyager_gym.types import PageView


def executable(action: Action, view: PageView) -> Action | None:
    """The action with its text trimmed and its option spelled as on the page; None if it cannot be done there.

    Refused are marks that are not there, text for what takes none, options that a list does not have, empty answers.
    """
    trimmed = replace(action, argument=action.argument.strip())
    if trimmed.kind == "answer":
        return trimmed if trimmed.argument else None
    if trimmed.mark is None:
        return trimmed
    mark = view.mark(trimmed.mark)
    if mark is None:
        return None
    if trimmed.kind == "type":
        takes_text = mark.role in FIELD_ROLES or (mark.role == "combobox" and not mark.options)
        return trimmed if takes_text else None
    if trimmed.kind == "select":
        labels = {option.casefold(): option for option in mark.options}
        label = labels.get(trimmed.argument.casefold())
        return replace(trimmed, argument=label) if label is not None else None
    return trimmed


def read_action(text: str, view: PageView) -> Action | None:
    """The action that a text spells, if it can be executed on the page."""
    try:
        return executable(parse(text), view)
    except ActionError:
        return None
