"""The dictionary's content: entries, topics, languages, and the reader's word lists at the start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from webvoyager_gym.sites.dictionary import words
from webvoyager_gym.sites.kit import generator, one_of, own_name
from webvoyager_gym.sites.kit.world import check_split, split_of

LEVELS = ("A2", "B1", "B2", "C1", "C2")
DECADES = tuple(range(1940, 2020, 10))
FAMILIES = 21
"""Groups of words that are spelt nearly alike."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning; `label` says where the word is used so, "" for everywhere."""

    definition: str
    label: str
    example: str


@dataclass(frozen=True, slots=True)
class Use:
    """A word as one part of speech.

    Attributes:
        forms: (name, form), such as ("plural", "oxen").
        synonyms, antonym: other headwords that are of this part of speech.
    """

    part: str
    senses: tuple[Sense, ...]
    forms: tuple[tuple[str, str], ...]
    synonyms: tuple[str, str]
    antonym: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A headword.

    Attributes:
        syllables, stress: how it is said; `stress` counts from 0.
        translations: one a language, in the order of the world's languages.
        usage: how often it was used in each of DECADES, 0 to 100, with a single highest value.
        year, source: when it was first used, and the language it is from.
    """

    word: str
    syllables: tuple[str, ...]
    stress: int
    topic: str
    level: str
    uses: tuple[Use, ...]
    translations: tuple[str, ...]
    usage: tuple[int, ...]
    year: int
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(use.part for use in self.uses)

    def use(self, part: str) -> Use:
        """The use as that part of speech."""
        return next(use for use in self.uses if use.part == part)


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """Which of three words means this."""

    key: str
    definition: str
    choices: tuple[str, ...]
    right: str


@dataclass(frozen=True)
class Lexicon:
    """One world of the site.

    Attributes:
        entries: in alphabetical order.
        strangers: words that are spelt nearly like an entry and are none, each with that entry.
        unknown_languages: languages into which nothing is translated.
        lists: the reader's word lists at the start, their sections and the words in these.
        spare_lists, spare_sections: names that are not taken yet.
        member: name and password of the reader's account.
        advert: whether pages carry an advertisement.
    """

    split: str
    seed: int
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    unknown_languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    strangers: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    spare_lists: tuple[str, ...]
    spare_sections: tuple[str, ...]
    quiz: tuple[QuizQuestion, ...]
    member: tuple[str, str]
    advert: bool

    @cached_property
    def by_word(self) -> dict[str, Entry]:
        return {entry.word: entry for entry in self.entries}

    def of_topic(self, topic: str, part: str = "", level: str = "") -> list[Entry]:
        """The entries of a topic that are of a part of speech and a level, in alphabetical order."""
        return [
            entry
            for entry in self.entries
            if entry.topic == topic and (not part or part in entry.parts) and level in ("", entry.level)
        ]


def build_lexicon(split: str, seed: int) -> Lexicon:
    """World `seed` of a split: some fifty headwords in six topics."""
    check_split(split)
    random = generator("dictionary", split, seed)
    topics = tuple(sorted(str(name) for name in random.choice(sorted(words.TOPICS), 6, replace=False)))
    taken: set[str] = set()
    spelt, strangers = _spellings(random, split, taken)
    tongues: set[str] = set()
    names = [
        own_name(lambda: one_of(random, words.LANGUAGE_STARTS) + one_of(random, words.LANGUAGE_ENDS), split, tongues)
        for _ in range(6)
    ]
    languages, unknown = tuple(sorted(names[:4])), tuple(names[4:])
    entries = _entries(random, spelt, topics, split)
    titles: set[str] = set()
    lists = [
        own_name(lambda: f"{one_of(random, words.LIST_FIRST)} {one_of(random, words.LIST_SECOND)}", split, titles)
        for _ in range(4)
    ]
    sections = [str(name) for name in random.permutation(words.SECTION_NAMES)]
    saved = [str(word) for word in random.permutation([entry.word for entry in entries])]
    return Lexicon(
        split,
        seed,
        topics,
        languages,
        unknown,
        entries,
        strangers,
        lists=tuple(
            (name, tuple((sections.pop(), tuple(saved.pop() for _ in range(int(random.integers(2, 4))))) for _ in "ab"))
            for name in lists[:2]
        ),
        spare_lists=tuple(lists[2:]),
        spare_sections=tuple(sections[:6]),
        quiz=_quiz(random, entries),
        member=(
            one_of(random, ("mira", "tomas", "elke", "anouk", "rafi", "yuna")) + str(int(random.integers(10, 99))),
            one_of(random, ("tulip", "river", "cobalt", "maple", "ember")) + str(int(random.integers(100, 999))),
        ),
        advert=bool(random.random() < 0.5),
    )


def _spellings(
    random: np.random.Generator, split: str, taken: set[str]
) -> tuple[list[tuple[str, tuple[str, ...]]], tuple[tuple[str, str], ...]]:
    """Part of speech and syllables of each headword, and words that are nearly headwords."""
    spelt: list[tuple[str, tuple[str, ...]]] = []
    strangers: list[tuple[str, str]] = []
    families = 0
    while families < FAMILIES:
        part = words.PARTS[families % 3]
        drawn: dict[str, tuple[str, ...]] = {}

        def draw(part: str = part, drawn: dict[str, tuple[str, ...]] = drawn) -> str:
            syllables = words.syllables(random, part)
            drawn["".join(syllables)] = syllables
            return "".join(syllables)

        chief = own_name(draw, split, taken)
        near = [other for other in words.misspellings(drawn[chief]) if split_of("".join(other)) == split]
        near = [near[int(i)] for i in random.permutation(len(near)) if "".join(near[int(i)]) not in taken]
        if len(near) < 2:
            continue
        families += 1
        spelt.append((part, drawn[chief]))
        kept = near[: int(random.integers(1, min(3, len(near))))]
        spelt += [(part, other) for other in kept]
        strangers.append(("".join(near[len(kept)]), chief))
        taken.update("".join(other) for other in near[: len(kept) + 1])
    return spelt, tuple(strangers)


def _entries(
    random: np.random.Generator, spelt: list[tuple[str, tuple[str, ...]]], topics: tuple[str, ...], split: str
) -> tuple[Entry, ...]:
    parts = {"".join(syllables): [part] for part, syllables in spelt}
    for word, own in parts.items():
        if random.random() < 0.45:
            other = one_of(random, [part for part in words.PARTS if part != own[0]])
            parts[word] = sorted([*own, other], key=words.PARTS.index)
    peers = {part: [word for word, own in parts.items() if part in own] for part in words.PARTS}
    said: set[str] = set()
    foreign: set[str] = set()
    entries = []
    order = random.permutation(len(spelt))
    for number, index in enumerate(order):
        syllables = spelt[int(index)][1]
        word = "".join(syllables)
        topic = topics[number % len(topics)]
        uses = []
        for part in parts[word]:
            related = [str(w) for w in random.choice([w for w in peers[part] if w != word], 3, replace=False)]
            examples = [str(text).format(word) for text in random.permutation(words.EXAMPLES[part])]
            count = one_of(random, (1, 2, 2, 3))
            senses = tuple(_sense(random, part, topic, example, said) for example in examples[:count])
            uses.append(Use(part, senses, _forms(random, word, part), (related[0], related[1]), related[2]))
        usage = [int(value) for value in random.integers(8, 70, len(DECADES))]
        usage[int(random.integers(len(DECADES)))] = int(random.integers(84, 101))
        translations = tuple(
            own_name(partial(words.foreign, random, words.FOREIGN_SOUNDS[n % 3]), split, foreign) for n in range(4)
        )
        entries.append(
            Entry(
                word,
                syllables,
                int(random.integers(len(syllables))),
                topic,
                one_of(random, LEVELS),
                tuple(uses),
                translations,
                tuple(usage),
                int(random.integers(1180, 1890)),
                one_of(random, words.SOURCES),
            )
        )
    return tuple(sorted(entries, key=lambda entry: entry.word))


def _sense(random: np.random.Generator, part: str, topic: str, example: str, said: set[str]) -> Sense:
    definition = words.definition(random, part, words.TOPICS[topic])
    while definition in said:
        definition = words.definition(random, part, words.TOPICS[topic])
    said.add(definition)
    label = one_of(random, words.LABELS) if random.random() < 0.6 else ""
    return Sense(definition, label, example)


def _forms(random: np.random.Generator, word: str, part: str) -> tuple[tuple[str, str], ...]:
    """Plural, past or comparative, most of them irregular, so that nobody can guess them."""
    if part == "noun":
        return (("plural", word + one_of(random, ("s", "en", "im", "ar", "e"))),)
    if part == "verb":
        stem = word.removesuffix("e")
        return (("past", stem + one_of(random, ("ed", "t", "ought", "ung"))), ("participle", stem + "ing"))
    return (("comparative", word + one_of(random, ("er", "ier", "est"))),) if random.random() < 0.8 else ()


def _quiz(random: np.random.Generator, entries: tuple[Entry, ...]) -> tuple[QuizQuestion, ...]:
    questions = []
    for number, index in enumerate(random.choice(len(entries), 2, replace=False)):
        entry = entries[int(index)]
        # The neighbours in the alphabet are spelt alike.
        near = sorted(
            (other for other in entries if other is not entry),
            key=lambda other: (-len(_common(other.word, entry.word)), other.word),
        )[:2]
        choices = [entry.word, *(other.word for other in near)]
        questions.append(
            QuizQuestion(
                f"q{number + 1}",
                entry.uses[0].senses[0].definition,
                tuple(choices[int(i)] for i in random.permutation(3)),
                entry.word,
            )
        )
    return tuple(questions)


def _common(first: str, second: str) -> str:
    """The letters that two words begin with alike."""
    shared = 0
    while shared < min(len(first), len(second)) and first[shared] == second[shared]:
        shared += 1
    return first[:shared]
