"""What the code host remembers of one visitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.code.world import Issue, Repository, World
from webvoyager_gym.sites.kit import State

WATCHING = {
    "": "Participating and mentions",
    "all": "All activity",
    "releases": "Releases only",
    "none": "Ignore",
}
"""How much of a repository the visitor hears about; the first is where everyone starts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue stands."""

    open: bool
    labels: tuple[str, ...]
    assignee: str


@dataclass(frozen=True, slots=True)
class OwnIssue:
    """An issue that the visitor opened."""

    title: str
    label: str
    assignee: str


@dataclass
class CodeState(State):
    """What one visitor has done.

    Attributes:
        stars: keys of starred repositories, in the order they were starred.
        watching: repository key to a key of WATCHING, where it is not "".
        forks: repository key to the account it was forked into.
        standings: "owner/name#number" to where the issue stands, where it was changed.
        comments: the same to the visitor's own comment.
        opened: repository key to the issue the visitor opened there.
    """

    world: World
    signed_in: bool = True
    stars: list[str] = field(default_factory=list)
    watching: dict[str, str] = field(default_factory=dict)
    forks: dict[str, str] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    opened: dict[str, OwnIssue] = field(default_factory=dict)

    def standing(self, repository: Repository, issue: Issue) -> Standing:
        """Where an issue stands now."""
        return self.standings.get(issue_key(repository, issue), original(issue))

    def set_standing(self, repository: Repository, issue: Issue, standing: Standing) -> None:
        """Change where an issue stands; what is as it was at first is no change."""
        key = issue_key(repository, issue)
        self.standings.pop(key, None)
        if standing != original(issue):
            self.standings[key] = standing

    def effects(self) -> dict[str, Any]:
        return {
            "stars": sorted(self.stars),
            "watching": dict(self.watching),
            "forks": dict(self.forks),
            "standings": {key: standing_effect(standing) for key, standing in self.standings.items()},
            "comments": dict(self.comments),
            "opened": {key: asdict(issue) for key, issue in self.opened.items()},
        }


def issue_key(repository: Repository, issue: Issue) -> str:
    """An issue's identifier among all."""
    return f"{repository.key}#{issue.number}"


def find_issue(world: World, key: str) -> tuple[Repository, Issue]:
    """The repository and issue of an identifier."""
    name, _, number = key.partition("#")
    repository = world.by_key[name]
    issue = repository.issue(int(number))
    assert issue is not None
    return repository, issue


def original(issue: Issue) -> Standing:
    """Where an issue stood before the visitor came."""
    return Standing(issue.open, issue.labels, issue.assignee)


def standing_effect(standing: Standing) -> dict[str, Any]:
    """A standing as plain data."""
    return {"open": standing.open, "labels": sorted(standing.labels), "assignee": standing.assignee}
