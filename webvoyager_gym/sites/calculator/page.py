"""What all pages of the site share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from webvoyager_gym.sites.calculator.forms import TOPICS
from webvoyager_gym.sites.calculator.view import Asked
from webvoyager_gym.sites.kit import BadRequest, Visit


def render(visit: Visit, template: str, /, **values: Any) -> str:
    """A page with the input line on top."""
    values.setdefault("asked", Asked(""))
    recent = [(text, Asked(text).href()) for text in visit.state.recent]
    pinned = [(text, Asked(text).href()) for text in visit.state.pins]
    return visit.render(template, recent=recent, pinned=pinned, topics_by_key=TOPICS, **values)


def one_of_the(value: str, allowed: Collection[str], name: str) -> str:
    """The value itself. Raises BadRequest if it is none of those allowed."""
    if value not in allowed:
        raise BadRequest(f"There is no such {name}.")
    return value


def inside(place: str, default: str = "/") -> str:
    """A place to go back to, if it is one of this site."""
    return place if place.startswith("/") and not place.startswith("//") else default
