"""Tasks about files, data sets and the widget, and those that are done when the hub is in the wanted state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.kit import Expected, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, scroll_to, set_fields
from webvoyager_gym.sites.kit.worded import Wordings
from webvoyager_gym.sites.models import names
from webvoyager_gym.sites.models.state import LOADING, Job
from webvoyager_gym.sites.models.task import HubTask, draw_extreme, extreme_query, extreme_text, item_of
from webvoyager_gym.sites.models.walk import HubHand, go_to, on, show, turn_to
from webvoyager_gym.sites.models.world import World, size_text


class AboutItem(HubTask):
    """A task that names its item without the owner."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "name": world.by_key[params["item"]].name}


class FileSum(AboutItem):
    """How large the files with the weights are together."""

    name: ClassVar[str] = "file-sum"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many GB do the .safetensors files of {name} take together?",
            "Add up the sizes of all .safetensors files of {name}, in GB.",
            "I want to download all .safetensors files of {name}. How many GB is that?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        pool = [one for one in world.models if len(one.shards) > 1 and not one.gated]
        return {"item": one_of(random, pool).key} if pool else None

    def expected(self, world: World, params: Params) -> Expected:
        total = sum(file.size for file in world.by_key[params["item"]].shards)
        return Number(total / 1_000_000, "GB", tolerance=0.01, decimals=2)

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item, "files") or scroll_to(hand, *(size_text(file.size) for file in item.shards))


class FileSize(AboutItem):
    """The size of a file in another unit than the page gives."""

    name: ClassVar[str] = "file-size"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "How large is {file} of {name} in {unit}?",
            "Give the size of the file {file} of {name} in {unit}.",
            "Convert the size of {file} in {name} to {unit}.",
        )
    }
    _PER: ClassVar[dict[str, int]] = {"KB": 1, "MB": 1000}

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        item = one_of(random, [one for one in world.models if not one.gated])
        file = one_of(random, [one for one in item.files if one.size >= 1000])
        return {"item": item.key, "file": file.name, "unit": "MB" if file.size >= 1_000_000 else "KB"}

    def expected(self, world: World, params: Params) -> Expected:
        size = next(file.size for file in world.by_key[params["item"]].files if file.name == params["file"])
        return Number(size / self._PER[params["unit"]], params["unit"])

    def path(self, hand: HubHand) -> Next | None:
        return go_to(hand, item_of(hand), "files") or scroll_to(hand, hand.params["file"])


class FlaggedFile(AboutItem):
    """The file with the red warning sign, which no text names."""

    name: ClassVar[str] = "flagged-file"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which file of {name} carries a red warning sign?",
            "One file of {name} has a red triangle beside it. Which one?",
            "Open the files of {name}: which one does the scanner warn of?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"item": one_of(random, [one for one in world.models if one.flagged and not one.gated]).key}

    def expected(self, world: World, params: Params) -> Expected:
        item = world.by_key[params["item"]]
        return Name(item.flagged, tuple(file.name for file in item.files if file.name != item.flagged))

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item, "files") or scroll_to(hand, item.flagged)


class Rows(AboutItem):
    """How many rows a data set has, in one split or in two together."""

    name: ClassVar[str] = "rows"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many rows does the data set {name} have in {splits}?",
            "Count the rows of the data set {name} in {splits}.",
            "Look up the data set {name}: how many rows are in {splits}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        chosen = one_of(random, (("train",), ("validation",), ("train", "test"), ("validation", "test")))
        return {"item": one_of(random, world.datasets).key, "splits": list(chosen)}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        together = " together" if len(params["splits"]) > 1 else ""
        return {"name": world.by_key[params["item"]].name, "splits": " and ".join(params["splits"]) + together}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(sum(rows for split, rows in world.by_key[params["item"]].rows if split in params["splits"]))

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item) or scroll_to(hand, *(f"{rows:,}" for _, rows in item.rows))


class Widget(AboutItem):
    """What the widget says about two sentences, after the model was loaded."""

    name: ClassVar[str] = "widget"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            'Try {name} on "{first}" and "{second}". What similarity does it give?',
            'Use the widget of {name}: how similar are "{first}" and "{second}"?',
            'How many per cent similarity does {name} compute for "{first}" and "{second}"?',
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        words = [one_of(random, part) for part in (names.ADJECTIVES, names.ANIMALS, names.VERBS, names.PLACES)]
        other = [*words]
        for index, part in enumerate((names.ADJECTIVES, names.ANIMALS, names.VERBS, names.PLACES)):
            if random.random() < 0.45:
                other[index] = one_of(random, part)
        first, second = (
            "the {} {} {} near the {}".format(*one) if random.random() < 0.6 else "the {} {} {}".format(*one)
            for one in (words, other)
        )
        if random.random() < 0.5:
            second = second.replace(f" {other[0]} ", " ", 1)
        item = one_of(random, [one for one in world.models if one.task == "Sentence similarity"])
        return {"item": item.key, "first": first, "second": second} if first != second else None

    def expected(self, world: World, params: Params) -> Expected:
        return Number(Job("", params["first"], params["second"]).result, "%")

    def path(self, hand: HubHand) -> Next | None:
        item, params = item_of(hand), hand.params
        step = go_to(hand, item, "try")
        if step is not None:
            return step
        if hand.state.job == Job(item.key, params["first"], params["second"]):
            if hand.state.loading.get(item.key, LOADING):
                return hand.click(key="check")
            return scroll_to(hand, "Similarity: ")
        sentences = {"first": params["first"], "second": params["second"]}
        return set_fields(hand, sentences) or hand.click(key="compute")


