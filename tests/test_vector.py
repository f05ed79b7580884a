"""Many pages stepped together: the same as one by one, in one call of the VLM, and each fails for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import webvoyager_gym
from tests.collecting import Clicks
from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.browser.engine import engine
from webvoyager_gym.browser.loop import browser_loop
from webvoyager_gym.errors import EnvClosed, InfrastructureFailure, NotFound
from webvoyager_gym.tasks import Outcome
from webvoyager_gym.tasks.local import LocalSession, LocalSuite, LocalTask
from webvoyager_gym.types import Candidate, PageView, Prompt
from webvoyager_gym.vector import BestOfQVectorEnv
from webvoyager_gym.vlm.base import Embeddings

ID = "WebVoyager-BestOfQ-v0"
TASKS = ("shop/listed-fact/train-3", "papers/affiliation/train-3", "shop/add-to-wish-list/train-0")
SMALL: dict[str, Any] = {"viewport": (640, 480), "max_steps": 2}
CLICK, ANSWER = 0, 2

assert webvoyager_gym.__version__


@dataclass
class Watched(Clicks):
    """Counts the states of every call, and fails on those of a goal."""

    answer: str = "x"
    bad: str = ""
    proposed: list[int] = field(default_factory=list)
    embedded: list[int] = field(default_factory=list)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int = 0) -> list[list[Candidate]]:
        self.proposed.append(len(prompts))
        if any(prompt.goal == self.bad and prompt.step > 0 for prompt in prompts):
            raise InfrastructureFailure("vlm", "The model is gone.")
        self.cost.tokens_in += 10 * len(prompts)
        return super().propose(prompts, n)

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        self.embedded.append(len(prompts))
        return super().embed(prompts, candidates)


@dataclass
class Drawn(Watched):
    """Notes the seeds of every call."""

    draws: bool = True
    seeds: list[int | Sequence[int]] = field(default_factory=list)

    def propose(self, prompts: Sequence[Prompt], n: int, *, seed: int | Sequence[int] = 0) -> list[list[Candidate]]:
        self.seeds.append(seed)
        return super().propose(prompts, n)


@pytest.fixture(scope="module")
def opened() -> Iterator[BestOfQVectorEnv]:
    envs = BestOfQVectorEnv(3, proposer=Watched(), render_mode="rgb_array", **SMALL)
    yield envs
    envs.close()


@pytest.fixture
def envs(opened: BestOfQVectorEnv) -> BestOfQVectorEnv:
    """Three pages with a task each, just reset."""
    for env in opened.envs:
        env.proposer = env.embedder = Watched()
    model = opened.envs[0].proposer
    opened.set_attr("proposer", model)
    opened.set_attr("embedder", model)
    _, infos = opened.reset(seed=0, options={"task_id": list(TASKS)})
    assert not any(infos["failure"]), infos["reason"]
    return opened


def model_of(envs: BestOfQVectorEnv) -> Watched:
    model = envs.envs[0].proposer
    assert isinstance(model, Watched)
    return model


def assert_same(one: Any, other: Any, where: str = "") -> None:
    """Equal to the bit, in dictionaries, tuples and arrays of anything."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}/{key}")
    elif isinstance(one, np.ndarray) and one.dtype != object:
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert one.tobytes() == other.tobytes(), where
    elif isinstance(one, tuple) and not all(isinstance(part, str) for part in one):
        assert isinstance(other, tuple), where
        for at, (part, same) in enumerate(zip(one, other, strict=True)):
            assert_same(part, same, f"{where}/{at}")
    else:
        assert type(one) is type(other), where
        assert list(one) == list(other), where


def test_the_same_as_gymnasiums_vector_of_single_environments_bit_for_bit() -> None:
    """Over answers, episodes that run out of steps and the resets that follow; screenshots included."""
    single: gym.vector.VectorEnv[Any, Any, Any] = gym.vector.SyncVectorEnv(
        [lambda: BestOfQEnv(proposer=Watched(), **SMALL)] * 3
    )
    ours = BestOfQVectorEnv(3, proposer=Watched(), **SMALL)
    assert ours.observation_space == single.observation_space
    assert ours.action_space == single.action_space
    assert_same(ours.reset(seed=[5, 6, 5]), single.reset(seed=[5, 6, 5]))  # type: ignore[arg-type]
    for actions in ([CLICK, ANSWER, 1], [CLICK, CLICK, 17], [CLICK, CLICK, ANSWER]):
        assert_same(ours.step(actions), single.step(np.array(actions)))
    single.close()
    ours.close()


