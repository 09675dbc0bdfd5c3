"""Misprints as the page lists them: those that nobody has decided about, in their context."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.config.books import read_book_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.app.proofread import Proof
    from audiobook.messages import Message
    from audiobook.studio.entries import ShelfEntry

_AROUND = 40
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMisprint:
    """A likely misprint, with the text around it."""

    number: int
    """Among all of the source, from 0."""
    before: str
    written: str
    after: str
    suggestion: str
    why: Message
    is_sure: bool
    find: str
    """What is replaced: the misprint, with so many words before it that it is found only here."""


def undecided(entry: ShelfEntry, proof: Proof) -> list[ListedMisprint]:
    """Return the misprints that were neither taken nor left.

    Args:
        entry: the book, beside which the decisions stand.
        proof: all likely misprints of its source.
    """
    chosen = read_book_files(entry.path)
    taken = {replacement.find for replacement in chosen.replace}
    return [
        misprint
        for misprint in _listed(proof)
        if misprint.find not in taken and misprint.written not in chosen.spelled
    ]


def replacement_for(misprint: ListedMisprint) -> list[str]:
    """Return the pair of book.toml that corrects a misprint: what to find, and what to put there.

    It is corrected everywhere, or with the words before it where it is right elsewhere.
    """
    lead = misprint.find[: len(misprint.find) - len(misprint.written)]
    return [misprint.find, lead + misprint.suggestion]


def _listed(proof: Proof) -> Iterator[ListedMisprint]:
    text = proof.text
    flagged = Counter(misprint.written for _, _, misprint in proof.misprints)
    for number, (_, _, misprint) in enumerate(proof.misprints):
        line_start = text.rfind("\n", 0, misprint.start) + 1
        line_end = text.find("\n", misprint.end)
        line_end = len(text) if line_end < 0 else line_end
        start = line_start
        if misprint.start - line_start > _AROUND:
            start = text.rfind(" ", line_start, misprint.start - _AROUND) + 1 or line_start
        end = line_end
        if line_end - misprint.end > _AROUND:
            end = text.find(" ", misprint.end + _AROUND, line_end)
            end = line_end if end < 0 else end
        lead = text[line_start : misprint.start]
        is_everywhere = text.count(misprint.written) == flagged[misprint.written]
        yield ListedMisprint(
            number=number,
            before=("… " if start > line_start else "") + text[start : misprint.start],
            written=misprint.written,
            after=text[misprint.end : end] + (" …" if end < line_end else ""),
            suggestion=misprint.suggestion,
            why=misprint.message,
            is_sure=misprint.sure and bool(misprint.suggestion),
            find=misprint.written if is_everywhere else _unique(text, lead, misprint.written),
        )


def _unique(text: str, lead: str, written: str) -> str:
    """Return a misprint with as many of the words before it as tell it from other places."""
    words = lead.split(" ")
    for count in range(1, min(_MOST_WORDS, len(words)) + 1):
        find = " ".join(words[-count:]) + written
        if text.count(find) == 1:
            return find
    return lead + written
