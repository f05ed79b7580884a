from __future__ import annotations

import asyncio
import json
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from safetensors.numpy import save_file

from webvoyager_gym import doctor
from webvoyager_gym.doctor import Check

ROOT = Path(__file__).parents[1]


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_whatever_is_missing_here_has_a_mend_and_the_rest_has_none() -> None:
    checks = list(doctor.diagnose())
    assert {"python", "torch", "torch device", "chromium", "pocket VLM", "datasets", "loopback server"} <= {
        check.name for check in checks
    }
    for check in checks:
        assert bool(check.mend) != check.ok, check
        assert check.detail, check


def test_packages_are_those_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    core = {Requirement(text).name for text in project["dependencies"]}
    train = {Requirement(text).name for text in project["optional-dependencies"]["train"]}
    checks = list(doctor.check_packages())
    assert {check.name for check in checks if check.needed} == core | {"webvoyager-gym"}
    assert {check.name for check in checks if not check.needed} == train


def test_a_package_that_is_absent_or_too_old() -> None:
    assert doctor.check_package(Requirement("no-such-package>=2"), needed=True) == Check(
        "no-such-package", False, True, "is not installed", "pip install 'no-such-package>=2'"
    )
    old = doctor.check_package(Requirement("numpy>=999"), needed=False)
    assert not old.ok
    assert old.detail.endswith("but >=999 is needed")
    assert old.mend == "pip install 'webvoyager-gym[train]'"


def test_chromium_really_starts() -> None:
    check = doctor.check_chromium()
    assert check.ok, check
    assert check.detail.endswith("starts")


def test_chromium_is_checked_inside_a_running_event_loop() -> None:
    async def notebook() -> Check:
        return doctor.check_chromium()

    assert asyncio.run(notebook()).ok


def test_a_chromium_that_dies_or_lacks_something_says_what(tmp_path: Path) -> None:
    dead = doctor.check_chromium(script(tmp_path / "dead", "exit 3"))
    assert (dead.ok, dead.mend) == (False, "playwright install --with-deps chromium")
    library = "error while loading shared libraries: libnss3.so: cannot open shared object file"
    torn = doctor.check_chromium(script(tmp_path / "torn", f"echo '{library}' >&2; exit 127"))
    assert torn.detail.endswith("lacks the system library libnss3.so")
    assert torn.mend == "playwright install-deps chromium"
    caged = doctor.check_chromium(script(tmp_path / "caged", "echo 'FATAL: No usable sandbox!' >&2; exit 1"))
    assert caged.mend == "export WEBVOYAGER_GYM_NO_SANDBOX=1"


def test_a_chromium_that_hangs_meets_the_deadline(tmp_path: Path) -> None:
    check = doctor.check_chromium(script(tmp_path / "hangs", "exec sleep 60"), deadline=1)
    assert not check.ok
    assert "did not start within 1 s" in check.detail


def test_a_chromium_that_is_not_there(tmp_path: Path) -> None:
    check = doctor.check_chromium(str(tmp_path / "nowhere"))
    assert not check.ok
    assert "is not an executable file" in check.detail


def test_pocket_weights_whole_torn_and_absent(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    assert not doctor.check_pocket_weights(path).ok
    save_file({"a": np.zeros(4, np.float32), "b": np.zeros(2, np.float32)}, path)
    assert doctor.check_pocket_weights(path).detail.startswith("2 tensors")
    path.write_bytes(path.read_bytes()[:-8])
    assert "cannot be read" in doctor.check_pocket_weights(path).detail


def test_datasets_folder_need_not_exist_but_must_be_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop" / "demo-v0" / "data").mkdir(parents=True)
    (tmp_path / "shop" / "demo-v0" / "data" / "metadata.json").write_text("{}")
    (tmp_path / "file").touch()

    def check(folder: Path) -> Check:
        monkeypatch.setenv("WEBVOYAGER_GYM_DATASETS", str(folder))
        return doctor.check_datasets()

    assert check(tmp_path).detail.endswith("(1 there)")
    assert check(tmp_path / "not" / "yet").ok
    assert not check(tmp_path / "file" / "below").ok


def test_a_package_that_cannot_be_imported_ends_no_diagnosis(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("h5py", "playwright", "playwright.async_api", "safetensors"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("webvoyager_gym.data")]:
        monkeypatch.delitem(sys.modules, name)
    checks = {check.name: check for check in doctor.diagnose()}
    for name in ("chromium", "pocket VLM", "datasets"):
        assert (checks[name].ok, checks[name].needed) == (False, True)
        assert checks[name].mend == "pip install --force-reinstall webvoyager-gym"
    assert checks["torch device"].ok


def test_api_keys_are_named_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the-secret")
    document = json.dumps(doctor.as_json([doctor.check_api_keys()]))
    assert "OPENAI_API_KEY" in document
    assert "the-secret" not in document


def test_only_needed_things_decide() -> None:
    fine = Check("a", True, True, "1.0")
    optional = Check("b", False, False, "is not installed", "pip install b")
    needed = Check("c", False, True, "is not installed", "pip install c")
    assert doctor.healthy([fine, optional])
    assert not doctor.healthy([fine, needed])
    assert doctor.as_json([fine, needed])["ok"] is False


def test_mends_put_needed_things_first_and_share_a_line() -> None:
    checks = [
        Check("fine", True, True, "1.0"),
        Check("d3rlpy", False, False, "is not installed", "pip install 'webvoyager-gym[train]'"),
        Check("minari", False, False, "is not installed", "pip install 'webvoyager-gym[train]'"),
        Check("chromium", False, True, "is not there", "playwright install chromium"),
    ]
    assert doctor.mends(checks) == [
        "chromium: playwright install chromium",
        "d3rlpy, minari: pip install 'webvoyager-gym[train]'",
    ]
