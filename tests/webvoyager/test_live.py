"""The live suite in a real browser: real HTTP on loopback, host names mapped there by Chromium's resolver rules.

The sites' own names would not do: Chromium knows most of them for sites that speak TLS alone.
"""

from __future__ import annotations

import datetime
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import JSONResponse

from tests.browser.driving import number
from tests.vlm.chat_server import completion, serving
from tests.webvoyager.pages import Web, served
from tests.webvoyager.upstream import FOLDER, needs_files
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.tasks.webvoyager import WebVoyagerSuite
from webvoyager_gym.tasks.webvoyager.sites import PACE, PLACE

pytestmark = needs_files

SITES = {
    "Amazon": "http://amazon.test/",
    "Booking": "http://booking.test/",
    "ESPN": "http://espn.test/",
    "Coursera": "http://coursera.test/",
    "Allrecipes": "http://allrecipes.test/",
    "ArXiv": "http://arxiv.test/",
    "GitHub": "http://github.test/",
}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with served() as web:
        yield web


@pytest.fixture(scope="module")
def env(web: Web) -> Iterator[WebVoyagerEnv]:
    day = datetime.date(2026, 11, 23)
    suite = WebVoyagerSuite(today=day, folder=FOLDER, resolver_rules=web.resolver_rules, start_urls=SITES)
    env = WebVoyagerEnv(suite)
    yield env
    env.close()


def begin(env: WebVoyagerEnv, task: str) -> dict[str, Any]:
    _, info = env.reset(options={"task_id": task})
    return info


def click(env: WebVoyagerEnv, name: str) -> tuple[str, dict[str, Any]]:
    observation, _, _, _, info = env.step(f"click [{number(env.view, name)}]")
    return observation["last_error"], info


def test_an_episode_keeps_to_its_sites_and_its_pace(env: WebVoyagerEnv, web: Web) -> None:
    assert begin(env, "Amazon--1")["failure"] == ""
    assert (env.split, env.view.title, env.task.site) == ("test", "Shop", "Amazon")
    said, info = click(env, "Elsewhere")
    assert (said, info["failure"]) == (
        "elsewhere.test is not among the hosts of this task: amazon.com, amazon.test.",
        "",
    )
    for name in ("Item 3", "Item 4"):
        click(env, name)
        env.step("back")
    asked = sorted(when for place, when in web.asked if place.startswith("amazon.test/") and "favicon" not in place)
    # The clock of a busy machine is no measure of what was waited for, but it never runs fast.
    assert all(then - before > 0.9 * PACE for before, then in itertools.pairwise(asked))
    assert not [place for place, _ in web.asked if place.startswith("elsewhere")]


def test_passwords_and_card_numbers_are_not_typed(env: WebVoyagerEnv) -> None:
    begin(env, "Amazon--1")
    _, info = click(env, "Account")
    # A log-in that an agent walks into is its own affair.
    assert info["failure"] == ""
    for name in ("Password", "Card", "Framed"):
        observation, *_ = env.step(f'type [{number(env.view, name)}] "1234"')
        assert "not entered on the live web" in observation["last_error"]
        assert all(mark.value == "" for mark in env.view.marks if mark.role == "textbox")
    observation, *_ = env.step(f'type [{number(env.view, "E-mail")}] "a word"')
    assert observation["last_error"] == ""


def test_a_captcha_ends_the_episode_as_blocked(env: WebVoyagerEnv) -> None:
    begin(env, "Amazon--1")
    mark = number(env.view, "Robots")
    _, reward, terminated, truncated, info = env.step(f"click [{mark}]")
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "blocked")
    assert "enter the characters you see" in info["reason"]


def test_what_nobody_answered_is_asked_for_once_more(env: WebVoyagerEnv, web: Web) -> None:
    assert begin(env, "GitHub--1")["failure"] == ""
    assert (env.view.title, len(web.times("github.test/"))) == ("Code", 2)
    begin(env, "Amazon--1")
    _, info = click(env, "Flaky")
    assert (info["failure"], env.view.title, len(web.times("amazon.test/gone"))) == ("", "There after all", 2)


@pytest.mark.parametrize(("task", "sign"), [("Coursera--1", "log in"), ("Allrecipes--1", "just a moment")])
def test_a_site_that_begins_with_a_wall_is_blocked_and_left_alone(
    env: WebVoyagerEnv, web: Web, task: str, sign: str
) -> None:
    info = begin(env, task)
    assert (info["failure"], sign in info["reason"]) == ("blocked", True)
    _, _, _, truncated, info = env.step("wait")
    assert (truncated, info["failure"]) == (True, "blocked")
    host = SITES[task.partition("--")[0]].removeprefix("http://")
    assert len(web.times(host)) == 1


def test_a_page_that_only_looks_at_the_browser_is_waited_for(env: WebVoyagerEnv) -> None:
    assert begin(env, "ArXiv--1")["failure"] == ""
    assert env.view.title == "Papers"


@pytest.mark.parametrize(("task", "title"), [("Booking--5", "refused"), ("ESPN--1", "Scores")])
def test_consent_is_refused_where_that_is_plain_and_never_given(env: WebVoyagerEnv, task: str, title: str) -> None:
    begin(env, task)
    assert env.view.title == title


def test_language_time_zone_and_place_are_fixed(env: WebVoyagerEnv, web: Web) -> None:
    begin(env, "Amazon--1")
    page = env.episode.page
    assert page is not None

    async def told() -> str:
        # Only secure pages and those of loopback may ask for the place.
        await page.renew()
        await page.stand_at(*PLACE)
        await page.goto(f"http://127.0.0.1:{web.server_port}/place")
        return (await page.observe()).title

    assert browser_loop().run(told(), 60) == f"en-US UTC {PLACE[0]} {PLACE[1]}"


def test_an_answer_without_a_judge_is_yet_to_be_judged(env: WebVoyagerEnv) -> None:
    begin(env, "Amazon--1")
    _, reward, terminated, truncated, info = env.step('answer "$20"')
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "judge")
    assert "webvoyager-gym judge" in info["reason"]


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [
        ({"verdict": "success"}, (1.0, True, False, "")),
        ({"verdict": "failure"}, (0.0, True, False, "")),
        ({"verdict": "unknown"}, (0.0, False, True, "judge")),
        ({"verdict": "failure", "blocked": True}, (0.0, False, True, "blocked")),
        ({}, (0.0, False, True, "judge")),
    ],
)
def test_an_answer_is_judged_by_a_server(
    env: WebVoyagerEnv, monkeypatch: pytest.MonkeyPatch, verdict: dict[str, Any], ends: tuple[Any, ...]
) -> None:
    pytest.importorskip("openai", reason="the extra openai is not installed")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    said = json.dumps({"reason": "Seen.", "impossible": False, "blocked": False} | verdict)
    begin(env, "Amazon--16")
    with serving(lambda body, _: JSONResponse(completion(said))) as url:
        session = env.session
        session.task = replace(session.task, judge=f"openai:m?base_url={url}")  # type: ignore[type-var]
        _, *flags, info = env.step('answer "It is $20."')
    assert (*flags, info["failure"]) == ends
    assert info["reason"].startswith("Seen." if verdict else "The judge openai:m")
