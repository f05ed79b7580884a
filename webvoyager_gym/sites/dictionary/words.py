"""What headwords, definitions and translations are made of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from webvoyager_gym.sites.kit import one_of


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ONSETS = _words("b br c d dr f fl g gl gr h k l m n p pl pr qu r s sk sl st t tr v w")
VOWELS = _words("a e i o u a e i o ai ea oo")
CODAS = ("", "", "n", "l", "r", "s")
LAST_CODAS = ("n", "l", "r", "m", "nd", "lt", "rk", "st", "v", "p")
ALIKE = dict(zip("bpdtgksvfmn", "pbtdkgzfvnm", strict=True))
ENDINGS = {
    "noun": _words("ock ard el ing ow et oon ling"),
    "verb": _words("ate ise en er ify ow"),
    "adjective": _words("y ish ous id al ent"),
}
PARTS = tuple(ENDINGS)

TOPICS: dict[str, tuple[str, ...]] = {
    "Sea": ("nets", "sails", "anchors", "shells", "buoys"),
    "Kitchen": ("honey", "dough", "apples", "spices", "eggs"),
    "Weather": ("clouds", "hail", "snow", "mist", "dew"),
    "Market": ("coins", "cloth", "scales", "candles", "baskets"),
    "Music": ("drums", "flutes", "bells", "songs", "strings"),
    "Forest": ("birds", "mushrooms", "acorns", "ferns", "tracks"),
    "Law": ("letters", "seals", "oaths", "fines", "keys"),
    "Travel": ("maps", "saddles", "tickets", "trunks", "roads"),
    "School": ("chalk", "slates", "prizes", "essays", "caps"),
}
SIZES = _words("narrow wide wooden copper quiet folding heavy hollow painted twisted")
THINGS = _words("spoon hook ladder cart cloak lamp gate song fee stool jar broom whistle bench")
DOING = _words("tasting carrying hiding mending counting guarding sorting drying trading cleaning")
DEEDS = _words("carry hide mend count guard polish borrow scatter sort weigh collect trade")
MANNERS = (
    "in silence",
    "at night",
    "without permission",
    "with great care",
    "in a hurry",
    "for a fee",
    "by the dozen",
    "in public",
)
DEGREES = _words("slightly extremely pleasantly strangely rarely newly")
QUALITIES = _words("damp brittle bright stubborn tangled sour rough spotted slippery crooked")
LABELS = _words("formal informal humorous technical literary dated")
EXAMPLES = {
    "noun": ("She left the {} by the door.", "Nobody had seen a {} like it.", "The old {} was worth a fortune."),
    "verb": ("They had to {} before noon.", "You should never {} alone.", "He taught us how to {}."),
    "adjective": ("It was a {} morning.", "The answer was rather {}.", "Everything felt {} that year."),
}
SOURCES = ("Old Norse", "Middle Dutch", "Latin", "Old French", "Arabic", "Greek", "Gaelic", "Low German")

LANGUAGE_STARTS = _words("Vel Ora Kem Tha Bri Lor Mun Sar Quen Dal Fer Gal Hes Ist Jor Nar Pel Rov Tul Ush Wen Yal Zem")
LANGUAGE_ENDS = _words("tish dic meri rese nian vian lish gari mese tan donian rish")
FOREIGN = {
    "": (_words("ka mo ti lu sha ne ri vo pa du"), _words("na ro mi tu lo ke")),
    "harsh": (_words("kra zut gor bek vrag dun tor hak"), _words("zk ar und ok eg isk")),
    "soft": (_words("lia nuo mea sio ela vie oua nai"), _words("lle na mme sse o ia")),
}
FOREIGN_SOUNDS = tuple(FOREIGN)

LIST_FIRST = _words(
    "Morning Winter Exam Travel Reading Evening Holiday Office Garden Harbour Weekend Poetry Crossword Club"
)
LIST_SECOND = _words("words notes terms finds favourites homework treasure practice")
SECTION_NAMES = _words(
    "Hard Easy Funny Useful Rare Lovely Short Long Tricky Urgent Later Known Odd Sharp Gentle Noisy Fresh Plain"
)


def syllables(random: np.random.Generator, part: str) -> tuple[str, ...]:
    """The syllables of a new headword that ends as words of its part of speech do."""
    count = one_of(random, (1, 1, 1, 2))
    first = [
        one_of(random, ONSETS) + one_of(random, VOWELS) + one_of(random, CODAS if n < count - 1 else LAST_CODAS)
        for n in range(count)
    ]
    return (*first, one_of(random, ENDINGS[part]))


def misspellings(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Words that differ from another in a vowel or a consonant, such as a reader could mix up with it."""
    for index, syllable in enumerate(parts):
        vowels = [place for place, letter in enumerate(syllable) if letter in "aeiou"]
        changed = []
        if len(vowels) == 1:
            at = vowels[0]
            changed += [syllable[:at] + other + syllable[at + 1 :] for other in "aeiou" if other != syllable[at]]
        if index < len(parts) - 1:
            if len(syllable) > 2 and syllable[-1] in "lnrm" and syllable[-2] in "aeiou":
                changed.append(syllable + syllable[-1])
            if syllable[0] in ALIKE:
                changed.append(ALIKE[syllable[0]] + syllable[1:])
        for other in changed:
            yield (*parts[:index], other, *parts[index + 1 :])


def definition(random: np.random.Generator, part: str, objects: tuple[str, ...]) -> str:
    """What a sense of that part of speech may mean."""
    about = one_of(random, objects)
    if part == "noun":
        return f"a {one_of(random, SIZES)} {one_of(random, THINGS)} for {one_of(random, DOING)} {about}"
    if part == "verb":
        return f"to {one_of(random, DEEDS)} {about} {one_of(random, MANNERS)}"
    return f"{one_of(random, DEGREES)} {one_of(random, QUALITIES)}, said of {about}"


def foreign(random: np.random.Generator, sound: str) -> str:
    """A word of an invented language."""
    starts, ends = FOREIGN[sound]
    return "".join(one_of(random, starts) for _ in range(int(random.integers(1, 4)))) + one_of(random, ends)
