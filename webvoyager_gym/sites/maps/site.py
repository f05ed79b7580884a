"""The map site's pages: a panel of words beside the map. What is looked at stands in the address, zoom included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from markupsafe import Markup

from webvoyager_gym.sites.kit import NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.maps import pictures
from webvoyager_gym.sites.maps.city import build_world
from webvoyager_gym.sites.maps.routes import MODES, Route, route, walk_metres
from webvoyager_gym.sites.maps.search import LETTERS, ORDERS, RATINGS, Query, find, place_named
from webvoyager_gym.sites.maps.state import MapsState
from webvoyager_gym.sites.maps.tasks import TEMPLATES
from webvoyager_gym.sites.maps.world import CATEGORIES, HEIGHT, PLURALS, WEEK, WIDTH, Place, World, hours_text

TABS = {"overview": "Overview", "hours": "Hours", "reviews": "Reviews"}
LONGEST_TEXT = 40
MOST_LISTS = 6


class Maps(Site[World, MapsState]):
    """The map of one city, its places and the ways between them."""

    name = "maps"
    title = "Wayfold"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> MapsState:
        return MapsState.of(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"icon": pictures.icon, "front": pictures.front, "hours": hours_text}

    def common(self, visit: Visit) -> dict[str, Any]:
        shown = View.of(visit)

        def draw(way: Route | None) -> Markup:
            return pictures.city_map(visit.world, way, shown.box)

        return {"notice": visit.state.take_notice(), "draw": draw, "moves": shown.moves(visit)}

    # ---- finding places --------------------------------------------------------------------------------------

    @page("/")
    def explore(self, visit: Visit) -> Reply:
        """The map with landmarks, when zoomed in with all places, as pins that only their icons tell apart."""
        shown = View.of(visit)
        places = [place for place in visit.world.places if place.landmark or shown.zoom == 2]
        categories = CATEGORIES if shown.zoom == 1 else {}
        return visit.render("explore.html", pins=shown.pins(visit, places, linked=True), categories=categories)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        """Places by words or by category, maybe around one of them; letters say where they are on the map."""
        category, near = visit.choice("category", ("", *CATEGORIES)), visit.arg("near")
        query = Query(
            words=visit.arg("q").strip(),
            category=category,
            near=_place(visit, near) if near else None,
            rating=visit.choice("rating", RATINGS, "0"),
            sunday=visit.arg("sunday") == "1",
            order=visit.choice("sort", ORDERS, "match"),
            page=visit.integer("page", 1, 1, 100),
        )
        results = find(visit.world, query)
        lettered = list(zip(LETTERS, results.shown, strict=False))
        shown = View.of(visit)
        return visit.render(
            "search.html",
            query=query,
            results=results,
            lettered=lettered,
            far={place.slug: walk_metres(visit.world, query.near, place) for _, place in lettered if query.near},
            plural=PLURALS.get(category, ""),
            orders=[(key, label) for key, label in ORDERS.items() if query.near or key != "distance"],
            ratings=list(RATINGS.items()),
            pins=shown.pins(visit, [place for _, place in lettered], LETTERS)
            + (shown.pins(visit, [query.near], [""]) if query.near else []),
        )

    # ---- a place ---------------------------------------------------------------------------------------------

    @page("/place/{place}")
    def place(self, visit: Visit, place: str) -> Reply:
        found = _place(visit, place)
        tab = visit.choice("tab", TABS, "overview")
        lists = visit.state.lists
        return visit.render(
            "place.html",
            place=found,
            category=CATEGORIES[found.category],
            tab=tab,
            tabs=TABS,
            week=list(zip(WEEK, found.hours, strict=True)),
            starred=found.slug in visit.state.starred,
            label=visit.state.labels.get(found.slug, ""),
            kept=[name for name, places in lists.items() if found.slug in places],
            free=[(name, name) for name, places in lists.items() if found.slug not in places],
            pins=View.of(visit).pins(visit, [found], [""]),
        )

    @page("/place/{place}/nearby")
    def nearby(self, visit: Visit, place: str) -> Reply:
        """Categories to look for around a place."""
        found = _place(visit, place)
        pins = View.of(visit).pins(visit, [found], [""])
        return visit.render("nearby.html", place=found, categories=CATEGORIES, pins=pins)

    @page("/place/{place}/star", "POST")
    def star(self, visit: Visit, place: str) -> Reply:
        visit.state.starred.add(_place(visit, place).slug)
        return visit.go_back()

    @page("/place/{place}/unstar", "POST")
    def unstar(self, visit: Visit, place: str) -> Reply:
        visit.state.starred.discard(_place(visit, place).slug)
        return visit.go_back()

    @page("/place/{place}/label", "POST")
    def label(self, visit: Visit, place: str) -> Reply:
        """Set the place's label; an empty one takes it away."""
        text = " ".join(visit.field("label").split())
        if len(text) > LONGEST_TEXT:
            visit.state.notice = f"Please use at most {LONGEST_TEXT} characters."
        elif text:
            visit.state.labels[_place(visit, place).slug] = text
        else:
            visit.state.labels.pop(_place(visit, place).slug, None)
        return visit.go_back()

    @page("/place/{place}/keep", "POST")
    def keep(self, visit: Visit, place: str) -> Reply:
        _list(visit).add(_place(visit, place).slug)
        return visit.go_back()

    @page("/place/{place}/drop", "POST")
    def drop(self, visit: Visit, place: str) -> Reply:
        _list(visit).discard(_place(visit, place).slug)
        return visit.go_back()

    # ---- what is kept ----------------------------------------------------------------------------------------

    @page("/saved")
    def saved(self, visit: Visit) -> Reply:
        """Starred places, or one of the lists."""
        chosen = visit.arg("list")
        if chosen and chosen not in visit.state.lists:
            raise NotHere("You have no such list.")
        slugs = visit.state.lists[chosen] if chosen else visit.state.starred
        places = [place for place in visit.world.places if place.slug in slugs]
        pins = View.of(visit).pins(visit, places, [""] * len(places))
        return visit.render("saved.html", chosen=chosen, places=places, lists=visit.state.lists, pins=pins)

    @page("/lists", "POST")
    def add_list(self, visit: Visit) -> Reply:
        name = " ".join(visit.field("name").split())
        if not name or len(name) > LONGEST_TEXT:
            visit.state.notice = "Please give the list a short name."
        elif name in visit.state.lists:
            visit.state.notice = "There is a list of that name."
        elif len(visit.state.lists) >= MOST_LISTS:
            visit.state.notice = f"There can be at most {MOST_LISTS} lists."
        else:
            visit.state.lists[name] = set()
            return Redirect("/saved?" + urlencode({"list": name}))
        return Redirect("/saved")

    @page("/lists/delete", "POST")
    def delete_list(self, visit: Visit) -> Reply:
        _list(visit)
        del visit.state.lists[visit.field("list")]
        return Redirect("/saved")

    # ---- directions ------------------------------------------------------------------------------------------

    @page("/route")
    def directions(self, visit: Visit) -> Reply:
        """The way from one place to another, or the form that asks for them."""
        mode = visit.choice("mode", MODES, "walk")
        filled = {name: visit.arg(name).strip() for name in ("from", "to")}
        ends = {name: place_named(visit.world, text) for name, text in filled.items()}
        wrong = {name: "We know no such place." for name, text in filled.items() if text and ends[name] is None}
        origin, target = ends["from"], ends["to"]
        if origin is not None and origin == target:
            wrong["to"] = "This is where you are."
        ways: dict[str, Route | None] = {}
        if origin is not None and target is not None and not wrong:
            ways = {name: route(visit.world, origin, target, name) for name in MODES}
        pins = View.of(visit).pins(visit, [place for place in (origin, target) if place], "AB")
        tabs = [
            (name, label, ways[name], "/route?" + urlencode(filled | {"mode": name})) for name, label in MODES.items()
        ] if ways else []  # fmt: skip
        return visit.render(
            "route.html", filled=filled, wrong=wrong, mode=mode, way=ways.get(mode), tabs=tabs, pins=pins
        )


