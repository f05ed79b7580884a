"""Tasks that put pages and pictures into collections, or take them out, and change nothing else."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import Change, drop, one_of, put
from webvoyager_gym.sites.search.finds import page_with
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.reach import SearchHand, open_page
from webvoyager_gym.sites.search.settle import SearchAct
from webvoyager_gym.sites.search.sights import picture_words
from webvoyager_gym.sites.search.state import BETWEEN
from webvoyager_gym.sites.search.world import World


class SavePage(SearchAct):
    """Save what the reference work says about a thing to one of several collections."""

    name: ClassVar[str] = "save-page"
    wordings: ClassVar[tuple[str, ...]] = (
        'Save the {publisher} page about {title} to my collection "{collection}".',
        'Put the page of {publisher} about {title} into the collection "{collection}".',
        'I want to keep the {publisher} page about {title}: save it to "{collection}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        page = world.reference(one_of(random, world.things))
        collection, _ = one_of(random, world.collections)
        publisher = world.publisher[page.publisher].name
        return {"item": page.key, "title": page.title, "publisher": publisher, "collection": collection}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "saved", slug(params["collection"]) + BETWEEN + params["item"], True)


class SaveToNew(SavePage):
    """Save a page to a collection that has to be made."""

    name: ClassVar[str] = "save-to-new"
    wordings: ClassVar[tuple[str, ...]] = (
        'Make a new collection "{collection}" with the {publisher} page about {title} in it.',
        'Save the {publisher} page about {title} to a new collection called "{collection}".',
        'Create the collection "{collection}" and save the page of {publisher} about {title} there.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return None if params is None else {**params, "collection": one_of(random, world.spare)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(super().effects(world, params, initial), "collections", slug(params["collection"]), True)


class SaveBoth(SaveToNew):
    """Save two pages to a collection that has to be made."""

    name: ClassVar[str] = "save-both"
    wordings: ClassVar[tuple[str, ...]] = (
        'Save the {publisher} pages about {title} and {other} to a new collection "{collection}".',
        'Create the collection "{collection}" with two pages of {publisher}: about {title} and about {other}.',
        'I need a new collection "{collection}" with the {publisher} pages about {title} and {other}.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        other = world.reference(one_of(random, world.things))
        if params is None or other.key == params["item"]:
            return None
        return {**params, "second": other.key, "other": other.title}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        first = super().effects(world, params, initial)
        return put(first, "saved", slug(params["collection"]) + BETWEEN + params["second"], True)


class SavePhrase(SavePage):
    """Save the one page that holds a phrase."""

    name: ClassVar[str] = "save-phrase"
    wordings: ClassVar[tuple[str, ...]] = (
        'Find the page with the exact phrase "{phrase}" and save it to "{collection}".',
        'Save the page that says "{phrase}" in exactly these words to the collection "{collection}".',
        'One page has the exact phrase "{phrase}". Put it into my collection "{collection}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        phrase = one_of(random, world.phrases)
        collection, _ = one_of(random, world.collections)
        return {"item": page_with(world, phrase).key, "phrase": phrase, "collection": collection}

    def carry_out(self, hand: SearchHand, change: Change) -> Action:
        page = hand.world.page[hand.params["item"]]
        if change.part == "saved" and change.key.endswith(page.key) and change.value and hand.path != "/save":
            return open_page(hand, page, Query(exact=hand.params["phrase"])) or hand.click(key="save")
        return super().carry_out(hand, change)


class SavePicture(SavePage):
    """Save the picture that shows something of a colour."""

    name: ClassVar[str] = "save-picture"
    wordings: ClassVar[tuple[str, ...]] = (
        'Save the image of a {colour} {shape} in {name} to my collection "{collection}".',
        'Among the images of {name}, find the {colour} {shape} and save it to "{collection}".',
        'Put the photo with the {colour} {shape} from the images of {name} into "{collection}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        picture = one_of(random, world.pictures)
        collection, _ = one_of(random, world.collections)
        return {**picture_words(world, picture), "item": picture.key, "collection": collection}


class SavePictures(SaveBoth):
    """Save two pictures of one place to a collection that has to be made."""

    name: ClassVar[str] = "save-pictures"
    wordings: ClassVar[tuple[str, ...]] = (
        'From the images of {name}, save the {first} and the {other} to a new collection "{collection}".',
        'Make a collection "{collection}" with two images of {name}: the {first} and the {other}.',
        'Save two images of {name}, the {first} and the {other}, to a new collection called "{collection}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        picture = one_of(random, world.pictures)
        other = one_of(random, [one for one in world.pictures if one.thing == picture.thing and one is not picture])
        said = [f"{one.colour} {one.shape}" for one in (picture, other)]
        words = {"name": world.thing[picture.thing].name, "first": said[0], "other": said[1]}
        return {**words, "item": picture.key, "second": other.key, "collection": one_of(random, world.spare)}


class Unsave(SavePage):
    """Take a page out of a collection."""

    name: ClassVar[str] = "unsave"
    wordings: ClassVar[tuple[str, ...]] = (
        'Remove "{title}" from my collection "{collection}".',
        'Take the page "{title}" out of the collection "{collection}".',
        'I no longer need "{title}" in the collection "{collection}". Remove it.',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        collection, items = one_of(random, world.collections)
        item = one_of(random, items)
        return {"item": item, "title": world.page[item].title, "collection": collection}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "saved", slug(params["collection"]) + BETWEEN + params["item"])


SAVES = (SavePage(), SaveToNew(), SaveBoth(), SavePhrase(), SavePicture(), SavePictures(), Unsave())
