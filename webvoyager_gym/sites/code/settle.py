"""From any state of the code host to what a task wants: what nobody asked for is undone, what is missing is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webvoyager_gym.sites.code.state import find_issue, original, standing_effect
from webvoyager_gym.sites.code.walk import CodeHand, go_to, go_to_issue
from webvoyager_gym.sites.kit.ways import Next, plainest, set_fields
from webvoyager_gym.sites.kit.worded import Ways, first_change


def _stars(hand: CodeHand, have: Sequence[str], want: Sequence[str]) -> Next | None:
    key = first_change(have, want)
    repository, extra = hand.world.by_key[key], key in have
    if extra and not hand.there(key=f"repo-{key}") and not hand.path.startswith(repository.href):
        return hand.click(key="my-stars")
    return go_to(hand, repository) or hand.click(key="unstar" if extra else "star")


def _watching(hand: CodeHand, have: Mapping[str, str], want: Mapping[str, str]) -> Next | None:
    key = first_change(have, want)
    step = go_to(hand, hand.world.by_key[key])
    if step is not None:
        return step
    choice = f"watch-{want.get(key, '')}"
    return hand.click(key=choice if hand.there(key=choice) else "watch")


def _forks(hand: CodeHand, have: Mapping[str, str], want: Mapping[str, str]) -> Next | None:
    key = first_change(have, want)
    repository = hand.world.by_key[key]
    step = go_to(hand, repository)
    if step is not None:
        return step
    if hand.path != f"{repository.href}/fork":
        return hand.click(key="fork")
    if key in have:
        return hand.click(key="delete-fork")
    return set_fields(hand, {"fork-owner": want[key]}) or hand.click(key="create-fork")


def _standings(hand: CodeHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    repository, issue = find_issue(hand.world, first_change(have, want))
    step = go_to_issue(hand, repository, issue)
    if step is not None:
        return step
    key = f"{repository.key}#{issue.number}"
    goal = want.get(key, standing_effect(original(issue)))
    now = hand.state.standing(repository, issue)
    changes = [hand.click(key=f"label-{label}") for label in sorted({*now.labels} ^ {*goal["labels"]})]
    if now.assignee != goal["assignee"]:
        changes.append(hand.select(goal["assignee"] or "No one", key="assignee"))
    if now.open != goal["open"]:
        changes.append(hand.click(key="reopen-issue" if goal["open"] else "close-issue"))
    return plainest(changes)


def _comments(hand: CodeHand, have: Mapping[str, str], want: Mapping[str, str]) -> Next | None:
    key = first_change(have, want)
    step = go_to_issue(hand, *find_issue(hand.world, key))
    if step is not None:
        return step
    return hand.click(key="delete-comment") if key in have else hand.type(want[key], enter=True, key="comment")


def _opened(hand: CodeHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    key = first_change(have, want)
    repository = hand.world.by_key[key]
    if key in have:
        step = go_to(hand, repository, "issues")
        if step is None and not hand.there(key="delete-issue"):
            step = hand.click(key="tab-issues")
        return step or hand.click(key="delete-issue")
    if hand.path != f"{repository.href}/new":
        return go_to(hand, repository, "issues") or hand.click(key="new-issue")
    issue = want[key]
    fields = {
        "title": issue["title"],
        "label": issue["label"] or "No label",
        "assignee": issue["assignee"] or "No one",
    }
    return set_fields(hand, fields) or hand.click(key="submit-issue")


WAYS: Ways = {
    "stars": _stars,
    "watching": _watching,
    "forks": _forks,
    "standings": _standings,
    "comments": _comments,
    "opened": _opened,
}
