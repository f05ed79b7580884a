"""The site's task templates."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.flights.acts import ACTS
from webvoyager_gym.sites.flights.bookings import BOOKINGS
from webvoyager_gym.sites.flights.questions import QUESTIONS
from webvoyager_gym.sites.flights.results import RESULTS
from webvoyager_gym.sites.kit import Template

TEMPLATES: tuple[Template[Any, Any], ...] = (*QUESTIONS, *RESULTS, *BOOKINGS, *ACTS)
