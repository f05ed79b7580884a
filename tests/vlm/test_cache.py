"""What a VLM said, kept in a file: the same again without the model, for all processes; other for other questions."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from webvoyager_gym.best_of_q import BestOfQEnv
from webvoyager_gym.errors import InvalidFile, NotFound, NotWritten
from webvoyager_gym.proofs.faults.disk import room_for
from webvoyager_gym.types import Mark, PageView, Prompt
from webvoyager_gym.vlm import POCKET_FOLDER, load_proposer
from webvoyager_gym.vlm.answer_file import Answer, AnswerFile
from webvoyager_gym.vlm.cache import CachedVLM, prompt_digest
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

MARKS = (Mark(1, "searchbox", "Search", (10, 10, 300, 30)), Mark(2, "link", "Copper kettle $34", (50, 200, 300, 30)))
OUTLINE = '[1] searchbox "Search"\n[2] link "Copper kettle $34"'
VIEW = PageView(np.full((768, 1024, 3), 255, np.uint8), MARKS, OUTLINE, "http://shop.webvoyager.test/", "Shop")
PROMPTS = [Prompt("Find the copper kettle", VIEW), Prompt("What does the copper kettle cost?", VIEW)]


def loaded() -> TransformersVLM:
    torch.set_num_threads(1)
    return TransformersVLM(POCKET_FOLDER, device="cpu", name="pocket")


def no_model() -> TransformersVLM:
    raise AssertionError("the model was loaded")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "vlm.sqlite"


def test_what_was_said_is_said_again_without_the_model(file: Path) -> None:
    first, again = CachedVLM(file, "pocket", loaded), CachedVLM(file, "pocket", no_model)
    model = loaded()
    candidates = first.propose(PROMPTS, 3)
    assert [[c.text for c in row] for row in candidates] == [[c.text for c in row] for row in model.propose(PROMPTS, 3)]
    embedded = first.embed(PROMPTS, candidates)
    sampled, picked = first.sample(PROMPTS, 4, seed=7), first.pick(PROMPTS, candidates)
    assert again.propose(PROMPTS, 3) == candidates
    assert again.sample(PROMPTS, 4, seed=7) == sampled
    assert again.pick(PROMPTS, candidates) == picked
    restored = again.embed(PROMPTS, candidates)
    assert np.array_equal(restored.states, embedded.states)
    assert all(np.array_equal(a, b) for a, b in zip(restored.candidates, embedded.candidates, strict=True))
    assert restored.states.dtype == np.float16
    assert (again.name, again.size) == ("pocket", model.size) == (first.name, first.size)
    assert (again.embedding_id, again.draws) == (model.embedding_id, False)
    fresh, cached = first.cost.take(), again.cost.take()
    for name in ("tokens_in", "tokens_out", "passes", "unreadable"):
        assert fresh[name] == cached[name]
    assert fresh["tokens_in"] > 0


def test_half_known_batches_ask_for_the_other_half(file: Path) -> None:
    cached = CachedVLM(file, "pocket", loaded)
    alone = cached.propose(PROMPTS[:1], 3)
    both = cached.propose(PROMPTS, 3)
    assert both[0] == alone[0]
    assert CachedVLM(file, "pocket", no_model).propose([*PROMPTS, PROMPTS[0]], 3) == [*both, both[0]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda vlm: vlm.propose(PROMPTS, 2),
        lambda vlm: vlm.propose(PROMPTS, 3, seed=1),
        lambda vlm: vlm.sample(PROMPTS, 3),
        lambda vlm: vlm.propose([dataclasses.replace(PROMPTS[0], step=1)], 3),
    ],
)
def test_another_question_is_another_answer(file: Path, ask: Callable[[CachedVLM], object]) -> None:
    CachedVLM(file, "pocket", loaded).propose(PROMPTS, 3)
    with pytest.raises(AssertionError, match="loaded"):
        ask(CachedVLM(file, "pocket", no_model))


def test_a_prompt_differs_where_anything_does() -> None:
    dot = VIEW.screenshot.copy()
    dot[5, 5, 0] = 0
    views = [dataclasses.replace(VIEW, screenshot=dot), dataclasses.replace(VIEW, outline=""), VIEW]
    prompts = [dataclasses.replace(PROMPTS[0], view=view) for view in views]
    prompts += [PROMPTS[1], dataclasses.replace(PROMPTS[0], history=("wait",))]
    assert len({prompt_digest(prompt) for prompt in prompts}) == len(prompts)


WRITER = """
import sys
from pathlib import Path
from webvoyager_gym.vlm.answer_file import Answer, AnswerFile
file = AnswerFile(Path(sys.argv[1]))
said = set()
for number in range(300):
    kept = file.keep({number.to_bytes(2): Answer({"by": sys.argv[2]}, bytes(100))})
    said.add((number, kept[number.to_bytes(2)].words["by"]))
