"""Questions about what is known of things: looked up, reached in two hops, misspelt, compared or asked by others."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, read, unfold
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.reach import SearchHand, open_page, show
from webvoyager_gym.sites.search.settle import SearchQuestion
from webvoyager_gym.sites.search.things import CHIEF, Fact, Thing
from webvoyager_gym.sites.search.world import World

PHRASES = {
    ("town", "Population"): "population", ("town", "Mayor"): "mayor",
    ("town", "Area"): "area in square kilometres", ("town", "Founded"): "founding year",
    ("person", "Born"): "date of birth", ("person", "Birthplace"): "birthplace", ("person", "Height"): "height in cm",
    ("film", "Length"): "length in minutes", ("film", "Director"): "director", ("film", "Released"): "year of release",
    ("band", "Albums"): "number of albums", ("band", "Singer"): "singer", ("band", "Home town"): "home town",
    ("company", "Employees"): "number of employees", ("company", "Founder"): "founder",
    ("company", "Founded"): "founding year", ("company", "Head office"): "place of the head office",
    ("club", "Seats"): "number of seats", ("club", "Coach"): "coach", ("club", "Founded"): "founding year",
    ("mountain", "Height"): "height in metres", ("mountain", "Nearest town"): "nearest town",
    ("mountain", "First climbed"): "year of the first climb",
    ("event", "Ticket"): "price of a ticket", ("event", "Starts"): "first day",
    ("event", "First held"): "founding year",
}  # fmt: skip
"""How goals name a fact of a thing of some kind."""

HOPS = ("Director", "Singer", "Founder", "Coach", "Mayor", "Nearest town", "Home town", "Head office")
"""Facts that lead from one thing to another."""

MORE = {
    "film": "is longer", "band": "has more albums", "company": "has more employees", "club": "has more seats",
    "town": "has more people", "mountain": "is higher",
}  # fmt: skip


def open_reference(hand: SearchHand, thing: Thing) -> Action | None:
    """Towards what the reference work says about a thing."""
    return open_page(hand, hand.world.reference(thing), Query(thing.name))


class FactQuestion(SearchQuestion):
    """A fact of one thing."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "fact"
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {what} of {name}?",
        "Find out the {what} of {name}.",
        "I need the {what} of {name}. Search for it.",
        "Look up {name} and give the {what}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.things)
        labels = [label for kind, label in PHRASES if kind == thing.kind]
        return {"thing": thing.key, "label": one_of(random, labels), "name": thing.name}

    def words(self, world: World, params: Params) -> Params:
        return {**params, "what": PHRASES[world.thing[params["thing"]].kind, params["label"]]}

    def fact(self, world: World, params: Params) -> Fact:
        """What is asked for."""
        return world.thing[params["thing"]].fact(params["label"])

    def expected(self, world: World, params: Params) -> Expected:
        return self.fact(world, params).answer

    def look(self, hand: SearchHand) -> Action | None:
        thing, fact = hand.world.thing[hand.params["thing"]], self.fact(hand.world, hand.params)
        said = f'"{fact.value}"' if fact.to else f"{fact.label} {fact.value}"
        return open_reference(hand, thing) or read(hand, said, "save")


class TwoHops(FactQuestion):
    """A fact of the thing that a fact of another leads to."""

    name: ClassVar[str] = "two-hops"
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {what} of the {hop} of {name}?",
        "Find out the {hop} of {name}, and then the {what} of that {goal}.",
        "I want to know the {what} of the {hop} of {name}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        start = one_of(random, world.things)
        hops = [fact for fact in start.facts if fact.label in HOPS]
        if not hops:
            return None
        hop = one_of(random, hops)
        labels = [label for kind, label in PHRASES if kind == world.thing[hop.to].kind]
        label = one_of(random, labels)
        return {"start": start.key, "hop": hop.label, "thing": hop.to, "label": label, "name": start.name}

    def words(self, world: World, params: Params) -> Params:
        kind = world.thing[params["thing"]].kind
        hop = PHRASES[world.thing[params["start"]].kind, params["hop"]]
        return {**super().words(world, params), "hop": hop, "goal": kind}

    def look(self, hand: SearchHand) -> Action | None:
        start, thing = (hand.world.thing[hand.params[key]] for key in ("start", "thing"))
        link = f"fact-{slug(hand.params['hop'])}"
        if hand.path == hand.world.reference(start).href:
            return hand.click(key=link)
        if hand.path == hand.world.reference(thing).href:
            return super().look(hand)
        return open_reference(hand, start)


