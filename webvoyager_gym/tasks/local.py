"""Suite "local": tasks on the sites that this package serves on loopback, checked on server state and answer."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from webvoyager_gym.actions import Action
from webvoyager_gym.errors import InfrastructureFailure, not_found
from webvoyager_gym.sites import SITES, load_site
from webvoyager_gym.sites.kit.answers import Expected
from webvoyager_gym.sites.kit.expert import Hand, NotThere
from webvoyager_gym.sites.kit.look import look_from_seed
from webvoyager_gym.sites.kit.server import COOKIE, DOMAIN, EpisodeState, LocalWeb, ServerThread, world_of
from webvoyager_gym.sites.kit.serving import ProcessServer
from webvoyager_gym.sites.kit.template import Params, Template
from webvoyager_gym.sites.kit.world import SPLITS, check_split, generator
from webvoyager_gym.tasks.frozen import frozen_task, frozen_tasks
from webvoyager_gym.tasks.task import Outcome, TaskSession
from webvoyager_gym.types import PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

TASKS_PER_WORLD = 16
"""Consecutive seeds share a world, so that one page can serve many goals."""

ATTEMPTS, WORLDS_TRIED, FAR = 200, 5, 1_000_003
"""How often a template draws in one world before it goes to another, how many it tries, and how far apart these are."""

SITE_DEADLINE = 10.0
"""Seconds the server may take to say that it is there."""

LISTED = 50
"""How many tasks of each template `tasks()` lists of a split with unlimited seeds."""

_ID = re.compile(r"(?P<site>[a-z-]+)/(?P<template>[a-z0-9-]+)/(?P<split>[a-z]+)-(?P<seed>\d{1,7})")


@dataclass(frozen=True, slots=True)
class LocalTask:
    """A task on a local site: everything follows from (site, template, split, seed).

    Attributes:
        look: seed of the looks; the world's seed unless given.
    """

    site: str
    template: str
    split: str
    seed: int
    look: int | None = None

    @property
    def id(self) -> str:
        return f"{self.site}/{self.template}/{self.split}-{self.seed}"

    @property
    def goal(self) -> str:
        return _drawn(self.site, self.template, self.split, self.seed).goal

    @property
    def world_seed(self) -> int:
        return self.seed // TASKS_PER_WORLD

    @property
    def borrowed(self) -> bool:
        """Whether the world of its seed has nothing that the template could ask for, so that it plays in another."""
        return _drawn(self.site, self.template, self.split, self.seed).borrowed

    @property
    def feasible(self) -> bool:
        """False if the right answer is that it cannot be done."""
        return template_of(self.site, self.template).feasible

    @property
    def difficulty(self) -> str:
        """Of the test split: "easy", "medium" or "hard" as measured when it was frozen; "" for any other task."""
        entry = frozen_task(self.id)
        return entry.difficulty if entry is not None else ""

    @property
    def start_url(self) -> str:
        return f"http://{self.site}.{DOMAIN}{load_site(self.site).start}"

    async def setup(self, page: BrowserPage) -> LocalSession:
        session = open_session(self)
        try:
            await page.set_cookie(COOKIE, session.token, domain=f"{self.site}.{DOMAIN}")
            await page.goto(self.start_url)
            await session.reach()
        except BaseException:
            session.forget()
            raise
        return session


@dataclass(frozen=True)
class _Drawn:
    """What a task asks for. Of its world only the seed, so that a long run does not keep every world it has seen."""

    template: Template[Any, Any]
    world_seed: int
    params: Params
    goal: str
    borrowed: bool


@functools.lru_cache(maxsize=8192)
def _drawn(site_name: str, template_name: str, split: str, seed: int) -> _Drawn:
    site = load_site(site_name)
    template = template_of(site_name, template_name)
    for attempt in range(WORLDS_TRIED * ATTEMPTS):
        # A world in ten thousands has nothing that a template could ask for (webvoyager_gym/proofs/draws.py).
        other = attempt // ATTEMPTS
        world_seed = seed // TASKS_PER_WORLD + other * FAR
        world = world_of(site, split, world_seed)
        random = generator("task", site_name, template_name, split, seed, attempt)
        params = template.draw(world, random)
        if params is not None:
            return _Drawn(template, world_seed, params, template.goal(world, params, random), other > 0)
    raise RuntimeError(f"The template {site_name}/{template_name} drew no task from {WORLDS_TRIED} worlds of {split}.")


def template_of(site: str, name: str) -> Template[Any, Any]:
    """A site's template. Raises NotFound."""
    templates = {template.name: template for template in load_site(site).templates}
    if name not in templates:
        raise not_found(f"template of {site}", name, templates)
    return templates[name]


