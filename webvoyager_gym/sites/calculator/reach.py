"""How an expert moves about the site and changes what is the visitor's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.forms import TOPIC_OF
from webvoyager_gym.sites.calculator.state import LABELS, Desk, saved_from
from webvoyager_gym.sites.calculator.world import COLOURS, World
from webvoyager_gym.sites.kit import Hand, NotThere, Params
from webvoyager_gym.sites.kit.changes import Act, Change, Question, one_of, read
from webvoyager_gym.sites.kit.ways import fill

DeskHand = Hand[World, Desk]
Step = Action | Sequence[Action]
"""What to do next: an action, or several that are equally good."""
Wordings = Mapping[str, tuple[str, ...]]


def ask(hand: DeskHand, text: str, kind: str = "") -> Action | None:
    """Type an input and take an ambiguous name for a kind; None where its answer is shown."""
    if hand.path != "/ask" or hand.query.get("q", "") != text or not hand.there(key="ask"):
        return hand.type(text, enter=True, key="ask")
    return hand.click(key=f"as-{kind}") if kind and hand.there(key=f"as-{kind}") else None


def open_tab(hand: DeskHand, tab: str = "answer") -> Action | None:
    """Open a tab of the answer that is shown; an answer may have no tabs."""
    if hand.query.get("tab", "answer") == tab:
        return None
    return hand.click(key=f"tab-{tab}")


def see(hand: DeskHand, text: str, near: str = "ask") -> Action | None:
    """Scroll until the page says the text, which stands below an element."""
    return read(hand, text, near)


def see_picture(hand: DeskHand, heading: str) -> Action | None:
    """Scroll until a drawing is whole within the viewport; its heading is all of it that the outline has."""
    step = see(hand, heading)
    if step is not None:
        return step
    top, height, whole = hand.view.scroll
    lines = [line for line in hand.view.outline.splitlines() if line.startswith("#")]
    last = bool(lines) and heading.casefold() in lines[-1].casefold()
    return Action("scroll", None, "down") if last and top + height < whole - 2 and top == 0 else None


def open_topic(hand: DeskHand, topic: str, tab: str = "tools") -> Action | None:
    """Open a tab of a topic."""
    if hand.path == f"/topic/{topic}" + ("/examples" if tab == "examples" else ""):
        return None if hand.there(key=f"tab-{tab}") else hand.restart()
    if hand.path.startswith(f"/topic/{topic}") and hand.there(key=f"tab-{tab}"):
        return hand.click(key=f"tab-{tab}")
    return hand.click(key=f"topic-{topic}") if hand.there(key=f"topic-{topic}") else hand.click(key="home")


def open_form(hand: DeskHand, form: str) -> Action | None:
    """Open an example form through its topic."""
    if hand.path == f"/form/{form}" and hand.there(key="work-out"):
        return None
    if hand.there(key=f"tool-{form}"):
        return hand.click(key=f"tool-{form}")
    return open_topic(hand, TOPIC_OF[form]) or hand.click(key=f"tool-{form}")


def work_out(hand: DeskHand, form: str, labels: Mapping[str, str], values: Mapping[str, str]) -> Step | None:
    """Fill in a form with what its fields are to show, and send it; None where its result is shown.

    Args:
        hand: what the expert sees.
        form: key of the form.
        labels: field to the text or label that it is to show.
        values: field to what the address then says.
    """
    step = open_form(hand, form)
    if step is not None:
        return step
    done = all(hand.query.get(key, "").strip() == value for key, value in values.items())
    return None if done else fill(hand, labels, "work-out")


def open_table(hand: DeskHand, kind: str, label: str, key: str, first: str) -> Action | None:
    """Open the table of a kind of thing with one property; `first` is what it shows unasked."""
    if hand.path != f"/table/{kind}" or not hand.there(key="by"):
        return hand.click(key="tool-table") if hand.path == f"/topic/{kind}" else _to_topic(hand, kind)
    return None if hand.query.get("by", first) == key else hand.select(label, key="by")


def _to_topic(hand: DeskHand, kind: str) -> Action:
    return open_topic(hand, kind) or hand.click(key="tool-table")


def carry_out(hand: DeskHand, change: Change) -> Action:
    """The next action of a change of the visitor's things; the plainest where several are equally good."""
    step = _WAYS[change.part](hand, change.key, change.value)
    return step if isinstance(step, Action) else step[0]


