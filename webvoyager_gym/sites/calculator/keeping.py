"""Tasks with notebooks: new ones, their names, colours and readers, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.calculator.acts import a_book, kept, title_of
from webvoyager_gym.sites.calculator.asking import Arithmetic
from webvoyager_gym.sites.calculator.reach import DeskAct, Wordings
from webvoyager_gym.sites.calculator.world import COLOURS, SHARING, World
from webvoyager_gym.sites.kit import Params
from webvoyager_gym.sites.kit.changes import drop, one_of, put


class BookAct(DeskAct):
    """A task that changes the notebook of its parameter "book" by the parameter "changed"."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, **params["changed"], "title": title_of(world, params["book"])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        book = params["book"]
        return put(initial, "notebooks", book, {**initial["notebooks"].get(book, {}), **params["changed"]})


class NewNotebook(BookAct):
    """Create a notebook; its colour can be chosen by the picture only."""

    name = "new-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Create a {colour} notebook named “{name}”, to be seen by: {share}.",
            "Make a new notebook called “{name}” in {colour}; who may see it: {share}.",
            "I need a new {colour} notebook “{name}”. Set who may see it to “{share}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        name, colour = one_of(random, world.fresh_notebooks), one_of(random, tuple(COLOURS))
        changed = {"name": name, "colour": colour, "share": one_of(random, SHARING)}
        return {"book": f"n{len(world.notebooks) + 1}", "changed": changed}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        changed: Mapping[str, Any] = params["changed"]
        return changed


class StartNotebook(NewNotebook):
    """Create a notebook and save the result of a sum to it."""

    name = "start-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Create a {colour} notebook named “{name}” and save the result of {text} to it as “{entry}”.",
            "Make a new {colour} notebook “{name}”. Then work out {text} and save it there as “{entry}”.",
            "I need a {colour} notebook called “{name}” with one entry, “{entry}”: the result of {text}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        new, sum_ = super().draw(world, random), Arithmetic().draw(world, random)
        if new is None or sum_ is None:
            return None
        changed = {**new["changed"], "share": SHARING[0]}
        params = {**new, "changed": changed, "entry": one_of(random, world.fresh_entries)}
        return kept(params, sum_["text"], "", world)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, **params["changed"]}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        made = super().effects(world, params, initial)
        return put(made, "entries", f"{params['book']}/{params['entry']}", params["saved"])


class Rename(BookAct):
    """Give a notebook another name."""

    name = "rename-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Rename the notebook {title} to “{name}”.",
            "My notebook {title} should be called “{name}” from now on.",
            "Give the notebook {title} the new name “{name}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"book": a_book(random), "changed": {"name": one_of(random, world.fresh_notebooks)}}


class Recolour(BookAct):
    """Give a notebook another colour, by discs that only the picture tells apart."""

    name = "recolour-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Make the notebook {title} {colour}.",
            "Change the colour of my notebook {title} to {colour}.",
            "The notebook {title} should be {colour}. Edit it.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        book, colour = a_book(random), one_of(random, tuple(COLOURS))
        now = world.notebooks[int(book[1:]) - 1][1]
        return {"book": book, "changed": {"colour": colour}} if colour != now else None


class Share(BookAct):
    """Say who may see a notebook."""

    name = "share-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Let {share_text} see the notebook {title}.",
            "Set who may see my notebook {title} to “{share}”.",
            "Share the notebook {title}: choose “{share}”.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"book": a_book(random), "changed": {"share": one_of(random, SHARING[1:])}}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        share = params["changed"]["share"]
        return {**super().words(world, params), "share_text": f"{share[0].lower()}{share[1:]}"}


class Redo(Share):
    """Give a notebook another name, colour and readers, all at once."""

    name = "redo-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Edit the notebook {title}: call it “{name}”, make it {colour} and let {share_text} see it.",
            "My notebook {title} should be {colour}, be named “{name}” and be seen by: {share}.",
            "Change the notebook {title}. New name: “{name}”; new colour: {colour}; who may see it: {share}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = Recolour().draw(world, random)
        if params is None:
            return None
        more = {"name": one_of(random, world.fresh_notebooks), "share": one_of(random, SHARING[1:])}
        return {**params, "changed": {**params["changed"], **more}}


class DeleteNotebook(DeskAct):
    """Delete a notebook with all that is in it."""

    name = "delete-notebook"
    wordings: ClassVar[Wordings] = {
        "": (
            "Delete the notebook {title}.",
            "I no longer need my notebook {title}: delete it with all its entries.",
            "Get rid of the whole notebook {title}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"book": a_book(random)}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"title": title_of(world, params["book"])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        left = {key: saved for key, saved in initial["entries"].items() if not key.startswith(f"{params['book']}/")}
        return {**drop(initial, "notebooks", params["book"]), "entries": left}


class DeleteEntry(DeskAct):
    """Delete an entry from a notebook."""

    name = "delete-entry"
    wordings: ClassVar[Wordings] = {
        "": (
            "Delete the entry “{entry}” from the notebook {title}.",
            "I no longer need “{entry}” in my notebook {title}. Delete it.",
            "Remove “{entry}” from the notebook {title}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        return {"book": entry.notebook, "entry": entry.name}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "title": title_of(world, params["book"])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "entries", f"{params['book']}/{params['entry']}")


class MoveEntry(DeleteEntry):
    """Save an entry to another notebook under the same name, and delete it from where it was."""

    name = "move-entry"
    wordings: ClassVar[Wordings] = {
        "": (
            "Move the entry “{entry}” from the notebook {title} to {target}, keeping its name.",
            "The entry “{entry}” belongs in {target}, not in {title}. Move it, under the same name.",
            "Save what “{entry}” in {title} holds to {target} under that name, and delete it from {title}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        entry, to = one_of(random, world.entries), a_book(random)
        if to == entry.notebook:
            return None
        return {"book": entry.notebook, "entry": entry.name, "to": to}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**super().words(world, params), "target": title_of(world, params["to"])}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        saved = initial["entries"][f"{params['book']}/{params['entry']}"]
        return put(super().effects(world, params, initial), "entries", f"{params['to']}/{params['entry']}", saved)


KEEPING = (
    NewNotebook(), StartNotebook(), Rename(), Recolour(), Share(), Redo(), DeleteNotebook(), DeleteEntry(), MoveEntry(),
)  # fmt: skip
