"""The ladder of published datasets: every rung in three sizes, each made by one command that can be given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from webvoyager_gym.agents import load_agent
from webvoyager_gym.data.recipes import EPISODES, MINI, Recipe, find_recipe, recipes
from webvoyager_gym.errors import NotFound

RUNGS = ("random", "mixed", "greedy-q-1", "greedy-q-2", "greedy-q-3", "expert")


def cli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "webvoyager_gym.cli", "datasets", *arguments]
    environment = {**os.environ, "WEBVOYAGER_GYM_DATASETS": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_every_rung_comes_in_three_sizes() -> None:
    ids = [recipe.id for recipe in recipes()]
    sized = [f"local/{name}{size}-v0" for name in RUNGS for size in ("-small", "", "-large")]
    assert sorted(ids) == sorted([MINI.id, *sized])
    assert find_recipe("local/mixed-v0", "small") == find_recipe("local/mixed-small-v0")
    assert [find_recipe("local/expert-v0", size).episodes for size in EPISODES] == [150, 600, 6_000]
    for recipe in recipes():
        assert recipe.validation == (0 if recipe.parent or recipe == MINI else recipe.episodes // 10)
    with pytest.raises(NotFound, match="local/mixed-v0"):
        find_recipe("local/mixd-v0")


def test_what_a_recipe_adds_to_is_made_before_it_and_draws_other_tasks() -> None:
    made: dict[str, Recipe] = {}
    for recipe in recipes():
        line = recipe
        while line.parent:
            assert line.seed > made[line.parent].seed
            line = made[line.parent]
        made[recipe.id] = recipe


@pytest.mark.parametrize("recipe", [recipe for recipe in recipes() if not recipe.needs_q], ids=lambda recipe: recipe.id)
def test_its_policy_is_one(recipe: Recipe) -> None:
    assert load_agent(recipe.policy).name == recipe.policy


def test_commands_are_listed_and_a_missing_q_function_is_told_how_to_train(tmp_path: Path) -> None:
    listed = json.loads(cli(tmp_path, "recipes", "--json").stdout)
    (second,) = (each for each in listed if each["id"] == "local/greedy-q-2-small-v0")
    assert second["parent"] == "local/greedy-q-1-small-v0"
    assert second["commands"] == [
        "python -m algorithms.train --dataset local/greedy-q-1-small-v0 --out runs/greedy-q-2-small-v0",
        "webvoyager-gym datasets build local/greedy-q-2-small-v0 --q runs/greedy-q-2-small-v0/q.safetensors",
    ]
    done = cli(tmp_path, "build", "local/greedy-q-2-v0", "--size", "small")
    assert (done.returncode, done.stdout) == (1, "")
    assert " && ".join(second["commands"]) in done.stderr
    assert cli(tmp_path, "build", "local/mixed-v0", "--size", "huge").returncode == 2
