"""Which tasks of MiniWoB++ 1.1.0 the suite has, and why it does not have the others."""

from __future__ import annotations

NAMES: tuple[str, ...] = tuple(
    """
ascending-numbers book-flight book-flight-nodelay buy-ticket choose-date choose-date-easy choose-date-medium
choose-date-nodelay choose-list click-button click-button-sequence click-checkboxes click-checkboxes-large
click-checkboxes-soft click-checkboxes-transfer click-collapsible click-collapsible-2 click-collapsible-2-nodelay
click-collapsible-nodelay click-color click-dialog click-dialog-2 click-link click-menu click-menu-2 click-option
click-pie click-pie-nodelay click-scroll-list click-shades click-shape click-tab click-tab-2 click-tab-2-easy
click-tab-2-hard click-tab-2-medium click-test click-test-2 click-test-transfer click-widget copy-paste copy-paste-2
count-shape count-sides email-inbox email-inbox-delete email-inbox-forward email-inbox-forward-nl
email-inbox-forward-nl-turk email-inbox-important email-inbox-nl-turk email-inbox-noscroll email-inbox-reply
email-inbox-star-reply enter-date enter-password enter-text enter-text-2 enter-text-dynamic enter-time find-greatest
find-word focus-text focus-text-2 form-sequence form-sequence-2 form-sequence-3 generate-number grid-coordinate
guess-number identify-shape login-user login-user-popup multi-layouts multi-orderings navigate-tree number-checkboxes
odd-or-even order-food phone-book read-table read-table-2 scroll-text scroll-text-2 search-engine simple-algebra
simple-arithmetic social-media social-media-all social-media-some text-transform tic-tac-toe unicode-test
use-autocomplete use-autocomplete-nodelay use-colorwheel use-slider use-slider-2 use-spinner visual-addition
""".split()  # noqa: SIM905 - a list would take a hundred lines
)
"""The tasks of the suite, by the names that MiniWoB++ registers them under, without its version."""

POINT = "a point of a drawing has to be clicked, and only elements can be"
DRAG = "something has to be dragged, or drawn by dragging"
FLIGHT = "FlightWoB is a set of its own: whole sites in frames, whose pickers were not proved to work with the grammar"
KEYS = "the field reads single keys, and the grammar types a text at once"
SELECTION = "text has to be selected with the mouse"

EXCLUDED: dict[str, str] = {
    "bisect-angle": POINT,
    "circle-center": POINT,
    "daily-calendar": DRAG,
    "drag-box": DRAG,
    "drag-circle": DRAG,
    "drag-cube": DRAG,
    "drag-items": DRAG,
    "drag-items-grid": DRAG,
    "drag-shapes": DRAG,
    "drag-shapes-2": DRAG,
    "drag-single-shape": DRAG,
    "drag-sort-numbers": DRAG,
    "draw-circle": DRAG,
    "draw-line": DRAG,
    "find-midpoint": POINT,
    "flight.AA": FLIGHT,
    "flight.Alaska": FLIGHT,
    "flight.Alaska-auto": FLIGHT,
    "highlight-text": SELECTION,
    "highlight-text-2": SELECTION,
    "hot-cold": POINT,
    "resize-textarea": DRAG,
    "right-angle": POINT,
    "sign-agreement": "a field that is disabled has to be scrolled, and disabled elements are not marked",
    "stock-market": "the price moves with time, and here nothing moves between two actions",
    "terminal": KEYS,
    "text-editor": SELECTION,
    "use-colorwheel-2": "all 24 bits of a colour that is only shown would have to be right",
}
"""The other registered tasks, which the action grammar cannot do, and the reason for each."""