def test_an_episode_that_is_over_is_reset_by_the_next_step(envs: BestOfQVectorEnv) -> None:
    _, _, terminations, truncations, infos = envs.step([CLICK, ANSWER, CLICK])
    assert (terminations.tolist(), truncations.tolist()) == ([False, True, False], [False] * 3)
    assert infos["answer"].tolist() == ["", "x", ""]
    observations, rewards, terminations, truncations, infos = envs.step([CLICK, CLICK, ANSWER])
    assert (rewards.tolist(), terminations.tolist()) == ([0.0] * 3, [False, False, True])
    assert truncations.tolist() == [True, False, False]
    assert observations["step"].tolist() == [2, 0, 2]
    assert infos["action"][1] == ""
    _, _, terminations, truncations, _ = envs.step([CLICK, CLICK, CLICK])
    assert not (terminations | truncations).any()
    assert envs.call("taken")[0] == ()
    # Without AutoresetMode (gymnasium 1.0) this is the only way there is.
    if hasattr(gym.vector, "AutoresetMode"):
        assert envs.metadata["autoreset_mode"] == gym.vector.AutoresetMode.NEXT_STEP


def test_the_models_are_called_once_a_step_with_the_states_that_go_on(envs: BestOfQVectorEnv) -> None:
    model = model_of(envs)
    assert (model.proposed, model.embedded) == ([3], [3])
    _, _, _, _, infos = envs.step([CLICK, ANSWER, CLICK])
    assert [cost["tokens_in"] for cost in infos["cost"]] == [10.0, 0.0, 10.0]
    envs.step([CLICK, CLICK, CLICK])
    assert (model.proposed, model.embedded) == ([3, 2, 3], [3, 2, 3])


def test_infos_have_a_mask_for_every_key(envs: BestOfQVectorEnv) -> None:
    observations, _, _, _, infos = envs.step([CLICK, ANSWER, 17])
    assert {key for key in infos if not key.startswith("_")} == {key[1:] for key in infos if key.startswith("_")}
    assert all(infos[f"_{key}"].tolist() == [True] * 3 for key in infos if not key.startswith("_"))
    assert (infos["action_mask"].shape, infos["log_probs"].shape) == ((3, 3), (3, 3))
    assert infos["action_mask"].tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]
    assert infos["task_id"].tolist() == list(TASKS)
    assert "no candidate 17" in observations["last_error"][2]
    assert all(timing["total"] > 0 for timing in infos["timing"])


def test_a_prompt_that_the_model_fails_on_ends_its_own_episode(envs: BestOfQVectorEnv) -> None:
    model_of(envs).bad = envs.envs[1].task.goal
    observations, _, _, truncations, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == ["", "vlm", ""]
    assert truncations.tolist() == [False, True, False]
    assert observations["action_mask"].tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]
    _, _, _, _, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == ["", "", ""]


def test_a_page_that_dies_ends_its_own_episode_and_comes_back(envs: BestOfQVectorEnv) -> None:
    dying = envs.envs[1].episode.page
    assert dying is not None
    browser_loop().run(dying.page.context.close(), 10)
    _, rewards, terminations, truncations, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == ["", "browser", ""]
    assert (rewards.tolist(), terminations.tolist(), truncations.tolist()) == (
        [0.0] * 3,
        [False] * 3,
        [False, True, False],
    )
    observations, _, _, truncations, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == ["", "", ""]
    assert observations["step"].tolist() == [2, 0, 2]
    assert truncations.tolist() == [True, False, True]


MEETING, STALLED = 2, "papers"


class MeetingSession(LocalSession):
    """Its check is done when that of the other has begun; a stalled one is never done."""

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        if self.task.site == STALLED:
            await asyncio.Event().wait()
        await MeetingTask.meeting.wait()
        return await super().check(view, answer)


@dataclass(frozen=True, slots=True)
class MeetingTask(LocalTask):
    meeting = asyncio.Barrier(MEETING)

    async def setup(self, page: Any) -> LocalSession:
        session = await super(MeetingTask, self).setup(page)
        return MeetingSession(**vars(session))


class MeetingSuite(LocalSuite):
    def task(self, task_id: str) -> LocalTask:
        task = super().task(task_id)
        return MeetingTask(task.site, task.template, task.split, task.seed)


def test_pages_are_worked_on_at_the_same_time_and_one_that_stalls_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """In turn, the first would wait for the second until its deadline."""
    monkeypatch.setattr("webvoyager_gym.episode.PLAY_DEADLINE", 10.0)
    envs = BestOfQVectorEnv(3, suite=MeetingSuite(), task_id=TASKS, proposer=Clicks(), **SMALL)
    envs.reset()
    _, _, _, truncations, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == ["", "deadline", ""]
    assert truncations.tolist() == [False, True, False]
    envs.close()


