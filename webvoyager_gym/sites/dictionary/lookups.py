"""Tasks that ask what the page of one word says or shows."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.dictionary.find import respelt
from webvoyager_gym.sites.dictionary.reach import WordHand, WordQuestion, look_up, open_word, see
from webvoyager_gym.sites.dictionary.words import LABELS, SOURCES
from webvoyager_gym.sites.dictionary.world import DECADES, LEVELS, Entry, Lexicon
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Number, Params, one_of


def article(part: str) -> str:
    """A part of speech with its article."""
    return f"an {part}" if part == "adjective" else f"a {part}"


def headword(world: Lexicon, word: str, asked: str = "") -> Name:
    """A word as an answer, no other beside it but the one that the question names."""
    return Name(word, tuple(other for other in world.by_word if other not in (word, asked)))


class AboutWord(WordQuestion):
    """What these tasks share: parameters with a word."""

    def entry(self, world: Lexicon, params: Params) -> Entry:
        """The task's word."""
        return world.by_word[params["word"]]


class WordForm(AboutWord):
    """Plural, past, participle or comparative, under the part of speech that has it."""

    name = "word-form"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        forms = [(use.part, name, form) for use in entry.uses for name, form in use.forms]
        if not forms:
            return None
        part, name, form = one_of(random, forms)
        return {"word": entry.word, "part": part, "name": name, "form": form}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, part, name = params["word"], params["part"], params["name"]
        wordings = (
            f"What is the {name} of the {part} {word}?",
            f"Look up {word} as {article(part)} and give its {name}.",
            f"How do you spell the {name} of {word}, the {part}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        others = {form for entry in world.entries for use in entry.uses for _, form in use.forms}
        return Name(params["form"], tuple(sorted(others - {params["form"], params["word"]})))

    def look(self, hand: WordHand) -> Action | None:
        part = hand.params["part"]
        step = open_word(hand, self.entry(hand.world, hand.params), part)
        return step or see(hand, hand.params["form"], f"tab-{part}")


class SenseLabel(AboutWord):
    """Where a certain sense of a word is used."""

    name = "sense-label"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        senses = [
            (use.part, number, sense.label)
            for use in entry.uses
            for number, sense in enumerate(use.senses, 1)
            if sense.label and len(use.senses) > 1
        ]
        if not senses:
            return None
        part, number, label = one_of(random, senses)
        return {"word": entry.word, "part": part, "number": number, "label": label}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, part, number = params["word"], params["part"], params["number"]
        wordings = (
            f"Which label, such as formal or dated, has meaning {number} of the {part} {word}?",
            f"Look up {word} as {article(part)}: how is meaning {number} labelled?",
            f"What label stands at meaning number {number} of {word} as {article(part)}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Name(params["label"], tuple(label for label in LABELS if label != params["label"]))

    def look(self, hand: WordHand) -> Action | None:
        entry, part = self.entry(hand.world, hand.params), hand.params["part"]
        said = entry.use(part).senses[hand.params["number"] - 1].definition
        return open_word(hand, entry, part) or see(hand, said, f"tab-{part}")


class MeaningCount(AboutWord):
    """How many meanings a word has in all its parts of speech."""

    name = "meaning-count"
    kind = "compute"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        return {"word": entry.word} if len(entry.uses) > 1 else None

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word = params["word"]
        wordings = (
            f"How many meanings does {word} have in all its parts of speech together?",
            f"Count the meanings of {word}, over all parts of speech.",
            f"In all, how many numbered meanings are given for {word}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Number(sum(len(use.senses) for use in self.entry(world, params).uses), "meanings")

    def look(self, hand: WordHand) -> Action | None:
        entry = self.entry(hand.world, hand.params)
        last = entry.parts[-1]
        here = hand.path == f"/word/{entry.word}"
        if not (here and hand.query.get("tab", entry.parts[0]) == last):
            step = open_word(hand, entry)
            if step is not None:
                return step
        step = open_word(hand, entry, last)
        return step or see(hand, entry.use(last).senses[-1].definition, f"tab-{last}")


class Pronunciation(AboutWord):
    """How many syllables a word has, or which of them is stressed."""

    name = "pronunciation"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"word": one_of(random, world.entries).word, "fact": one_of(random, ("count", "stress"))}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word = params["word"]
        if params["fact"] == "count":
            wordings = (
                f"How many syllables does {word} have?",
                f"Into how many syllables is {word} divided?",
                f"Look up how {word} is said and count its syllables.",
            )
            return one_of(random, wordings)
        wordings = (
            f"Which syllable of {word} is stressed? Answer with its number.",
            f"On which syllable, counted from 1, is the stress of {word}?",
            f"Look up how {word} is said: is syllable 1, 2, 3 or 4 stressed?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        entry = self.entry(world, params)
        return Number(len(entry.syllables) if params["fact"] == "count" else entry.stress + 1)

    def look(self, hand: WordHand) -> Action | None:
        entry = self.entry(hand.world, hand.params)
        if hand.path == f"/word/{entry.word}" and hand.there(key="add-menu"):
            return see(hand, respelt(entry, hand.state.settings["notation"]), "add-menu")
        return open_word(hand, entry)


class NoSuchWord(WordQuestion):
    """A form of a word that the dictionary does not have, but one that is spelt nearly so."""

    name = "no-such-word"
    kind = "look up"
    feasible = False

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        word, near = one_of(random, world.strangers)
        return {"word": word, "near": near, "what": one_of(random, ("level", "antonym", "topic"))}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, what = params["word"], params["what"]
        wordings = (
            f"What is the {what} of the word {word}?",
            f"Look up {word} and give its {what}.",
            f"Find the {what} of {word}, spelt exactly so.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Impossible("there is no such word", (*LEVELS, *world.topics))

    def look(self, hand: WordHand) -> Action | None:
        return look_up(hand, hand.params["word"])


class Origin(AboutWord):
    """When a word was first used or where it is from, for members only."""

    name = "word-origin"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"word": one_of(random, world.entries).word, "fact": one_of(random, ("year", "source"))}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, (name, password) = params["word"], world.member
        what = "the year of its first known use" if params["fact"] == "year" else "the language it is from"
        wordings = (
            f"Look up the origin of {word} and give {what}. Sign in as {name} with the password {password}.",
            f"Sign in as {name}, password {password}, to find out about {word}: {what}.",
            f"My member name is {name}, my password {password}. For the word {word}, find {what}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        entry = self.entry(world, params)
        if params["fact"] == "year":
            return Number(entry.year)
        return Name(entry.source, tuple(source for source in SOURCES if source != entry.source))

    def look(self, hand: WordHand) -> Action | None:
        step = open_word(hand, self.entry(hand.world, hand.params), "origin")
        if step is not None or hand.state.member:
            return step or see(hand, "First known use", "tab-origin")
        name, password = hand.world.member
        if not hand.holds(name, key="member-name"):
            return hand.type(name, key="member-name")
        return hand.type(password, enter=True, key="member-password")


class PeakDecade(AboutWord):
    """The decade in which a word was used most, from a chart without words."""

    name = "peak-decade"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"word": one_of(random, world.entries).word}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word = params["word"]
        wordings = (
            f"In which decade was {word} used most?",
            f"Look at the usage chart of {word}: which decade has the highest bar?",
            f"When was {word} most popular? Name the decade.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        usage = self.entry(world, params).usage
        return Number(DECADES[usage.index(max(usage))])

    def look(self, hand: WordHand) -> Action | None:
        step = open_word(hand, self.entry(hand.world, hand.params), "usage")
        return step or see(hand, "How often books used the word", "tab-usage")


LOOKUPS = (
    WordForm(),
    SenseLabel(),
    MeaningCount(),
    Pronunciation(),
    NoSuchWord(),
    Origin(),
    PeakDecade(),
)