@dataclass
class LocalSession(TaskSession):
    """A running episode of a local task, with the truth at hand."""

    task: LocalTask
    episode: EpisodeState
    token: str
    params: Params
    wanted: dict[str, Any]
    expected: Expected | None
    template: Template[Any, Any] = field(repr=False)
    server: ServerThread = field(repr=False)

    async def check(self, view: PageView, answer: str | None) -> Outcome:
        await self.reach()
        return self.judge(answer)

    async def reach(self) -> None:
        """Make sure that what there is to see came from a server that serves.

        A page can look well when parts of it, or what its buttons ask for, never came.

        Raises:
            InfrastructureFailure: part "site"; the server stopped since the episode began, or stalls.
        """
        if not await self.server.answers(SITE_DEADLINE):
            what = f"does not answer within {SITE_DEADLINE:g} s" if self.server.alive else "stopped"
            raise InfrastructureFailure("site", f"The local sites' server {what}; call reset() for a new episode.")

    def judge(self, answer: str | None) -> Outcome:
        """Success and end of the episode from the server state's effects and the answer."""
        effects_right = self.episode.state.effects() == self.wanted
        if self.expected is None:
            if effects_right:
                return Outcome(done=True, success=True, reason="the site is in the wanted state")
            return Outcome(done=answer is not None, reason="the site is not in the wanted state")
        if answer is None:
            return Outcome()
        if not effects_right:
            return Outcome(
                done=True, reason="the site was changed in a way that was not asked for, or not changed as asked"
            )
        if self.expected.matches(answer):
            return Outcome(done=True, success=True, reason="the answer is right")
        return Outcome(done=True, reason="the answer is wrong")

    def best_actions(self, view: PageView) -> tuple[Action, ...]:
        return self.experts_actions(self.template, self.params, self.wanted, self.expected, view)

    def experts_actions(
        self,
        template: Template[Any, Any],
        params: Params,
        wanted: dict[str, Any],
        expected: Expected | None,
        view: PageView,
    ) -> tuple[Action, ...]:
        """What the expert of any template of this site would do here. Raises NoExpert."""
        hand = Hand(view, self.episode.world, self.episode.state, params, wanted, expected)
        try:
            obstacle = self.episode.site.obstacle(hand)
            if obstacle is not None:
                return (obstacle,)
            best = template.expert(hand)
        except NotThere:
            covering = hand.find(key="consent")
            return (
                (Action("click", covering.index),) if covering is not None and covering.visible else (hand.restart(),)
            )
        return (best,) if isinstance(best, Action) else tuple(best)

    def forget(self) -> None:
        """Stop serving the episode."""
        local_web().app.close_episode(self.token)

    async def close(self) -> None:
        self.forget()


def open_session(task: LocalTask) -> LocalSession:
    """Start serving an episode of the task; the caller sets the cookie and opens the page."""
    drawn = _drawn(task.site, task.template, task.split, task.seed)
    site = load_site(task.site)
    world = world_of(site, task.split, drawn.world_seed)
    state = site.new_state(world)
    drawn.template.prepare(world, drawn.params, state)
    wanted = drawn.template.effects(world, drawn.params, state.effects())
    expected = drawn.template.expected(world, drawn.params)
    look = look_from_seed(task.site, task.world_seed if task.look is None else task.look)
    episode = EpisodeState(site, world, state, look)
    web = local_web()
    token = web.app.open_episode(episode)
    return LocalSession(task, episode, token, drawn.params, wanted, expected, drawn.template, web.server)


local_web = ProcessServer(lambda: LocalWeb(SITES, load_site))
"""This process's server of the local sites."""


@dataclass(frozen=True)
class LocalSuite:
    """The local suite; ids read site/template/split-seed.

    Train and validation have unlimited seeds; the test split is a list (`webvoyager_gym.tasks.frozen`).
    """

    look: int | None = None

    @property
    def name(self) -> str:
        """What `load_suite` knows it by."""
        return "local" if self.look is None else f"local?look={self.look}"

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(SITES)

    @property
    def splits(self) -> tuple[str, ...]:
        return SPLITS

    @property
    def listed_splits(self) -> tuple[str, ...]:
        return ("test",)

    @property
    def resolver_rules(self) -> str | None:
        return local_web().resolver_rules

    def task(self, task_id: str) -> LocalTask:
        match = _ID.fullmatch(task_id)
        if match is None:
            raise not_found("task", task_id, [task.id for site in SITES for task in self._first(site, "test")])
        parts = match.groupdict()
        load_site(parts["site"])
        template_of(parts["site"], parts["template"])
        return LocalTask(parts["site"], parts["template"], check_split(parts["split"]), int(parts["seed"]), self.look)

    def sample(self, seed: int, site: str | None = None, split: str = "train") -> LocalTask:
        random = generator("sample", split, site or "", seed)
        if split == "test":
            listed = self.tasks(site, split)
            return listed[int(random.integers(len(listed)))]
        chosen = site if site is not None else str(random.choice(sorted(SITES)))
        templates = load_site(chosen).templates
        template = templates[int(random.integers(len(templates)))]
        return LocalTask(chosen, template.name, check_split(split), int(random.integers(1_000_000)), self.look)

    def tasks(self, site: str | None = None, split: str = "test", template: str | None = None) -> list[LocalTask]:
        check_split(split)
        if site is not None:
            load_site(site)
        if split == "test":
            listed = (self.task(entry.id) for entry in frozen_tasks())
            return [
                task
                for task in listed
                if (site is None or task.site == site) and (template is None or task.template == template)
            ]
        return [
            LocalTask(name, kind.name, split, seed, self.look)
            for name in ([site] if site else SITES)
            for kind in load_site(name).templates
            if template is None or kind.name == template
            for seed in range(LISTED)
        ]

    def _first(self, site: str, split: str) -> list[LocalTask]:
        return [LocalTask(site, template.name, split, 0) for template in load_site(site).templates]
