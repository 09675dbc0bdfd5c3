"""A paragraph of a Word file while it is read: its pieces of text, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from audiobook.model import Paragraph

# A power or the mark of a note: x², 10⁻³, m², "chữ¹".
_RAISED_NUMBER = re.compile(r"[-−–]?[0-9]{1,3}")
_SUPERSCRIPTS = str.maketrans("0123456789-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_ANY_FONT = "any font"  # its text needs no decoding


@dataclass(kw_only=True)
class OpenParagraph:
    """A paragraph being read."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    """Pieces of text, each with its font, empty for that of the paragraph."""
    font: str = ""
    """Of the run at hand."""
    is_raised: bool = False
    """The run at hand is a superscript."""
    style: str = ""
    outline: int | None = None
    numbering: str | None = None
    depth: int = 0
    joined: bool = False
    """Its end was deleted: the next paragraph goes on with it."""
    ruled: bool = False
    """It has a line drawn across the page."""
    initial: bool = False
    """It is a letter over several lines, the first of the next paragraph."""
    has_formula: bool = False
    following: list[Paragraph] = field(default_factory=list)
    """Text boxes and notes."""

    def add(self, text: str) -> None:
        """Add text of the run at hand; a raised number is written with raised digits."""
        if self.is_raised and _RAISED_NUMBER.fullmatch(text):
            self.parts.append((text.translate(_SUPERSCRIPTS), _ANY_FONT))
        else:
            self.parts.append((text, self.font))
