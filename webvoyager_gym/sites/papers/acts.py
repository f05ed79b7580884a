"""Tasks that change something: the library, labels, alerts, followed authors, comments and the bibliography."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.papers.state import COLOURS, STYLES, TOPICS
from webvoyager_gym.sites.papers.tasks import Act
from webvoyager_gym.sites.papers.world import FREQUENCIES, Archive, Paper


def title_of(world: Archive, params: Params) -> str:
    """The title of the task's paper."""
    return world.paper_by_id[params["paper"]].title


def with_saved(initial: dict[str, Any], paper: str, folder: str) -> dict[str, Any]:
    """The effects with a paper more in a folder, which may be new."""
    folders = initial["folders"]
    return {**initial, "folders": {**folders, folder: sorted({*folders.get(folder, []), paper})}}


def without_saved(initial: dict[str, Any], paper: str, folder: str) -> dict[str, Any]:
    """The effects with a paper less in a folder."""
    folders = initial["folders"]
    return {**initial, "folders": {**folders, folder: [other for other in folders[folder] if other != paper]}}


def unsaved(world: Archive, random: np.random.Generator) -> Paper | None:
    """A paper that is in no folder at the start, or None if the one drawn is."""
    paper = one_of(random, world.papers)
    return None if any(paper.id in papers for _, papers in world.folders) else paper


