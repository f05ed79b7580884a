"""What the news site draws: a scene for each article, and the weather."""

from __future__ import annotations

import zlib

from markupsafe import Markup

from webvoyager_gym.sites.news.world import SECTION_OF, Article

_SUBJECTS = {
    "News": (
        '<path class="b" d="M40 92V52l22-14 22 14v40z"/><path class="c" d="M84 92V34h30v58z"/>'
        '<path class="d" d="M50 60h8v10h-8zM66 60h8v10h-8zM92 44h6v8h-6zM102 44h6v8h-6zM92 60h6v8h-6zM102 60h6v8h-6z"/>'
    ),
    "Business": (
        '<path class="b" d="M30 92V58l20 12V58l20 12V58l20 12v22z"/><path class="c" d="M98 92V26h12v66z"/>'
        '<path class="l" d="M104 22c10-12 16 0 26-8v8c-10 6-16-4-22 4z"/>'
    ),
    "Science": (
        '<circle class="c" cx="84" cy="46" r="22"/><ellipse class="ring" cx="84" cy="46" rx="40" ry="10"/>'
        '<path class="b" d="M52 92l8-22h10l8 22z"/><circle class="l" cx="36" cy="28" r="3"/>'
        '<circle class="l" cx="126" cy="22" r="2"/>'
    ),
    "Sport": (
        '<path class="g" d="M0 74h160v26H0z"/><circle class="l" cx="80" cy="62" r="21"/>'
        '<path class="d" d="M80 50l11 8-4 13H73l-4-13z"/><path class="b" d="M20 74V44h4v26h16v4z"/>'
    ),
    "Culture": (
        '<path class="b" d="M34 92V44h92v48z"/><path class="c" d="M34 44c14 20 30 20 46 0 16 20 32 20 46 0V34H34z"/>'
        '<path class="l" d="M62 92c0-26 36-26 36 0z"/>'
    ),
}
_WEATHER = {
    "sun": (
        '<circle class="sun" cx="32" cy="30" r="12"/>'
        '<path class="ray" d="M32 8v6M32 46v6M10 30h6M48 30h6M17 15l4 4M43 41l4 4M47 15l-4 4M21 41l-4 4"/>'
    ),
    "cloud": '<path class="grey" d="M16 44c-10 0-10-14 0-14 0-14 22-16 25-3 14-1 14 17 2 17z"/>',
    "rain": (
        '<path class="grey" d="M16 36c-10 0-10-14 0-14 0-14 22-16 25-3 14-1 14 17 2 17z"/>'
        '<path class="drop" d="M20 42l-4 11M31 42l-4 11M42 42l-4 11"/>'
    ),
    "snow": (
        '<path class="grey" d="M16 34c-10 0-10-14 0-14 0-14 22-16 25-3 14-1 14 17 2 17z"/>'
        '<path class="flake" d="M19 39v10M14.5 41.5l9 5M14.5 46.5l9-5M41 39v10M36.5 41.5l9 5M36.5 46.5l9-5"/>'
    ),
    "storm": (
        '<path class="dark" d="M16 36c-10 0-10-14 0-14 0-14 22-16 25-3 14-1 14 17 2 17z"/>'
        '<path class="bolt" d="M33 32l-10 14h7l-4 12 13-16h-8l6-10z"/>'
    ),
}


def picture(article: Article) -> Markup:
    """A scene of the article's section under a sky of its own."""
    seed = zlib.crc32(article.headline.encode())
    line = f"M0 {70 + seed % 9}C40 {48 + seed % 23} 70 {84 - seed % 17} 160 {56 + seed % 19}V100H0z"
    hills = f'<path class="hill" d="{line}"/>'
    disc = f'<circle class="disc" cx="{22 + seed % 110}" cy="{16 + seed % 15}" r="{7 + seed % 6}"/>'
    subject = _SUBJECTS[SECTION_OF[article.part]]
    return Markup(
        f'<svg class="scene sky-{seed % 5}" viewBox="0 0 160 100" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true">'
        f'<rect class="air" width="160" height="100"/>{disc}{hills}'
        f'<g transform="translate({seed % 21 - 10} 4)">{subject}</g></svg>'
    )


def weather_icon(sky: str) -> Markup:
    """The weather, which only the picture tells."""
    return Markup(f'<svg class="weather" viewBox="0 0 64 60" aria-hidden="true">{_WEATHER[sky]}</svg>')
