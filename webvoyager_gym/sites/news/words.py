"""What headlines, articles, comments and names are made of."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "News": {
        "Local": ("bridge", "library", "market hall", "town square"),
        "Politics": ("council", "mayor", "school budget", "election"),
        "Courts": ("fraud trial", "harbour inquiry", "land appeal", "noise case"),
    },
    "Business": {
        "Markets": ("wool market", "savings bank", "bakery chain", "shipyard"),
        "Jobs": ("glass factory", "call centre", "brewery", "job fair"),
        "Transport": ("tram line", "airport", "ferry", "ring road"),
    },
    "Science": {
        "Space": ("observatory", "radio telescope", "comet search", "star map"),
        "Health": ("sleep study", "children's clinic", "vaccine trial", "hospital"),
        "Nature": ("wetland", "beaver colony", "oak forest", "seal station"),
    },
    "Sport": {
        "Football": ("derby", "stadium", "youth team", "women's team"),
        "Cycling": ("hill race", "velodrome", "track team", "night ride"),
        "Rowing": ("regatta", "boathouse", "student crew", "lake sprint"),
    },
    "Culture": {
        "Music": ("orchestra", "summer festival", "boys' choir", "opera"),
        "Film": ("old cinema", "film prize", "studio", "documentary"),
        "Books": ("bookshop", "poetry prize", "city archive", "book fair"),
    },
}
"""Sections, their parts, and what articles of each are about."""

DEEDS = (
    "faces delay",
    "wins support",
    "draws crowds",
    "asks for patience",
    "makes a comeback",
    "is under review",
    "breaks a record",
    "runs short of money",
    "splits opinion",
    "starts over",
    "gets a new chief",
    "is set to grow",
)
PLACE_STARTS = _words(
    "Harr Wex Brack Lind Thorn Mar Esk Dun Pell Cor Hol Fen Ash Gar Stav Ulm Kest Rav Sel Tarn Vin Wal Yar Zell Old"
)
PLACE_ENDS = _words("owick ham ford mere stead beck holm by worth combe ness dale bury vik au sted")
GIVEN = _words(
    "Alma Bodo Carin Denis Elin Falk Gesa Henk Ilse Joris Kirsa Lars Mette Niklas Orla Piet Runa Sven Tove Ulf Vibe "
    "Wim Yrsa Anders Birte Claas Dorte Edo Frida Gunnar"
)
FAMILY = _words(
    "Adler Borg Crane Dahl Ekman Frost Gaard Holt Iversen Jansen Krog Lund Munk Nyberg Olsen Palm Quist Rask Storm "
    "Thorsen Uhl Voss Winter Falk Yde Zander Brink Kolb Lang Moe"
)
ROLES = ("engineer", "teacher", "doctor", "councillor", "treasurer", "neighbour", "captain", "historian")
QUOTES = (
    "Nobody told us in time",
    "This is good news for everyone here",
    "We should have begun years ago",
    "I will believe it when I see it",
    "It is the right step at the right time",
    "There are still many open questions",
    "My phone has not stopped ringing",
    "We did the sums twice",
)
BACKGROUND = (
    "The matter has been talked about for years, in the town hall as well as in the pubs.",
    "Earlier plans had failed because nobody could agree on who should pay.",
    "Visitors from the whole region are expected in the coming weeks.",
    "Older people remember that something like it was tried once before.",
    "A report with all details is to be read in the town hall.",
)
OPINIONS = (
    "At last somebody does something",
    "And who is going to pay for it?",
    "I was there and it was wonderful",
    "The photograph is from last year",
    "My grandfather would have laughed",
    "Please report more about this",
    "That is only half of the story",
    "Good luck to all of them",
)
REMARKS = (
    "Thank you for this report",
    "I do not agree at all",
    "When will there be more news?",
    "Our street is happy about it",
    "This should have been on page one",
)
UPDATES = (
    "the harbour road is closed",
    "all ferries stay in port",
    "power is back in the old town",
    "schools close at noon",
    "the fire brigade counts forty calls",
    "a tree blocks the station square",
    "trams run every half hour",
    "the river stands two metres high",
    "the wind has reached its peak",
    "volunteers fill sandbags",
    "the airport has opened again",
    "the evening match is called off",
    "the mayor thanks all helpers",
    "a warming hall opens in the gym",
)
SKIES = {
    "sun": ("sunny", "sunshine"),
    "cloud": ("clouds", "cloudy"),
    "rain": ("rainy",),
    "snow": ("snowy",),
    "storm": ("thunderstorm", "lightning", "stormy"),
}
"""Kinds of weather, and other words for each."""
