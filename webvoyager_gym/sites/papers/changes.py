"""What has to change on the reader's desk, and how an expert changes it.

Every effect of the site can be undone through its pages, so one expert serves all tasks that act: it compares the
effects there are with those wanted, and carries out the first change that is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from webvoyager_gym.sites.kit import slug_of
from webvoyager_gym.sites.kit.ways import Next, set_fields
from webvoyager_gym.sites.papers.expert import PaperHand, open_author, open_folder, open_paper


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        part: what of the effects it is about; "saved" for a paper in a folder.
        add: whether something is added, or taken away.
        what: keys and values, the paper or author first where there is one.
    """

    part: str
    add: bool
    what: tuple[str, ...]

    @property
    def path(self) -> str:
        """The page on which it is made."""
        if self.part == "alerts":
            return "/alerts"
        if self.part == "following":
            return f"/author/{self.what[0]}"
        if self.part == "folders" or (self.part == "saved" and not self.add):
            return "/library"
        return f"/paper/{self.what[0]}"


def changes(have: Mapping[str, Any], want: Mapping[str, Any]) -> list[Change]:
    """What leads from one set of effects to another, in an order in which it can be done: first what has to go."""
    gone: list[Change] = []
    new: list[Change] = []
    for name, papers in have["folders"].items():
        if name not in want["folders"]:
            gone.append(Change("folders", False, (name,)))
        else:
            gone += [Change("saved", False, (paper, name)) for paper in papers if paper not in want["folders"][name]]
    for name, papers in want["folders"].items():
        if name not in have["folders"]:
            new.append(Change("folders", True, (name,)))
        else:
            new += [Change("saved", True, (paper, name)) for paper in papers if paper not in have["folders"][name]]
    for part in ("labels", "alerts", "bibliography"):
        gone += [Change(part, False, (key, value)) for key, value in have[part].items() if key not in want[part]]
        new += [Change(part, True, (key, value)) for key, value in want[part].items() if have[part].get(key) != value]
    for part in ("following", "comments"):
        here, there = (
            [(item,) if isinstance(item, str) else tuple(item) for item in side[part]] for side in (have, want)
        )
        gone += [Change(part, False, item) for item in _surplus(here, there)]
        new += [Change(part, True, item) for item in _surplus(there, here)]
    return gone + new


def _surplus(items: list[tuple[str, ...]], others: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The items that are not among the others, each as often as it is too many."""
    left = list(others)
    surplus = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            surplus.append(item)
    return surplus


def next_change(hand: PaperHand) -> Next | None:
    """The next action towards the wanted effects; None when they are there.

    Changes that the page at hand can make come first.
    """
    left = changes(hand.state.effects(), hand.wanted)
    if not left:
        return None
    change = next((change for change in left if change.path == hand.path), left[0])
    return _ADD[change.part](hand, *change.what) if change.add else _TAKE[change.part](hand, *change.what)


def _create_folder(hand: PaperHand, name: str) -> Next:
    if hand.path != "/library" or not hand.there(key="folder-name"):
        return hand.click(key="library")
    return hand.type(name, enter=True, key="folder-name")


def _delete_folder(hand: PaperHand, name: str) -> Next:
    return open_folder(hand, name) or hand.click(key="folder-delete")


def _save(hand: PaperHand, paper: str, folder: str) -> Next:
    if hand.path != f"/paper/{paper}" or not hand.there(key="save-menu"):
        return open_paper(hand, hand.world.paper_by_id[paper]) or hand.click(key="save-menu")
    button = f"save-{slug_of(folder)}"
    return hand.click(key=button) if hand.there(key=button) else hand.click(key="save-menu")


def _remove(hand: PaperHand, paper: str, folder: str) -> Next:
    return open_folder(hand, folder) or hand.click(key=f"remove-{paper}")


def _label(hand: PaperHand, paper: str, colour: str) -> Next:
    step = open_paper(hand, hand.world.paper_by_id[paper])
    if step is not None:
        return step
    # The open menu of folders hangs over the labels.
    return hand.click(key=f"label-{colour}" if hand.there(key=f"label-{colour}") else "save-menu")


def _set_alert(hand: PaperHand, subject: str, frequency: str) -> Next:
    if hand.path != "/alerts" or not hand.there(key="alert-save"):
        return hand.click(key="alerts")
    chosen = f"frequency-{frequency.lower()}"
    return set_fields(hand, {"subject": subject, chosen: True}) or hand.click(key="alert-save")


def _delete_alert(hand: PaperHand, subject: str, frequency: str) -> Next:
    if hand.path != "/alerts" or not hand.there(key="alert-save"):
        return hand.click(key="alerts")
    return hand.click(key=f"delete-{slug_of(subject)}")


def _follow(hand: PaperHand, author: str) -> Next:
    return open_author(hand, hand.world.author_by_id[author]) or hand.click(key="follow")


def _unfollow(hand: PaperHand, author: str) -> Next:
    if hand.path in (f"/author/{author}", "/alerts"):
        return open_author(hand, hand.world.author_by_id[author]) or hand.click(key="unfollow")
    return hand.click(key="alerts")


def _comment(hand: PaperHand, paper: str, topic: str, text: str) -> Next:
    step = open_paper(hand, hand.world.paper_by_id[paper], "comments")
    if step is not None:
        return step
    return set_fields(hand, {"topic": topic, "comment-text": text}) or hand.click(key="comment-send")


def _withdraw(hand: PaperHand, paper: str, topic: str, text: str) -> Next:
    number = hand.state.comments.index((paper, topic, text))
    return open_paper(hand, hand.world.paper_by_id[paper], "comments") or hand.click(key=f"withdraw-{number}")


def _add_citation(hand: PaperHand, paper: str, style: str) -> Next:
    step = open_paper(hand, hand.world.paper_by_id[paper], "cite")
    if step is not None:
        return step
    return set_fields(hand, {"style": style}) or hand.click(key="bibliography-add")


def _remove_citation(hand: PaperHand, paper: str, style: str) -> Next:
    return open_paper(hand, hand.world.paper_by_id[paper], "cite") or hand.click(key="bibliography-remove")


_ADD: dict[str, Callable[..., Next]] = {
    "folders": _create_folder,
    "saved": _save,
    "labels": _label,
    "alerts": _set_alert,
    "following": _follow,
    "comments": _comment,
    "bibliography": _add_citation,
}
_TAKE: dict[str, Callable[..., Next]] = {
    "folders": _delete_folder,
    "saved": _remove,
    "labels": _label,
    "alerts": _delete_alert,
    "following": _unfollow,
    "comments": _withdraw,
    "bibliography": _remove_citation,
}
