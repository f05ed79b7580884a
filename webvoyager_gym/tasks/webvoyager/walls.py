"""Pages that stand between an agent and a site: told apart by their words, never solved and never evaded.

A bot wall or a captcha means that the site does not want a robot. The episode then ends as `blocked`, which counts for
nobody. A page in front of a log-in does so only if the site begins with it: within the episode an agent may have taken
the wrong way, and can go back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from webvoyager_gym.types import Mark, PageView

Kind = Literal["captcha", "bot wall", "checking", "log-in"]

MOST_LINES, MOST_MARKS = 40, 15
"""Pages with more lines or controls than this are about something; a wall has little to say and leads nowhere."""

_WALLS: tuple[tuple[Kind, str], ...] = (
    # Cloudflare's page that looks at the browser, and then lets it through or not.
    (
        "checking",
        r"^just a moment|checking (if the site connection is secure|your browser)|security of your connection",
    ),
    ("captcha", r"enter the characters you see|type the characters|verify (that )?you('re| are) (a )?human"),
    ("captcha", r"i('m| am) not a robot|select all (images|squares)|press (and|&) hold|solve (this|the) puzzle"),
    ("captcha", r"confirm (that )?you('re| are) (a )?human|are you a (robot|human)|let'?s confirm you are human"),
    ("bot wall", r"unusual traffic|automated (access|queries|requests|traffic)|you('re| are) not a robot"),
    ("bot wall", r"too many requests|exceeded a (secondary )?rate limit|rate limit exceeded"),
    ("bot wall", r"access (to this page has been )?denied|you have been blocked|request blocked|403 forbidden"),
    ("bot wall", r"pardon our interruption|request unsuccessful\. incapsula|enable js and disable any ad ?blocker"),
)
_ADDRESSES = re.compile(
    r"//[^/]+/(sorry/|cdn-cgi/challenge|errors/validatecaptcha|_incapsula_)|captcha-delivery\.com", re.I
)
_LOG_IN = re.compile(r"\b(log|sign) ?in\b", re.I)
_NAME_FIELD = re.compile(r"e-?mail|user ?name|phone|password", re.I)
_CONSENT = re.compile(r"\bcookies?\b|\bconsent\b|\bprivacy\b", re.I)
_REFUSAL = re.compile(
    r"(reject|decline|refuse|deny)( all)?( (optional|non-essential|additional))?( cookies)?"
    r"|(only |use )?(strictly )?(necessary|essential)( cookies)?( only)?|continue without (accepting|consent|agreeing)"
    r"|do not (accept|consent)|disagree",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands in the way.

    Attributes:
        kind: "checking" is a page that looks at the browser and may let it through by itself.
        sign: the words, or the part of the address, that gave it away.
    """

    kind: Kind
    sign: str

    def __str__(self) -> str:
        return f'The site shows a page of the kind "{self.kind}" ("{self.sign}"), which is neither solved nor evaded.'


def find_wall(view: PageView) -> Wall | None:
    """The bot wall, captcha or log-in that a page is; None for any other page."""
    if address := _ADDRESSES.search(view.url):
        return Wall("captcha", address[0])
    lines = view.outline.splitlines()
    if len(lines) > MOST_LINES or len(view.marks) > MOST_MARKS:
        return None
    text = "\n".join([view.title, *lines]).casefold().replace("’", "'")
    for kind, words in _WALLS:
        if found := re.search(words, text):
            return Wall(kind, found[0])
    asks_who = any(mark.role == "textbox" and _NAME_FIELD.search(f"{mark.name} {mark.key}") for mark in view.marks)
    if asks_who and (found := _LOG_IN.search(text)):
        return Wall("log-in", found[0])
    return None


def consent_refusal(view: PageView) -> Mark | None:
    """The control that refuses what a consent banner asks for; None if there is no banner, or none that is plain."""
    if not _CONSENT.search(view.outline):
        return None
    plain = [mark for mark in view.marks if mark.role in ("button", "link") and _REFUSAL.fullmatch(mark.name.strip())]
    return plain[0] if plain else None
