"""From the page script's reading to marks and outline. Pure functions."""

from __future__ import annotations

from typing import Any

from webvoyager_gym.types import Mark

MAX_OPTIONS_SHOWN = 12
MAX_LABEL_SHOWN = 80
"""Longest label of an option in the outline, in characters."""


def marks_and_outline(page: dict[str, Any]) -> tuple[tuple[Mark, ...], tuple[Mark, ...], str]:
    """Marks in the viewport, marks outside it, and the outline of what the script of `observe.js` read."""
    marks = tuple(_mark(number, raw) for number, raw in enumerate(page["marks"], 1))
    offscreen = tuple(_mark(0, raw) for raw in page["offscreen"])
    lines = [describe(marks[line["m"]]) if "m" in line else line["t"] for line in page["lines"]]
    return marks, offscreen, "\n".join(lines)


def _mark(number: int, raw: dict[str, Any]) -> Mark:
    x, y, width, height = raw["b"]
    return Mark(
        index=number,
        role=raw["r"],
        name=raw["n"],
        box=(x, y, width, height),
        value=raw.get("v", ""),
        options=tuple(raw.get("o", ())),
        more_options=raw.get("cut", False),
        checked=raw.get("c"),
        href=raw.get("h", ""),
        key=raw["k"],
    )


def describe(mark: Mark) -> str:
    """A mark as a line of the outline, such as `[4] combobox "Sort by" value "Price" options "Name" | "Price"`."""
    parts = [f"[{mark.index}] {mark.role}"]
    if mark.name:
        parts.append(f'"{mark.name}"')
    if mark.value:
        parts.append(f'value "{mark.value}"')
    if mark.checked:
        parts.append("checked" if mark.role in ("checkbox", "radio", "switch") else "current")
    if mark.options:
        shown = " | ".join(f'"{_shortened(option)}"' for option in mark.options[:MAX_OPTIONS_SHOWN])
        parts.append(f"options {shown}" + (" | …" if len(mark.options) > MAX_OPTIONS_SHOWN else ""))
    return " ".join(parts)


def _shortened(label: str) -> str:
    return label if len(label) <= MAX_LABEL_SHOWN else label[: MAX_LABEL_SHOWN - 1] + "…"
