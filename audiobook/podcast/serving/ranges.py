"""Reads Range headers: which parts of a file a player asks for."""

from __future__ import annotations

import re

_PART = r"\s*(?:\d+-\d*|-\d+)\s*"
# RFC 9110, 14.2: a header that is not a range of bytes is ignored.
_HEADER = re.compile(rf"\s*bytes\s*=({_PART}(?:,{_PART})*)", re.IGNORECASE | re.ASCII)
_MOST_DIGITS = 18


def parts_of(header: str, size: int) -> list[tuple[int, int]] | None:
    """Return the parts of a file that a Range header asks for, as far as the file has them.

    Parts beyond the end are left out (RFC 9110, 14.1.2): an empty list means that there is nothing
    to send (416).

    Args:
        header: the value of the header; empty without one.
        size: the bytes of the file.

    Returns:
        The first byte of each part and the one after its last, in the order of the header; None if
        the header is to be ignored, as one with a part that ends before it begins.

    >>> parts_of("bytes=0-9, 500-", 100)
    [(0, 10)]
    >>> parts_of("bytes=9-5", 100)
    """
    match = _HEADER.fullmatch(header)
    if match is None:
        return None
    parts = []
    for text in match[1].split(","):
        first, _, last = text.strip().partition("-")
        if len(first) > _MOST_DIGITS or len(last) > _MOST_DIGITS:
            return None
        if not first:
            start, end = max(0, size - int(last)), size
        else:
            start, end = int(first), min(int(last) + 1, size) if last else size
            if last and int(last) < start:
                return None
        if start < end:
            parts.append((start, end))
    return parts
