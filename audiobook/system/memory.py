"""Memory: how much this process holds, a limit to it, and how much more there is."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of <malloc.h>: a parameter of `mallopt`. Blocks are large from so many bytes, more than recordings
# have, which find room in the heap sooner.
_M_MMAP_THRESHOLD, _LARGE = -3, 1 << 22
_STATUS = Path("/proc/self/statm")
_MACHINE = Path("/proc/meminfo")
# The control groups that this process is in, and where their limits lie: those of version 2 and,
# in a folder of their own, of version 1.
_MEMBERSHIPS, _GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
# For each version: files with the limit and the use, and what of the use the system gives back
# when it needs memory, which are copies of files.
_VERSION_2 = ("memory.max", "memory.current", ("inactive_file", "active_file"))
_VERSION_1 = (
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    ("total_inactive_file", "total_active_file"),
)


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


@cache
def give_large_blocks_back() -> None:
    """Have this process give back each large block that it frees, where the C library can.

    From the first large blocks that are freed, glibc learns to keep others like them: a program
    that draws covers and reads long texts among thousands of recordings would hold more and more.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):  # the C library is not glibc
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back_memory() -> None:
    """Give memory that this process no longer uses back to the system, where the C library can.

    glibc keeps what one thread has freed for that thread: a program that draws covers for hours
    would hold some 100 MB more than it needs.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):  # the C library is not glibc
            ctypes.CDLL(None).malloc_trim(0)


def free_memory() -> int | None:
    """Return the bytes of memory that processes may still take; None where it is not known.

    It is what the machine has left or what a control group leaves, such as that of a container,
    whichever is less.
    """
    if sys.platform != "linux":
        return None
    machine = _read_table(_MACHINE).get("MemAvailable:")
    left = [kibibytes * 1024 for kibibytes in (machine,) if kibibytes is not None]
    left += _left_by_groups()
    return max(min(left), 0) if left else None


def room_for(need: int, most: int) -> int:
    """Return how many processes have room in memory: 1 to ``most``, which it is if nobody knows.

    Args:
        need: the bytes that each of them takes.
        most: the greatest number.
    """
    free = free_memory()
    return most if free is None else max(min(most, free // need), 1)


def _left_by_groups() -> Iterator[int]:
    """Yield what each control group with a limit leaves, of those that this process is in."""
    for line in _read_lines(_MEMBERSHIPS):
        _, controllers, path = line.split(":", 2)
        if not controllers:
            folder, names = _GROUPS, _VERSION_2
        elif "memory" in controllers.split(","):
            folder, names = _GROUPS / "memory", _VERSION_1
        else:
            continue
        # In a container the path may be that outside of it; the group itself lies at the top then.
        group = folder / path.lstrip("/")
        for place in (group, *group.parents):
            if not place.is_relative_to(folder):
                break
            yield from _left_by_group(place, *names)


def _left_by_group(
    place: Path, limit: str, use: str, reclaimable: tuple[str, ...]
) -> Iterator[int]:
    limits, uses = _read_lines(place / limit), _read_lines(place / use)
    if limits and uses and limits[0].isdecimal() and uses[0].isdecimal():
        table = _read_table(place / "memory.stat")
        given_back = sum(table.get(name, 0) for name in reclaimable)
        yield int(limits[0]) - int(uses[0]) + given_back


def _read_table(path: Path) -> dict[str, int]:
    """Return the names and numbers of a file with one of each in a line."""
    rows = (line.split() for line in _read_lines(path))
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:  # this system has no such file, or shows it to nobody
        return []
