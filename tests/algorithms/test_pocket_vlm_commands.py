"""The commands of the pocket VLM's card, small: gather pages, train, go on training, export, measure."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from algorithms.pocket_vlm import evaluate, export, pages, train
from webvoyager_gym.vlm import sites_trained_on


def test_pages_training_export_and_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = train.pocket_tokenizer.world_texts
    monkeypatch.setattr(train.pocket_tokenizer, "world_texts", lambda: itertools.islice(words(1), 3000))
    gathered, run, folder = tmp_path / "pages", tmp_path / "run", tmp_path / "shipped"
    pages.main(out=gathered, pages=10, sites="shop,sports")
    lessons = pages.read_lessons(gathered)
    assert len(lessons) > 30
    assert {lesson.template.partition("/")[0] for lesson in lessons} <= {"shop", "sports"}

    train.main(pages=[gathered], out=run, minutes=0.05, size="small", threads=1)
    before = json.loads((run / "state.json").read_text())
    assert before["size"] == "small"
    # The size is the checkpoint's when it is trained on.
    train.main(pages=[gathered, tmp_path / "not yet"], out=run, minutes=0.1, threads=1)
    after = json.loads((run / "state.json").read_text())
    assert after["step"] > before["step"] > 0
    assert after["size"] == "small"
    curve = [json.loads(line) for line in (run / "curve.jsonl").read_text().splitlines()]
    assert all(0 <= row["actions_right"] <= 1 for row in curve)

    export.main(run=run, out=folder)
    assert set(sites_trained_on(folder)) <= {"shop", "sports"}
    evaluate.main(
        split="validation", most=1, site=["shop"], model=folder, blank=False, workers=1, out=tmp_path / "figures.json"
    )
    figures = json.loads((tmp_path / "figures.json").read_text())
    counts = figures["counts"]["seen"]["shop"]
    assert counts["episodes"] == 1
    assert counts.get("among 1", 0) <= counts.get("among 3", 0) <= counts.get("among 8", 0) <= counts["states"]
