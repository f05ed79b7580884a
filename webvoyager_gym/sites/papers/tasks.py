"""What the archive's task templates have in common: how they name papers, and how their experts end."""

from __future__ import annotations

from abc import abstractmethod

from webvoyager_gym.sites.kit import Name, Template
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.papers.changes import next_change
from webvoyager_gym.sites.papers.expert import PaperHand
from webvoyager_gym.sites.papers.state import Desk
from webvoyager_gym.sites.papers.world import Archive, Paper


def titled(archive: Archive, paper: Paper) -> Name:
    """The paper's title as an answer, no other paper's beside it."""
    return Name(paper.title, tuple(other.title for other in archive.papers if other is not paper))


class Question(Template[Archive, Desk]):
    """A task that asks something and wants nothing changed."""

    def expert(self, hand: PaperHand) -> Next:
        return next_change(hand) or self.look(hand) or hand.answer()

    @abstractmethod
    def look(self, hand: PaperHand) -> Next | None:
        """The next action towards the place where the answer can be read; None when it can be."""


class Act(Template[Archive, Desk]):
    """A task that is done as soon as the desk is as wanted."""

    kind = "act"

    def expert(self, hand: PaperHand) -> Next:
        return next_change(hand) or hand.answer("done")
