"""Leave-sites-out folds of the local suite: train on twelve sites, test on the three that were never seen."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.tasks.frozen import COUNTS

HELD_OUT = (
    ("shop", "papers", "maps"),
    ("hotels", "dictionary", "models"),
    ("flights", "news", "calculator"),
    ("recipes", "code", "search"),
    ("devices", "courses", "sports"),
)
"""Sites of each fold; each has a place to buy or book or cook, a place to read, and a tool."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One way to leave sites out.

    Attributes:
        number: from 0.
        train: sites to collect and train on (split "train").
        test: sites to evaluate on (split "test").
    """

    number: int
    train: tuple[str, ...]
    test: tuple[str, ...]


def folds() -> tuple[Fold, ...]:
    """The folds; every site is held out once."""
    return tuple(
        Fold(number, tuple(site for site in COUNTS if site not in held_out), held_out)
        for number, held_out in enumerate(HELD_OUT)
    )
