"""The frozen test split: complete, unchanged, and chosen by a rule alone."""

from __future__ import annotations

from collections import Counter

import pytest

from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.tasks.folds import folds
from webvoyager_gym.tasks.freeze import chosen_tasks, content_of
from webvoyager_gym.tasks.frozen import COUNTS, FrozenTask, as_text, frozen_tasks, read
from webvoyager_gym.tasks.local import LocalSuite, LocalTask

EASY = FrozenTask("shop/a/test-0", 2, 1, True, "0")


def test_the_counts_are_webvoyagers() -> None:
    assert set(COUNTS) == set(SITES)
    assert len(COUNTS) == 15
    assert sum(COUNTS.values()) == len(frozen_tasks()) == 643


def test_every_site_has_its_count_and_every_template_its_share() -> None:
    tasks = [LocalSuite().task(task.id) for task in frozen_tasks()]
    assert Counter(task.site for task in tasks) == {site: COUNTS[site] for site in SITES}
    assert len({task.goal for task in tasks}) == len(tasks)
    assert len({(task.site, task.world_seed) for task in tasks}) == len(tasks)
    for site in SITES:
        shares = Counter(task.template for task in tasks if task.site == site)
        assert set(shares) == {template.name for template in load_site(site).templates}
        assert max(shares.values()) - min(shares.values()) <= 1


def test_no_task_asks_or_wants_anything_else_than_when_it_was_frozen() -> None:
    changed = [entry.id for entry in frozen_tasks() if content_of(LocalSuite().task(entry.id)) != entry.content]
    assert changed == []


@pytest.mark.parametrize("site", SITES)
def test_the_list_is_what_the_rule_gives(site: str) -> None:
    assert [task.id for task in chosen_tasks(site, COUNTS[site])] == [
        task.id for task in frozen_tasks() if task.id.startswith(f"{site}/")
    ]


def test_the_suites_test_split_is_the_list() -> None:
    suite = LocalSuite()
    listed = [task.id for task in frozen_tasks()]
    assert [task.id for task in suite.tasks(split="test")] == listed
    assert {suite.sample(seed, split="test").id for seed in range(40)} <= set(listed)
    assert all(task.difficulty in ("easy", "medium", "hard") for task in suite.tasks(split="test"))
    assert LocalTask("shop", "add-to-cart", "train", 0).difficulty == ""


def test_every_site_is_held_out_once() -> None:
    assert sorted(site for fold in folds() for site in fold.test) == sorted(COUNTS)
    assert all(not set(fold.train) & set(fold.test) and len(fold.train) == 12 for fold in folds())


def test_difficulty_is_what_has_to_be_done_and_what_can_be_mistaken() -> None:
    assert EASY.difficulty == "easy"
    assert FrozenTask("x", 5, 1, True, "0").difficulty == "medium"
    assert FrozenTask("x", 2, 9, True, "0").difficulty == "medium"
    assert FrozenTask("x", 9, 0, True, "0").difficulty == "hard"
    assert FrozenTask("x", 2, 40, True, "0").difficulty == "hard"


def test_a_changed_list_is_refused() -> None:
    text = as_text([EASY])
    assert read(text) == (EASY,)
    with pytest.raises(WebVoyagerError, match="was changed"):
        read(text.replace('"steps": 2', '"steps": 3'))
    with pytest.raises(WebVoyagerError, match="cannot be read"):
        read(text[:40])
