"""Tasks that change something: word lists and their sections, the quiz and the preferences."""

from __future__ import annotations

from typing import Any

import numpy as np

from webvoyager_gym.sites.dictionary.lookups import article
from webvoyager_gym.sites.dictionary.reach import WordAct, WordHand, open_word
from webvoyager_gym.sites.dictionary.state import BETWEEN, NOTATIONS
from webvoyager_gym.sites.dictionary.world import Lexicon
from webvoyager_gym.sites.kit import Params, one_of
from webvoyager_gym.sites.kit.changes import Change, drop, put
from webvoyager_gym.sites.kit.ways import Next


def key(*path: str) -> str:
    """List, section and word as a key of effects."""
    return BETWEEN.join(path)


class AddWord(WordAct):
    """Add a word to a section of a word list."""

    name = "add-word"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        section, _ = one_of(random, sections)
        word = one_of(random, world.entries).word
        saved = {word for _, own in world.lists for _, kept in own for word in kept}
        return None if word in saved else {"list": name, "section": section, "word": word}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, word = params["list"], params["section"], params["word"]
        wordings = (
            f"Add {word} to the section {section} of my word list {name}.",
            f"Put the word {word} in my list {name}, section {section}.",
            f"I want {word} in the section {section} of {name}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return put(initial, "words", key(params["list"], params["section"], params["word"]), True)


class AddAntonym(AddWord):
    """Add the antonym of a word to a section."""

    name = "add-antonym"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        entry = one_of(random, world.entries)
        use = one_of(random, entry.uses)
        if params is None or use.antonym in {w for _, own in world.lists for _, kept in own for w in kept}:
            return None
        return {**params, "word": use.antonym, "of": entry.word, "part": use.part}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, word, part = params["list"], params["section"], params["of"], params["part"]
        wordings = (
            f"Add the antonym of {word}, as {article(part)}, to the section {section} of my list {name}.",
            f"Put the antonym of the {part} {word} in my word list {name}, section {section}.",
            f"My list {name} should have the antonym of the {part} {word} in its section {section}.",
        )
        return one_of(random, wordings)

    def carry_out(self, hand: WordHand, change: Change) -> Next:
        params = hand.params
        added = Change("words", key(params["list"], params["section"], params["word"]), True)
        # Which word it is only the thesaurus tells.
        if change == added and hand.path != f"/word/{params['word']}":
            step = open_word(hand, hand.world.by_word[params["of"]], "thesaurus")
            return step or hand.click(key=f"{params['part']}-antonym")
        return super().carry_out(hand, change)


class AddSynonyms(WordAct):
    """Add both synonyms of a word to a section."""

    name = "add-synonyms"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        entry = one_of(random, world.entries)
        use = one_of(random, entry.uses)
        saved = {word for _, own in world.lists for _, kept in own for word in kept}
        if saved & {*use.synonyms}:
            return None
        return {
            "list": name,
            "section": one_of(random, sections)[0],
            "of": entry.word,
            "part": use.part,
            "words": list(use.synonyms),
        }

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, word, part = params["list"], params["section"], params["of"], params["part"]
        wordings = (
            f"Add both synonyms of {word}, as {article(part)}, to the section {section} of my list {name}.",
            f"Put the two synonyms of the {part} {word} in my word list {name}, section {section}.",
            f"My list {name} should have both synonyms of the {part} {word} in its section {section}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        for word in params["words"]:
            initial = put(initial, "words", key(params["list"], params["section"], word), True)
        return initial

    def carry_out(self, hand: WordHand, change: Change) -> Next:
        params = hand.params
        for number, word in enumerate(params["words"], 1):
            added = Change("words", key(params["list"], params["section"], word), True)
            if change == added and hand.path != f"/word/{word}":
                step = open_word(hand, hand.world.by_word[params["of"]], "thesaurus")
                return step or hand.click(key=f"{params['part']}-synonym-{number}")
        return super().carry_out(hand, change)


class RemoveWord(WordAct):
    """Remove a word from a section."""

    name = "remove-word"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        section, kept = one_of(random, sections)
        return {"list": name, "section": section, "word": one_of(random, kept)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, word = params["list"], params["word"]
        wordings = (
            f"Remove {word} from my word list {name}.",
            f"Take the word {word} out of my list {name}.",
            f"I know {word} by now; delete it from the list {name}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return drop(initial, "words", key(params["list"], params["section"], params["word"]))


class MoveWord(WordAct):
    """Move a word from one section of a list to the other."""

    name = "move-word"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        section, kept = one_of(random, sections)
        other = one_of(random, [label for label, _ in sections if label != section])
        return {"list": name, "section": section, "other": other, "word": one_of(random, kept)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, other, word = params["list"], params["section"], params["other"], params["word"]
        wordings = (
            f"In my word list {name}, move {word} from {section} to {other}.",
            f"The word {word} in my list {name} belongs in the section {other}, not {section}. Move it.",
            f"Move {word} from the section {section} of {name} to the section {other}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        without = drop(initial, "words", key(params["list"], params["section"], params["word"]))
        return put(without, "words", key(params["list"], params["other"], params["word"]), True)


class RenameSection(WordAct):
    """Give a section another name."""

    name = "rename-section"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        return {"list": name, "section": one_of(random, sections)[0], "new": one_of(random, world.spare_sections)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, new = params["list"], params["section"], params["new"]
        wordings = (
            f"Rename the section {section} of my word list {name} to {new}.",
            f"In the list {name}, the section {section} should be called {new}.",
            f"Change the name of the section {section} in {name} to {new}.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        old, new = key(params["list"], params["section"]), key(params["list"], params["new"])

        def renamed(part: str) -> dict[str, Any]:
            return {new + k[len(old) :] if (k + BETWEEN).startswith(old + BETWEEN) else k: True for k in initial[part]}

        return {**initial, "sections": renamed("sections"), "words": renamed("words")}


class NewSection(WordAct):
    """Add a section to a list and put a word in it."""

    name = "new-section"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        word = one_of(random, world.entries).word
        return {"list": one_of(random, world.lists)[0], "section": one_of(random, world.spare_sections), "word": word}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, word = params["list"], params["section"], params["word"]
        wordings = (
            f"Add a section {section} to my word list {name} and put {word} in it.",
            f"Make a new section called {section} in the list {name} with the word {word}.",
            f"My list {name} needs a section {section}. Add it, and then {word} to it.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        name, section = params["list"], params["section"]
        with_section = put(initial, "sections", key(name, section), True)
        return put(with_section, "words", key(name, section, params["word"]), True)


class NewList(NewSection):
    """Make a list with a section and a word in it."""

    name = "new-list"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        return params and {**params, "list": one_of(random, world.spare_lists)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section, word = params["list"], params["section"], params["word"]
        wordings = (
            f"Create a word list {name} with a section {section} that holds the word {word}.",
            f"Make a new list called {name}, add the section {section} and put {word} in it.",
            f"I want a new word list {name}; its only section is {section}, with {word} in it.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return super().effects(world, params, put(initial, "lists", params["list"], True))


class DeleteSection(WordAct):
    """Delete a section and what is in it."""

    name = "delete-section"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        return {"list": name, "section": one_of(random, sections)[0]}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, section = params["list"], params["section"]
        wordings = (
            f"Delete the section {section} of my word list {name}.",
            f"Remove the whole section {section} from the list {name}.",
            f"I no longer need {section} in my word list {name}; delete that section.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        section = key(params["list"], params["section"])
        words = {k: v for k, v in initial["words"].items() if not k.startswith(section + BETWEEN)}
        return {**drop(initial, "sections", section), "words": words}


class TakeQuiz(WordAct):
    """Answer the quiz in a certain way."""

    name = "take-quiz"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {question.key: one_of(random, question.choices) for question in world.quiz}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        first, second = params.values()
        wordings = (
            f"In the quiz of the day, answer {first} to the first question and {second} to the second, and send it.",
            f"Take the quiz of the day. My answers are {first} and then {second}.",
            f"Send answers to the quiz of the day: {first} for question one, {second} for question two.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "quiz": dict(params)}


class Preferences(WordAct):
    """Change one or two preferences."""

    name = "change-preferences"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        new = {
            "language": one_of(random, world.languages),
            "notation": one_of(random, NOTATIONS),
            "mail": one_of(random, ("yes", "no")),
        }
        before = {"language": world.languages[0], "notation": NOTATIONS[0], "mail": "no"}
        changed = {name: value for name, value in new.items() if before[name] != value}
        return changed or None

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        words = {
            "language": f"my language to {params.get('language')}",
            "notation": "the stress to be shown with accents",
            "mail": "the word of the day to come by mail",
        }
        what = " and ".join(words[name] for name in params)
        wordings = (
            f"In my account, set {what}.",
            f"Change my preferences: set {what}.",
            f"Set {what} and save that in my account.",
        )
        return one_of(random, wordings)

    def effects(self, world: Lexicon, params: Params, initial: dict[str, Any]) -> dict[str, Any]:
        return {**initial, "settings": {**initial["settings"], **params}}


ACTS = (
    AddWord(),
    AddAntonym(),
    AddSynonyms(),
    RemoveWord(),
    MoveWord(),
    RenameSection(),
    NewSection(),
    NewList(),
    DeleteSection(),
    TakeQuiz(),
    Preferences(),
)
