"""The shop's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Site, Template, Visit, page
from webvoyager_gym.sites.shop.art import drawing
from webvoyager_gym.sites.shop.catalogue import PRICES, SORTS, Query, offered_brands, results
from webvoyager_gym.sites.shop.state import Gift, Line, OwnReview, ShopState, bill
from webvoyager_gym.sites.shop.tasks import TEMPLATES
from webvoyager_gym.sites.shop.world import (
    CATEGORIES,
    COLOURS,
    MOST,
    Address,
    Product,
    World,
    arrival_text,
    build_world,
    money,
)

TABS = {"description": "Description", "specifications": "Specifications", "reviews": "Reviews"}
LONGEST_NOTE = 200
STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")


class Shop(Site[World, ShopState]):
    """A marketplace: search, filters, product pages, cart, wish list, reviews, promo codes, address, gift options."""

    name: ClassVar[str] = "shop"
    title: ClassVar[str] = "Larkmart"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES
    closers = ("offer-close",)

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> ShopState:
        return ShopState(world.address)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "money": money,
            "drawing": lambda product, colour=None: drawing(product.noun, colour or product.colours[0]),
            "arrival": arrival_text,
            "paint": lambda colour: COLOURS[colour],
        }

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"categories": CATEGORIES, "pieces": sum(visit.state.cart.values()), "search": Query()}

    @page("/")
    def home(self, visit: Visit) -> Reply:
        deals = [product for product in visit.world.products if product.old_price][:3]
        popular = [product for product in visit.world.products if product not in deals][:3]
        return visit.render("home.html", deals=deals, popular=popular)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        query = Query(
            words=visit.arg("q").strip()[:100],
            category=visit.choice("category", ("", *CATEGORIES)),
            brands=visit.choices("brand", visit.world.brands),
            price=visit.choice("price", PRICES),
            free=visit.arg("free") == "1",
            good=visit.arg("good") == "1",
            sort=visit.choice("sort", SORTS, "relevance"),
            page=visit.integer("page", 1, 1),
        )
        return visit.render(
            "search.html",
            search=query,
            results=results(visit.world, query),
            brands=offered_brands(visit.world, query),
            sorts=list(SORTS.items()),
            prices=list(PRICES.items()),
        )

    @page("/item/{slug}")
    def item(self, visit: Visit, slug: str) -> Reply:
        product = _product(visit, slug)
        tab = visit.choice("tab", TABS, "description")
        quantities = range(1, MOST + 1)
        return visit.render("item.html", product=product, tab=tab, tabs=list(TABS.items()), quantities=quantities)

    @page("/item/{slug}/review")
    def review(self, visit: Visit, slug: str) -> Reply:
        return visit.render("review.html", product=_product(visit, slug), stars="", title="", wrong="")

    @page("/item/{slug}/review", "POST")
    def post_review(self, visit: Visit, slug: str) -> Reply:
        product = _product(visit, slug)
        stars = visit.field_choice("stars", ("", *STARS))
        title = visit.field_line("title", 80)
        if not stars or not title:
            wrong = "Choose a rating." if not stars else "Write a title."
            return visit.render("review.html", product=product, stars=stars, title=title, wrong=wrong)
        visit.state.reviews[slug] = OwnReview(int(stars[0]), title)
        return Redirect(f"/item/{slug}?tab=reviews")

    @page("/item/{slug}/review/delete", "POST")
    def delete_review(self, visit: Visit, slug: str) -> Reply:
        visit.state.reviews.pop(_product(visit, slug).slug, None)
        return Redirect(f"/item/{slug}?tab=reviews")

    @page("/offer", "POST")
    def close_offer(self, visit: Visit) -> Reply:
        visit.state.offer_open = False
        return visit.go_back()

    @page("/cart")
    def cart(self, visit: Visit) -> Reply:
        return self._cart(visit)

    @page("/cart/add", "POST")
    def add(self, visit: Visit) -> Reply:
        product = _product(visit, visit.field("slug"))
        if not product.stock:
            raise BadRequest("This product is out of stock.")
        number = visit.field_integer("colour", 0, 0, len(product.colours) - 1)
        size = visit.field_choice("size", product.sizes or ("",))
        line = Line(product.slug, product.colours[number], size)
        quantity = visit.field_integer("quantity", 1, 1, MOST)
        visit.state.put(line, visit.state.cart.get(line, 0) + quantity)
        return Redirect("/cart")

    @page("/cart/set", "POST")
    def set_quantity(self, visit: Visit) -> Reply:
        line = _line(visit)
        visit.state.put(line, visit.field_integer("quantity", 1, 0, MOST))
        return Redirect("/cart")

    @page("/cart/code", "POST")
    def apply_code(self, visit: Visit) -> Reply:
        code = visit.field("code").strip().upper()[:40]
        if code not in visit.world.codes:
            return self._cart(
                visit, wrong_code=code, wrong="Enter a promo code." if not code else "This code is not valid."
            )
        visit.state.code = code
        return Redirect("/cart")

    @page("/cart/code/remove", "POST")
    def remove_code(self, visit: Visit) -> Reply:
        visit.state.code = ""
        return Redirect("/cart")

    @page("/wishes")
    def wishes(self, visit: Visit) -> Reply:
        products = [visit.world.by_slug[slug] for slug in visit.state.wishes]
        return visit.render("wishes.html", products=products)

    @page("/wishes", "POST")
    def change_wishes(self, visit: Visit) -> Reply:
        slug = _product(visit, visit.field("slug")).slug
        wishes = visit.state.wishes
        wanted = visit.field_choice("change", ("add", "remove")) == "add"
        if wanted and slug not in wishes:
            wishes.append(slug)
        elif not wanted and slug in wishes:
            wishes.remove(slug)
        return visit.go_back()

    @page("/address")
    def address(self, visit: Visit) -> Reply:
        return visit.render("address.html", address=visit.state.address, wrong={})

    @page("/address", "POST")
    def save_address(self, visit: Visit) -> Reply:
        fields = {name: visit.field_line(name, 80) for name in ("name", "street", "town", "postcode")}
        wrong = {name: "Fill in this field." for name, text in fields.items() if not text}
        if not wrong and not (
            fields["postcode"].isascii() and fields["postcode"].isdigit() and len(fields["postcode"]) == 5
        ):
            wrong["postcode"] = "A postcode has five digits."
        if wrong:
            return visit.render("address.html", address=Address(**fields), wrong=wrong)
        visit.state.address = Address(**fields)
        return Redirect("/cart")

    @page("/gift")
    def gift(self, visit: Visit) -> Reply:
        return visit.render("gift.html", gift=visit.state.gift)

    @page("/gift", "POST")
    def save_gift(self, visit: Visit) -> Reply:
        note = visit.field_line("note", LONGEST_NOTE)
        visit.state.gift = Gift(wrap=visit.field("wrap") == "1", note=note)
        return Redirect("/cart")

    def _cart(self, visit: Visit, wrong_code: str = "", wrong: str = "") -> str:
        state = visit.state
        lines = [(line, visit.world.by_slug[line.slug], quantity) for line, quantity in state.cart.items()]
        total = bill(visit.world, state.cart, state.code)
        return visit.render("cart.html", lines=lines, bill=total, most=MOST, wrong_code=wrong_code, wrong=wrong)


def _product(visit: Visit, slug: str) -> Product:
    product: Product | None = visit.world.by_slug.get(slug)
    if product is None:
        raise NotHere("We do not sell this product any more.")
    return product


def _line(visit: Visit) -> Line:
    try:
        line = Line.from_key(visit.field("line"))
    except ValueError as error:
        raise BadRequest("This is no line of a cart.") from error
    if line not in visit.state.cart:
        raise BadRequest("This product is not in your cart any more.")
    return line
