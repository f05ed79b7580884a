"""How an expert moves about the showcase and changes what is the visitor's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.devices.configurator import asked
from webvoyager_gym.sites.devices.kinds import KINDS
from webvoyager_gym.sites.devices.state import STEPS, Visitor, configuration
from webvoyager_gym.sites.devices.world import Model, OldDevice, World
from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.changes import Change, read
from webvoyager_gym.sites.kit.ways import fill

DeviceHand = Hand[World, Visitor]
COLUMNS = ("first", "second", "third")
"""Fields of a comparison."""


def shut_menu(hand: DeviceHand) -> Action | None:
    """Close a menu that hangs over the page; None if none does."""
    for mark in hand.view.marks:
        if mark.key.startswith("go-"):
            return hand.click(key=f"menu-{hand.world.by_slug[mark.key.removeprefix('go-')].kind}")
    return None


def see(hand: DeviceHand, text: str, near: str) -> Action | None:
    """Scroll to a text below an element; None when it can be read. Raises NotThere."""
    if "Asking our stores" in hand.view.outline:
        return Action("wait")
    return shut_menu(hand) or read(hand, text, near)


def open_line(hand: DeviceHand, kind: str) -> Action | None:
    """Open a line by the menu."""
    if hand.path == f"/line/{kind}":
        return None
    return hand.click(key=f"all-{kind}" if hand.there(key=f"all-{kind}") else f"menu-{kind}")


def open_device(hand: DeviceHand, model: Model, tab: str = "") -> Action | None:
    """Open a tab of a device's page, from a link to it or by the menu."""
    if hand.path == model.href + ("/" if tab else "") + tab:
        return None
    if f"{hand.path}/".startswith(f"{model.href}/") and hand.there(key="buy"):
        return hand.click(key=f"tab-{tab or 'overview'}")
    for key in (f"go-{model.slug}", f"device-{model.slug}"):
        if hand.there(key=key):
            return hand.click(key=key)
    return hand.click(key=f"menu-{model.kind}")


def configure(hand: DeviceHand, model: Model, places: Mapping[str, int]) -> Action | None:
    """Bring the configurator to these choices of the first steps, and to none of the others."""
    if hand.path != f"/buy/{model.slug}":
        if f"{hand.path}/".startswith(f"{model.href}/"):
            return hand.click(key="buy")
        return open_device(hand, model)
    for step in asked(model):
        chosen = hand.query.get(step)
        if chosen is None:
            return hand.click(key=f"{step}-{places[step]}") if step in places else None
        if step not in places or chosen != str(places[step]):
            return hand.click(key=f"change-{step}")
    return None


def open_bag(hand: DeviceHand) -> Action | None:
    """Open the bag."""
    return None if hand.path == "/bag" and hand.there(key="update") else hand.click(key="bag")


def open_comparison(hand: DeviceHand, models: list[Model]) -> Action | None:
    """Compare these models of a kind."""
    kind = models[0].kind
    wanted = dict(zip(COLUMNS, [model.slug for model in models] + [""], strict=False))
    if hand.path != "/compare":
        return hand.click(key="compare")
    if hand.query.get("kind", "phones") != kind:
        return shut_menu(hand) or hand.select(KINDS[kind].title, key="kind")
    for column, slug in wanted.items():
        if hand.query.get(column, "") != slug:
            name = hand.world.by_slug[slug].name if slug else "None"
            return shut_menu(hand) or hand.select(name, key=column)
    return None


def open_store(hand: DeviceHand, slug: str) -> Action | None:
    """Open a store's page."""
    if hand.path == f"/store/{slug}":
        return None
    return hand.click(key=f"store-{slug}" if hand.path == "/stores" else "stores")


def open_offer(hand: DeviceHand, old: OldDevice, condition: str) -> Action | None:
    """See what an old device is worth."""
    if hand.path != "/trade-in" or not hand.there(key="device"):
        return hand.click(key="trade-in")
    for key, value in (("device", old.name), ("condition", condition)):
        if not hand.holds(value, key=key):
            return hand.select(value, key=key)
    return None


def carry_out(hand: DeviceHand, change: Change) -> Action:
    """The next action of a change of the visitor's things."""
    return _WAYS[change.key if change.part == "choices" else change.part](hand, change.key, change.value)


def _bag(hand: DeviceHand, key: str, value: Mapping[str, Any] | None) -> Action:
    if value is not None and key not in hand.state.bag:
        chosen = configuration(hand.world, key)
        places = {step: getattr(chosen, step) for step in STEPS}
        return configure(hand, chosen.model, places) or hand.click(key="add")
    return open_bag(hand) or _fill_bag(hand)


def _fill_bag(hand: DeviceHand) -> Action:
    """Bring the bag's form to what is wanted of what is in it, and send it."""
    fields: dict[str, str | bool] = {}
    for key in hand.state.bag:
        wanted = hand.wanted["bag"].get(key)
        fields[f"quantity-{key}"] = str(wanted["quantity"]) if wanted else "Remove"
        if wanted:
            fields[f"engraving-{key}"] = wanted["engraving"]
    store = hand.wanted["choices"].get("pickup")
    fields["pickup"] = hand.world.store_by_slug[store].name if store else "Deliver to me"
    step = fill(hand, fields, "update")
    return step if isinstance(step, Action) else step[0]


def _pickup(hand: DeviceHand, _: str, __: str | None) -> Action:
    return open_bag(hand) or _fill_bag(hand)


def _saved(hand: DeviceHand, slug: str, value: bool | None) -> Action:
    model = hand.world.by_slug[slug]
    if value:
        return open_device(hand, model) or hand.click(key="save")
    if hand.path == model.href:
        return hand.click(key="unsave")
    return hand.click(key=f"remove-{slug}" if hand.path == "/saved" else "saved")


def _comparisons(hand: DeviceHand, kind: str, slugs: list[str] | None) -> Action:
    if slugs is not None:
        return open_comparison(hand, [hand.world.by_slug[slug] for slug in slugs]) or hand.click(key="keep")
    if hand.path != "/compare":
        return hand.click(key="compare")
    if hand.query.get("kind", "phones") != kind:
        return shut_menu(hand) or hand.select(KINDS[kind].title, key="kind")
    return hand.click(key="forget")


def _store(hand: DeviceHand, _: str, slug: str | None) -> Action:
    return open_store(hand, slug or hand.state.choices["store"]) or hand.click(
        key="my-store" if slug else "forget-store"
    )


def _trade_in(hand: DeviceHand, _: str, value: str | None) -> Action:
    if value is None:
        return hand.click(key="remove-trade-in" if hand.path == "/trade-in" else "trade-in")
    old, _, condition = value.partition("/")
    return open_offer(hand, hand.world.old_by_slug[old], condition) or hand.click(key="use-credit")


def _newsletter(hand: DeviceHand, _: str, email: str | None) -> Action:
    if hand.path != "/newsletter":
        return hand.click(key="newsletter")
    if "newsletter" in hand.state.choices:
        return hand.click(key="unsubscribe")
    return hand.type(email or "", enter=True, key="email")


_WAYS: dict[str, Callable[..., Action]] = {
    "bag": _bag,
    "saved": _saved,
    "comparisons": _comparisons,
    "pickup": _pickup,
    "store": _store,
    "trade-in": _trade_in,
    "newsletter": _newsletter,
}
