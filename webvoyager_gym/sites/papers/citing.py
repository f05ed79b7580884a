"""A paper's citation as text."""

from __future__ import annotations

from collections.abc import Sequence

from webvoyager_gym.sites.kit import slug_of
from webvoyager_gym.sites.papers.world import Paper


def cite(paper: Paper, names: Sequence[str], style: str) -> str:
    """The citation in a style of `state.STYLES`."""
    year = paper.submitted.year
    if style == "BibTeX":
        key = f"{slug_of(names[0].split()[-1])}{year}"
        return (
            f"@misc{{{key},\n  title  = {{{paper.title}}},\n  author = {{{' and '.join(names)}}},\n"
            f"  year   = {{{year}}},\n  number = {{{paper.id}}}\n}}"
        )
    if style == "APA":
        people = " & ".join(f"{name.split()[-1]}, {name[0]}." for name in names)
        return f"{people} ({year}). {paper.title}. Quire, {paper.id}."
    first = names[0].split()
    people = f"{first[-1]}, {' '.join(first[:-1])}" + ("" if len(names) == 1 else ", et al")
    return f"{people}. “{paper.title}.” Quire, {year}, {paper.id}."
