"""A paragraph of a PDF file while its lines are joined, before it becomes one of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.model import Kind
    from audiobook.stages.readers.pdf.lines import PrintedLine


@dataclass(kw_only=True)
class Block:
    """A paragraph and where it begins."""

    text: str
    kind: Kind
    level: int
    page: int
    top: float
    last: PrintedLine = field(repr=False)
    """Its last line so far."""
    hang: float = -1.0
    """Where the lines of an item of a list begin, but for the first, which begins with its mark."""
    left: float | None = None
    """Where its lines begin, but for the first."""