class SavePaper(Act):
    """Save a paper to a folder."""

    name = "save-paper"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper = unsaved(world, random)
        return None if paper is None else {"paper": paper.id, "folder": one_of(random, world.folders)[0]}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, folder = title_of(world, params), params["folder"]
        wordings = (
            f"Save “{title}” to my folder {folder}.",
            f"Put the paper “{title}” in the folder {folder}.",
            f"Find “{title}” and save it to {folder}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return with_saved(initial, params["paper"], params["folder"])


class NewFolder(Act):
    """Create a folder and save a paper to it."""

    name = "new-folder"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        return {"paper": one_of(random, world.papers).id, "folder": one_of(random, world.spare_folders)}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, folder = title_of(world, params), params["folder"]
        wordings = (
            f"Create a folder “{folder}” in the library and save “{title}” to it.",
            f"Make a new folder called “{folder}” and put the paper “{title}” in it.",
            f"I need a new folder “{folder}” with the paper “{title}” saved in it.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return with_saved(initial, params["paper"], params["folder"])


class RemovePaper(Act):
    """Remove a paper from a folder of the library."""

    name = "remove-paper"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        folder, papers = one_of(random, world.folders)
        return {"paper": one_of(random, papers), "folder": folder}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, folder = title_of(world, params), params["folder"]
        wordings = (
            f"Remove “{title}” from my folder {folder}.",
            f"Take the paper “{title}” out of the library folder {folder}.",
            f"I have read “{title}”; remove it from {folder}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return without_saved(initial, params["paper"], params["folder"])


class MovePaper(Act):
    """Move a paper from one folder to another."""

    name = "move-paper"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        folder, papers = one_of(random, world.folders)
        other = one_of(random, [name for name, _ in world.folders if name != folder])
        return {"paper": one_of(random, papers), "folder": folder, "other": other}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, folder, other = title_of(world, params), params["folder"], params["other"]
        wordings = (
            f"Move “{title}” from the folder {folder} to {other}.",
            f"The paper “{title}” is in {folder} but should be in {other} instead; please change that.",
            f"Save “{title}” to {other} and remove it from {folder}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return with_saved(without_saved(initial, params["paper"], params["folder"]), params["paper"], params["other"])


class ColourLabel(Act):
    """Give a paper a colour label; the discs have no names."""

    name = "colour-label"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        return {"paper": one_of(random, world.papers).id, "colour": one_of(random, COLOURS)}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, colour = title_of(world, params), params["colour"]
        wordings = (
            f"Give “{title}” the {colour} colour label.",
            f"Label the paper “{title}” {colour}.",
            f"Mark “{title}” with a {colour} label.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "labels": {**initial["labels"], params["paper"]: params["colour"]}}


class SetAlert(Act):
    """Set up an alert, or change how often one comes."""

    name = "set-alert"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        subject, frequency = one_of(random, world.subjects), one_of(random, FREQUENCIES)
        if dict(world.alerts).get(subject) == frequency:
            return None
        return {"subject": subject, "frequency": frequency}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        subject, frequency = params["subject"], params["frequency"].lower()
        if subject in dict(world.alerts):
            wordings = [
                f"Change my {subject} alert to {frequency}.",
                f"I want the alert for {subject} {frequency} from now on.",
                f"Make my alert for {subject} a {frequency} one.",
            ]
        else:
            wordings = [
                f"Set up a {frequency} alert for {subject}.",
                f"Create an alert for new papers in {subject}, {frequency}.",
                f"I would like {frequency} alerts for the subject {subject}.",
            ]
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "alerts": {**initial["alerts"], params["subject"]: params["frequency"]}}


class FollowAuthor(Act):
    """Follow an author, known by name or by the place on a paper."""

    name = "follow-author"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        paper = one_of(random, world.papers)
        place = one_of(random, ("first", "last", ""))
        author = paper.authors[-1] if place == "last" else paper.authors[0]
        return None if author in world.following else {"paper": paper.id, "place": place, "author": author}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        name, place = world.author_by_id[params["author"]].name, params["place"]
        who = f"the {place} author of “{title_of(world, params)}”" if place else f"the author {name}"
        wordings = (f"Follow {who}.", f"Start to follow {who}.", f"Please find {who} and follow them.")
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "following": sorted({*initial["following"], params["author"]})}


class StopFollowing(Act):
    """Unfollow an author or delete an alert."""

    name = "stop-following"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        if random.integers(2):
            return {"author": one_of(random, world.following)}
        return {"subject": one_of(random, world.alerts)[0]}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        if "author" in params:
            name = world.author_by_id[params["author"]].name
            wordings = [
                f"Unfollow {name}.",
                f"Stop following the author {name}.",
                f"I no longer want to follow {name}.",
            ]
        else:
            subject = params["subject"]
            wordings = [
                f"Delete my {subject} alert.",
                f"Stop the alert for {subject}.",
                f"I want no more {subject} alerts.",
            ]
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        if "author" in params:
            return {**initial, "following": [author for author in initial["following"] if author != params["author"]]}
        return {
            **initial,
            "alerts": {name: often for name, often in initial["alerts"].items() if name != params["subject"]},
        }


class SendComment(Act):
    """Send a comment on a paper to its authors."""

    name = "send-comment"

    _TEXTS: ClassVar[dict[str, tuple[str, str]]] = {
        "Typo": ("The word {word} is misspelt on page {number}", "Page {number} repeats the word {word}"),
        "Question": ("How was the {word} on page {number} chosen?", "Is the {word} of section {number} available?"),
        "Unclear figure": ("Figure {number} lacks a {word}", "The {word} in figure {number} is hard to read"),
        "Missing reference": (
            "Section {number} needs a source for the {word}",
            "The {word} on page {number} has no source",
        ),
    }
    _WORDS = ("scale", "legend", "threshold", "sample", "axis", "estimate", "caption", "method")

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        topic = one_of(random, TOPICS)
        text = one_of(random, self._TEXTS[topic]).format(
            word=one_of(random, self._WORDS), number=int(random.integers(2, 6))
        )
        return {"paper": one_of(random, world.papers).id, "topic": topic, "text": text}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, topic, text = title_of(world, params), params["topic"], params["text"]
        wordings = (
            f"Send a comment on “{title}”, topic {topic}: “{text}”",
            f"Comment on the paper “{title}” with the topic {topic} and the text “{text}”",
            f"Tell the authors of “{title}”, under the topic {topic}: “{text}”",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {
            **initial,
            "comments": sorted([*initial["comments"], (params["paper"], params["topic"], params["text"])]),
        }


class AddCitation(Act):
    """Add a paper to the bibliography in a citation style."""

    name = "add-citation"

    def draw(self, world: Archive, random: np.random.Generator) -> Params | None:
        return {"paper": one_of(random, world.papers).id, "style": one_of(random, STYLES)}

    def goal(self, world: Archive, params: Params, random: np.random.Generator) -> str:
        title, style = title_of(world, params), params["style"]
        wordings = (
            f"Add “{title}” to my bibliography in {style} style.",
            f"Cite “{title}” as {style} and add it to the bibliography.",
            f"Put the {style} citation of “{title}” in my bibliography.",
        )
        return one_of(random, wordings)

    def effects(self, world: Archive, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "bibliography": {**initial["bibliography"], params["paper"]: params["style"]}}


ACTS = (
    SavePaper(),
    NewFolder(),
    RemovePaper(),
    MovePaper(),
    ColourLabel(),
    SetAlert(),
    FollowAuthor(),
    StopFollowing(),
    SendComment(),
    AddCitation(),
)
