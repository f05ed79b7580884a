"""How someone who knows the shop moves about in it: small closed-loop steps that the templates' experts are made of.

`settle` brings the shop's state from anything to what a task wants, undoing what nobody asked for; the others find
products and results. Each gives the next action, or None if there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.ways import Next, plainest, set_fields, turn_pages
from webvoyager_gym.sites.kit.worded import Ways, first_change, settle_parts
from webvoyager_gym.sites.shop.catalogue import PAGE_SIZE, PRICES, SORTS, Query, find, words_of
from webvoyager_gym.sites.shop.state import Line, ShopState
from webvoyager_gym.sites.shop.world import Product, World

ShopHand = Hand[World, ShopState]

CART_PAGES = ("/cart", "/cart/code")


def go_to_item(hand: ShopHand, product: Product) -> Next | None:
    """Towards a product's page: a link to it if there is one, the search box otherwise."""
    href = f"/item/{product.slug}"
    if hand.path == href:
        return None
    if hand.there(href=href):
        return hand.click(href=href)
    return search_for(hand, product.name)


def search_for(hand: ShopHand, words: str) -> Action:
    """Search everything; filters of earlier results are gone then."""
    return hand.type(words, enter=True, key="search")


def go_to_cart(hand: ShopHand) -> Next | None:
    """Towards the cart."""
    return None if hand.path in CART_PAGES else hand.click(key="cart")


def listed(hand: ShopHand, product: Product) -> bool:
    """Whether the page has the product's card, with its price and rating."""
    return hand.path in ("/", "/search", "/wishes") and hand.there(key=f"item-{product.slug}")


def show(hand: ShopHand, query: Query) -> Next | None:
    """Towards the results of a query, of its words or else of its category, with exactly its filters and order."""
    current = _current(hand)
    if current is None or words_of(current.words) != words_of(query.words) or current.category != query.category:
        return _open(hand, query)
    unwanted = [
        *(f"brand-{brand}" for brand in current.brands if brand not in query.brands),
        *(["free"] if current.free and not query.free else []),
        *(["good"] if current.good and not query.good else []),
    ]
    if len(unwanted) > 1:
        return _open(hand, query)
    changes = [hand.click(key=key) for key in unwanted]
    changes += [hand.click(key=f"brand-{brand}") for brand in query.brands if brand not in current.brands]
    if current.price != query.price:
        changes.append(hand.select(PRICES[query.price], key="price"))
    if query.free and not current.free:
        changes.append(hand.click(key="free"))
    if query.good and not current.good:
        changes.append(hand.click(key="good"))
    if current.sort != query.sort:
        changes.append(hand.select(SORTS[query.sort], key="sort"))
    return plainest(changes)


def turn_to(hand: ShopHand, query: Query, product: Product) -> Next | None:
    """Towards the page of the query's results, which are already shown, that holds the product."""
    return turn_pages(hand, f"item-{product.slug}", find(hand.world, query).index(product), PAGE_SIZE)


def _current(hand: ShopHand) -> Query | None:
    if hand.path != "/search" or not hand.there(key="sort"):
        return None
    asked = hand.query
    return Query(
        words=asked.get("q", ""),
        category=asked.get("category", ""),
        brands=hand.values("brand"),
        price=asked.get("price", ""),
        free=asked.get("free") == "1",
        good=asked.get("good") == "1",
        sort=asked.get("sort", "relevance"),
    )


def _open(hand: ShopHand, query: Query) -> Action:
    if not query.category:
        return search_for(hand, query.words)
    tile = f"category-{query.category}"
    return hand.click(key=tile) if hand.there(key=tile) else hand.click(key="home")


def _settle_cart(hand: ShopHand, have: Mapping[str, int], want: Mapping[str, int]) -> Next | None:
    extra = [key for key in have if key not in want]
    if extra:
        return go_to_cart(hand) or hand.click(key=f"remove-{extra[0]}")
    for key in have:
        if have[key] != want[key]:
            return go_to_cart(hand) or hand.select(str(want[key]), key=f"quantity-{key}")
    key = next(key for key in want if key not in have)
    line = Line.from_key(key)
    return go_to_item(hand, hand.world.by_slug[line.slug]) or _put_in_cart(hand, line, want[key])


def _put_in_cart(hand: ShopHand, line: Line, quantity: int) -> Next | None:
    size: dict[str, str | bool] = {"size": line.size} if line.size else {}
    choices = {f"colour-{line.colour}": True, **size, "quantity": str(quantity)}
    return set_fields(hand, choices) or hand.click(key="add")


def _settle_wishes(hand: ShopHand, have: Sequence[str], want: Sequence[str]) -> Next | None:
    slug = first_change(have, want)
    if slug not in have:
        return go_to_item(hand, hand.world.by_slug[slug]) or hand.click(key="wish")
    if hand.path == f"/item/{slug}":
        return hand.click(key="unwish")
    return hand.click(key=f"unwish-{slug}" if hand.path == "/wishes" else "wishes")


def _settle_code(hand: ShopHand, have: str, want: str) -> Next | None:
    if have:
        return go_to_cart(hand) or hand.click(key="remove-code")
    return go_to_cart(hand) or hand.type(want, enter=True, key="code")


def _settle_address(hand: ShopHand, have: Mapping[str, str], want: Mapping[str, str]) -> Next | None:
    if hand.path != "/address":
        return go_to_cart(hand) or hand.click(key="address")
    fields = {"address-name": want["name"], **{key: want[key] for key in ("street", "postcode", "town")}}
    return set_fields(hand, fields) or hand.click(key="save-address")


def _settle_gift(hand: ShopHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    if hand.path != "/gift":
        return go_to_cart(hand) or hand.click(key="gift")
    return set_fields(hand, {"wrap": want["wrap"], "note": want["note"]}) or hand.click(key="save-gift")


def _settle_reviews(hand: ShopHand, have: Mapping[str, Any], want: Mapping[str, Any]) -> Next | None:
    slug = first_change(have, want)
    if slug not in have and hand.path == f"/item/{slug}/review":
        stars = "1 star" if want[slug]["stars"] == 1 else f"{want[slug]['stars']} stars"
        fields = {"stars": stars, "review-title": want[slug]["title"]}
        return set_fields(hand, fields) or hand.click(key="post-review")
    step = go_to_item(hand, hand.world.by_slug[slug])
    if step is None and hand.query.get("tab") != "reviews":
        step = hand.click(key="tab-reviews")
    return step or hand.click(key="delete-review" if slug in have else "write-review")


_WAYS: Ways = {
    "cart": _settle_cart,
    "wishes": _settle_wishes,
    "code": _settle_code,
    "address": _settle_address,
    "gift": _settle_gift,
    "reviews": _settle_reviews,
}


def settle(hand: ShopHand) -> Next | None:
    """Towards the wanted effects: what nobody asked for is undone, what is missing is done."""
    return settle_parts(hand, _WAYS)
