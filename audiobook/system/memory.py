"""The memory of this process: how much it holds, and a limit to it."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/statm")


def limit_memory(limit: int) -> None:
    """Make allocations fail beyond a number of bytes of memory, where the system can."""
    if sys.platform != "win32":  # which has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def held_memory() -> int:
    """Return the bytes of memory that this process holds; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    import resource

    return int(_STATUS.read_text("ascii").split()[1]) * resource.getpagesize()