class Errand(AboutItem):
    """A task without an answer."""

    kind: ClassVar[Literal["act", "plan"]] = "act"


def like(initial: dict[str, Any], key: str) -> dict[str, Any]:
    """The effects with one more like."""
    return {**initial, "likes": sorted({*initial["likes"], key})}


class Like(Errand):
    """Like a named model or data set."""

    name: ClassVar[str] = "like"
    wordings: ClassVar[Wordings] = {
        "model": ("Like the model {name}.", "Give the model {name} a like.", "Add {name} to the models I like."),
        "dataset": (
            "Like the data set {name}.",
            "Give the data set {name} a like.",
            "I like the data set {name}: like it.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        item = one_of(random, world.items)
        return {"item": item.key, "fact": item.kind}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return like(initial, params["item"])


class LikeExtreme(Errand):
    """Like the model of a task with the most downloads or likes, or the newest one."""

    name: ClassVar[str] = "like-extreme"
    wordings: ClassVar[Wordings] = {
        "": (
            "Among models of all sizes, like {thing}.",
            "Find {thing}, of any size, and like it.",
            "Like {thing}. Look at all sizes.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return like(initial, params["item"])

    def expert(self, hand: HubHand) -> Next:
        item, query = item_of(hand), extreme_query(hand.params)
        have, want = hand.state.effects(), hand.wanted
        missing = have == {**want, "likes": [key for key in want["likes"] if key != item.key]}
        if missing and not on(hand, item):
            return show(hand, query) or turn_to(hand, query, item) or hand.click(key=f"item-{item.key}")
        return super().expert(hand)


class Collect(Errand):
    """Put a model into a collection, or take it out."""

    name: ClassVar[str] = "collect"
    wordings: ClassVar[Wordings] = {
        "add": (
            'Add {name} to my collection "{collection}".',
            'Put {name} into the collection "{collection}".',
            'Collect {name} under "{collection}".',
        ),
        "remove": (
            'Remove {name} from my collection "{collection}".',
            'Take {name} out of the collection "{collection}".',
            '{name} no longer belongs into the collection "{collection}". Remove it.',
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact, collection = one_of(random, ("add", "add", "remove")), one_of(random, tuple(world.collections))
        within = world.collections[collection]
        pool = within if fact == "remove" else [item.key for item in world.items if item.key not in within]
        return {"item": one_of(random, pool), "collection": collection, "fact": fact}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        name = params["collection"]
        keys = sorted({*initial["collections"][name]} ^ {params["item"]})
        return {**initial, "collections": {**initial["collections"], name: keys}}


class Discuss(Errand):
    """Start a discussion with a title and a message."""

    name: ClassVar[str] = "discuss"
    wordings: ClassVar[Wordings] = {
        "": (
            'Start a discussion about {name} titled "{title}" with the message "{message}".',
            'Open a discussion at {name}: title "{title}", message "{message}".',
            'Post "{message}" as a new discussion of {name} with the title "{title}".',
        )
    }
    _TITLES: ClassVar[tuple[str, ...]] = ("Great work", "Wrong score", "Small bug", "Next version", "Thank you")
    _MESSAGES: ClassVar[tuple[str, ...]] = (
        "When is the next release", "It runs well here", "Please add an example", "The table has a mistake",
        "Can I use it at school",
    )  # fmt: skip

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {
            "item": one_of(random, world.items).key,
            "title": one_of(random, self._TITLES),
            "message": one_of(random, self._MESSAGES),
        }

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "threads": {**initial["threads"], params["item"]: [params["title"], params["message"]]}}


class AskForAccess(Errand):
    """Fill in the form of a gated model and accept its terms."""

    name: ClassVar[str] = "ask-for-access"
    wordings: ClassVar[Wordings] = {
        "": (
            "Accept the terms of {name} as {person} from {country} for {use}.",
            "Get access to the files of {name}: full name {person}, country {country}, intended use {use}.",
            "I am {person} from {country}. Ask for access to {name}, intended use {use}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        gated = [one for one in world.models if one.gated]
        if not gated:
            return None
        return {
            "item": one_of(random, gated).key,
            "country": one_of(random, names.COUNTRIES),
            "use": one_of(random, names.USES),
        }

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**super().words(world, params), "person": world.person}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        form = {"name": world.person, "country": params["country"], "use": params["use"]}
        return {**initial, "access": {**initial["access"], params["item"]: form}}


class BehindTheGate(AskForAccess):
    """Accept the terms of a gated model and say how large one of its files is."""

    name: ClassVar[str] = "behind-the-gate"
    kind: ClassVar[Literal["act", "plan"]] = "plan"
    wordings: ClassVar[Wordings] = {
        "": (
            "As {person} from {country}, accept the terms of {name} for {use} and tell me the size of tokenizer.json.",
            "Get access to {name} ({person}, {country}, {use}). What size is its tokenizer.json?",
            "What is the size of tokenizer.json of {name}? Accept its terms: {person}, {country}, {use}.",
        )
    }

    def expected(self, world: World, params: Params) -> Expected:
        size = next(file.size for file in world.by_key[params["item"]].files if file.name == "tokenizer.json")
        return Number(size / 1000, "MB", decimals=1)

    def path(self, hand: HubHand) -> Next | None:
        return go_to(hand, item_of(hand), "files") or scroll_to(hand, "tokenizer.json")


LOOKING_UP = (FileSum(), FileSize(), FlaggedFile(), Rows(), Widget())
ERRANDS = (Like(), LikeExtreme(), Collect(), Discuss(), AskForAccess(), BehindTheGate())
