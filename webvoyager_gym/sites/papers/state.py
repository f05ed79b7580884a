"""What the archive remembers of a reader in one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.kit.template import State
from webvoyager_gym.sites.papers.world import Archive

COLOURS = ("red", "yellow", "green", "blue")
TOPICS = ("Typo", "Question", "Unclear figure", "Missing reference")
STYLES = ("APA", "MLA", "BibTeX")
MOST_FOLDERS = 8
LONGEST_FOLDER = 40
LONGEST_COMMENT = 300
MOST_COMMENTS = 4
"""Comments of one reader on one paper."""


@dataclass
class Desk(State):
    """The reader's own things.

    Attributes:
        folders: ids of papers in each folder of the library, in the order they were saved.
        labels: colour label of a paper.
        alerts: frequency of the alert for a subject.
        following: ids of authors.
        comments: (paper id, topic, text), in the order they were sent.
        bibliography: citation style in which a paper was added.
        survey: whether the survey dialog is still up.
    """

    folders: dict[str, list[str]]
    alerts: dict[str, str]
    following: set[str]
    survey: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    comments: list[tuple[str, str, str]] = field(default_factory=list)
    bibliography: dict[str, str] = field(default_factory=dict)

    def effects(self) -> dict[str, Any]:
        return {
            "folders": {name: sorted(papers) for name, papers in self.folders.items()},
            "labels": dict(self.labels),
            "alerts": dict(self.alerts),
            "following": sorted(self.following),
            "comments": sorted(self.comments),
            "bibliography": dict(self.bibliography),
        }


def new_desk(archive: Archive) -> Desk:
    """The reader's things at the start of an episode."""
    return Desk(
        folders={name: list(papers) for name, papers in archive.folders},
        alerts=dict(archive.alerts),
        following=set(archive.following),
        survey=archive.survey,
    )
