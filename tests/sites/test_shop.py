"""The shop without a browser: its worlds, its search, its pages over HTTP, and the checks of its tasks."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.sites.visiting import ServedSite, Visitor, words
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit.world import split_of
from webvoyager_gym.sites.shop.catalogue import PAGE_SIZE, SORTS, Query, find, results
from webvoyager_gym.sites.shop.state import DELIVERY_FEE, Bill, Line, bill
from webvoyager_gym.sites.shop.world import MOST, World, build_world, money
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "shop"
TEMPLATES = [template.name for template in load_site(SITE).templates]


@pytest.fixture(scope="module")
def world() -> World:
    return build_world("train", 0)


class TestWorlds:
    def test_splits_share_no_names(self) -> None:
        def names(split: str) -> set[str]:
            worlds = [build_world(split, seed) for seed in range(30)]
            return {
                name
                for world in worlds
                for name in (
                    *world.brands,
                    *world.friends,
                    *(product.name for product in world.products),
                    *(review.author for product in world.products for review in product.shown),
                    *(
                        place
                        for address in (world.address, *world.elsewhere)
                        for place in (address.street, address.town)
                    ),
                )
            }

        train, validation, test = names("train"), names("validation"), names("test")
        assert not train & test
        assert not train & validation
        assert not validation & test

    @pytest.mark.parametrize("split", ["train", "validation", "test"])
    def test_brands_belong_to_their_split_and_prices_and_names_are_unique(self, split: str) -> None:
        for seed in range(20):
            world = build_world(split, seed)
            assert {split_of(brand) for brand in world.brands} == {split}
            assert len({product.price for product in world.products}) == len(world.products) == len(world.by_slug)
            assert all(len(product.name.split()) <= 4 for product in world.products)


class TestSearch:
    def test_a_full_name_comes_first_and_near_misses_follow(self, world: World) -> None:
        for product in world.products:
            found = find(world, Query(words=product.name))
            assert found[0] == product
            assert len(found) > 1

    def test_plurals_and_case_do_not_matter(self, world: World) -> None:
        noun = world.products[0].noun
        assert find(world, Query(words=f"{noun}s".upper())) == find(world, Query(words=noun))

    def test_every_order_keeps_the_same_products(self, world: World) -> None:
        for sort in SORTS:
            assert {product.slug for product in find(world, Query(sort=sort))} == set(world.by_slug)
        prices = [product.price for product in find(world, Query(sort="price-up"))]
        assert prices == sorted(prices)

    def test_pages_cover_the_results_without_overlap(self, world: World) -> None:
        query = Query(category="Kitchen")
        pages = [results(world, replace(query, page=number)) for number in (1, 2)]
        assert [product for page in pages for product in page.shown] == find(world, query)
        assert len(pages[0].shown) == PAGE_SIZE
        assert pages[0].pages == 2

    def test_filters_leave_what_they_say(self, world: World) -> None:
        brand = world.brands[0]
        for product in find(world, Query(brands=(brand,), price="middle", free=True, good=True)):
            assert product.brand == brand
            assert 2500 <= product.price <= 6000
            assert product.free_delivery
            assert product.rating >= 4


class TestPages:
    def test_a_visit_from_search_to_cart(self, visitor: Visitor, world: World) -> None:
        product = next(product for product in world.products if product.stock and product.sizes)
        assert product.name in visitor.get(f"/search?q={product.name}")
        assert money(product.price) in visitor.get(f"/item/{product.slug}")
        place = visitor.post("/cart/add", slug=product.slug, colour="1", size="Medium", quantity="2")
        assert place == "/cart"
        assert visitor.state.cart == {Line(product.slug, product.colours[1], "Medium"): 2}
        assert money(2 * product.price) in visitor.get("/cart")

    def test_nothing_but_the_picture_tells_the_colours(self, visitor: Visitor, world: World) -> None:
        product = next(product for product in world.products if product.stock)
        page = visitor.get(f"/item/{product.slug}")
        page = re.sub(r'data-key="[^"]*"|style="[^"]*"', "", page)
        assert not [colour for colour in product.colours if re.search(rf"\b{colour}\b", page, re.IGNORECASE)]

    def test_everything_can_be_undone(self, visitor: Visitor, world: World) -> None:
        before = visitor.state.effects()
        product = next(product for product in world.products if product.stock and not product.sizes)
        visitor.post("/cart/add", slug=product.slug, colour="0", quantity="3")
        visitor.post("/wishes", slug=product.slug, change="add")
        visitor.post("/cart/code", code=world.advertised.lower())
        visitor.post("/gift", wrap="1", note="For  you")
        visitor.post(f"/item/{product.slug}/review", stars="4 stars", title="Good")
        visitor.post("/address", name="A B", street="1 Way", town="Here", postcode="12345")
        changed = visitor.state.effects()
        assert all(changed[part] != before[part] for part in before)
        visitor.post("/cart/set", line=f"{product.slug}/{product.colours[0]}/", quantity="0")
        visitor.post("/wishes", slug=product.slug, change="remove")
        visitor.post("/cart/code/remove")
        visitor.post("/gift")
        visitor.post(f"/item/{product.slug}/review/delete")
        address = world.address
        visitor.post("/address", name=address.name, street=address.street, town=address.town, postcode=address.postcode)
        assert visitor.state.effects() == before

    def test_there_are_never_more_pieces_than_the_cart_can_show(self, visitor: Visitor, world: World) -> None:
        product = next(product for product in world.products if product.stock and not product.sizes)
        for _ in range(2):
            visitor.post("/cart/add", slug=product.slug, colour="0", quantity="4")
        assert list(visitor.state.cart.values()) == [MOST]

    def test_forms_say_what_is_wrong_and_change_nothing(self, visitor: Visitor, world: World) -> None:
        before = visitor.state.effects()
        slug = world.products[0].slug
        for path, form, sentence in (
            ("/cart/code", {"code": "NOPE"}, "This code is not valid."),
            ("/address", {"name": "A", "street": "1 Way", "town": "Here", "postcode": "12"}, "five digits"),
            ("/address", {}, "Fill in this field."),
            (f"/item/{slug}/review", {"title": "Good"}, "Choose a rating."),
            (f"/item/{slug}/review", {"stars": "4 stars", "title": " "}, "Write a title."),
        ):
            status, page = visitor.request("POST", path, form)
            assert status == 200
            assert sentence in page
        assert visitor.state.effects() == before

    @pytest.mark.parametrize(
        ("method", "path", "form", "status"),
        [
            ("GET", "/item/none", {}, 404),
            ("GET", "/nowhere", {}, 404),
            ("GET", "/search?category=Cars", {}, 400),
            ("GET", "/search?page=zero", {}, 400),
            ("GET", "/search?sort=random", {}, 400),
            ("GET", "/cart/add", {}, 400),
            ("POST", "/cart/add", {"slug": "none"}, 404),
            ("POST", "/cart/set", {"line": "a/b", "quantity": "1"}, 400),
            ("POST", "/cart/set", {"line": "a/b/c", "quantity": "1"}, 400),
            ("POST", "/wishes", {"slug": "SLUG", "change": "burn"}, 400),
            ("POST", "/cart/add", {"slug": "SLUG", "colour": "99", "quantity": "1"}, 400),
            ("POST", "/cart/add", {"slug": "SLUG", "colour": "0", "quantity": "-1"}, 400),
            ("POST", "/item/SLUG/review", {"stars": "9 stars", "title": "x"}, 400),
        ],
    )
    def test_malformed_requests_are_refused(
        self, visitor: Visitor, world: World, method: str, path: str, form: dict[str, str], status: int
    ) -> None:
        slug = next(product.slug for product in world.products if product.stock and not product.sizes)
        before = visitor.state.effects()
        sent = {name: value.replace("SLUG", slug) for name, value in form.items()}
        assert visitor.request(method, path.replace("SLUG", slug), sent)[0] == status
        assert visitor.state.effects() == before

    def test_what_visitors_type_is_escaped(self, visitor: Visitor) -> None:
        assert "<script>alert" not in visitor.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
        visitor.post("/gift", note="<b>bold</b>")
        assert "<b>bold" not in visitor.get("/cart")

    def test_the_words_are_the_same_under_every_look(self, web: ServedSite, world: World) -> None:
        first, *others = (words(web.visitor(world, look).get("/search?q=mug")) for look in (1, 2, 5))
        assert others == [first, first]

    def test_eight_visitors_at_once_do_not_see_each_others_carts(self, web: ServedSite, world: World) -> None:
        products = [product for product in world.products if product.stock][:8]
        visitors = [web.visitor(world) for _ in products]

        def fill(index: int) -> None:
            product = products[index]
            for _ in range(3):
                size = product.sizes[0] if product.sizes else ""
                visitors[index].post("/cart/add", slug=product.slug, colour="0", size=size, quantity="1")
                visitors[index].get("/cart")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(fill, range(8)))
        for visitor, product in zip(visitors, products, strict=True):
            assert [(line.slug, number) for line, number in visitor.state.cart.items()] == [(product.slug, 3)]
            page = visitor.get("/cart")
            assert [other.name for other in products if other.name in page] == [product.name]


class TestBill:
    def test_discount_and_delivery(self, world: World) -> None:
        paid = next(product for product in world.products if not product.free_delivery)
        free = next(product for product in world.products if product.free_delivery)
        cart = {Line(paid.slug, "red", ""): 2, Line(free.slug, "red", ""): 1}
        code, share = next(iter(world.codes.items()))
        subtotal = 2 * paid.price + free.price
        assert bill(world, cart, code) == Bill(subtotal, round(subtotal * share / 100), DELIVERY_FEE)
        assert bill(world, {Line(free.slug, "red", ""): 1}, "").total == free.price


def task(template: str, seed: int, split: str = "train") -> LocalTask:
    return LocalTask("shop", template, split, seed)


@pytest.mark.parametrize("template", TEMPLATES)
class TestTasks:
    def test_wrong_answers_and_unwanted_effects_fail(self, template: str) -> None:
        for seed in range(10):
            session = open_session(task(template, 31 * seed))
            state = session.episode.state
            if session.expected is None:
                assert not session.judge("done").success
                continue
            assert not session.judge("$1.23, 7 pieces, Atlantis").success
            state.wishes.append(session.episode.world.products[0].slug)
            assert not session.judge(session.expected.text).success
