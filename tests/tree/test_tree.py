"""What a tree keeps, it gives back; growing by several processes, finished, published and damaged."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import h5py
import numpy as np
import pytest
from typer.testing import CliRunner

from tests.data.making import bits
from tests.data.mirroring import contents, register
from tests.tree.trees import CANDIDATES, COST, grow, page, settings
from webvoyager_gym.cli import app
from webvoyager_gym.data import Dataset, load_dataset
from webvoyager_gym.data.dataset import growth_folder
from webvoyager_gym.data.download import download
from webvoyager_gym.data.layout import TREE_FILE
from webvoyager_gym.data.publish import publish
from webvoyager_gym.data.remove import remove
from webvoyager_gym.data.validate import validate
from webvoyager_gym.errors import InvalidFile, NotFound, WebVoyagerError
from webvoyager_gym.tree import TransitionTree
from webvoyager_gym.tree.facts import State, page_key
from webvoyager_gym.tree.finished import COLUMNS
from webvoyager_gym.tree.merge import merge
from webvoyager_gym.tree.validate import validate_tree
from webvoyager_gym.types import PageView

ID = "local/tree-v0"
PAGE = Path(__file__).parents[2] / "docs" / "tree.md"


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """A growing tree of two tasks, three pages each."""
    grow(tmp_path / "grown")
    return tmp_path / "grown"


@pytest.fixture
def finished(grown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, finished, in the datasets folder."""
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    with TransitionTree(grown) as tree:
        return merge(tree, tmp_path / "datasets" / ID, id=ID).folder


def everything(where: str | Path) -> dict[str, object]:
    """All that a tree knows of its states, bit by bit."""
    with TransitionTree(where) as tree:
        known = {}
        for state in tree.states():
            view, said = tree.view(state), tree.said(state.key)
            assert view is not None
            seen = (view.screenshot, view.marks, view.offscreen, view.outline, view.url, view.title, view.scroll)
            vectors = said and (said.candidates, said.state_embedding, said.candidate_embeddings, said.cost)
            known[state.key] = bits((state.document(), seen, vectors, tree.advice(state.key)))
        return known


def test_what_is_kept_comes_back_bit_by_bit_growing_and_finished(finished: Path, grown: Path) -> None:
    before = everything(grown)
    assert len(before) == 12
    assert everything(finished) == everything(ID) == before
    with TransitionTree(ID) as tree:
        assert [task.goal for task in tree.tasks()] == ["Find lamp 0.", "Find lamp 1."]
        state = tree.first("shop/listed-fact/train-0")
        assert state is not None
        said, view = tree.said(state.key), tree.view(state)
        assert said is not None
        assert (said.candidates, said.cost) == (CANDIDATES, COST)
        original = page(np.random.default_rng(0), "0-0")
        assert isinstance(view, PageView)
        assert page_key(view) == page_key(original)
        assert view.marks == original.marks
        assert view.mark(2) == original.mark(2)


def test_a_page_that_differs_in_a_pixel_or_a_mark_is_another() -> None:
    one = page(np.random.default_rng(0), "a")
    pixels = one.screenshot.copy()
    pixels[3, 4, 1] ^= 1
    others = [
        PageView(pixels, one.marks, one.outline, one.url, one.title, one.scroll, one.offscreen),
        PageView(one.screenshot, one.marks[:1], one.outline, one.url, one.title, one.scroll, one.offscreen),
        PageView(one.screenshot, one.marks, one.outline, one.url, one.title, (1, 64, 999), one.offscreen),
        PageView(one.screenshot, one.marks, one.outline, one.url, one.title, one.scroll, ()),
    ]
    assert len({page_key(view) for view in (one, *others)}) == 5


def test_two_processes_grow_one_tree_and_the_first_word_stays(tmp_path: Path) -> None:
    states = grow(tmp_path / "other", tasks=1, depth=1)
    with TransitionTree(tmp_path / "tree") as one, TransitionTree(tmp_path / "tree") as other:
        one.begin(settings())
        other.begin(settings())
        view = page(np.random.default_rng(5), "five")
        first, second = (State(key, page_key(view), task=states[0].task) for key in ("1" * 32, "2" * 32))
        one.keep_state(first, view)
        other.keep_state(second, view)
        assert other.state(first.key) is None
        one.flush()
        other.flush()
        one.refresh()
        other.refresh()
        assert one.state(second.key) == other.state(second.key) == second
        assert one.state(first.key) == other.state(first.key) == first
        assert len(list((tmp_path / "tree").glob("*.shard"))) == 2
        later = State(first.key, page_key(view), parent="3" * 32)
        other.keep_state(later, view)
        assert other.state(first.key) == first


def test_a_process_killed_in_the_middle_of_a_write_leaves_the_rest(grown: Path) -> None:
    before = everything(grown)
    (shard,) = grown.glob("*.shard")
    whole = shard.read_bytes()
    shard.write_bytes(whole + whole[: len(whole) // 3])
    assert everything(grown) == before
    shard.write_bytes(whole[:-20])
    torn = everything(grown)
    assert 0 < len(torn) < len(before)
    grow(grown)
    assert everything(grown) == before


def test_a_tree_is_walked_with_what_it_was_begun_with(grown: Path) -> None:
    with TransitionTree(grown) as tree, pytest.raises(WebVoyagerError, match="walked with max_steps 15, not with 9"):
        tree.begin(settings(max_steps=9))
    (grown / "tree.json").write_text('{"version": 1, "settings": {}}')
    with pytest.raises(InvalidFile, match="walked with"):
        TransitionTree(grown)


def test_an_id_that_nobody_has_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path))
    with pytest.raises(NotFound, match="datasets download local/none-v0"):
        TransitionTree("local/none-v0")


