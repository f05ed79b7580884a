"""Questions that are answered inside a repository, or behind the log-in wall; the code host stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.code import names
from webvoyager_gym.sites.code.state import CodeState, find_issue, issue_key
from webvoyager_gym.sites.code.task import CodeTask
from webvoyager_gym.sites.code.walk import CodeHand, go_to, go_to_file, go_to_issue, show_issues
from webvoyager_gym.sites.code.world import Release, World, day_text, size_text
from webvoyager_gym.sites.kit import Day, Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to, sign_in
from webvoyager_gym.sites.kit.worded import Wordings


class ReleaseDay(CodeTask):
    """When a version was released."""

    name: ClassVar[str] = "release-day"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "tag": (
            "When was {tag} of {repo} released?",
            "On which day did {repo} release {tag}?",
            "Find the release date of {tag} of {repo}.",
        ),
        "latest": (
            "When did the latest release of {repo} come out? A pre-release does not count.",
            "What is the date of the release of {repo} that is marked as latest?",
            "Give the day of the latest release of {repo}, pre-releases left out.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.repositories)
        fact = one_of(random, tuple(self.wordings))
        release = repository.latest if fact == "latest" else one_of(random, repository.releases)
        return {"repo": repository.key, "tag": release.tag, "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        return Day(release_of(world, params).day)

    def path(self, hand: CodeHand) -> Next | None:
        repository, release = hand.world.by_key[hand.params["repo"]], release_of(hand.world, hand.params)
        return go_to(hand, repository, "releases") or scroll_to(hand, release.tag, day_text(release.day))


def release_of(world: World, params: Params) -> Release:
    """The release that the parameters name."""
    return next(one for one in world.by_key[params["repo"]].releases if one.tag == params["tag"])


class AssetSum(CodeTask):
    """How large all the assets of a release are together; they are listed when asked for."""

    name: ClassVar[str] = "asset-sum"
    kind: ClassVar[Literal["compute"]] = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many MB are all assets of {repo} {tag} together?",
            "Add up the sizes of the assets of {tag} of {repo}, in MB.",
            "I want to download every asset of {repo} {tag}. How many MB is that in total?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.repositories)
        return {"repo": repository.key, "tag": one_of(random, repository.releases).tag}

    def expected(self, world: World, params: Params) -> Expected:
        total = sum(asset.size for asset in release_of(world, params).assets)
        return Number(total / 10, "MB", tolerance=0.01, decimals=1)

    def path(self, hand: CodeHand) -> Next | None:
        return open_assets(hand, release_of(hand.world, hand.params))


def open_assets(hand: CodeHand, release: Release) -> Next | None:
    """Towards the list of a release's assets."""
    step = go_to(hand, hand.world.by_key[hand.params["repo"]], "releases")
    sizes = [size_text(asset.size) for asset in release.assets]
    if step is not None or all(size in hand.view.outline for size in sizes):
        return step
    opener = hand.find(key=f"assets-{release.tag}")
    if opener is not None and opener.visible and not any(size in hand.view.outline for size in sizes):
        return hand.click(key=opener.key)
    return reveal(hand, key=f"assets-{release.tag}") or scroll_to(hand, *sizes)


