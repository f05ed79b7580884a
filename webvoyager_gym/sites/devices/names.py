"""What devices, stores and their facts are named after."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LINE_STARTS = _words(
    "Ar Bel Cor Dal El Fen Gal Hal Il Jun Kel Lum Mar Nim Or Pel Quil Ril Sol Tal Um Ver Wil Yar Zen Ast Bryn Cal "
    "Dor Eb Fal Gren Hes Iv Kar Lor Mir Nor Os Pra Rov Sel Tor Val"
)
LINE_ENDS = _words(
    "ano aris elle eon era eva iko ina io ira isa ola ona ora ova una uno yra axis entra etto illo obra umi"
)
STREET_STARTS = _words(
    "Harbour Castle Linden Mill Abbey Bridge Market Garden Station Chapel Copper Silver Orchard River Tower Weaver "
    "Falcon Juniper Maple Heron Saffron Lantern Granary Quarry Meadow Foundry Cedar Willow Anchor Beacon Canal "
    "Dover Elm Forge Glover Hazel Ivory Kings Larch Minster Nettle Priory Queens Rowan Sable Thorn Union Violet "
    "Walnut Amber"
)
STREET_ENDS = _words("Row Square Lane Street Quay Arcade Hill Gate Court Yard Walk Place Parade Corner Wharf Cross")
GIVEN = _words(
    "Ada Bram Cleo Dina Edda Finn Gwen Hugo Ines Jona Kaya Lars Mila Nils Olga Pia Rune Sami Tess Ugo Vera Wim Yuri "
    "Zara Alma Boris Carla Dario Elsa Faye Greta Heidi Ivan Jutta Karl Lena Marco Nora Otis Petra"
)
FAMILY = _words(
    "Abel Berg Conti Dahl Egan Falk Garde Holm Iversen Jansen Kranz Lund Moreau Nagy Olsen Palmer Quist Rossi Stern "
    "Thorne Urban Voss Weber Yates Zeller Brandt Castel Duval Ekman Frost"
)
TIERS = _words("Air Pro Mini Max One Plus Neo Lite Ultra Go Prime Edge")
"""What sets the models of a line apart. None begins another, so no model's name stands in another's."""

FINISHES = {
    "black": "#2a2c31", "white": "#f5f4f0", "red": "#c9242f", "orange": "#ee7a1c", "yellow": "#f2c62c",
    "green": "#2f8d50", "blue": "#2b62c8", "purple": "#7843b6", "pink": "#f29bbb", "brown": "#7c5032",
}  # fmt: skip
"""Colours by the name that goals use; pages show them and never say them."""

CHIPS = _words("K6 K7 K8 K9 K10 K12 S3 S4 S5 S6")
TAGLINES = (
    "Small where it counts.", "Built for the long day.", "Light, on purpose.", "Quietly powerful.", "All you need.",
    "Made to be carried.", "More room to think.", "Bright in any light.", "A calmer way to work.",
    "Ready when you are.",
    "Thin, and tough.", "Every detail considered.", "Sound and sight in tune.", "Our finest yet.", "Simply fast.",
    "Keeps up with you.", "The one to start with.", "Nothing in the way.", "Fits your hand.", "Good for years.",
)  # fmt: skip
ENGRAVINGS = (
    "Made for you", "Hands off", "To the moon", "With love", "Happy birthday", "Be kind", "Lost and found",
    "Stay curious",
    "Go far", "Keep calm", "Well done", "Open skies", "Best of luck", "Home soon",
)  # fmt: skip
