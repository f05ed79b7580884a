"""Fields that ask for what is nobody's to give away: passwords, one-time codes, card numbers."""

from __future__ import annotations

import asyncio

from playwright.async_api import Error, Frame, Page

PATIENCE = 2.0
"""Seconds that a frame may take to say what has its focus."""

_FOCUSED = """() => {
  let field = document.activeElement;
  while (field && field.shadowRoot && field.shadowRoot.activeElement) field = field.shadowRoot.activeElement;
  if (!field || !field.matches) return false;
  const purpose = (field.getAttribute('autocomplete') || '').toLowerCase().split(/\\s+/);
  return field.type === 'password'
    || purpose.some((word) => word.startsWith('cc-') || word === 'one-time-code' || word.endsWith('-password'));
}"""


async def asks_for_credentials(page: Page) -> bool:
    """Whether the field that has the focus, in whatever frame, is such a one."""
    return any(await asyncio.gather(*(_focused(frame) for frame in page.frames)))


async def _focused(frame: Frame) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return bool(await frame.evaluate(_FOCUSED))
    except (Error, TimeoutError):
        return False
