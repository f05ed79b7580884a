"""Drawings from numbers alone: pictures on the web, skies, emblems, thumbnails and the puzzle of the wall."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from webvoyager_gym.sites.search.web import COLOURS, Picture

_SHAPES = {
    "sailing boat": '<path d="M-2-62V10h6V-62z" fill="#6b4a2b"/><path d="M8-60L52 4H8z" fill="{c}"/><path d="M-6-48L-40 4h34z" '
    'fill="{c}"/><path d="M-54 10H60L42 36H-38z" fill="{c}"/><path d="M-54 10H60l-5 7H-49z" fill="#fff" opacity=".55"/>',
    "balloon": '<path d="M-14 30l8 18h12l8-18" fill="none" stroke="#5a4632" stroke-width="2.5"/><path d="M-9 46H9v15H-9z" '
    'fill="#8a5a2b"/><path d="M0-66c28 0 42 20 42 42S16 28 10 34h-20C-16 28-42-2-42-24S-28-66 0-66z" fill="{c}"/>'
    '<path d="M0-66c12 0 17 20 17 42S8 30 5 34H-5C-8 30-17-2-17-24S-12-66 0-66z" fill="#fff" opacity=".35"/>',
    "car": '<path d="M-66 12q0-18 16-20l16-4 14-20q4-6 12-6h22q8 0 13 6l14 20 16 4q9 3 9 14v20h-132z" fill="{c}"/><path '
    'd="M-22-10l11-17h17v17zM12-10v-17h14l12 17z" fill="#dff1fb"/><g fill="#1b1d21"><circle cx="-36" cy="26" r="15"/>'
    '<circle cx="38" cy="26" r="15"/></g><g fill="#c9ced6"><circle cx="-36" cy="26" r="6"/><circle cx="38" cy="26" r="6"/></g>',
    "house": '<path d="M-46-8H46V48H-46z" fill="{c}"/><path d="M-60-6L0-58 60-6z" fill="#6d5446"/><path d="M-10 16H10V48H-10z" '
    'fill="#f3e3c8"/><path d="M-36 4h18v18h-18zM18 4h18v18H18z" fill="#fdf6d8"/><path d="M22-52h12v26H22z" fill="#6d5446"/>',
    "umbrella": '<path d="M0-34V36q0 12-11 12T-22 38" fill="none" stroke="#4a3728" stroke-width="5" stroke-linecap="round"/>'
    '<path d="M-62 0Q-54-54 0-58 54-54 62 0 47-13 32 0 16-13 0 0-16-13-32 0-47-13-62 0z" fill="{c}"/><path '
    'd="M-32 0Q-26-44 0-58 26-44 32 0 16-13 0 0-16-13-32 0z" fill="#fff" opacity=".28"/>',
    "kite": '<path d="M0-64L38-16 0 40-38-16z" fill="{c}"/><path d="M0-64V40M-38-16H38" stroke="#fff" stroke-width="3"/><path '
    'd="M0 40q16 8 2 18t4 20" fill="none" stroke="#3c3f45" stroke-width="2.5"/><path d="M-6 52l16 5-12 7zM-4 68l15 4-11 7z" fill="{c}"/>',
}
_FLYING = ("balloon", "kite")

_SKIES = {
    "sun": '<circle cx="24" cy="24" r="10" fill="#f5a80f"/><path d="M24 4v7M24 37v7M4 24h7M37 24h7M10 10l5 5M33 33l5 5M38 '
    '10l-5 5M15 33l-5 5" stroke="#f5a80f" stroke-width="3.4" stroke-linecap="round"/>',
    "cloud": "{cloud}",
    "rain": '{cloud}<path d="M15 37l-3 8M25 37l-3 8M35 37l-3 8" stroke="#1f6fe0" stroke-width="3.6" stroke-linecap="round"/>',
    "snow": '{cloud}<g fill="#fff" stroke="#4d9ff0" stroke-width="2"><circle cx="13" cy="40" r="3.2"/><circle cx="24" cy="44" '
    'r="3.2"/><circle cx="35" cy="40" r="3.2"/></g>',
    "storm": '{cloud}<path d="M26 30l-9 11h7l-4 8 11-12h-7l5-7z" fill="#f5a80f"/>',
}
_CLOUD = '<path d="M14 34a8.5 8.5 0 0 1-.6-17A12 12 0 0 1 36 18.6a7.8 7.8 0 0 1-.5 15.4z" fill="{0}"/>'

_EMBLEMS = {
    "town": "M6 42V26h8v-8h8v8h6V12l6-6 6 6v30z",
    "person": "M24 24a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 44c1-10 8-16 18-16s17 6 18 16z",
    "film": "M5 10h38v28H5zM9 13h5v4H9zM9 22h5v4H9zM9 31h5v4H9zM34 13h5v4h-5zM34 22h5v4h-5zM34 31h5v4h-5zM18 14v20h12V14z",
    "band": "M18 8l22-4v28a6 5 0 1 1-4-5V14l-14 3v20a6 5 0 1 1-4-5z",
    "company": "M6 42V20l10 7v-7l10 7v-7l10 7V6h6v36zM12 32v5h5v-5zM22 32v5h5v-5zM32 32v5h5v-5z",
    "club": "M24 4l17 6v13c0 10-7 17-17 21C14 40 7 33 7 23V10zM24 14l-8 6 3 10h10l3-10z",
    "mountain": "M2 42L18 10l8 14 6-8 14 26zM18 10l-5 10 5-2 4 3z",
    "event": "M6 10h36v32H6zM6 10h36v9H6zM13 5v8M35 5v8M14 25h6v5h-6zM24 25h6v5h-6z",
}


def scene(picture: Picture) -> Markup:
    """A picture: something of a colour before a landscape."""
    random = np.random.default_rng(picture.seed)
    hue = int(random.choice([205, 215, 225, 60, 75, 320]))
    ground = int(random.choice([135, 120, 95, 240]))
    x, far, size = (
        int(random.integers(105, 196)),
        int(random.integers(94, 112)),
        1.0 + 0.05 * int(random.integers(-2, 5)),
    )
    y = int(random.integers(80, 92)) if picture.shape in _FLYING else int(random.integers(122, 134))
    sun = int(random.integers(30, 270))
    drawing = _SHAPES[picture.shape].replace("{c}", COLOURS[picture.colour])
    return Markup(
        f'<svg class="scene" viewBox="0 0 300 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><path fill="oklch('
        f'0.92 0.04 {hue})" d="M0 0h300v200H0z"/><circle cx="{sun}" cy="34" r="15" fill="#fff" opacity=".8"/><path fill="oklch('
        f'0.84 0.05 {ground + 30})" d="M0 {far}q60-46 130-8t170-16V200H0z"/><path fill="oklch(0.78 0.07 {ground})" d="M0 136q90'
        f'-18 170-4t130-6V200H0z"/><g transform="translate({x} {y}) scale({size:.2f})">{drawing}</g></svg>'
    )


def sky(name: str) -> Markup:
    """The weather of a day; which it is stands nowhere else."""
    cloud = _CLOUD.format("#6b7480" if name == "storm" else "#a9b4c2")
    drawing = _SKIES[name].replace("{cloud}", cloud)
    return Markup(f'<svg class="sky" viewBox="0 0 48 50" aria-hidden="true">{drawing}</svg>')


def emblem(kind: str, hue: int) -> Markup:
    """A sign for a kind of thing, for panels and lists."""
    return Markup(
        f'<svg class="emblem" viewBox="-8 -8 64 64" aria-hidden="true"><path fill="oklch(0.93 0.05 {hue})" d="M-8-8h64v64H-8z"/>'
        f'<path fill="oklch(0.5 0.13 {hue})" fill-rule="evenodd" d="{_EMBLEMS[kind]}"/></svg>'
    )


def frame(seconds: int) -> Markup:
    """A still of a video."""
    hue = seconds * 37 % 360
    return Markup(
        f'<svg class="scene" viewBox="0 0 160 90" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><path fill="oklch('
        f'0.4 0.09 {hue})" d="M0 0h160v90H0z"/><circle cx="{30 + seconds % 97}" cy="{24 + seconds % 23}" r="{14 + seconds % 13}" '
        f'fill="oklch(0.75 0.13 {(hue + 50) % 360})"/><path fill="oklch(0.55 0.11 {(hue + 20) % 360})" d="M0 {58 + seconds % 17}'
        f'Q50 {36 + seconds % 31} 96 62T160 {50 + seconds % 19}V90H0z"/><circle cx="80" cy="45" r="17" fill="#fff" opacity=".9"/>'
        f'<path d="M75 37v16l14-8z" fill="#22262d"/></svg>'
    )


def mark(hue: int) -> Markup:
    """A publisher's mark."""
    return Markup(
        f'<svg class="mark" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="10" fill="oklch(0.55 0.14 {hue})"/>'
        f'<circle cx="{7 + hue % 7}" cy="{7 + hue % 5}" r="4" fill="#fff" opacity=".85"/></svg>'
    )


def puzzle(hue: int) -> Markup:
    """Nine tiles that make no sense."""
    tiles = "".join(
        f'<g transform="translate({n % 3 * 62} {n // 3 * 62}) rotate({(n * 7 + hue) % 4 * 90} 29 29)"><path fill="oklch({0.8 - n % 3 / 9:.2f}'
        f' 0.07 {(hue + 40 * n) % 360})" d="M0 0h58v58H0z"/><path fill="oklch(0.5 0.1 {(hue + 90 * n) % 360})" d="M0 {20 + n * 5 % 23}'
        f'q20-18 32 0t26 4V58H0z"/><circle cx="{14 + n * 11 % 32}" cy="15" r="{4 + n % 5}" fill="#fff" opacity=".8"/></g>'
        for n in range(9)
    )
    return Markup(f'<svg class="puzzle" viewBox="0 0 182 182" aria-hidden="true">{tiles}</svg>')
