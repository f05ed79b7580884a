"""The command that measures updates, with sizes at which nothing is slow; and its plot."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from algorithms import speed
from algorithms.columns import columns_of_vectors
from algorithms.plot import BOTTOM, HEIGHT, LEFT, TOP, Panel, svg

SVG = "{http://www.w3.org/2000/svg}"


def test_the_command_measures_every_size_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--widths", "8", "--candidates", "1,3", "--sizes", "20,40", "--updates", "1", "--rounds", "1"]
    speed.app([*options, "--device", "cpu", "--out", str(tmp_path), "--json"], standalone_mode=False)
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert found["fit"]["8"].keys() == {"fit", "ours", "fit_batch", "batch"}
    assert list(found["candidates"]) == ["1", "3"]
    assert found["size"]["transitions"] == [20, 40]
    times = [*found["fit"]["8"].values(), *found["candidates"].values(), *found["size"]["update"]]
    assert all(taken > 0 for taken in times)
    ElementTree.parse(tmp_path / "speed.svg")


def test_what_is_measured_on_is_a_dataset_with_as_many_transitions() -> None:
    vectors = speed.made_up(4, 3, 100)
    columns = columns_of_vectors(vectors, "train", 0.99)
    assert (len(columns.rows), columns.width, columns.n_candidates) == (100, 4, 3)
    assert columns.rewards.sum() == 5
    assert columns.terminals.sum() == 10
    assert np.isfinite(columns.states).all()


def test_points_lie_where_their_numbers_say() -> None:
    lines = {"a < b": ([1, 10, 100], [1.0, 2.0, 4.0])}
    drawn = ElementTree.fromstring(svg([Panel("along", lines), Panel("along", lines, logarithmic=True)]))
    linear, logarithmic = ([(float(c.get("cx", "")), float(c.get("cy", ""))) for c in group.iter(f"{SVG}circle")]
                           for group in drawn.iter(f"{SVG}g"))  # fmt: skip
    across = [x for x, _ in linear]
    assert (across[1] - across[0]) / (across[2] - across[1]) == pytest.approx(9 / 90, abs=0.01)
    across = [x for x, _ in logarithmic]
    assert across[1] - across[0] == pytest.approx(across[2] - across[1])
    heights = [y for _, y in linear]
    assert (heights[0] - heights[1]) / (heights[1] - heights[2]) == pytest.approx(0.5, abs=0.01)
    assert "a < b, ms" in [text.text for text in drawn.iter(f"{SVG}text")]


def test_intervals_and_levels_lie_where_their_numbers_say() -> None:
    """On an axis from 0 to 80, of which 20 is a quarter."""
    lines, intervals = {"ours": ([5, 10], [40.0, 60.0])}, {"ours": ([20.0, 40.0], [60.0, 80.0])}
    panel = Panel("along", lines, unit="%", intervals=intervals, levels={"theirs": (20.0, 0.0, 40.0)})
    drawn = ElementTree.fromstring(svg([panel]))
    bottom, top = HEIGHT - BOTTOM, TOP
    quarter = (bottom - top) / 4
    bars = [each.get("d", "").partition(" ")[2] for each in drawn.iter(f"{SVG}path") if each.get("opacity")]
    assert bars == [f"{bottom - low * quarter:.1f}V{bottom - high * quarter:.1f}" for low, high in ((1, 3), (2, 4))]
    (dashes,) = (each.get("d", "") for each in drawn.iter(f"{SVG}path") if each.get("stroke-dasharray"))
    assert dashes.startswith(f"M{LEFT} {bottom - quarter:.1f}H")
    (shade,) = (each for each in drawn.iter(f"{SVG}rect") if each.get("opacity"))
    assert (float(shade.get("y", "")), float(shade.get("height", ""))) == (bottom - 2 * quarter, 2 * quarter)
    assert {"ours, %", "theirs, %"} <= {text.text for text in drawn.iter(f"{SVG}text")}


def test_numbers_on_the_axis_do_not_stand_in_each_other() -> None:
    panel = Panel("along", {"a": ([1, 2, 4, 1000], [1.0] * 4)})
    drawn = ElementTree.fromstring(svg([panel]))
    below = [text.text for text in drawn.iter(f"{SVG}text") if text.get("y") == str(HEIGHT - BOTTOM + 18)]
    assert below == ["1,000", "4"]