def test_made_by_name_with_suites_and_tasks() -> None:
    envs = gym.make_vec(ID, num_envs=2, suite="local?look=3", task_id=TASKS[:2], proposer=Clicks(), **SMALL)
    assert isinstance(envs, BestOfQVectorEnv)
    observations, infos = envs.reset(seed=1)
    assert infos["task_id"].tolist() == list(TASKS[:2])
    assert envs.observation_space.contains(observations)
    assert envs.get_attr("seed") == (1, 2)
    for seed, each in ((np.int64(5), (5, 6)), (np.array([7, 3]), (7, 3)), ([np.int32(4), None], (4, -1))):
        envs.reset(seed=seed)
        assert envs.get_attr("seed") == each
    actions = envs.action_space.sample(tuple(infos["action_mask"]))
    assert envs.action_space.contains(actions)
    _, infos = envs.reset(options={"task_id": infos["task_id"][::-1]})
    assert infos["task_id"].tolist() == list(TASKS[1::-1])
    _, infos = envs.reset(options={"task_id": [None, TASKS[2]]})
    assert infos["task_id"].tolist() == [TASKS[0], TASKS[2]]
    _, infos = envs.reset(options={"task_id": TASKS[2]})
    assert infos["task_id"].tolist() == [TASKS[2]] * 2
    envs.close()


def test_gymnasiums_vector_wrappers_go_around_it() -> None:
    # A wrapper that goes out of use closes what it is around.
    envs = BestOfQVectorEnv(2, task_id=TASKS[:2], proposer=Watched(), **SMALL)
    listed = gym.wrappers.vector.DictInfoToList(envs)
    _, infos = listed.reset()
    assert [info["task_id"] for info in infos] == list(TASKS[:2])
    counted = gym.wrappers.vector.RecordEpisodeStatistics(envs)
    counted.reset()
    _, _, _, _, info = counted.step(np.array([CLICK, ANSWER]))
    assert info["episode"]["l"].tolist() == [0, 1]
    _, _, _, _, info = counted.step(np.array([CLICK, CLICK]))
    assert info["episode"]["l"].tolist() == [2, 0]
    listed.close()


def test_calls_attributes_and_frames_of_each(envs: BestOfQVectorEnv) -> None:
    assert [task.id for task in envs.get_attr("task")] == list(TASKS)
    assert all(len(best) >= 1 for best in envs.call("best_actions"))
    for frame, env in zip(envs.render(), envs.envs, strict=True):
        np.testing.assert_array_equal(frame[:, :640], env.view.screenshot)
    envs.set_attr("split", ["train", "test", "train"])
    assert envs.get_attr("split") == ("train", "test", "train")
    envs.set_attr("split", "train")
    assert len({generator.bit_generator.state["state"]["state"] for generator in envs.np_random}) == 3


def test_what_does_not_fit_is_refused_and_moves_nothing(envs: BestOfQVectorEnv) -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        envs.step([CLICK, CLICK])
    with pytest.raises(ValueError, match="2 values"):
        envs.reset(seed=[1, 2])
    with pytest.raises(NotFound, match="listed-fact"):
        envs.reset(options={"task_id": [TASKS[0], "shop/listed-fakt/train-3", TASKS[2]]})
    assert [task.id for task in envs.get_attr("task")] == list(TASKS)
    _, _, _, _, infos = envs.step([CLICK] * 3)
    assert infos["failure"].tolist() == [""] * 3
    with pytest.raises(ValueError, match="num_envs is 0"):
        BestOfQVectorEnv(0, proposer=Clicks())


def test_closing_closes_every_page_and_says_so_afterwards() -> None:
    def contexts() -> int:
        async def count() -> int:
            return len((await (await engine(None, LocalSuite().resolver_rules)).browser()).contexts)

        return browser_loop().run(count(), 60)

    before = contexts()
    envs = BestOfQVectorEnv(2, proposer=Clicks(), **SMALL)
    with pytest.raises(EnvClosed, match=r"reset\(\)"):
        envs.step([CLICK, CLICK])
    envs.reset(seed=0)
    assert contexts() == before + 2
    envs.close()
    envs.close()
    assert contexts() == before
    with pytest.raises(EnvClosed, match="closed"):
        envs.reset()
    with pytest.raises(EnvClosed, match="closed"):
        envs.step([CLICK, CLICK])


def test_what_is_proposed_is_drawn_with_the_seed_of_each_episode(envs: BestOfQVectorEnv) -> None:
    model = Drawn()
    envs.set_attr("proposer", model)
    tasks = {"task_id": list(TASKS)}
    envs.reset(seed=[5, 6, 5], options=tasks)
    envs.reset(seed=[6, 5, 5], options=tasks)
    envs.reset(options=tasks)
    (five, six, again), turned, unseeded = model.seeds  # type: ignore[misc]
    assert five == again != six
    assert turned == [six, five, five]
    assert {five, six}.isdisjoint(unseeded)  # type: ignore[arg-type]
    envs.envs[0].branch([])
    assert model.seeds[-1] == [unseeded[0]]  # type: ignore[index]
