"""What the shop remembers of one visitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.shop.world import MOST, Address, World


@dataclass(frozen=True, slots=True)
class Line:
    """What makes two pieces the same line of the cart; `size` is "" for products of one size."""

    slug: str
    colour: str
    size: str

    @property
    def key(self) -> str:
        """The line as one text, for forms and effects."""
        return f"{self.slug}/{self.colour}/{self.size}"

    @classmethod
    def from_key(cls, key: str) -> Line:
        """The line of a key. Raises ValueError."""
        slug, colour, size = key.split("/")
        return cls(slug, colour, size)


@dataclass(frozen=True, slots=True)
class Gift:
    """Gift options of the order."""

    wrap: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review that the visitor wrote."""

    stars: int
    title: str


@dataclass
class ShopState(State):
    """One visitor's cart, lists and settings.

    Attributes:
        cart: pieces by line, in the order they were added.
        wishes: slugs of the products on the wish list, in the order they were added.
        code: the promo code applied, or "".
        offer_open: whether the greeting on product pages has not been closed yet.
    """

    address: Address
    cart: dict[Line, int] = field(default_factory=dict)
    wishes: list[str] = field(default_factory=list)
    code: str = ""
    gift: Gift = Gift()
    reviews: dict[str, OwnReview] = field(default_factory=dict)
    offer_open: bool = True

    def put(self, line: Line, quantity: int) -> None:
        """Set how many pieces of a line are in the cart; none removes it, and there are never more than MOST."""
        if quantity > 0:
            self.cart[line] = min(quantity, MOST)
        else:
            self.cart.pop(line, None)

    def effects(self) -> dict[str, Any]:
        return {
            "cart": {line.key: quantity for line, quantity in self.cart.items()},
            "wishes": sorted(self.wishes),
            "code": self.code,
            "address": asdict(self.address),
            "gift": asdict(self.gift),
            "reviews": {slug: asdict(review) for slug, review in self.reviews.items()},
        }


@dataclass(frozen=True, slots=True)
class Bill:
    """The cart in money, all in cents."""

    subtotal: int
    discount: int
    delivery: int

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.delivery


DELIVERY_FEE = 490
"""Delivery in cents, unless everything in the cart is delivered free."""


def bill(world: World, cart: dict[Line, int], code: str) -> Bill:
    """What a cart costs with a promo code ("" for none)."""
    products = [(world.by_slug[line.slug], quantity) for line, quantity in cart.items()]
    subtotal = sum(product.price * quantity for product, quantity in products)
    discount = round(subtotal * world.codes.get(code, 0) / 100)
    delivery = 0 if all(product.free_delivery for product, _ in products) else DELIVERY_FEE
    return Bill(subtotal, discount, delivery)
