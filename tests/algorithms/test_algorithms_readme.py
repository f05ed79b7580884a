"""What algorithms/README.md says holds: its table names every algorithm and file, and its code is an algorithm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from algorithms.configure import ALGORITHMS
from tests.algorithms import tabular
from tests.algorithms.fitting import converged, values
from tests.algorithms.tabular import END, Walk, World
from webvoyager_gym.data.convert import to_d3rlpy

README = Path(__file__).parents[2] / "algorithms/README.md"
WORLD = World({(0, 0): (1, 0.0), (1, 0): (END, 1.0), (1, 1): (END, 0.0)})


@pytest.fixture
def with_its_algorithm() -> Iterator[None]:
    """The README's code, taken back afterwards."""
    (block,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, str(README), "exec", dont_inherit=True), {"__name__": "readme"})  # noqa: S102 - our own README
    yield
    del ALGORITHMS["uniform"]


def test_its_code_is_an_algorithm_that_converges_to_what_it_says(with_its_algorithm: None) -> None:
    """The data always succeeds; choosing at random would in one of two."""
    dataset = to_d3rlpy(tabular.record(WORLD, [Walk(0, [0, 0]), Walk(0, [0, 0]), Walk(1, [1])]))
    found = values(converged("uniform", WORLD, dataset, "tau=0.2", steps=200), WORLD)
    assert found[0, 0] == pytest.approx(0.9 / 2, abs=0.03)


def test_its_table_has_every_algorithm_and_its_file() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| `(\w+\.py)` \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == list(ALGORITHMS)
    assert [f"algorithms.{file.removesuffix('.py')}" for _, file in rows] == [c.__module__ for c in ALGORITHMS.values()]


def test_every_algorithm_has_the_command_of_its_numbers() -> None:
    commands = (README.parent / "commands.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"^train --algo ([\w-]+)", commands, re.MULTILINE)) == set(ALGORITHMS)
