"""The showcase's pages."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Any

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices import art
from webvoyager_gym.sites.devices.bag import IN_BAG
from webvoyager_gym.sites.devices.buying import CONFIGURATIONS
from webvoyager_gym.sites.devices.comparisons import COMPARISONS
from webvoyager_gym.sites.devices.configurator import configurator
from webvoyager_gym.sites.devices.kinds import KINDS, SPECS
from webvoyager_gym.sites.devices.lines import LINES
from webvoyager_gym.sites.devices.lookups import LOOKUPS
from webvoyager_gym.sites.devices.own import OWN
from webvoyager_gym.sites.devices.reach import COLUMNS
from webvoyager_gym.sites.devices.state import LARGEST_BAG, LONGEST_ENGRAVING, MOST, Item, Visitor, configuration
from webvoyager_gym.sites.devices.world import CONDITIONS, DAYS, STOCK, Model, Store, World, build_world
from webvoyager_gym.sites.kit import BadRequest, Hand, NotHere, Raw, Redirect, Reply, Site, Visit, page

TABS = {"": "Overview", "specs": "Tech specs", "box": "In the box", "delivery": "Delivery"}
PROBLEMS = {
    "full": f"The bag holds {LARGEST_BAG} different things; remove one first.",
    "many": f"You can have at most {MOST} of one thing.",
    "models": "Choose two or three different models first.",
    "email": "Please type your e-mail address.",
}


class Devices(Site[World, Visitor]):
    """A maker's own site: a showcase with a menu two levels deep, a configurator, a bag and stores."""

    name = "devices"
    title = "Halden"
    templates = (*LOOKUPS, *LINES, *COMPARISONS, *CONFIGURATIONS, *IN_BAG, *OWN)

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> Visitor:
        return Visitor.of(world)

    def obstacle(self, hand: Hand[Any, Any]) -> Action | None:
        asking = hand.find(key="newsletter-later")
        return hand.click(key="newsletter-later") if asking is not None and asking.visible else None

    def filters(self) -> dict[str, Any]:
        return {
            "device": art.device, "dots": art.dots, "disc": art.disc, "front": art.front, "old_device": art.old_device,
            "dollars": "${:,}".format, "clock": "{:%-H:%M}".format,
        }  # fmt: skip

    # ---- the showcase -------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        chief, *others = (visit.world.by_slug[slug] for slug in visit.world.shown)
        return _render(visit, "home.html", chief=chief, others=others)

    @page("/line/{kind}")
    def line(self, visit: Visit, kind: str) -> Reply:
        about = KINDS[_known(kind, KINDS, "line")]
        return _render(visit, "line.html", about=about, line=visit.world.lines[kind], models=visit.world.line(kind))

    @page("/device/{slug}")
    def overview(self, visit: Visit, slug: str) -> Reply:
        return self._tab(visit, slug, "")

    @page("/device/{slug}/{tab}")
    def tab(self, visit: Visit, slug: str, tab: str) -> Reply:
        return self._tab(visit, slug, _known(tab, list(TABS)[1:], "page"))

    def _tab(self, visit: Visit, slug: str, tab: str) -> Reply:
        model = _model(visit, slug)
        return _render(visit, f"{tab or 'overview'}.html", model=model, tab=tab, tabs=TABS.items(), specs=SPECS)

    @page("/pickup/{slug}")
    def pickup(self, visit: Visit, slug: str) -> Reply:
        """The part of the delivery page that comes late: where a model can be collected."""
        model = _model(visit, slug)
        rows = [(store, model.stock[store.slug], STOCK[model.stock[store.slug]]) for store in visit.world.stores]
        html = visit.render("pickup.html", rows=rows)
        return Raw(html.encode(), "text/html", delay=0.3 + zlib.crc32(slug.encode()) % 100 / 1000)

    @page("/device/{slug}/save", "POST")
    def save(self, visit: Visit, slug: str) -> Reply:
        model = _model(visit, slug)
        if _yes(visit, "save"):
            visit.state.saved[model.slug] = True
        else:
            visit.state.saved.pop(model.slug, None)
        return _back(visit, model.href)

    @page("/saved")
    def saved(self, visit: Visit) -> Reply:
        return _render(visit, "saved.html", models=[visit.world.by_slug[slug] for slug in visit.state.saved])

    @page("/compare")
    def compare(self, visit: Visit) -> Reply:
        kind = _known(visit.arg("kind", "phones"), KINDS, "line")
        models = {model.slug: model for model in visit.world.line(kind)}
        picked = {column: _known(visit.arg(column), ("", *models), "model") for column in COLUMNS}
        return _render(
            visit,
            "compare.html",
            kind=kind,
            about=KINDS[kind],
            lines=[(key, about.title) for key, about in KINDS.items()],
            specs=SPECS,
            columns=picked.items(),
            options=[("", "None"), *((slug, model.name) for slug, model in models.items())],
            shown=[models[slug] for slug in picked.values() if slug],
            kept=[visit.world.by_slug[slug] for slug in visit.state.comparisons.get(kind, ())],
        )

    @page("/compare", "POST")
    def keep_comparison(self, visit: Visit) -> Reply:
        kind = _known(visit.field("kind"), KINDS, "line")
        if _yes(visit, "keep"):
            known = {model.slug for model in visit.world.line(kind)}
            slugs = sorted({_known(slug, known, "model") for slug in visit.form.get("model", [])})
            if not 2 <= len(slugs) <= len(COLUMNS):
                return Redirect(f"/compare?kind={kind}&problem=models")
            visit.state.comparisons[kind] = slugs
        else:
            visit.state.comparisons.pop(kind, None)
        return _back(visit, f"/compare?kind={kind}")

    # ---- buying -------------------------------------------------------------------------------------------------

    @page("/buy/{slug}")
    def buy(self, visit: Visit, slug: str) -> Reply:
        model = _model(visit, slug)
        return _render(visit, "buy.html", model=model, shop=configurator(model, visit.query))

    @page("/buy/{slug}", "POST")
    def add(self, visit: Visit, slug: str) -> Reply:
        chosen = configuration(visit.world, visit.field("key"))
        if chosen.model.slug != slug or not chosen.available:
            raise BadRequest("This configuration cannot be bought.")
        bag: dict[str, Item] = visit.state.bag
        before = bag.get(chosen.key, Item(0))
        if not before.quantity and len(bag) >= LARGEST_BAG:
            return Redirect("/bag?problem=full")
        if before.quantity >= MOST:
            return Redirect("/bag?problem=many")
        bag[chosen.key] = Item(before.quantity + 1, before.engraving)
        return Redirect("/bag")

    @page("/bag")
    def bag(self, visit: Visit) -> Reply:
        world, state = visit.world, visit.state
        rows = [(configuration(world, key), item) for key, item in state.bag.items()]
        total = sum(chosen.price * item.quantity for chosen, item in rows)
        old, _, condition = state.choices.get("trade-in", "").partition("/")
        return _render(
            visit,
            "bag.html",
            rows=rows,
            quantities=[("0", "Remove"), *((str(n), str(n)) for n in range(1, MOST + 1))],
            places=[("", "Deliver to me"), *((store.slug, store.name) for store in world.stores)],
            total=total,
            credit=world.old_by_slug[old].credit(condition) if old else 0,
        )

    @page("/bag", "POST")
    def update_bag(self, visit: Visit) -> Reply:
        updated: dict[str, Item] = {}
        for key, item in visit.state.bag.items():
            quantity = visit.field_integer(f"quantity-{key}", item.quantity, 0, MOST)
            engraving = " ".join(visit.field(f"engraving-{key}", item.engraving).split())[:LONGEST_ENGRAVING]
            if quantity:
                updated[key] = Item(quantity, engraving)
        place = _known(visit.field("pickup"), ("", *visit.world.store_by_slug), "store")
        visit.state.bag = updated
        _choose(visit, "pickup", place)
        return Redirect("/bag")

    # ---- services -----------------------------------------------------------------------------------------------

    @page("/trade-in")
    def trade_in(self, visit: Visit) -> Reply:
        world = visit.world
        device = _known(visit.arg("device"), ("", *world.old_by_slug), "device")
        condition = _known(visit.arg("condition"), ("", *CONDITIONS), "condition")
        used, _, state = visit.state.choices.get("trade-in", "").partition("/")
        return _render(
            visit,
            "trade-in.html",
            devices=[("", "Choose a device"), *((slug, old.name) for slug, old in world.old_by_slug.items())],
            conditions=[("", "Choose a condition"), *((name, name) for name in CONDITIONS)],
            device=device,
            condition=condition,
            old=world.old_by_slug.get(device),
            used=world.old_by_slug.get(used),
            used_condition=state,
        )

    @page("/trade-in", "POST")
    def use_credit(self, visit: Visit) -> Reply:
        if not _yes(visit, "use"):
            _choose(visit, "trade-in", "")
            return Redirect("/trade-in")
        device = _known(visit.field("device"), visit.world.old_by_slug, "device")
        _choose(visit, "trade-in", f"{device}/{_known(visit.field('condition'), CONDITIONS, 'condition')}")
        return Redirect("/trade-in")

    @page("/stores")
    def stores(self, visit: Visit) -> Reply:
        return _render(visit, "stores.html", mine=visit.state.choices.get("store"))

    @page("/store/{slug}")
    def store(self, visit: Visit, slug: str) -> Reply:
        return _render(visit, "store.html", store=_store(visit, slug), days=DAYS, mine=visit.state.choices.get("store"))

    @page("/store/{slug}", "POST")
    def choose_store(self, visit: Visit, slug: str) -> Reply:
        store = _store(visit, slug)
        _choose(visit, "store", store.slug if _yes(visit, "mine") else "")
        return Redirect(f"/store/{store.slug}")

    @page("/newsletter")
    def newsletter(self, visit: Visit) -> Reply:
        return _render(visit, "newsletter.html")

    @page("/newsletter", "POST")
    def subscribe(self, visit: Visit) -> Reply:
        email = visit.field("email").strip()
        if _yes(visit, "subscribe"):
            name, _, host = email.partition("@")
            if not name or "." not in host or " " in email or len(email) > 80:
                return Redirect("/newsletter?problem=email")
            visit.state.asked = True
        _choose(visit, "newsletter", email)
        return Redirect("/newsletter")

    @page("/newsletter/later", "POST")
    def later(self, visit: Visit) -> Reply:
        visit.state.asked = True
        return _back(visit, "/")


