"""Questions whose difficulty is to find the right result: by phrase, publisher, time, picture, box or past a wall."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, read
from webvoyager_gym.sites.search import boxes
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.reach import SearchHand, open_page, show, type_search
from webvoyager_gym.sites.search.settle import SearchQuestion
from webvoyager_gym.sites.search.web import FILMED, KEPT, OPEN, REPORTED, SECRET, Page, Picture
from webvoyager_gym.sites.search.world import World

REPORTS = {
    "company": "people does {} want to hire",
    "club": "seats will the new stand of {} have",
    "town": "new homes did the council of {} agree on",
    "event": "visitors do the makers of {} expect",
}
"""What the news give a number of, by the kind of thing."""

LONGEST_COUNT = 15


class ExactPhrase(SearchQuestion):
    """Which page holds a phrase, among others that hold its words."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "exact-phrase"
    wordings: ClassVar[tuple[str, ...]] = (
        'What is the title of the page with the exact phrase "{phrase}"?',
        'One page has the exact phrase "{phrase}". Give its title.',
        'Find the page that says "{phrase}" in exactly these words. What is it called?',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"phrase": one_of(random, world.phrases)}

    def expected(self, world: World, params: Params) -> Expected:
        page = page_with(world, params["phrase"])
        others = [page_with(world, phrase).title for phrase in world.phrases if phrase != params["phrase"]]
        return Name(page.title, tuple(others))

    def look(self, hand: SearchHand) -> Action | None:
        page = page_with(hand.world, hand.params["phrase"])
        return show(hand, Query(exact=hand.params["phrase"])) or read(hand, page.title, f"page-{page.key}")


class NoSuchPhrase(ExactPhrase):
    """A phrase that no page holds, though several hold its words."""

    name: ClassVar[str] = "no-such-phrase"
    feasible: ClassVar[bool] = False

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"phrase": one_of(random, world.unsaid)}

    def expected(self, world: World, params: Params) -> Expected:
        others = [page_with(world, phrase).title for phrase in world.phrases]
        return Impossible("no page with this phrase was found, there are no results", tuple(others))

    def look(self, hand: SearchHand) -> Action | None:
        return show(hand, Query(exact=hand.params["phrase"]))


class CountPages(SearchQuestion):
    """How many pages a publisher, or a year, has with a name in them."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "count-pages"
    wordings: ClassVar[tuple[str, ...]] = (
        'How many pages of {publisher} have the exact phrase "{phrase}", but not the word "{without}"?',
        'With the advanced search: how many results has {publisher} for the phrase "{phrase}" without "{without}"?',
        'Count the results of {publisher} with the exact phrase "{phrase}" and without the word "{without}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*REPORTED, *FILMED))
        phrase = one_of(random, thing.name.split())
        publisher = one_of(random, [one for one in world.publishers if one.style in ("news", "reference", "video")])
        without = one_of(random, [word for word in thing.name.split() if word != phrase] or ["news"])
        query = Query(exact=phrase, site=publisher.key, without=without)
        found = len(world.index.find(query))
        looser = (Query(exact=phrase, site=publisher.key), Query(exact=phrase, without=without))
        if not 1 < found < LONGEST_COUNT or found in [len(world.index.find(other)) for other in looser]:
            return None
        return {"publisher": publisher.name, "site": publisher.key, "phrase": phrase, "without": without}

    def query(self, params: Params) -> Query:
        """The search that finds the pages."""
        return Query(exact=params["phrase"], site=params["site"], without=params["without"])

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(world.index.find(self.query(params))))

    def look(self, hand: SearchHand) -> Action | None:
        return show(hand, self.query(hand.params))


class RecentNews(SearchQuestion):
    """A number from the newest of several reports on the same matter."""

    kind: ClassVar[Literal["filter"]] = "filter"
    name: ClassVar[str] = "recent-news"
    wordings: ClassVar[tuple[str, ...]] = (
        "According to news of the past month, how many {what}?",
        "How many {what}? Take the news of the past month, not older ones.",
        "Read the news of the past month: how many {what}?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"thing": one_of(random, world.of_kind(*REPORTED)).key}

    def words(self, world: World, params: Params) -> Params:
        thing = world.thing[params["thing"]]
        return {"what": REPORTS[thing.kind].format(thing.name)}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(newest(world, params["thing"]).number)

    def look(self, hand: SearchHand) -> Action | None:
        page, name = newest(hand.world, hand.params["thing"]), hand.world.thing[hand.params["thing"]].name
        return open_page(hand, page, Query(name, tab="news", time="month")) or read(hand, f"{page.number:,}", "save")


class OpenSource(SearchQuestion):
    """A number that the first result keeps behind a wall and another page tells."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "open-source"
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {label} of {name}?",
        "Find a page that tells the {label} of {name}, and give the number.",
        "I need the {label} of {name} as a number. Any page will do.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*KEPT))
        return {"thing": thing.key, "name": thing.name, "label": OPEN[thing.kind][0]}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(_told(world, params).number)

    def look(self, hand: SearchHand) -> Action | None:
        page = _told(hand.world, hand.params)
        query = Query(f"{hand.params['name']} {hand.params['label']}")
        return open_page(hand, page, query) or read(hand, f"{page.number:,}", "save")


