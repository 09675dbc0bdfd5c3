"""Reads parts of files block by block."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 20


def read_blocks(file: IO[bytes], start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file between two positions; fewer where it ends before.

    Args:
        file: a file that can seek.
        start: the first byte, from 0.
        end: the byte behind the last one; None for the end of the file.
    """
    position = file.seek(start)
    while end is None or position < end:
        block = file.read(_BLOCK if end is None else min(_BLOCK, end - position))
        if not block:
            return
        yield block
        position += len(block)