def _render(visit: Visit, template: str, **values: Any) -> str:
    """The page, with what all pages show: the menu, and the newsletter dialog from the second page on."""
    visit.state.seen.add(visit.path)
    return visit.render(
        template,
        menu=visit.world.menu,
        problem=PROBLEMS.get(visit.arg("problem"), ""),
        asking=not visit.state.asked and len(visit.state.seen) > 1 and visit.path != "/newsletter",
        in_bag=sum(item.quantity for item in visit.state.bag.values()),
        **values,
    )


def _known(value: str, among: Collection[str], what: str) -> str:
    """The value if it is one of those. Raises NotHere."""
    if value not in among:
        raise NotHere(f"There is no such {what}.")
    return value


def _model(visit: Visit, slug: str) -> Model:
    model: Model = visit.world.by_slug[_known(slug, visit.world.by_slug, "device")]
    return model


def _store(visit: Visit, slug: str) -> Store:
    store: Store = visit.world.store_by_slug[_known(slug, visit.world.store_by_slug, "store")]
    return store


def _yes(visit: Visit, name: str) -> bool:
    """Whether a field says "yes"; it has to say "yes" or "no". Raises BadRequest."""
    if visit.field(name) not in ("yes", "no"):
        raise BadRequest(f"“{name}” has to be yes or no.")
    return visit.field(name) == "yes"


def _choose(visit: Visit, what: str, value: str) -> None:
    """Set a choice of the visitor's, or take it away."""
    if value:
        visit.state.choices[what] = value
    else:
        visit.state.choices.pop(what, None)


def _back(visit: Visit, otherwise: str) -> Redirect:
    """To the page that a form was sent from."""
    back = visit.field("back", otherwise)
    return Redirect(back if back.startswith("/") and not back.startswith("//") else otherwise)
