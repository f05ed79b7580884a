"""Looks: theme and layout of a page, from a seed of their own, so that robustness to looks can be measured alone."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.sites.kit.world import generator


@dataclass(frozen=True, slots=True)
class Look:
    """One look of a site. Sites read these in templates and style sheets; none changes what a page says but the banner.

    Attributes:
        hue: accent colour, degrees on the colour wheel.
        scheme: "light", "tinted" or "dark" header.
        radius: corner radius of cards and buttons, CSS pixels.
        density: "cosy" or "compact".
        sidebar: where facets stand, "left" or "right".
        listing: how results are laid out, "grid" or "list", where the site offers both.
        consent: whether a cookie banner covers the bottom strip until it is accepted.
    """

    hue: int
    scheme: str
    radius: int
    density: str
    sidebar: str
    listing: str
    consent: bool

    @property
    def css(self) -> str:
        """Custom properties for the root element's style attribute."""
        return f"--hue:{self.hue};--radius:{self.radius}px"

    @property
    def classes(self) -> str:
        """Class names for the body element."""
        return f"scheme-{self.scheme} density-{self.density} sidebar-{self.sidebar} listing-{self.listing}"


def look_from_seed(site: str, seed: int) -> Look:
    """The look of a site for a seed."""
    random = generator("look", site, seed)
    return Look(
        hue=int(random.integers(0, 360)),
        scheme=str(random.choice(["light", "tinted", "dark"])),
        radius=int(random.choice([2, 6, 10])),
        density=str(random.choice(["cosy", "compact"])),
        sidebar=str(random.choice(["left", "right"])),
        listing=str(random.choice(["grid", "list"])),
        consent=bool(random.integers(2)),
    )
