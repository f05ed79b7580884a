"""Tasks on how a word is related to others: its translations, synonyms and antonyms."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.dictionary.lookups import AboutWord, article, headword
from webvoyager_gym.sites.dictionary.reach import WordHand, open_word, see
from webvoyager_gym.sites.dictionary.world import Entry, Lexicon
from webvoyager_gym.sites.kit import Expected, Impossible, Name, Names, Params, one_of


class Translation(AboutWord):
    """A word in another language."""

    name = "translation"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"word": one_of(random, world.entries).word, "language": one_of(random, world.languages)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, language = params["word"], params["language"]
        wordings = (
            f"What is {word} in {language}?",
            f"Translate {word} into {language}.",
            f"Find the {language} word for {word}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return translated(world, self.entry(world, params), params["language"])

    def look(self, hand: WordHand) -> Action | None:
        step = open_word(hand, self.entry(hand.world, hand.params), "translations")
        return step or see(hand, "Translation", "tab-translations")


def translated(world: Lexicon, entry: Entry, language: str) -> Name:
    """The translation, none into another language beside it."""
    text = entry.translations[world.languages.index(language)]
    return Name(text, tuple(other for other in entry.translations if other != text))


class UnknownLanguage(Translation):
    """A translation into a language that the dictionary does not have."""

    name = "unknown-language"
    feasible = False

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"word": one_of(random, world.entries).word, "language": one_of(random, world.unknown_languages)}

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Impossible("not available in that language", self.entry(world, params).translations)


class Related(AboutWord):
    """The synonyms or the antonym of a word as a certain part of speech."""

    name = "related-words"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        return {"word": entry.word, "part": one_of(random, entry.parts), "what": one_of(random, ("both", "antonym"))}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, part = params["word"], params["part"]
        what = "two synonyms" if params["what"] == "both" else "antonym"
        wordings = (
            f"Give the {what} of the {part} {word}.",
            f"Look in the thesaurus for the {what} of {word} as {article(part)}.",
            f"For a text I need the {what} of {word}, used as {article(part)}. What does the thesaurus say?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        use = self.entry(world, params).use(params["part"])
        if params["what"] == "antonym":
            return headword(world, use.antonym, params["word"])
        known = {*use.synonyms, params["word"]}
        return Names(use.synonyms, tuple(word for word in world.by_word if word not in known))

    def look(self, hand: WordHand) -> Action | None:
        step = open_word(hand, self.entry(hand.world, hand.params), "thesaurus")
        return step or see(hand, f"As {article(hand.params['part'])}", "tab-thesaurus")


class TranslatedAntonym(AboutWord):
    """The translation of a word's antonym."""

    name = "translated-antonym"
    kind = "plan"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        return {
            "word": entry.word,
            "part": one_of(random, entry.parts),
            "language": one_of(random, world.languages),
        }

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        word, part, language = params["word"], params["part"], params["language"]
        wordings = (
            f"Find the antonym of the {part} {word} and translate it into {language}.",
            f"What is the {language} translation of the antonym of {word}, used as {article(part)}?",
            f"I need the opposite of {word} ({part}) in {language}.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        antonym = world.by_word[self.entry(world, params).use(params["part"]).antonym]
        return translated(world, antonym, params["language"])

    def look(self, hand: WordHand) -> Action | None:
        entry, part = self.entry(hand.world, hand.params), hand.params["part"]
        antonym = hand.world.by_word[entry.use(part).antonym]
        if hand.path == f"/word/{antonym.word}":
            return open_word(hand, antonym, "translations") or see(hand, "Translation", "tab-translations")
        return open_word(hand, entry, "thesaurus") or hand.click(key=f"{part}-antonym")


RELATIONS = (
    Translation(),
    UnknownLanguage(),
    Related(),
    TranslatedAntonym(),
)