class Blocked(SearchQuestion):
    """A number that stands only behind the wall, which nobody gets past."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "blocked"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[tuple[str, ...]] = (
        "What is the {label} of {name} according to {vault}?",
        "Read the {label} of {name} on the page of {vault}.",
        "{vault} has a page with the {label} of {name}. Which number does it give?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*KEPT))
        label = one_of(random, SECRET[thing.kind])
        return {"thing": thing.key, "name": thing.name, "label": label, "vault": world.of_style("vault").name}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("the page is blocked by a check and cannot be read")

    def look(self, hand: SearchHand) -> Action | None:
        page = hand.world.pages_about(hand.world.thing[hand.params["thing"]], "vault")[0]
        return open_page(hand, page, Query(f"{hand.params['name']} {hand.params['label']}"))


class SkyDay(SearchQuestion):
    """The day of a sky that is only drawn."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "sky-day"
    wordings: ClassVar[tuple[str, ...]] = (
        "On which day does the forecast for {name} show {sky}?",
        "Look at the weather in {name}: on which day of the week is there {sky}?",
        "The weather in {name}: name the one day with {sky}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        forecast = one_of(random, world.forecasts)
        skies = [sky for sky, _, _ in forecast.days]
        days = [number for number, sky in enumerate(skies) if skies.count(sky) == 1]
        return {"town": forecast.town, "day": one_of(random, days), "name": world.thing[forecast.town].name}

    def words(self, world: World, params: Params) -> Params:
        sky = world.forecast[params["town"]].days[params["day"]][0]
        drawn = {"sun": "a clear sun", "cloud": "clouds and nothing else", "rain": "rain", "snow": "snow"}
        return {**params, "sky": drawn.get(sky, "a thunderstorm")}

    def expected(self, world: World, params: Params) -> Expected:
        days = [boxes.weekday(number) for number in range(5)]
        right = days.pop(params["day"])
        return Name(right, tuple(days), (right[:3],))

    def look(self, hand: SearchHand) -> Action | None:
        now = hand.query.get("q", "") if hand.path == "/search" and hand.there(key="feedback") else ""
        if boxes.box_key(hand.world, now) == f"weather-{hand.params['town']}":
            return None if not hand.view.scroll[0] else Action("scroll", None, "up")
        return type_search(hand, f"weather {hand.params['name']}")


class Convert(SearchQuestion):
    """An amount of one currency in another."""

    kind: ClassVar[Literal["compute"]] = "compute"
    name: ClassVar[str] = "convert"
    wordings: ClassVar[tuple[str, ...]] = (
        "How much are {amount} {source} in {target}?",
        "Convert {amount} {source} to {target}.",
        "I have {amount} {source}. How much is that in {target}?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        source, target = (world.rates[int(i)][0] for i in random.permutation(len(world.rates))[:2])
        return {"amount": int(random.integers(12, 990)), "source": source, "target": target}

    def expected(self, world: World, params: Params) -> Expected:
        result = boxes.convert(world, params["amount"], params["source"], params["target"]).result
        return Number(result, decimals=2, tolerance=0.005)

    def look(self, hand: SearchHand) -> Action | None:
        words = f"{hand.params['amount']} {hand.params['source']} in {hand.params['target']}"
        result = boxes.convert(hand.world, hand.params["amount"], hand.params["source"], hand.params["target"]).result
        return show(hand, Query(words)) or read(hand, f"{result:,.2f} {hand.params['target']}", "amount")


class PictureBy(SearchQuestion):
    """Who took the picture that shows something of a colour; only the picture shows it."""

    kind: ClassVar[Literal["look up"]] = "look up"
    name: ClassVar[str] = "picture-by"
    wordings: ClassVar[tuple[str, ...]] = (
        "Who took the photo of a {colour} {shape} in {name}?",
        "Among the images of {name}, one shows a {colour} {shape}. Whose photo is it?",
        "Look at the images of {name} and find the {colour} {shape}. Who is the photographer?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        picture = one_of(random, world.pictures)
        return picture_words(world, picture)

    def expected(self, world: World, params: Params) -> Expected:
        picture = world.picture[params["picture"]]
        others = {other.by for other in world.pictures if other.by != picture.by}
        return Name(picture.by, tuple(sorted(others)))

    def look(self, hand: SearchHand) -> Action | None:
        picture = hand.world.picture[hand.params["picture"]]
        step = show(hand, Query(hand.params["name"], tab="images"))
        return step or read(hand, f"Photo by {picture.by}", f"image-{picture.key}")


class VideoLength(SearchQuestion):
    """The shortest or longest video about something."""

    kind: ClassVar[Literal["compare"]] = "compare"
    name: ClassVar[str] = "video-length"
    wordings: ClassVar[tuple[str, ...]] = (
        "Which is the {most} video about {name}?",
        "What is the title of the {most} video about {name}?",
        "Compare the videos about {name}. Which one is the {most}?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        thing = one_of(random, world.of_kind(*FILMED))
        return {"thing": thing.key, "name": thing.name, "most": one_of(random, ("shortest", "longest"))}

    def expected(self, world: World, params: Params) -> Expected:
        page, *others = _by_length(world, params)
        return Name(page.title, tuple(other.title for other in others))

    def look(self, hand: SearchHand) -> Action | None:
        page = _by_length(hand.world, hand.params)[0]
        return show(hand, Query(hand.params["name"], tab="videos")) or read(hand, page.title, f"page-{page.key}")


def page_with(world: World, phrase: str) -> Page:
    """The page that holds a phrase."""
    return world.index.find(Query(exact=phrase))[0]


def newest(world: World, thing: str) -> Page:
    """The newest report about a thing."""
    return max(world.pages_about(world.thing[thing], "news"), key=lambda page: page.day)


def picture_words(world: World, picture: Picture) -> Params:
    """What a goal says of a picture."""
    name = world.thing[picture.thing].name
    return {"picture": picture.key, "colour": picture.colour, "shape": picture.shape, "name": name}


def _told(world: World, params: Params) -> Page:
    return next(page for page in world.pages_about(world.thing[params["thing"]], "blog") if page.number)


def _by_length(world: World, params: Params) -> list[Page]:
    videos = world.pages_about(world.thing[params["thing"]], "video")
    return sorted(videos, key=lambda page: page.seconds, reverse=params["most"] == "longest")


FINDS = (
    ExactPhrase(), NoSuchPhrase(), CountPages(), RecentNews(), OpenSource(), Blocked(), SkyDay(), Convert(),
    PictureBy(), VideoLength(),
)  # fmt: skip
