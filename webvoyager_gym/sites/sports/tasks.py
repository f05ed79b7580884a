"""The site's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.kit import Template
from webvoyager_gym.sites.sports.acts import ACTS
from webvoyager_gym.sites.sports.games import GAMES
from webvoyager_gym.sites.sports.questions import QUESTIONS

TEMPLATES: tuple[Template[Any, Any], ...] = (*QUESTIONS, *GAMES, *ACTS)
