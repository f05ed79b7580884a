"""Pictures drawn as SVG: shirts in the teams' colours, the poll's bars. Neither colours nor shares stand in words."""

from __future__ import annotations

from markupsafe import Markup

from webvoyager_gym.sites.sports.world import COLOURS, Team

_SHIRT = "M14 5 L4 11 L8 20 L12 18 V37 H32 V18 L36 20 L40 11 L30 5 C28 10 16 10 14 5 Z"


def shirt(team: Team, size: int = 44) -> Markup:
    """The team's shirt."""
    return Markup(
        f'<svg viewBox="0 0 44 42" width="{size}" height="{size}" aria-hidden="true"><path d="{_SHIRT}" '
        f'fill="{COLOURS[team.colour]}" stroke="#3a414b" stroke-width="1.6" stroke-linejoin="round"/>'
        '<path d="M12 18 V30 M32 18 V30" stroke="#00000033" stroke-width="1.4"/></svg>'
    )


def bar(share: int) -> Markup:
    """A poll's bar, `share` per cent long."""
    return Markup(
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" rx="2" '
        f'fill="#e4e7ec"/><rect width="{share}" height="8" rx="2" class="share"/></svg>'
    )


def pitch() -> Markup:
    """The lines of a pitch, behind the first page's heading."""
    return Markup(
        '<svg viewBox="0 0 1024 150" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><g fill="none" '
        'stroke="#fff" stroke-opacity="0.28" stroke-width="3"><path d="M512 -20V170M-20 -6H1044M-20 156H1044"/>'
        '<circle cx="512" cy="75" r="58"/><path d="M-10 20H120V130H-10M1034 20H904V130H1034M-10 48H44V102H-10M1034 48'
        'H980V102H1034"/></g><g fill="#fff" fill-opacity="0.07"><path d="M0 0h128v150H0zM256 0h128v150H256z'
        'M512 0h128v150H512zM768 0h128v150H768z"/></g></svg>'
    )
