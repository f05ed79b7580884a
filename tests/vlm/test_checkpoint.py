"""Models told apart by the content of their files, and Q-functions tied to the embeddings that they were trained on."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from tests.collecting import Clicks
from webvoyager_gym.agents import check_embedder
from webvoyager_gym.errors import WebVoyagerError
from webvoyager_gym.vlm import POCKET_FOLDER, Embedder
from webvoyager_gym.vlm.base import embedding_id
from webvoyager_gym.vlm.checkpoint import checkpoint_digest
from webvoyager_gym.vlm.prompt import PromptStyle
from webvoyager_gym.vlm.transformers_backend import TransformersVLM

LENGTH = 3 << 20
FILES = {
    "model.safetensors": bytes(LENGTH),
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "chat_template.jinja": b"{{ messages }}",
    "prompt_style.json": b"{}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_byte_anywhere_in_any_file_makes_another_model(folder: Path, name: str) -> None:
    before = checkpoint_digest(folder)
    with (folder / name).open("r+b") as file:
        file.seek(len(FILES[name]) // 2)
        file.write(b"x")
    os.utime(folder / name, ns=(1, 1))
    changed = checkpoint_digest(folder)
    (folder / name).write_bytes(FILES[name])
    assert len({before, changed}) == 2
    assert checkpoint_digest(folder) == before


def test_what_no_model_is_loaded_from_makes_no_difference(folder: Path) -> None:
    before = checkpoint_digest(folder)
    (folder / "trained_on.json").write_text("{}")
    (folder / "README.md").write_text("A model.")
    assert checkpoint_digest(folder) == before


def test_without_weights_there_is_nothing_to_tell_apart(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    assert checkpoint_digest(folder) == checkpoint_digest(folder / "none") == ""


def pocket(**options: Any) -> TransformersVLM:
    torch.set_num_threads(1)
    return TransformersVLM(POCKET_FOLDER, device="cpu", **options)


def test_embeddings_are_the_same_however_their_model_is_spelled_or_used() -> None:
    plain = pocket(name="pocket")
    assert pocket(strategy="sample", beams=16, temperature=0.5).embedding_id == plain.embedding_id
    others = [pocket(pooling="mean"), pocket(style=PromptStyle())]
    assert len({plain.embedding_id, *(other.embedding_id for other in others)}) == 3
    assert isinstance(plain, Embedder)
    assert embedding_id(plain) == plain.embedding_id


class Told(Clicks):
    """An embedder that says what decides its embeddings."""

    embedding_id = "0123"


def around(embedder: Embedder | None) -> Any:
    return SimpleNamespace(embedder=embedder)


def test_a_q_function_is_tied_to_embeddings_by_what_decides_them() -> None:
    check_embedder(around(Told(name="pocket?strategy=sample")), "pocket", "0123")
    with pytest.raises(WebVoyagerError, match=r"embeddings of pocket \(4567\) .* embedder is pocket \(0123\)"):
        check_embedder(around(Told(name="pocket")), "pocket", "4567")


def test_where_one_of_them_says_only_a_name_names_are_compared() -> None:
    for model in (Told(name="pocket"), Clicks(name="pocket")):
        check_embedder(around(model), "pocket")
        check_embedder(around(model), "null")
        with pytest.raises(WebVoyagerError, match=r"embeddings of other and .* is pocket;"):
            check_embedder(around(model), "other")
    check_embedder(around(Clicks(name="pocket")), "pocket", "4567")
    with pytest.raises(WebVoyagerError, match="has no embedder"):
        check_embedder(around(None), "pocket", "4567")
