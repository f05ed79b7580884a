"""What the templates share when they draw a task: picking products and lines of a cart."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.sites.kit import one_of
from webvoyager_gym.sites.shop.state import Line, ShopState
from webvoyager_gym.sites.shop.world import Product, World


def in_stock(world: World) -> list[Product]:
    """The products that can be ordered."""
    return [product for product in world.products if product.stock]


def siblings(world: World, product: Product) -> list[Product]:
    """The products of the same kind, the product itself among them."""
    return [other for other in world.products if other.noun == product.noun]


def draw_line(random: np.random.Generator, product: Product) -> Line:
    """A line of the product in any of its colours and sizes."""
    return Line(product.slug, one_of(random, product.colours), one_of(random, product.sizes or ("",)))


def draw_cart(world: World, random: np.random.Generator, count: int) -> dict[str, int]:
    """A cart of different products, half the time two of them of the same kind, as key and quantity."""
    products: list[Product] = []
    while len(products) < count:
        pool = siblings(world, products[0]) if len(products) == 1 and random.random() < 0.5 else list(world.products)
        product = one_of(random, [option for option in pool if option.stock] or in_stock(world))
        if product not in products:
            products.append(product)
    return {draw_line(random, product).key: int(random.integers(1, 4)) for product in products}


def put_in_cart(state: ShopState, cart: dict[str, int]) -> None:
    """Fill the cart before an episode."""
    for key, quantity in cart.items():
        state.put(Line.from_key(key), quantity)
