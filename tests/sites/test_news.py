"""The news site without a browser: its worlds, its search, and what its pages show and change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest

from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit.look import look_from_seed
from webvoyager_gym.sites.kit.server import EpisodeState, LocalWeb, ServerThread
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.news.site import search
from webvoyager_gym.sites.news.state import MOST_SAVED, Reader, new_reader
from webvoyager_gym.sites.news.words import SECTIONS, SKIES
from webvoyager_gym.sites.news.world import Paper, build_paper, day, slug


@pytest.fixture(scope="module")
def paper() -> Paper:
    return build_paper("train", 0)


@dataclass(frozen=True)
class Visitor:
    """Somebody with an episode of their own."""

    port: int
    token: str
    state: Reader

    def request(self, method: str, path: str, **form: str) -> tuple[int, str]:
        """Status and page, or the place redirected to."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Host": "news.webvoyager.test", "Cookie": f"episode={self.token}"}
        connection.request(method, quote(path, safe="/?&=%+"), urlencode(form), headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.getheader("location") or text

    def shown(self, path: str) -> list[str]:
        """The ids of the articles on a page, in order."""
        status, text = self.request("GET", path)
        assert status == 200
        return re.findall(r'data-key="article-([^"]+)"', text)


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[LocalWeb, ServerThread]]:
    app = LocalWeb(["news"], load_site)
    server = ServerThread(app)
    yield app, server
    server.stop()


@pytest.fixture
def visitor(web: tuple[LocalWeb, ServerThread], paper: Paper) -> Visitor:
    app, server = web
    state = new_reader(paper)
    token = app.open_episode(EpisodeState(load_site("news"), paper, state, look_from_seed("news", 0)))
    return Visitor(server.port, token, state)


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
        page = visitor.request("GET", f"/article/{article.id}")[1]
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
    assert visitor.shown("/section/sport") + visitor.shown("/section/sport?page=2") == wanted
    assert visitor.shown("/section/sport?sort=oldest") == wanted[::-1][:6]
    assert visitor.request("GET", "/section/sport?page=3")[0] == 404
    topic = paper.articles[0].place
    assert visitor.shown(f"/topic/{slug(topic)}") == [article.id for article in paper.about(topic)][:6]


def test_rankings_differ_by_kind_and_period(visitor: Visitor, paper: Paper) -> None:
    shown = [tuple(visitor.shown(f"/ranking?by={by}&span={span}")) for by, span in paper.rankings]
    assert shown == list(paper.rankings.values())
    assert len(set(shown)) == 4


def test_the_weather_is_in_the_picture_only(visitor: Visitor, paper: Paper) -> None:
    for town in paper.places:
        page = visitor.request("GET", f"/weather?town={town}")[1].partition("<main>")[2]
        words = " ".join(re.sub(r"<[^>]*>", " ", page).casefold().split())
        assert not any(word in words.split() for sky in SKIES for word in (sky, *SKIES[sky]))
        assert page.count('class="weather"') == 5


def test_everything_can_be_undone(visitor: Visitor, paper: Paper) -> None:
    before = visitor.state.effects()
    article = next(article for article in paper.articles if article.id not in paper.saved)
    path, topic = f"/article/{article.id}", next(t for t in paper.topics.values() if t not in paper.following)
    steps = (
        (f"{path}/save", {"save": "yes"}, {"save": "no"}),
        (f"/topic/{slug(topic)}/follow", {"follow": "yes"}, {"follow": "no"}),
        (f"{path}/like", {"comment": "1"}, {"comment": "1"}),
    )
    for where, do, undo in steps:
        assert visitor.request("POST", where, **do)[0] == 303
        assert visitor.state.effects() != before
        assert visitor.request("POST", where, **undo)[0] == 303
        assert visitor.state.effects() == before
    visitor.request("POST", f"{path}/comments", text="  <b>Well</b>\n said ")
    assert visitor.state.comments == {article.id: "<b>Well</b> said"}
    assert "&lt;b&gt;Well" in visitor.request("GET", f"{path}/comments")[1]
    visitor.request("POST", f"{path}/comments/delete")
    visitor.request("POST", "/alerts", answer="on")
    assert visitor.state.settings["alerts"] == "yes"
    visitor.request("POST", "/settings", edition=paper.places[0], size="Normal")
    assert visitor.state.effects() == before


def test_forms_are_checked(visitor: Visitor, paper: Paper) -> None:
    before = visitor.state.effects()
    path = f"/article/{paper.articles[0].id}"
    assert visitor.request("POST", f"{path}/comments", text="  ")[1].endswith("problem=text")
    assert visitor.request("POST", f"{path}/like", comment="3")[0] == 400
    assert visitor.request("POST", "/alerts", answer="perhaps")[0] == 400
    assert visitor.request("GET", "/weather?town=Atlantis")[0] == 400
    assert visitor.state.effects() == before
    for article in paper.articles[: MOST_SAVED + 3]:
        visitor.request("POST", f"/article/{article.id}/save", save="yes")
    assert len(visitor.state.saved) == MOST_SAVED
