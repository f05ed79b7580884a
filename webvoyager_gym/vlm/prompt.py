"""The one prompt that every backend gets: what a page, a goal and a history look like in words and pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PIL import Image

from webvoyager_gym.actions import describe
from webvoyager_gym.types import Candidate, Mark, PageView, Prompt
from webvoyager_gym.vlm.parse import letter

MAX_OUTLINE_LINES = 160

Part = str | Image.Image
"""A piece of a message: text or a picture."""

SYSTEM = """You are a web agent. You see a web page as a screenshot with numbered marks and as an outline, and \
you carry out a task on it one action at a time. Stars before a line of the outline count the words it shares with \
the task.

The actions are:
{grammar}"""
Form = Literal["bare", "lines", "json"]
"""How actions are asked for: bare on lines of their own, each after a line with a thought, or as JSON."""
LEADS = (
    "",
    "What would somebody do next who knows such sites well? ",
    "First see what the task still lacks, then which part of the page brings it closer. ",
    "Suppose that the most obvious next action has been tried and did not help. ",
)
"""What may stand before a request: nothing, or words that turn attention elsewhere (`webvoyager_gym.vlm.wordings`)."""
REQUESTS: Mapping[Form, str] = {
    "bare": """
{lead}Propose {actions}. Write each on a line of its own, and nothing else.
""",
    "lines": """
{lead}Propose {actions}. Use only marks that are on the page. \
Write two lines for each, and nothing else:
Thought: one short sentence that says why
Action: the action
""",
    "json": """
{lead}Propose {actions}. Use only marks that are on the page. \
Reply with JSON and nothing else, the thought being one short sentence that says why:
{{"candidates": [{{"thought": "...", "action": "..."}}]}}
""",
}
PICK = """
The possible next actions are:
{candidates}
Pick the one that is most likely to lead to the task being completed. Write two lines, and nothing else:
Thought: one short sentence that says why
Choice: the letter
"""

_STOP_WORDS = """
a an and are as at be by do for from has have how i in is it its me my of on or so that the then
there this to up was what when which who with you your please find tell give show want need go make
sure
"""
_STOP = frozenset(_STOP_WORDS.split())
_MARK = re.compile(r"\**\[(\d+)\] ")
_CONTROL = re.compile(r"\[\d+\] (?!link|button)")
_WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)?")
MOST_STARS = 5
MOST_LINES = 6
"""A word of the goal that stands in more lines than this earns no stars."""


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """How a model takes its prompts; stored beside a model's weights as `prompt_style.json`.

    Attributes:
        system: whether the system message (role and grammar) and requests are sent. A model trained on the task needs
            none.
        image_size: (width, height) the screenshot is scaled to, None to leave it.
        crop_limit: marks with both sides of at most this many CSS pixels are also shown as a picture of their own
            before their line (icons, swatches, check boxes, days of a calendar); 0 for none.
        crop_size: side of such a picture, in pixels.
        max_crops: at most so many of them.
        outline_words: the outline is shortened to about so many words; lines that share words with the goal stay
            longest, then fields and buttons. 0 for the whole outline.
        line_length: longer lines are cut, in characters.
        max_history: most recent actions shown.
        copies: typed text is copied from the goal, answers from the page; see `webvoyager_gym.vlm.copying`.
        skips_idle: actions that change nothing, such as typing what the field has, are not proposed.
        repetition_penalty: taken off an action's log-probability for each time that it was done before in the episode,
            when proposals are put in order; see `webvoyager_gym.vlm.ranking`.
        blank: replace every picture by a grey one, to measure what looking is worth.
    """

    system: bool = True
    image_size: tuple[int, int] | None = None
    crop_limit: int = 0
    crop_size: int = 28
    max_crops: int = 48
    outline_words: int = 0
    line_length: int = 300
    max_history: int = 8
    copies: bool = False
    skips_idle: bool = False
    repetition_penalty: float = 0.0
    blank: bool = False


@dataclass(frozen=True)
class Pictures:
    """The pictures of one page as a model takes them.

    Attributes:
        whole: the scaled screenshot.
        crops: pictures of small marks by the mark's number.
    """

    whole: Image.Image
    crops: Mapping[int, Image.Image]


def goal_words(goal: str) -> frozenset[str]:
    """The words of a goal that say something, lower case, a plural s removed."""
    return frozenset(_stem(word) for word in _WORD.findall(goal.casefold()) if word not in _STOP)


def telling_words(goal: str, lines: Sequence[str]) -> frozenset[str]:
    """The goal's words less those that so many lines share that they tell nothing ("hotel" in a list of hotels)."""
    words = goal_words(goal)
    found = [{_stem(word) for word in _WORD.findall(line.casefold())} & words for line in lines]
    return frozenset(word for word in words if sum(word in line for line in found) <= MOST_LINES)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def stars(line: str, words: frozenset[str]) -> str:
    """One star for each different word that a line shares with the goal, at most MOST_STARS."""
    shared = {_stem(word) for word in _WORD.findall(line.casefold())} & words
    return "*" * min(len(shared), MOST_STARS)


