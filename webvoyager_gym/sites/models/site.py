"""The hub's pages."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from markupsafe import Markup

from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.kit.paging import cut
from webvoyager_gym.sites.models import names, search
from webvoyager_gym.sites.models.search import PAGE_SIZE, Query
from webvoyager_gym.sites.models.state import LOADING, Access, HubState, Job
from webvoyager_gym.sites.models.tasks import TEMPLATES
from webvoyager_gym.sites.models.world import Item, World, build_world, day_text, parameters_text, size_text


class Models(Site[World, HubState]):
    """A model hub: facets, model cards, files, gated models, collections, discussions and an inference widget."""

    name: ClassVar[str] = "models"
    title: ClassVar[str] = "Modelry"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> HubState:
        return HubState(world, collections={name: list(keys) for name, keys in world.collections.items()})

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "day": day_text,
            "size": size_text,
            "parameters": parameters_text,
            "crest": crest,
        }

    def common(self, visit: Visit) -> dict[str, Any]:
        return {
            "query": Query(),
            "libraries": names.LIBRARIES,
            "licences": names.LICENCES,
            "months": names.MONTHS,
            "countries": names.COUNTRIES,
            "uses": names.USES,
        }

    @page("/")
    def home(self, visit: Visit) -> Reply:
        trending = sorted((item for item in visit.world.models if item.parameters < 15), key=lambda one: one.likes % 89)
        downloads: Counter[str] = Counter()
        for item in visit.world.models:
            downloads[item.task] += item.downloads
        return visit.render("home.html", trending=trending[:4], downloads=sorted(downloads.items()))

    @page("/models")
    def models(self, visit: Visit) -> Reply:
        return self._search(visit, "model")

    @page("/datasets")
    def datasets(self, visit: Visit) -> Reply:
        return self._search(visit, "dataset")

    @page("/mine")
    def mine(self, visit: Visit) -> Reply:
        return visit.render("mine.html", liked=[visit.world.by_key[key] for key in visit.state.likes])

    @page("/{kind}/{owner}/{name}")
    def card(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _item(visit, kind, owner, name)
        return visit.render("card.html" if kind == "model" else "dataset.html", item=item, tab="card")

    @page("/{kind}/{owner}/{name}/files")
    def files(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _model(visit, kind, owner, name)
        shut = item.gated and item.key not in visit.state.access
        return visit.render("gate.html" if shut else "files.html", item=item, tab="files", wrong="", form={})

    @page("/{kind}/{owner}/{name}/files", "POST")
    def ask(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _model(visit, kind, owner, name)
        if not item.gated:
            raise BadRequest("The files of this model are open to all.")
        if visit.field("change") == "withdraw":
            visit.state.access.pop(item.key, None)
            return Redirect(f"{item.href}/files")
        form = {
            "name": visit.field_line("name", 80),
            "country": visit.field_choice("country", ("", *names.COUNTRIES)),
            "use": visit.field_choice("use", ("", *names.USES)),
        }
        if not all(form.values()) or visit.field("terms") != "1":
            wrong = "Fill in all fields." if not all(form.values()) else "You have to accept the terms."
            return visit.render("gate.html", item=item, tab="files", wrong=wrong, form=form)
        visit.state.access[item.key] = Access(**form)
        return Redirect(f"{item.href}/files")

    @page("/{kind}/{owner}/{name}/discussions")
    def discussions(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        return visit.render("discussions.html", item=_item(visit, kind, owner, name), tab="discussions", wrong="")

    @page("/{kind}/{owner}/{name}/discussions", "POST")
    def discuss(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _item(visit, kind, owner, name)
        thread = (visit.field_line("title", 80), visit.field_line("message", 200))
        if visit.field("change") == "delete":
            visit.state.threads.pop(item.key, None)
        elif not all(thread):
            wrong = "Write a title and a message."
            return visit.render("discussions.html", item=item, tab="discussions", wrong=wrong)
        else:
            visit.state.threads[item.key] = thread
        return Redirect(f"{item.href}/discussions")

    @page("/{kind}/{owner}/{name}/try")
    def widget(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _triable(visit, kind, owner, name)
        job = visit.state.job if visit.state.job and visit.state.job.key == item.key else None
        left = visit.state.loading.get(item.key, LOADING)
        return visit.render("try.html", item=item, tab="try", job=job, left=left, all=LOADING)

    @page("/{kind}/{owner}/{name}/try", "POST")
    def run(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _triable(visit, kind, owner, name)
        if visit.field("change") == "check":
            visit.state.loading[item.key] = max(0, visit.state.loading.get(item.key, LOADING) - 1)
        else:
            first, second = (visit.field_line(part, 200) for part in ("first", "second"))
            visit.state.job = Job(item.key, first, second) if first and second else None
        return Redirect(f"{item.href}/try")

    @page("/{kind}/{owner}/{name}/mine", "POST")
    def change(self, visit: Visit, kind: str, owner: str, name: str) -> Reply:
        item = _item(visit, kind, owner, name)
        if visit.field_choice("change", ("like", "collect")) == "like":
            keys = visit.state.likes
        else:
            keys = visit.state.collections[visit.field_choice("value", visit.state.collections)]
        if item.key in keys:
            keys.remove(item.key)
        else:
            keys.append(item.key)
        return Redirect(item.href)

    def _search(self, visit: Visit, kind: str) -> str:
        query = Query(
            kind=kind,
            words=visit.arg("q").strip()[:100],
            task=visit.choice("task", ("", *names.TASKS)),
            library=visit.choice("library", ("", *names.LIBRARIES)),
            licence=visit.choice("licence", ("", *names.LICENCES)),
            size=visit.choice("size", search.SIZES),
            sort=visit.choice("sort", search.SORTS),
        )
        results = cut(search.find(visit.world, query), visit.integer("page", 1, 1), PAGE_SIZE)
        return visit.render("search.html", query=query, results=results, search=search)


def crest(owner: str) -> Markup:
    """A picture for an owner: three overlapping rings in colours of its own."""
    bits = zlib.crc32(owner.encode())
    rings = ""
    for index, (x, y) in enumerate(((8, 8), (16, 9), (12, 16))):
        radius, hue = 4 + (bits >> 3 * index & 3), (bits >> 7 * index) % 360
        rings += f'<circle cx="{x}" cy="{y}" r="{radius}" fill="oklch(0.68 0.14 {hue})"/>'
    return Markup(f'<svg class="crest" viewBox="0 0 24 24" aria-hidden="true">{rings}</svg>')


def _item(visit: Visit, kind: str, owner: str, name: str) -> Item:
    item: Item | None = visit.world.by_key.get(f"{owner}/{name}")
    if item is None or item.kind != kind:
        raise NotHere("There is nothing of that name here.")
    return item


def _model(visit: Visit, kind: str, owner: str, name: str) -> Item:
    item = _item(visit, kind, owner, name)
    if item.kind != "model":
        raise NotHere("A data set has no such page.")
    return item


def _triable(visit: Visit, kind: str, owner: str, name: str) -> Item:
    item = _model(visit, kind, owner, name)
    if item.task != "Sentence similarity":
        raise NotHere("This model cannot be tried here.")
    return item
