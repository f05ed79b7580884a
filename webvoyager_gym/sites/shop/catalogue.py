"""Finding products: words, filters, order and pages. Pure functions over a world."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from webvoyager_gym.sites.kit.paging import Part, cut
from webvoyager_gym.sites.shop.world import Product, World

PAGE_SIZE = 6
SORTS = {
    "relevance": "Relevance",
    "price-up": "Price: low to high",
    "price-down": "Price: high to low",
    "rating": "Customer rating",
}
PRICES = {"": "Any price", "low": "Under $25", "middle": "$25 to $60", "high": "Over $60"}
_BOUNDS = {"": (0, 10**9), "low": (0, 2499), "middle": (2500, 6000), "high": (6001, 10**9)}
GOOD_RATING = 4.0
SHOWN_BRANDS = 4


@dataclass(frozen=True, slots=True)
class Query:
    """A search with its filters; `page` counts from 1."""

    words: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    price: str = ""
    free: bool = False
    good: bool = False
    sort: str = "relevance"
    page: int = 1

    @property
    def filtered(self) -> bool:
        return bool(self.brands or self.price or self.free or self.good)

    @property
    def unfiltered(self) -> Query:
        return Query(self.words, self.category)

    @property
    def href(self) -> str:
        """The address of the results."""
        pairs = [("q", self.words), ("category", self.category), *(("brand", brand) for brand in self.brands)]
        pairs += [("price", self.price), ("free", "1" if self.free else ""), ("good", "1" if self.good else "")]
        pairs += [
            ("sort", self.sort if self.sort != "relevance" else ""),
            ("page", str(self.page) if self.page > 1 else ""),
        ]
        return "/search?" + urlencode([(name, value) for name, value in pairs if value])

    def page_href(self, page: int) -> str:
        """The address of another page of the same results."""
        return replace(self, page=page).href


def words_of(text: str) -> list[str]:
    """Folded words, plurals as their singular."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words]


def score(product: Product, words: list[str]) -> int:
    """How many of the words the product has in its name or category."""
    own = set(words_of(f"{product.name} {product.category}"))
    return sum(word in own for word in words)


def matching(world: World, query: Query) -> list[Product]:
    """Products that share at least one word with the query, in its category, best match first; no filters applied."""
    words = words_of(query.words)
    scored = [
        (score(product, words), product)
        for product in world.products
        if not query.category or product.category == query.category
    ]
    # Sorting is stable, so equally good matches stay in the order of popularity.
    return [product for hits, product in sorted(scored, key=lambda pair: -pair[0]) if hits or not words]


def passes(product: Product, query: Query) -> bool:
    """Whether a product passes the query's filters."""
    low, high = _BOUNDS[query.price]
    return (
        (not query.brands or product.brand in query.brands)
        and low <= product.price <= high
        and (not query.free or product.free_delivery)
        and (not query.good or product.rating >= GOOD_RATING)
    )


def find(world: World, query: Query) -> list[Product]:
    """Everything that a query finds, in its order."""
    found = [product for product in matching(world, query) if passes(product, query)]
    if query.sort == "price-up":
        found.sort(key=lambda product: product.price)
    elif query.sort == "price-down":
        found.sort(key=lambda product: -product.price)
    elif query.sort == "rating":
        found.sort(key=lambda product: -product.rating)
    return found


def offered_brands(world: World, query: Query) -> tuple[str, ...]:
    """The brands that the filter lists: the commonest of what matches, and those already chosen."""
    counts: dict[str, int] = {}
    for product in matching(world, query):
        counts[product.brand] = counts.get(product.brand, 0) + 1
    common = sorted(counts, key=lambda brand: (-counts[brand], brand))[:SHOWN_BRANDS]
    return tuple(common + [brand for brand in query.brands if brand in world.brands and brand not in common])


def results(world: World, query: Query) -> Part[Product]:
    """The page of results that the query asks for; a page past the end is the last one."""
    return cut(find(world, query), query.page, PAGE_SIZE)
