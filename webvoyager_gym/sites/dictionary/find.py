"""Looking words up: by spelling, nearly right spelling, and by what they mean."""

from __future__ import annotations

import difflib

from webvoyager_gym.sites.dictionary.world import Entry, Lexicon
from webvoyager_gym.sites.kit.answers import fold

PAGE_SIZE = 7
_STOP_WORDS = frozenset(["a", "for", "in", "of", "said", "the", "to", "with"])


def exact(lexicon: Lexicon, text: str) -> Entry | None:
    """The entry that is spelt so."""
    return lexicon.by_word.get(fold(text))


def suggestions(lexicon: Lexicon, text: str) -> list[Entry]:
    """Entries that are spelt nearly so, the nearest first, then those whose definitions share words with the text."""
    asked = fold(text)
    if not asked:
        return []
    near = difflib.get_close_matches(asked, list(lexicon.by_word), n=4, cutoff=0.7)
    sought = set(asked.split()) - _STOP_WORDS
    scored = [(_shared(entry, sought), entry) for entry in lexicon.entries if entry.word not in near]
    meant = [entry for score, entry in sorted(scored, key=lambda pair: -pair[0]) if score]
    return [*(lexicon.by_word[word] for word in near), *meant]


def _shared(entry: Entry, sought: set[str]) -> int:
    """The most words that a single definition of the entry shares with what is sought."""
    definitions = [sense.definition for use in entry.uses for sense in use.senses]
    return max(len(sought & set(fold(definition).split())) for definition in definitions)


def nearby(lexicon: Lexicon, entry: Entry) -> list[Entry]:
    """The neighbours in the alphabet, the one before and the two behind."""
    place = lexicon.entries.index(entry)
    return [*lexicon.entries[max(0, place - 1) : place], *lexicon.entries[place + 1 : place + 3]]


def respelt(entry: Entry, notation: str) -> str:
    """How to say the word: the stressed syllable in capitals, or with an accent."""
    said = list(entry.syllables)
    stressed = said[entry.stress]
    if notation == "Capitals":
        said[entry.stress] = stressed.upper()
    else:
        accents = dict(zip("aeiouy", "áéíóúý", strict=True))
        first = next((i for i, letter in enumerate(stressed) if letter in accents), 0)
        said[entry.stress] = stressed[:first] + accents.get(stressed[first], stressed[first]) + stressed[first + 1 :]
    return "-".join(said)
