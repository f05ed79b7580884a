"""Pictures drawn as SVG from numbers alone: price graphs, seats, airline logos, flight lines, skies and cities.

What they show (the bar of the cheapest day, the number on a seat) stands nowhere else on the page that they are on.
"""

from __future__ import annotations

import calendar
import datetime
import functools

from markupsafe import Markup

from webvoyager_gym.sites.flights.world import Airline, City, Flight, World, month_days
from webvoyager_gym.sites.kit import TODAY, generator

LOW, USUAL, HIGH = "#2f9e5b", "#8fb3e8", "#e3a08c"


def price_graph(world: World, origin: City, target: City, month: int) -> Markup:
    """The lowest fare of every day of a month as bars, 900 x 360; the lowest bar of all is green."""
    lows = {day: world.lowest(origin, target, day) for day in month_days(month)}
    known = [fare for fare in lows.values() if fare]
    days = calendar.monthrange(TODAY.year, month)[1]
    top = max(known, default=100)
    usual = sorted(known)[len(known) // 2] if known else 0
    step = 840 / days
    parts = []
    for line in range(0, top + 1, 50 if top < 320 else 100):
        y = 310 - 280 * line / top
        parts.append(f'<path d="M50 {y:.1f} H892" stroke="#e4e7ec"/>')
        parts.append(f'<text x="42" y="{y + 5:.1f}" text-anchor="end" fill="#59626e">${line}</text>')
    for day, fare in lows.items():
        if not fare:
            continue
        x, height = 52 + step * (day.day - 1), 280 * fare / top
        colour = LOW if fare == min(known) else HIGH if fare > 1.12 * usual else USUAL
        parts.append(
            f'<rect x="{x + 2:.1f}" y="{310 - height:.1f}" width="{step - 5:.1f}" height="{height:.1f}" rx="3" '
            f'fill="{colour}"/>'
        )
    for number in range(1, days + 1):
        x = 52 + step * (number - 0.5)
        parts.append(f'<text x="{x:.1f}" y="334" text-anchor="middle" font-weight="600" fill="#191d23">{number}</text>')
    return _svg(900, 345, f'<g font-family="Inter, sans-serif" font-size="14">{"".join(parts)}</g>')


def seat_picture(seat: str, state: str) -> Markup:
    """A seat with its number, 48 x 44; state is "free", "chosen" or "taken" (which has no number)."""
    fill, ink = {"free": ("#d7e8fb", "#16324f"), "chosen": ("#1e6b3c", "#ffffff"), "taken": ("#e3e5e9", "#e3e5e9")}[
        state
    ]
    return _svg(
        48,
        44,
        f'<path d="M6 12 a6 6 0 0 1 6 -8 h24 a6 6 0 0 1 6 8 v22 a6 6 0 0 1 -6 6 h-24 a6 6 0 0 1 -6 -6 z" fill="{fill}" '
        f'stroke="{"#9fa6b0" if state == "taken" else "#3c6690"}" stroke-width="1.5"/>'
        f'<text x="24" y="30" text-anchor="middle" font-family="Inter, sans-serif" font-size="17" font-weight="700" '
        f'fill="{ink}">{seat if state != "taken" else ""}</text>',
    )


def logo(airline: Airline, size: int = 30) -> Markup:
    """The tail of an airline's aeroplane."""
    hue = airline.hue
    return _svg(
        32,
        32,
        f'<rect width="32" height="32" rx="7" fill="hsl({hue} 62% 94%)"/>'
        f'<path d="M4 25 q10 -1 13 -18 h10 q-3 8 -3 18 z" fill="hsl({hue} 60% 42%)"/>'
        f'<path d="M13.6 17 h11.3 q-0.7 3 -0.8 5 h-13.6 q2 -2 3.1 -5 z" fill="hsl({(hue + 50) % 360} 75% 62%)"/>',
        f'width="{size}" height="{size}"',
    )


def line(flight: Flight) -> Markup:
    """A line with a dot for every stop, 120 x 12."""
    total = flight.duration
    dots = "".join(
        f'<circle cx="{6 + 108 * (leg.arrival - flight.departure) / total:.1f}" cy="6" r="4" fill="#fff" '
        'stroke="#b3471d" stroke-width="2"/>'
        for leg in flight.legs[:-1]
    )
    return _svg(
        120,
        12,
        '<path d="M6 6 H114" stroke="#8b94a1" stroke-width="2"/><circle cx="6" cy="6" r="3" fill="#59626e"/>'
        f'<circle cx="114" cy="6" r="3" fill="#59626e"/>{dots}',
    )


@functools.lru_cache(maxsize=512)
def city_picture(city: City) -> Markup:
    """The skyline of a city, 300 x 150."""
    random = generator("flights city", city.art)
    top, low, far, near = (
        ("#a9d6f5", "#eef7fc", "#8aa8c4", "#3f5f80"),
        ("#fbd3a6", "#fdf0df", "#c99a86", "#7b4a4a"),
        ("#c8c6f0", "#f6effa", "#9790c0", "#4c4580"),
        ("#a8e0d1", "#effaf4", "#7db3a2", "#2f6a5c"),
    )[int(random.integers(4))]
    name = f"s{city.art}"
    parts = [
        f'<defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{low}"/></linearGradient></defs>'
        f'<rect width="300" height="150" fill="url(#{name})"/>',
        f'<circle cx="{int(random.integers(40, 260))}" cy="{int(random.integers(26, 60))}" r="16" fill="#fff8e2"/>',
    ]
    for colour, lowest, tallest in ((far, 40, 92), (near, 22, 66)):
        x = -6
        while x < 300:
            width, height = int(random.integers(18, 40)), int(random.integers(lowest, tallest))
            parts.append(f'<rect x="{x}" y="{150 - height}" width="{width}" height="{height}" fill="{colour}"/>')
            if random.random() < 0.25:
                rise = round(14 + width / 3)
                parts.append(
                    f'<path d="M{x} {150 - height} l{width / 2} {-rise} l{width / 2} {rise} z" fill="{colour}"/>'
                )
            x += width + int(random.integers(0, 8))
    return _svg(300, 150, "".join(parts))


@functools.cache
def sky() -> Markup:
    """Clouds and an aeroplane for the first page, 1024 x 250."""
    random = generator("flights sky")
    clouds = []
    for _ in range(7):
        x, y, r = int(random.integers(380, 1024)), int(random.integers(40, 220)), int(random.integers(12, 26))
        clouds.append(
            f'<g fill="#fff" opacity="0.5"><ellipse cx="{x}" cy="{y}" rx="{3 * r}" ry="{r * 0.7:.0f}"/>'
            f'<circle cx="{x - r}" cy="{y - r // 2}" r="{r}"/>'
            f'<circle cx="{x + r}" cy="{y - r // 3}" r="{r * 0.8:.0f}"/></g>'
        )
    plane = (
        '<path d="M700 160 Q 820 90 1010 40" stroke="#fff" stroke-width="2" stroke-dasharray="3 8" fill="none"/>'
        '<g transform="translate(870 82) rotate(-22) scale(1.5)" fill="#fff">'
        '<path d="M-34 0 q0 -6 10 -6 h40 q14 2 18 6 q-4 4 -18 5 h-40 q-10 0 -10 -5z"/>'
        '<path d="M2 -2 L-12 -26 h8 L16 -3z M2 2 L-12 26 h8 L16 3z M-26 -3 L-36 -15 h6 L-18 -3z"/></g>'
    )
    return _svg(1024, 250, "".join(clouds) + plane, 'preserveAspectRatio="xMidYMid slice"')


def day_name(day: datetime.date) -> str:
    """Such as "Mon"."""
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]


def _svg(width: int, height: int, inside: str, more: str = "") -> Markup:
    head = f'<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" aria-hidden="true" {more}>'
    return Markup(f"{head}{inside}</svg>")
