"""Tasks that end with an answer; all but the last leave the shop as it was."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.sites.kit import Day, Expected, Name, Number, Params, Template, one_of
from webvoyager_gym.sites.kit.ways import Next, reveal, scroll_to
from webvoyager_gym.sites.shop.catalogue import PRICES, Query, find, offered_brands
from webvoyager_gym.sites.shop.draws import draw_cart, put_in_cart, siblings
from webvoyager_gym.sites.shop.experts import (
    ShopHand,
    go_to_cart,
    go_to_item,
    listed,
    search_for,
    settle,
    show,
    turn_to,
)
from webvoyager_gym.sites.shop.state import Line, ShopState, bill
from webvoyager_gym.sites.shop.world import CATEGORIES, COUNTRIES, Product, World, arrival_text, money


class ListedFact(Template[World, ShopState]):
    """The price, rating or number of reviews of a named product."""

    name: ClassVar[str] = "listed-fact"
    kind: ClassVar[Literal["look up"]] = "look up"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "price": (
            "How much does the {name} cost?",
            "What is the price of the {name}?",
            "Find the {name} and tell me its price.",
        ),
        "rating": (
            "What is the customer rating of the {name}?",
            "How is the {name} rated?",
            "Look up the rating of the {name}.",
        ),
        "reviews": (
            "How many reviews does the {name} have?",
            "Find the number of reviews of the {name}.",
            "How many customers reviewed the {name}?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = one_of(random, ("price", "price", "rating", "reviews"))
        return {"slug": one_of(random, world.products).slug, "fact": fact}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS[params["fact"]]).format(name=world.by_slug[params["slug"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        product = world.by_slug[params["slug"]]
        if params["fact"] == "price":
            return Number(product.price / 100, "$", decimals=2)
        if params["fact"] == "rating":
            return Number(product.rating, decimals=1)
        return Number(product.reviews)

    def expert(self, hand: ShopHand) -> Next:
        product = hand.world.by_slug[hand.params["slug"]]
        step = settle(hand)
        if step is None and listed(hand, product):
            step = reveal(hand, key=f"item-{product.slug}")
        elif step is None and hand.path == f"/item/{product.slug}":
            step = scroll_to(hand, product.name, money(product.price))
        elif step is None:
            step = search_for(hand, product.name)
        return step or hand.answer()


class Specification(Template[World, ShopState]):
    """A line of a product's specifications."""

    name: ClassVar[str] = "specification"
    kind: ClassVar[Literal["look up"]] = "look up"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "Weight": (
            "What is the weight of the {name}?",
            "How heavy is the {name}? Give its weight.",
            "Look up the weight of the {name} in its specifications.",
        ),
        "Height": (
            "What is the height of the {name}?",
            "How tall is the {name}? Give its height.",
            "Look up the height of the {name} in its specifications.",
        ),
        "Warranty": (
            "How long is the warranty of the {name}?",
            "What warranty does the {name} come with?",
            "Find the {name} and tell me how many years of warranty it has.",
        ),
        "Made in": (
            "In which country is the {name} made?",
            "Where is the {name} made?",
            "Find out what country the {name} is made in.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"slug": one_of(random, world.products).slug, "fact": one_of(random, tuple(self._WORDINGS))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS[params["fact"]]).format(name=world.by_slug[params["slug"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        text = world.by_slug[params["slug"]].facts[params["fact"]]
        if params["fact"] == "Made in":
            return Name(text, others=tuple(country for country in COUNTRIES if country != text))
        number, unit = text.split()
        return Number(float(number), unit)

    def expert(self, hand: ShopHand) -> Next:
        product = hand.world.by_slug[hand.params["slug"]]
        step = settle(hand) or go_to_item(hand, product)
        if step is None and hand.query.get("tab") != "specifications":
            step = hand.click(key="tab-specifications")
        fact = hand.params["fact"]
        return step or scroll_to(hand, fact, product.facts[fact]) or hand.answer()


class Arrival(Template[World, ShopState]):
    """The day a product arrives."""

    name: ClassVar[str] = "arrival"
    kind: ClassVar[Literal["look up"]] = "look up"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "If I order the {name} today, on what date does it arrive?",
        "When does the {name} arrive?",
        "Find the arrival date of the {name}.",
        "On which day would the {name} be delivered?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        product = one_of(random, world.products)
        return {"slug": product.slug} if product.stock else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(name=world.by_slug[params["slug"]].name)

    def expected(self, world: World, params: Params) -> Expected:
        return Day(world.by_slug[params["slug"]].arrival)

    def expert(self, hand: ShopHand) -> Next:
        product = hand.world.by_slug[hand.params["slug"]]
        return settle(hand) or go_to_item(hand, product) or scroll_to(hand, arrival_text(product)) or hand.answer()


EXTREMES = {
    "cheapest": ("price-up", lambda product: product.price),
    "most expensive": ("price-down", lambda product: -product.price),
    "best rated": ("rating", lambda product: -product.rating),
}
"""Superlatives: the order that brings the product to the top, and what it minimises."""


def draw_extreme(world: World, random: np.random.Generator) -> dict[str, Any] | None:
    """A superlative of a kind or a category, at times with free delivery; None unless one product alone fits."""
    extreme = one_of(random, tuple(EXTREMES))
    free = bool(random.random() < 0.35)
    seed = one_of(random, world.products)
    by_category = bool(random.random() < 0.4)
    scope = [
        product
        for product in (world.products if by_category else siblings(world, seed))
        if product.category == seed.category and (product.free_delivery or not free)
    ]
    values = sorted((EXTREMES[extreme][1](product), product.slug) for product in scope)
    if len(values) < 2 or values[0][0] == values[1][0]:
        return None
    return {
        "extreme": extreme,
        "free": free,
        "category": seed.category if by_category else "",
        "noun": "" if by_category else seed.noun,
        "slug": values[0][1],
    }


def extreme_text(params: Params) -> str:
    """The superlative in words: "the cheapest mug with free delivery"."""
    thing = f"product in {params['category']}" if params["category"] else params["noun"].lower()
    return f"the {params['extreme']} {thing}" + (" with free delivery" if params["free"] else "")


def extreme_query(params: Params) -> Query:
    """The results that a superlative is read from."""
    return Query(params["noun"].lower(), params["category"], free=params["free"], sort=EXTREMES[params["extreme"]][0])


class Extreme(Template[World, ShopState]):
    """The cheapest, most expensive or best rated product of a kind or category."""

    name: ClassVar[str] = "extreme"
    kind: ClassVar[Literal["compare"]] = "compare"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "What is the name of {thing}?",
        "Which is {thing}?",
        "Find {thing} and tell me its name.",
        "I am looking for {thing}. What is it called?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(thing=extreme_text(params))

    def expected(self, world: World, params: Params) -> Expected:
        name = world.by_slug[params["slug"]].name
        return Name(name, others=tuple(product.name for product in world.products if product.name != name))

    def expert(self, hand: ShopHand) -> Next:
        product, query = hand.world.by_slug[hand.params["slug"]], extreme_query(hand.params)
        step = settle(hand) or show(hand, query) or turn_to(hand, query, product)
        return step or reveal(hand, key=f"item-{product.slug}") or hand.answer()


class WhichOfTwo(Template[World, ShopState]):
    """Which of two products of a kind costs less, is rated better or has more reviews."""

    name: ClassVar[str] = "which-of-two"
    kind: ClassVar[Literal["compare"]] = "compare"

    _WORDINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "price": (
            "Which is cheaper, the {a} or the {b}?",
            "Which one costs less: the {a} or the {b}?",
            "Compare the prices of the {a} and the {b}. Which is cheaper?",
        ),
        "rating": (
            "Which is rated better, the {a} or the {b}?",
            "Which has the higher rating: the {a} or the {b}?",
            "Do customers rate the {a} or the {b} higher?",
        ),
        "reviews": (
            "Which has more reviews, the {a} or the {b}?",
            "Which one was reviewed more often: the {a} or the {b}?",
            "Of the {a} and the {b}, which has more reviews?",
        ),
    }
    _WORTH: ClassVar[dict[str, Any]] = {
        "price": lambda product: -product.price,
        "rating": lambda product: product.rating,
        "reviews": lambda product: product.reviews,
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = one_of(random, tuple(self._WORDINGS))
        pool = siblings(world, one_of(random, world.products))
        first, second = (pool[int(i)] for i in random.permutation(len(pool))[:2])
        worth = self._WORTH[fact]
        if worth(first) == worth(second):
            return None
        return {"fact": fact, "slugs": [first.slug, second.slug]}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        a, b = (world.by_slug[slug].name for slug in params["slugs"])
        return one_of(random, self._WORDINGS[params["fact"]]).format(a=a, b=b)

    def expected(self, world: World, params: Params) -> Expected:
        high = max((world.by_slug[slug] for slug in params["slugs"]), key=self._WORTH[params["fact"]])
        return Name(high.name, others=tuple(product.name for product in world.products if product.name != high.name))

    def expert(self, hand: ShopHand) -> Next:
        products: list[Product] = [hand.world.by_slug[slug] for slug in hand.params["slugs"]]
        step = settle(hand)
        if step is None and not all(listed(hand, product) for product in products):
            step = search_for(hand, products[0].noun.lower())
        for product in products:
            step = step or reveal(hand, key=f"item-{product.slug}")
        return step or hand.answer()


class Count(Template[World, ShopState]):
    """How many products of a category pass one or two filters."""

    name: ClassVar[str] = "count"
    kind: ClassVar[Literal["filter"]] = "filter"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "How many products in {category}{conditions} are there?",
        "Count the products in {category}{conditions}.",
        "Tell me how many products in {category}{conditions} the shop has.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        category = one_of(random, CATEGORIES)
        filters: dict[str, Any] = {}
        kinds = ("brand", "price", "free", "good")
        for index in random.permutation(len(kinds))[: int(random.integers(1, 3))]:
            kind = kinds[int(index)]
            if kind == "brand":
                filters[kind] = one_of(random, offered_brands(world, Query(category=category)))
            elif kind == "price":
                filters[kind] = one_of(random, ("low", "middle", "high"))
            else:
                filters[kind] = True
        params = {"category": category, "filters": filters}
        found = len(find(world, self._query(params)))
        return params if 1 < found < len(find(world, Query(category=category))) else None

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        filters = params["filters"]
        conditions = f" by {filters['brand']}" if "brand" in filters else ""
        if "good" in filters:
            conditions += " rated 4 stars and up"
        if "price" in filters:
            price = PRICES[filters["price"]]
            conditions += f" from {price}" if filters["price"] == "middle" else f" {price[0].lower()}{price[1:]}"
        if "free" in filters:
            conditions += " with free delivery"
        return one_of(random, self._WORDINGS).format(category=params["category"], conditions=conditions)

    def expected(self, world: World, params: Params) -> Expected:
        return Number(len(find(world, self._query(params))))

    def expert(self, hand: ShopHand) -> Next:
        query = self._query(hand.params)
        count = len(find(hand.world, query))
        return settle(hand) or show(hand, query) or scroll_to(hand, f"{count} result") or hand.answer()

    def _query(self, params: Params) -> Query:
        filters = params["filters"]
        brands = (filters["brand"],) if "brand" in filters else ()
        price = filters.get("price", "")
        return Query("", params["category"], brands, price, filters.get("free", False), filters.get("good", False))


class TotalWithCode(Template[World, ShopState]):
    """What the cart costs in all after a promo code is applied, which has to be applied."""

    name: ClassVar[str] = "total-with-code"
    kind: ClassVar[Literal["compute"]] = "compute"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Apply the promo code {code} to my cart and tell me the total.",
        "What is the total of my cart after you apply the promo code {code}?",
        "Use promo code {code} in my cart. How much is the total then?",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        cart = draw_cart(world, random, int(random.integers(1, 4)))
        return {"cart": cart, "code": one_of(random, tuple(world.codes))}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(code=params["code"])

    def prepare(self, world: World, params: Params, state: ShopState) -> None:
        put_in_cart(state, params["cart"])

    def expected(self, world: World, params: Params) -> Expected:
        cart = {Line.from_key(key): quantity for key, quantity in params["cart"].items()}
        return Number(bill(world, cart, params["code"]).total / 100, "$", decimals=2)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "code": params["code"]}

    def expert(self, hand: ShopHand) -> Next:
        assert hand.expected is not None
        return settle(hand) or go_to_cart(hand) or scroll_to(hand, hand.expected.text) or hand.answer()


QUESTIONS = (ListedFact(), Specification(), Arrival(), Extreme(), WhichOfTwo(), Count(), TotalWithCode())
