"""Tasks on the pages around the articles: sections, rankings, topics, the ticker and the weather."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, Time, one_of
from webvoyager_gym.sites.news.reach import (
    NewsHand,
    NewsQuestion,
    open_article,
    open_ranking,
    open_section,
    open_topic,
    open_weather,
    see,
)
from webvoyager_gym.sites.news.words import SKIES
from webvoyager_gym.sites.news.world import DAYS, PLACES, RANKED, RANKINGS, SPANS, Article, Paper

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def headline_of(world: Paper, article: Article) -> Name:
    """A headline as an answer, no other one beside it."""
    return Name(article.headline, tuple(other.headline for other in world.articles if other is not article))


class RankedArticle(NewsQuestion):
    """The article at a place of a ranking."""

    name = "ranked-article"
    kind = "look up"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        by, span = one_of(random, list(RANKINGS)), one_of(random, list(SPANS))
        return {"by": by, "span": span, "place": int(random.integers(RANKED))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        by, span = RANKINGS[params["by"]].lower(), SPANS[params["span"]].lower()
        place = ORDINALS[params["place"]]
        wordings = (
            f"Which article is {place} among the {by} {span}?",
            f"Give the headline in {place} place of the {by} articles {span}.",
            f"Look at what is {by} {span}. What is the {place} headline?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return headline_of(world, ranked(world, params))

    def look(self, hand: NewsHand) -> Action | None:
        step = open_ranking(hand, hand.params["by"], hand.params["span"])
        return step or see(hand, ranked(hand.world, hand.params).headline, "span")


def ranked(world: Paper, params: Params) -> Article:
    """The article at the task's place of the task's ranking."""
    return world.by_id[world.rankings[params["by"], params["span"]][params["place"]]]


class RankedAuthor(NewsQuestion):
    """Who wrote the article at a place of a ranking."""

    name = "ranked-author"
    kind = "plan"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return RankedArticle().draw(world, random)

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        by, span = RANKINGS[params["by"]].lower(), SPANS[params["span"]].lower()
        place = ORDINALS[params["place"]]
        wordings = (
            f"Who wrote the article that is {place} among the {by} {span}?",
            f"Find the {place} of the {by} articles {span} and name its author.",
            f"Look at what is {by} {span}. By whom is number {params['place'] + 1}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        author = ranked(world, params).author
        return Name(author, tuple(other for other in world.authors if other != author))

    def look(self, hand: NewsHand) -> Action | None:
        article = ranked(hand.world, hand.params)
        if hand.path != f"/article/{article.id}":
            step = open_ranking(hand, hand.params["by"], hand.params["span"])
            if step is not None:
                return step
        return open_article(hand, article) or see(hand, f"By {article.author}", "comments")


class ByAuthor(NewsQuestion):
    """The only article that an author wrote in a part of a section."""

    name = "article-by-author"
    kind = "filter"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        article = one_of(random, world.articles)
        params = {"part": article.part, "author": article.author}
        return params if len(self.fitting(world, params)) == 1 else None

    def fitting(self, world: Paper, params: Params) -> list[Article]:
        """The articles by that author there."""
        return [article for article in world.of(params["part"]) if article.author == params["author"]]

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        part, author = params["part"], params["author"]
        wordings = (
            f"Which article in {part} is by {author}?",
            f"Find the headline of what {author} wrote in the section {part}.",
            f"{author} has an article in {part}. What is its headline?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return headline_of(world, self.fitting(world, params)[0])

    def look(self, hand: NewsHand) -> Action | None:
        part = hand.params["part"]
        step = open_section(hand, part, hand.query.get("sort", "newest"))
        said = [*self.fitting(hand.world, hand.params), *hand.world.of(part)][0]
        return step or see(hand, said.headline, "sort")


class NothingByAuthor(ByAuthor):
    """The same with an author who wrote nothing there."""

    name = "nothing-by-author"
    feasible = False

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        params = {"part": one_of(random, world.articles).part, "author": one_of(random, world.authors)}
        return None if self.fitting(world, params) else params

    def expected(self, world: Paper, params: Params) -> Expected:
        return Impossible("there is no such article", tuple(article.headline for article in world.of(params["part"])))


class OldestArticle(NewsQuestion):
    """The headline or the date of the oldest article of a section."""

    name = "oldest-article"
    kind = "compare"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"place": one_of(random, list(PLACES.values()))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        place = params["place"]
        wordings = (
            f"What is the oldest article in the section {place}?",
            f"Give the headline of the oldest article in {place}.",
            f"Which article of the section {place} has been there longest?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return headline_of(world, world.of(params["place"])[-1])

    def look(self, hand: NewsHand) -> Action | None:
        place = hand.params["place"]
        step = open_section(hand, place, "oldest", "Oldest first")
        return step or see(hand, hand.world.of(place)[-1].headline, "sort")


class TopicSize(NewsQuestion):
    """How many articles there are on a topic."""

    name = "topic-size"
    kind = "look up"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"topic": one_of(random, world.places)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        topic = params["topic"]
        wordings = (
            f"How many articles are there on the topic {topic}?",
            f"Open the topic {topic}: how many articles does it have?",
            f"Count the articles on the topic {topic}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return Number(len(world.about(params["topic"])), "articles")

    def look(self, hand: NewsHand) -> Action | None:
        topic = hand.params["topic"]
        return open_topic(hand, topic) or see(hand, f"{len(hand.world.about(topic))} article", "sort")


class TickerTime(NewsQuestion):
    """When the live ticker reported something."""

    name = "ticker-time"
    kind = "look up"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"update": int(random.integers(len(world.live[1])))}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        what = world.live[1][params["update"]][1]
        wordings = (
            f"At what time did the live ticker report that {what}?",
            f"Look in the live ticker: when was it said that {what}?",
            f"Find the time of the live update “{what}”.",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        return Time(world.live[1][params["update"]][0])

    def look(self, hand: NewsHand) -> Action | None:
        if hand.path != "/live" or not hand.there(key="live"):
            return hand.click(key="live")
        wanted, shown = hand.params["update"] // 6 + 1, int(hand.query.get("page", "1"))
        if shown != wanted:
            return hand.click(key="next-page" if shown < wanted else "previous-page")
        return see(hand, hand.world.live[1][hand.params["update"]][1], "live")


class WeatherDay(NewsQuestion):
    """The only day of a kind of weather, which is only drawn."""

    name = "weather-day"
    kind = "look up"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        town = one_of(random, world.places)
        skies = [forecast.sky for forecast in world.weather[town]]
        once = [sky for sky in SKIES if skies.count(sky) == 1]
        return {"town": town, "sky": one_of(random, once)} if once else None

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        town, sky = params["town"], params["sky"]
        sky = {"cloud": "clouds without rain", "storm": "a thunderstorm"}.get(sky, sky)
        wordings = (
            f"On which day does the weather forecast for {town} show {sky}?",
            f"Look at the weather in {town}: which day has {sky}?",
            f"I travel to {town}. Which day of the forecast has {sky}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        skies = [forecast.sky for forecast in world.weather[params["town"]]]
        right = DAYS[skies.index(params["sky"])]
        return Name(right, tuple(other for other in DAYS if other != right))

    def look(self, hand: NewsHand) -> Action | None:
        return open_weather(hand, hand.params["town"]) or see(hand, DAYS[-1], "town")


class WeatherSky(WeatherDay):
    """What the weather will be on a day."""

    name = "weather-sky"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"town": one_of(random, world.places), "day": one_of(random, DAYS)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        town, when = params["town"], params["day"]
        wordings = (
            f"What will the weather in {town} be on {when}: sun, clouds, rain, snow or storm?",
            f"Sun, clouds, rain, snow or storm: which does the forecast for {town} show on {when}?",
            f"Look up the forecast for {town} on {when}. Is it sun, clouds, rain, snow or storm?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        sky = world.weather[params["town"]][DAYS.index(params["day"])].sky
        others = tuple(word for other in SKIES if other != sky for word in (other, *SKIES[other]))
        return Name(sky, others, SKIES[sky])


class TemperatureSpread(NewsQuestion):
    """By how much the daily highs of a town differ."""

    name = "temperature-spread"
    kind = "compute"

    def draw(self, world: Paper, random: np.random.Generator) -> Params | None:
        return {"town": one_of(random, world.places)}

    def goal(self, world: Paper, params: Params, random: np.random.Generator) -> str:
        town = params["town"]
        wordings = (
            f"In the forecast for {town}, by how many degrees do the warmest and the least warm daily high differ?",
            f"Take the daily highs of the forecast for {town}: how many degrees is the largest above the smallest?",
            f"How many degrees lie between the highest and the lowest daily high in {town}'s forecast?",
        )
        return one_of(random, wordings)

    def expected(self, world: Paper, params: Params) -> Expected:
        highs = [forecast.high for forecast in world.weather[params["town"]]]
        return Number(max(highs) - min(highs), "degrees")

    def look(self, hand: NewsHand) -> Action | None:
        return open_weather(hand, hand.params["town"]) or see(hand, DAYS[-1], "town")


ROUNDS = (
    RankedArticle(),
    RankedAuthor(),
    ByAuthor(),
    NothingByAuthor(),
    OldestArticle(),
    TopicSize(),
    TickerTime(),
    WeatherDay(),
    WeatherSky(),
    TemperatureSpread(),
)
