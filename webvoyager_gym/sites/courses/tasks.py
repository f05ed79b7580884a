"""The task templates of the course catalogue."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.courses.errands import ERRANDS
from webvoyager_gym.sites.courses.lookups import LOOKING_UP
from webvoyager_gym.sites.courses.questions import SEARCHING
from webvoyager_gym.sites.kit import Template

TEMPLATES: tuple[Template[Any, Any], ...] = (*SEARCHING, *LOOKING_UP, *ERRANDS)
