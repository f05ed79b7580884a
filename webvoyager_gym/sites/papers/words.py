"""The words that titles, abstracts, names and folders of the archive are made of."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SUBJECTS: dict[str, tuple[str, ...]] = {
    "Acoustics": (
        "church bell",
        "concert hall",
        "violin string",
        "drum skin",
        "whale song",
        "street noise",
        "organ pipe",
        "echo chamber",
    ),
    "Astronomy": (
        "dwarf star",
        "comet tail",
        "gas cloud",
        "dust ring",
        "pulsar",
        "lunar crater",
        "solar flare",
        "exoplanet",
    ),
    "Cryptography": (
        "hash chain",
        "secret share",
        "key exchange",
        "ring signature",
        "one-time pad",
        "ballot box",
        "access token",
        "block cipher",
    ),
    "Ecology": (
        "oak forest",
        "honey bee",
        "salt marsh",
        "song bird",
        "river otter",
        "peat bog",
        "alpine meadow",
        "beetle colony",
    ),
    "Economics": (
        "rental market",
        "farm loan",
        "fuel price",
        "pension fund",
        "street vendor",
        "toll road",
        "food bank",
        "night shift",
    ),
    "Genetics": (
        "barley genome",
        "yeast strain",
        "gene switch",
        "cell line",
        "zebrafish embryo",
        "maize hybrid",
        "ancient skeleton",
        "virus capsid",
    ),
    "Linguistics": (
        "vowel shift",
        "loan word",
        "sign language",
        "island dialect",
        "place name",
        "bilingual speaker",
        "verb ending",
        "folk tale",
    ),
    "Materials": (
        "steel alloy",
        "glass fibre",
        "clay brick",
        "carbon foam",
        "solar cell",
        "paper sheet",
        "rubber seal",
        "crystal film",
    ),
    "Neuroscience": (
        "sleep spindle",
        "motor neuron",
        "memory trace",
        "taste map",
        "visual cortex slice",
        "pain signal",
        "mouse whisker",
        "dream report",
    ),
    "Oceanography": (
        "coral reef",
        "tidal pool",
        "ice shelf",
        "kelp forest",
        "deep current",
        "harbour wave",
        "plankton bloom",
        "sea floor vent",
    ),
    "Robotics": (
        "walking robot",
        "soft gripper",
        "drone swarm",
        "robot arm",
        "legged rover",
        "garden robot",
        "surgical tool",
        "cargo loader",
    ),
    "Statistics": (
        "rank test",
        "small sample",
        "missing value",
        "survey panel",
        "growth curve",
        "decision tree",
        "random walk",
        "error bar",
    ),
}
"""Subjects and what their papers are about. Each plural is made with an s."""

QUALITIES = _words("""
    adaptive bright cold coupled cyclic damp deep dense distant early faint fast fragile hidden isolated layered
    linear local migrating narrow nested noisy old paired quiet rapid rare remote robust rough seasonal shallow
    shared silent slow smooth sparse stable stiff twin unstable urban warm wild young
""")

STUDIES = _words("""
    calibration classification clustering comparison control counting detection dating estimation forecasting
    imaging inspection labelling mapping measurement modelling monitoring planning prediction ranking reconstruction
    recovery repair sampling screening simulation sorting tracking
""")

GIVEN_NAMES = _words("""
    Ada Aiko Alma Amir Ana Anders Anouk Arjun Astrid Beatriz Bilal Bruno Camille Carlos Chiara Chloe Dario Diego
    Elena Elif Emeka Erik Esther Farah Felix Fiona Gita Grace Hana Hugo Ines Ingrid Ivan Jamal Jana Jonas Julia
    Kaito Karim Lars Leila Lena Luca Lucia Maja Malik Marco Marta Mei Milan Mina Nadia Nils Noor Olga Omar Paula
    Pedro Priya Rafael Rania Rosa Samuel Sara Selma Simon Sofia Tariq Teresa Thiago Tomas Uma Vera Viktor Wanda Yara
    Yusuf Zoe
""")

FAMILY_NAMES = _words("""
    Abbasi Adeyemi Almeida Andersen Aoki Bakker Banerjee Barros Becker Bellini Bianchi Boateng Brandt Cardoso
    Castillo Chandra Chen Conti Costa Dahl Diallo Dubois Duarte Ekström Eriksen Farkas Ferrara Fischer Fofana
    Fontaine Fujita Garcia Ghosh Greco Haas Haddad Hansen Hoang Horvat Ibarra Ivanova Jansen Johansson Kaya Keller
    Khalil Kimura Kovac Kowalski Krüger Kumar Lambert Larsen Laurent Lindqvist Lopez Mansour Marino Mbeki Mendoza
    Meyer Moreau Moretti Mori Nakamura Navarro Ndiaye Nguyen Novak Okafor Olsen Ortiz Osei Pavlov Pereira Petrov
    Popescu Quispe Rahman Ramirez Reyes Ricci Rossi Rousseau Sandoval Santos Sato Schmidt Silva Singh Sokolov Suzuki
    Takeda Tanaka Torres Varga Vasquez Vogel Weber Yilmaz Zhang Ziegler
""")

PLACES = _words("""
    Alder Amber Arden Ashby Barrow Birch Brook Calder Cedar Clare Clover Coast Corran Dale Eden Elm Fairview Falcon
    Fern Glen Granite Harbour Hazel Heron Hill Hollow Juniper Kestrel Lake Larch Linden Maple Marlow Meadow Moor
    North Orchard Pine Quarry Raven Ridge River Rowan Sable Summit Thorn Valley Willow Wren Yarrow
""")
INSTITUTIONS = ("University", "Institute", "College", "Laboratory", "Observatory", "Academy", "Polytechnic")

FOLDER_FIRST = _words("""
    Autumn Course Daily Doctoral Evening Field Grant Group Journal Lab Lecture Monday Open Project Spring Student
    Summer Survey Team Thesis Weekend Winter
""")
FOLDER_SECOND = _words("""
    archive basics chapter club drafts favourites ideas list methods notes picks plans queue readings review seminar
    shelf sources talks
""")

LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0 1.0")

REVISIONS = (
    "Fixed a proof",
    "Added a figure",
    "New data",
    "Shorter text",
    "Typos corrected",
    "Review comments",
    "New title page",
    "Extended appendix",
)

EVIDENCE = (
    "{count} field sites",
    "{count} measurements",
    "{count} hours of records",
    "{count} archived samples",
    "{count} simulated runs",
    "{count} volunteers",
)

FINDINGS = (
    "the effect grows with size",
    "simple rules beat large models",
    "half of the variance disappears",
    "earlier results hold only in part",
    "two causes act together",
    "errors fall by a third",
    "the order of events matters most",
    "a single threshold explains the pattern",
)
