"""What the dictionary draws: how often a word was used in each decade."""

from __future__ import annotations

from markupsafe import Markup

from webvoyager_gym.sites.dictionary.world import DECADES, Entry


def usage_chart(entry: Entry) -> Markup:
    """Bars by decade; the years stand in the picture only."""
    step = 560 / len(DECADES)
    lines = "".join(f'<path class="grid" d="M40 {220 - 2 * level}h580"/>' for level in (0, 25, 50, 75, 100))
    bars = "".join(
        f'<rect class="bar" x="{50 + step * n:.1f}" y="{220 - 2 * share}" width="{step * 0.62:.1f}" '
        f'height="{2 * share}"/>'
        f'<text x="{50 + step * (n + 0.31):.1f}" y="244" text-anchor="middle">{decade}s</text>'
        for n, (decade, share) in enumerate(zip(DECADES, entry.usage, strict=True))
    )
    return Markup(f'<svg class="usage" viewBox="0 0 640 256" aria-hidden="true">{lines}{bars}</svg>')
