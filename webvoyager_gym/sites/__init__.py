"""The local web: one folder a site. `SITES` maps a site's name to where its class is; nothing is built unasked."""

from __future__ import annotations

import functools
import importlib
from typing import Any

from webvoyager_gym.errors import not_found
from webvoyager_gym.sites.kit.site import Site

SITES = {
    "shop": "webvoyager_gym.sites.shop.site:Shop",
    "papers": "webvoyager_gym.sites.papers.site:Papers",
    "hotels": "webvoyager_gym.sites.hotels.site:Hotels",
    "recipes": "webvoyager_gym.sites.recipes.site:Recipes",
    "dictionary": "webvoyager_gym.sites.dictionary.site:Dictionary",
    "news": "webvoyager_gym.sites.news.site:News",
    "flights": "webvoyager_gym.sites.flights.site:Flights",
    "maps": "webvoyager_gym.sites.maps.site:Maps",
    "sports": "webvoyager_gym.sites.sports.site:Sports",
    "code": "webvoyager_gym.sites.code.site:Code",
    "models": "webvoyager_gym.sites.models.site:Models",
    "courses": "webvoyager_gym.sites.courses.site:Courses",
    "devices": "webvoyager_gym.sites.devices.site:Devices",
    "calculator": "webvoyager_gym.sites.calculator.site:Calculator",
    "search": "webvoyager_gym.sites.search.site:Search",
}


@functools.cache
def load_site(name: str) -> Site[Any, Any]:
    """The site of that name.

    Raises:
        NotFound: there is none; the message lists the nearest.
    """
    if name not in SITES:
        raise not_found("site", name, SITES)
    module, _, cls = SITES[name].partition(":")
    site: Site[Any, Any] = getattr(importlib.import_module(module), cls)()
    return site