@dataclass(frozen=True, slots=True)
class View:
    """The part of the map that is shown: all of it, or a half in each direction from the column and row of quarters."""

    zoom: int
    column: int
    row: int

    @classmethod
    def of(cls, visit: Visit) -> View:
        """The view in the address. Raises BadRequest."""
        zoom = visit.integer("zoom", 1, 1, 2)
        return cls(zoom, visit.integer("column", 1, 0, 2), visit.integer("row", 1, 0, 2))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in the map's units."""
        if self.zoom == 1:
            return 0, 0, WIDTH, HEIGHT
        return self.column * WIDTH / 4, self.row * HEIGHT / 4, WIDTH / 2, HEIGHT / 2

    def link(self, visit: Visit, zoom: int, column: int, row: int) -> str:
        """The same page with another view."""
        view = {"zoom": [str(zoom)], "column": [str(column)], "row": [str(row)]}
        kept = {name: values for name, values in visit.query.items() if name not in view}
        return visit.path + "?" + urlencode(kept | (view if zoom == 2 else {}), doseq=True)

    def moves(self, visit: Visit) -> list[tuple[str, str, str]]:
        """Key, name and address of the buttons on the map."""
        if self.zoom == 1:
            return [("zoom-in", "Zoom in", self.link(visit, 2, 1, 1))]
        steps = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}
        found = [("zoom-out", "Zoom out", self.link(visit, 1, 1, 1))]
        for name, (x, y) in steps.items():
            if 0 <= self.column + x <= 2 and 0 <= self.row + y <= 2:
                link = self.link(visit, 2, self.column + x, self.row + y)
                found.append((f"pan-{name}", f"Move {name}", link))
        return found

    def pins(
        self, visit: Visit, places: list[Place], letters: str | list[str] = "", *, linked: bool = False
    ) -> list[dict[str, Any]]:
        """Pins of the places in view: with letters, or with icons that lead to the places."""
        left, top, width, height = self.box
        found = []
        for number, place in enumerate(places):
            spot = visit.world.spot(place)
            x, y = (spot.x - left) / width, (spot.y - top) / height
            if 0.02 <= x <= 0.98 and 0.02 <= y <= 0.98:
                picture = pictures.pin(place.category) if linked else pictures.letter_pin(letters[number])
                found.append({"place": place, "x": 100 * x, "y": 100 * y, "picture": picture, "linked": linked})
        return found


def _place(visit: Visit, slug: str) -> Place:
    place: Place | None = visit.world.by_slug.get(slug)
    if place is None:
        raise NotHere("There is no such place on the map.")
    return place


def _list(visit: Visit) -> set[str]:
    places: set[str] | None = visit.state.lists.get(visit.field("list"))
    if places is None:
        raise NotHere("You have no such list.")
    return places
