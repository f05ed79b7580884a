"""Which tasks are run when so many are asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from webvoyager_gym.tasks import draw_tasks, load_suite

SUITE = load_suite("local")


def test_tasks_are_drawn_from_all_sites_in_turn_and_a_longer_draw_begins_with_the_shorter() -> None:
    short, long = (draw_tasks(SUITE, count, split="train", seed=4) for count in (5, 40))
    assert long[:5] == short
    assert [task.site for task in long[:3]] == list(SUITE.sites)[:3]
    assert {task.split for task in long} == {"train"}
    assert len({task.id for task in long}) == 40


def test_all_of_a_list_are_each_of_its_tasks_once() -> None:
    everything = draw_tasks(SUITE, None, split="test")
    assert Counter(task.id for task in everything) == Counter(task.id for task in SUITE.tasks(split="test"))
    assert len(everything) == 643
    assert {task.id for task in draw_tasks(SUITE, 2000, split="test", seed=1)} == {task.id for task in everything}


@pytest.mark.parametrize("seed", range(5))
def test_a_part_of_a_list_has_no_task_twice_and_its_sites_in_proportion(seed: int) -> None:
    whole = Counter(task.site for task in SUITE.tasks(split="test"))
    part = draw_tasks(SUITE, 150, split="test", seed=seed)
    assert len({task.id for task in part}) == 150
    assert part[:40] == draw_tasks(SUITE, 40, split="test", seed=seed)
    shares = Counter(task.site for task in part)
    assert all(abs(shares[site] - 150 * count / 643) <= 1.5 for site, count in whole.items())


def test_one_site_of_a_list() -> None:
    drawn = draw_tasks(SUITE, 10, split="test", site="shop")
    assert len(drawn) == 10
    assert {task.site for task in drawn} == {"shop"}


def test_a_split_without_end_has_no_all() -> None:
    with pytest.raises(ValueError, match="say how many"):
        draw_tasks(SUITE, None, split="validation")
