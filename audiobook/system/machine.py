"""Names this machine, and tells whether one of its processes still runs."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@functools.cache
def machine_id() -> str:
    """Return an identifier of the machine or container whose processes can see each other."""
    identifiers = [
        platform.node(),
        _read_or_empty(lambda: Path("/etc/machine-id").read_text("ascii")),
        _read_or_empty(
            lambda: str(Path("/proc/self/ns/pid").readlink())
        ),  # containers have their own
    ]
    return hashlib.blake2b(repr(identifiers).encode(), digest_size=4).hexdigest()


def machine_name() -> str:
    """Return the name of this machine as people know it; "?" if it has none."""
    return platform.node() or "?"


def is_running(process: int) -> bool:
    """Return whether a process of this machine runs; True where the system cannot be asked."""
    if sys.platform == "win32":
        return True  # there is no question that does nothing else
    try:
        os.kill(process, 0)  # sends nothing, only checks
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # of another user
    return True


def _read_or_empty(query: Callable[[], str]) -> str:
    try:
        return query()
    except (OSError, ValueError):  # not every system has it
        return ""