print(sorted(said))
"""


def test_processes_that_write_at_once_get_the_same(file: Path) -> None:
    AnswerFile(file).close()
    command = [sys.executable, "-c", WRITER, str(file)]
    writers = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "abc"]
    said = {writer.communicate(timeout=120)[0] for writer in writers}
    assert len(said) == 1
    assert len(AnswerFile(file)) == 300


def test_a_file_that_is_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("milk, eggs, and a good deal more than a header's worth of text" * 20)
    with pytest.raises(InvalidFile, match=r"notes\.txt .* delete this one to begin anew"):
        AnswerFile(path)
    assert "milk" in path.read_text()


def test_a_full_disk_is_said_and_what_was_kept_stays_and_goes_on(file: Path) -> None:
    answers = AnswerFile(file)
    answers.keep({b"k": Answer({"a": 1})})
    with room_for(file.with_name("vlm.sqlite-wal").stat().st_size), pytest.raises(NotWritten, match="make room"):
        answers.keep({b"l": Answer({}, bytes(100_000))})
    assert answers.read([b"k", b"l"]) == {b"k": Answer({"a": 1})}
    answers.keep({b"l": Answer({}, bytes(100_000))})
    assert len(answers) == 2


def test_nobody_is_told_to_delete_a_file_that_another_process_writes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webvoyager_gym.vlm.answer_file.PATIENCE", 0.01)
    answers = AnswerFile(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotWritten, match="another process") as raised:
        answers.keep({b"k": Answer()})
    assert "begin anew" not in str(raised.value)
    other.execute("ROLLBACK")
    answers.keep({b"k": Answer()})
    other.close()


def test_a_database_of_something_else_is_not_to_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as photos:
        photos.execute("CREATE TABLE answers (question TEXT)")
    photos.close()
    with pytest.raises(InvalidFile, match="name another file") as raised:
        AnswerFile(path).read([b"k"])
    assert "begin anew" not in str(raised.value)


def test_a_folder_that_cannot_be_made_is_not_to_be_deleted_either(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidFile, match="name another file") as raised:
        AnswerFile(tmp_path / "file" / "vlm.sqlite")
    assert "begin anew" not in str(raised.value)


def test_what_was_kept_first_stays(file: Path) -> None:
    answers = AnswerFile(file)
    answers.keep({b"k": Answer({"a": 1})})
    assert answers.keep({b"k": Answer({"a": 2}), b"l": Answer({}, b"x")})[b"k"].words == {"a": 1}
    assert answers.read([b"l", b"m"]) == {b"l": Answer({}, b"x")}


def test_an_unknown_model_is_not_found_with_a_cache_either(file: Path) -> None:
    with pytest.raises(NotFound, match="pocket"):
        load_proposer("poket", file)


def test_a_rollout_is_walked_again_bit_for_bit(file: Path) -> None:
    walks = []
    for _ in range(2):
        env = BestOfQEnv(cache=str(file))
        observation, info = env.reset(seed=0, options={"task_id": "shop/listed-fact/train-3"})
        walk, spent = [observation], info["cost"]["tokens_in"]
        for index in (1, 0):
            observation, _, _, _, info = env.step(index)
            walk.append(observation)
            spent += info["cost"]["tokens_in"]
        assert isinstance(env.proposer, CachedVLM)
        walks.append((walk, spent, "model" in vars(env.proposer)))
        env.close()
        load_proposer.__globals__["_cached"].cache_clear()
    (first, spent, loaded_first), (again, spent_again, loaded_again) = walks
    assert (loaded_first, loaded_again) == (True, False)
    assert spent == spent_again > 0
    for a, b in zip(first, again, strict=True):
        for key in a:
            assert np.array_equal(a[key], b[key]), key
