"""How an expert moves about the dictionary and changes what is the reader's own."""

from __future__ import annotations

from collections.abc import Callable

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.dictionary.find import exact
from webvoyager_gym.sites.dictionary.state import BETWEEN, Study
from webvoyager_gym.sites.dictionary.world import Entry, Lexicon
from webvoyager_gym.sites.kit import Hand, slug_of
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.changes import Act, Change, Question, read
from webvoyager_gym.sites.kit.ways import Next, set_fields

WordHand = Hand[Lexicon, Study]


def look_up(hand: WordHand, text: str) -> Action | None:
    """Look the text up by the search box; None on the page that this leads to."""
    entry = exact(hand.world, text)
    if entry is not None:
        return open_word(hand, entry)
    if hand.path == "/search" and {key: fold(value) for key, value in hand.query.items()} == {"q": fold(text)}:
        return None
    return hand.type(text, enter=True, key="search")


def open_word(hand: WordHand, entry: Entry, tab: str = "") -> Action | None:
    """Open a tab of the word's page, the first one if none is named."""
    if hand.path == f"/word/{entry.word}" and hand.there(key="add-menu"):
        shown = hand.query.get("tab", entry.parts[0])
        wanted = tab or entry.parts[0]
        return None if shown == wanted else hand.click(key=f"tab-{wanted}")
    link = hand.find(key=f"word-{entry.word}")
    return hand.click(key=link.key) if link is not None else hand.type(entry.word, enter=True, key="search")


def open_topic(hand: WordHand, topic: str, part: str = "", level: str = "") -> Action | None:
    """Open the words of a topic, of a part of speech and a level, at the first page."""
    if hand.path != f"/topic/{slug_of(topic)}" or not hand.there(key="part"):
        link = f"topic-{slug_of(topic)}"
        return hand.click(key=link if hand.there(key=link) else "home")
    for key, wanted in (("part", part or "Any part of speech"), ("level", level or "Any level")):
        if not hand.holds(wanted, key=key):
            return hand.select(wanted, key=key)
    return hand.click(key="previous-page") if hand.query.get("page", "1") != "1" else None


def open_list(hand: WordHand, name: str) -> Action | None:
    """Open one of the reader's word lists."""
    if hand.path != "/lists" or not hand.there(key="new-list"):
        return hand.click(key="lists")
    shown = hand.query.get("list") or next(iter(hand.state.lists))
    return None if shown == name else hand.click(key=f"list-{slug_of(name)}")


def open_section(hand: WordHand, name: str, section: str) -> Action | None:
    """Open the page on which a section of a word list is edited."""
    asked = (hand.query.get("list"), hand.query.get("section"))
    if hand.path == "/lists/section" and asked == (name, section) and hand.there(key="section-name"):
        return None
    return open_list(hand, name) or hand.click(key=f"edit-{slug_of(section)}")


def see(hand: WordHand, text: str, near: str) -> Action | None:
    """Scroll to a text below an element; the menu of word lists is closed first."""
    if any(mark.key.startswith("add-") and mark.key != "add-menu" for mark in hand.view.marks):
        return hand.click(key="add-menu")
    return read(hand, text, near)


def carry_out(hand: WordHand, change: Change) -> Next:
    """The next action of a change of the reader's things."""
    return _WAYS[change.part](hand, change.key.split(BETWEEN), change.value)


def _lists(hand: WordHand, path: list[str], value: bool | None) -> Action:
    if value is None:
        return open_list(hand, path[0]) or hand.click(key="list-delete")
    if hand.path != "/lists" or not hand.there(key="new-list"):
        return hand.click(key="lists")
    return hand.type(path[0], enter=True, key="new-list")


def _sections(hand: WordHand, path: list[str], value: bool | None) -> Action:
    name, section = path
    if value is None:
        wanted = (key.split(BETWEEN) for key in hand.wanted["sections"])
        new = [other for of, other in wanted if of == name and other not in hand.state.lists[name]]
        step = open_section(hand, name, section)
        if step is not None or not new:
            return step or hand.click(key="section-delete")
        # Its words stay with it when it is renamed.
        return hand.type(new[0], enter=True, key="section-name")
    return open_list(hand, name) or hand.type(section, enter=True, key="new-section")


def _words(hand: WordHand, path: list[str], value: bool | None) -> Action:
    name, section, word = path
    if value is None:
        return open_section(hand, name, section) or hand.click(key=f"remove-{word}")
    entry = hand.world.by_word[word]
    if hand.path != f"/word/{word}" or not hand.there(key="add-menu"):
        return open_word(hand, entry) or hand.click(key="add-menu")
    button = f"add-{slug_of(name)}--{slug_of(section)}"
    return hand.click(key=button if hand.there(key=button) else "add-menu")


def _settings(hand: WordHand, _: list[str], __: str) -> Next:
    if hand.path != "/account":
        return hand.click(key="account")
    wanted = hand.wanted["settings"]
    notation = f"notation-{wanted['notation'].lower()}"
    fields = {"language": wanted["language"], notation: True, "mail": wanted["mail"] == "yes"}
    return set_fields(hand, fields) or hand.click(key="account-save")


def _quiz(hand: WordHand, _: list[str], __: str | None) -> Next:
    if hand.path != "/quiz":
        return hand.click(key="quiz")
    if hand.there(key="quiz-again"):
        return hand.click(key="quiz-again")
    choices = {f"{question}-{choice}": True for question, choice in hand.wanted["quiz"].items()}
    return set_fields(hand, choices) or hand.click(key="quiz-send")


_WAYS: dict[str, Callable[..., Next]] = {
    "lists": _lists,
    "sections": _sections,
    "words": _words,
    "settings": _settings,
    "quiz": _quiz,
}


class WordQuestion(Question[Lexicon, Study]):
    """A question on this site."""

    def carry_out(self, hand: WordHand, change: Change) -> Next:
        return carry_out(hand, change)


class WordAct(Act[Lexicon, Study]):
    """An act on this site."""

    def carry_out(self, hand: WordHand, change: Change) -> Next:
        return carry_out(hand, change)
