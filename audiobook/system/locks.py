"""Locks files between processes, on every system; the library is imported at the first lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock, Timeout

__all__ = ["FileLock", "Timeout"]


if not TYPE_CHECKING:  # which would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import warnings

        import filelock

        # The user need not know that a disk has no locks: there the file itself is the lock.
        warnings.filterwarnings("ignore", "flock not supported", module="filelock")
        globals().update({exported: getattr(filelock, exported) for exported in __all__})
        return globals()[name]
