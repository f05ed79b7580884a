"""Questions that the search and the cards of the hub answer; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to
from webvoyager_gym.sites.kit.worded import Wordings
from webvoyager_gym.sites.models import names
from webvoyager_gym.sites.models.search import Query, find
from webvoyager_gym.sites.models.task import HubTask, draw_extreme, extreme_query, extreme_text, item_of, name_of
from webvoyager_gym.sites.models.walk import HubHand, go_to, on, show, turn_to
from webvoyager_gym.sites.models.world import World, parameters_text


class ModelFact(HubTask):
    """The licence, context length, library or number of parameters of a named model."""

    name: ClassVar[str] = "model-fact"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "licence": (
            "Which licence does the model {model} have?",
            "Under what licence is {model} offered?",
            "Look up the licence of {model}.",
        ),
        "library": (
            "Which library is {model} made with?",
            "What library does the model {model} use?",
            "Find the library of {model}.",
        ),
        "context": (
            "How many tokens is the context of {model}?",
            "What is the context length of {model} in tokens?",
            "Look up how many tokens fit into the context of {model}.",
        ),
        "parameters": (
            "How many billion parameters does {model} have?",
            "Give the number of parameters of {model}, in billions.",
            "Find the exact parameter count of {model} in billions.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"item": one_of(random, world.models).key, "fact": one_of(random, tuple(self.wordings))}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"model": world.by_key[params["item"]].name}

    def expected(self, world: World, params: Params) -> Expected:
        item = world.by_key[params["item"]]
        if params["fact"] == "licence":
            return Name(item.licence, tuple(one for one in names.LICENCES if one != item.licence))
        if params["fact"] == "library":
            return Name(item.library, tuple(one for one in names.LIBRARIES if one != item.library))
        if params["fact"] == "context":
            return Number(item.context, "tokens")
        return Number(item.parameters, "billion", decimals=2)

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        text = {
            "licence": item.licence,
            "library": item.library,
            "context": f"{item.context:,} tokens",
            "parameters": parameters_text(item),
        }
        return go_to(hand, item) or scroll_to(hand, text[hand.params["fact"]])


class Extreme(HubTask):
    """The model of a task with the most downloads or likes, or the newest one; the facets hide large ones at first."""

    name: ClassVar[str] = "extreme"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Among models of all sizes, which is {thing}?",
            "Find {thing}, whatever its size, and give its name.",
            "What is the name of {thing}? Look at all sizes.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_key[params["item"]], world)

    def path(self, hand: HubHand) -> Next | None:
        query, item = extreme_query(hand.params), item_of(hand)
        return show(hand, query) or turn_to(hand, query, item) or reveal(hand, key=f"item-{item.key}")


def facets_text(params: Params) -> str:
    """Facets in words: "JAX models for Translation under the MIT licence"."""
    task = f" for {params['task']}" if params["task"] else ""
    licence = f" under the {params['licence']} licence" if params["licence"] else ""
    return f"{params['library']} models{task}{licence}".strip()


def _facets(params: Params) -> Query:
    return Query("model", "", params["task"], params["library"], params["licence"], "all")


class Count(HubTask):
    """How many models of all sizes fit two facets."""

    name: ClassVar[str] = "count"
    kind: ClassVar[Literal["filter"]] = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many {things} are there, all sizes together?",
            "Count the {things} of all sizes.",
            "All sizes included, how many {things} does the hub have?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {
            "task": one_of(random, ("", *world.tasks)),
            "library": one_of(random, ("", *names.LIBRARIES)),
            "licence": one_of(random, ("", *names.LICENCES)),
        }
        found = find(world, _facets(params))
        return params if sum(map(bool, params.values())) == 2 and len(found) > 1 else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"things": facets_text(params)}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(find(world, _facets(params))))

    def path(self, hand: HubHand) -> Next | None:
        query = _facets(hand.params)
        return show(hand, query) or scroll_to(hand, f"{len(find(hand.world, query))} found")


class NoneSuch(HubTask):
    """A model is asked for that no facets find: there is none."""

    name: ClassVar[str] = "none-such"
    kind: ClassVar[Literal["filter"]] = "filter"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[Wordings] = {
        "": (
            "Of all sizes, which {thing} has the most downloads?",
            "Tell me the name of one {thing}, of any size.",
            "I need one {thing}; all sizes are fine. What is it called?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = {
            "task": one_of(random, world.tasks),
            "library": one_of(random, names.LIBRARIES),
            "licence": one_of(random, names.LICENCES),
        }
        near = find(world, _facets({**params, "licence": ""}))
        return params if near and not find(world, _facets(params)) else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": facets_text(params).replace("models", "model")}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("there is no such model", tuple(item.name for item in world.models))

    def path(self, hand: HubHand) -> Next | None:
        return show(hand, _facets(hand.params)) or scroll_to(hand, "Nothing found")


class Score(HubTask):
    """What a model scores on a benchmark; the table beside it has a relative's score."""

    name: ClassVar[str] = "score"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "What does {model} score on {bench}?",
            "How many points does {model} reach on {bench}?",
            "Look up the {bench} score of {model}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        item = one_of(random, world.models)
        return {"item": item.key, "bench": one_of(random, item.scores)[0]}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "model": world.by_key[params["item"]].name}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(dict(world.by_key[params["item"]].scores)[params["bench"]] / 10, decimals=1)

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item) or scroll_to(hand, f"{dict(item.scores)[hand.params['bench']] / 10:.1f}")


