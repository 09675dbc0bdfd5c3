"""A source, and what is probably misprinted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.stages import readers
from audiobook.vietnamese.proofreading import Misprint, correct, find_misprints

if TYPE_CHECKING:
    from audiobook.stages.readers.ocr import Recogniser


class Finding(NamedTuple):
    """A misprint, where an editor would look for it."""

    line: int
    """From 1."""
    column: int
    """In characters, from 1."""
    misprint: Misprint


class Proof(NamedTuple):
    """What was found in a source."""

    findings: list[Finding]
    mended: str
    """The text with the sure ones corrected, line for line."""


def proofread(
    source: str, *, allow_private: bool = False, recogniser: Recogniser | None = None
) -> Proof:
    """Find the likely misprints of a source.

    The lines are those of a text file; of a book, a page or a document each paragraph is one.

    Args:
        source: a file, an address, or - for standard input.
        allow_private: whether addresses of the user's own network may be read.
        recogniser: recognises the text of scanned pages; None leaves them out.

    Raises:
        SourceError: it cannot be read.
    """
    text = readers.read_lines(source, allow_private=allow_private, recogniser=recogniser)
    misprints = find_misprints(text)
    findings = []
    line, start = 1, 0
    for misprint in misprints:
        line += text.count("\n", start, misprint.start)
        start = misprint.start
        findings.append(Finding(line, start - text.rfind("\n", 0, start), misprint))
    return Proof(findings, correct(text, misprints))
