"""The frozen test split: chosen by a rule alone, and unchanged."""

from __future__ import annotations

from collections import Counter

import pytest

from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.sites import load_site
from webvoyager_gym.tasks.folds import folds
from webvoyager_gym.tasks.freeze import chosen_tasks
from webvoyager_gym.tasks.frozen import COUNTS, FrozenTask, as_text, read

EASY = FrozenTask("shop/a/test-0", 2, 1, True)


def test_the_counts_are_webvoyagers() -> None:
    assert len(COUNTS) == 15
    assert sum(COUNTS.values()) == 643


@pytest.mark.parametrize("site", ["shop", "papers"])
def test_the_rule_takes_templates_in_turn_and_a_world_for_each_task(site: str) -> None:
    tasks = chosen_tasks(site, COUNTS[site])
    assert tasks == chosen_tasks(site, COUNTS[site])
    assert len({task.goal for task in tasks}) == len({task.world_seed for task in tasks}) == COUNTS[site]
    shares = Counter(task.template for task in tasks)
    assert set(shares) == {template.name for template in load_site(site).templates}
    assert max(shares.values()) - min(shares.values()) <= 1


def test_every_site_is_held_out_once() -> None:
    assert sorted(site for fold in folds() for site in fold.test) == sorted(COUNTS)
    assert all(not set(fold.train) & set(fold.test) and len(fold.train) == 12 for fold in folds())


def test_difficulty_is_what_has_to_be_done_and_what_can_be_mistaken() -> None:
    assert EASY.difficulty == "easy"
    assert FrozenTask("x", 5, 1, True).difficulty == "medium"
    assert FrozenTask("x", 2, 9, True).difficulty == "medium"
    assert FrozenTask("x", 9, 0, True).difficulty == "hard"
    assert FrozenTask("x", 2, 40, True).difficulty == "hard"


def test_a_changed_list_is_refused() -> None:
    text = as_text([EASY])
    assert read(text) == (EASY,)
    with pytest.raises(WebVoyagerError, match="was changed"):
        read(text.replace('"steps": 2', '"steps": 3'))
    with pytest.raises(WebVoyagerError, match="cannot be read"):
        read(text[:40])