def test_merging_again_gives_the_same_bytes_and_never_overwrites(finished: Path, grown: Path, tmp_path: Path) -> None:
    with TransitionTree(grown) as tree:
        again = merge(tree, tmp_path / "again", id=ID).folder
        with pytest.raises(WebVoyagerError, match="never change"):
            merge(tree, finished, id=ID)
    assert contents(again) == contents(finished)


def test_states_that_nothing_leads_to_are_left_out(grown: Path, tmp_path: Path) -> None:
    with TransitionTree(grown) as tree:
        known = next(state for state in tree.states() if state.move is not None)
        orphan = State("f" * 32, known.page, "e" * 32, known.move, known.played)
        view = tree.view(known)
        assert view is not None
        tree.keep_state(orphan, view)
        assert len(merge(tree, tmp_path / "merged", id=ID)) == 12


def test_what_is_seen_beyond_a_finished_tree_lies_beside_it_and_goes_into_the_next(
    finished: Path, tmp_path: Path
) -> None:
    before = contents(finished)
    with TransitionTree(ID) as tree:
        view = page(np.random.default_rng(9), "new")
        state = tree.first("shop/listed-fact/train-0")
        assert state is not None
        new = State("a" * 32, page_key(view), state.key, None, None, state.task)
        tree.keep_state(new, view)
    assert contents(finished) == before
    assert growth_folder(finished).is_dir()
    with TransitionTree(ID) as tree:
        assert tree.state(new.key) == new
        assert len(merge(tree, tmp_path / "datasets/local/tree-v1", id="local/tree-v1")) == 13
    remove(ID)
    assert not growth_folder(finished).exists()


def test_a_tree_is_published_brought_and_verified_like_any_dataset(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validate(Dataset(finished), deep=True)
    entry = publish(load_dataset(ID), str(tmp_path / "www"), licence="CC-BY-4.0")
    assert (entry.episodes, entry.steps) == (2, 10)
    register(monkeypatch, tmp_path, entry, *entry.mirrors)
    whole = everything(finished)
    remove(ID)
    assert not finished.exists()
    assert everything(ID) == whole
    validate(load_dataset(ID), deep=True)
    with pytest.raises(InvalidFile, match="WebVoyager-BestOfQ-Tree-v0"):
        load_dataset(ID).vectors()
    remove(ID)
    bare = download(ID, screenshots=False)
    with TransitionTree(bare.folder) as tree:
        state = tree.first("shop/listed-fact/train-0")
        assert state is not None
        view = tree.view(state)
        assert view is not None
        assert view.title == "0-0"
        with pytest.raises(WebVoyagerError, match="datasets download"):
            _ = view.screenshot


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_damaged_column_is_refused_with_a_sentence(finished: Path, name: str) -> None:
    """Each column with a value that cannot be: opening or validating says so, whatever was done to it."""
    with h5py.File(finished / TREE_FILE, "r+") as file:
        column = file[name]
        values = column[...]
        if values.dtype.kind == "f":
            values[:] = np.nan
        elif values.dtype.kind == "i":
            values[:] = 10**9
        else:
            column.id.write(h5py.h5s.ALL, h5py.h5s.ALL, np.full(values.shape, 0xEE, np.uint8), h5py.h5t.NATIVE_UINT8)
            values = None
        if values is not None:
            column[...] = values
    with pytest.raises(InvalidFile):
        validate_tree(finished, deep=True)


def test_a_column_that_lies_elsewhere_is_not_followed(finished: Path, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "elsewhere.h5", "w") as other:
        other["obs"] = np.zeros((12, 6), "<f2")
    with h5py.File(finished / TREE_FILE, "r+") as file:
        del file["obs"]
        file["obs"] = h5py.ExternalLink(str(tmp_path / "elsewhere.h5"), "/obs")
    with pytest.raises(InvalidFile, match="links are not followed"):
        TransitionTree(finished)


def test_the_card_says_what_is_in_it(finished: Path) -> None:
    card = (finished / "README.md").read_text()
    assert "12 states of 2 tasks, 10 steps between them, 6 different pages" in card
    assert "| shop | 2 | 12 | 6 | 2 |" in card
    metadata = json.loads((finished / "data/metadata.json").read_text())
    assert metadata["webvoyager_gym"]["settings"]["suite"] == "local"
    assert os.listdir(finished.parent) == ["tree-v0"]


def test_the_written_page_has_every_column(finished: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| \(([^)]*)\) \| (\w+) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    with h5py.File(finished / TREE_FILE, "r") as file:
        assert {name: (shape, kind) for name, shape, kind, _ in rows} == {
            name: (", ".join(COLUMNS[name][0]), file[name].dtype.name) for name in file
        }


def test_the_command_shows_and_merges(grown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    merged = CliRunner().invoke(app, ["tree", "merge", str(grown), "--out", ID, "--json"])
    assert json.loads(merged.stdout)["states"] == 12
    for name, is_finished in ((str(grown), False), (ID, True)):
        shown = json.loads(CliRunner().invoke(app, ["tree", "show", name, "--json"]).stdout)
        assert (shown["finished"], shown["tasks"], shown["states"], shown["ends"]) == (is_finished, 2, 12, 6)
        assert shown["walked_with"]["proposer"]["name"] == "clicks"
    listed = json.loads(CliRunner().invoke(app, ["datasets", "list", "--json"]).stdout)
    assert [(entry["id"], entry["episodes"], entry["steps"]) for entry in listed if entry["id"] == ID] == [(ID, 2, 10)]
