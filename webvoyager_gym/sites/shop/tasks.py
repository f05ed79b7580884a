"""The shop's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.kit import Template
from webvoyager_gym.sites.shop.errands import ERRANDS
from webvoyager_gym.sites.shop.questions import QUESTIONS

TEMPLATES: tuple[Template[Any, Any], ...] = (*QUESTIONS, *ERRANDS)
