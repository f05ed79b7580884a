"""Questions about what results show at once: pictures, videos, the weather and converted money."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Expected, Name, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, read
from webvoyager_gym.sites.search import boxes
from webvoyager_gym.sites.search.index import Query
from webvoyager_gym.sites.search.reach import SearchHand, show, type_search
from webvoyager_gym.sites.search.settle import SearchQuestion
from webvoyager_gym.sites.search.web import FILMED, Page, Picture
from webvoyager_gym.sites.search.world import World


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


def picture_words(world: World, picture: Picture) -> Params:
    """What a goal says of a picture."""
    name = world.thing[picture.thing].name
    return {"picture": picture.key, "colour": picture.colour, "shape": picture.shape, "name": name}


def _by_length(world: World, params: Params) -> list[Page]:
    videos = world.pages_about(world.thing[params["thing"]], "video")
    return sorted(videos, key=lambda page: page.seconds, reverse=params["most"] == "longest")


SIGHTS = (SkyDay(), Convert(), PictureBy(), VideoLength())
