"""The words that a course catalogue is named with."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STYLES = _words(
    "Applied Modern Practical Essential Creative Critical Everyday Digital Global Hidden Living Open Visual Rapid "
    "Gentle Bold Clear Curious Smart Simple Core Deep Fresh Green Local Mindful Playful Useful Honest Guided"
)
SUBJECTS = {
    "Botany": ("Roots", "Leaves", "Seeds", "Soil", "Pollen", "Growth"),
    "Statistics": ("Samples", "Averages", "Chance", "Charts", "Tests", "Trends"),
    "Astronomy": ("Stars", "Orbits", "Telescopes", "Planets", "Light", "Galaxies"),
    "Painting": ("Colour", "Brushes", "Shadow", "Paper", "Portraits", "Layers"),
    "Cooking": ("Knives", "Sauces", "Heat", "Bread", "Spices", "Menus"),
    "Economics": ("Markets", "Money", "Trade", "Prices", "Taxes", "Growth"),
    "Robotics": ("Motors", "Sensors", "Circuits", "Grippers", "Maps", "Control"),
    "Photography": ("Lenses", "Exposure", "Framing", "Portraits", "Editing", "Light"),
    "Psychology": ("Memory", "Habits", "Emotion", "Sleep", "Groups", "Attention"),
    "Geology": ("Rocks", "Volcanoes", "Rivers", "Fossils", "Glaciers", "Maps"),
}
"""Subjects with what their modules are about, which is what quizzes offer as answers as well."""
ENDINGS = (
    "in Practice", "at Home", "Step by Step", "from Scratch", "in Depth", "for Teams", "with Data", "in Nature",
    "and Society", "Today", "for Schools", "at Work", "for Cities", "by Example", "in Motion",
)  # fmt: skip
SERIES = ("Path", "Series", "Track", "Programme", "Diploma", "Academy")
TOWN_FIRST = _words(
    "Ash Birch Clay Dun Elm Fair Glen Hart Kings Long Marsh North Oak Red Stone Thorn West Wood Lin Bram"
)
TOWN_LAST = _words("ford bury ham ton field haven port brook ley minster worth stead mouth dale wick")
SCHOOLS = ("University", "College", "Institute")
FIRST = _words(
    "Ana Ben Clara David Elena Femi Greta Hugo Ines Jonas Kira Liam Mona Nils Olga Pavel Rosa Sami Tara Uma Viktor "
    "Wanda Yuki Zoe Aldo Brit Cyrus Dana Emil Freya Gino Hana Igor Jana Kofi Lena Marek Nadia Otto Priya"
)
LAST = _words(
    "Adler Brandt Costa Dumont Eriksen Fontana Grau Holm Ibarra Jansen Keller Lopez Moreau Novak Okafor Petrov Quist "
    "Rossi Sato Tanaka Ueda Varga Weber Young Abt Bauer Castro Dahl Engel Fischer Gomez Haas Ivers Jung Klein"
)
LEVELS = ("Beginner", "Intermediate", "Advanced")
TRACKS = {"full": "Full course", "audit": "Audit only"}
BLURBS = (
    "Short films, plain words and a small project at the end.",
    "Learn it by doing: every module ends with something you made.",
    "A calm walk through the field, with time to try things out.",
    "What experts wish they had known when they started.",
)
QUESTIONS = ("What comes first?", "What matters most?", "What is often forgotten?")
"""The questions of every practice quiz; the answers differ."""
PASSWORD_FIRST = _words("copper lantern meadow pebble walnut harbor thistle marble saffron tundra")
PASSWORD_LAST = _words("kite anchor violin candle ladder pepper window orchid saddle turtle")
