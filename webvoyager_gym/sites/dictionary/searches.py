"""Tasks that look for a word among several, or through the word lists."""

from __future__ import annotations

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.dictionary.lookups import headword
from webvoyager_gym.sites.dictionary.reach import WordHand, WordQuestion, look_up, open_list, open_topic, open_word, see
from webvoyager_gym.sites.dictionary.words import PARTS
from webvoyager_gym.sites.dictionary.world import LEVELS, Lexicon
from webvoyager_gym.sites.kit import Expected, Name, Number, Params, one_of


class ReverseLookup(WordQuestion):
    """The word that means something."""

    name = "reverse-lookup"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        entry = one_of(random, world.entries)
        # What a list of words says is the first meaning; any other is a page further away.
        return {"word": entry.word, "definition": entry.uses[0].senses[0].definition}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        definition = params["definition"]
        wordings = (
            f"Which word means “{definition}”?",
            f"I forgot the word for “{definition}”. What is it?",
            f"Find the word that is defined as “{definition}”.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return headword(world, params["word"])

    def look(self, hand: WordHand) -> Action | None:
        word = hand.params["word"]
        if hand.path == f"/word/{word}":
            return open_word(hand, hand.world.by_word[word])
        return look_up(hand, hand.params["definition"]) or see(hand, hand.params["definition"], "search")


class TopicWord(WordQuestion):
    """The only word of a topic with a part of speech and a level."""

    name = "topic-word"
    kind = "filter"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        params = {"topic": one_of(random, world.topics), "part": one_of(random, PARTS), "level": one_of(random, LEVELS)}
        return params if len(world.of_topic(**params)) == 1 else None

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        topic, part, level = params["topic"], params["part"], params["level"]
        wordings = (
            f"Which {part} of level {level} is there in the topic {topic}?",
            f"Find the {level} {part} in the topic {topic}.",
            f"The topic {topic} has one {part} of level {level}. Which word is it?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return headword(world, world.of_topic(**params)[0].word)

    def look(self, hand: WordHand) -> Action | None:
        step = open_topic(hand, **hand.params)
        return step or see(hand, f"{hand.world.of_topic(**hand.params)[0].word} ", "part")


class TopicCount(WordQuestion):
    """How many words of a kind a topic has."""

    name = "topic-count"
    kind = "filter"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        topic = one_of(random, world.topics)
        part, level = (one_of(random, PARTS), "") if random.random() < 0.5 else ("", one_of(random, LEVELS))
        found = world.of_topic(topic, part, level)
        return {"topic": topic, "part": part, "level": level} if found else None

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        topic = params["topic"]
        what = f"{params['part']}s" if params["part"] else f"words of level {params['level']}"
        wordings = (
            f"How many {what} does the topic {topic} have?",
            f"Count the {what} in the topic {topic}.",
            f"Look at the topic {topic}: how many {what} are there?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Number(len(world.of_topic(**params)))

    def look(self, hand: WordHand) -> Action | None:
        found = len(hand.world.of_topic(**hand.params))
        return open_topic(hand, **hand.params) or see(hand, f"{found} word", "part")


class HarderWord(WordQuestion):
    """Which of two words that are spelt alike has the higher level."""

    name = "harder-word"
    kind = "compare"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        number = int(random.integers(len(world.entries) - 1))
        first, second = world.entries[number : number + 2]
        if first.level == second.level:
            return None
        return {"words": [first.word, second.word], "more": bool(random.integers(2))}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        first, second = params["words"]
        which = "higher" if params["more"] else "lower"
        wordings = (
            f"Which word has the {which} level, {first} or {second}?",
            f"Compare the levels of {first} and {second}. Which one is {which}?",
            f"Of the words {first} and {second}, name the one with the {which} level.",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        low, high = sorted(params["words"], key=lambda word: world.by_word[word].level)
        right, wrong = (high, low) if params["more"] else (low, high)
        return Name(right, (wrong,))

    def look(self, hand: WordHand) -> Action | None:
        first, second = (hand.world.by_word[word] for word in hand.params["words"])
        # Nothing is remembered: whoever is at the second word has come from the first.
        for entry in (first, second):
            if hand.path == f"/word/{entry.word}" and hand.there(key="add-menu"):
                step = see(hand, entry.level, "add-menu")
                return step if step is not None or entry is second else open_word(hand, second)
        return open_word(hand, first)


class SectionOf(WordQuestion):
    """In which section of a word list a word is kept."""

    name = "section-of-word"
    kind = "look up"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        name, sections = one_of(random, world.lists)
        section, kept = one_of(random, sections)
        return {"list": name, "section": section, "word": one_of(random, kept)}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name, word = params["list"], params["word"]
        wordings = (
            f"In which section of my list {name} is the word {word}?",
            f"My word list {name} has {word} in some section. Which one?",
            f"Look at the list {name}: what is the section with {word} called?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        sections = dict(world.lists)[params["list"]]
        return Name(params["section"], tuple(name for name, _ in sections if name != params["section"]))

    def look(self, hand: WordHand) -> Action | None:
        return open_list(hand, hand.params["list"]) or see(hand, hand.params["word"], "lists")


class ListSize(WordQuestion):
    """How many words the lists hold together."""

    name = "list-size"
    kind = "compute"

    def draw(self, world: Lexicon, random: np.random.Generator) -> Params | None:
        return {"list": one_of(random, world.lists)[0]}

    def goal(self, world: Lexicon, params: Params, random: np.random.Generator) -> str:
        name = params["list"]
        wordings = (
            f"How many words does my word list {name} hold in all its sections together?",
            f"Count the words of my list {name}.",
            f"In all, how many words have I put in the list {name}?",
        )
        return one_of(random, wordings)

    def expected(self, world: Lexicon, params: Params) -> Expected:
        return Number(sum(len(kept) for _, kept in dict(world.lists)[params["list"]]), "words")

    def look(self, hand: WordHand) -> Action | None:
        return open_list(hand, hand.params["list"])


SEARCHES = (
    ReverseLookup(),
    TopicWord(),
    TopicCount(),
    HarderWord(),
    SectionOf(),
    ListSize(),
)
