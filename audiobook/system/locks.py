"""Locks files between processes, on every system."""

from __future__ import annotations

import warnings

from filelock import FileLock, Timeout

__all__ = ["FileLock", "Timeout"]

# The user need not know that a disk has no locks: there the file itself serves as the lock.
warnings.filterwarnings("ignore", "flock not supported", module="filelock")
