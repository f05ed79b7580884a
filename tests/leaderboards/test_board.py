"""Rows of a board against what can be counted by hand, and that every row is treated alike."""

from __future__ import annotations

import dataclasses
import math

import pytest

from leaderboards.board import make_board
from leaderboards.charts import cost_chart, failure_chart, of_board, standalone, success_chart
from leaderboards.pages import findings, p_text, task_lines
from leaderboards.run import Run
from leaderboards.tables import boards_markdown, cell
from tests.leaderboards.made_up import METHODS, live_run, made_run, task_ids
from webvoyager_gym.report import wording
from webvoyager_gym.results import Result
from webvoyager_gym.stats import Bootstrap, holm


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [made_run(id, task_ids(60), seeds=2) for id, *_ in METHODS]


def test_rows_say_what_the_runs_do(runs: list[Run]) -> None:
    board = make_board("rollout", runs)
    assert [row.rank for row in board.rows if row.kind != "ceiling"] == sorted(
        row.rank for row in board.rows if row.kind != "ceiling"
    )
    first = next(run for run in runs if run.about.id == "first")
    for row in board.rows:
        counted = [episode for episode in row.run.episodes if not episode.failure]
        assert row.success.value == pytest.approx(sum(each.success for each in counted) / len(counted))
        assert row.success.low <= row.success.value <= row.success.high
        assert sum(row.failures.values()) == pytest.approx(
            sum(not each.success for each in row.run.episodes) / len(row.run.episodes)
        )
        assert row.tokens == pytest.approx(
            sum(each.cost["tokens_in"] + each.cost["tokens_out"] for each in row.run.episodes) / len(row.run.episodes)
        )
        shop = [each.success for each in counted if each.site == "shop"]
        assert row.sites["shop"].value == pytest.approx(sum(shop) / len(shop))
        if row.run is first:
            assert row.against is None
            continue
        both = Result((first.about.id, row.run.about.id), (*first.episodes, *row.run.episodes)).differences[0]
        assert row.against is not None
        assert row.against.difference.value == pytest.approx(both.comparison.difference.value)


def test_p_values_are_corrected_over_what_is_compared(runs: list[Run]) -> None:
    board = make_board("rollout", runs)
    result = Result(tuple(run.about.id for run in runs), tuple(each for run in runs for each in run.episodes))
    sites = [task.partition("/")[0] for task in result.tasks]
    plain = Bootstrap(sites).p_values(result.outcomes, result.names.index("first"))
    compared = [name for name in result.names if name not in ("first", "oracle-of-n")]
    expected = dict(zip(compared, holm([plain[result.names.index(name)] for name in compared]), strict=True))
    for row in board.rows:
        if row.run.about.id in expected:
            assert row.p_value == pytest.approx(expected[row.run.about.id])
            assert row.verdict in ("better", "worse", "undecided")
        else:
            assert math.isnan(row.p_value)
            assert row.verdict == ""


def test_a_run_of_another_vlm_is_compared_with_its_own_first_choice(runs: list[Run]) -> None:
    iql = next(run for run in runs if run.about.id == "iql")
    other = dataclasses.replace(iql, made_with={**iql.made_with, "proposer": "another"})
    rows = {row.run.made_with["proposer"]: row for row in make_board("rollout", [runs[5], iql, other]).rows}
    assert rows["another"].against is None
    assert "not tested" not in " ".join(findings(make_board("rollout", [other])))


def test_live_rows_share_the_tasks_that_all_of_them_have() -> None:
    tasks = task_ids(60)
    old, new = live_run("first", "2026-10", tasks[:40]), live_run("iql", "2026-11", tasks[20:])
    board = make_board("live", [old, new])
    assert (board.tasks, board.common) == (60, 20)
    for row in board.rows:
        shared = [each.success for each in row.run.episodes if each.task in tasks[20:40] and not each.failure]
        assert row.common.value == pytest.approx(sum(shared) / len(shared))
        assert row.against is None


def test_no_runs_are_an_empty_board() -> None:
    board = make_board("rollout", [])
    assert board.rows == ()
    assert "No runs yet." in boards_markdown(board, board, (), ())


def test_findings_say_how_sure_one_can_be(runs: list[Run]) -> None:
    said = " ".join(findings(make_board("rollout", runs)))
    assert "a transition tree walks each of these once" in said
    assert "The most successful method is Iql" in said
    assert "after correction" in said
    assert "as only the expert can" in said


def test_charts_have_a_mark_for_every_row_and_no_number_that_is_none(runs: list[Run]) -> None:
    board = make_board("rollout", runs)
    for draw, mark in ((success_chart, "<circle"), (cost_chart, "<circle"), (failure_chart, "<g>")):
        text = standalone(draw(of_board(board)))
        assert text.count(mark) == len(runs) + (draw is failure_chart)
        assert "nan" not in text
        assert "prefers-color-scheme" in text


def test_names_are_neither_markup_nor_markdown(runs: list[Run]) -> None:
    about = dataclasses.replace(runs[0].about, name="<b>|[x](y)")
    board = make_board("rollout", [dataclasses.replace(runs[0], about=about), *runs[1:]])
    assert "<b>" not in str(success_chart(of_board(board)))
    assert cell(about.name) == r"\<b\>\|\[x\](y)"
    rollout, _, _ = boards_markdown(board, make_board("live", []), (), ()).partition("## Claims")
    lines = [line for line in rollout.splitlines() if line.startswith("| ")]
    assert {line.replace(r"\|", "").count("|") for line in lines} == {lines[0].count("|")}


def test_a_task_has_a_mark_for_every_seed(runs: list[Run]) -> None:
    row = make_board("rollout", runs).rows[0]
    lines = task_lines(row)
    assert [line.id for line in lines] == sorted(task_ids(60))
    for line in lines:
        assert len(line.marks) == 2
        assert line.done == sum(name == "done" for name, _ in line.marks)
        assert {"never": line.done == 0, "mixed": line.done == 1, "always": line.done == 2}[line.kind]


@pytest.mark.parametrize(("p", "text"), [(0.0002, "< 0.001"), (0.0314, "0.031"), (math.nan, wording.UNKNOWN)])
def test_p_values_as_text(p: float, text: str) -> None:
    assert p_text(p) == text
