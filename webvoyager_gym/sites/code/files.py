"""The files of a repository: a tree two levels deep, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webvoyager_gym.sites.code.names import CONSTANTS, FILES, FOLDERS, INNER
from webvoyager_gym.sites.kit import one_of

_STYLES = {
    "py": ("#", "{} = {}"),
    "rb": ("#", "{} = {}"),
    "js": ("//", "const {} = {};"),
    "rs": ("//", "pub const {}: u32 = {};"),
    "kt": ("//", "const val {} = {}"),
    "go": ("//", "const {} = {}"),
    "hs": ("--", "{} = {}"),
}
"""How a file of that ending starts a comment and defines a constant."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Folders by path ("" is the top) with the names in them, and files by path with the constants they define."""

    folders: dict[str, tuple[str, ...]]
    files: dict[str, dict[str, int]]

    @property
    def deep(self) -> tuple[str, ...]:
        """Files two levels down."""
        return tuple(path for path in self.files if path.count("/") == 2)


def build_tree(random: np.random.Generator, ending: str) -> Tree:
    """A tree whose two inner folders hold files of the same names, so that the path matters."""
    top = one_of(random, FOLDERS)
    inner = [INNER[i] for i in sorted(random.permutation(len(INNER))[:2])]
    shared = [f"{FILES[i]}.{ending}" for i in random.permutation(len(FILES))[:3]]
    folders = {
        "": ("docs", top, "tests", "LICENSE.md", "README.md"),
        "docs": ("guide.md", "install.md"),
        "tests": tuple(sorted(f"test_{name}" for name in shared[:2])),
        top: (*inner, f"main.{ending}"),
    }
    for folder in inner:
        folders[f"{top}/{folder}"] = tuple(sorted(shared))
    files = {
        f"{folder}/{name}".strip("/"): _constants(random)
        for folder, entries in folders.items()
        for name in entries
        if "." in name
    }
    return Tree(folders, files)


def _constants(random: np.random.Generator) -> dict[str, int]:
    names = [CONSTANTS[i] for i in sorted(random.permutation(len(CONSTANTS))[:5])]
    values = random.choice(np.arange(2, 400), len(names), replace=False)
    return {name: int(value) for name, value in zip(names, values, strict=True)}


def lines_of(path: str, constants: dict[str, int], description: str) -> list[str]:
    """A file's text, line by line; prose has no constants."""
    if path.endswith(".md"):
        return [f"# {path.rpartition('/')[2]}", "", f"{description}.", "", "See the releases for what is new."]
    remark, define = _STYLES[path.rpartition(".")[2]]
    lines = [f"{remark} Settings that the rest of the code reads", ""]
    lines += [define.format(name, value) for name, value in constants.items()]
    return [*lines, "", f"{remark} End of file"]
