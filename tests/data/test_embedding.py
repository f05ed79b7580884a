"""A recording is embedded again by another model, from what was recorded, and goes on where it was broken off."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.making import bits, make_dataset, make_episode
from webvoyager_gym.data import Dataset, finalize
from webvoyager_gym.data.embedding import embed_dataset, prompts_of
from webvoyager_gym.errors import InfrastructureFailure, InvalidFile, WebVoyagerError
from webvoyager_gym.types import Candidate, Episode, Prompt, Step
from webvoyager_gym.vlm.base import Cost, Embeddings


@dataclass
class Reads:
    """Embeds all that a prompt says, as numbers; fails for good after so many states."""

    patience: int = 10**6
    name: str = "reads"
    size: int = 6
    cost: Cost = field(default_factory=Cost)

    def embed(self, prompts: Sequence[Prompt], candidates: Sequence[Sequence[Candidate]]) -> Embeddings:
        self.patience -= len(prompts)
        if self.patience < 0:
            raise InfrastructureFailure("vlm", "The model is gone.")
        states = np.array([self._state(prompt) for prompt in prompts], np.float16)
        rows = [np.array([[len(each.text)] * 6 for each in row], np.float16) for row in candidates]
        return Embeddings(states, rows)

    def _state(self, prompt: Prompt) -> list[float]:
        words = len(" ".join((*prompt.history, prompt.goal, prompt.last_error, prompt.view.outline)))
        marks = sum(mark.box[1] for mark in prompt.view.marks)
        return [
            words,
            marks,
            float(prompt.view.screenshot.mean()),
            prompt.step,
            prompt.max_steps,
            prompt.view.scroll[0],
        ]


def photographed(episode: Episode) -> Episode:
    """With a picture for a screenshot."""
    steps = []
    for t, step in enumerate(episode.steps):
        file = io.BytesIO()
        Image.new("RGB", (40, 30), (10 * t, 5, 200)).save(file, "WEBP", lossless=True)
        steps.append(replace(step, screenshot=file.getvalue()))
    return replace(episode, steps=tuple(steps))


def unembedded(step: Step) -> Step:
    return replace(step, state_embedding=np.zeros(0, np.float16), candidate_embeddings=np.zeros((0, 0), np.float16))


EPISODES = [
    photographed(make_episode("a", 0, length=3)),
    photographed(make_episode("b", 0, length=12, ending="truncated")),
    photographed(make_episode("c", 0, length=2, final_candidates=0)),
]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_dataset(tmp_path_factory.mktemp("embedding"), *EPISODES, metadata={"max_steps": 12})


def test_prompts_say_what_was_seen_and_done() -> None:
    prompts = prompts_of(EPISODES[1], 12)
    assert [prompt.step for prompt in prompts] == list(range(13))
    for t, (prompt, step) in enumerate(zip(prompts, EPISODES[1].steps, strict=True)):
        assert prompt.view.marks == step.marks
        assert prompt.view.screenshot.shape == (30, 40, 3)
        assert prompt.view.screenshot[0, 0].tolist() == [10 * t, 5, 200]
        assert len(prompt.history) == t
    actions = [step.candidates[step.chosen].action for step in EPISODES[1].steps[:-1]]
    named = [
        f'click link "Größe {t}"' if action.mark == 1 else f"click [{action.mark}]" for t, action in enumerate(actions)
    ]
    assert prompts[-1].history == tuple(named)


def test_embeddings_are_the_models_and_all_else_is_as_it_was(dataset: Dataset, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    embed_dataset(dataset, Reads(), tmp_path / "shards", lambda done, total: seen.append((done, total)))
    made = finalize(tmp_path / "shards", tmp_path / "d", id="local/toy-reads-v0")
    assert seen == [(1, 3), (2, 3), (3, 3)]
    model = Reads()
    for before, after in zip(dataset.episodes(), made.episodes(), strict=True):
        prompts = prompts_of(before, 12)
        for prompt, old, new in zip(prompts, before.steps, after.steps, strict=True):
            if not old.candidates:
                assert new.state_embedding.shape == (0,)
                continue
            given = model.embed([prompt], [old.candidates])
            np.testing.assert_array_equal(new.state_embedding, given.states[0])
            np.testing.assert_array_equal(new.candidate_embeddings, given.candidates[0])
        for old, new in zip(before.steps, after.steps, strict=True):
            assert bits(unembedded(old)) == bits(unembedded(new))
        assert after.extra == {**before.extra, "embedder": "reads"}


def test_it_goes_on_where_it_was_broken_off(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(InfrastructureFailure):
        embed_dataset(dataset, Reads(patience=5), tmp_path / "shards")
    embed_dataset(dataset, Reads(patience=15), tmp_path / "shards")  # Fewer states than all.
    embed_dataset(dataset, Reads(), tmp_path / "once")
    made = [finalize(tmp_path / name, tmp_path / "made" / name, id="local/toy-v1") for name in ("shards", "once")]
    assert [bits(each) for each in made[0].episodes()] == [bits(each) for each in made[1].episodes()]


def test_another_models_embeddings_are_not_mixed_in(dataset: Dataset, tmp_path: Path) -> None:
    embed_dataset(dataset, Reads(), tmp_path)
    with pytest.raises(WebVoyagerError, match="embeddings of reads, not of other"):
        embed_dataset(dataset, Reads(name="other"), tmp_path)


def test_what_cannot_be_shown_again_says_so() -> None:
    blind = replace(EPISODES[0], steps=tuple(replace(step, screenshot=b"") for step in EPISODES[0].steps))
    with pytest.raises(InvalidFile, match="no screenshot"):
        prompts_of(blind, 15)
    unmarked = replace(EPISODES[0], steps=tuple(replace(step, scroll=(0, 0, 0)) for step in EPISODES[0].steps))
    with pytest.raises(InvalidFile, match="no marks"):
        prompts_of(unmarked, 15)
    broken = replace(EPISODES[0], steps=tuple(replace(step, screenshot=b"RIFF") for step in EPISODES[0].steps))
    with pytest.raises(InvalidFile, match="is none"):
        prompts_of(broken, 15)


def test_the_command_makes_a_dataset_and_refuses_to_change_one(dataset: Dataset, tmp_path: Path) -> None:
    folder = str(dataset.folder)
    command = [sys.executable, "-m", "webvoyager_gym.cli", "embed", folder, "--embedder", "pocket", "--json"]
    environment = {**os.environ, "WEBVOYAGER_GYM_DATASETS": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    described = json.loads(done.stdout)
    made_with = described["made_with"]
    assert (described["id"], described["episodes"], made_with["embedder"]) == ("local/toy-pocket-v0", 3, "pocket")
    assert made_with["embedding_width"] > 4
    assert made_with["embedded_from"]["id"] == dataset.id
    again = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (again.returncode, again.stdout) == (1, "")
    assert "datasets never change" in again.stderr
