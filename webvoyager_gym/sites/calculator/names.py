"""Words that the invented world is named with."""

from __future__ import annotations

PLANET_FIRST = (
    "Ael", "Bor", "Cal", "Dor", "Eri", "Fen", "Gal", "Hel", "Ixi", "Jor", "Kel", "Lum", "Mir", "Nov", "Oph", "Pel",
    "Quel", "Ras", "Sel", "Tal", "Umb", "Vel", "Wyn", "Xan", "Yor", "Zel", "Bry", "Cor", "Thal", "Mor",
)  # fmt: skip
PLANET_LAST = (
    "andra", "aris", "eon", "ethe", "idon", "ithra", "ora", "orix", "osa", "una", "urne", "ymede", "axis", "era", "ion",
    "olus", "anthe", "essa", "irra", "ovan",
)  # fmt: skip
ELEMENT_FIRST = (
    "Arg", "Bel", "Cob", "Dys", "Eur", "Fer", "Gad", "Hol", "Ind", "Kry", "Lan", "Mang", "Neo", "Osm", "Pall", "Rhod",
    "Sam", "Tell", "Urb", "Van", "Wolf", "Ytr", "Zirk", "Brom", "Cer", "Stron", "Tant", "Vex", "Nex", "Pol",
)  # fmt: skip
ELEMENT_LAST = (
    "ium", "inium", "orium", "enium", "adium", "anium", "idium", "ulium", "ovium", "erium", "esium", "othium", "arium",
    "ylium",
)  # fmt: skip
FOOD_FIRST = (
    "Amber", "Brindle", "Cloud", "Dune", "Ember", "Frost", "Gilded", "Harbour", "Iron", "Juniper", "King", "Lantern",
    "Meadow", "Night", "Orchard", "Pepper", "Quarry", "River", "Saffron", "Timber", "Valley", "Winter", "Copper",
    "Silver", "Velvet", "Marsh",
)  # fmt: skip
FOOD_LAST = (
    "bean", "bread", "cheese", "grain", "melon", "nut", "pear", "plum", "root", "rice", "berry", "lentil", "noodle",
    "porridge", "squash", "yam", "biscuit", "curd", "fig", "millet",
)  # fmt: skip
COUNTRY_FIRST = (
    "Abar", "Bel", "Cast", "Dal", "Est", "Falk", "Gren", "Hald", "Ister", "Karv", "Lor", "Mald", "Norv", "Ost", "Pald",
    "Rov", "Sard", "Torv", "Ulv", "Vard", "West", "Zar", "Brun", "Cald", "Drav", "Kest", "Harr", "Tamb",
)  # fmt: skip
COUNTRY_LAST = (
    "onia", "avia", "land", "istan", "mark", "ova", "eria", "ania", "ovia", "enia", "heim", "oria", "esia", "ula",
)  # fmt: skip
TOWN_LAST = ("burg", "ford", "haven", "minster", "port", "stead", "ton", "wick", "dale", "mouth", "gate", "holm")
UNIT_FIRST = (
    "al", "bar", "cal", "dor", "el", "fur", "gar", "hal", "kor", "lin", "mar", "nor", "pel", "rin", "sar", "tor", "ul",
    "var", "wer", "zel", "bri", "dra", "kin", "mos",
)  # fmt: skip
UNIT_LAST = ("ba", "den", "fa", "go", "ket", "lo", "mit", "nar", "pan", "rod", "sk", "tel", "vo", "zin", "dun", "gat")
LABEL_FIRST = (
    "Autumn", "Back", "Big", "Corner", "Early", "Family", "Garden", "House", "Island", "July", "Kitchen", "Little",
    "Market", "North", "Old", "Party", "Quiet", "Rainy", "Spring", "Town", "Upper", "Village", "Weekend", "Winter",
)  # fmt: skip
NOTEBOOK_LAST = (
    "bakery", "budget", "camp", "club", "course", "diary", "hobby", "journey", "lab", "library", "plans", "project",
    "questions", "repairs", "school", "sewing", "shed", "studio", "survey", "workshop",
)  # fmt: skip
ENTRY_LAST = (
    "boards", "bricks", "cake", "cloth", "fees", "fence", "fuel", "gravel", "hire", "jars", "lamps", "order", "paint",
    "posts", "prints", "ribbon", "roof", "rope", "seeds", "shelves", "tickets", "tiles", "wages", "wire",
)  # fmt: skip
LAND = ("Forest", "Farmland", "Towns", "Lakes", "Desert")
