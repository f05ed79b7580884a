"""The news site without a browser: its worlds, its search, and what its pages show and change."""

from __future__ import annotations

import re

import pytest

from tests.sites.visiting import ServedSite, Visitor, text_of
from webvoyager_gym.sites.kit import slug_of
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.news.site import search
from webvoyager_gym.sites.news.state import MOST_SAVED
from webvoyager_gym.sites.news.words import SECTIONS, SKIES
from webvoyager_gym.sites.news.world import Paper, build_paper, day

SITE = "news"


@pytest.fixture(scope="module")
def paper() -> Paper:
    return build_paper("train", 0)


@pytest.fixture
def visitor(web: ServedSite, paper: Paper) -> Visitor:
    return web.visitor(paper)


def shown_on(visitor: Visitor, path: str) -> list[str]:
    """The ids of the articles on a page, in order."""
    return re.findall(r'data-key="article-([^"]+)"', visitor.get(path))


def test_places_and_people_belong_to_one_split() -> None:
    for split in ("train", "validation", "test"):
        for seed in range(5):
            paper = build_paper(split, seed)
            people = {comment.author for article in paper.articles for comment in article.comments}
            assert {split_of(name) for name in (*paper.places, *paper.authors, *people)} == {split}
            assert len(paper.by_id) == len(paper.articles) == 45


def test_days_and_likes_are_told_apart(paper: Paper) -> None:
    for section in SECTIONS:
        days = [article.published for article in paper.of(section)]
        assert days == sorted(set(days), reverse=True)
    assert all(len({comment.likes for comment in article.comments}) == 3 for article in paper.articles)


def test_an_article_tells_its_facts(visitor: Visitor, paper: Paper) -> None:
    for article in paper.articles[:5]:
        page = visitor.get(f"/article/{article.id}")
        for said in (f"cost {article.cost:g} million", f"{article.more:g} million more", day(article.start)):
            assert said in page
        assert f"{article.asked} people" in page
        assert f"{article.favour} of them" in page
        assert all(f"said {speaker.name}" in page for speaker in article.speakers)


def test_search_gives_near_misses_after_the_article_itself(paper: Paper) -> None:
    article = paper.articles[7]
    found = search(paper, article.headline.upper())
    assert found[0] is article
    assert len(found) > 3
    assert search(paper, "zzzz") == search(paper, "") == []


def test_sections_and_topics_are_paged_without_loss(visitor: Visitor, paper: Paper) -> None:
    wanted = [article.id for article in paper.of("Sport")]
    assert shown_on(visitor, "/section/sport") + shown_on(visitor, "/section/sport?page=2") == wanted
    assert shown_on(visitor, "/section/sport?sort=oldest") == wanted[::-1][:6]
    assert visitor.request("GET", "/section/sport?page=3")[0] == 404
    topic = paper.articles[0].place
    assert shown_on(visitor, f"/topic/{slug_of(topic)}") == [article.id for article in paper.about(topic)][:6]


def test_rankings_differ_by_kind_and_period(visitor: Visitor, paper: Paper) -> None:
    shown = [tuple(shown_on(visitor, f"/ranking?by={by}&span={span}")) for by, span in paper.rankings]
    assert shown == list(paper.rankings.values())
    assert len(set(shown)) == 4


def test_the_weather_is_in_the_picture_only(visitor: Visitor, paper: Paper) -> None:
    for town in paper.places:
        page = visitor.get(f"/weather?town={town}").partition("<main>")[2]
        said = text_of(page).casefold().split()
        assert not any(word in said for sky in SKIES for word in (sky, *SKIES[sky]))
        assert page.count('class="weather"') == 5


def test_everything_can_be_undone(visitor: Visitor, paper: Paper) -> None:
    before = visitor.state.effects()
    article = next(article for article in paper.articles if article.id not in paper.saved)
    path, topic = f"/article/{article.id}", next(t for t in paper.topics.values() if t not in paper.following)
    steps = (
        (f"{path}/save", {"save": "yes"}, {"save": "no"}),
        (f"/topic/{slug_of(topic)}/follow", {"follow": "yes"}, {"follow": "no"}),
        (f"{path}/like", {"comment": "1"}, {"comment": "1"}),
    )
    for where, do, undo in steps:
        visitor.post(where, **do)
        assert visitor.state.effects() != before
        visitor.post(where, **undo)
        assert visitor.state.effects() == before
    visitor.post(f"{path}/comments", text="  <b>Well</b>\n said ")
    assert visitor.state.comments == {article.id: "<b>Well</b> said"}
    assert "&lt;b&gt;Well" in visitor.get(f"{path}/comments")
    visitor.post(f"{path}/comments/delete")
    visitor.post("/alerts", answer="on")
    assert visitor.state.settings["alerts"] == "yes"
    visitor.post("/settings", edition=paper.places[0], size="Normal")
    assert visitor.state.effects() == before


def test_forms_are_checked(visitor: Visitor, paper: Paper) -> None:
    before = visitor.state.effects()
    path = f"/article/{paper.articles[0].id}"
    assert visitor.post(f"{path}/comments", text="  ").endswith("problem=text")
    assert visitor.request("POST", f"{path}/like", {"comment": "3"})[0] == 400
    assert visitor.request("POST", "/alerts", {"answer": "perhaps"})[0] == 400
    assert visitor.request("GET", "/weather?town=Atlantis")[0] == 400
    assert visitor.state.effects() == before
    for article in paper.articles[: MOST_SAVED + 3]:
        visitor.post(f"/article/{article.id}/save", save="yes")
    assert len(visitor.state.saved) == MOST_SAVED
