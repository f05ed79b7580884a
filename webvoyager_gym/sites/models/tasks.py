"""The hub's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.kit import Template
from webvoyager_gym.sites.models.errands import ERRANDS, LOOKING_UP
from webvoyager_gym.sites.models.questions import QUESTIONS

TEMPLATES: tuple[Template[Any, Any], ...] = (*QUESTIONS, *LOOKING_UP, *ERRANDS)
