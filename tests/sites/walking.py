"""Walking through a site at random over HTTP: links are followed, forms filled in with what they offer or nonsense."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import numpy as np

from tests.sites.visiting import Visitor

MARKUP = "<b>&\"'"
NONSENSE = ("", "0", "-1", "7", "999999999999", "x", MARKUP, "9 March 2026", "ß漢字", "../../etc/passwd", "%00")


@dataclass(frozen=True)
class Request:
    """Something that a page lets one ask for."""

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)


@dataclass
class _Form:
    method: str
    action: str
    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[_Form] = []
        self._select: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(_Form(given.get("method", "get").upper(), given.get("action", "")))
        elif not self.forms:
            return
        elif tag == "option" and self._select is not None:
            self._select.append(given.get("value", ""))
        elif tag == "select":
            self._select = []
            self.forms[-1].fields.append((given.get("name", ""), self._select))
        elif tag == "button" or (tag == "input" and given.get("type") == "submit"):
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", ""), given.get("formaction", "")))
        elif tag in ("input", "textarea"):
            kind = given.get("type", "text")
            values = {"hidden": [given.get("value", "")], "checkbox": [given.get("value", "on"), ""]}
            self.forms[-1].fields.append((given.get("name", ""), values.get(kind, [given.get("value", ""), *NONSENSE])))


def requests_of(page: str, place: str, random: np.random.Generator) -> list[Request]:
    """What a page at a place lets one ask for; forms filled in at random."""
    parsed = _Page()
    parsed.feed(page)
    here = urlsplit(place)._replace(fragment="").geturl()
    found = [Request("GET", _local(urljoin(here, link))) for link in parsed.links if not link.startswith("#")]
    for form in parsed.forms:
        values = {name: _pick(options, random) for name, options in form.fields if name}
        for name, value, action in form.buttons or [("", "", "")]:
            sent = {**values, name: value} if name else values
            target = _local(urljoin(here, action or form.action))
            if form.method == "GET":
                found.append(Request("GET", f"{target.partition('?')[0]}?{urlencode(sent)}"))
            else:
                found.append(Request("POST", target, sent))
    return found


def _pick(options: list[str], random: np.random.Generator) -> str:
    return options[int(random.integers(len(options)))] if options else ""


def _local(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(scheme="", netloc="", fragment="").geturl()


@dataclass
class Walk:
    """A visitor who walks at random.

    Attributes:
        posts: share of requests that are drawn from those that may change something, where the page offers any; the
            others are drawn from all alike.
    """

    visitor: Visitor
    random: np.random.Generator
    place: str
    posts: float = 0.7
    page: str = ""

    def step(self) -> Request:
        """Ask for something that the page offers."""
        offered = requests_of(self.page, self.place, self.random) if self.page else []
        posted = [request for request in offered if request.method == "POST"]
        pool = posted if posted and self.random.random() < self.posts else offered
        request = pool[int(self.random.integers(len(pool)))] if pool else Request("GET", self.place)
        self._ask(request)
        return request

    def _ask(self, request: Request) -> None:
        status, text = self.visitor.request(request.method, request.path, request.form)
        assert status in (200, 303, 400, 404), (request, status, text)
        if status == 200:
            self.place, self.page = request.path, text
        elif status == 303:
            self.place = _local(urljoin(request.path, text))
            self._ask(Request("GET", self.place))
