"""What holds for every local site alike: its tasks can be drawn and judged, its pages refuse nonsense."""

from __future__ import annotations

import http.client
import time

import numpy as np
import pytest

from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit import Impossible
from webvoyager_gym.sites.kit.world import SPLITS
from webvoyager_gym.tasks.local import LocalTask, local_web, open_session

TEMPLATES = [(site, template.name) for site in SITES for template in load_site(site).templates]
WORLDS = 12
"""Worlds of each split that every template has to draw a task from."""


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_every_world_gives_a_task_that_is_not_done_yet(site: str, template: str) -> None:
    goals = set()
    for seed in range(WORLDS):
        for split in SPLITS:
            session = open_session(LocalTask(site, template, split, 16 * seed))
            goals.add(session.task.goal)
            assert len(session.task.goal.split()) <= 30, session.task.goal
            assert not session.judge(None).success
            assert not session.judge("").success
            assert not session.judge("I do not know").success
            if session.expected is None:
                assert session.wanted != session.episode.state.effects()
            else:
                assert session.expected.matches(session.expected.text), session.expected
            assert session.template.feasible != isinstance(session.expected, Impossible)
            session.forget()
    assert len(goals) > WORLDS


@pytest.mark.parametrize(("site", "template"), TEMPLATES)
def test_a_task_has_several_wordings(site: str, template: str) -> None:
    session = open_session(LocalTask(site, template, "train", 0))
    words = {session.template.goal(session.episode.world, session.params, np.random.default_rng(n)) for n in range(20)}
    session.forget()
    assert len(words) >= 3


def _get(site: str, token: str, path: str, method: str = "GET") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", local_web().server.port, timeout=10)
    connection.request(method, path, headers={"Host": f"{site}.webvoyager.test", "Cookie": f"episode={token}"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert "Traceback" not in text
    return response.status


@pytest.mark.parametrize("site", SITES)
def test_nonsense_is_refused(site: str) -> None:
    session = open_session(LocalTask(site, load_site(site).templates[0].name, "train", 0))
    before = session.episode.state.effects()
    for method, pattern, _ in load_site(site).routes:
        path = pattern.pattern
        while "(?P<" in path:
            head, _, rest = path.partition("(?P<")
            path = f"{head}nonsense{rest.partition('>[^/]+)')[2]}"
        other = "POST" if method == "GET" else "GET"
        assert _get(site, session.token, path, other) in (200, 303, 400, 404)
        if "nonsense" in path:
            assert _get(site, session.token, path, method) in (400, 404)
        elif method == "GET":
            assert _get(site, session.token, f"{path}?page=-1&sort=nonsense") in (200, 303, 400, 404)
    assert _get(site, session.token, "/nowhere") == 404
    assert session.episode.state.effects() == before
    session.forget()


@pytest.mark.parametrize("site", SITES)
def test_sites_open_quickly(site: str) -> None:
    """The front page; loose, since the machine may be busy."""
    session = open_session(LocalTask(site, load_site(site).templates[0].name, "train", 0))
    times = []
    for _ in range(9):
        start = time.perf_counter()
        assert _get(site, session.token, load_site(site).start) == 200
        times.append(time.perf_counter() - start)
    session.forget()
    assert sorted(times)[4] < 0.1