class ThreeHops(TwoHops):
    """A fact of the thing that two facts in a row lead to."""

    name: ClassVar[str] = "three-hops"
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {what} of the {second} of the {hop} of {name}?",
        "Find the {hop} of {name}, then that one's {second}. What is its {what}?",
        "I want to know the {what} of the {second} of the {hop} of {name}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        if params is None:
            return None
        middle = world.thing[params["thing"]]
        second = one_of(
            random, [fact for fact in middle.facts if (middle.kind, fact.label) in PHRASES and fact.to] or [None]
        )
        if second is None or second.to == params["start"]:
            return None
        label = one_of(random, [label for kind, label in PHRASES if kind == world.thing[second.to].kind])
        return {**params, "middle": middle.key, "second": second.label, "thing": second.to, "label": label}

    def words(self, world: World, params: Params) -> Params:
        second = PHRASES[world.thing[params["middle"]].kind, params["second"]]
        return {**super().words(world, params), "second": second}

    def look(self, hand: SearchHand) -> Action | None:
        if hand.path == hand.world.reference(hand.world.thing[hand.params["middle"]]).href:
            return hand.click(key=f"fact-{slug(hand.params['second'])}")
        return super().look(hand)


class Misspelt(FactQuestion):
    """A fact of a thing whose name is not written as it should be; the results say what may have been meant."""

    name: ClassVar[str] = "misspelt"
    wordings: ClassVar[tuple[str, ...]] = (
        'Somebody wrote down "{slip}", perhaps wrongly. What is its {what}?',
        'What is the {what} of "{slip}"? I am not sure of the spelling.',
        'Find the {what} of what I noted as "{slip}"; the spelling may be wrong.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, [thing for thing in world.things if thing.kind != "person"])
        words = thing.name.split()
        place = int(random.integers(len(words)))
        if len(words[place]) < 6:
            return None
        at = int(random.integers(2, len(words[place]) - 2))
        swapped = words[place][:at] + words[place][at + 1] + words[place][at] + words[place][at + 2 :]
        dropped = words[place][:at] + words[place][at + 1 :]
        slip = " ".join([*words[:place], one_of(random, (swapped, dropped)), *words[place + 1 :]])
        meant = [about for text in world.index.meant(slip) for about in world.index.about(text)]
        if meant != [thing]:
            return None
        labels = [label for kind, label in PHRASES if kind == thing.kind]
        return {"thing": thing.key, "label": one_of(random, labels), "slip": slip}

    def look(self, hand: SearchHand) -> Action | None:
        thing = hand.world.thing[hand.params["thing"]]
        meant, page = f"meant-{slug(thing.name)}", hand.world.reference(thing)
        if hand.path == page.href or hand.there(key=f"page-{page.key}"):
            return super().look(hand)
        return hand.click(key=meant) if hand.there(key=meant) else show(hand, Query(hand.params["slip"]))


class Compare(SearchQuestion):
    """Which of two things has more; one search finds both."""

    kind: ClassVar[Literal["compare"]] = "compare"
    name: ClassVar[str] = "compare"
    wordings: ClassVar[tuple[str, ...]] = (
        "Which {more}, {first} or {second}?",
        "Compare {first} with {second}. Which one {more}?",
        "{first} or {second}: which one {more}?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, tuple(CHIEF))
        things = world.of_kind(kind)
        first, second = (things[int(i)] for i in random.permutation(len(things))[:2])
        if _chief(first) == _chief(second):
            return None
        return {"kind": kind, "keys": [first.key, second.key], "first": first.name, "second": second.name}

    def words(self, world: World, params: Params) -> Params:
        return {**params, "more": MORE[params["kind"]]}

    def expected(self, world: World, params: Params) -> Expected:
        less, more = sorted((world.thing[key] for key in params["keys"]), key=_chief)
        return Name(more.name, (less.name,))

    def look(self, hand: SearchHand) -> Action | None:
        things = [hand.world.thing[key] for key in hand.params["keys"]]
        step = show(hand, Query(f"{hand.params['first']} {hand.params['second']}"))
        for thing in things:
            fact = thing.fact(CHIEF[thing.kind])
            step = step or read(hand, f"{fact.label}: {fact.value}", f"page-{hand.world.reference(thing).key}")
        return step


class AlsoAsked(SearchQuestion):
    """A number that only an unfolded answer to what people also ask tells."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "also-asked"
    wordings: ClassVar[tuple[str, ...]] = (
        "{question}",
        "Search for {name}. {question}",
        "{question} Other people have asked that about {name}, too.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.things)
        trivia = one_of(random, thing.trivia)
        return {"thing": thing.key, "trivia": trivia.key, "name": thing.name, "question": trivia.question}

    def expected(self, world: World, params: Params) -> Expected:
        trivia = world.thing[params["thing"]].trivia
        return Number(next(one.number for one in trivia if one.key == params["trivia"]))

    def look(self, hand: SearchHand) -> Action | None:
        thing = hand.world.thing[hand.params["thing"]]
        trivia = next(one for one in thing.trivia if one.key == hand.params["trivia"])
        step = show(hand, Query(thing.name))
        return step or unfold(hand, f"{trivia.key}-{thing.key}", trivia.answer)


def _chief(thing: Thing) -> float:
    answer = thing.fact(CHIEF[thing.kind]).answer
    assert isinstance(answer, Number)
    return answer.value


FACTS = (FactQuestion(), TwoHops(), ThreeHops(), Misspelt(), Compare(), AlsoAsked())
