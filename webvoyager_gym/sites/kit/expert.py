"""What an expert holds in its hand: the page as the agent sees it, and the truth behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlsplit

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.kit.answers import Expected
from webvoyager_gym.types import Mark, PageView

W = TypeVar("W")
S = TypeVar("S")


class NotThere(LookupError):
    """No such element in the viewport or beyond it."""


@dataclass(frozen=True)
class Hand(Generic[W, S]):
    """An expert's view of one moment. Every method that acts returns the action; nothing is carried out here.

    Elements are found by `key` (their data-key, name or id attribute), `href` (path and query of a link) or `name`
    (their accessible name). An element outside the viewport gives the scroll action that brings it nearer.
    """

    view: PageView
    world: W
    state: S
    params: Any
    wanted: dict[str, Any] = field(default_factory=dict)
    expected: Expected | None = None

    @cached_property
    def path(self) -> str:
        """The page's path, such as "/item/12"."""
        return urlsplit(self.view.url).path

    @cached_property
    def query(self) -> dict[str, str]:
        """The page's query parameters; of a repeated one the last, blank ones kept."""
        return dict(parse_qsl(urlsplit(self.view.url).query, keep_blank_values=True))

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a query parameter of the page."""
        return tuple(value for key, value in parse_qsl(urlsplit(self.view.url).query) if key == name)

    def find(
        self,
        *,
        key: str | None = None,
        href: str | Callable[[str], bool] | None = None,
        name: str | None = None,
        role: str | None = None,
    ) -> Mark | None:
        """The first element that fits all that is given, marked ones first; None if there is none."""

        def fits(mark: Mark) -> bool:
            return (
                (key is None or mark.key == key)
                and (href is None or (href(mark.href) if callable(href) else mark.href == href))
                and (name is None or mark.name == name)
                and (role is None or mark.role == role)
            )

        return next((mark for mark in (*self.view.marks, *self.view.offscreen) if fits(mark)), None)

    def there(self, **what: Any) -> bool:
        """Whether such an element is on the page, in the viewport or not."""
        return self.find(**what) is not None

    def click(self, **what: Any) -> Action:
        """Click the element.

        Raises:
            NotThere: there is no such element.
        """
        return self._on(what, lambda mark: Action("click", mark.index))

    def hover(self, **what: Any) -> Action:
        """Move the mouse over the element. Raises NotThere."""
        return self._on(what, lambda mark: Action("hover", mark.index))

    def type(self, text: str, *, enter: bool = False, **what: Any) -> Action:
        """Type into the field, replacing what it holds; `enter` presses Enter afterwards. Raises NotThere."""
        return self._on(what, lambda mark: Action("type", mark.index, text, enter=enter))

    def select(self, option: str, **what: Any) -> Action:
        """Choose an option by its label. Raises NotThere."""
        return self._on(what, lambda mark: Action("select", mark.index, option))

    def holds(self, text: str, **what: Any) -> bool:
        """Whether the field or select shows that value."""
        mark = self.find(**what)
        return mark is not None and mark.value.strip().casefold() == text.strip().casefold()

    def answer(self, text: str | None = None) -> Action:
        """Answer; by default with the expected answer."""
        if text is None:
            text = self.expected.text if self.expected is not None else "done"
        return Action("answer", argument=text)

    def restart(self) -> Action:
        """Go to the site's first page."""
        return Action("restart")

    def _on(self, what: dict[str, Any], act: Callable[[Mark], Action]) -> Action:
        mark = self.find(**what)
        if mark is None:
            raise NotThere(f"nothing on {self.path} is {what}")
        if mark.visible:
            return act(mark)
        return Action("scroll", None, "up" if mark.box[1] + mark.box[3] / 2 < self.view.scroll[1] / 2 else "down")
