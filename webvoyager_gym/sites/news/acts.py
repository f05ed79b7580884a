"""Tasks that change something: reading list, topics, comments, likes and settings."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.kit.changes import Change, drop, put
from webvoyager_gym.sites.kit.ways import Next
from webvoyager_gym.sites.news.reach import NewsAct, NewsHand, open_ranking
from webvoyager_gym.sites.news.rounds import ORDINALS, RankedArticle, ranked
from webvoyager_gym.sites.news.state import SIZES
from webvoyager_gym.sites.news.words import REMARKS
from webvoyager_gym.sites.news.world import RANKINGS, SPANS, Paper


class SaveArticle(NewsAct):
    """Put an article on the reading list."""

    name = "save-article"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        article = one_of(random, world.articles)
        return None if article.id in world.saved else {"article": article.id}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline = world.by_id[params["article"]].headline
        wordings = (
            f"Save the article “{headline}” to my reading list.",
            f"Put “{headline}” on my reading list.",
            f"I want to read “{headline}” later; save it.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "saved", params["article"], True)


class SaveRanked(SaveArticle):
    """Put the article at a place of a ranking on the reading list."""

    name = "save-ranked-article"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        params = RankedArticle().draw(world, random)
        if params is None or ranked(world, params).id in world.saved:
            return None
        return {**params, "article": ranked(world, params).id}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        by, span = RANKINGS[params["by"]].lower(), SPANS[params["span"]].lower()
        place = ORDINALS[params["place"]]
        wordings = (
            f"Save the article that is {place} among the {by} {span} to my reading list.",
            f"Find the {place} of the {by} articles {span} and put it on my reading list.",
            f"My reading list should get number {params['place'] + 1} of what is {by} {span}.",
        )
        return one_of(random, wordings)

    def carry_out(self, hand: NewsHand, change: Change) -> Next:
        params = hand.params
        # Which article it is only the ranking tells.
        if change == Change("saved", params["article"], True) and hand.path != f"/article/{params['article']}":
            step = open_ranking(hand, params["by"], params["span"])
            return step or hand.click(key=f"article-{params['article']}")
        return super().carry_out(hand, change)


class RemoveSaved(NewsAct):
    """Take an article off the reading list."""

    name = "remove-saved"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.saved)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline = world.by_id[params["article"]].headline
        wordings = (
            f"Remove “{headline}” from my reading list.",
            f"I have read “{headline}”; take it off my reading list.",
            f"Delete the article “{headline}” from the reading list.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "saved", params["article"])


class FollowTopic(NewsAct):
    """Follow a topic, by name or as the place of an article."""

    name = "follow-topic"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        article = one_of(random, world.articles)
        topic = one_of(random, (article.place, article.part))
        return None if topic in world.following else {"topic": topic}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        topic = params["topic"]
        wordings = (
            f"Follow the topic {topic}.",
            f"I want to follow {topic} as a topic.",
            f"Open the topic {topic} and follow it.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "topics", params["topic"], True)


class UnfollowTopic(NewsAct):
    """Stop following a topic."""

    name = "unfollow-topic"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"topic": one_of(random, world.following)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        topic = params["topic"]
        wordings = (
            f"Stop following the topic {topic}.",
            f"Unfollow {topic}.",
            f"I am tired of {topic}; unfollow that topic.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "topics", params["topic"])


class WriteComment(NewsAct):
    """Comment on an article."""

    name = "write-comment"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.articles).id, "text": one_of(random, REMARKS)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline, text = world.by_id[params["article"]].headline, params["text"]
        wordings = (
            f"Comment on “{headline}”: “{text}”",
            f"Write “{text}” as a comment on the article “{headline}”.",
            f"Leave the comment “{text}” under “{headline}”.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "comments", params["article"], params["text"])


class LikeComment(NewsAct):
    """Like somebody's comment; the button is only a heart."""

    name = "like-comment"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.articles).id, "comment": int(random.integers(3))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        article = world.by_id[params["article"]]
        author = article.comments[params["comment"]].author
        wordings = (
            f"Like the comment by {author} on “{article.headline}”.",
            f"Give {author}'s comment on “{article.headline}” a heart.",
            f"{author} has commented on “{article.headline}”. Like that comment.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "likes", f"{params['article']} {params['comment']}", True)


class ChangeSettings(NewsAct):
    """Change one or two of the settings."""

    name = "change-settings"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        new = {
            "edition": one_of(random, world.places),
            "size": one_of(random, SIZES),
            "alerts": one_of(random, ("yes", "no")),
        }
        before = {"edition": world.places[0], "size": SIZES[1], "alerts": "no"}
        changed = {name: value for name, value in new.items() if before[name] != value}
        return changed or None

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        words = {
            "edition": f"the edition to {params.get('edition')}",
            "size": f"the text size to {params.get('size', '').lower()}",
            "alerts": "breaking news alerts to on",
        }
        what = " and ".join(words[name] for name in params)
        wordings = (
            f"In my settings, set {what}.",
            f"Change my settings: {what}.",
            f"Set {what} and save the settings.",
        )
        return one_of(random, wordings)

    def effects(self, world: Paper, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "settings": {**initial["settings"], **params}}


ACTS = (
    SaveArticle(),
    SaveRanked(),
    RemoveSaved(),
    FollowTopic(),
    UnfollowTopic(),
    WriteComment(),
    LikeComment(),
    ChangeSettings(),
)
