"""Tasks that are done when the code host is in the wanted state, and nothing else was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.code import names
from webvoyager_gym.sites.code.questions import draw_extreme, extreme_query, extreme_text
from webvoyager_gym.sites.code.state import (
    WATCHING,
    CodeState,
    find_issue,
    issue_key,
    original,
    standing_effect,
)
from webvoyager_gym.sites.code.task import CodeTask
from webvoyager_gym.sites.code.walk import CodeHand, on, show, turn_to
from webvoyager_gym.sites.code.world import World
from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.kit.worded import Wordings


class Errand(CodeTask):
    """A task without an answer."""

    kind: ClassVar[Literal["act"]] = "act"


def star(initial: dict[str, Any], key: str) -> dict[str, Any]:
    """The effects with one more star."""
    return {**initial, "stars": sorted({*initial["stars"], key})}


class Star(Errand):
    """Star a named repository, of which there may be a fork."""

    name: ClassVar[str] = "star"
    wordings: ClassVar[Wordings] = {
        "": ("Star the repository {repo}.", "Give {repo} a star.", "Add {repo} to my stars."),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        forked = [one.parent for one in world.repositories if one.parent]
        pool = [*world.repositories, *[world.by_key[key] for key in forked]]
        return {"repo": one_of(random, pool).key}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return star(initial, params["repo"])


class StarExtreme(Errand):
    """Star the repository with the most or fewest stars or the newest update."""

    name: ClassVar[str] = "star-extreme"
    wordings: ClassVar[Wordings] = {
        "": ("Forks left aside, star {thing}.", "Find {thing}, no fork, and star it.", "Star {thing}. Ignore forks."),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return star(initial, params["repo"])

    def expert(self, hand: CodeHand) -> Next:
        repository, query = hand.world.by_key[hand.params["repo"]], extreme_query(hand.params)
        have, want = hand.state.effects(), hand.wanted
        missing = have == {**want, "stars": [key for key in want["stars"] if key != repository.key]}
        if missing and not on(hand, repository) and hand.state.signed_in:
            return show(hand, query) or turn_to(hand, query, repository) or hand.click(key=f"repo-{repository.key}")
        return super().expert(hand)


class SignInAndStar(Star):
    """Star a repository from outside the log-in wall."""

    name: ClassVar[str] = "sign-in-and-star"
    wordings: ClassVar[Wordings] = {
        "": (
            "Sign in as {user} with the password {password} and star {repo}.",
            "Star {repo}. My username is {user} and my password {password}.",
            "Log in with {user} and {password}, then give {repo} a star.",
        )
    }

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "user": world.user, "password": world.password}

    def prepare(self, world: World, params: Params, state: CodeState) -> None:
        state.signed_in = False


class Watch(Errand):
    """Choose how much of a repository to hear about, in a menu."""

    name: ClassVar[str] = "watch"
    wordings: ClassVar[Wordings] = {
        "": (
            'Watch {repo} with the setting "{level}".',
            'Set the watching of {repo} to "{level}".',
            'Change how I watch {repo}: choose "{level}".',
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        choice = one_of(random, tuple(WATCHING)[1:])
        return {"repo": one_of(random, world.repositories).key, "choice": choice}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "level": WATCHING[params["choice"]]}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "watching": {**initial["watching"], params["repo"]: params["choice"]}}


class Fork(Errand):
    """Fork a repository into one's own account or an organisation."""

    name: ClassVar[str] = "fork"
    wordings: ClassVar[Wordings] = {
        "": (
            "Fork {repo} into {account}.",
            "Create a fork of {repo} with {account} as its owner.",
            "Make a copy of {repo} in the account {account}: fork it.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository, account = one_of(random, world.sources), one_of(random, (world.user, *world.groups))
        return {"repo": repository.key, "account": account} if repository.owner != account else None

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "forks": {**initial["forks"], params["repo"]: params["account"]}}


class IssueErrand(Errand):
    """A task about one issue, which it names by title and repository."""

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        repository, issue = find_issue(world, params["issue"])
        return {**params, "repo": repository.key, "title": issue.title, "number": issue.number}

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        _, issue = find_issue(world, params["issue"])
        now = original(issue)
        changes = {name: params[name] for name in ("open", "labels", "assignee") if name in params}
        wanted = replace(now, **changes)
        return {**initial, "standings": {**initial["standings"], params["issue"]: standing_effect(wanted)}}


class CloseIssue(IssueErrand):
    """Close or reopen an issue."""

    name: ClassVar[str] = "close-issue"
    wordings: ClassVar[Wordings] = {
        "close": (
            'Close the issue "{title}" of {repo}.',
            'In {repo}, "{title}" is solved. Close that issue.',
            "Close issue #{number} of {repo}.",
        ),
        "reopen": (
            'Reopen the closed issue "{title}" of {repo}.',
            'In {repo}, the issue "{title}" is back. Reopen it.',
            "Reopen the closed issue #{number} of {repo}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.sources)
        issue = one_of(random, repository.issues)
        return {
            "issue": issue_key(repository, issue),
            "open": not issue.open,
            "fact": "close" if issue.open else "reopen",
        }


class TriageIssue(IssueErrand):
    """Give an open issue a label and a person."""

    name: ClassVar[str] = "triage-issue"
    wordings: ClassVar[Wordings] = {
        "": (
            'Add the label {label} to the issue "{title}" of {repo} and assign it to {assignee}.',
            'Assign the issue "{title}" of {repo} to {assignee} and label it {label} as well.',
            "Issue #{number} of {repo} needs one more label, {label}, and {assignee} as its assignee.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.sources)
        issue = one_of(random, [one for one in repository.issues if one.open] or repository.issues)
        label = one_of(random, [one for one in names.LABELS if one not in issue.labels])
        people = [one for one, _ in repository.contributors if one != issue.assignee]
        if not issue.open:
            return None
        return {
            "issue": issue_key(repository, issue),
            "label": label,
            "labels": [*issue.labels, label],
            "assignee": one_of(random, people),
        }


class Remark(IssueErrand):
    """Comment on an issue."""

    name: ClassVar[str] = "comment"
    wordings: ClassVar[Wordings] = {
        "": (
            'Comment "{text}" on the issue "{title}" of {repo}.',
            'Leave the comment "{text}" on "{title}" in {repo}.',
            'Write "{text}" as a comment on issue #{number} of {repo}.',
        )
    }
    _TEXTS: ClassVar[tuple[str, ...]] = (
        "I can help with this", "Fixed on my machine", "Any news on this", "Please try the new release",
        "This blocks our team", "Works for me now",
    )  # fmt: skip

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.sources)
        issue = one_of(random, [one for one in repository.issues if one.open] or repository.issues)
        return {"issue": issue_key(repository, issue), "text": one_of(random, self._TEXTS)} if issue.open else None

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "comments": {**initial["comments"], params["issue"]: params["text"]}}


class OpenIssue(Errand):
    """Open a new issue with a title, a label and at times an assignee."""

    name: ClassVar[str] = "open-issue"
    wordings: ClassVar[Wordings] = {
        "alone": (
            'Open an issue in {repo} titled "{title}" with the label {label}.',
            'Report "{title}" as a new issue of {repo}, labelled {label}.',
            'Create a new issue in {repo}: title "{title}", label {label}.',
        ),
        "assigned": (
            'Open an issue in {repo} titled "{title}", label {label}, assigned to {assignee}.',
            'Create a new issue in {repo}: title "{title}", label {label}, assignee {assignee}.',
            'Report "{title}" in {repo} as a new issue with label {label} for {assignee}.',
        ),
    }
    _TITLES: ClassVar[tuple[str, ...]] = (
        "Typo in the guide", "Support dark mode", "Add a quiet option", "Install fails on Linux",
        "Explain the defaults", "Speed up the tests",
    )  # fmt: skip

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.sources)
        fact = one_of(random, tuple(self.wordings))
        person = one_of(random, repository.contributors)[0] if fact == "assigned" else ""
        return {
            "repo": repository.key,
            "title": one_of(random, self._TITLES),
            "label": one_of(random, names.LABELS),
            "assignee": person,
            "fact": fact,
        }

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        issue = {name: params[name] for name in ("title", "label", "assignee")}
        return {**initial, "opened": {**initial["opened"], params["repo"]: issue}}


ERRANDS = (
    Star(), StarExtreme(), SignInAndStar(), Watch(), Fork(), CloseIssue(), TriageIssue(), Remark(), OpenIssue(),
)  # fmt: skip
