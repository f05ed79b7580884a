"""The pages of what is the visitor's own: notebooks, favourites, pinned examples and settings."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.sites.calculator.page import inside, one_of_the, render
from webvoyager_gym.sites.calculator.state import (
    LABELS,
    LONGEST_NAME,
    MOST_ENTRIES,
    MOST_FAVOURITES,
    MOST_NOTEBOOKS,
    MOST_PINS,
    SETTINGS,
    Desk,
    Notebook,
    Saved,
    saved_as,
)
from webvoyager_gym.sites.calculator.things import KINDS
from webvoyager_gym.sites.calculator.understand import NotUnderstood, understand
from webvoyager_gym.sites.calculator.view import Asked, amount_text, localised
from webvoyager_gym.sites.calculator.world import COLOURS, SHARING
from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Visit, page


class DeskPages:
    """The part of the site that the visitor can change."""

    @page("/notebooks")
    def notebooks(self, visit: Visit) -> Reply:
        desk: Desk = visit.state
        shown = [(key, book, len(desk.entries_of(key))) for key, book in sorted(desk.notebooks.items())]
        inside = {key: sorted(desk.entries_of(key)) for key in desk.notebooks}
        return render(
            visit, "notebooks.html", shown=shown, inside=inside, colours=COLOURS, room=len(shown) < MOST_NOTEBOOKS
        )

    @page("/notebook/{key}")
    def notebook(self, visit: Visit, key: str) -> Reply:
        book = _notebook(visit, key)
        shown = [(name, saved, _asked(saved), _result(visit, saved)) for name, saved in _entries(visit, key)]
        return render(visit, "notebook.html", key=key, book=book, shown=shown, colours=COLOURS)

    @page("/notebook/{key}/delete-entry", "POST")
    def delete_entry(self, visit: Visit, key: str) -> Reply:
        _notebook(visit, key)
        if visit.state.entries.pop((key, visit.field("name")), None) is None:
            raise NotHere("There is no such entry.")
        return Redirect(f"/notebook/{key}")

    @page("/new-notebook")
    def new_notebook(self, visit: Visit) -> Reply:
        return _notebook_form(visit, "", Notebook("", ""))

    @page("/notebook/{key}/edit")
    def edit_notebook(self, visit: Visit, key: str) -> Reply:
        return _notebook_form(visit, key, _notebook(visit, key))

    @page("/new-notebook", "POST")
    def create(self, visit: Visit) -> Reply:
        if len(visit.state.notebooks) >= MOST_NOTEBOOKS:
            return _notebook_form(visit, "", Notebook("", ""), f"There is room for {MOST_NOTEBOOKS} notebooks only.")
        return _keep(visit, "", visit.state.free_id())

    @page("/notebook/{key}/edit", "POST")
    def change(self, visit: Visit, key: str) -> Reply:
        _notebook(visit, key)
        if visit.field("change") == "delete":
            desk: Desk = visit.state
            del desk.notebooks[key]
            for entry in [entry for entry in desk.entries if entry[0] == key]:
                del desk.entries[entry]
            return Redirect("/notebooks")
        return _keep(visit, key, key)

    @page("/save", "POST")
    def save(self, visit: Visit) -> Reply:
        asked, desk = _posted(visit), visit.state
        name, key = " ".join(visit.field("name").split()), visit.field("notebook")
        saved = saved_as(asked.text, asked.kind, visit.world)
        if saved is None:
            raise BadRequest("This input means nothing, so there is no result to save.")
        if not 0 < len(name) <= LONGEST_NAME:
            return Redirect(asked.href() + "&problem=name")
        _notebook(visit, key)
        if len(desk.entries_of(key)) >= MOST_ENTRIES and (key, name) not in desk.entries:
            return Redirect(asked.href() + "&problem=full")
        desk.entries[key, name] = saved
        return Redirect(f"/notebook/{key}")

    @page("/favourites")
    def favourites(self, visit: Visit) -> Reply:
        shown = [(saved, _asked(saved), _result(visit, saved)) for saved in visit.state.favourites]
        return render(visit, "favourites.html", shown=shown)

    @page("/favourite", "POST")
    def favourite(self, visit: Visit) -> Reply:
        asked, favourites = _posted(visit), visit.state.favourites
        saved = saved_as(asked.text, asked.kind, visit.world)
        if saved is None:
            raise BadRequest("This input means nothing, so there is no result to keep.")
        if saved in favourites:
            del favourites[saved]
        elif len(favourites) >= MOST_FAVOURITES:
            return Redirect(asked.href() + "&problem=favourites")
        else:
            favourites[saved] = True
        return Redirect(inside(visit.field("back"), asked.href()))

    @page("/pin", "POST")
    def pin(self, visit: Visit) -> Reply:
        example, pins = visit.field("example"), visit.state.pins
        if not any(example in inputs for _, inputs in visit.world.examples):
            raise BadRequest("There is no such example.")
        if example in pins:
            del pins[example]
        elif len(pins) < MOST_PINS:
            pins[example] = True
        return Redirect(inside(visit.field("back")))

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return render(visit, "settings.html", options=SETTINGS, labels=LABELS)

    @page("/settings", "POST")
    def set(self, visit: Visit) -> Reply:
        chosen = {name: one_of_the(visit.field(name), values, name) for name, values in SETTINGS.items()}
        visit.state.settings.update(chosen)
        return Redirect("/settings?saved=yes")


def _posted(visit: Visit) -> Asked:
    return Asked(visit.field("q")[:200], one_of_the(visit.field("as"), ("", *KINDS), "kind"))


def _notebook(visit: Visit, key: str) -> Notebook:
    book: Notebook | None = visit.state.notebooks.get(key)
    if book is None:
        raise NotHere("There is no such notebook.")
    return book


def _entries(visit: Visit, key: str) -> list[tuple[str, Saved]]:
    desk: Desk = visit.state
    return sorted(desk.entries_of(key).items())


def _asked(saved: Saved) -> Asked:
    return Asked(saved.text, saved.kind)


def _result(visit: Visit, saved: Saved) -> str:
    """The result of something kept, in a few words."""
    desk: Desk = visit.state
    answer = understand(saved.text, visit.world, saved.kind, desk.manner)
    if isinstance(answer, NotUnderstood):
        return ""
    amount = localised(answer, desk.settings["units"])
    if amount is not None:
        return amount_text(amount, desk.manner.decimals)
    return ", ".join(answer.pods[0].lines) if answer.pods else ""


def _notebook_form(visit: Visit, key: str, book: Notebook, wrong: str = "") -> Reply:
    values: dict[str, Any] = {"key": key, "book": book, "wrong": wrong, "colours": COLOURS, "sharing": SHARING}
    return render(visit, "notebook_form.html", **values)


def _keep(visit: Visit, key: str, target: str) -> Reply:
    """Create or change the notebook `target` as the form says; `key` is what the form is about, "" for a new one."""
    name = " ".join(visit.field("name").split())[: LONGEST_NAME + 1]
    share = one_of_the(visit.field("share"), SHARING, "way to share")
    colour = visit.field("colour")
    book = Notebook(name, one_of_the(colour, ("", *COLOURS), "colour"), share)
    others = {other.name.casefold() for of, other in visit.state.notebooks.items() if of != target}
    wrong = ""
    if not 0 < len(name) <= LONGEST_NAME:
        wrong = f"Please give it a name of up to {LONGEST_NAME} letters."
    elif name.casefold() in others:
        wrong = "Another notebook has this name."
    elif not colour:
        wrong = "Please choose a colour."
    if wrong:
        return _notebook_form(visit, key, book, wrong)
    visit.state.notebooks[target] = book
    return Redirect(f"/notebook/{target}")
