"""The words that a code host's world is named with."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    "ana ben clara david elena femi greta hugo ines jonas kira liam mona nils olga pavel rosa sami tara uma viktor "
    "wanda yuki zoe aldo brit cyrus dana emil freya gino hana igor jana kofi lena marek nadia otto priya rafael sofia "
    "teo ulla vera wim xenia yara zeno amir bela caro dario edda fabio gwen heidi ivan"
)
LAST = _words(
    "adler brandt costa dumont eriksen fontana grau holm ibarra jansen keller lopez moreau novak okafor petrov quist "
    "rossi sato tanaka ueda varga weber young abt bauer castro dahl engel fischer gomez haas ivers jung klein lund "
    "marin nagy olsen pinto reyes silva thorn unger voss wolff zander blum cruz drost ferro gallo hauser iqbal joshi "
    "kruse lang"
)
OWNER_FIRST = _words(
    "north copper river cloud stone amber silver fox cedar lunar harbor meadow iron pixel tidal maple quartz ember "
    "orbit willow granite falcon cobalt prairie summit delta violet anchor birch canyon"
)
OWNER_LAST = _words(
    "works labs forge craft base stack grid logic yard bench mill dock hive press field gate loop path line bridge"
)
REPO_FIRST = _words(
    "ember quiet rapid lazy tiny solid brisk hollow amber crisp spare lucid plain swift mellow bright sturdy nimble "
    "humble polar velvet rustic cosmic golden hidden frosty gentle hasty ivory jolly keen linen mossy neat opal proud "
    "royal salty tidy urban vivid warm young zesty bold calm deep eager fresh grand happy inner light magic noble "
    "oaken paper quick rough silent tough upper vast wild aqua basil coral dusty early fancy gusty harsh icy jade "
    "kiwi lemon mint nova olive pearl quartz rosy sandy topaz ultra vocal woven"
)
KINDS = {
    "cache": "caching",
    "parser": "parsing",
    "queue": "messaging",
    "router": "routing",
    "editor": "editing",
    "scheduler": "scheduling",
    "logger": "logging",
    "compiler": "compilers",
    "player": "audio",
    "crawler": "crawling",
    "charts": "plotting",
    "forms": "validation",
    "mailer": "email",
    "vault": "security",
    "terminal": "console",
    "maps": "geography",
}
"""What a repository is, the second word of its name, with the topic it is filed under."""
TARGETS = (
    "web servers", "small teams", "embedded devices", "data pipelines", "mobile apps", "static sites", "desktop tools",
    "game engines", "research code", "home servers",
)  # fmt: skip
MANNERS = ("A fast", "A simple", "A small", "A typed", "A modern", "A portable", "A modular", "A friendly")
EXTRAS = ("with a built-in {}", "that needs no {}", "and a matching {}", "with an optional {}")
LANGUAGES = {
    "Python": "py", "JavaScript": "js", "Rust": "rs", "Ruby": "rb", "Kotlin": "kt", "Go": "go", "Haskell": "hs",
}  # fmt: skip
"""Languages with the ending of their files."""
COLOURS = {
    "blue": "#2563d0", "yellow": "#f2c91d", "orange": "#ef7d14", "red": "#d32f2f", "purple": "#7d3fb8",
    "green": "#2c9a48", "pink": "#f07fb4",
}  # fmt: skip
"""Colours of the language dots by name; every world gives them to the languages anew."""
LICENCES = ("MIT", "Apache 2.0", "GPL 3.0", "BSD 3-Clause", "MPL 2.0", "ISC")
LABELS = ("bug", "feature", "docs", "question", "performance", "help wanted")
TROUBLES = (
    "Crash", "Memory leak", "Wrong result", "Slow start", "Endless loop", "Missing error message", "Broken link",
    "Timeout", "Garbled output", "Lost settings", "Duplicate entries", "High load",
)  # fmt: skip
CASES = (
    "on Windows", "on large files", "after an update", "with empty input", "in dark mode", "behind a proxy",
    "on first run", "with long names", "after sleep", "with two users", "in the example", "on old phones",
)  # fmt: skip
REMARKS = (
    "I see the same here.", "Can you share a small example?", "This worked in the last version.",
    "A fix is on its way.", "Thanks for the report.", "I could not reproduce this.",
)  # fmt: skip
NOTES = (
    "Fewer surprises and faster tests.", "Mostly fixes for long sessions.", "New defaults and clearer messages.",
    "Smaller downloads, same features.", "Support for more platforms.",
)  # fmt: skip
FOLDERS = ("src", "lib", "app", "engine")
INNER = ("core", "net", "store", "tools", "input")
FILES = ("config", "limits", "worker", "client", "loader", "defaults", "retry", "session")
CONSTANTS = (
    "MAX_RETRIES", "TIMEOUT_SECONDS", "BUFFER_SIZE", "BATCH_SIZE", "POOL_SIZE", "MAX_DEPTH", "PAGE_LIMIT", "CHUNK_ROWS",
)  # fmt: skip
PASSWORD_FIRST = _words("copper lantern meadow pebble walnut harbor thistle marble saffron tundra")
PASSWORD_LAST = _words("kite anchor violin candle ladder pepper window orchid saddle turtle")
