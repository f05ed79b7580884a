"""Suite "webvoyager": WebVoyager's 643 tasks on the live web (arXiv 2401.13919)."""

from __future__ import annotations

from webvoyager_gym.tasks.webvoyager.suite import WebVoyagerSuite

__all__ = ["WebVoyagerSuite"]
