"""The search engine's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.kit import Template
from webvoyager_gym.sites.search.acts import ACTS
from webvoyager_gym.sites.search.facts import FACTS
from webvoyager_gym.sites.search.finds import FINDS
from webvoyager_gym.sites.search.saves import SAVES
from webvoyager_gym.sites.search.sights import SIGHTS

TEMPLATES: tuple[Template[Any, Any], ...] = (*FACTS, *FINDS, *SIGHTS, *SAVES, *ACTS)
