"""The site's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.hotels.acts import ACTS
from webvoyager_gym.sites.hotels.comparisons import COMPARISONS
from webvoyager_gym.sites.hotels.questions import FACTS
from webvoyager_gym.sites.kit import Template

TEMPLATES: tuple[Template[Any, Any], ...] = (*FACTS, *COMPARISONS, *ACTS)
