"""How much memory this process may have."""

from __future__ import annotations

import sys


def limit_memory(most: int) -> None:
    """Let this process end when it asks for more bytes of memory."""
    if sys.platform != "win32":  # which has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
