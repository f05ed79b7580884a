"""What templates draw and how parameters name it."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from webvoyager_gym.sites.hotels.stay import Stay
from webvoyager_gym.sites.hotels.world import (
    Hotel,
    Room,
    Town,
    World,
)
from webvoyager_gym.sites.kit import Params, one_of


def some_hotel(world: World, random: np.random.Generator) -> Hotel:
    """A random hotel."""
    return one_of(random, world.hotels)


def some_town(world: World, random: np.random.Generator) -> Town:
    """A random town."""
    return one_of(random, world.towns)


def some_room(hotel: Hotel, random: np.random.Generator) -> Room:
    """A random room of the hotel."""
    return one_of(random, hotel.rooms)


def room_of(world: World, params: Params) -> tuple[Hotel, Room]:
    """The hotel and room that parameters name."""
    hotel = world.by_slug[params["hotel"]]
    room = hotel.room(params["room"])
    assert room is not None
    return hotel, room


def stay_of(params: Params) -> Stay:
    """The stay that parameters name."""
    return Stay(
        datetime.date.fromisoformat(params["checkin"]),
        datetime.date.fromisoformat(params["checkout"]),
        params["guests"],
    )


def stay_params(stay: Stay) -> dict[str, Any]:
    """Parameters that name a stay."""
    return {"checkin": stay.checkin.isoformat(), "checkout": stay.checkout.isoformat(), "guests": stay.guests}


def other_names(world: World, hotel: Hotel) -> tuple[str, ...]:
    """Every other hotel's name, for answers that name one."""
    return tuple(other.name for other in world.hotels if other != hotel)
