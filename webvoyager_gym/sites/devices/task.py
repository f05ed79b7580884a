"""What the tasks of this site share: wordings with the names of things in them, and how changes are made."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.kinds import KINDS
from webvoyager_gym.sites.devices.names import FINISHES
from webvoyager_gym.sites.devices.reach import DeviceHand, carry_out
from webvoyager_gym.sites.devices.state import Visitor
from webvoyager_gym.sites.devices.world import CONDITIONS, Model, World
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Act, Change, Errand, Question, one_of

Wordings = Mapping[str, tuple[str, ...]]
"""Several wordings for each value of the parameter "fact"; "" where there is no such parameter."""


class DeviceTask(Errand[World, Visitor]):
    """A task on this site; parameters name things by their slugs."""

    wordings: ClassVar[Wordings]

    def carry_out(self, hand: DeviceHand, change: Change) -> Action:
        return carry_out(hand, change)

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self.wordings[params.get("fact", "")]).format(**self.words(world, params))

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        """What stands in the gaps of the wordings."""
        words = dict(params)
        if "device" in params:
            words |= {"name": world.by_slug[params["device"]].name}
        if "kind" in params:
            about = KINDS[params["kind"]]
            words |= {"line": world.lines[params["kind"]], "kind": about.title.lower(), "one": about.one}
        if "store" in params:
            words |= {"store": world.store_by_slug[params["store"]].name}
        return words


class DeviceQuestion(DeviceTask, Question[World, Visitor]):
    """A question on this site."""


class DeviceAct(DeviceTask, Act[World, Visitor]):
    """An act on this site."""

    @abstractmethod
    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]: ...


class CreditTask(DeviceTask):
    """A task about the credit for an old device."""

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"old": one_of(random, world.old).slug, "condition": one_of(random, tuple(CONDITIONS))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "old": world.old_by_slug[params["old"]].name}


def model_of(world: World, params: Params) -> Model:
    """The task's device."""
    return world.by_slug[params["device"]]


def a_device(world: World, random: np.random.Generator) -> Params:
    """Any device."""
    return {"device": one_of(random, world.models).slug}


def only_in(world: World, random: np.random.Generator) -> Params | None:
    """A line and a colour that only one of its models comes in."""
    kind, colour = one_of(random, tuple(KINDS)), one_of(random, tuple(FINISHES))
    having = [model for model in world.line(kind) if colour in model.finishes]
    return {"kind": kind, "colour": colour, "device": having[0].slug} if len(having) == 1 else None
