"""The site's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.kit import Template
from webvoyager_gym.sites.maps.acts import ACTS
from webvoyager_gym.sites.maps.pins import PINS
from webvoyager_gym.sites.maps.questions import QUESTIONS
from webvoyager_gym.sites.maps.ways import WAYS

TEMPLATES: tuple[Template[Any, Any], ...] = (*QUESTIONS, *PINS, *WAYS, *ACTS)
