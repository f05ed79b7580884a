"""What a site is: a world, a state, pages and task templates."""

from __future__ import annotations

import functools
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

import jinja2

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit.expert import Hand
from webvoyager_gym.sites.kit.look import Look
from webvoyager_gym.sites.kit.paging import Part, cut
from webvoyager_gym.sites.kit.template import State, Template
from webvoyager_gym.sites.kit.world import slug_of

W = TypeVar("W")
S = TypeVar("S", bound=State)
T = TypeVar("T")
KIT_TEMPLATES = Path(__file__).parent / "templates"


class BadRequest(Exception):
    """The request makes no sense (status 400); the message is shown on the page."""


class NotHere(Exception):
    """There is no such page (status 404); the message is shown on the page."""


@dataclass(frozen=True)
class Redirect:
    """Answer with 303 See Other."""

    location: str


@dataclass(frozen=True)
class Raw:
    """Answer with something other than a page: an image, or JSON for a script of the page.

    Attributes:
        delay: seconds until the answer is sent, for a part of a page that comes late. The browser waits for it, so
            what an agent sees does not depend on it; others are served meanwhile.
    """

    body: bytes
    media_type: str
    cacheable: bool = False
    delay: float = 0.0


Reply = str | Redirect | Raw
"""What a page function returns: HTML, a redirect or something raw."""


