"""Long text cut into pieces where a speaker would breathe."""

from __future__ import annotations

import re

from audiobook.messages import message

# Where a piece may end, best first: after the punctuation of a clause, then between words. Only a
# longer word is cut anywhere.
_CLAUSE_END = re.compile(r"(?<=[,;:.!?…)\]”»–—])\s+")
_SPACE = re.compile(r"\s+")


def pack_clauses(text: str, limit: int | None) -> list[str]:
    """Cut text into as few pieces of at most ``limit`` characters as clauses allow.

    A clause longer than that is cut between words, a word longer than that anywhere; nothing
    but the white space at a cut is lost.

    >>> pack_clauses("Một, hai, ba bốn.", 9)
    ['Một, hai,', 'ba bốn.']
    """
    text = text.strip()
    if limit is None or len(text) <= limit:
        return [text] if text else []
    if limit < 1:
        raise ValueError(message("limit must be at least 1 character, not {limit}", limit=limit))
    return _pack(text, limit, (_CLAUSE_END, _SPACE))


def _pack(text: str, limit: int, cuts: tuple[re.Pattern[str], ...]) -> list[str]:
    if not cuts:
        return [text[start : start + limit] for start in range(0, len(text), limit)]
    pieces: list[str] = []
    start = end = following = 0  # of the piece being packed, and where the next one would start
    for stop, resume in _cut_points(text, cuts[0]):
        if stop - start > limit and end > start:
            pieces.append(text[start:end])
            start = following
        if stop - start > limit:
            pieces += _pack(text[start:stop], limit, cuts[1:])
            start = resume
        end, following = stop, resume
    if end > start:
        pieces.append(text[start:end])
    return pieces


def _cut_points(text: str, cut: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where each part ends, and where the next one starts."""
    gaps = [match.span() for match in cut.finditer(text)]
    return [*gaps, (len(text), len(text))]