class NoScore(Score):
    """The score on a benchmark that the model was never tested on."""

    name: ClassVar[str] = "no-score"
    feasible: ClassVar[bool] = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        item = one_of(random, world.models)
        strange = [bench for one in world.models for bench, _ in one.scores if one.task != item.task]
        return {"item": item.key, "bench": one_of(random, strange)}

    def expected(self, world: World, params: Params) -> Expected:
        item = world.by_key[params["item"]]
        points = (points for one in (item, world.rival(item)) for _, points in one.scores)
        return Impossible("the score is not available", tuple(f"{one / 10:.1f}" for one in points))

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item) or scroll_to(hand, *(f"{points / 10:.1f}" for _, points in item.scores))


class BetterScore(HubTask):
    """Which of two models of different families scores higher on a benchmark."""

    name: ClassVar[str] = "better-score"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which model scores higher on {bench}, {a} or {b}?",
            "Compare {a} and {b}: which has the better {bench} score?",
            "Does {a} or {b} reach more points on {bench}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        first = one_of(random, world.models)
        second = one_of(random, [one for one in world.models if one.task == first.task and one.family != first.family])
        bench = one_of(random, first.scores)[0]
        if dict(first.scores)[bench] == dict(second.scores)[bench]:
            return None
        return {"first": first.key, "second": second.key, "bench": bench}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "a": world.by_key[params["first"]].name, "b": world.by_key[params["second"]].name}

    def expected(self, world: World, params: Params) -> Expected:
        pair = [world.by_key[params[name]] for name in ("first", "second")]
        worse, better = sorted(pair, key=lambda item: dict(item.scores)[params["bench"]])
        return Name(better.name, (worse.name,), (better.key,))

    def path(self, hand: HubHand) -> Next | None:
        # The first is read before the second, whose card is where the answer is given.
        first, second = (hand.world.by_key[hand.params[name]] for name in ("first", "second"))
        bench = hand.params["bench"]
        if hand.path == first.href:
            return scroll_to(hand, f"{dict(first.scores)[bench] / 10:.1f}") or go_to(hand, second)
        if on(hand, second) or hand.query.get("q", "").strip().casefold() == second.name.casefold():
            return go_to(hand, second) or scroll_to(hand, f"{dict(second.scores)[bench] / 10:.1f}")
        return go_to(hand, first)


class BestInFamily(HubTask):
    """The model of a family with the longest or shortest context; the table is folded away."""

    name: ClassVar[str] = "best-in-family"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "longest": (
            "Which model of the {family} family has the longest context?",
            "Of the {family} models, which takes the most tokens of context?",
            "Find the {family} model with the longest context.",
        ),
        "shortest": (
            "Which model of the {family} family has the shortest context?",
            "Of the {family} models, which takes the fewest tokens of context?",
            "Find the {family} model with the shortest context.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        family = world.family(one_of(random, world.models))
        if len(family) < 3 or all(item.parameters > 15 for item in family):
            return None
        fact = one_of(random, tuple(self.wordings))
        item = (max if fact == "longest" else min)(family, key=lambda one: one.context)
        return {"family": item.family, "item": item.key, "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_key[params["item"]], world)

    def path(self, hand: HubHand) -> Next | None:
        family = hand.world.family(item_of(hand))
        here = next((item for item in family if on(hand, item)), None)
        if here is None:
            listed = [item for item in family if hand.there(key=f"item-{item.key}")]
            query = Query("model", family[0].family)
            return hand.click(key=f"item-{listed[0].key}") if listed else show(hand, query)
        return go_to(hand, here) or unfold(hand, "family", [item.name for item in family])


def unfold(hand: HubHand, key: str, texts: Sequence[str]) -> Next | None:
    """Towards the texts of a part that may be folded away, which stand nowhere below it but in that part."""
    opener = hand.find(key=f"fold-{key}")
    if opener is not None and opener.visible:
        below = hand.view.outline.partition(opener.name)[2]
        if not any(text in below for text in texts):
            return hand.click(key=f"fold-{key}")
    elif all(text in hand.view.outline for text in texts):
        return None
    else:
        return reveal(hand, key=f"fold-{key}")
    return scroll_to(hand, *texts)


class GpuHours(HubTask):
    """How many GPU hours a training took: GPUs by hours, folded away in the card."""

    name: ClassVar[str] = "gpu-hours"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many GPU hours did the training of {model} take, that is GPUs times hours?",
            "Multiply GPUs by hours: how many GPU hours went into training {model}?",
            "Compute the GPU hours (GPUs times hours) of the training of {model}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"item": one_of(random, world.models).key}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"model": world.by_key[params["item"]].name}

    def expected(self, world: World, params: Params) -> Expected:
        training = world.by_key[params["item"]].training
        return Number(training.gpus * training.hours, "GPU hours")

    def path(self, hand: HubHand) -> Next | None:
        item = item_of(hand)
        return go_to(hand, item) or unfold(hand, "training", [f"{item.training.hours} hours on every GPU"])


class BestMonth(HubTask):
    """The month with the most downloads, which only the bars show."""

    name: ClassVar[str] = "best-month"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "In which month was {model} downloaded most?",
            "Look at the downloads of {model} by month: which month has the highest bar?",
            "Which month was the best for downloads of {model}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"item": one_of(random, world.items).key}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"model": world.by_key[params["item"]].name}

    def expected(self, world: World, params: Params) -> Expected:
        best = names.MONTHS[world.by_key[params["item"]].months.index(100)]
        others = [short for month in names.MONTHS if month != best for short in (month, month[:3])]
        return Name(best, tuple(others), (best[:3],))

    def path(self, hand: HubHand) -> Next | None:
        return go_to(hand, item_of(hand)) or scroll_to(hand, "Downloads by month")


QUESTIONS = (
    ModelFact(), Extreme(), Count(), NoneSuch(), Score(), NoScore(), BetterScore(), BestInFamily(), GpuHours(),
    BestMonth(),
)  # fmt: skip
