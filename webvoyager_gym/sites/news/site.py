"""The news site's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webvoyager_gym.sites.kit import NotHere, Redirect, Reply, Site, Visit, page, slug_of
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
)

MENU = [
    (
        section,
        [
            (f"All {section.lower()}", f"/section/{slug_of(section)}", f"place-{slug_of(section)}"),
            *((part, f"/section/{slug_of(part)}", f"place-{slug_of(part)}") for part in parts),
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
    closers = ("alerts-later",)

    def build_world(self, split: str, seed: int) -> Paper:
        return build_paper(split, seed)

    def new_state(self, world: Paper) -> Reader:
        return new_reader(world)

    def filters(self) -> dict[str, Any]:
        return {"picture": picture, "weather_icon": weather_icon, "day": day}

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"menu": MENU, "problem": PROBLEMS.get(visit.arg("problem"), "")}

    # ---- finding ------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        paper: Paper = visit.world
        town = visit.state.settings["edition"]
        return visit.render(
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
        if visit.field_choice("follow", ("yes", "no")) == "yes":
            visit.state.topics[name] = True
        else:
            visit.state.topics.pop(name, None)
        return visit.go_back(f"/topic/{topic}")

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        asked = visit.arg("q").strip()
        return _listing(visit, search(visit.world, asked), f"Results for “{asked}”", sorts={"": "Best match", **SORTS})

    @page("/ranking")
    def ranking(self, visit: Visit) -> Reply:
        by = visit.choice("by", RANKINGS, "read")
        span = visit.choice("span", SPANS, "today")
        ranked = [visit.world.by_id[article] for article in visit.world.rankings[by, span]]
        return visit.render(
            "ranking.html", by=by, span=span, ranked=ranked, rankings=RANKINGS, spans=list(SPANS.items())
        )

    @page("/live")
    def live(self, visit: Visit) -> Reply:
        title, updates = visit.world.live
        return visit.render("live.html", heading=title, results=visit.part(updates, PAGE_SIZE))

    @page("/weather")
    def weather(self, visit: Visit) -> Reply:
        town = visit.choice("town", visit.world.places, visit.state.settings["edition"])
        return visit.render("weather.html", town=town, forecast=_week(visit.world, town))

    # ---- articles -----------------------------------------------------------------------------------------------

    @page("/article/{article}")
    def article(self, visit: Visit, article: str) -> Reply:
        return visit.render("article.html", article=_article(visit.world, article))

    @page("/article/{article}/save", "POST")
    def save(self, visit: Visit, article: str) -> Reply:
        saved = _article(visit.world, article)
        if visit.field_choice("save", ("yes", "no")) == "no":
            visit.state.saved.pop(saved.id, None)
        elif len(visit.state.saved) >= MOST_SAVED:
            return Redirect("/reading?problem=full")
        else:
            visit.state.saved[saved.id] = True
        return visit.go_back(f"/article/{saved.id}")

    @page("/article/{article}/comments")
    def comments(self, visit: Visit, article: str) -> Reply:
        shown = _article(visit.world, article)
        return visit.render("comments.html", article=shown, mine=visit.state.comments.get(shown.id))

    @page("/article/{article}/comments", "POST")
    def comment(self, visit: Visit, article: str) -> Reply:
        about = _article(visit.world, article)
        text = visit.field_line("text", LONGEST_COMMENT)
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
        return visit.render("reading.html", saved=saved)

    @page("/topics")
    def topics(self, visit: Visit) -> Reply:
        return visit.render("topics.html", followed=sorted(visit.state.topics))

    @page("/settings")
    def settings(self, visit: Visit) -> Reply:
        return visit.render("settings.html", sizes=SIZES, saved=bool(visit.arg("saved")))

    @page("/settings", "POST")
    def save_settings(self, visit: Visit) -> Reply:
        visit.state.settings = {
            "edition": visit.field_choice("edition", visit.world.places),
            "size": visit.field_choice("size", SIZES),
            "alerts": "yes" if visit.field("alerts") else "no",
        }
        return Redirect("/settings?saved=1")

    @page("/alerts", "POST")
    def alerts(self, visit: Visit) -> Reply:
        if visit.field_choice("answer", ("on", "later")) == "on":
            visit.state.settings["alerts"] = "yes"
        visit.state.asking = False
        return visit.go_back("/")


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
    sort = visit.choice("sort", tuple(sorts), next(iter(sorts)))
    if sort:
        articles = sorted(articles, key=lambda article: article.published, reverse=sort == "newest")
    return visit.render(
        "listing.html",
        heading=heading,
        parent=parent,
        topic=topic,
        sort=sort,
        sorts=list(sorts.items()),
        results=visit.part(articles, PAGE_SIZE),
    )


def _article(paper: Paper, article: str) -> Article:
    if article not in paper.by_id:
        raise NotHere("There is no such article.")
    return paper.by_id[article]


def _topic(paper: Paper, topic: str) -> str:
    if topic not in paper.topics:
        raise NotHere("There is no such topic.")
    return paper.topics[topic]
