"""An episode on a page that is never the same is recorded, its server stops, and it is replayed to the byte."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.browser.driving import number
from tests.collecting import Clicks
from tests.network.board import SECRETS, BoardSuite, served
from webvoyager_gym.agents import First
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.cli import app
from webvoyager_gym.collect import record_episode
from webvoyager_gym.env import Observation, WebVoyagerEnv
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.network.archive import read_recording
from webvoyager_gym.tasks import TaskSuite, load_suite
from webvoyager_gym.tasks.replay import NOWHERE, ReplayTask
from webvoyager_gym.types import Episode, PageView

WALK = ("Vote", "Elsewhere", "Moved", "Home", "Tab")
"""The marks that are clicked, one after the other."""
SHOWN = ("url", "title", "outline", "last_error", "screenshot", "marks", "scroll", "candidates", "chosen")
"""What a row of a recording shows of a page and of what was proposed there."""


@dataclass(frozen=True)
class Seen:
    """What an environment showed at one step."""

    observation: Observation
    view: PageView
    info: Mapping[str, Any]


def walked(env: WebVoyagerEnv, task_id: str) -> list[Seen]:
    """Along WALK, and then an answer."""
    observation, info = env.reset(seed=3, options={"task_id": task_id})
    seen = [Seen(observation, env.view, info)]
    for name in WALK:
        observation, _, _, _, info = env.step(f"click [{number(env.view, name)}]")
        seen.append(Seen(observation, env.view, info))
    observation, _, _, _, info = env.step('answer "yes"')
    return [*seen, Seen(observation, env.view, info)]


def assert_same(one: Seen, other: Seen) -> None:
    for name, value in one.observation.items():
        assert np.array_equal(value, other.observation[name]), name
    assert (one.view.marks, one.view.offscreen, one.view.scroll) == (
        other.view.marks,
        other.view.offscreen,
        other.view.scroll,
    )


def collected(suite: str | TaskSuite, task_id: str, folder: Path | None = None) -> Episode:
    """An episode as it is collected: a VLM proposes, the first candidate is taken."""
    options: dict[str, Any] = {"proposer": Clicks(), "max_steps": 2, "viewport": (800, 600), "record_network": folder}
    with contextlib.closing(BestOfQEnv(suite=suite, **options)) as env:
        return record_episode(env, First(), task_id, seed=5)


@dataclass(frozen=True)
class Recorded:
    """What was recorded: a folder with the archives, what there was to see, and an episode that was collected."""

    folder: Path
    seen: list[Seen]
    episode: Episode


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Two episodes whose server is gone."""
    folder = tmp_path_factory.mktemp("network")
    with served() as server:
        suite = BoardSuite(server.server_port)
        with contextlib.closing(WebVoyagerEnv(suite, viewport=(800, 600), record_network=folder / "walked")) as env:
            seen = walked(env, "board/0")
        episode = collected(suite, "board/1", folder / "collected")
    return Recorded(folder, seen, episode)


@pytest.fixture(scope="module")
def env(recorded: Recorded) -> Iterator[WebVoyagerEnv]:
    env = WebVoyagerEnv(f"replay:{recorded.folder}/walked", viewport=(800, 600))
    yield env
    env.close()


def test_the_recorded_page_is_live_and_each_visit_differs(recorded: Recorded) -> None:
    seen = recorded.seen
    first, home = seen[0].observation["outline"], seen[4].observation["outline"]
    assert not [words for words in ("late at", "no news", "item ", "count ", "said ", "Inside ") if words not in first]
    assert "votes" in seen[1].observation["outline"]
    assert seen[2].observation["last_error"].startswith("elsewhere.test is not among the hosts")
    assert [seen[at].view.title for at in (3, 4, 5)] == ["New", "Board", "Tab"]
    assert first != home


def test_a_replay_is_the_same_to_the_byte(env: WebVoyagerEnv, recorded: Recorded) -> None:
    task = env.suite.tasks()[0]
    for then, now in zip(recorded.seen, walked(env, task.id), strict=True):
        assert_same(then, now)
    assert (task.site, task.goal, env.suite.resolver_rules) == ("board", "What does the board say?", NOWHERE)


def test_its_states_are_reached_by_their_actions(env: WebVoyagerEnv, recorded: Recorded) -> None:
    task = env.suite.tasks()[0]
    assert isinstance(task, ReplayTask)
    env.reset(options={"task_id": task.id})
    observation, *_ = env.branch(task.actions[:3])
    assert_same(recorded.seen[3], Seen(observation, env.view, {}))


def test_what_was_not_recorded_is_told_and_ends_the_episode(env: WebVoyagerEnv) -> None:
    task = env.suite.tasks()[0]
    _, info = env.reset(options={"task_id": task.id})
    assert (info["failure"], info["unrecorded"]) == ("", ("ws://board.test/live",))
    assert [place.partition("?")[0] for place in info["approximated"]] == ["http://board.test/count"]
    _, reward, terminated, truncated, info = env.step(f"click [{number(env.view, 'Never')}]")
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, True, "site")
    assert info["unrecorded"] == ("http://board.test/never",)
    assert "http://board.test/never" in info["reason"]


def test_an_answer_is_for_a_judge(env: WebVoyagerEnv, recorded: Recorded) -> None:
    env.reset(options={"task_id": env.suite.tasks()[0].id})
    assert env.step('answer "yes"')[4]["failure"] == "judge"
    assert recorded.seen[-1].info["success"]


def test_an_episode_is_collected_again_from_its_archive(recorded: Recorded) -> None:
    (path,) = (recorded.folder / "collected").iterdir()
    assert recorded.episode.extra["network"] == path.name
    (task,) = load_suite(f"replay:{path}").tasks()
    again = collected(f"replay:{path}", task.id)
    assert again.goal == recorded.episode.goal
    for now, then in zip(again.steps, recorded.episode.steps, strict=True):
        assert [getattr(now, name) for name in SHOWN] == [getattr(then, name) for name in SHOWN]


def test_another_viewport_than_the_recorded_one_is_refused(recorded: Recorded) -> None:
    suite = load_suite(f"replay:{recorded.folder}/walked")
    with (
        contextlib.closing(WebVoyagerEnv(suite, viewport=(640, 480))) as env,
        pytest.raises(WebVoyagerError, match=r"viewport of 800 x 600.*give the environment viewport=\(800, 600\)"),
    ):
        env.reset(options={"task_id": suite.tasks()[0].id})


def test_a_replay_has_no_network_to_record(recorded: Recorded, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="none to record"):
        WebVoyagerEnv(f"replay:{recorded.folder}/walked", record_network=tmp_path)
    arguments = ["collect", "--out", "local/again-v0", "--record-network", str(tmp_path)]
    for without in (["--suite", f"replay:{recorded.folder}/walked"], ["--tree", "local/tree-v0"]):
        result = CliRunner().invoke(app, [*arguments, *without])
        assert (result.exit_code, "needs pages" in result.output) == (2, True)


def test_no_secret_is_in_the_archive(recorded: Recorded) -> None:
    (path,) = (recorded.folder / "walked").iterdir()
    with zipfile.ZipFile(path) as archive:
        index = archive.read("har.har")
    assert b"access_token=withheld" in index
    assert not [secret for secret in SECRETS if secret.encode() in index]
    assert b"cookie" not in index.replace(b'"cookies"', b"").lower()
    recording = read_recording(path)
    assert len(recording.about.actions) == len(WALK) + 1
    assert {each.kind for each in recording.exchanges} >= {"document", "xhr"}
    assert load_suite(f"replay:{path}").tasks()[0].id == f"board/0@{recording.about.sha256[:12]}"
