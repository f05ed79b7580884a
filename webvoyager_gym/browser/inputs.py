"""How each action of the grammar is carried out: real mouse and key events through the DevTools Protocol."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from webvoyager_gym.actions import FIELD_ROLES, Action
from webvoyager_gym.browser.changed import PageChanged, of_a_page_gone
from webvoyager_gym.browser.credentials import asks_for_credentials
from webvoyager_gym.browser.foreign import frame_at
from webvoyager_gym.types import Mark, PageView

if TYPE_CHECKING:
    from webvoyager_gym.browser.page import BrowserPage

SCROLL_SHARE = 0.75
"""How much of its height the window or area is scrolled by."""
WAIT_LIMIT_MS = 1000
"""How long `wait` waits for the page to change, in milliseconds."""
FRAME_PATIENCE = 5.0
"""Seconds a frame of the page may take to do what it is asked."""

_KEY_CODES = {
    "Enter": 13, "Escape": 27, "Tab": 9, "ArrowUp": 38, "ArrowDown": 40, "ArrowLeft": 37, "ArrowRight": 39,
    "PageUp": 33, "PageDown": 34, "Backspace": 8,
}  # fmt: skip

# The element at a point, through open shadow roots and frames of the same origin.
_AT = """const at = (x, y) => { let root = document, hit = null;
  for (;;) { const next = root.elementFromPoint(x, y); if (!next || next === hit) return hit; hit = next;
    if (hit.shadowRoot) { root = hit.shadowRoot; continue; }
    let inner = null; try { inner = hit.contentDocument; } catch (e) {}
    if (!inner) return hit;
    const box = hit.getBoundingClientRect();
    x -= box.x + hit.clientLeft; y -= box.y + hit.clientTop; root = inner; } };"""

_SELECT = (
    "(() => {"
    + _AT
    + """const hit = at(%f, %f); const select = hit && hit.closest('select');
  if (!select) return 'none'; const wanted = %s.trim().toLowerCase();
  const labels = [...select.options].map((o) => o.label.replace(/\\s+/g, ' ').trim().toWellFormed());
  let index = labels.findIndex((l) => l.toLowerCase() === wanted);
  // As a long label is shortened in an outline.
  if (index < 0 && wanted.length > 1 && wanted.endsWith('…'))
    index = labels.findIndex((l) => l.toLowerCase().startsWith(wanted.slice(0, -1)));
  if (index < 0) return JSON.stringify(labels);
  if (select.options[index].disabled) return 'disabled';
  select.focus(); const option = select.options[index];
  if (select.multiple || !option.selected) { option.selected = !select.multiple || !option.selected;
    select.dispatchEvent(new Event('input', {bubbles: true}));
    select.dispatchEvent(new Event('change', {bubbles: true})); }
  return 'done'; })()"""
)

# Fields with a picker of the browser's own, of which typing would fill one part after the other.
_FILL = (
    "(() => {"
    + _AT
    + """const field = at(%f, %f), text = %s.trim();
  const example = field && field.tagName === 'INPUT' && {date: '2026-01-31', time: '18:30', month: '2026-01',
    week: '2026-W05', 'datetime-local': '2026-01-31T18:30'}[field.type];
  if (!example || field.disabled || field.readOnly) return 'type';
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set, before = field.value;
  field.focus(); setter.call(field, text);
  if (text && !field.value) { setter.call(field, before); return example; }
  if (field.value !== before) { field.dispatchEvent(new Event('input', {bubbles: true}));
    field.dispatchEvent(new Event('change', {bubbles: true})); }
  return 'done'; })()"""
)

_SCROLL = (
    "(() => {"
    + _AT
    + """let area = %s; const by = %f;
  if (area) { area = at(...area); while (area && area !== document.body && !(area.scrollHeight > area.clientHeight + 1
      && /auto|scroll/.test(getComputedStyle(area).overflowY))) area = area.parentElement || area.getRootNode().host; }
  const target = area && area !== document.body ? area : (document.scrollingElement || document.documentElement);
  const height = target === (document.scrollingElement || document.documentElement) ? innerHeight : target.clientHeight;
  const before = target.scrollTop; target.scrollBy({top: by * height, behavior: 'instant'});
  return target.scrollTop !== before; })()"""
)

_WAIT = """new Promise((resolve) => { const observer = new MutationObserver(() => done(true));
  const timer = setTimeout(() => done(false), %d);
  const done = (v) => { observer.disconnect(); clearTimeout(timer); resolve(v); };
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true}); })"""


class ActionFailed(Exception):
    """The action could not be carried out; the message says why and what would work."""


async def perform(page: BrowserPage, action: Action, view: PageView, start_url: str) -> None:
    """Carry out an action.

    Raises:
        ActionFailed: it cannot be done on this page.
        InfrastructureFailure: the browser or the site failed.
    """
    mark = _mark(action, view)
    match action.kind:
        case "click" if mark is not None:
            if mark.role == "file":
                raise ActionFailed("Files cannot be uploaded.")
            await click(page, mark)
        case "type" if mark is not None:
            await _type(page, mark, action)
        case "select" if mark is not None:
            await _select(page, mark, action.argument)
        case "hover" if mark is not None:
            await _mouse(page, "mouseMoved", mark)
        case "scroll":
            area = json.dumps(mark.centre) if mark else "null"
            moved = await page.evaluate(_SCROLL % (area, SCROLL_SHARE * (1 if action.argument == "down" else -1)))
            if not moved:
                raise ActionFailed(f"It cannot be scrolled further {action.argument}.")
        case "press":
            await press(page, action.argument)
        case "wait":
            await page.evaluate(_WAIT % WAIT_LIMIT_MS, wait=True)
        case "back":
            await _back(page)
        case "restart":
            await page.goto(start_url)


def _mark(action: Action, view: PageView) -> Mark | None:
    if action.mark is None:
        return None
    mark = view.mark(action.mark)
    if mark is None:
        has = f"it has marks 1 to {len(view.marks)}" if view.marks else "it has none"
        raise ActionFailed(f"There is no mark [{action.mark}] on the page; {has}.")
    return mark


async def _at(page: BrowserPage, mark: Mark, script: str, argument: str) -> Any:
    """The value of a script that is given a mark's centre and a text, run in the frame that the mark lies in."""
    x, y = mark.centre
    if not page.page.main_frame.child_frames:
        return await page.evaluate(script % (x, y, json.dumps(argument)))
    try:
        async with asyncio.timeout(FRAME_PATIENCE):
            frame, x, y = await frame_at(page.page, x, y)
            return await frame.evaluate(script % (x, y, json.dumps(argument)))
    except TimeoutError as error:
        raise ActionFailed(f"The frame that mark [{mark.index}] lies in does not answer.") from error
    except Error as error:
        if of_a_page_gone(error):
            raise PageChanged from error
        raise ActionFailed(f"The frame that mark [{mark.index}] lies in is gone.") from error


