"""Words that names in this site's worlds are made of. Full names belong to one split; their words are shared."""

from __future__ import annotations

CITY_BEGINNINGS = (
    "Ar", "Bal", "Bren", "Cas", "Cor", "Dor", "Ebb", "Esk", "Far", "Gar", "Glen", "Had", "Ing", "Jor", "Kil", "Lor",
    "Mar", "Nar", "Ober", "Por", "Quar", "Rav", "San", "Stav", "Tel", "Tren", "Und", "Ver", "Wal", "Yel",
)  # fmt: skip
CITY_ENDINGS = (
    "avo", "bach", "burgh", "cester", "dorf", "esso", "field", "furt", "grad", "hamn", "ington", "kirk", "landa",
    "lund",
    "mora", "nova", "osta", "port", "quay", "stad", "tano", "toft", "una", "ville", "vara", "wold",
)  # fmt: skip
AIRLINE_BEGINNINGS = (
    "Aero", "Alba", "Arc", "Blue", "Boreal", "Cirrus", "Comet", "Coral", "Delta", "Dune", "East", "Ember", "Fal",
    "Fjord",
    "Gale", "Gull", "Halo", "Iris", "Jet", "Kite", "Lumen", "Merid", "Mistral", "Nimbus", "Nord", "Orbit", "Pole",
    "Quill", "Red", "Sirocco", "Sol", "Sterna", "Swift", "Tern", "Trade", "Vega", "Vista", "West", "Wing", "Zephyr",
)  # fmt: skip
AIRLINE_ENDINGS = ("Air", "Airways", "Airlines", "Jet", "Fly", "Wings", "Express", "Connect")

FIRST_NAMES = (
    "Abel", "Agnes", "Alba", "Anouk", "Arlo", "Basil", "Beatriz", "Boris", "Carmen", "Cora", "Cyril", "Daria", "Dora",
    "Edgar", "Elsa", "Enzo", "Felix", "Flora", "Gideon", "Gloria", "Henri", "Ida", "Igor", "Irene", "Jasper", "Joan",
    "Kasia", "Klara", "Leon", "Lidia", "Magnus", "Mara", "Milo", "Nora", "Otto", "Petra", "Ramon", "Rita", "Sven",
    "Talia", "Ugo", "Vito", "Wanda", "Xenia", "Yara", "Zora",
)  # fmt: skip
LAST_NAMES = (
    "Albrecht", "Alves", "Baker", "Banda", "Berg", "Bosch", "Calder", "Conti", "Demir", "Duarte", "Egger", "Falk",
    "Fontana", "Garcia", "Greco", "Hale", "Horvat", "Ito", "Jovic", "Kemp", "Kuznets", "Lang", "Lindgren", "Mancini",
    "Mbeki", "Nagy", "Neri", "Ortega", "Osman", "Palmer", "Pereira", "Quist", "Reyes", "Rohde", "Salas", "Stein",
    "Tanaka", "Thorne", "Ueda", "Vance", "Voss", "Wolff", "Yates", "Zamora",
)  # fmt: skip
