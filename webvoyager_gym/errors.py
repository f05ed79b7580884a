"""Errors that users meet. Each message says what was wrong, what was expected and what to do, in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WebVoyagerError(Exception):
    """Base of every error this package raises on purpose."""


class NotFound(WebVoyagerError, LookupError):
    """A task, site, split, dataset or model that does not exist."""


class MissingDependency(WebVoyagerError, RuntimeError):
    """A browser, model, dataset or package that has to be brought first; the message holds the command."""


class InvalidFile(WebVoyagerError, ValueError):
    """A file that is damaged, foreign or of an unknown version."""


class NotWritten(WebVoyagerError, OSError):
    """A recording or a dataset that could not be written, for want of room say. What was written before is whole."""


class DownloadFailed(WebVoyagerError):
    """No mirror gave a dataset; each is named with its reason, and nothing that was there was changed."""


class EnvClosed(WebVoyagerError, RuntimeError):
    """The environment was closed, never reset, or its episode is over."""


class InfrastructureFailure(WebVoyagerError):
    """Something other than the agent failed; `part` is a value of `webvoyager_gym.types.Failure`."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


class NoEmbeddings(WebVoyagerError, TypeError):
    """A model that only proposes was asked for embeddings."""


class BudgetExhausted(WebVoyagerError, RuntimeError):
    """What a model may spend is spent. A run stops at this and keeps what was finished; no episode is failed by it."""


def not_found(kind: str, name: str, known: Iterable[str]) -> NotFound:
    """A NotFound that lists the nearest valid names, or all of them if they are few."""
    names = sorted(map(str, known))
    near = difflib.get_close_matches(str(name), names, n=5, cutoff=0.4)
    shown = near or names[:8]
    more = "" if near or len(names) <= 8 else f" and {len(names) - 8} more"
    return NotFound(
        f"There is no {kind} {name!r}; {'the nearest are' if near else 'there are'} {', '.join(shown)}{more}."
    )
