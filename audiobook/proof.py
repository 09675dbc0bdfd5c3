"""A source, and what is probably misprinted in it."""

from __future__ import annotations

from typing import NamedTuple

from audiobook import readers
from audiobook.vietnamese.proofreading import Misprint, correct, find_misprints


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


def proofread(source: str, *, allow_private: bool = False) -> Proof:
    """Find the likely misprints of a source.

    The lines are those of a text file; of a book, a page or a document each paragraph is one.

    Raises:
        SourceError: it cannot be read.
    """
    text = readers.read_lines(source, allow_private=allow_private)
    misprints = find_misprints(text)
    findings = []
    line, start = 1, 0
    for misprint in misprints:
        line += text.count("\n", start, misprint.start)
        start = misprint.start
        findings.append(Finding(line, start - text.rfind("\n", 0, start), misprint))
    return Proof(findings, correct(text, misprints))
