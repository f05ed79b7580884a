"""Suite "replay:FOLDER": recorded episodes as tasks of their own, answered from their archives without a network.

The page is answered as it was when the episode was recorded, has the same clock and the same chance, and may go where
the recording goes. An action that leads elsewhere ends the episode as `site`, which counts for nobody.
"""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from webvoyager_gym.browser.guard import Guard
from webvoyager_gym.errors import InfrastructureFailure, InvalidFile, NotFound, WebVoyagerError, not_found
from webvoyager_gym.judge.case import Reference, Shot
from webvoyager_gym.network.archive import find_archives, read_about, read_recording
from webvoyager_gym.network.exchange import About
from webvoyager_gym.network.playback import Gaps, Playback
from webvoyager_gym.tasks.listed import TEST, ListedSuite, check_options
from webvoyager_gym.tasks.task import Outcome
from webvoyager_gym.tasks.webvoyager.session import SHOTS_KEPT, LiveSession, first_look
from webvoyager_gym.tasks.webvoyager.sites import PLACE
from webvoyager_gym.types import PageView
from webvoyager_gym.vlm.names import split_name

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

NOWHERE = "MAP * ~NOTFOUND"
"""Chromium's --host-resolver-rules: should a request ever slip past its recording, it finds no host to go to."""


@dataclass(frozen=True, slots=True)
class ReplayTask:
    """A recorded episode.

    Attributes:
        path: of its archive.
        about: what the archive says of it.
        judge: name of the VLM that judges an answer; "" to leave that for `webvoyager-gym judge`.
    """

    path: Path
    about: About
    judge: str = ""

    @property
    def id(self) -> str:
        """The recorded task's, and the beginning of the archive's checksum."""
        return f"{self.about.task_id}@{self.about.sha256[:12]}"

    @property
    def site(self) -> str:
        return self.about.site

    @property
    def split(self) -> str:
        return TEST

    @property
    def goal(self) -> str:
        return self.about.goal

    @property
    def template(self) -> str:
        return "replay"

    @property
    def start_url(self) -> str:
        """Where it begins."""
        return self.about.start_url

    @property
    def actions(self) -> tuple[str, ...]:
        """What was done when it was recorded; `env.branch` goes along it."""
        return self.about.actions

    @property
    def reference(self) -> Reference | None:
        """None: a recording holds no right answer."""
        return None

    async def setup(self, page: BrowserPage) -> ReplaySession:
        """Open the first page as it was.

        Raises:
            WebVoyagerError: the page has another viewport than the recorded one.
            InfrastructureFailure: part "site"; the archive cannot be read.
        """
        width, height = self.about.viewport
        if page.viewport != (width, height):
            raise WebVoyagerError(
                f"{self.path} was recorded with a viewport of {width} x {height}, and pages look different in another; "
                f"give the environment viewport=({width}, {height})."
            )
        try:
            recording = await asyncio.to_thread(read_recording, self.path)
        except (InvalidFile, NotFound) as error:
            raise InfrastructureFailure("site", str(error)) from error
        if recording.about != self.about:
            raise InfrastructureFailure("site", f"{self.path} is another recording than it was; load the suite anew.")
        playback = Playback(recording)
        await page.replay(playback)
        # Names are not looked up, which would ask the network.
        await page.keep_to(Guard(self.about.hosts, local_network=True, credentials=self.about.credentials))
        if self.about.live:
            await page.stand_at(*PLACE)
        await page.goto(self.start_url)
        shot = await first_look(page) if self.about.live else Shot.of((await page.observe()).screenshot)
        return ReplaySession(self, deque([shot], maxlen=SHOTS_KEPT), playback=playback, gaps=playback.gaps())


@dataclass
class ReplaySession(LiveSession):
    """A running episode of a recorded one.

    Attributes:
        playback: what answers.
        gaps: what the recording lacked of what the last action asked for.
    """

    playback: Playback = field(kw_only=True)
    gaps: Gaps = field(kw_only=True)

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        self.gaps = self.playback.gaps()
        if self.gaps.document:
            return Outcome(failure="site", reason=f"The recording does not hold {self.gaps.document}.", judge="")
        return await super().check(view, answer)

    def notes(self) -> Mapping[str, Any]:
        """`unrecorded`: addresses that nothing was recorded for; `approximated`: those that a like one answered for."""
        return {"unrecorded": self.gaps.unrecorded, "approximated": self.gaps.approximated}


@dataclass(frozen=True)
class ReplaySuite(ListedSuite[ReplayTask]):
    """The recorded episodes of a folder, or one.

    Attributes:
        place: a folder of archives, or one of them.
        judge: name of the VLM that judges answers, as for `webvoyager_gym.vlm.load_proposer`.
    """

    place: Path
    judge: str = ""

    @classmethod
    def named(cls, name: str) -> Self:
        """From "replay:FOLDER" or "replay:FILE", with `?judge=openai:MODEL` behind it if answers are to be judged.

        Raises:
            NotFound: there is no recording, or no such option.
            InvalidFile: one of them is damaged, or none of ours.
            InvalidModelName: an option has no value.
        """
        _, place, options = split_name(name)
        check_options("replay", options, ["judge"])
        suite = cls(Path(place), options.get("judge", ""))
        _ = suite._tasks
        return suite

    @property
    def name(self) -> str:
        """What `load_suite` knows it by."""
        return f"replay:{self.place}"

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(task.site for task in self._tasks.values()))

    @property
    def resolver_rules(self) -> str:
        return NOWHERE

    def task(self, task_id: str) -> ReplayTask:
        if task_id not in self._tasks:
            raise not_found("recorded episode", task_id, self._tasks)
        return self._tasks[task_id]

    def listed(self) -> Iterable[ReplayTask]:
        return self._tasks.values()

    @functools.cached_property
    def _tasks(self) -> dict[str, ReplayTask]:
        tasks = (ReplayTask(path, read_about(path), self.judge) for path in find_archives(self.place))
        return {task.id: task for task in tasks}
