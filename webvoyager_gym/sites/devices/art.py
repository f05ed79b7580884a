"""Devices, stores and colour discs, drawn as SVG. The colour of a device is nowhere in words."""

from __future__ import annotations

import functools
import zlib

from markupsafe import Markup

from webvoyager_gym.sites.devices.names import FINISHES
from webvoyager_gym.sites.devices.world import Model, OldDevice, Store


def device(model: Model, finish: int = 0) -> Markup:
    """A large picture of a model in a finish, 400 x 300."""
    return _device(model.kind, FINISHES[model.finishes[finish]], zlib.crc32(model.name.encode()))


def old_device(old: OldDevice) -> Markup:
    """A large picture of an old device."""
    return _device(old.kind, "#9aa1ab", zlib.crc32(old.name.encode()))


@functools.lru_cache(maxsize=1024)
def _device(kind: str, colour: str, seed: int) -> Markup:
    """A device; the seed chooses cameras and the picture on its screen."""
    name = f"{kind[0]}{colour[1:]}{seed % 360}"
    hue = seed % 360
    defs = (
        f'<defs><linearGradient id="b{name}" x1="0" y1="0" x2="1" y2="1">'
        f'<stop offset="0" stop-color="{_mix(colour, 40)}"/><stop offset="0.5" stop-color="{colour}"/>'
        f'<stop offset="1" stop-color="{_mix(colour, -34)}"/></linearGradient>'
        f'<linearGradient id="s{name}" x1="0" y1="0" x2="0.7" y2="1">'
        f'<stop offset="0" stop-color="oklch(0.8 0.1 {hue})"/>'
        f'<stop offset="0.55" stop-color="oklch(0.58 0.15 {(hue + 40) % 360})"/>'
        f'<stop offset="1" stop-color="oklch(0.33 0.11 {(hue + 80) % 360})"/></linearGradient></defs>'
    )
    body = _BODIES[kind](f"url(#b{name})", f"url(#s{name})", _mix(colour, -60), seed)
    shadow = '<ellipse cx="200" cy="288" rx="130" ry="8" fill="#10141c" opacity="0.12"/>'
    return Markup(f'<svg class="device" viewBox="0 0 400 300" aria-hidden="true">{defs}{shadow}{body}</svg>')


