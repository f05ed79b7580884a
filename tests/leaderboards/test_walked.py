"""Steps that somebody took before are counted as known, and others are not."""

from __future__ import annotations

import dataclasses

from leaderboards.walked import Walked, saved_text, steps_of, walked_by
from tests.leaderboards.made_up import made_run, task_ids


def test_a_step_that_was_taken_before_counts_as_known() -> None:
    walked = Walked()
    for task, actions in (("a", ["x", "y"]), ("a", ["x", "z"]), ("b", ["x"]), ("a", ["x", "y"])):
        walked.walk(task, actions)
    # a, a x, a x y, a x z, b, b x
    assert (walked.steps, len(walked.ways)) == (11, 6)


def test_runs_share_a_tree_where_their_vlm_is_the_same() -> None:
    run = made_run("first", task_ids(45), seeds=2)
    steps, new = steps_of(walked_by([run]))
    assert steps == sum(1 + len(episode.trace) for episode in run.episodes)
    ways = [(each.task, *(step.chosen for step in each.trace)) for each in run.episodes]
    assert new == len({way[:length] for way in ways for length in range(1, len(way) + 1)})
    assert steps_of(walked_by([run, run])) == (2 * steps, new)
    other = dataclasses.replace(run, made_with={**run.made_with, "proposer_sha256": "3" * 64})
    assert steps_of(walked_by([run, other])) == (2 * steps, 2 * new)
    known = f"{100 * (1 - new / (2 * steps)):.1f} %"
    assert saved_text(walked_by([run, run])) == (
        f"Of {2 * steps:,} steps {new:,} were walked in a browser; the trees knew the other {known}."
    )
