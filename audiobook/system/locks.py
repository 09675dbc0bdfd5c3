"""Locks between processes, on every system: a file that one of them holds."""

from __future__ import annotations

import warnings

from filelock import FileLock, Timeout

__all__ = ["FileLock", "Timeout"]

# A disk without locks is no news for the user: there the file itself stands for the lock.
warnings.filterwarnings("ignore", "flock not supported", module="filelock")
