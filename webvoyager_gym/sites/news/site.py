"""The news site's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import BadRequest, Hand, NotHere, Redirect, Reply, Site, Visit, page
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.news.acts import ACTS
from webvoyager_gym.sites.news.art import picture, weather_icon
from webvoyager_gym.sites.news.questions import QUESTIONS
from webvoyager_gym.sites.news.rounds import ROUNDS
from webvoyager_gym.sites.news.state import LONGEST_COMMENT, MOST_SAVED, SIZES, Reader, new_reader
from webvoyager_gym.sites.news.words import SECTIONS
from webvoyager_gym.sites.news.world import (
    DAYS,
    PLACES,
    RANKINGS,
    SECTION_OF,
    SPANS,
    Article,
    Paper,
    build_paper,
    day,
    slug,
)

MENU = [
    (
        section,
        [
            (f"All {section.lower()}", f"/section/{slug(section)}", f"place-{slug(section)}"),
            *((part, f"/section/{slug(part)}", f"place-{slug(part)}") for part in parts),
        ],
    )
    for section, parts in SECTIONS.items()
]
SORTS = {"newest": "Newest first", "oldest": "Oldest first"}
PAGE_SIZE = 6
PROBLEMS = {
    "text": "Please write a comment first.",
    "full": f"Your reading list holds {MOST_SAVED} articles; remove one first.",
}


class News(Site[Paper, Reader]):
    """A newspaper with sections, a live ticker, rankings, weather and comments."""

    name = "news"
    title = "The Lantern"
    templates = (*QUESTIONS, *ROUNDS, *ACTS)

    def build_world(self, split: str, seed: int) -> Paper:
        return build_paper(split, seed)

    def new_state(self, world: Paper) -> Reader:
        return new_reader(world)

    def obstacle(self, hand: Hand[Any, Any]) -> Action | None:
        asking = hand.find(key="alerts-later")
        return hand.click(key="alerts-later") if asking is not None and asking.visible else None

    def filters(self) -> dict[str, Any]:
        return {"slug": slug, "picture": picture, "weather_icon": weather_icon, "day": day}

    # ---- finding ------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        paper: Paper = visit.world
        town = visit.state.settings["edition"]
        return _render(
            visit,
            "home.html",
            chief=paper.articles[0],
            newest=paper.articles[1:4],
            town=town,
            forecast=_week(paper, town),
        )

    @page("/section/{place}")
    def section(self, visit: Visit, place: str) -> Reply:
        if place not in PLACES:
            raise NotHere("There is no such section.")
        name = PLACES[place]
        heading = name if name in SECTION_OF else f"All {name.lower()}"
        return _listing(visit, visit.world.of(name), heading, parent=SECTION_OF.get(name, ""))

    @page("/topic/{topic}")
    def topic(self, visit: Visit, topic: str) -> Reply:
        name = _topic(visit.world, topic)
        return _listing(visit, visit.world.about(name), name, topic=name)

    @page("/topic/{topic}/follow", "POST")
    def follow(self, visit: Visit, topic: str) -> Reply:
        name = _topic(visit.world, topic)
        if _one_of(visit.field("follow"), ("yes", "no"), "follow") == "yes":
            visit.state.topics[name] = True
        else:
            visit.state.topics.pop(name, None)
        return _back(visit, f"/topic/{topic}")

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        asked = visit.arg("q").strip()
        return _listing(visit, search(visit.world, asked), f"Results for “{asked}”", sorts={"": "Best match", **SORTS})

    @page("/ranking")
    def ranking(self, visit: Visit) -> Reply:
        by = _one_of(visit.arg("by", "read"), tuple(RANKINGS), "by")
        span = _one_of(visit.arg("span", "today"), tuple(SPANS), "span")
        ranked = [visit.world.by_id[article] for article in visit.world.rankings[by, span]]
        return _render(
            visit, "ranking.html", by=by, span=span, ranked=ranked, rankings=RANKINGS, spans=list(SPANS.items())
        )

    @page("/live")
    def live(self, visit: Visit) -> Reply:
        title, updates = visit.world.live
        return _render(visit, "live.html", heading=title, **_paged(visit, updates))

    @page("/weather")
    def weather(self, visit: Visit) -> Reply:
        town = visit.arg("town", visit.state.settings["edition"])
        _one_of(town, visit.world.places, "town")
        return _render(visit, "weather.html", town=town, forecast=_week(visit.world, town))

    # ---- articles -----------------------------------------------------------------------------------------------

    @page("/article/{article}")
    def article(self, visit: Visit, article: str) -> Reply:
        return _render(visit, "article.html", article=_article(visit.world, article))

    @page("/article/{article}/save", "POST")
    def save(self, visit: Visit, article: str) -> Reply:
        saved = _article(visit.world, article)
        if _one_of(visit.field("save"), ("yes", "no"), "save") == "no":
            visit.state.saved.pop(saved.id, None)
        elif len(visit.state.saved) >= MOST_SAVED:
            return Redirect("/reading?problem=full")
        else:
            visit.state.saved[saved.id] = True
        return _back(visit, f"/article/{saved.id}")

    @page("/article/{article}/comments")
    def comments(self, visit: Visit, article: str) -> Reply:
        shown = _article(visit.world, article)
        return _render(visit, "comments.html", article=shown, mine=visit.state.comments.get(shown.id))

    @page("/article/{article}/comments", "POST")
    def comment(self, visit: Visit, article: str) -> Reply:
        about = _article(visit.world, article)
        text = " ".join(visit.field("text").split())[:LONGEST_COMMENT]
        if not text:
            return Redirect(f"/article/{about.id}/comments?problem=text")
        visit.state.comments[about.id] = text
        return Redirect(f"/article/{about.id}/comments")

    @page("/article/{article}/comments/delete", "POST")
    def delete_comment(self, visit: Visit, article: str) -> Reply:
        about = _article(visit.world, article)
        visit.state.comments.pop(about.id, None)
        return Redirect(f"/article/{about.id}/comments")

    @page("/article/{article}/like", "POST")
    def like(self, visit: Visit, article: str) -> Reply:
        about = _article(visit.world, article)
        liked = f"{about.id} {visit.field_integer('comment', -1, 0, len(about.comments) - 1)}"
        if liked in visit.state.likes:
            del visit.state.likes[liked]
        else:
            visit.state.likes[liked] = True
        return Redirect(f"/article/{about.id}/comments")

    # ---- the reader's own ---------------------------------------------------------------------------------------

    @page("/reading")
    def reading(self, visit: Visit) -> Reply:
        saved = [article for article in visit.world.articles if article.id in visit.state.saved]
        return _render(visit, "reading.html", saved=saved)

    @page("/topics")
    def topics(self, visit: Visit) -> Reply:
        return _render(visit, "topics.html", followed=sorted(visit.state.topics))

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return _render(visit, "settings.html", sizes=SIZES, saved=bool(visit.arg("saved")))

    @page("/settings", "POST")
    def save_settings(self, visit: Visit) -> Reply:
        visit.state.settings = {
            "edition": _one_of(visit.field("edition"), visit.world.places, "edition"),
            "size": _one_of(visit.field("size"), SIZES, "size"),
            "alerts": "yes" if visit.field("alerts") else "no",
        }
        return Redirect("/settings?saved=1")

    @page("/alerts", "POST")
    def alerts(self, visit: Visit) -> Reply:
        if _one_of(visit.field("answer"), ("on", "later"), "answer") == "on":
            visit.state.settings["alerts"] = "yes"
        visit.state.asking = False
        return _back(visit, "/")


def search(paper: Paper, text: str) -> list[Article]:
    """The articles that share a word with the text, most words first; newest first among equals."""
    asked = set(fold(text).split())
    scored = [(_score(article, asked, fold(text)), article) for article in paper.articles]
    return [article for score, article in sorted(scored, key=lambda pair: -pair[0]) if score]


def _score(article: Article, asked: set[str], text: str) -> int:
    rest = set(fold(f"{article.author} {article.part}").split())
    return (
        2 * len(asked & set(fold(article.headline).split())) + len(asked & rest) + 9 * (fold(article.headline) == text)
    )


def _week(paper: Paper, town: str) -> list[tuple[str, Any]]:
    return list(zip(DAYS, paper.weather[town], strict=True))


def _render(visit: Visit, template: str, **values: Any) -> str:
    """The page, with what all pages show."""
    return visit.render(template, menu=MENU, problem=PROBLEMS.get(visit.arg("problem"), ""), **values)


def _listing(
    visit: Visit,
    articles: Sequence[Article],
    heading: str,
    *,
    sorts: dict[str, str] = SORTS,
    parent: str = "",
    topic: str = "",
) -> str:
    """A list of articles."""
    sort = _one_of(visit.arg("sort", next(iter(sorts))), tuple(sorts), "sort")
    if sort:
        articles = sorted(articles, key=lambda article: article.published, reverse=sort == "newest")
    return _render(
        visit,
        "listing.html",
        heading=heading,
        parent=parent,
        topic=topic,
        sort=sort,
        sorts=list(sorts.items()),
        **_paged(visit, articles),
    )


def _paged(visit: Visit, items: Sequence[Any]) -> dict[str, Any]:
    """One page of a list."""
    pages = max(1, -(-len(items) // PAGE_SIZE))
    number = visit.integer("page", 1, 1, 99)
    if number > pages:
        raise NotHere(f"There is no page {number} of this list.")

    def other(to: int) -> str:
        return f"{visit.path}?{urlencode({**visit.query, 'page': [str(to)]}, doseq=True)}" if 1 <= to <= pages else ""

    paging = {"number": number, "pages": pages, "previous": other(number - 1), "next": other(number + 1)}
    return {"items": items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], "found": len(items), **paging}


def _back(visit: Visit, otherwise: str) -> Redirect:
    """To the page that a form was sent from."""
    back = visit.field("back", otherwise)
    return Redirect(back if back.startswith("/") and not back.startswith("//") else otherwise)


def _one_of(value: str, allowed: Sequence[str], name: str) -> str:
    if value not in allowed:
        raise BadRequest(f"“{name}” has to be one of {', '.join(allowed)}.")
    return value


def _article(paper: Paper, article: str) -> Article:
    if article not in paper.by_id:
        raise NotHere("There is no such article.")
    return paper.by_id[article]


def _topic(paper: Paper, topic: str) -> str:
    if topic not in paper.topics:
        raise NotHere("There is no such topic.")
    return paper.topics[topic]
