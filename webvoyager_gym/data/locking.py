"""Files that one process writes at a time."""

from __future__ import annotations

import io
import sys


def locked(file: io.FileIO) -> bool:
    """Hold a file until it is closed or the process ends, however it ends; False if another one holds it.

    Windows has no such locks; there it is always True.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
