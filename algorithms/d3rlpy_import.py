"""d3rlpy, imported without its banners: `from algorithms.d3rlpy_import import d3rlpy`."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings

import structlog

from webvoyager_gym.errors import MissingDependency

try:
    # d3rlpy imports the retired `gym`, which writes its obituary to stderr and warns.
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import d3rlpy
except ImportError as error:
    raise MissingDependency(
        f"Training needs d3rlpy, which cannot be imported ({error}); run `pip install -e '.[train]'`."
    ) from error


def set_log_level(level: int = logging.ERROR) -> None:
    """Let d3rlpy log from this level of the `logging` module on.

    Its own default is everything, and it warns of what is normal here: training in several calls of `fit`.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))


set_log_level()

__all__ = ["d3rlpy", "set_log_level"]