def _notebooks(hand: DeskHand, key: str, wanted: Mapping[str, str] | None) -> Step:
    namesakes = [
        of for of, book in hand.state.notebooks.items() if of != key and wanted and book.name == wanted["name"]
    ]
    if namesakes:
        # Two notebooks cannot have one name; the other is made again later if it is wanted.
        return _notebooks(hand, namesakes[0], None)
    there = hand.state.notebooks.get(key)
    place = f"/notebook/{key}/edit" if there else "/new-notebook"
    if hand.path != place or not hand.there(key="keep-notebook"):
        if there and hand.path == f"/notebook/{key}":
            return hand.click(key="edit-notebook")
        if hand.path != "/notebooks":
            return hand.click(key="notebooks")
        return hand.click(key=f"notebook-{key}" if there else "new-notebook")
    if wanted is None:
        return hand.click(key="delete-notebook")
    disc = hand.find(key=f"colour-{list(COLOURS).index(wanted['colour']) + 1}")
    if disc is None:
        raise NotThere("the form has no such colour")
    if not disc.checked:
        return hand.click(key=disc.key)
    return fill(hand, {"book-name": wanted["name"], "share": wanted["share"]}, "keep-notebook")


def _entries(hand: DeskHand, key: str, wanted: str | None) -> Step:
    book, _, name = key.partition("/")
    if wanted is None:
        if hand.path != f"/notebook/{book}":
            return hand.click(key=f"notebook-{book}" if hand.path == "/notebooks" else "notebooks")
        return hand.click(key=f"delete-{sorted(hand.state.entries_of(book)).index(name) + 1}")
    saved = saved_from(wanted)
    title = hand.state.notebooks[book].name
    step = ask(hand, text_of(hand, wanted), saved.kind)
    return step or fill(hand, {"save-name": name, "save-notebook": title}, "save")


def _favourites(hand: DeskHand, key: str, wanted: bool | None) -> Action:
    if wanted:
        return ask(hand, text_of(hand, key), saved_from(key).kind) or hand.click(key="favour")
    if hand.path != "/favourites":
        return hand.click(key="favourites")
    return hand.click(key=f"unfavour-{list(hand.state.effects()['favourites']).index(key) + 1}")


def _pins(hand: DeskHand, example: str, wanted: bool | None) -> Action:
    topic, inputs = next((topic, inputs) for topic, inputs in hand.world.examples if example in inputs)
    step = open_topic(hand, topic, "examples")
    return step or hand.click(key=f"{'pin' if wanted else 'unpin'}-{inputs.index(example) + 1}")


def _settings(hand: DeskHand, _: str, __: str) -> Step:
    if hand.path != "/settings" or not hand.there(key="save-settings"):
        return hand.click(key="settings")
    return fill(hand, {f"setting-{name}": hand.wanted["settings"][name] for name in LABELS}, "save-settings")


_WAYS: dict[str, Callable[..., Step]] = {
    "notebooks": _notebooks,
    "entries": _entries,
    "favourites": _favourites,
    "pins": _pins,
    "settings": _settings,
}


def text_of(hand: DeskHand, key: str) -> str:
    """What to type for something kept: what the goal says if this is what it is about, else the site's own words."""
    return str(hand.params["text"]) if hand.params.get("saved") == key else saved_from(key).text


class _Worded:
    """A task that is worded by one of several sentences, by its parameter "fact" where there are several sets."""

    wordings: ClassVar[Wordings]

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        """What the wordings mention."""
        return params

    def goal(self, world: World, params: Params, random: np.random.Generator) -> str:
        """The task in words."""
        wording = one_of(random, self.wordings[params.get("fact", "")])
        return wording.format(**self.words(world, params))


class DeskQuestion(_Worded, Question[World, Desk]):
    """A question on this site."""

    def carry_out(self, hand: DeskHand, change: Change) -> Action:
        return carry_out(hand, change)


class DeskAct(_Worded, Act[World, Desk]):
    """An act on this site."""

    def carry_out(self, hand: DeskHand, change: Change) -> Action:
        return carry_out(hand, change)
