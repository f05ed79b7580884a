"""What the dictionary remembers of a reader in one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.dictionary.world import Lexicon
from webvoyager_gym.sites.kit import State

NOTATIONS = ("Capitals", "Accents")
MOST_LISTS = 4
MOST_SECTIONS = 4
MOST_WORDS = 9
LONGEST_NAME = 30
BETWEEN = "\t"
"""Stands between list, section and word in the keys of effects; no name holds one."""


@dataclass
class Study(State):
    """The reader's own things.

    Attributes:
        lists: sections of each word list, and the words in these.
        settings: "language", "notation" and "mail" ("yes" or "no").
        quiz: the choice for each question, once it was sent.
        member: whether the reader has signed in.
    """

    lists: dict[str, dict[str, list[str]]]
    settings: dict[str, str]
    quiz: dict[str, str] = field(default_factory=dict)
    member: bool = False

    def effects(self) -> dict[str, Any]:
        sections = [(name, section, kept) for name, own in self.lists.items() for section, kept in own.items()]
        return {
            "lists": dict.fromkeys(self.lists, True),
            "sections": {f"{name}{BETWEEN}{section}": True for name, section, _ in sections},
            "words": {
                f"{name}{BETWEEN}{section}{BETWEEN}{word}": True for name, section, kept in sections for word in kept
            },
            "settings": dict(self.settings),
            "quiz": dict(self.quiz),
        }


def new_study(lexicon: Lexicon) -> Study:
    """The reader's things at the start of an episode."""
    return Study(
        lists={name: {section: list(kept) for section, kept in sections} for name, sections in lexicon.lists},
        settings={"language": lexicon.languages[0], "notation": NOTATIONS[0], "mail": "no"},
    )
