"""Keeping the recordings of a page, one archive an episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from webvoyager_gym.browser.recorder import Tape
from webvoyager_gym.network.archive import write_recording
from webvoyager_gym.network.exchange import About, Recording

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage
    from webvoyager_gym.tasks import Task


class Keeper:
    """Has the episodes of a page recorded, and writes them into a folder.

    Attributes:
        path: the archive of the last episode; None before it is written.

    Args:
        folder: where archives go.
        suite: name of the suite that the tasks are of.
        viewport: (width, height) in CSS pixels.
    """

    def __init__(self, folder: str | Path, suite: str, viewport: tuple[int, int]) -> None:
        self.path: Path | None = None
        self._folder, self._suite, self._viewport = Path(folder), suite, viewport
        self._tape = Tape()
        self._about: About | None = None

    async def begin(self, page: BrowserPage) -> None:
        """Record from now on; on the browser's loop, before the first page is opened. Raises InfrastructureFailure."""
        self._about = self.path = None
        self._tape = Tape()
        await page.record(self._tape)

    def opened(self, task: Task, page: BrowserPage) -> None:
        """Take note of what was opened; an episode whose first page does not come is not kept."""
        guard = page.guard
        self._about = About(
            task_id=task.id,
            site=task.site,
            goal=task.goal,
            suite=self._suite,
            start_url=page.start_url,
            actions=(),
            began=self._tape.began,
            seed=self._tape.seed,
            viewport=self._viewport,
            live=guard is not None and not guard.local_network,
            hosts=guard.hosts if guard is not None else None,
            credentials=guard is None or guard.credentials,
        )

    def keep(self, actions: Sequence[str]) -> None:
        """Write the episode, if one is running that is not written yet.

        Args:
            actions: as they were taken.

        Raises:
            NotWritten: there was no room, or no right.
        """
        about, self._about = self._about, None
        if about is not None:
            recording = Recording(replace(about, actions=tuple(actions)), tuple(self._tape.exchanges))
            self.path = write_recording(recording, self._folder)
