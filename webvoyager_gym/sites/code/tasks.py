"""The code host's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.code.errands import ERRANDS
from webvoyager_gym.sites.code.lookups import LOOKING_UP
from webvoyager_gym.sites.code.questions import SEARCHING
from webvoyager_gym.sites.kit import Template

TEMPLATES: tuple[Template[Any, Any], ...] = (*SEARCHING, *LOOKING_UP, *ERRANDS)
