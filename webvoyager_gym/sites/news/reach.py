"""How an expert moves about the news site and changes what is the reader's own."""

from __future__ import annotations

from collections.abc import Callable

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand, slug_of
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.changes import Act, Change, Question, read
from webvoyager_gym.sites.kit.ways import Next, set_fields
from webvoyager_gym.sites.news.state import Reader
from webvoyager_gym.sites.news.world import PLACES, SECTION_OF, SPANS, Article, Paper

NewsHand = Hand[Paper, Reader]


def look_for(hand: NewsHand, text: str) -> Action | None:
    """Search for the text; None on the first page of what is found."""
    if hand.path == "/search" and {key: fold(value) for key, value in hand.query.items()} == {"q": fold(text)}:
        return None
    return hand.type(text, enter=True, key="search")


def open_article(hand: NewsHand, article: Article) -> Action | None:
    """Open the article, from a list that shows it or by the search box; None on it."""
    if hand.path == f"/article/{article.id}" and hand.there(key="comments"):
        return None
    link = hand.find(key=f"article-{article.id}")
    return (
        hand.click(key=link.key)
        if link
        else look_for(hand, article.headline) or hand.click(key=f"article-{article.id}")
    )


def open_comments(hand: NewsHand, article: Article) -> Action | None:
    """Open the comments on the article."""
    if hand.path == f"/article/{article.id}/comments" and hand.there(key="comment-send"):
        return None
    return open_article(hand, article) or hand.click(key="comments")


def open_section(hand: NewsHand, place: str, sort: str = "newest", label: str = "Newest first") -> Action | None:
    """Open the first page of a section, or a part of one, by the menu."""
    if hand.path != f"/section/{slug_of(place)}" or not hand.there(key="sort"):
        key = f"place-{slug_of(place)}"
        return hand.click(key=key if hand.there(key=key) else f"menu-{slug_of(SECTION_OF.get(place, place))}")
    if hand.query.get("sort", "newest") != sort:
        return hand.select(label, key="sort")
    return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None


def open_topic(hand: NewsHand, topic: str) -> Action | None:
    """Open a topic's page, from the list of followed ones or from an article on it."""
    if hand.path == f"/topic/{slug_of(topic)}" and (hand.there(key="follow") or hand.there(key="unfollow")):
        return None
    if hand.there(key=f"topic-{slug_of(topic)}"):
        return hand.click(key=f"topic-{slug_of(topic)}")
    listed = [article for article in hand.world.about(topic) if hand.there(key=f"article-{article.id}")]
    if listed:
        return hand.click(key=f"article-{listed[0].id}")
    return (open_section(hand, topic) if topic in SECTION_OF else look_for(hand, topic)) or hand.restart()


def open_ranking(hand: NewsHand, by: str, span: str) -> Action | None:
    """Open a ranking: a key of RANKINGS and one of SPANS."""
    if hand.path != "/ranking" or not hand.there(key="span"):
        return hand.click(key="ranking")
    if hand.query.get("by", "read") != by:
        return hand.click(key=f"by-{by}")
    return hand.select(SPANS[span], key="span") if hand.query.get("span", "today") != span else None


def open_weather(hand: NewsHand, town: str) -> Action | None:
    """Open the forecast for a town."""
    if hand.path != "/weather" or not hand.there(key="town"):
        return hand.click(key="weather")
    return None if hand.holds(town, key="town") else hand.select(town, key="town")


def see(hand: NewsHand, text: str, near: str) -> Action | None:
    """Scroll to a text below an element; a menu that hangs over the page is closed first."""
    for mark in hand.view.marks:
        if mark.key.startswith("place-"):
            place = PLACES[mark.key.removeprefix("place-")]
            return hand.click(key=f"menu-{slug_of(SECTION_OF.get(place, place))}")
    return read(hand, text, near)


def carry_out(hand: NewsHand, change: Change) -> Next:
    """The next action of a change of the reader's things."""
    return _WAYS[change.part](hand, change.key, change.value)


def _saved(hand: NewsHand, article: str, value: bool | None) -> Action:
    if value is None and hand.path != f"/article/{article}":
        return hand.click(key=f"unsave-{article}") if hand.path == "/reading" else hand.click(key="reading")
    return open_article(hand, hand.world.by_id[article]) or hand.click(key="save" if value else "unsave")


def _topics(hand: NewsHand, topic: str, value: bool | None) -> Action:
    if value is None and hand.path != f"/topic/{slug_of(topic)}":
        return hand.click(key=f"unfollow-{slug_of(topic)}") if hand.path == "/topics" else hand.click(key="topics")
    return open_topic(hand, topic) or hand.click(key="follow" if value else "unfollow")


def _comments(hand: NewsHand, article: str, text: str | None) -> Next:
    step = open_comments(hand, hand.world.by_id[article])
    if step is not None:
        return step
    if text is None:
        return hand.click(key="comment-delete")
    return set_fields(hand, {"comment-text": text}) or hand.click(key="comment-send")


def _likes(hand: NewsHand, liked: str, _: bool | None) -> Action:
    article, number = liked.split()
    return open_comments(hand, hand.world.by_id[article]) or hand.click(key=f"like-{number}")


def _settings(hand: NewsHand, _: str, __: str) -> Next:
    if hand.path != "/settings":
        return hand.click(key="settings")
    wanted = hand.wanted["settings"]
    size = f"size-{wanted['size'].lower()}"
    fields = {"edition": wanted["edition"], size: True, "alerts": wanted["alerts"] == "yes"}
    return set_fields(hand, fields) or hand.click(key="settings-save")


_WAYS: dict[str, Callable[..., Next]] = {
    "saved": _saved,
    "topics": _topics,
    "comments": _comments,
    "likes": _likes,
    "settings": _settings,
}


class NewsQuestion(Question[Paper, Reader]):
    """A question on this site."""

    def carry_out(self, hand: NewsHand, change: Change) -> Next:
        return carry_out(hand, change)


class NewsAct(Act[Paper, Reader]):
    """An act on this site."""

    def carry_out(self, hand: NewsHand, change: Change) -> Next:
        return carry_out(hand, change)
