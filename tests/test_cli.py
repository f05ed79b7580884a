"""The real command line in processes of its own."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from webvoyager_gym.actions import parse
from webvoyager_gym.data import Recorder, finalize
from webvoyager_gym.types import Candidate, Episode, Step

ID = "local/tiny-v0"
BUNDLED = "local/mini-v0"


def cli(*arguments: str, seconds: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webvoyager_gym.cli", *arguments],
        env={**os.environ, "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def row(chosen: int) -> Step:
    last = chosen < 0
    return Step(
        url="http://shop.webvoyager.test/",
        title="Shop",
        outline='[1] link "Home"',
        last_error="",
        screenshot=b"",
        candidates=() if last else (Candidate(parse("click [1]"), -0.1), Candidate(parse('answer "7"'), -2.0)),
        state_embedding=np.zeros(4, np.float16),
        candidate_embeddings=np.zeros((0 if last else 2, 4), np.float16),
        chosen=chosen,
        propensity=math.nan if last else 0.5,
        reward=0.0 if last else 1.0,
        terminated=not last,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data-set folder with one dataset of two episodes."""
    root = tmp_path_factory.mktemp("datasets")
    shards = tmp_path_factory.mktemp("shards")
    recorder = Recorder(shards)
    for seed in range(2):
        recorder.write(Episode("shop/find/train-1", "shop", "train", "Find it.", seed, (row(1), row(-1)), True))
    recorder.close()
    finalize(shards, root / ID, id=ID, metadata={"proposer": "evil \x1b[31m name", "n_candidates": 2})
    return root