@dataclass
class Visit:
    """One request within one episode: what a page function gets.

    Attributes:
        site, world, look: of the episode.
        state: the episode's server state; page functions change it on POST only.
        path: the request's path.
        query: query parameters as a multi-dict of lists.
        form: fields of a POST request, likewise.
        banner: whether the cookie banner is still up (kit).
    """

    site: Site[Any, Any]
    world: Any
    state: Any
    look: Look
    path: str
    query: dict[str, list[str]] = field(default_factory=dict)
    form: dict[str, list[str]] = field(default_factory=dict)
    banner: bool = False

    @property
    def back(self) -> str:
        """The request's path and query, for forms that return to the page."""
        return self.path + ("?" + urlencode(self.query, doseq=True) if self.query else "")

    def arg(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def args(self, name: str) -> list[str]:
        """All values of a query parameter."""
        return self.query.get(name, [])

    def integer(self, name: str, default: int, low: int = 0, high: int = 10_000) -> int:
        """A whole number from the query.

        Raises:
            BadRequest: it is none, or out of range.
        """
        return _integer(self.arg(name, str(default)), name, low, high)

    def choice(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """A query parameter that has to be one of these.

        Raises:
            BadRequest: it is not.
        """
        return _one_of(self.arg(name, default), name, allowed)

    def choices(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """All values of a query parameter that have to be among these, each once. Raises BadRequest."""
        return tuple(_one_of(value, name, allowed) for value in dict.fromkeys(self.args(name)))

    def part(self, items: Sequence[T], size: int) -> Part[T]:
        """The page of a list that the query parameter "page" asks for.

        Raises:
            BadRequest, NotHere: there is no such page.
        """
        number = self.integer("page", 1, 1, 99)
        part = cut(items, number, size)
        if part.number != number:
            raise NotHere(f"There is no page {number} of this list.")
        return part

    def link(self, **changed: str | int) -> str:
        """The request's address with other values of some query parameters."""
        return f"{self.path}?{urlencode({**self.query, **changed}, doseq=True)}"

    def field(self, name: str, default: str = "") -> str:
        """The last value of a form field."""
        return self.form.get(name, [default])[-1]

    def field_integer(self, name: str, default: int, low: int = 0, high: int = 10_000) -> int:
        """A whole number from the form. Raises BadRequest."""
        return _integer(self.field(name, str(default)), name, low, high)

    def field_choice(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """A form field that has to be one of these. Raises BadRequest."""
        return _one_of(self.field(name, default), name, allowed)

    def field_line(self, name: str, longest: int) -> str:
        """A form field's words in one line of at most so many characters."""
        return " ".join(self.field(name).split())[:longest].strip()

    def go_back(self, otherwise: str = "/", **added: str) -> Redirect:
        """To the page of this site that the form field "back" names, with further query parameters."""
        back = own_place(self.field("back", otherwise), otherwise)
        return Redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(added)}" if added else back)

    def render(self, template: str, /, **values: Any) -> str:
        """The HTML of a Jinja template of the site, which extends the kit's `base.html`.

        It gets visit, site, world, state and look, what the site shows on all pages, and the values, which go before.
        """
        kit = {"visit": self, "site": self.site, "world": self.world, "state": self.state, "look": self.look}
        return self.site.environment.get_template(template).render(kit | self.site.common(self) | values)


def own_place(place: str, otherwise: str = "/") -> str:
    """The place if it is on this site, whatever a form or an address says."""
    return place if place.startswith("/") and not place.startswith(("//", "/\\")) else otherwise


def _one_of(value: str, name: str, allowed: Collection[str]) -> str:
    if value not in allowed:
        raise BadRequest(f"“{name}” has to be one of {', '.join(allowed)}.")
    return value


def _integer(text: str, name: str, low: int, high: int) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text.strip()) or not low <= int(text) <= high:
        raise BadRequest(f"“{name}” has to be a whole number from {low} to {high}.")
    return int(text)


PageFunction = Callable[..., Reply]
F = TypeVar("F", bound=PageFunction)


def page(path: str, method: str = "GET") -> Callable[[F], F]:
    """Mark a method of a Site as the page at a path such as "/item/{item}"; path parameters arrive as strings."""

    def mark(function: F) -> F:
        function.__dict__["route"] = (method, path)
        return function

    return mark


class Site(ABC, Generic[W, S]):
    """A local web site. Subclasses give data, pages and tasks; the kit serves them.

    Attributes:
        name: its folder and host name, "shop" -> http://shop.webvoyager.test/.
        title: what it calls itself.
        start: path of the first page.
        templates: its task templates.
        closers: keys of the buttons that close dialogs of the site's own.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    start: ClassVar[str] = "/"
    templates: ClassVar[tuple[Template[Any, Any], ...]]
    closers: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def build_world(self, split: str, seed: int) -> Any:
        """The content of world `seed` of a split, an immutable object, the same every time (`kit.world` helps)."""

    @abstractmethod
    def new_state(self, world: Any) -> Any:
        """The server state at the start of an episode."""

    def obstacle(self, hand: Hand[Any, Any]) -> Action | None:
        """What an expert does first if a dialog of the site's own is in the way; the cookie banner is handled."""
        closing = (hand.find(key=key) for key in self.closers)
        return next((Action("click", mark.index) for mark in closing if mark is not None and mark.visible), None)

    def common(self, visit: Visit) -> dict[str, Any]:
        """What every template of the site gets beside its own values; a message that is shown once is taken here."""
        return {}

    @property
    def folder(self) -> Path:
        """The site's own folder, with templates/ and static/."""
        import sys

        return Path(str(sys.modules[type(self).__module__].__file__)).parent

    @functools.cached_property
    def environment(self) -> jinja2.Environment:
        """Jinja with the site's templates before the kit's; everything rendered is escaped."""
        loader = jinja2.FileSystemLoader([self.folder / "templates", KIT_TEMPLATES])
        environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        environment.filters.update({"slug": slug_of, "pair": lambda value: (value, value)} | self.filters())
        return environment

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Jinja filters beside the kit's `slug`, and `pair`, which makes an option of what is its own label."""
        return {}

    @functools.cached_property
    def routes(self) -> Sequence[tuple[str, re.Pattern[str], PageFunction]]:
        """(method, compiled path, bound page function) of every page."""
        found = []
        for name in dir(type(self)):
            function = getattr(type(self), name, None)
            route = getattr(function, "route", None)
            if route:
                pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route[1]))
                found.append((route[0], pattern, getattr(self, name)))
        return found