async def _mouse(page: BrowserPage, kind: str, mark: Mark, **extra: Any) -> None:
    x, y = mark.centre
    await page.input("Input.dispatchMouseEvent", type=kind, x=x, y=y, **extra)


async def click(page: BrowserPage, mark: Mark) -> None:
    """Move the mouse to the mark's centre, press and release the left button."""
    await asyncio.gather(
        _mouse(page, "mouseMoved", mark),
        _mouse(page, "mousePressed", mark, button="left", buttons=1, clickCount=1),
        _mouse(page, "mouseReleased", mark, button="left", clickCount=1),
    )


async def press(page: BrowserPage, key: str) -> None:
    """Press and release a key of the table."""
    code = _KEY_CODES[key]
    text = {"text": "\r"} if key == "Enter" else {}
    await asyncio.gather(
        page.input("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text),
        page.input("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code),
    )


async def _type(page: BrowserPage, mark: Mark, action: Action) -> None:
    if mark.role not in FIELD_ROLES and not (mark.role == "combobox" and not mark.options):
        raise ActionFailed(f"Mark [{mark.index}] is a {mark.role}, which takes no text.")
    filled = await _at(page, mark, _FILL, action.argument)
    if filled not in ("type", "done"):
        raise ActionFailed(f"Mark [{mark.index}] takes what is written like {filled}, not {action.argument!r}.")
    if filled == "type":
        await _insert(page, mark, action.argument)
    if action.enter:
        await press(page, "Enter")


async def _insert(page: BrowserPage, mark: Mark, text: str) -> None:
    """Put a text in the place of what stands in the field."""
    await click(page, mark)
    if page.guard is not None and not page.guard.credentials and await asks_for_credentials(page.page):
        raise ActionFailed("Passwords, codes and card numbers are not entered on the live web.")
    await page.input(
        "Input.dispatchKeyEvent", type="keyDown", key="a", code="KeyA", windowsVirtualKeyCode=65, modifiers=2,
        commands=["selectAll"],
    )  # fmt: skip
    await page.input(
        "Input.dispatchKeyEvent", type="keyUp", key="a", code="KeyA", windowsVirtualKeyCode=65, modifiers=2
    )
    if text:
        await page.input("Input.insertText", text=text)
    else:
        await press(page, "Backspace")


async def _select(page: BrowserPage, mark: Mark, option: str) -> None:
    if not mark.options:
        raise ActionFailed(f"Mark [{mark.index}] is a {mark.role} without options; click it instead.")
    result = await _at(page, mark, _SELECT, option)
    if result == "none":
        raise ActionFailed(f"Mark [{mark.index}] is covered by something else.")
    if result == "disabled":
        raise ActionFailed(f"The option {option!r} cannot be chosen.")
    if result != "done":
        raise ActionFailed(f"There is no option {option!r}; there are {', '.join(json.loads(result)[:12])}.")


async def _back(page: BrowserPage) -> None:
    history = await page.send("Page.getNavigationHistory")
    index = history["currentIndex"]
    if index <= 0 or history["entries"][index - 1]["url"] == "about:blank":
        raise ActionFailed("There is no previous page.")
    try:
        await page.page.go_back(wait_until="commit")
    except Error as error:
        raise ActionFailed("The previous page could not be opened.") from error
