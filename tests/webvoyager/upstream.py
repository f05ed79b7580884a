"""Where WebVoyager's own files lie for tests: beside the checkout, never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "webvoyager"
needs_files = pytest.mark.skipif(
    not (FOLDER / "WebVoyager_data.jsonl").is_file(), reason=f"WebVoyager's own files are not in {FOLDER}"
)