def system_text() -> str:
    """The system message: the role and the grammar of actions."""
    return SYSTEM.format(grammar=describe())


def request(n: int, form: Form = "bare", wording: int = 0) -> str:
    """What stands behind a state to ask for n actions, in one of `LEADS` many wordings."""
    many = f"{n} different actions that could come next, the most promising first"
    return REQUESTS[form].format(lead=LEADS[wording], actions="the action that should come next" if n == 1 else many)


def pick_request(prompt: Prompt, candidates: Sequence[Candidate]) -> str:
    """What stands behind a state to ask for a choice among its candidates, which are lettered.

    What a candidate acts on is named as on the page: a model that picks need not look marks up.
    """
    lines = [
        f"{letter(index)}. {candidate.text}{_on(candidate, prompt.view)}" for index, candidate in enumerate(candidates)
    ]
    return PICK.format(candidates="\n".join(lines))


def candidates_schema(n: int) -> dict[str, Any]:
    """JSON schema of a reply in the form "json" with n actions."""
    row = {
        "type": "object",
        "properties": {"thought": {"type": "string"}, "action": {"type": "string"}},
        "required": ["thought", "action"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"candidates": {"type": "array", "items": row, "minItems": 1, "maxItems": n}},
        "required": ["candidates"],
        "additionalProperties": False,
    }


def pictures(view: PageView, style: PromptStyle) -> Pictures:
    """The pictures of a page in a style."""
    screenshot = Image.fromarray(view.screenshot)
    whole = screenshot.resize(style.image_size, Image.Resampling.BILINEAR) if style.image_size else screenshot
    small = [mark for mark in view.marks if max(mark.box[2:]) <= style.crop_limit][: style.max_crops]
    return Pictures(whole, {mark.index: crop(screenshot, mark, style.crop_size) for mark in small})


def user_parts(prompt: Prompt, style: PromptStyle, seen: Pictures | None = None) -> list[Part]:
    """The user message: the screenshot, then goal, history and outline as text, with pictures of small marks between.

    Args:
        seen: the page's pictures if they were made before; the screenshot is then not looked at.
    """
    view = prompt.view
    seen = seen or pictures(view, style)
    parts: list[Part] = [seen.whole]
    text = [f"Task: {prompt.goal}\n"]
    if prompt.history:
        text.append("Done: " + "; ".join(prompt.history[-style.max_history :]) + "\n")
    text.append(f"Step {prompt.step + 1} of {prompt.max_steps}\n")
    if prompt.last_error:
        text.append(f"Error: {prompt.last_error[: style.line_length]}\n")
    text.append(f"Page: {view.title[:120]}{_position(view)}\n")
    for line in outline_lines(view.outline, prompt.goal, style):
        picture = seen.crops.get(_mark_number(line))
        if picture is not None:
            parts += ["".join(text), picture]
            text = []
        text.append(line + "\n")
    parts.append("".join(text))
    return [_blank(part) for part in parts] if style.blank else parts


def outline_lines(outline: str, goal: str, style: PromptStyle) -> list[str]:
    """The outline's lines with their stars, shortened to the style's budget of words; the order stays."""
    whole = outline.splitlines()[:MAX_OUTLINE_LINES]
    words = telling_words(goal, whole)
    lines = [(stars(line, words), line[: style.line_length]) for line in whole]
    if style.outline_words:
        kept: set[int] = set()
        left = style.outline_words
        for number in sorted(range(len(lines)), key=lambda i: (-len(lines[i][0]), not _CONTROL.match(lines[i][1]), i)):
            cost = len(lines[number][1].split())
            if cost <= left:
                kept.add(number)
                left -= cost
        lines = [line for number, line in enumerate(lines) if number in kept]
    return [star + line for star, line in lines]


def crop(screenshot: Image.Image, mark: Mark, size: int) -> Image.Image:
    """The picture of one mark, size x size pixels."""
    x, y, width, height = mark.box
    return screenshot.resize(
        (size, size), Image.Resampling.BILINEAR, box=_within(screenshot, x, y, x + width, y + height)
    )


def _within(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> tuple[float, float, float, float]:
    left, top = min(max(left, 0), image.width - 1), min(max(top, 0), image.height - 1)
    return left, top, min(max(right, left + 1), image.width), min(max(bottom, top + 1), image.height)


def _on(candidate: Candidate, view: PageView) -> str:
    mark = view.mark(candidate.action.mark or 0)
    return f" (on {mark.role} {json.dumps(mark.name[:80], ensure_ascii=False)})" if mark is not None else ""


def _blank(part: Part) -> Part:
    return Image.new("RGB", part.size, (128, 128, 128)) if isinstance(part, Image.Image) else part


def _mark_number(line: str) -> int:
    match = _MARK.match(line)
    return int(match[1]) if match else 0


def _position(view: PageView) -> str:
    top, height, total = view.scroll
    if total <= height + 8:
        return ""
    more = []
    if top > 8:
        more.append("above")
    if top + height < total - 8:
        more.append("below")
    return f" (more {' and '.join(more)})" if more else ""
