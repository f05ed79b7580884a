"""Questions that repositories as the search lists them answer; the code host stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.code import names
from webvoyager_gym.sites.code.search import PAGE_SIZE, STARS, UPDATED, Query, find
from webvoyager_gym.sites.code.task import CodeTask, name_of
from webvoyager_gym.sites.code.walk import CodeHand, go_to, show, turn_to
from webvoyager_gym.sites.code.world import World, day_text
from webvoyager_gym.sites.kit import Day, Expected, Impossible, Name, Number, Params, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to
from webvoyager_gym.sites.kit.worded import Wordings


class RepositoryFact(CodeTask):
    """The licence, stars, forks or last update of a named repository."""

    name: ClassVar[str] = "repository-fact"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "licence": (
            "Which licence does the repository {repo} use?",
            "Under what licence is {repo} published?",
            "Look up the licence of {repo}.",
        ),
        "forks": (
            "How many forks does {repo} have?",
            "How often was {repo} forked?",
            "Find {repo} and tell me the number of forks.",
        ),
        "stars": (
            "How many stars does {repo} have?",
            "What is the number of stars of {repo}?",
            "Tell me how many people starred {repo}.",
        ),
        "updated": (
            "When was {repo} last updated?",
            "On which day was {repo} updated?",
            "Give the date of the last update of {repo}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"repo": one_of(random, world.repositories).key, "fact": one_of(random, tuple(self.wordings))}

    def expected(self, world: World, params: Params) -> Expected:
        repository = world.by_key[params["repo"]]
        if params["fact"] == "licence":
            return Name(repository.licence, tuple(one for one in names.LICENCES if one != repository.licence))
        if params["fact"] == "updated":
            return Day(repository.updated)
        return Number(repository.stars if params["fact"] == "stars" else repository.forks)

    def path(self, hand: CodeHand) -> Next | None:
        repository = hand.world.by_key[hand.params["repo"]]
        text = {
            "licence": repository.licence,
            "forks": f"{repository.forks:,}",
            "stars": f"{repository.stars:,}",
            "updated": day_text(repository.updated),
        }[hand.params["fact"]]
        key = f"repo-{repository.key}"
        if hand.params["fact"] in ("stars", "updated") and hand.there(key=key):
            return reveal(hand, key=key)
        return go_to(hand, repository, "code") or scroll_to(hand, text)


EXTREMES = {
    "most stars": ("stars", lambda repository: -repository.stars),
    "fewest stars": ("few", lambda repository: repository.stars),
    "newest update": ("updated", lambda repository: -repository.updated.toordinal()),
}
"""Superlatives: the order that brings the repository to the top, and what it minimises."""


def draw_extreme(world: World, random: np.random.Generator) -> dict[str, Any] | None:
    """A superlative among the repositories of a language or a time; None unless one alone fits."""
    extreme = one_of(random, tuple(EXTREMES))
    by_language = bool(random.random() < 0.7) or extreme == "newest update"
    query = Query(
        language=one_of(random, world.sources).language if by_language else "",
        updated="" if by_language else one_of(random, ("7", "30")),
        sort=EXTREMES[extreme][0],
    )
    found = find(world, query)
    worth = EXTREMES[extreme][1]
    if len(found) < 3 or worth(found[0]) == worth(found[1]):
        return None
    return {"extreme": extreme, "language": query.language, "updated": query.updated, "repo": found[0].key}


def extreme_text(params: Params) -> str:
    """The superlative in words: "the Python repository with the most stars"."""
    time = f" updated in the {UPDATED[params['updated']].lower()}" if params["updated"] else ""
    return f"the {params['language']} repository{time} with the {params['extreme']}".replace("  ", " ")


def extreme_query(params: Params) -> Query:
    """The results that a superlative is read from."""
    return Query("", params["language"], "", params["updated"], sort=EXTREMES[params["extreme"]][0])


class Extreme(CodeTask):
    """The repository of a language or a time with the most or fewest stars or the newest update."""

    name: ClassVar[str] = "extreme"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Explore all repositories, no forks. Which is {thing}?",
            "Leaving forks aside, find {thing} and give its name.",
            "What is the name of {thing}, not counting forks?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": extreme_text(params)}

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_key[params["repo"]], world)

    def path(self, hand: CodeHand) -> Next | None:
        query, repository = extreme_query(hand.params), hand.world.by_key[hand.params["repo"]]
        return show(hand, query) or turn_to(hand, query, repository) or reveal(hand, key=f"repo-{repository.key}")


def filters_text(params: Params) -> str:
    """Filters in words: "Python repositories with 1,000 or more stars updated in the last 30 days"."""
    stars = f" with {STARS[params['stars']]} stars" if params["stars"] else ""
    time = f" updated in the {UPDATED[params['updated']].lower()}" if params["updated"] else ""
    return f"{params['language']} repositories{stars}{time}".strip()


class Count(CodeTask):
    """How many repositories pass two or three filters."""

    name: ClassVar[str] = "count"
    kind: ClassVar[Literal["filter"]] = "filter"
    wordings: ClassVar[Wordings] = {
        "": (
            "Leaving out forks, how many {things} are there?",
            "Count the {things}. Forks do not count.",
            "Use Explore to find out how many {things} there are, without forks.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params: dict[str, Any] = {
            "language": one_of(random, ("", *names.LANGUAGES)),
            "stars": one_of(random, tuple(STARS)),
            "updated": one_of(random, tuple(UPDATED)),
        }
        found = find(world, Query("", **params))
        chosen = sum(bool(value) for value in params.values())
        return params if chosen >= 2 and 1 < len(found) < len(world.sources) - 3 else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"things": filters_text(params)}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(find(world, Query("", **params))))

    def path(self, hand: CodeHand) -> Next | None:
        query = Query("", **hand.params)
        count = len(find(hand.world, query))
        return show(hand, query) or scroll_to(hand, f"{count} {'repository' if count == 1 else 'repositories'}")


class NoneSuch(CodeTask):
    """A repository is asked for that no filter finds: there is none."""

    name: ClassVar[str] = "none-such"
    kind: ClassVar[Literal["filter"]] = "filter"
    feasible: ClassVar[bool] = False
    wordings: ClassVar[Wordings] = {
        "": (
            "Which {thing} has the most stars?",
            "Find a {thing} and tell me its name.",
            "I need a {thing}. What is it called?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params: dict[str, Any] = {
            "language": one_of(random, tuple(names.LANGUAGES)),
            "stars": one_of(random, ("1000", "5000")),
            "updated": one_of(random, ("7", "30")),
        }
        near = len(find(world, Query("", params["language"], params["stars"])))
        near += len(find(world, Query("", params["language"], "", params["updated"])))
        return params if near and not find(world, Query("", forks=True, **params)) else None

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {"thing": filters_text(params).replace("repositories", "repository")}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("no repositories found", tuple(one.key for one in world.repositories))

    def path(self, hand: CodeHand) -> Next | None:
        return show(hand, Query("", **hand.params)) or scroll_to(hand, "No repositories found")


class DotColour(CodeTask):
    """Which of the results has a language dot of a colour, which no text tells."""

    name: ClassVar[str] = "dot-colour"
    kind: ClassVar[Literal["look up"]] = "look up"
    wordings: ClassVar[Wordings] = {
        "": (
            "Search for {words}. Which repository in the results has a {colour} dot?",
            "Search for {words}: what is the repository with the {colour} language dot called?",
            "Among the {words} repositories, give the name of the one with a {colour} dot.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, world.kinds)
        own = [one for one in find(world, Query(kind))[:PAGE_SIZE] if one.kind == kind]
        target = one_of(random, own)
        alike = [one for one in find(world, Query(kind)) if one.language == target.language]
        if len(alike) > 1:
            return None
        return {"words": kind, "colour": world.colours[target.language], "repo": target.key}

    def expected(self, world: World, params: Params) -> Expected:
        return name_of(world.by_key[params["repo"]], world)

    def path(self, hand: CodeHand) -> Next | None:
        query, repository = Query(hand.params["words"]), hand.world.by_key[hand.params["repo"]]
        return show(hand, query) or turn_to(hand, query, repository) or reveal(hand, key=f"repo-{repository.key}")


class NewerRelease(CodeTask):
    """Which of two repositories brought out its latest release more recently."""

    name: ClassVar[str] = "newer-release"
    kind: ClassVar[Literal["compare"]] = "compare"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which brought out its latest release more recently, {a} or {b}? Ignore pre-releases.",
            "Compare the latest releases of {a} and {b}, not pre-releases. Whose is newer?",
            "Pre-releases aside, is the latest release of {a} or that of {b} the newer one?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        kind = one_of(random, world.kinds)
        pool = [one for one in world.sources if one.kind == kind]
        first, second = (pool[int(i)] for i in random.permutation(len(pool))[:2])
        return {"a": first.key, "b": second.key} if first.latest.day != second.latest.day else None

    def expected(self, world: World, params: Params) -> Expected:
        pair = [world.by_key[params["a"]], world.by_key[params["b"]]]
        older, newer = sorted(pair, key=lambda one: one.latest.day)
        return Name(newer.key, (older.key, older.name), (newer.name,))

    def path(self, hand: CodeHand) -> Next | None:
        # The first is read before the second, whose page is where the answer is given.
        first, second = (hand.world.by_key[hand.params[name]] for name in "ab")
        if hand.path == f"{second.href}/releases":
            return scroll_to(hand, day_text(second.latest.day))
        if hand.path == f"{first.href}/releases":
            return scroll_to(hand, day_text(first.latest.day)) or go_to(hand, second)
        if hand.path.startswith(second.href) or (hand.path == "/search" and second.name in hand.query.get("q", "")):
            return go_to(hand, second, "releases")
        return go_to(hand, first, "releases")


SEARCHING = (RepositoryFact(), Extreme(), Count(), NoneSuch(), DotColour(), NewerRelease())
