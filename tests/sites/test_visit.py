"""What the kit reads from a request for every site: pages of lists, choices, lines of text, the way back."""

from __future__ import annotations

from typing import Any

import pytest

from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Visit
from webvoyager_gym.sites.kit.look import look_from_seed
from webvoyager_gym.sites.kit.paging import cut


def visit(query: dict[str, list[str]] | None = None, **form: str) -> Visit:
    """A request to a page of some site."""
    fields: dict[str, Any] = {name: [text] for name, text in form.items()}
    return Visit(load_site("shop"), None, None, look_from_seed("shop", 0), "/list", query or {}, fields)


def test_pages_cover_everything_once() -> None:
    items = range(14)
    assert [one for number in (1, 2, 3) for one in cut(items, number, 6).shown] == list(items)
    last = cut(items, 99, 6)
    assert (last.shown, last.found, last.number, last.pages) == ((12, 13), 14, 3, 3)
    assert cut([], 1, 6).pages == 1


def test_the_page_asked_for_has_to_be_there() -> None:
    assert visit().part("abcdefg", 3).shown == ("a", "b", "c")
    assert visit({"page": ["3"]}).part("abcdefg", 3).shown == ("g",)
    with pytest.raises(NotHere):
        visit({"page": ["4"]}).part("abcdefg", 3)
    for number in ("0", "-1", "two", ""):
        with pytest.raises(BadRequest):
            visit({"page": [number]}).part("abcdefg", 3)


def test_links_keep_the_rest_of_the_address() -> None:
    here = visit({"q": ["two words"], "brand": ["a", "b"], "page": ["1"]})
    assert here.link(page=2) == "/list?q=two+words&brand=a&brand=b&page=2"
    assert visit().link(page=2) == "/list?page=2"


def test_choices_are_among_those_offered() -> None:
    assert visit().choice("sort", {"": "Best", "new": "Newest"}) == ""
    assert visit().choice("sort", ("old", "new"), "new") == "new"
    assert visit({"tag": ["b", "a", "b"]}).choices("tag", ("a", "b", "c")) == ("b", "a")
    assert visit(size="M").field_choice("size", ("S", "M")) == "M"
    with pytest.raises(BadRequest, match="“sort” has to be one of old, new"):
        visit({"sort": ["x"]}).choice("sort", ("old", "new"))
    with pytest.raises(BadRequest):
        visit({"tag": ["a", "x"]}).choices("tag", ("a", "b"))
    with pytest.raises(BadRequest):
        visit().field_choice("size", ("S", "M"))


def test_a_line_is_folded_and_cut() -> None:
    assert visit(title="  My \n  own\ttitle ").field_line("title", 80) == "My own title"
    assert visit(title="one two").field_line("title", 4) == "one"


@pytest.mark.parametrize("place", ["//evil.test/", "/\\evil.test", "https://evil.test", "evil", ""])
def test_forms_lead_back_to_this_site_only(place: str) -> None:
    assert visit(back=place).go_back() == Redirect("/")
    assert visit(back=place).go_back("/item/3") == Redirect("/item/3")


def test_forms_lead_back_to_where_they_stood() -> None:
    assert visit(back="/item/3?tab=x").go_back(problem="full") == Redirect("/item/3?tab=x&problem=full")
    assert visit().go_back("/lists", problem="name") == Redirect("/lists?problem=name")
