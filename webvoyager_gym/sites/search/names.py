"""What names on the invented web are made of, and families of names that are easily mixed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.world import split_of

BASES = 70
"""How many stems a world tries when it looks for names of its own."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STARTS = _words(
    "Brack Tol Or Hal Mer Cald Wen Stor Fenn Gar Lind Ash Rowe Thorn Pell Kest Dun Vel Ister Quor Bram Sel Hart Nor "
    "Wick Oster Mald Cray Lor Emb"
)
TOWN_ENDS = _words("mere ford wick haven stead bury combe mouth gate holm worth by dale minster")
PEAK_ENDS = _words("vane dor mund rath gard lin tor nock sall var")
SURNAME_ENDS = _words("low win man ley ner sen cott field bridge mont ard ick")
BRAND_ENDS = _words("ova ix ano era lux onic ello aro ium eta")
FIRST_NAMES = _words(
    "Ida Marten Selma Jonas Petra Oskar Lena Viktor Nora Emil Greta Tomas Clara Anton Rosa Felix Alma Hugo Edith Leo "
    "Marta Simon Elsa Karl"
)
ADJECTIVES = _words(
    "Copper Silver Silent Crimson Hollow Winter Paper Golden Broken Velvet Northern Hidden Amber Glass Distant Electric"
)
NOUNS = _words("Lantern Harbour Orchard Mirror Compass Garden River Station Letter Tower Sparrow Island Engine Violin")

FORMS = {
    "town": ("Upper {}", "Lower {}", "{} Bay", "New {}"),
    "person": tuple(f"{first} {{}}" for first in FIRST_NAMES),
    "film": ("The {}", "Return to the {}", "Beyond the {}", "My {}", "Night of the {}", "A {} Story"),
    "band": ("{} Choir", "{} Brothers", "{} Orchestra", "{} Club", "{} Sisters", "{} Parade"),
    "company": ("{} Foods", "{} Tools", "{} Energy", "{} Travel", "{} Media", "{} Shoes"),
    "club": ("{} United", "{} Rovers", "{} Athletic", "{} Wanderers", "{} Albion", "Sporting {}"),
    "mountain": ("Mount {}", "{} Peak", "{} Horn", "{} Ridge", "{} Dome", "Old {}"),
    "event": ("{} Jazz Festival", "{} Film Week", "{} Food Fair", "{} Marathon", "{} Book Days", "{} Kite Festival"),
}
"""How names of each kind of thing are made from a stem."""

_STEMS: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "town": (STARTS, TOWN_ENDS, ""),
    "person": (STARTS, SURNAME_ENDS, ""),
    "film": (ADJECTIVES, NOUNS, " "),
    "band": (ADJECTIVES, NOUNS, " "),
    "company": (STARTS, BRAND_ENDS, ""),
    "club": (STARTS, TOWN_ENDS, ""),
    "mountain": (STARTS, PEAK_ENDS, ""),
    "event": (STARTS, TOWN_ENDS, ""),
}

REFERENCE_ENDS = _words("pedia folio codex lore script almanac")
VAULT_ENDS = ("Data", "Ledger", "Figures", "Vault", "Records", "Index")
PAPER_ENDS = ("Post", "Herald", "Courier", "Gazette", "Observer", "Tribune")
SHOP_ENDS = ("Mart", "Deals", "Bazaar", "Outlet", "Offers", "Store")
CHANNEL_ENDS = ("Reels", "Clips", "Stream", "Vision", "Motion", "Films")
BLOG_ENDS = ("Diary", "Notebook", "Journal", "Letters", "Notes", "Pages")

CURRENCY_ENDS = _words("ish ian ese")
COINS = _words("crowns marks florins talers ducats shillings")

PHRASE = (
    _words("seven twelve nine forty three eleven"),
    _words("quiet patient golden wooden sleepy restless"),
    _words("herons lanterns ferries goats kettles swans"),
    ("above the", "behind the", "below the", "beside the"),
    _words("old frozen empty painted stone western"),
    _words("mill bridge market chapel quarry tower"),
)
"""The words of a phrase that one page of the web holds."""

COLLECTIONS = (
    _words("Weekend Holiday School Office Garden Winter Family Evening Spring Private"),
    _words("ideas reading plans finds research list notes favourites"),
)


def slug(text: str) -> str:
    """The text as it stands in addresses and element keys."""
    return fold(text).replace(" ", "-")


def stem(random: np.random.Generator, kind: str) -> str:
    """What the name of a thing of that kind may be made from."""
    first, second, between = _STEMS[kind]
    return one_of(random, first) + between + one_of(random, second)


def kin(random: np.random.Generator, kind: str, split: str, taken: set[str], count: int) -> list[str]:
    """So many names of a kind that belong to the split; where the kind allows it, two or three share a stem."""
    families: list[list[str]] = []
    for base in dict.fromkeys(stem(random, kind) for _ in range(BASES)):
        names = [form.format(base) for form in FORMS[kind]]
        own = [name for name in names if split_of(name) == split and name not in taken]
        families.append([own[int(i)] for i in random.permutation(len(own))][:3])
    families.sort(key=lambda family: len(family) < 2)
    found = [name for family in families for name in family][:count]
    if len(found) < count:
        return kin(random, kind, split, taken, count)
    taken.update(found)
    return [found[int(i)] for i in random.permutation(count)]
