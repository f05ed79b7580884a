"""What happens when the browser, a tab, the site, the loop or the disk go, and that nothing grows or is left behind."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from webvoyager_gym.env import WebVoyagerEnv
from webvoyager_gym.proofs.faults.__main__ import SHARE, rows, shares
from webvoyager_gym.proofs.faults.kinds import KINDS, SITE_STALLED, SITE_STOPPED, TAB_AND_BROWSER, TAB_CRASHED, schedule
from webvoyager_gym.proofs.faults.meeting import Met, mistakes_of
from webvoyager_gym.proofs.faults.rollout import Stepped
from webvoyager_gym.proofs.processes import descendants, gone, listening_ports, own_memory
from webvoyager_gym.proofs.soak import Sample, growths, soak
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit.server import LocalWeb, ServerThread
from webvoyager_gym.tasks.local import local_web

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
TASK = "shop/listed-fact/train-3"


def test_every_kind_of_fault_is_labelled_right_and_nothing_is_left_behind(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", "webvoyager_gym.proofs.faults", "--faults", "10", "--num-envs", "2"]
    done = subprocess.run(
        [*command, "--workers", "1", "--out", str(out)], capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "10 faults; mistakes: 0; episodes lost besides: 0; things left behind: 0." in done.stdout
    figures = json.loads(out.read_text())
    # A tab that crashes takes Chromium with it now and then, which is a row of its own.
    assert {row["fault"] for row in figures["rows"]} - {TAB_AND_BROWSER.name} == {kind.name for kind in KINDS}


def test_faults_are_shared_out_by_weight_and_by_seed() -> None:
    counts = Counter(schedule(1000, 0))
    assert sum(counts.values()) == 1000
    assert min(counts.values()) >= 40
    assert set(schedule(len(KINDS), 0)) == {kind.name for kind in KINDS}
    assert schedule(50, 1) == schedule(50, 1) != schedule(50, 2)
    parts = shares(1000, 4, 0)
    assert Counter(name for part in parts for name in part.kinds) == counts
    assert max(len(part.kinds) for part in parts) == SHARE


def stepped(*failures: str, began: tuple[bool, ...] = (False, False)) -> Stepped:
    return Stepped(np.array(began), np.array([bool(each) for each in failures]), failures, failures, (), ())


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((stepped("site", "site"),), []),
        ((stepped("", ""), stepped("site", "site")), []),
        # A page that is opened anew has lost nothing.
        ((stepped("", "", began=(True, True)), stepped("", "")), []),
        ((stepped("", ""), stepped("", "", began=(True, True))), []),
        ((stepped("browser", "site"),), ["called browser, not site"]),
        ((stepped("", "site"), stepped("", "")), ["as if nothing had happened"]),
        ((stepped("site", "site"), stepped("site", "", began=(True, True))), ["could not begin"]),
    ],
)
def test_what_is_said_of_a_fault_is_judged(steps: tuple[Stepped, ...], says: list[str]) -> None:
    found = list(mistakes_of(SITE_STOPPED, [0, 1], steps))
    assert len(found) == len(says)
    assert all(word in mistake for word, mistake in zip(says, found, strict=True))


def test_the_figures_count_kind_by_kind() -> None:
    met = [
        Met(TAB_CRASHED.name, ("browser",), (), 1.0),
        Met(TAB_CRASHED.name, (), ("why",), 3.0, ("wrong", "and again")),
        Met(SITE_STALLED.name, ("site", "site"), (), 15.0),
    ]
    tab, stalled = rows(met)
    assert list(tab.values()) == [TAB_CRASHED.name, 2, 1, 1, 1, 1, 2.0]
    assert list(stalled.values()) == [SITE_STALLED.name, 1, 1, 0, 2, 0, 15.0]


@pytest.fixture
def env() -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(task_id=TASK, viewport=(640, 480))
    _, info = env.reset()
    assert info["failure"] == "", info["reason"]
    yield env
    env.close()


@pytest.mark.parametrize("action", ["restart", "scroll [window] down", 'answer "x"'])
def test_a_server_that_stopped_is_the_sites_failure_whatever_the_action(env: WebVoyagerEnv, action: str) -> None:
    port = local_web().server.port
    local_web().server.stop()
    _, reward, terminated, truncated, info = env.step(action)
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "site"), info["reason"]
    assert not info["success"]
    _, info = env.reset()
    assert info["failure"] == "", info["reason"]
    assert local_web().server.port == port


@pytest.mark.parametrize("action", ["click", "scroll [window] down"])
def test_a_server_that_stalls_is_the_sites_failure(
    env: WebVoyagerEnv, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr("webvoyager_gym.tasks.local.SITE_DEADLINE", 1.0)
    monkeypatch.setattr("webvoyager_gym.browser.page.NAVIGATION_DEADLINE", 2.0)
    monkeypatch.setattr("webvoyager_gym.browser.reach.PATIENCE", 0.5)
    link = next(mark.index for mark in env.view.marks if mark.role == "link")
    over = threading.Event()
    local_web().server.loop.call_soon_threadsafe(over.wait)
    _, reward, terminated, truncated, info = env.step(f"click [{link}]" if action == "click" else action)
    over.set()
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "site"), info["reason"]
    monkeypatch.undo()
    _, info = env.reset()
    assert info["failure"] == "", info["reason"]


def test_a_port_that_somebody_took_meanwhile_is_done_without(env: WebVoyagerEnv) -> None:
    title, server = env.view.title, local_web().server
    server.stop()
    other = ServerThread(LocalWeb([], load_site), server.port)
    _, info = env.reset()
    other.stop()
    assert (info["failure"], env.view.title) == ("", title), info["reason"]
    assert local_web().server.port != server.port


def test_processes_ports_and_memory_are_seen() -> None:
    known = descendants()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert [process.pid for process in descendants(known)] == [child.pid]
        assert own_memory(child.pid) > 0
        child.communicate()
    assert gone(lambda: descendants(known), 10)
    assert own_memory(child.pid) == 0
    before = listening_ports()
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen()
        assert sorted([*before, listens.getsockname()[1]]) == listening_ports()
    assert listening_ports() == before


def test_a_soak_samples_python_and_browser() -> None:
    samples = soak(episodes=2, num_envs=2, seed=0, every=1)
    assert [sample.failures for sample in samples] == [0] * len(samples)
    assert samples
    assert all(sample.python > 50e6 and sample.browser > 50e6 for sample in samples)
    assert samples[-1].episodes >= 2


def test_growth_is_measured_from_the_level() -> None:
    def sample(episodes: int, python: int, browser: int) -> Sample:
        return Sample(episodes, python, browser, 0)

    first = [sample(100, 10, 90), sample(200, 90, 280), sample(300, 110, 320)]
    second, third = [sample(400, 99, 400), sample(500, 111, 280)], [sample(600, 110, 300), sample(700, 114, 310)]
    python, browser, both = growths([*first, *second, *third, sample(800, 900, 900)], 200)
    assert (python.level, python.highest, python.last, python.peak, python.grew) == (100, 112, 112, 114, True)
    assert (browser.level, browser.highest, browser.last, browser.peak, browser.grew) == (300, 340, 305, 400, True)
    assert (both.level, both.highest, both.last, both.grew) == (400, 445, 417, True)
    steady = [sample(400, 110, 330), sample(600, 90, 300)]
    assert not any(each.grew for each in growths([*first, *steady], 200))
    with pytest.raises(ValueError, match="run 600 or more"):
        growths([*first, *second], 200)