@pytest.fixture
def torn(folder: Path, tmp_path: Path) -> Path:
    """The same, but a byte of the vectors was changed."""
    root = tmp_path / "torn"
    subprocess.run(["cp", "-r", str(folder), str(root)], check=True)
    vectors = root / ID / "data" / "vectors.h5"
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    return root


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from webvoyager_gym.cli import app; app(['--help'], standalone_mode=False);"
        "print(sorted({'torch', 'transformers', 'playwright', 'h5py', 'PIL', 'starlette'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "doctor" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["doctor", "--no-such-option"],
        ["datasets", "show"],
        ["collect", "--out", "local/none-v0", "--address", "127.0.0.1:6379"],
    ],
)
def test_wrong_arguments_exit_2_and_keep_stdout_empty(arguments: list[str]) -> None:
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_doctor_json_is_one_document_and_its_exit_status_says_ok() -> None:
    done = cli("doctor", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == (0 if document["ok"] else 1)
    assert {"name", "ok", "needed", "detail", "mend"} == set(document["checks"][0])


def test_doctor_names_each_mend_below_its_table() -> None:
    done = cli("doctor", WEBVOYAGER_GYM_CHROMIUM="/no/such/browser")
    assert done.returncode == 1
    assert "missing" in done.stdout
    assert "chromium: playwright install --with-deps chromium" in done.stdout.splitlines()


def test_an_interrupted_command_exits_130(tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho >'{started}'\nexec sleep 60\n")
    browser.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "webvoyager_gym.cli", "doctor", "--json"],
        env={**os.environ, "WEBVOYAGER_GYM_CHROMIUM": str(browser)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    started.read_text()
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in error


def test_datasets_are_listed_with_the_damaged_ones_among_them(torn: Path) -> None:
    broken = torn / "local" / "broken-v1" / "data"
    broken.mkdir(parents=True)
    (broken / "metadata.json").write_text("{}")
    entries = json.loads(cli("datasets", "list", "--json", WEBVOYAGER_GYM_DATASETS=str(torn)).stdout)
    assert [entry["id"] for entry in entries] == ["local/broken-v1", BUNDLED, ID]
    assert "metadata" in entries[0]["problem"]
    assert (entries[2]["episodes"], entries[2]["steps"]) == (2, 2)
    table = cli("datasets", "list", WEBVOYAGER_GYM_DATASETS=str(torn))
    assert table.returncode == 0
    assert ID in table.stdout


def test_where_there_is_no_other_the_packages_own_is_listed(tmp_path: Path) -> None:
    (entry,) = json.loads(cli("datasets", "list", "--json", WEBVOYAGER_GYM_DATASETS=str(tmp_path)).stdout)
    assert (entry["id"], entry["here"], entry["published"]) == (BUNDLED, True, False)


def test_a_dataset_is_shown_by_id_and_by_folder(folder: Path) -> None:
    by_id: dict[str, Any] = json.loads(
        cli("datasets", "show", ID, "--json", WEBVOYAGER_GYM_DATASETS=str(folder)).stdout
    )
    assert by_id["id"] == ID
    assert by_id["made_with"]["n_candidates"] == 2
    assert json.loads(cli("datasets", "show", str(folder / ID), "--json").stdout) == by_id


def test_metadata_cannot_speak_to_the_terminal(folder: Path) -> None:
    shown = cli("datasets", "show", ID, WEBVOYAGER_GYM_DATASETS=str(folder)).stdout
    assert "evil" in shown
    assert "\x1b" not in shown


def test_an_unknown_dataset_names_the_nearest(folder: Path) -> None:
    done = cli("datasets", "show", "local/tinny-v0", WEBVOYAGER_GYM_DATASETS=str(folder))
    assert_one_sentence(done, f"There is no dataset 'local/tinny-v0'; the nearest are {ID}")
    assert done.stdout == ""


def test_verify_tells_whole_from_torn(folder: Path, torn: Path) -> None:
    whole = cli("datasets", "verify", ID, "--json", WEBVOYAGER_GYM_DATASETS=str(folder))
    assert (whole.returncode, json.loads(whole.stdout)["ok"]) == (0, True)
    damaged = cli("datasets", "verify", ID, "--json", WEBVOYAGER_GYM_DATASETS=str(torn))
    assert_one_sentence(damaged, "data/vectors.h5")
    assert json.loads(damaged.stdout)["ok"] is False


@pytest.fixture
def published(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror of the dataset, with a registry that names it and an empty folder of datasets."""
    done = cli(
        *("datasets", "publish", str(folder / ID), "--to", str(tmp_path / "www"), "--licence", "CC-BY-4.0"),
        *("--registry", str(tmp_path / "registry.json")),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == ID
    monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(tmp_path / "datasets"))
    monkeypatch.setenv("WEBVOYAGER_GYM_REGISTRY", str(tmp_path / "registry.json"))
    return tmp_path / "www" / ID


def listed() -> dict[str, Any]:
    """How `datasets list` has the dataset."""
    entries = json.loads(cli("datasets", "list", "--json").stdout)
    assert [entry["id"] for entry in entries] == [BUNDLED, ID]
    described: dict[str, Any] = entries[1]
    return described


@pytest.mark.usefixtures("published")
def test_a_published_dataset_is_listed_shown_downloaded_verified_and_removed() -> None:
    entry = listed()
    assert (entry["here"], entry["published"], entry["episodes"], entry["steps"]) == (False, True, 2, 2)
    assert json.loads(cli("datasets", "show", ID, "--json").stdout)["licence"] == "CC-BY-4.0"
    assert_one_sentence(cli("datasets", "verify", ID), "is not on this machine")
    brought = json.loads(cli("datasets", "download", ID, "--without-screenshots", "--json").stdout)
    assert (brought["here"], brought["screenshots"]) == (True, False)
    assert "MB" in cli("datasets", "download", ID).stderr
    entry = listed()
    assert (entry["here"], entry["published"], entry["screenshots"]) == (True, True, True)
    assert cli("datasets", "verify", ID, "--deep").returncode == 0
    asked = cli("datasets", "rm", ID)
    assert_one_sentence(asked, "--yes")
    assert cli("datasets", "rm", ID, "--yes").returncode == 0
    assert_one_sentence(cli("datasets", "rm", ID, "--yes"), "no dataset")


def test_a_damaged_mirror_is_one_sentence(published: Path) -> None:
    (published / "data" / "vectors.h5").write_bytes(b"damaged")
    done = cli("datasets", "download", ID)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"{ID} could not be downloaded from file://")
    assert "Traceback" not in done.stderr


def test_a_result_that_is_there_is_not_replaced_by_accident(tmp_path: Path) -> None:
    kept = tmp_path / "result.json"
    kept.write_text("{}")
    done = cli("evaluate", "--tasks", "1", "--out", str(kept))
    assert done.returncode == 1
    assert done.stderr.startswith(f"There is a result in {kept} already;")
    assert kept.read_text() == "{}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--tasks", "none"], "--tasks takes a number from 1, or all, not 'none'."),
        (["--tasks", "all", "--split", "validation"], "has no end of tasks"),
    ],
)
def test_how_many_tasks_is_a_number_or_all(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = cli("evaluate", "--out", str(tmp_path / "result.json"), *arguments)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.replace("│", " ").split())
