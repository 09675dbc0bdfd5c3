"""Limits the memory of this process."""

from __future__ import annotations

import sys


def limit_memory(limit: int) -> None:
    """Make allocations fail beyond a number of bytes of memory, where the system can."""
    if sys.platform != "win32":  # which has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
