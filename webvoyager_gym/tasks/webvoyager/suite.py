"""The 643 tasks as a suite: original wording or patched, all of them or those that no list of patches changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from webvoyager_gym.errors import WebVoyagerError, not_found
from webvoyager_gym.judge.case import Reference
from webvoyager_gym.tasks.listed import TEST, ListedSuite, check_options
from webvoyager_gym.tasks.webvoyager.entries import Entry, read_entries
from webvoyager_gym.tasks.webvoyager.patches import NEWEST, Patch, common, load_patches
from webvoyager_gym.tasks.webvoyager.session import LiveSession, open_live
from webvoyager_gym.tasks.webvoyager.sites import HOSTS
from webvoyager_gym.vlm.names import InvalidModelName, split_name

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

Which = Literal["all", "common"]


@dataclass(frozen=True, slots=True)
class LiveTask:
    """A task of WebVoyager.

    Attributes:
        entry: as its file has it.
        patch: what is done about it; None for nothing.
        today: the day from which its days are moved.
        judge: name of the VLM that judges an answer; "" to leave that for `webvoyager-gym judge`.
        start_url: its first page.
    """

    entry: Entry
    patch: Patch | None
    today: datetime.date
    judge: str = ""
    start_url: str = ""

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def site(self) -> str:
        return self.entry.site

    @property
    def split(self) -> str:
        return TEST

    @property
    def template(self) -> str:
        """What is done about it: "original" where it is asked as it was written, else the patch's rule."""
        return self.patch.rule if self.patch is not None and self.patch.rewords else "original"

    @property
    def goal(self) -> str:
        return self.patch.applied(self.original, self.today) if self.patch is not None else self.original

    @property
    def original(self) -> str:
        """The goal as it was written in the winter of 2023."""
        return self.entry.question

    @property
    def reference(self) -> Reference | None:
        """A right answer, where WebVoyager's authors give one."""
        return self.entry.reference

    async def setup(self, page: BrowserPage) -> LiveSession:
        return await open_live(self, page)


@dataclass(frozen=True)
class WebVoyagerSuite(ListedSuite[LiveTask]):
    """WebVoyager's tasks; ids are its own, such as "Booking--5".

    Attributes:
        patches: number of the list of patches; 0 for the original wording.
        which: "common" for those tasks only that no list changes, on which all results can be compared.
        today: the day from which days in tasks are moved; None for today in UTC.
        judge: name of the VLM that judges answers, as for `webvoyager_gym.vlm.load_proposer`.
        folder: with WebVoyager's files; the usual one if None.
        resolver_rules: Chromium's --host-resolver-rules; None for the world's names.
        start_urls: first pages by site, where they are not WebVoyager's: of a replica, say.
    """

    patches: int = NEWEST
    which: Which = "all"
    today: datetime.date | None = None
    judge: str = ""
    folder: Path | None = None
    resolver_rules: str | None = None
    start_urls: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def named(cls, name: str) -> Self:
        """From "webvoyager" with options: `?patches=0&tasks=common&today=2026-12-01&judge=openai:gpt-4.1`.

        A judge's own options follow its name, with "&" written as "%26".

        Raises:
            NotFound: there is no such option or list of patches.
            WebVoyagerError: an option's value cannot be used.
        """
        _, _, options = split_name(name)
        check_options("webvoyager", options, ["patches", "tasks", "today", "judge"])
        which: Any = options.get("tasks", "all")
        if which not in ("all", "common"):
            raise not_found("set of WebVoyager's tasks", which, ["all", "common"])
        try:
            patches = int(options.get("patches", NEWEST))
            today = datetime.date.fromisoformat(options["today"]) if "today" in options else None
        except ValueError as error:
            raise InvalidModelName(
                f"The suite {name!r} cannot be: {error}; write patches=1, today=2026-12-01."
            ) from error
        load_patches(patches)
        return cls(patches, which, today, options.get("judge", ""))

    @property
    def name(self) -> str:
        """What `load_suite` knows it by, and what a result states."""
        options = [f"patches={self.patches}"]
        options += [f"tasks={self.which}"] if self.which != "all" else []
        options += [f"today={self.today}"] if self.today is not None else []
        return f"webvoyager?{'&'.join(options)}"

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(HOSTS)

    def task(self, task_id: str) -> LiveTask:
        """The task with that id, also if it is not in the chosen set or was removed, so that it can be shown."""
        if task_id not in self._entries:
            raise not_found("task of WebVoyager", task_id, self._entries)
        entry = self._entries[task_id]
        today = self.today or datetime.datetime.now(datetime.UTC).date()
        start_url = self.start_urls.get(entry.site, entry.url)
        return LiveTask(entry, self._patches.get(task_id), today, self.judge, start_url)

    def listed(self) -> Iterator[LiveTask]:
        return map(self.task, self._chosen)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        entries = {entry.id: entry for entry in read_entries(self.folder)}
        strange = {entry.site for entry in entries.values()} - set(self.sites)
        if strange:
            raise WebVoyagerError(f"WebVoyager's tasks name sites that this package does not know: {strange}.")
        return entries

    @cached_property
    def _patches(self) -> dict[str, Patch]:
        return load_patches(self.patches)

    @cached_property
    def _chosen(self) -> tuple[str, ...]:
        """Ids of the set, in the file's order."""
        removed = {patch.id for patch in self._patches.values() if patch.removed}
        kept = common(frozenset(self._entries)) if self.which == "common" else frozenset(self._entries)
        return tuple(name for name in self._entries if name in kept and name not in removed)
