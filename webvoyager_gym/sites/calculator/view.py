"""How an answer is laid out on a page: tabs, the result in digits and units, and what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import number_text
from webvoyager_gym.sites.calculator.engine.units import BY_NAME, IMPERIAL, Unit, convert, fits
from webvoyager_gym.sites.calculator.things import KINDS

MANY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of an answer says: the input, what it is taken for, and how it is looked at."""

    text: str
    kind: str = ""
    unit: str = ""
    digits: str = ""
    tab: str = ""

    def href(self, **changed: str) -> str:
        """The address with some of this changed."""
        fields = {"q": self.text, "as": self.kind, "unit": self.unit, "digits": self.digits, "tab": self.tab} | changed
        return "/ask?" + urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it is shown.

    Attributes:
        tabs: (slug, label) of each tab.
        tab: slug of the one that is open.
        pods: the boxes in it.
        result: the result in words; "" if there is no number, or it is in another tab.
        more: whether there are more digits than are shown, or more are shown already.
        units: what other units there are, by name.
        other: the result in the unit that was chosen.
        assumed, instead: what an ambiguous name is taken for, and what it can be taken for.
    """

    tabs: tuple[tuple[str, str], ...]
    tab: str
    pods: tuple[Pod, ...]
    result: str = ""
    more: bool = False
    units: tuple[str, ...] = ()
    other: str = ""
    assumed: str = ""
    instead: tuple[str, ...] = ()


def slug(label: str) -> str:
    """A label as part of an address."""
    return label.casefold().replace(" ", "-")


def article(kind: str) -> str:
    """A kind with its article: "a planet", "an element"."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def amount_text(amount: Amount, decimals: int) -> str:
    """A number with its unit."""
    unit = amount.unit.name if amount.unit else amount.label
    return f"{number_text(amount.value, decimals)} {unit}".strip()


def localised(answer: Answer, units: str) -> Amount | None:
    """The result in the units that the visitor prefers; conversions stay as they were asked for."""
    amount = answer.amount
    if amount is None or amount.unit is None or not answer.kind or units != "Imperial":
        return amount
    other = BY_NAME.get(IMPERIAL.get(amount.unit.name, ""))
    return Amount(convert(amount.value, amount.unit, other), other) if other else amount


def shown(answer: Answer, asked: Asked, units: str, known: tuple[Unit, ...], manner: Manner) -> Shown:
    """An answer as the address wants it."""
    tabs = (("answer", "Answer"), *((slug(label), label) for label, _ in answer.tabs))
    tab = asked.tab if asked.tab in dict(tabs) else "answer"
    assumed = answer.kind if answer.other_kinds else ""
    bare = Shown(tabs, tab, answer.pods, assumed=assumed, instead=answer.other_kinds)
    if tab != "answer":
        return replace(bare, pods=next(pods for label, pods in answer.tabs if slug(label) == tab))
    amount = localised(answer, units)
    if amount is None:
        return bare
    decimals = MANY_DIGITS if asked.digits else manner.decimals
    given = amount.unit
    others = [unit for unit in fits(known, given.dimension) if unit != given] if given else []
    chosen = next((unit for unit in others if unit.name == asked.unit), None)
    other = Amount(convert(amount.value, given, chosen), chosen) if given and chosen else None
    return replace(
        bare,
        result=amount_text(amount, decimals),
        more=number_text(amount.value, manner.decimals) != number_text(amount.value, MANY_DIGITS),
        units=tuple(unit.name for unit in others),
        other=amount_text(other, decimals) if other else "",
    )


def plural(kind: str) -> str:
    """The plural of a kind of thing, as a heading."""
    return KINDS[kind].capitalize()
