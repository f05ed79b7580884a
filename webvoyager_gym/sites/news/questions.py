"""Tasks that ask what one article or the comments on it say."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Day, Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.news.reach import NewsHand, NewsQuestion, look_for, open_article, open_comments, see
from webvoyager_gym.sites.news.words import DEEDS, ROLES
from webvoyager_gym.sites.news.world import Article, Paper, day


class AboutArticle(NewsQuestion):
    """What these tasks share: parameters with an article."""

    def article(self, world: Paper, params: Params) -> Article:
        """The task's article."""
        return world.by_id[params["article"]]


class ArticleFact(AboutArticle):
    """A number, a date or a name from the text or the line below the headline."""

    name = "article-fact"
    kind = "look up"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "cost": (
            "According to “{headline}”, how many million crowns will it cost?",
            "Read “{headline}” and give the cost in million crowns.",
            "What is the whole cost, in million crowns, reported in “{headline}”?",
        ),
        "more": (
            "By how many million crowns is the plan in “{headline}” over what was planned?",
            "In “{headline}”, how many million crowns more than planned will it cost?",
            "Read “{headline}”: how much more than planned is it, in million crowns?",
        ),
        "start": (
            "On which date is work to begin, according to “{headline}”?",
            "When will the work begin that “{headline}” reports on?",
            "Find the article “{headline}” and the day on which work begins.",
        ),
        "favour": (
            "How many people were in favour in the survey of “{headline}”?",
            "In the article “{headline}”, how many of those asked were in favour?",
            "Read “{headline}”: what number of people was in favour?",
        ),
        "published": (
            "When was “{headline}” published?",
            "What is the date of the article “{headline}”?",
            "Find “{headline}” and tell me the day it was published.",
        ),
        "author": (
            "Who wrote “{headline}”?",
            "Name the author of the article “{headline}”.",
            "By whom is the report “{headline}”?",
        ),
    }

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.articles).id, "fact": one_of(random, list(self._WORDINGS))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS[params["fact"]]).format(headline=self.article(world, params).headline)

    def expected(self, world: Paper, params: Params) -> Expected:
        article, fact = self.article(world, params), params["fact"]
        if fact == "author":
            return Name(article.author, tuple(author for author in world.authors if author != article.author))
        if fact in ("start", "published"):
            return Day(article.start if fact == "start" else article.published)
        if fact == "favour":
            return Number(article.favour, "people")
        return Number(article.cost if fact == "cost" else article.more, "million crowns", decimals=1)

    def look(self, hand: NewsHand) -> Action | None:
        article = self.article(hand.world, hand.params)
        said = {
            "cost": f"cost {article.cost:g} million",
            "more": f"{article.more:g} million more",
            "start": f"begin on {day(article.start)}",
            "favour": f"{article.favour} of them",
            "published": day(article.published),
            "author": f"By {article.author}",
        }[hand.params["fact"]]
        return open_article(hand, article) or see(hand, said, "comments")


class SurveyShare(AboutArticle):
    """How many of those asked were not in favour."""

    name = "survey-rest"
    kind = "compute"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.articles).id}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline = self.article(world, params).headline
        wordings = (
            f"In the survey of “{headline}”, how many people were not in favour?",
            f"Read “{headline}” and work out how many of those asked were not in favour.",
            f"How many people asked for “{headline}” did not say they were in favour?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        article = self.article(world, params)
        return Number(article.asked - article.favour, "people")

    def look(self, hand: NewsHand) -> Action | None:
        article = self.article(hand.world, hand.params)
        return open_article(hand, article) or see(hand, f"{article.favour} of them", "comments")


class Quoted(AboutArticle):
    """Who is quoted, or in which role."""

    name = "quoted-person"
    kind = "look up"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        fact = one_of(random, ("name", "role"))
        return {"article": one_of(random, world.articles).id, "speaker": int(random.integers(2)), "fact": fact}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        article = self.article(world, params)
        speaker = article.speakers[params["speaker"]]
        if params["fact"] == "name":
            wordings = (
                f"Which {speaker.role} is quoted in “{article.headline}”?",
                f"Give the name of the {speaker.role} who speaks in “{article.headline}”.",
                f"Read “{article.headline}”. What is the {speaker.role} called?",
            )
            return one_of(random, wordings)
        wordings = (
            f"What does {speaker.name}, quoted in “{article.headline}”, do for a living?",
            f"Read “{article.headline}”: what is {speaker.name} by profession or role?",
            f"In “{article.headline}”, what is {speaker.name}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        article = self.article(world, params)
        speaker, other = article.speakers[params["speaker"]], article.speakers[1 - params["speaker"]]
        if params["fact"] == "name":
            return Name(speaker.name, (other.name, article.author))
        return Name(speaker.role, tuple(role for role in ROLES if role != speaker.role))

    def look(self, hand: NewsHand) -> Action | None:
        article = self.article(hand.world, hand.params)
        speaker = article.speakers[hand.params["speaker"]]
        return open_article(hand, article) or see(hand, f"said {speaker.name}", "comments")


class TopComment(AboutArticle):
    """Who wrote the comment with the most or fewest likes."""

    name = "top-comment"
    kind = "compare"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"article": one_of(random, world.articles).id, "most": bool(random.integers(2))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline, which = self.article(world, params).headline, "most" if params["most"] else "fewest"
        wordings = (
            f"Whose comment on “{headline}” has the {which} likes?",
            f"Look at the comments on “{headline}”: who wrote the one with the {which} likes?",
            f"Name the reader whose comment under “{headline}” is liked by the {which} people.",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        ranked = sorted(self.article(world, params).comments, key=lambda comment: comment.likes)
        right = ranked[-1] if params["most"] else ranked[0]
        return Name(right.author, tuple(comment.author for comment in ranked if comment is not right))

    def look(self, hand: NewsHand) -> Action | None:
        article = self.article(hand.world, hand.params)
        return open_comments(hand, article) or see(hand, article.comments[-1].author, "comment-send")


class NoSuchArticle(NewsQuestion):
    """Save an article that does not exist, though others nearly have its headline."""

    name = "no-such-article"
    kind = "act"
    feasible = False

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        article = one_of(random, world.articles)
        headline = f"{article.place} {article.thing} {one_of(random, DEEDS)}"
        return None if any(headline == other.headline for other in world.articles) else {"headline": headline}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        headline = params["headline"]
        wordings = (
            f"Save the article “{headline}” to my reading list.",
            f"Put “{headline}” on my reading list.",
            f"I want to read “{headline}” later; save it.",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return Impossible("there is no such article")

    def look(self, hand: NewsHand) -> Action | None:
        return look_for(hand, hand.params["headline"])


QUESTIONS = (
    ArticleFact(),
    SurveyShare(),
    Quoted(),
    TopComment(),
    NoSuchArticle(),
)
