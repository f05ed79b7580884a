"""Tasks that are done when the shop is in the wanted state, and nothing else was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Literal

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit import Params, Template, one_of
from webvoyager_gym.sites.shop.draws import draw_cart, draw_line, in_stock, put_in_cart
from webvoyager_gym.sites.shop.experts import ShopHand, settle, show, turn_to
from webvoyager_gym.sites.shop.questions import draw_extreme, extreme_query, extreme_text
from webvoyager_gym.sites.shop.state import Line, ShopState
from webvoyager_gym.sites.shop.world import MOST, World


class Errand(Template[World, ShopState]):
    """A task without an answer; its expert brings about the wanted effects."""

    kind: ClassVar[Literal["act"]] = "act"

    def prepare(self, world: World, params: Params, state: ShopState) -> None:
        put_in_cart(state, params.get("cart", {}))

    def expert(self, hand: ShopHand) -> Action | Sequence[Action]:
        return settle(hand) or hand.answer()


class AddToCart(Errand):
    """Put a product into the cart in a colour (seen in the picture only), a size and a quantity."""

    name: ClassVar[str] = "add-to-cart"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Add {number} {name} in {options} to the cart.",
        "Put {number} {name} in {options} into my cart.",
        "I would like {number} {name} in {options}. Put that into the cart.",
        "Find the {name} and add it to the cart in {options}, quantity {number}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        product = one_of(random, in_stock(world))
        quantity = one_of(random, (1, 1, 2, 3, 4))
        return {"line": draw_line(random, product).key, "quantity": quantity}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        line = Line.from_key(params["line"])
        options = f"{line.colour}, size {line.size}" if line.size else line.colour
        wording = one_of(random, self._WORDINGS)
        return wording.format(number=params["quantity"], name=world.by_slug[line.slug].name, options=options)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "cart": {**initial["cart"], params["line"]: params["quantity"]}}


class ChangeQuantity(Errand):
    """Change how many pieces of a product are in the cart."""

    name: ClassVar[str] = "change-quantity"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Change the quantity of the {name} in my cart to {number}.",
        "I need {number} of the {name} that is in my cart. Set the quantity.",
        "Set the {name} in the cart to quantity {number}.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        cart = draw_cart(world, random, int(random.integers(2, 4)))
        key = one_of(random, tuple(cart))
        quantity = one_of(random, [number for number in range(1, MOST + 1) if number != cart[key]])
        return {"cart": cart, "line": key, "quantity": quantity}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.by_slug[Line.from_key(params["line"]).slug].name
        return one_of(random, self._WORDINGS).format(name=name, number=params["quantity"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "cart": {**initial["cart"], params["line"]: params["quantity"]}}


class RemoveFromCart(Errand):
    """Remove a product from the cart; at times it is there in two colours and only one has to go."""

    name: ClassVar[str] = "remove-from-cart"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Remove the {thing} from my cart.",
        "Take the {thing} out of the cart.",
        "I do not want the {thing} any more. Remove it from the cart.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        cart = draw_cart(world, random, int(random.integers(2, 4)))
        key = one_of(random, tuple(cart))
        line = Line.from_key(key)
        twins = bool(random.random() < 0.4)
        if twins:
            other = one_of(random, [colour for colour in world.by_slug[line.slug].colours if colour != line.colour])
            pairs = [*cart.items(), (Line(line.slug, other, line.size).key, 1)]
            cart = dict(pairs[int(i)] for i in random.permutation(len(pairs))[-3:])
            if key not in cart or len([1 for own in cart if Line.from_key(own).slug == line.slug]) < 2:
                return None
        return {"cart": cart, "line": key, "colour": line.colour if twins else ""}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        name = world.by_slug[Line.from_key(params["line"]).slug].name
        return one_of(random, self._WORDINGS).format(thing=f"{params['colour']} {name}".strip())

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "cart": {key: number for key, number in initial["cart"].items() if key != params["line"]}}


class AddToWishList(Errand):
    """Put a named product on the wish list."""

    name: ClassVar[str] = "add-to-wish-list"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Add the {name} to my wish list.",
        "Put the {name} on the wish list.",
        "Save the {name} for later: add it to the wish list.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {"slug": one_of(random, world.products).slug}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(name=world.by_slug[params["slug"]].name)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "wishes": sorted({*initial["wishes"], params["slug"]})}


class WishForExtreme(AddToWishList):
    """Find the cheapest, most expensive or best rated product of a kind or category and put it on the wish list."""

    name: ClassVar[str] = "wish-for-extreme"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Add {name} to my wish list.",
        "Find {name} and put it on the wish list.",
        "Put {name} on my wish list.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return draw_extreme(world, random)

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(name=extreme_text(params))

    def expert(self, hand: ShopHand) -> Action | Sequence[Action]:
        product, query = hand.world.by_slug[hand.params["slug"]], extreme_query(hand.params)
        have, want = hand.state.effects(), hand.wanted
        only_missing = have == {**want, "wishes": [slug for slug in want["wishes"] if slug != product.slug]}
        if only_missing and hand.path != f"/item/{product.slug}":
            step = show(hand, query) or turn_to(hand, query, product)
            return step or hand.click(key=f"item-{product.slug}")
        return super().expert(hand)


class ApplyCode(Errand):
    """Apply a promo code to the cart."""

    name: ClassVar[str] = "apply-code"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Apply the promo code {code} to my cart.",
        "Use the promo code {code} for my order.",
        "I have a promo code, {code}. Apply it in the cart.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {
            "cart": draw_cart(world, random, int(random.integers(1, 4))),
            "code": one_of(random, tuple(world.codes)),
        }

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(code=params["code"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "code": params["code"]}


class ChangeAddress(Errand):
    """Have orders sent elsewhere; the name stays."""

    name: ClassVar[str] = "change-address"

    _WORDINGS: ClassVar[tuple[str, ...]] = (
        "Change my delivery address to {street}, {postcode} {town}.",
        "Send my orders to {street}, {postcode} {town} from now on: change the delivery address.",
        "I moved to {street}, {postcode} {town}. Update the delivery address.",
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return asdict(one_of(random, world.elsewhere))

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS).format(**params)

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "address": dict(params)}


class GiftOptions(Errand):
    """Have the order wrapped as a gift, with a note."""

    name: ClassVar[str] = "gift-options"

    _NOTES: ClassVar[tuple[str, ...]] = (
        "Happy birthday {friend}",
        "Thank you {friend}",
        "Congratulations {friend}",
        "Get well soon {friend}",
        "Best wishes {friend}",
    )
    _WORDINGS: ClassVar[tuple[str, ...]] = (
        'Add gift wrap and the gift note "{note}" to my order.',
        'My order is a present: choose gift wrap and write the gift note "{note}".',
        'Turn on gift wrap and set the gift note to "{note}".',
    )
    _NOTE_ONLY: ClassVar[tuple[str, ...]] = (
        'Set the gift note of my order to "{note}", without gift wrap.',
        'Write the gift note "{note}" for my order, no gift wrap.',
        'Add only a gift note to my order: "{note}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        note = one_of(random, self._NOTES).format(friend=one_of(random, world.friends))
        return {"note": note, "wrap": bool(random.random() < 0.6)}

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        return one_of(random, self._WORDINGS if params["wrap"] else self._NOTE_ONLY).format(note=params["note"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "gift": dict(params)}


class WriteReview(Errand):
    """Review a product with stars and a title."""

    name: ClassVar[str] = "write-review"

    _TITLES: ClassVar[tuple[str, ...]] = (
        "Very happy with it",
        "Great value",
        "Not for me",
        "Broke after a week",
        "Just as described",
        "Perfect gift",
    )
    _WORDINGS: ClassVar[tuple[str, ...]] = (
        'Review the {name} with {stars} and the title "{title}".',
        'Write a review of the {name}: {stars}, title "{title}".',
        'Give the {name} {stars} in a review titled "{title}".',
    )

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        return {
            "slug": one_of(random, world.products).slug,
            "stars": int(random.integers(1, 6)),
            "title": one_of(random, self._TITLES),
        }

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        stars = "1 star" if params["stars"] == 1 else f"{params['stars']} stars"
        name = world.by_slug[params["slug"]].name
        return one_of(random, self._WORDINGS).format(name=name, stars=stars, title=params["title"])

    def effects(self, world: World, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "reviews": {params["slug"]: {"stars": params["stars"], "title": params["title"]}}}


ERRANDS = (
    AddToCart(),
    ChangeQuantity(),
    RemoveFromCart(),
    AddToWishList(),
    WishForExtreme(),
    ApplyCode(),
    ChangeAddress(),
    GiftOptions(),
    WriteReview(),
)
