"""The search engine's pages: results, pictures, boxes, the pages of the web and the user's library."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from webvoyager_gym.sites.kit import TODAY, BadRequest, NotHere, Redirect, Reply, Site, Visit, page
from webvoyager_gym.sites.kit.days import day_text
from webvoyager_gym.sites.search import boxes
from webvoyager_gym.sites.search.index import TABS, TIMES, Query, read_query
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.state import FREQUENCIES, SETTINGS, Memory, fresh
from webvoyager_gym.sites.search.tasks import TEMPLATES
from webvoyager_gym.sites.search.things import Thing
from webvoyager_gym.sites.search.web import COLOURS, Page, Picture
from webvoyager_gym.sites.search.world import World, build_world

YEARS = tuple(str(year) for year in range(TODAY.year, TODAY.year - 8, -1))
LIBRARY = {
    "collections": "Collections", "alerts": "Alerts", "following": "Following", "pinned": "Pinned",
    "history": "History",
}  # fmt: skip
LONGEST = 120
"""Characters of what a user writes that are kept."""


class Search(Site[World, Memory]):
    """A search engine and the web that it has read."""

    name: ClassVar[str] = "search"
    title: ClassVar[str] = "Quarry"
    templates = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> Memory:
        return fresh(world)

    def filters(self) -> dict[str, Any]:
        own = {"ago": _ago, "pairs": _pairs, "coins": _coins}
        return {"day": day_text, "slug": slug, "weekday": boxes.weekday, "dict": dict, **own}

    @page("/")
    def home(self, visit: Visit) -> Reply:
        world = visit.world
        news = [found for found in world.pages if found.style == "news" and (TODAY - found.day).days < 31][:2]
        return _render(visit, "home.html", trending=[world.thing[key] for key in world.trending], news=news)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        world, query = visit.world, read_query(Query(**_asked(visit)))
        _allowed(query.tab, TABS)
        _allowed(query.time, TIMES)
        if query == Query(tab=query.tab):
            return Redirect("/")
        if query.tab == "images":
            return self._images(visit, query)
        found = world.index.find(query)
        size = visit.state.page_size
        pages = max(1, -(-len(found) // size))
        number = min(visit.integer("page", 1, 1), pages)
        about = _main_thing(world, query)
        return _render(
            visit, "results.html", query=query, found=len(found), number=number, pages=pages,
            shown=found[(number - 1) * size : number * size], thing=about, meant=world.index.meant(query.words),
            forecast=boxes.weather(world, query.words), conversion=boxes.conversion(world, query.words),
            advert=world.pages_about(about, "shop")[0] if about else None, asked=_also_asked(world, about),
            first=number == 1 and not query.tab,
        )  # fmt: skip

    def _images(self, visit: Visit, query: Query) -> Reply:
        about = {thing.key for thing in visit.world.index.about(query.words)}
        shown = [picture for picture in visit.world.pictures if picture.thing in about]
        return _render(visit, "images.html", query=query, shown=shown[:8])

    @page("/convert")
    def convert(self, visit: Visit) -> Reply:
        currencies = [name for name, _ in visit.world.rates]
        source, target = visit.arg("from"), visit.arg("to")
        _allowed(source, currencies)
        _allowed(target, currencies)
        return Redirect(Query(f"{visit.integer('amount', 1, 0, 10_000_000)} {source} in {target}").href())

    @page("/advanced")
    def advanced(self, visit: Visit) -> Reply:
        publishers = [(one.key, one.name) for one in visit.world.publishers if one.style != "shop"]
        sites = [("", "Any site"), *publishers]
        years = [("", "Any year"), *((year, year) for year in YEARS)]
        return _render(visit, "advanced.html", query=read_query(Query(**_asked(visit))), sites=sites, years=years)

    @page("/page/{key}")
    def show_page(self, visit: Visit, key: str) -> Reply:
        found = _page(visit, key)
        publisher = visit.world.publisher[found.publisher]
        if found.style == "vault":
            return _render(visit, "wall.html", page=found, publisher=publisher, again=bool(visit.arg("again")))
        thing, related = visit.world.thing[found.thing], _related(visit.world, found)
        return _render(visit, "page.html", page=found, publisher=publisher, thing=thing, related=related)

    @page("/page/{key}/check", "POST")
    def check(self, visit: Visit, key: str) -> Reply:
        return Redirect(f"{_page(visit, key).href}?again=1")

    @page("/image/{key}")
    def show_image(self, visit: Visit, key: str) -> Reply:
        picture = _picture(visit, key)
        return _render(visit, "image.html", picture=picture, thing=visit.world.thing[picture.thing])

    @page("/pin", "POST")
    def pin(self, visit: Visit) -> Reply:
        key = _page(visit, visit.field("page")).key
        _toggle(visit.state.pins, key)
        return Redirect(_back(visit))

    @page("/follow", "POST")
    def follow(self, visit: Visit) -> Reply:
        key = visit.field("thing")
        _allowed(key, visit.world.thing)
        _toggle(visit.state.following, key)
        return Redirect(_back(visit))

    @page("/save")
    def choose_collection(self, visit: Visit) -> Reply:
        item = visit.arg("item")
        return _render(visit, "save.html", item=item, name=_item(visit, item)[0])

    @page("/save", "POST")
    def save(self, visit: Visit) -> Reply:
        item, state = visit.field("item"), visit.state
        _item(visit, item)
        collection = _named(visit.field("new")) if visit.field("new").strip() else visit.field("collection")
        if visit.field("new").strip():
            state.collections.setdefault(collection, visit.field("new").strip()[:LONGEST])
        _allowed(collection, state.collections)
        if (collection, item) not in state.saved:
            state.saved.append((collection, item))
        return Redirect(f"/library/collections?open={collection}")

    @page("/library/{tab}")
    def library(self, visit: Visit, tab: str) -> Reply:
        if tab not in LIBRARY:
            raise NotHere("There is no such part of the library.")
        world, state, opened = visit.world, visit.state, visit.arg("open")
        items = [(item, *_item(visit, item)) for item in state.items(opened)]
        return _render(
            visit, "library.html", tab=tab, library=LIBRARY, items=items,
            opened=opened if opened in state.collections else "",
            following=[world.thing[key] for key in state.following], pinned=[world.page[key] for key in state.pins],
            frequencies=FREQUENCIES, news=_news(world, state.alerts), about=lambda item: _about(world, item),
        )  # fmt: skip

    @page("/library/{tab}", "POST")
    def change_library(self, visit: Visit, tab: str) -> Reply:
        state, change, key = visit.state, visit.field("change"), visit.field("key")
        place = f"/library/{tab}"
        if (tab, change) == ("collections", "new"):
            state.collections.setdefault(_named(key), key.strip()[:LONGEST])
        elif (tab, change) == ("collections", "delete"):
            state.collections.pop(key, None)
            state.saved = [(of, item) for of, item in state.saved if of != key]
        elif (tab, change) == ("collections", "remove"):
            collection = visit.field("collection")
            state.saved = [pair for pair in state.saved if pair != (collection, key)]
            place += f"?open={slug(collection)}"
        elif (tab, change) == ("alerts", "new"):
            frequency = visit.field("frequency")
            _allowed(frequency, FREQUENCIES)
            state.alerts[_named(key)] = (" ".join(key.split())[:LONGEST], frequency)
        elif (tab, change) == ("alerts", "delete"):
            state.alerts.pop(key, None)
        elif (tab, change) == ("history", "toggle"):
            _allowed(key, [slug(query) for query, _ in visit.world.asked])
            _toggle(state.forgotten, key)
        else:
            raise BadRequest("There is no such change.")
        return Redirect(place)

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return _render(visit, "settings.html", settings=SETTINGS, done=bool(visit.arg("done")))

    @page("/settings", "POST")
    def change_settings(self, visit: Visit) -> Reply:
        chosen = {key: visit.field(key) for key in SETTINGS}
        for key, value in chosen.items():
            _allowed(value, SETTINGS[key][1])
        visit.state.settings = chosen
        return Redirect("/settings?done=1")

    @page("/feedback")
    def feedback(self, visit: Visit) -> Reply:
        words = visit.arg("q")
        box = boxes.box_key(visit.world, words)
        if not box:
            raise NotHere("There is no such answer.")
        given = visit.state.feedback.get(box, "")
        return _render(visit, "feedback.html", words=words, given=given, reasons=boxes.REASONS)

    @page("/feedback", "POST")
    def give_feedback(self, visit: Visit) -> Reply:
        words, reason = visit.field("q"), visit.field("reason")
        box = boxes.box_key(visit.world, words)
        _allowed(reason, ("", *boxes.REASONS))
        if not box:
            raise BadRequest("There is no such answer.")
        visit.state.feedback.pop(box, None)
        if reason:
            visit.state.feedback[box] = reason
        return Redirect(Query(words).href())


def _related(world: World, page: Page) -> list[Page]:
    """Pages of the same publisher, about something else."""
    others = [other for other in world.pages if other.publisher == page.publisher and other.thing != page.thing]
    start = page.day.toordinal() % max(1, len(others) - 2)
    return others[start : start + 3]


def _main_thing(world: World, query: Query) -> Thing | None:
    """The one thing that a search is about."""
    about = world.index.about(query.words)
    return about[0] if len(about) == 1 else None


def _also_asked(world: World, thing: Thing | None) -> list[tuple[str, str, str]]:
    """Key, question and answer of what people also ask: of the thing, and of one that it is easily mixed up with."""
    if thing is None:
        return []
    kin = [other for other in world.of_kind(thing.kind) if other is not thing]
    nearest = max(kin, key=lambda other: len(set(other.name.split()) & set(thing.name.split())))
    asked = [(thing, thing.trivia[0]), (nearest, nearest.trivia[1]), (thing, thing.trivia[1])]
    return [(f"{trivia.key}-{of.key}", trivia.question, trivia.answer) for of, trivia in asked]


def _asked(visit: Visit) -> dict[str, str]:
    names = {
        "words": "q",
        "exact": "exact",
        "without": "without",
        "site": "site",
        "year": "year",
        "time": "time",
        "tab": "tab",
    }
    return {field: visit.arg(name).strip()[:LONGEST] for field, name in names.items()}


def _render(visit: Visit, template: str, /, **values: Any) -> str:
    values.setdefault("query", Query())
    return visit.render(template, tabs=TABS.items(), times=TIMES.items(), colours=COLOURS, **values)


def _allowed(value: str, values: Any) -> None:
    if value not in values:
        raise BadRequest("There is no such choice.")


def _named(text: str) -> str:
    """The slug of what a user names."""
    if not slug(text[:LONGEST]):
        raise BadRequest("A name needs letters or digits.")
    return slug(text[:LONGEST])


def _toggle(keys: list[str], key: str) -> None:
    if key in keys:
        keys.remove(key)
    else:
        keys.append(key)


def _page(visit: Visit, key: str) -> Page:
    found: Page | None = visit.world.page.get(key)
    if found is None:
        raise NotHere("The web has no such page.")
    return found


def _picture(visit: Visit, key: str) -> Picture:
    found: Picture | None = visit.world.picture.get(key)
    if found is None:
        raise NotHere("There is no such picture.")
    return found


def _item(visit: Visit, key: str) -> tuple[str, str]:
    """What an item of a collection is called, and its address."""
    if key in visit.world.picture:
        return f"Photo by {visit.world.picture[key].by}", f"/image/{key}"
    found = _page(visit, key)
    return found.title, found.href


def _about(world: World, item: str) -> Thing:
    """The thing that a saved item is about."""
    return world.thing[(world.picture.get(item) or world.page[item]).thing]


def _news(world: World, alerts: Mapping[str, tuple[str, str]]) -> list[Page]:
    """The best find of each alert, without those that stand twice."""
    found = [world.index.find(read_query(Query(words)))[:1] for words, _ in list(alerts.values())[:3]]
    return list(dict.fromkeys(page for pages in found for page in pages))


def _back(visit: Visit) -> str:
    back = visit.field("back", "/")
    return back if back.startswith("/") and not back.startswith("//") else "/"


def _pairs(choices: Sequence[str]) -> list[tuple[str, str]]:
    """Choices that are called what they are."""
    return [(choice, choice) for choice in choices]


def _coins(rates: Sequence[tuple[str, float]]) -> list[tuple[str, str]]:
    return _pairs([name for name, _ in rates])


def _ago(days: int) -> str:
    return ("Today", "Yesterday")[days] if days < 2 else day_text(TODAY - datetime.timedelta(days=days))
