"""Tasks that keep results, pin examples or change settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.asking import Arithmetic, some
from webvoyager_gym.sites.calculator.engine.units import fits
from webvoyager_gym.sites.calculator.forms import TOPICS
from webvoyager_gym.sites.calculator.looking import AmbiguousFact, Fact, Greater
from webvoyager_gym.sites.calculator.reach import DeskAct, DeskHand, Wordings, ask
from webvoyager_gym.sites.calculator.state import SETTINGS, USUAL, Desk, Saved, saved_as
from webvoyager_gym.sites.calculator.tables import Extreme
from webvoyager_gym.sites.calculator.things import KINDS, property_of
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Change, drop, one_of, put


def kept(params: Params, text: str, kind: str, world: World) -> dict[str, Any] | None:
    """Parameters with what is typed and what is then kept of it; None if it means nothing."""
    saved = saved_as(text, kind, world)
    return {**params, "text": text, "saved": saved.key} if saved else None


def title_of(world: World, book: str) -> str:
    """The name of a notebook at the start, by its id."""
    return world.notebooks[int(book[1:]) - 1][0]


def a_book(random: np.random.Generator) -> str:
    """The id of one of the notebooks that there are at the start."""
    return f"n{int(random.integers(1, 4))}"


class SaveResult(DeskAct):
    """Save the result of a sum to a notebook under a name."""

    name = "save-result"
    wordings: ClassVar[Wordings] = {
        "": (
            "Work out {text} and save it as “{entry}” to the notebook {title}.",
            "Save the result of {text} to my notebook {title} with the name “{entry}”.",
            "My notebook {title} needs an entry named “{entry}”: the result of {text}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        sum_ = Arithmetic().draw(world, random) or {}
        params = {"book": a_book(random), "entry": one_of(random, world.fresh_entries)}
        return kept(params, sum_["text"], "", world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "title": title_of(world, params["book"])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "entries", f"{params['book']}/{params['entry']}", params["saved"])


class SaveFact(SaveResult):
    """Save a fact about an element that shares its name with a planet."""

    name = "save-fact"
    wordings: ClassVar[Wordings] = {
        "": (
            "Save the {label} of the {kind} {name} to my notebook {title} as “{entry}”.",
            "Look up the {label} of {name}, the {kind}, and save it as “{entry}” to the notebook {title}.",
            "My notebook {title} needs an entry named “{entry}”: the {label} of the {kind} {name}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = AmbiguousFact().draw(world, random)
        if fact is None:
            return None
        params = {**fact, "book": a_book(random), "entry": one_of(random, world.fresh_entries)}
        return kept(params, f"{fact['name']} {_label(fact)}", fact["kind"], world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**super().words(world, params), "label": _label(params)}


def _label(params: Params) -> str:
    return property_of(params["kind"], params["property"]).label


class SaveConversion(SaveResult):
    """Save a conversion that involves a unit of this world."""

    name = "save-conversion"
    wordings: ClassVar[Wordings] = {
        "": (
            "Convert {text} and save it as “{entry}” to the notebook {title}.",
            "Save the conversion of {text} to my notebook {title} with the name “{entry}”.",
            "My notebook {title} needs an entry named “{entry}”: {text}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        unit = one_of(random, world.old_units)
        other = one_of(random, [one for one in fits(world.units, unit.dimension) if one != unit])
        text = f"{some(random, 12, 480)} {unit.name} to {other.name}"
        return kept({"book": a_book(random), "entry": one_of(random, world.fresh_entries)}, text, "", world)


class FavouriteFact(DeskAct):
    """Add a fact to the favourites, the name of which may mean two things."""

    name = "favourite-fact"
    wordings: ClassVar[Wordings] = {
        "": (
            "Add the {label} of the {kind} {name} to my favourites.",
            "Look up the {label} of {name}, the {kind}, and add it to the favourites.",
            "I want the {label} of the {kind} {name} among my favourites.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = AmbiguousFact().draw(world, random)
        return fact and kept(fact, f"{fact['name']} {_label(fact)}", fact["kind"], world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "label": _label(params)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "favourites", params["saved"], True)


class FavouriteGreater(FavouriteFact):
    """Compare two things and add a fact about the one that has more to the favourites."""

    name = "favourite-greater"
    wordings: ClassVar[Wordings] = {
        "": (
            "Find out which of {first} and {second} ({kinds}) has {most}, and add its {label} to my favourites.",
            "Compare the {kinds} {first} and {second}. Add the {label} of the one with {most} to my favourites.",
            "Of the {kinds} {first} and {second}, one has {most}. Add its {label} to the favourites.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        pair = Greater().draw(world, random)
        if pair is None or pair["first"] in world.shared or pair["second"] in world.shared:
            return None
        more = max(Greater().pair(world, pair), key=lambda thing: thing.number(pair["property"]))
        return kept({**pair, "name": more.name}, f"{more.name} {_label(pair)}", pair["kind"], world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        known = property_of(params["kind"], params["property"])
        return {**params, "label": known.label, "most": known.most, "kinds": KINDS[params["kind"]]}

    def carry_out(self, hand: DeskHand, change: Change) -> Action:
        params = hand.params
        compare = f"{params['first']} and {params['second']} {_label(params)}"
        # Which of the two it is only the comparison tells.
        if change.value and change.key == params["saved"] and hand.query.get("q") not in (compare, params["text"]):
            step = ask(hand, compare, params["kind"])
            if step is not None:
                return step
        return super().carry_out(hand, change)


class FavouriteExtreme(FavouriteFact):
    """Find the thing with most of something in a table, and add it to the favourites."""

    name = "favourite-extreme"
    wordings: ClassVar[Wordings] = {
        "": (
            "Leaving {other} aside, find which of all {kinds} has {most}, open it and add it to my favourites.",
            "In the table of {kinds}, open the one with {most}, apart from {other}. Add it to my favourites.",
            "Among all {kinds} but {other}, one has {most}. Open it and add it to the favourites.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = Extreme().draw(world, random)
        if params is None:
            return None
        rows = [thing.name for thing in Extreme().rows(world, params) if thing.name != params["other"]]
        return kept({**params, "name": rows[0]}, rows[0], params["kind"], world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return Extreme().words(world, params)

    def carry_out(self, hand: DeskHand, change: Change) -> Action:
        params = hand.params
        thing = hand.world.thing(params["kind"], params["name"])
        wanted = change.value and change.key == params["saved"]
        # Which of them it is only the table tells, and a row of the table leads to it.
        if wanted and (hand.path, hand.query.get("q"), hand.query.get("as")) != ("/ask", thing.name, thing.kind):
            return Extreme().look(hand) or hand.click(key=thing.key)
        return super().carry_out(hand, change)


class Unfavourite(DeskAct):
    """Take one of several favourites away."""

    name = "unfavourite"
    wordings: ClassVar[Wordings] = {
        "": (
            "Remove the {label} of {name} from my favourites.",
            "I no longer need the {label} of {name}: take it off my favourites.",
            "Delete “{name}: {label}” from the favourites.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        drawn = [Fact().draw(world, random) for _ in range(4)]
        facts = [fact for fact in drawn if fact]
        saved = [Saved(f"{fact['name']}: {_label(fact)}", fact["kind"]).key for fact in facts]
        if len(set(saved)) < 4:
            return None
        return {**facts[int(random.integers(4))], "favourites": saved}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "label": _label(params)}

    def prepare(self, world: World, params: Params, state: Desk) -> None:
        for key in params["favourites"]:
            text, _, kind = key.removesuffix("]").partition(" [")
            state.favourites[Saved(text, kind)] = True

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "favourites", Saved(f"{params['name']}: {_label(params)}", params["kind"]).key)


class ChangeSettings(DeskAct):
    """Change one to three of the settings and save them."""

    name = "change-settings"
    wordings: ClassVar[Wordings] = {
        "": (
            "In my settings, set {what}.",
            "Change my settings: set {what}, and save them.",
            "Go to the settings and set {what}.",
        )
    }
    _PHRASES: ClassVar[dict[str, str]] = {
        "units": "the units to {}", "decimals": "the decimals to {}", "angles": "angles in {}",
        "theme": "the theme to {}",
    }  # fmt: skip

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        new = {name: one_of(random, values) for name, values in SETTINGS.items()}
        changed = {name: value for name, value in new.items() if value != USUAL[name]}
        return {"settings": changed} if 1 <= len(changed) <= 3 else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        phrases = [self._PHRASES[name].format(value) for name, value in params["settings"].items()]
        return {"what": " and ".join([", ".join(phrases[:-1]), phrases[-1]] if phrases[1:] else phrases)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "settings": {**initial["settings"], **params["settings"]}}


class Pin(DeskAct):
    """Pin an example of a topic."""

    name = "pin-example"
    wordings: ClassVar[Wordings] = {
        "": (
            "Pin the example “{example}” of the topic {topic}.",
            "Among the examples of {topic}, pin “{example}”.",
            "Go to the topic {topic} and pin its example “{example}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        topic, inputs = one_of(random, world.examples)
        return {"key": topic, "example": one_of(random, inputs)}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "topic": TOPICS[params["key"]].title}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "pins", params["example"], True)


class Unpin(Pin):
    """Unpin one of the examples that are pinned."""

    name = "unpin-example"
    wordings: ClassVar[Wordings] = {
        "": (
            "Unpin the example “{example}” of the topic {topic}.",
            "The example “{example}” of {topic} is pinned. Unpin it.",
            "Go to the topic {topic} and unpin its example “{example}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        topics = [world.examples[int(i)] for i in random.permutation(len(world.examples))[:3]]
        pins = [one_of(random, inputs) for _, inputs in topics]
        return {"key": topics[0][0], "example": pins[0], "pins": sorted(pins)}

    def prepare(self, world: World, params: Params, state: Desk) -> None:
        state.pins.update(dict.fromkeys(params["pins"], True))

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "pins", params["example"])


ACTS = (
    SaveResult(), SaveFact(), SaveConversion(), FavouriteFact(), FavouriteGreater(), FavouriteExtreme(), Unfavourite(),
    ChangeSettings(), Pin(), Unpin(),
)  # fmt: skip
