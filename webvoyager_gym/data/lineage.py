"""Rounds of a dataset: a version that others' episodes were added to, and the version before it.

A new version holds all episodes of its parent, first and in their order, so it is whole by itself: one file to map,
read by Minari and d3rlpy like any other. Its metadata says which versions came before and what they were, to the bit.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from webvoyager_gym.data import checksums
from webvoyager_gym.data.ids import ID, version_of
from webvoyager_gym.errors import InvalidFile

if TYPE_CHECKING:
    from webvoyager_gym.data.dataset import Dataset

KEY = "lineage"
"""Where the metadata has it."""


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A version that came before.

    Attributes:
        id: its id.
        version: the number at the end of it.
        sha256: SHA-256 of its SHA256SUMS, which says what all its files were.
        episodes: how many it holds; here they are the first ones.
    """

    id: str
    version: int
    sha256: str
    episodes: int


def lineage_after(parent: Dataset) -> list[dict[str, Any]]:
    """Lineage, as metadata has it, of a dataset that adds to that one.

    Raises:
        InvalidFile: the parent's files are not what its checksums say.
    """
    parent.verify()
    sums = checksums.file_sha256(parent.folder / checksums.FILE)
    itself = Ancestor(parent.id, version_of(parent.id), sums, len(parent))
    return [asdict(each) for each in (*parent.lineage, itself)]


def read_lineage(ours: Mapping[str, Any], where: str) -> tuple[Ancestor, ...]:
    """The versions before, oldest first, from this project's part of the metadata; the last one is the parent.

    Raises:
        InvalidFile: it is damaged.
    """
    found = ours.get(KEY)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise InvalidFile(f"{where} has no {KEY}, which lists the versions before; bring the dataset again.")
    names = {field.name for field in fields(Ancestor)}
    if any(set(each) != names for each in found):
        raise InvalidFile(f"{where} has a {KEY} with other fields than {sorted(names)}; bring the dataset again.")
    ancestors = tuple(Ancestor(**each) for each in found)
    if reason := next(filter(None, map(_wrong_ancestor, ancestors)), ""):
        raise InvalidFile(f"{where} has a {KEY} in which {reason}; bring the dataset again.")
    return ancestors


def wrong_lineage(lineage: tuple[Ancestor, ...], id: str, episodes: int) -> str:
    """What contradicts the dataset in its lineage; "" if nothing does."""
    if len({id, *(each.id for each in lineage)}) <= len(lineage):
        return f"{KEY} names a version twice"
    counts = [each.episodes for each in lineage] + [episodes]
    if any(later < earlier for earlier, later in itertools.pairwise(counts)):
        return f"{KEY} has more episodes in an earlier version than in a later one"
    return ""


def _wrong_ancestor(each: Ancestor) -> str:
    if not isinstance(each.id, str) or not re.fullmatch(ID, each.id) or each.version != version_of(each.id):
        return f"{each.id!r:.60} in version {each.version!r:.20} is no dataset"
    if not isinstance(each.sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", each.sha256):
        return f"{each.sha256!r:.80} is no SHA-256"
    if type(each.episodes) is not int or each.episodes < 1:
        return f"{each.id} has {each.episodes!r:.20} episodes"
    return ""
