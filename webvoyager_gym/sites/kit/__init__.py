"""The kit that every local site is built with: worlds, looks, pages, answers, experts and the server."""

from webvoyager_gym.sites.kit.answers import Day, Duration, Expected, Impossible, Name, Names, Number, Time, YesNo
from webvoyager_gym.sites.kit.expert import Hand, NotThere
from webvoyager_gym.sites.kit.look import Look
from webvoyager_gym.sites.kit.site import BadRequest, NotHere, Raw, Redirect, Reply, Site, Visit, page
from webvoyager_gym.sites.kit.template import Params, State, Template
from webvoyager_gym.sites.kit.world import TODAY, generator, one_of, own_name, slug_of

__all__ = [
    "TODAY",
    "BadRequest",
    "Day",
    "Duration",
    "Expected",
    "Hand",
    "Impossible",
    "Look",
    "Name",
    "Names",
    "NotHere",
    "NotThere",
    "Number",
    "Params",
    "Raw",
    "Redirect",
    "Reply",
    "Site",
    "State",
    "Template",
    "Time",
    "Visit",
    "YesNo",
    "generator",
    "one_of",
    "own_name",
    "page",
    "slug_of",
]
