"""A download with its progress shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webvoyager_gym.data.dataset import Dataset


def download_shown(id: str, *, source: str = "", screenshots: bool = True) -> Dataset:
    """`webvoyager_gym.data.download.download` with a progress bar on stderr."""
    from webvoyager_gym.bars import Bars
    from webvoyager_gym.data.download import download

    with Bars() as bars:
        bar = bars.add_task(f"download {id}", total=None, count="")

        def report(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total, count=f"{done / 1e6:.1f} of {total / 1e6:.1f} MB")

        return download(id, source=source, screenshots=screenshots, report=report)
