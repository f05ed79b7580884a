"""`webvoyager-gym view` as it is typed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from tests.made_up_results import episode as row
from tests.made_up_results import result
from tests.viewer.recordings import dataset, pictured, record
from webvoyager_gym.cli import app
from webvoyager_gym.q_network import QConfig, save_q
from webvoyager_gym.result_file import save_result


def view(*arguments: str | Path) -> tuple[int, str]:
    """Exit status and all that was said."""
    done = CliRunner().invoke(app, ["view", *map(str, arguments)])
    return done.exit_code, done.output + str(done.exception or "")


def test_it_serves_a_growing_recording_until_it_is_interrupted(tmp_path: Path) -> None:
    record(tmp_path, pictured("shop-1"))
    command = [sys.executable, "-m", "webvoyager_gym.cli", "view", str(tmp_path), "--no-open", "--episode", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        try:
            assert address is not None
            assert "Find shop-1" in _get(f"{address[0]}episode/0")
            assert "shop-2" not in _get(address[0])
            record(tmp_path, pictured("shop-2"), worker=1)
            assert "Find shop-2" in _get(address[0])
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def test_it_writes_a_page_and_a_moving_picture(tmp_path: Path) -> None:
    made = dataset(tmp_path, *(pictured(f"shop-{n}", ending="truncated" if n % 2 else "terminated") for n in range(4)))
    page, video = tmp_path / "page.html", tmp_path / "a.gif"
    status, said = view(made.folder, "--show", "failed", "--out", page, "--video", video)
    assert status == 0, said
    assert "2 episodes in" in said
    assert "Episode 1 in" in said
    assert re.findall(r'class="why">(\d)', page.read_text()) == ["1", "3"]
    with Image.open(video) as image:
        assert getattr(image, "n_frames", 1) == 4
    assert view(made.folder, "--out", page, "--episode", "2", "--most", "1")[0] == 0
    assert re.findall(r'class="why">(\d)', page.read_text()) == ["2"]


def test_the_page_of_a_result_has_its_table(tmp_path: Path) -> None:
    file = save_result(result([row("first"), row("best-of-q", success=True)]), tmp_path / "result.json")
    assert view(file, "--out", tmp_path / "page.html", "--agent", "first")[0] == 0
    page = (tmp_path / "page.html").read_text()
    assert "best-of-q over first" in page
    assert page.count('class="why">') == 1


def test_a_q_function_has_its_say(tmp_path: Path) -> None:
    made = dataset(tmp_path, pictured("shop-1", width=4))
    for width in (4, 5):
        save_q(tmp_path / f"{width}.safetensors", QConfig(width, width).create(), QConfig(width, width), {})
    page = tmp_path / "page.html"
    assert view(made.folder, "--q", tmp_path / "4.safetensors", "--out", page)[0] == 0
    assert re.search(r'<span class="label">Q</span>', page.read_text())
    status, said = view(made.folder, "--q", tmp_path / "5.safetensors", "--episode", "0", "--no-open")
    assert status == 1
    assert "4" in said


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--show", "bad"], 2, "is none of"),
        (["--episode", "7", "--no-open"], 1, "it has 0 to 0"),
        (["--site", "nowhere", "--out", "x.html"], 1, "is like that"),
        (["--video", "x.mp4"], 1, "name it .gif or .webp"),
    ],
)
def test_what_cannot_be_looked_at_is_said(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    made = dataset(tmp_path, pictured("shop-1"))
    got, output = view(made.folder, *arguments)
    assert got == status
    assert said in " ".join(output.split())
