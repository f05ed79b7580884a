"""The Python blocks of the written pages run as they stand, and print what the pages say they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run_blocks(page: Path) -> int:
    """Run a page's Python blocks one after another; how many there are."""
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - our own page
    return len(blocks)


def test_the_readmes_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_blocks(ROOT / "README.md") >= 2
    assert "click [1]" in capsys.readouterr().out


def test_the_datasets_pages_code_runs() -> None:
    assert run_blocks(ROOT / "datasets/README.md") == 1


def test_the_sum_of_a_run_on_a_cluster_is_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = ROOT / "docs/cluster.md"
    assert run_blocks(page) == 1
    (said,) = re.findall(r"```text\n(.*?)```", page.read_text(), re.DOTALL)
    assert capsys.readouterr().out == said


def test_pages_that_the_readme_links_are_there() -> None:
    linked = re.findall(r"\]\(([\w./-]+)\)", (ROOT / "README.md").read_text())
    assert "docs/cluster.md" in linked
    assert [name for name in linked if not (ROOT / name).exists()] == []
