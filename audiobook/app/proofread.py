"""Finds the likely misprints of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.stages import readers
from audiobook.store.belongings import Belongings
from audiobook.vietnamese.proofreading import Misprint, correct, find_misprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.stages.readers.ocr import Recogniser


class LocatedMisprint(NamedTuple):
    """A misprint with its line and column, as editors count them."""

    line: int
    """Counts from 1."""
    column: int
    """Counts characters, from 1."""
    misprint: Misprint


class Proof(NamedTuple):
    """The misprints of a source, and its corrected text."""

    misprints: list[LocatedMisprint]
    corrected: str
    """The text with the certain misprints corrected, line by line."""
    text: str
    """The text as it stands, in which the positions of misprints count."""


def proofread(
    source: str,
    *,
    parts: Sequence[str] = (),
    allow_private: bool = False,
    recogniser: Recogniser | None = None,
) -> Proof:
    """Find the likely misprints of a source.

    Lines are those of a text file; in a book, a page or a document each paragraph is a line.

    Args:
        source: a file, an address, or - for standard input.
        parts: the sources that make it together; empty if it is one.
        allow_private: whether addresses of the user's own network may be read.
        recogniser: recognises the text of scanned pages; None leaves them out.

    Raises:
        SourceError: the source cannot be read.
    """
    text = "\n".join(
        readers.read_lines(part, allow_private=allow_private, recogniser=recogniser)
        for part in parts or (source,)
    )
    if recogniser:
        Belongings(recogniser.folder, parts or [source]).add(recogniser.kept)
    misprints = find_misprints(text)
    findings = []
    line, start = 1, 0
    for misprint in misprints:
        line += text.count("\n", start, misprint.start)
        start = misprint.start
        findings.append(LocatedMisprint(line, start - text.rfind("\n", 0, start), misprint))
    return Proof(findings, correct(text, misprints), text)