def _mix(colour: str, by: int) -> str:
    """A lighter or darker colour."""
    parts = (min(255, max(0, int(colour[i : i + 2], 16) + by)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _waves(x: int, y: int, width: int, height: int, seed: int) -> str:
    """Hills on a screen."""
    top, bottom = y + height * (50 + seed % 20) // 100, y + height
    return (
        f'<path d="M{x} {top}q{width // 4} {-18 - seed % 19} {width // 2} 0t{width // 2} {-seed % 17}V{bottom}H{x}z" '
        f'fill="#fff" opacity="0.22"/>'
        f'<circle cx="{x + width * (22 + seed % 50) // 100}" cy="{y + height // 4}" r="{width // 12 + 4}" fill="#fff" '
        'opacity="0.7"/>'
    )


def _phone(body: str, screen: str, edge: str, seed: int) -> str:
    lenses = "".join(
        f'<circle cx="{118 + x}" cy="{46 + y}" r="12" fill="#15181d"/><circle cx="{118 + x}" cy="{46 + y}" r="6" '
        'fill="#3d4b66"/>'
        for x, y in ((0, 0), (0, 32), (30, 16))[: 1 + seed % 3]
    )
    return (
        f'<rect x="92" y="14" width="134" height="272" rx="24" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<rect x="102" y="24" width="62" height="76" rx="20" fill="{edge}" opacity="0.35"/>{lenses}'
        f'<rect x="182" y="14" width="134" height="272" rx="24" fill="{edge}"/>'
        f'<rect x="184" y="16" width="130" height="268" rx="22" fill="{body}"/>'
        f'<rect x="188" y="20" width="122" height="260" rx="19" fill="#0c0e12"/>'
        f'<rect x="192" y="24" width="114" height="252" rx="16" fill="{screen}"/>{_waves(192, 24, 114, 236, seed)}'
        '<rect x="230" y="31" width="38" height="10" rx="5" fill="#0c0e12"/>'
    )


def _tablet(body: str, screen: str, edge: str, seed: int) -> str:
    return (
        f'<rect x="30" y="46" width="300" height="216" rx="18" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<circle cx="52" cy="68" r="{8 + seed % 3}" fill="#15181d"/>'
        f'<rect x="60" y="58" width="316" height="222" rx="18" fill="{edge}"/>'
        f'<rect x="62" y="60" width="312" height="218" rx="16" fill="{body}"/>'
        f'<rect x="68" y="66" width="300" height="206" rx="11" fill="#0c0e12"/>'
        f'<rect x="76" y="74" width="284" height="190" rx="6" fill="{screen}"/>{_waves(76, 74, 284, 190, seed)}'
    )


def _laptop(body: str, screen: str, edge: str, seed: int) -> str:
    return (
        f'<rect x="62" y="28" width="276" height="198" rx="14" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<rect x="71" y="37" width="258" height="180" rx="8" fill="#0c0e12"/>'
        f'<rect x="77" y="43" width="246" height="166" rx="4" fill="{screen}"/>{_waves(77, 43, 246, 166, seed)}'
        f'<path d="M62 226h276l46 44q2 10-8 10H24q-10 0-8-10z" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<path d="M84 234h232l14 16H70z" fill="{edge}" opacity="0.55"/>'
        f'<path d="M158 256h84l6 14h-96z" fill="{edge}" opacity="0.3"/>'
    )


def _watch(body: str, screen: str, edge: str, seed: int) -> str:
    hand = (30 * (seed % 12), 6 * (seed % 60))
    ticks = "".join(
        f'<path d="M200 106v9" stroke="#fff" stroke-width="3" opacity="0.8" transform="rotate({angle} 200 150)"/>'
        for angle in range(0, 360, 30)
    )
    return (
        f'<path d="M164 92l6-82q2-6 10-6h40q8 0 10 6l6 82z" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<path d="M164 208l6 78q2 6 10 6h40q8 0 10-6l6-78z" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<rect x="138" y="82" width="124" height="136" rx="38" fill="{edge}"/>'
        f'<rect x="141" y="85" width="118" height="130" rx="35" fill="{body}"/>'
        '<rect x="262" y="126" width="9" height="26" rx="4" fill="#8b929c"/>'
        f'<rect x="150" y="94" width="100" height="112" rx="28" fill="#0c0e12"/>'
        f'<circle cx="200" cy="150" r="46" fill="{screen}" opacity="0.85"/>{ticks}'
        f'<path d="M200 152v-22" stroke="#fff" stroke-width="5" stroke-linecap="round" '
        f'transform="rotate({hand[0]} 200 150)"/>'
        f'<path d="M200 152v-34" stroke="#fff" stroke-width="3" stroke-linecap="round" '
        f'transform="rotate({hand[1]} 200 150)"/>'
    )


def _headphones(body: str, screen: str, edge: str, seed: int) -> str:
    cup = 54 + seed % 10
    sides = "".join(
        f'<rect x="{x}" y="148" width="{cup}" height="112" rx="26" fill="{body}" stroke="{edge}" stroke-width="2"/>'
        f'<rect x="{x + (cup if side < 0 else -16)}" y="158" width="16" height="92" rx="8" fill="#23262c"/>'
        f'<circle cx="{x + cup // 2}" cy="204" r="{9 + seed % 5}" fill="{edge}" opacity="0.4"/>'
        for side, x in ((-1, 76), (1, 324 - cup))
    )
    return (
        f'<path d="M104 160V132a96 96 0 0 1 192 0v28" fill="none" stroke="{edge}" stroke-width="20"/>'
        f'<path d="M104 160V132a96 96 0 0 1 192 0v28" fill="none" stroke="{body}" stroke-width="16"/>'
        '<path d="M132 92a82 82 0 0 1 136 0" fill="none" stroke="#23262c" stroke-width="12" stroke-linecap="round"/>'
        f"{sides}"
    )


_BODIES = {"phones": _phone, "tablets": _tablet, "laptops": _laptop, "watches": _watch, "headphones": _headphones}


def dots(model: Model) -> Markup:
    """The finishes of a model as a row of small discs."""
    discs = "".join(
        f'<circle cx="{11 + 24 * place}" cy="11" r="9" fill="{FINISHES[finish]}" stroke="#8d949e" stroke-width="1"/>'
        for place, finish in enumerate(model.finishes)
    )
    width = 24 * len(model.finishes)
    return Markup(
        f'<svg class="dots" width="{width}" height="22" viewBox="0 0 {width} 22" aria-hidden="true">{discs}</svg>'
    )


def disc(model: Model, finish: int) -> Markup:
    """One finish as a large disc."""
    colour = FINISHES[model.finishes[finish]]
    return Markup(
        '<svg viewBox="0 0 44 44" width="44" height="44" aria-hidden="true">'
        f'<circle cx="22" cy="22" r="20" fill="{colour}" stroke="#8d949e"/>'
        '<path d="M10 15a14 14 0 0 1 16-6" fill="none" stroke="#fff" stroke-width="3" opacity="0.35" '
        'stroke-linecap="round"/></svg>'
    )


def front(store: Store) -> Markup:
    """The front of a store, 320 x 130."""
    seed = zlib.crc32(store.name.encode())
    hue, panes = seed % 360, 3 + seed % 3
    width = 272 // panes
    left = 164 - width * panes // 2
    awning = f"oklch(0.68 0.14 {(hue + 140) % 360})"
    windows = "".join(
        f'<rect x="{x}" y="60" width="{width - 8}" height="58" fill="#eaf3fb"/>'
        f'<path d="M{x} 118l{width // 2}-50h{width // 4}l-{width // 2} 50z" fill="#fff" opacity="0.75"/>'
        f'<path d="M{x - 2} 54h{width - 4}l3 14H{x - 5}z" fill="{awning}"/>'
        for x in range(left, left + width * panes, width)
    )
    tower = f'<path d="M{40 + seed % 220} 22v-14h34v14z" fill="oklch(0.75 0.05 {hue})"/>'
    return Markup(
        f'<svg class="front" viewBox="0 0 320 130" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect width="320" height="130" fill="oklch(0.93 0.035 {(hue + 180) % 360})"/>{tower}'
        f'<rect x="14" y="22" width="292" height="108" fill="oklch(0.6 0.06 {hue})"/>'
        f'<rect x="14" y="22" width="292" height="20" fill="oklch(0.42 0.07 {hue})"/>'
        f'<circle cx="160" cy="32" r="6" fill="#fff"/>{windows}'
        '<rect y="120" width="320" height="10" fill="#c9ced6"/></svg>'
    )
