"""What the site remembers of a reader in one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.news.world import Paper

SIZES = ("Small", "Normal", "Large")
LONGEST_COMMENT = 200
MOST_SAVED = 12


@dataclass
class Reader(State):
    """The reader's own things.

    Attributes:
        saved: ids of the articles on the reading list.
        topics: topics that are followed.
        settings: "edition" (a place), "size" and "alerts" ("yes" or "no").
        comments: the reader's comment on an article, by id.
        likes: comments of others that the reader likes, as "article number".
        asking: whether the site still asks to turn alerts on.
    """

    saved: dict[str, bool]
    topics: dict[str, bool]
    settings: dict[str, str]
    asking: bool = False
    comments: dict[str, str] = field(default_factory=dict)
    likes: dict[str, bool] = field(default_factory=dict)

    def effects(self) -> dict[str, Any]:
        return {
            "saved": dict(self.saved),
            "topics": dict(self.topics),
            "settings": dict(self.settings),
            "comments": dict(self.comments),
            "likes": dict(self.likes),
        }


def new_reader(paper: Paper) -> Reader:
    """The reader's things at the start of an episode."""
    return Reader(
        saved=dict.fromkeys(paper.saved, True),
        topics=dict.fromkeys(paper.following, True),
        settings={"edition": paper.places[0], "size": SIZES[1], "alerts": "no"},
        asking=paper.alerts_prompt,
    )
