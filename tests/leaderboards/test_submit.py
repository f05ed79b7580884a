"""A run is added if it keeps to the protocol and is possible beside the others; else it is refused with the reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from leaderboards.check import kept_problems, problems
from leaderboards.collection import KEPT, check_entries, load_entries
from leaderboards.run import Run
from leaderboards.run_file import load_run
from leaderboards.submit import Refused, submit
from tests.leaderboards.made_up import DATASET, kept_episodes, live_run, made_run, task_ids
from webvoyager_gym.errors import InvalidFile
from webvoyager_gym.results import EpisodeRow

PUBLISHED = {DATASET.dataset: DATASET.sha256}


def with_episodes(run: Run, change: Callable[[tuple[EpisodeRow, ...]], tuple[EpisodeRow, ...]]) -> Run:
    return dataclasses.replace(run, episodes=change(run.episodes))


def changed(run: Run, at: int, **fields: object) -> Run:
    episode = dataclasses.replace(run.episodes[at], **fields)  # type: ignore[arg-type]
    return with_episodes(run, lambda rows: (*rows[:at], episode, *rows[at + 1 :]))


def test_a_run_is_added_with_the_submitters_words(submission: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    added = submit(submission, name="Implicit Q", link="https://example.org/iql", results=results, datasets=PUBLISHED)
    (entry,) = load_entries(results)
    assert entry.run == added
    assert (entry.run.about.name, entry.run.about.link) == ("Implicit Q", "https://example.org/iql")
    assert entry.kept is not None
    check_entries([entry], PUBLISHED)
    with pytest.raises(Refused, match="already"):
        submit(submission, name="Again", results=results, datasets=PUBLISHED)
    replaced = submit(submission, name="Again", results=results, datasets=PUBLISHED, replace=True)
    assert load_run(results / "rollout" / "iql.json") == replaced


def test_nothing_is_written_for_a_refused_run(submission: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    with pytest.raises(Refused, match="not published") as refused:
        submit(submission, name="", link="javascript:alert(1)", results=results, datasets={})
    assert "The name" in str(refused.value)
    assert "begins with https" in str(refused.value)
    assert not results.exists()


def test_a_tampered_file_is_refused(submission: Path, tmp_path: Path) -> None:
    text = submission.read_text(encoding="utf-8")
    submission.write_text(text.replace(',0,"",', ',1,"",', 1), encoding="utf-8")
    with pytest.raises(InvalidFile, match="checksum"):
        submit(submission, name="IQL", results=tmp_path / "results")


def test_a_file_without_its_episodes_is_refused(submission: Path, tmp_path: Path) -> None:
    submission.with_name(f"iql{KEPT}").unlink()
    with pytest.raises(Refused, match="full length are missing"):
        submit(submission, name="IQL", results=tmp_path / "results", datasets=PUBLISHED)


def test_a_run_by_the_protocol_has_no_problems(iql: Run) -> None:
    assert problems(iql, (), PUBLISHED) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda run: with_episodes(run, lambda rows: rows[5:]), "1 of 643 tasks are missing"),
        (lambda run: with_episodes(run, lambda rows: rows[1:]), "1 episodes are missing"),
        (lambda run: with_episodes(run, lambda rows: (*rows, rows[0])), "there twice"),
        (lambda run: with_episodes(run, lambda rows: tuple(r for r in rows if r.seed < 4)), "Its seeds are"),
        (lambda run: changed(run, 0, task="shop/made-up/test-0"), "not on the frozen list"),
        (lambda run: changed(run, 0, site="shop"), "is given as a task of shop"),
        (lambda run: changed(run, 0, failure="rain", success=False), "the failure 'rain'"),
        (lambda run: changed(run, 0, trace=run.episodes[0].trace * 8), "steps; 15 are allowed"),
        (lambda run: changed(run, 0, trace=(), success=True), "without a step"),
        (lambda run: changed(run, 0, attempts=3), "3 attempts"),
        (lambda run: changed(run, 0, failure="browser", success=False, attempts=1), "1 attempts"),
        (lambda run: dataclasses.replace(run, models=run.models[:4]), "4 trained models"),
        (lambda run: dataclasses.replace(run, models=(run.models[0],) * 5), "5 trained models"),
        (lambda run: dataclasses.replace(run, trained=None), "which dataset"),
        (
            lambda run: dataclasses.replace(run, trained=dataclasses.replace(DATASET, sha256="9" * 64)),
            "not that of the published",
        ),
        (lambda run: dataclasses.replace(run, tasks=dataclasses.replace(run.tasks, sha256="9" * 64)), "are said to be"),
        (lambda run: dataclasses.replace(run, about=dataclasses.replace(run.about, date="2999-01-01")), "not come yet"),
        (lambda run: dataclasses.replace(run, about=dataclasses.replace(run.about, date="soon")), "YYYY-MM-DD"),
        (lambda run: dataclasses.replace(run, made_with={**run.made_with, "commit": "abc+"}), "no commit holds"),
        (lambda run: dataclasses.replace(run, made_with={**run.made_with, "max_steps": 30}), "allows 30 steps"),
        (lambda run: dataclasses.replace(run, made_with={}), "does not say proposer_sha256"),
        (
            lambda run: with_episodes(
                run,
                lambda rows: tuple(
                    dataclasses.replace(row, success=False, failure="site", attempts=2) if row.seed == 0 else row
                    for row in rows
                ),
            ),
            "at most 5% may fail",
        ),
    ],
)
def test_what_is_not_by_the_protocol_is_refused_with_the_reason(
    iql: Run, change: Callable[[Run], Run], reason: str
) -> None:
    assert any(reason in problem for problem in problems(change(iql), (), PUBLISHED))


def test_one_model_for_all_seeds_is_refused(iql: Run) -> None:
    same = tuple(dataclasses.replace(model, sha256="4" * 64) for model in iql.models)
    assert problems(dataclasses.replace(iql, models=same), (), PUBLISHED) == [
        "Two of its seeds acted with the same trained model; train once for each seed."
    ]


def test_rows_that_were_not_walked_contradict_those_that_were(iql: Run) -> None:
    other = made_run("oracle-of-n")
    assert problems(iql, (other,), PUBLISHED) == []
    # A tenth of the failures become successes, with choices that others know to lead elsewhere.
    failed = [at for at, row in enumerate(iql.episodes) if not row.success and not row.failure][::10]
    rows = list(iql.episodes)
    for at in failed:
        trace = tuple(dataclasses.replace(step, chosen=0, best=(True, False, False)) for step in rows[at].trace)
        rows[at] = dataclasses.replace(rows[at], success=True, trace=trace)
    (problem,) = problems(dataclasses.replace(iql, episodes=tuple(rows)), (other,), PUBLISHED)
    assert "contradict runs that made the same choices" in problem


def test_runs_of_another_vlm_cannot_contradict(iql: Run) -> None:
    made_with = {**iql.made_with, "proposer": "another", "proposer_sha256": "8" * 64}
    flipped = tuple(dataclasses.replace(row, success=not row.success and bool(row.trace)) for row in iql.episodes)
    other = dataclasses.replace(made_run("first"), made_with=made_with, episodes=flipped)
    assert problems(iql, (other,), PUBLISHED) == []


def test_kept_episodes_have_to_be_those_of_the_run(iql: Run) -> None:
    kept = kept_episodes(iql)
    assert kept_problems(iql, kept) == []
    better = dataclasses.replace(kept.episodes[0], success=not kept.episodes[0].success)
    assert "differs from its row" in kept_problems(iql, dataclasses.replace(kept, episodes=(better,)))[0]
    strange = dataclasses.replace(kept.episodes[0], agent="dqn")
    assert "is not one of iql's" in kept_problems(iql, dataclasses.replace(kept, episodes=(strange,)))[0]


def test_live_rows_have_a_date_a_list_and_a_judge() -> None:
    run, tasks = live_run("iql", "2026-11", task_ids(20)), task_ids(20)
    assert problems(run, (), PUBLISHED) == []
    unversioned = dataclasses.replace(run, tasks=dataclasses.replace(run.tasks, version=""))
    assert "which version" in problems(unversioned, (), PUBLISHED)[0]
    partial = with_episodes(run, lambda rows: rows[1:])
    assert "its rows hold others" in problems(partial, (), PUBLISHED)[0]
    unjudged = dataclasses.replace(run, made_with={k: v for k, v in run.made_with.items() if k != "judge"})
    assert "judge" in problems(unjudged, (), PUBLISHED)[0]
    other = live_run("first", "2026-11", tasks[:10])
    assert "other tasks of the same version" in problems(run, (other,), PUBLISHED)[0]


def test_a_run_under_another_name_is_not_taken(submission: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    (results / "rollout").mkdir(parents=True)
    (results / "rollout" / "dqn.json").write_bytes(submission.read_bytes())
    with pytest.raises(InvalidFile, match="named after its run"):
        load_entries(results)
