from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from webvoyager_gym.browser import chromium
from webvoyager_gym.browser.chromium import ENVIRONMENT_VARIABLE, NO_SANDBOX_VARIABLE, find_chromium, launch_arguments
from webvoyager_gym.errors import MissingDependency


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def playwright_build(folder: Path, name: str, inside: str, whole: bool = True) -> Path:
    path = executable(folder / name / inside)
    if whole:
        (folder / name / "INSTALLATION_COMPLETE").touch()
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser: `bare/bin` is all of PATH, `bare/playwright` is Playwright's folder."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(chromium, "_SYSTEM_PATHS", ())
    return tmp_path


@pytest.fixture
def unsaid() -> Iterator[None]:
    chromium._log_no_sandbox.cache_clear()
    yield
    chromium._log_no_sandbox.cache_clear()


def test_argument_then_variable_then_playwright_then_system(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = executable(bare / "bin" / "chromium")
    assert find_chromium() == str(system)
    own = playwright_build(bare / "playwright", "chromium-1000", "chrome-linux64/chrome")
    assert find_chromium() == str(own)
    named = executable(bare / "named")
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(named))
    assert find_chromium() == str(named)
    argument = executable(bare / "argument")
    assert find_chromium(str(argument)) == str(argument)


def test_a_name_on_path_will_do_as_argument(bare: Path) -> None:
    path = executable(bare / "bin" / "my-browser")
    assert find_chromium("my-browser") == str(path)


def test_newest_playwright_build_wins_and_headless_shells_come_last(bare: Path) -> None:
    folder = bare / "playwright"
    shell = playwright_build(
        folder, "chromium_headless_shell-2000", "chrome-headless-shell-linux64/chrome-headless-shell"
    )
    assert find_chromium() == str(shell)
    playwright_build(folder, "chromium-999", "chrome-linux/chrome")
    newest = playwright_build(folder, "chromium-1000", "chrome-linux64/chrome")
    assert find_chromium() == str(newest)


def test_a_torn_playwright_download_is_passed_over(bare: Path) -> None:
    playwright_build(bare / "playwright", "chromium-1000", "chrome-linux64/chrome", whole=False)
    with pytest.raises(MissingDependency):
        find_chromium()


def test_none_at_all_names_the_commands(bare: Path) -> None:
    with pytest.raises(MissingDependency, match=r"'playwright install --with-deps chromium'.*apt-get install chromium"):
        find_chromium()


@pytest.mark.parametrize("source", ["argument", ENVIRONMENT_VARIABLE])
def test_a_named_browser_that_is_not_there_is_never_replaced(
    bare: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    executable(bare / "bin" / "chromium")
    if source != "argument":
        monkeypatch.setenv(source, "/no/such/browser")
    with pytest.raises(MissingDependency, match=f"'/no/such/browser' named by {source}"):
        find_chromium("/no/such/browser" if source == "argument" else None)


def test_resolver_rules_are_passed_on() -> None:
    rules = "MAP *.webvoyager.test 127.0.0.1:8000"
    assert f"--host-resolver-rules={rules}" in launch_arguments(rules)
    assert not any("resolver" in argument for argument in launch_arguments())


def test_root_runs_without_the_sandbox_and_hears_it_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, unsaid: None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with caplog.at_level(logging.INFO):
        assert "--no-sandbox" in launch_arguments()
        assert "--no-sandbox" in launch_arguments()
    assert [record.message for record in caplog.records] == [
        "Chromium runs without its sandbox (--no-sandbox): this process is root's."
    ]


def test_everyone_else_keeps_the_sandbox_unless_they_say_otherwise(
    monkeypatch: pytest.MonkeyPatch, unsaid: None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv(NO_SANDBOX_VARIABLE, raising=False)
    assert "--no-sandbox" not in launch_arguments()
    monkeypatch.setenv(NO_SANDBOX_VARIABLE, "1")
    assert "--no-sandbox" in launch_arguments()
