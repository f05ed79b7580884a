"""Pictures of dishes, drawn from a recipe's drawing, colour and title. Canvas 160 by 110."""

from __future__ import annotations

import zlib

from markupsafe import Markup

from webvoyager_gym.sites.recipes.world import MOST_CHILLIES, Recipe

# Classes: m the dish's colour, d and l a darker and a lighter shade, g green bits, c crockery, s its shadow, b baked.
_DRAWINGS = {
    "bowl": (
        '<ellipse class="s" cx="80" cy="97" rx="48" ry="7"/>'
        '<path class="c" d="M22 48h116c0 32-24 48-58 48S22 80 22 48z"/>'
        '<ellipse class="rim" cx="80" cy="48" rx="58" ry="15"/>'
        '<ellipse class="m" cx="80" cy="49" rx="50" ry="11"/>{bits}'
    ),
    "plate": (
        '<ellipse class="s" cx="80" cy="76" rx="68" ry="24"/><ellipse class="c" cx="80" cy="68" rx="68" ry="28"/>'
        '<ellipse class="rim" cx="80" cy="66" rx="50" ry="19"/>'
        '<path class="g" d="M44 66c6-22 22-18 28-26 8 8 26 0 30 10 14 0 16 14 12 20-18 12-54 12-70-4z"/>'
        '<path class="m" d="M58 64c4-14 16-12 22-18 10 4 22 4 24 14-6 12-34 16-46 4z"/>{bits}'
    ),
    "pot": (
        '<ellipse class="s" cx="80" cy="98" rx="40" ry="6"/><path class="c" d="M40 44h80l-8 46c-2 10-62 10-64 0z"/>'
        '<ellipse class="rim" cx="80" cy="44" rx="40" ry="11"/><ellipse class="m" cx="80" cy="44" rx="34" ry="8"/>'
        '<path class="d" d="M64 43c10-6 24-6 32 1-10 4-22 5-32-1z"/>{bits}'
    ),
    "dish": (
        '<path class="s" d="M14 84h132l-6 16H20z"/><path class="c" d="M12 46h136l-10 42c-2 6-114 6-116 0z"/>'
        '<path class="rim" d="M12 46l14-16h108l14 16z"/><path class="b" d="M24 44l10-11h92l10 11z"/>'
        '<path class="m" d="M36 41l6-6h30l-4 6zM82 41l2-6h30l6 6z"/>{bits}'
    ),
    "cake": (
        '<ellipse class="s" cx="80" cy="94" rx="62" ry="10"/><ellipse class="c" cx="80" cy="90" rx="62" ry="10"/>'
        '<path class="b" d="M34 50h92v36c0 10-92 10-92 0z"/><path class="l" d="M34 64h92v7H34z"/>'
        '<path class="m" '
        'd="M34 48c0-18 92-18 92 0v10c-6 10-12-2-18 4s-12 6-18-1-14 8-20 1-12-6-18 0-14-2-18-4z"/>{bits}'
    ),
    "biscuits": (
        '<ellipse class="s" cx="80" cy="86" rx="66" ry="18"/><ellipse class="c" cx="80" cy="80" rx="66" ry="20"/>'
        '<ellipse class="b" cx="54" cy="72" rx="27" ry="14"/><ellipse class="b" cx="106" cy="72" rx="27" ry="14"/>'
        '<ellipse class="b" cx="80" cy="56" rx="28" ry="15"/><g class="d"><circle cx="48" cy="70" r="4"/>'
        '<circle cx="60" cy="76" r="3"/>'
        '<circle cx="100" cy="70" r="4"/><circle cx="114" cy="74" r="3"/></g>'
        '<g class="m"><circle cx="72" cy="52" r="5"/><circle cx="86" cy="58" r="5"/><circle cx="90" cy="49" r="4"/></g>'
    ),
    "tart": (
        '<ellipse class="s" cx="80" cy="82" rx="66" ry="20"/>'
        '<path class="b" d="M16 58c0-10 128-10 128 0l-10 20c-10 18-98 18-108 0z"/>'
        '<ellipse class="b" cx="80" cy="58" rx="64" ry="24"/><ellipse class="m" cx="80" cy="57" rx="54" ry="19"/>'
        '<path class="lattice" d="M40 45l70 26M62 39l58 20M30 56l52 20M120 45L50 71M98 39L40 59M130 56L78 76"/>'
    ),
    "glass": (
        '<ellipse class="s" cx="80" cy="102" rx="26" ry="4"/><path class="c" d="M76 78h8v18h-8zM60 96h40v5H60z"/>'
        '<path class="c" d="M46 26h68c0 34-14 54-34 54S46 60 46 26z"/>'
        '<path class="m" d="M50 34h60c-2 26-14 42-30 42S52 60 50 34z"/>'
        '<path class="l" d="M52 46h56l-4 10H56z"/><circle class="m" cx="68" cy="26" r="14"/>'
        '<circle class="d" cx="92" cy="24" r="13"/>{bits}'
    ),
}


def picture(recipe: Recipe) -> Markup:
    """The dish on a cloth; colours come from the style sheet but for the dish's own."""
    seed = zlib.crc32(recipe.title.encode())
    bits = "".join(
        f'<circle class="{"gl"[(seed >> i) & 1]}" cx="{60 + (seed >> (3 * i)) % 42}" '
        f'cy="{(43, 40, 46)[i % 3] + (seed >> i) % 8}"'
        f' r="{2 + (seed >> (i + 5)) % 2}"/>'
        for i in range(5)
    )
    stripes = "".join(f'<path d="M{-60 + 26 * i + seed % 19} 110l70-110"/>' for i in range(9))
    drawing = _DRAWINGS[recipe.drawing].format(bits=bits)
    return Markup(
        f'<svg class="food cloth-{seed % 4}" viewBox="0 0 160 110" preserveAspectRatio="xMidYMid slice" '
        f'aria-hidden="true" style="--c:{recipe.colour}"><rect class="cloth" width="160" height="110"/>'
        f'<g class="stripes">{stripes}</g>{drawing}</svg>'
    )


def chillies(recipe: Recipe) -> Markup:
    """How hot a dish is: as many red chillies, the rest of them pale. Only the picture says it."""
    one = (
        '<path class="{kind}" d="M{x} 6c6 0 7 5 4 10-3 5-8 7-12 7 4-3 5-7 5-11 0-4 0-6 3-6z"/>'
        '<path class="stalk" d="M{x} 6c0-3 2-4 4-5"/>'
    )
    drawn = "".join(
        one.format(x=12 + 18 * i, kind="hot" if i < recipe.chillies else "pale") for i in range(MOST_CHILLIES)
    )
    return Markup(f'<svg class="chillies" viewBox="0 0 78 25" aria-hidden="true">{drawn}</svg>')
