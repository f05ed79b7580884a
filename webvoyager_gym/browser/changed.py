"""A document that goes away while it is used, which no one is to blame for."""

from __future__ import annotations

from playwright.async_api import Error

from webvoyager_gym.errors import InfrastructureFailure

_GONE = (
    "destroyed",
    "navigated",
    "Cannot find context",
    "Cannot find default execution context",
    "Not attached to an active page",
    "Unable to capture screenshot",
)


class PageChanged(InfrastructureFailure):
    """The document that was being read is no longer there; reading again usually helps."""

    def __init__(self) -> None:
        super().__init__("browser", "The page went away while it was used.")


def of_a_page_gone(error: Error) -> bool:
    """Whether a call failed because its document went away."""
    return any(word in str(error) for word in _GONE)
