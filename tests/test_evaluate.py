"""Evaluations in real pages, with proposals that decide the outcome beforehand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.scripted import Scripted
from webvoyager_gym.agents import BestOfQ, First, OracleOfN
from webvoyager_gym.errors import InvalidFile, WebVoyagerError
from webvoyager_gym.evaluate import evaluate
from webvoyager_gym.evaluation_log import EvaluationLog
from webvoyager_gym.identity import identity
from webvoyager_gym.q_function import QFunction
from webvoyager_gym.q_network import QConfig
from webvoyager_gym.result_file import load_result
from webvoyager_gym.results import FAILURE_KINDS, EpisodeRow, Result
from webvoyager_gym.schedule import Job, Schedule, in_turn
from webvoyager_gym.tasks import Task
from webvoyager_gym.tasks.local import LocalSuite, LocalTask, open_session

LATER = LocalTask("shop", "listed-fact", "validation", 3)
"""The right answer is proposed second."""
AT_ONCE = LocalTask("papers", "paper-detail", "validation", 3)
"""The right answer is proposed first."""
NEVER = LocalTask("shop", "arrival", "validation", 3)
"""The right answer is not proposed."""
TASKS = (LATER, AT_ONCE, NEVER)
AGENTS = (First(), OracleOfN())
WRONG = 'answer "a wrong answer"'


def right(task: LocalTask) -> str:
    session = open_session(task)
    session.forget()
    assert session.expected is not None
    return f"answer {json.dumps(session.expected.text, ensure_ascii=False)}"


ACTIONS = {
    LATER.goal: [WRONG, right(LATER)],
    AT_ONCE.goal: [right(AT_ONCE), WRONG],
    NEVER.goal: ["click [1]", "wait"],
}


def options(**arguments: Any) -> dict[str, Any]:
    return {"proposer": Scripted(ACTIONS, **arguments), "embedder": None, "viewport": (640, 480), "max_steps": 2}


def outcomes(result: Result) -> dict[str, list[float]]:
    """Success by agent, in the order of TASKS."""
    order = [result.tasks.index(task.id) for task in TASKS]
    return {name: result.outcomes[row, order, 0].tolist() for row, name in enumerate(result.names)}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluation") / "result.json"


@pytest.fixture(scope="module")
def result(out: Path) -> Result:
    return evaluate(AGENTS, TASKS, env_options=options(), out=out, keep_screenshots=2)


def test_choosing_matters_where_there_is_a_choice(result: Result) -> None:
    assert outcomes(result) == {"first": [0, 1, 0], "oracle-of-n": [1, 1, 0]}
    first, oracle = result.agents
    nothing = dict.fromkeys(FAILURE_KINDS, 0)
    assert first.failures == nothing | {"good_not_chosen": 1, "no_good_candidate": 1}
    assert oracle.failures == nothing | {"no_good_candidate": 1}
    assert first.episodes == 3
    assert first.success.value == pytest.approx(1 / 3)
    assert result.differences[0].comparison.wins == 1
    assert result.differences[0].comparison.losses == 0


def test_a_row_says_what_happened(result: Result) -> None:
    rows = {(row.agent, row.task): row for row in result.episodes}
    won = rows["oracle-of-n", LATER.id]
    assert (won.success, won.steps, won.failure, won.attempts) == (True, 1, "", 1)
    (step,) = won.trace
    assert [candidate.text for candidate in step.candidates] == ACTIONS[LATER.goal]
    assert [candidate.log_prob for candidate in step.candidates] == [-0.5, -1.0]
    assert (step.chosen, step.best, step.scores) == (1, (False, True), (0.0, 1.0))
    assert won.answer
    assert won.reason == "the answer is right"
    assert won.cost["tokens_out"] == 10
    assert 0 < step.seconds < won.seconds

    lost = rows["first", NEVER.id]
    assert (lost.steps, lost.success) == (2, False)
    click = lost.trace[0].candidates[0]
    assert click.words.startswith("click link ")
    assert click.box is not None
    assert min(click.box[2:]) > 0


def test_the_file_holds_the_result(result: Result, out: Path) -> None:
    read = load_result(out)
    assert read.names == result.names
    assert read.agents[1].success == result.agents[1].success
    assert read.differences == result.differences
    assert [row.trace[0].candidates for row in read.episodes] == [row.trace[0].candidates for row in result.episodes]
    environment = read.environment
    assert environment["proposer"] == "scripted"
    assert environment["embedder"] is None
    assert (environment["suite"], environment["split"], environment["n_candidates"]) == ("local", "validation", 3)
    assert environment["machine"]["cores"] >= 1
    assert not out.with_name("result.json.partial.jsonl").exists()


def test_screenshots_are_kept_of_the_first_tasks_only(result: Result, out: Path) -> None:
    kept = {row.task for row in result.episodes if row.screenshot}
    assert kept == set(result.tasks[:2])
    for row in result.episodes:
        for name in [step.screenshot for step in row.trace if step.screenshot] + [row.screenshot] * bool(
            row.screenshot
        ):
            with Image.open(out.parent / name) as image:
                assert (image.format, image.size) == ("WEBP", (640, 480))


def test_infrastructure_is_given_a_second_chance_and_then_counts_for_nobody() -> None:
    broken = options(failures={LATER.goal: 1, AT_ONCE.goal: 4})
    result = evaluate(AGENTS, TASKS, env_options=broken)
    rows = {(row.agent, row.task): row for row in result.episodes}
    assert rows["first", LATER.id].attempts == 2
    assert rows["first", LATER.id].failure == ""
    assert rows["first", AT_ONCE.id].failure == "vlm"
    assert rows["first", AT_ONCE.id].failure_kind == "environment"
    assert "out of order" in rows["first", AT_ONCE.id].reason
    assert np.isnan(outcomes(result)["first"]).tolist() == [False, True, False]
    assert result.agents[0].success.value == 0
    assert result.agents[0].episodes == 3


class Stop(Exception):
    """As Ctrl-C, for the middle of an evaluation."""


def test_an_interrupted_evaluation_goes_on_where_it_stopped(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    log = tmp_path / "result.json.partial.jsonl"

    def stop(done: int, total: int, row: EpisodeRow) -> None:
        if done == 3:
            raise Stop

    with pytest.raises(Stop):
        evaluate(AGENTS, TASKS, env_options=options(), out=out, progress=stop)
    assert not out.exists()
    assert len(log.read_text().splitlines()) == 4
    with log.open("a") as file:
        file.write('{"episode": {"agent": "fir')

    with pytest.raises(WebVoyagerError, match="go on with the same agents"):
        evaluate([First()], TASKS, env_options=options(), out=out)

    seen: list[tuple[int, int, str]] = []
    result = evaluate(
        AGENTS,
        TASKS,
        env_options=options(),
        out=out,
        progress=lambda done, total, row: seen.append((done, total, row.task)),
    )
    assert [done for done, _, _ in seen] == [4, 5, 6]
    assert outcomes(result) == {"first": [0, 1, 0], "oracle-of-n": [1, 1, 0]}
    assert not log.exists()


def test_a_log_damaged_in_its_middle_says_so(tmp_path: Path) -> None:
    settings = json.dumps({"agents": [identity(First())], "env": identity(options())})
    head = '{"format": "webvoyager-gym-evaluation-log", "version": 1, "settings": %s}' % settings  # noqa: UP031
    (tmp_path / "result.json.partial.jsonl").write_text(head + '\n{"episode": {}, "made_with": {}}\n')
    with pytest.raises(InvalidFile, match="Line 2"):
        evaluate([First()], TASKS, env_options=options(), out=tmp_path / "result.json")


def test_one_process_at_a_time_evaluates_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    settings = {"agents": identity([First()]), "env": identity(options())}
    with EvaluationLog(out, settings), pytest.raises(WebVoyagerError, match="Another process is evaluating"):
        EvaluationLog(out, settings)
    with EvaluationLog(out, settings) as log:
        assert log.episodes == []


def test_a_suite_may_be_an_object(tmp_path: Path) -> None:
    given = options() | {"suite": LocalSuite(look=3)}
    evaluate([First()], TASKS[:1], env_options=given, out=tmp_path / "result.json")
    assert load_result(tmp_path / "result.json").environment["suite"] == LocalSuite(look=3).name


def test_a_deadline_leaves_whole_tasks() -> None:
    result = evaluate(AGENTS, [*TASKS, *TASKS], env_options=options(), deadline_s=0)
    assert len(result.tasks) == 1
    assert [row.agent for row in result.episodes] == ["first", "oracle-of-n"]
    assert result.environment["tasks_left_out"] == 2


def test_workers_share_the_tasks_and_survive_a_crash(tmp_path: Path) -> None:
    crashing = options(crash=(NEVER.goal, tmp_path / "crashed"))
    result = evaluate(AGENTS, TASKS, env_options=crashing, workers=2)
    assert outcomes(result) == {"first": [0, 1, 0], "oracle-of-n": [1, 1, 0]}
    assert sum(row.attempts for row in result.episodes) == 7


def jobs(tasks: int, agents: int) -> list[list[Job]]:
    return [
        [Job(number, agent, LocalTask("shop", "extreme", "train", number), 0, "") for agent in range(agents)]
        for number in range(tasks)
    ]


def test_a_schedule_keeps_workers_busy_with_whole_tasks() -> None:
    schedule = Schedule(jobs(4, 3), until=None)
    given = list(schedule.next_jobs(workers=2))
    assert [(job.number, job.agent) for job in given] == [(task, agent) for task in (0, 1) for agent in range(3)]
    assert list(schedule.next_jobs(workers=2)) == []
    for job in given[:3]:
        schedule.count(job)
    assert [job.number for job in schedule.next_jobs(workers=2)] == [2, 2, 2]
    assert schedule.whole_tasks == {given[0].task.id}
    assert (schedule.done, schedule.total) == (3, 12)


def test_a_schedule_out_of_time_begins_the_first_task_only() -> None:
    schedule = Schedule(jobs(4, 3), until=-math.inf)
    given = list(schedule.next_jobs(workers=8))
    assert {job.number for job in given} == {0}
    for job in given:
        schedule.count(job)
    assert list(schedule.next_jobs(workers=8)) == []


def test_sites_and_templates_take_turns() -> None:
    tasks: list[Task] = [LocalTask("shop", "extreme", "train", seed) for seed in range(3)]
    tasks += [LocalTask("shop", "arrival", "train", 0), LocalTask("papers", "paper-detail", "train", 0)]
    assert [task.id for task in in_turn(tasks)] == [
        "shop/extreme/train-0",
        "papers/paper-detail/train-0",
        "shop/arrival/train-0",
        "shop/extreme/train-1",
        "shop/extreme/train-2",
    ]


def test_another_q_function_is_another_agent() -> None:
    config = QConfig(state_size=4, action_size=4)
    one, other = (QFunction(config.create(), config) for _ in range(2))
    assert identity(BestOfQ(one)) == identity(BestOfQ(one))
    assert identity(BestOfQ(one)) != identity(BestOfQ(other))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"agents": []}, "at least one"),
        ({"tasks": []}, "no tasks"),
        ({"agents": [First(), First()]}, "first, first"),
        ({"seeds": 0}, "at least one"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        evaluate(**{"agents": AGENTS, "tasks": TASKS, **arguments})