class NoAsset(CodeTask):
    """The size of a download for a platform that the release is not made for."""

    name: ClassVar[str] = "no-asset"
    kind: ClassVar[Literal["look up"]] = "look up"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[Wordings] = {
        "": (
            "How many MB is the {platform} asset of {repo} {tag}?",
            "What size does the {platform} download of {tag} of {repo} have?",
            "Look up the size of the {platform} zip of {repo} {tag}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.repositories)
        platform = one_of(random, ("windows", "macos"))
        offers = {one.tag: platform in [asset.platform for asset in one.assets] for one in repository.releases}
        lacking = [tag for tag, offered in offers.items() if not offered]
        if len(lacking) in (0, len(offers)):
            return None
        return {"repo": repository.key, "tag": one_of(random, lacking), "platform": platform}

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, "platform": {"windows": "Windows", "macos": "macOS"}[params["platform"]]}

    def expected(self, world: World, params: Params) -> Expected:
        sizes = [size_text(asset.size) for one in world.by_key[params["repo"]].releases for asset in one.assets]
        return Impossible(f"there is no {params['platform']} asset", tuple(sizes))

    def path(self, hand: CodeHand) -> Next | None:
        return open_assets(hand, release_of(hand.world, hand.params))


class IssueCount(CodeTask):
    """How many open or closed issues of a repository have a label."""

    name: ClassVar[str] = "issue-count"
    kind: ClassVar[Literal["filter"]] = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many {state} issues of {repo} have the label {label}?",
            "Count the {state} issues labelled {label} in {repo}.",
            "In {repo}, how many issues with the label {label} are {state}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository, label = one_of(random, world.repositories), one_of(random, names.LABELS)
        state = one_of(random, ("open", "open", "closed"))
        params = {"repo": repository.key, "label": label, "state": state}
        return params if self._count(world, params) > 1 else None

    def _count(self, world: World, params: Params) -> int:
        issues = world.by_key[params["repo"]].issues
        return sum(one.open == (params["state"] == "open") and params["label"] in one.labels for one in issues)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(self._count(world, params))

    def path(self, hand: CodeHand) -> Next | None:
        repository, params = hand.world.by_key[hand.params["repo"]], hand.params
        step = show_issues(hand, repository, closed=params["state"] == "closed", label=params["label"])
        return step or scroll_to(hand, f"{self._count(hand.world, params)} issue")


class OldestAssignee(CodeTask):
    """Who is assigned to the oldest open issue of a repository."""

    name: ClassVar[str] = "oldest-assignee"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "old": (
            "Who is assigned to the oldest open issue of {repo}?",
            "Find the oldest open issue of {repo}. Who is the assignee?",
            "Sort the open issues of {repo} by age: who is assigned to the oldest?",
        ),
        "comments": (
            "Who is assigned to the open issue of {repo} with the most comments?",
            "Find the most commented open issue of {repo}. Who is the assignee?",
            "Sort the open issues of {repo} by comments: who is assigned to the first?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository, fact = one_of(random, world.repositories), one_of(random, ("old", "comments"))
        issues = [one for one in reversed(repository.issues) if one.open]
        if fact == "comments":
            issues.sort(key=lambda one: -len(one.comments))
        if len(issues) < 3 or not issues[0].assignee:
            return None
        if fact == "comments" and len(issues[0].comments) == len(issues[1].comments):
            return None
        return {"repo": repository.key, "issue": issue_key(repository, issues[0]), "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        repository, issue = find_issue(world, params["issue"])
        return Name(issue.assignee, tuple(one for one, _ in repository.contributors if one != issue.assignee))

    def path(self, hand: CodeHand) -> Next | None:
        repository, issue = find_issue(hand.world, hand.params["issue"])
        place = f"{repository.href}/issues/{issue.number}"
        if hand.path != place:
            return show_issues(hand, repository, sort=hand.params["fact"]) or go_to_issue(hand, repository, issue)
        return reveal(hand, key="assignee")


class FileConstant(CodeTask):
    """A value in a file two folders down; the folder beside it has a file of the same name."""

    name: ClassVar[str] = "file-constant"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "In {repo}, what is {constant} set to in the file {file}?",
            "Open {file} in {repo}. What value has {constant}?",
            "Find the value of {constant} in {file} of {repo}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository = one_of(random, world.sources)
        path = one_of(random, repository.tree.deep)
        return {"repo": repository.key, "file": path, "constant": one_of(random, tuple(repository.tree.files[path]))}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(world.by_key[params["repo"]].tree.files[params["file"]][params["constant"]])

    def path(self, hand: CodeHand) -> Next | None:
        repository = hand.world.by_key[hand.params["repo"]]
        return go_to_file(hand, repository, hand.params["file"]) or scroll_to(hand, hand.params["constant"])


class TopContributor(CodeTask):
    """Who has the most commits, which only the bars show."""

    name: ClassVar[str] = "top-contributor"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "most": (
            "Who contributed the most commits to {repo}?",
            "Which contributor of {repo} has the longest bar?",
            "Who made the most commits to {repo} in the last year?",
        ),
        "least": (
            "Who contributed the fewest commits to {repo}?",
            "Which contributor of {repo} has the shortest bar?",
            "Who of the contributors made the fewest commits to {repo}?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        repository, fact = one_of(random, world.repositories), one_of(random, ("most", "most", "least"))
        ranked = sorted(repository.contributors, key=lambda pair: pair[1], reverse=fact == "most")
        if abs(ranked[0][1] - ranked[1][1]) < 8:
            return None
        return {"repo": repository.key, "person": ranked[0][0], "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        people = [one for one, _ in world.by_key[params["repo"]].contributors]
        return Name(params["person"], tuple(one for one in people if one != params["person"]))

    def path(self, hand: CodeHand) -> Next | None:
        repository, person = hand.world.by_key[hand.params["repo"]], hand.params["person"]
        return go_to(hand, repository, "contributors") or scroll_to(hand, person)


class AssignedToMe(CodeTask):
    """Behind the log-in wall: how many open issues with a label are assigned to the visitor."""

    name: ClassVar[str] = "assigned-to-me"
    kind: ClassVar[Literal["filter"]] = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "Sign in as {user}, password {password}. How many open issues labelled {label} are assigned to you?",
            "My username is {user}, my password {password}. Count the open {label} issues assigned to me.",
            "Log in ({user}, password {password}): how many open issues assigned to me have the label {label}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        counts = {label: self._count(world, label) for label in names.LABELS}
        # A one is guessed too easily; a few worlds have nothing else.
        labels = [label for label in counts if counts[label] > 1] or [label for label in counts if counts[label]]
        return {"user": world.user, "password": world.password, "label": one_of(random, labels)}

    def prepare(self, world: World, params: Params, state: CodeState) -> None:
        state.signed_in = False

    def _count(self, world: World, label: str) -> int:
        issues = [issue for repository in world.repositories for issue in repository.issues]
        return sum(one.open and one.assignee == world.user and label in one.labels for one in issues)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(self._count(world, params["label"]))

    def path(self, hand: CodeHand) -> Next | None:
        label: str = hand.params["label"]
        if hand.path == "/login" or not hand.state.signed_in:
            return sign_in(hand) or hand.click(key="assigned")
        if hand.path != "/assigned":
            return hand.click(key="assigned")
        if hand.query.get("label", "") != label:
            return hand.select(label, key="label")
        return scroll_to(hand, f"{self._count(hand.world, label)} open issue")


LOOKING_UP = (
    ReleaseDay(), AssetSum(), NoAsset(), IssueCount(), OldestAssignee(), FileConstant(), TopContributor(),
    AssignedToMe(),
)  # fmt: skip
