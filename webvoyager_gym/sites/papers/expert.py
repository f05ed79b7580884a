"""How an expert moves about the archive, from any page towards a paper, an author, a list or a folder.

Each function gives the next action, or None when there is nothing left to do.
"""

from __future__ import annotations

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand, slug_of
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.ways import Next, reveal, set_fields
from webvoyager_gym.sites.papers.search import FIELDS, Query
from webvoyager_gym.sites.papers.state import Desk
from webvoyager_gym.sites.papers.world import YEARS, Archive, Author, Paper

PaperHand = Hand[Archive, Desk]


def asked(hand: PaperHand) -> dict[str, str]:
    """The filters of the page's search, without those that change nothing."""
    idle = {"field": "all", "sort": "match", "page": "1", "from": str(YEARS[0]), "to": str(YEARS[-1])}
    return {name: value for name, value in hand.query.items() if value.strip() and value != idle.get(name)}


def search(hand: PaperHand, text: str, field: str = "all") -> Action | None:
    """Search for the text by the box in the header, in the first page of the best matches."""
    wanted = {"q": fold(text)} | ({"field": field} if field != "all" else {})
    if hand.path == "/search" and {name: fold(v) if name == "q" else v for name, v in asked(hand).items()} == wanted:
        return None
    if not hand.holds(FIELDS[field], key="field"):
        return hand.select(FIELDS[field], key="field")
    return hand.type(text, enter=True, key="search")


def open_paper(hand: PaperHand, paper: Paper, tab: str = "abstract") -> Action | None:
    """Open a tab of the paper's page."""
    if hand.path == f"/paper/{paper.id}" and hand.there(key="tab-abstract"):
        return None if hand.query.get("tab", "abstract") == tab else hand.click(key=f"tab-{tab}")
    if hand.there(key=f"paper-{paper.id}"):
        return hand.click(key=f"paper-{paper.id}")
    return search(hand, paper.title) or hand.click(key=f"paper-{paper.id}")


def open_author(hand: PaperHand, author: Author) -> Action | None:
    """Open the author's page, by way of a paper of theirs."""
    if hand.path == f"/author/{author.id}" and (hand.there(key="follow") or hand.there(key="unfollow")):
        return None
    if hand.there(key=f"author-{author.id}"):
        return hand.click(key=f"author-{author.id}")
    for paper in hand.world.papers_by_author[author.id]:
        if hand.there(key=f"paper-{paper.id}"):
            return hand.click(key=f"paper-{paper.id}")
    return search(hand, author.name) or hand.click(key=f"author-{author.id}")


def open_subject(hand: PaperHand, subject: str, sort: str, label: str) -> Action | None:
    """Open the first page of a subject's papers in an order; `label` is the order's name in the list."""
    if hand.path == f"/subject/{slug_of(subject)}" and hand.there(key="sort"):
        if hand.query.get("sort", "newest") != sort:
            return hand.select(label, key="sort")
        return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None
    if hand.there(key=f"subject-{slug_of(subject)}"):
        return hand.click(key=f"subject-{slug_of(subject)}")
    return hand.click(key="home")


def search_advanced(hand: PaperHand, query: Query) -> Next | None:
    """Search by the advanced form; the query's `text` and `field` are not used."""
    wanted = {
        "title": query.title,
        "author": query.author,
        "subject": slug_of(query.subject),
        "from": str(query.first) if query.first != YEARS[0] else "",
        "to": str(query.last) if query.last != YEARS[-1] else "",
        "data": "open" if query.open_data else "",
    }
    if hand.path == "/search":
        there = {name: value for name, value in asked(hand).items() if name not in ("sort", "page")}
        if {name: fold(value) for name, value in there.items()} == {n: fold(v) for n, v in wanted.items() if v}:
            return None
    if hand.path != "/advanced" or not hand.there(key="advanced-go"):
        return hand.click(key="advanced")
    fields: dict[str, str | bool] = {
        "title": query.title,
        "author": query.author,
        "subject": query.subject or "Any subject",
        "from": str(query.first),
        "to": str(query.last),
        "data": query.open_data,
    }
    return set_fields(hand, fields) or hand.click(key="advanced-go")


def open_folder(hand: PaperHand, folder: str) -> Action | None:
    """Open a folder of the library."""
    if hand.path != "/library" or not hand.there(key="folder-name"):
        return hand.click(key="library")
    shown = hand.query.get("folder") or next(iter(hand.state.folders))
    return None if shown == folder else hand.click(key=f"folder-{slug_of(folder)}")


def look_for(hand: PaperHand, text: str) -> Action | None:
    """Scroll until the viewport says the text, which stands near the top of its page."""
    if f" {fold(text)} " in f" {fold(hand.view.outline)} ":
        return None
    if hand.view.scroll[0] > 0:
        return Action("scroll", None, "up")
    banner = hand.find(key="consent")
    if banner is not None and banner.visible:
        return Action("click", banner.index)
    return Action("scroll", None, "down")


def look_at(hand: PaperHand, paper: Paper) -> Action | None:
    """Scroll until the paper's card is in the viewport. Raises NotThere if the page does not list it."""
    return reveal(hand, key=f"paper-{paper.id}")
