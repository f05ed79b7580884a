"""Running a command of `algorithms` in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import pytest


def exit_status(monkeypatch: pytest.MonkeyPatch, main: Callable[[], NoReturn], *given: str) -> int:
    """The status with which a command ends that is given these arguments."""
    monkeypatch.setattr(sys, "argv", ["command", *given])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code
