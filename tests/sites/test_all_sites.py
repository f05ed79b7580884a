"""What holds on every local site, without a browser: its tasks can be drawn and judged, its pages take no nonsense."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pytest

from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit import Impossible
from webvoyager_gym.sites.kit.look import look_from_seed
from webvoyager_gym.sites.kit.server import EpisodeState, LocalWeb, ServerThread, world_of
from webvoyager_gym.tasks.local import LocalTask, open_session

TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_every_world_gives_a_task_that_is_not_done_yet(site: str, template: str) -> None:
    for seed in range(8):
        session = open_session(LocalTask(site, template, ("train", "validation", "test")[seed % 3], 17 * seed))
        assert len(session.task.goal.split()) <= 30, session.task.goal
        assert not session.judge(None).success
        assert not session.judge("").success
        if session.expected is not None:
            assert session.expected.matches(session.expected.text)
        assert session.template.feasible == (not isinstance(session.expected, Impossible))
        session.forget()


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_a_task_is_worded_in_several_ways(site: str, template: str) -> None:
    session = open_session(LocalTask(site, template, "train", 0))
    wordings = {
        session.template.goal(session.episode.world, session.params, np.random.default_rng(seed)) for seed in range(20)
    }
    session.forget()
    assert len(wordings) >= 3


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LocalWeb, ServerThread]]:
    web = LocalWeb(SITES, load_site)
    thread = ServerThread(web)
    yield web, thread
    thread.stop()


def ask(port: int, site: str, token: str, method: str, path: str) -> tuple[int, str]:
    """Status and body of a request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, quote(path, safe="/?&=%"), headers={"Host": site, "Cookie": f"episode={token}"})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


NONSENSE = "?" + "&".join(
    f"{name}=%3Cb%3Enonsense"
    for name in (
        "q",
        "tab",
        "sort",
        "page",
        "month",
        "day",
        "from",
        "to",
        "checkin",
        "guests",
        "cabin",
        "x",
        "zoom",
        "mode",
    )
)


@pytest.mark.parametrize("name", SITES)
def test_nonsense_is_refused_and_changes_nothing(served: tuple[LocalWeb, ServerThread], name: str) -> None:
    web, thread = served
    site, world = load_site(name), world_of(load_site(name), "train", 0)
    episode, bystander = (EpisodeState(site, world, site.new_state(world), look_from_seed(name, 0)) for _ in range(2))
    token = web.open_episode(episode)
    before = bystander.state.effects()
    for method, pattern, _ in site.routes:
        path = pattern.pattern
        while "(" in path:
            start = path.index("(")
            path = path[:start] + "no-such-thing" + path[path.index(")", start) + 1 :]
        status, body = ask(thread.port, f"{name}.webvoyager.test", token, method, path)
        if "no-such-thing" in path and method == "GET":
            assert status in (303, 400, 404), path
        assert status < 500, path
        if method == "GET":
            status, body = ask(thread.port, f"{name}.webvoyager.test", token, method, path + NONSENSE)
            assert status < 500, path
            assert "<b>nonsense" not in body, path
            assert episode.state.effects() == before, path
    assert bystander.state.effects() == before
