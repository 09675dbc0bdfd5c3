"""What of a page refers to notes, and which notes it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from audiobook.model import Kind
from audiobook.stages.readers.markup import marks
from audiobook.stages.readers.markup.tree import tag_name

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.stages.readers.markup.blocks import Blocks
    from audiobook.stages.readers.markup.look import Look


class References:
    """The marks of notes on a page so far.

    Args:
        document: its address, against which links are resolved.
        cited: addresses of the notes that are referred to; those of this page are added.
        blocks: its text so far.
    """

    def __init__(self, document: str, cited: set[str], blocks: Blocks) -> None:
        self._document = document
        self._cited = cited
        self._blocks = blocks
        self._raised: set[str] = set()
        """Numbers of notes that stand raised in the text and lead nowhere."""

    def is_cited(self, *names: str) -> bool:
        """Whether a mark of a note leads to one of some names on the page."""
        return any(f"{self._document}#{name}" in self._cited for name in names)

    def is_mark(self, look: Look, element: etree._Element) -> bool:
        """Whether an element refers to a note, or back from one.

        Bare digits must look the part: raised, glued to a word, or where a note begins.
        """
        tag, of_class = look.tag, look.named.mark
        named = not look.types.isdisjoint(marks.MARK_TYPES) or (
            of_class and "note" in look.attributes["class"].lower()
        )
        if tag not in ("a", "sup") and not named and not (of_class and tag == "span"):
            return False
        text = marks.short_text(element)
        several = tag == "sup" and marks.is_several(text)
        if not text or not (several or marks.MARK.fullmatch(text)):
            return False
        link = look.attributes.get("href")
        if tag == "sup" and link is None:
            link = next((href for a in element.iter() if (href := a.get("href"))), None)
        if link is None:
            return several or self._is_unlinked_mark(text, raised=tag == "sup", named=named)
        if "#" not in link:
            return False
        raised = tag == "sup" or marks.is_in_superscript(element)
        blocks = self._blocks
        preceding = blocks.last_piece()
        plausible = (
            not marks.PLAIN_MARK.fullmatch(text)
            or raised
            or any(tag_name(child) == "sup" for child in element)
            or named
            or of_class
            or preceding[-1:].strip() != ""
            or (not preceding.strip() and (blocks.is_note or blocks.scopes[-1].kind is Kind.NOTE))
        )
        if plausible and (preceding.strip() or blocks.has_lines()):
            self._cited.add(unquote(urljoin(self._document, link)))
        return plausible

    def _is_unlinked_mark(self, text: str, *, raised: bool, named: bool) -> bool:
        """Whether a short text that leads nowhere is the mark of a note all the same."""
        if not marks.PLAIN_MARK.fullmatch(text):
            return raised or named  # "[1]" raised, its link lost
        number = text.rstrip(".:")
        if not number.isdecimal() or not raised:
            return named and number.isdecimal()
        preceding = self._blocks.current_line()
        if not marks.is_raised_mark(number, preceding):
            return False
        if preceding[-1:].strip():
            self._raised.add(number)
        elif self._blocks.begins_block() and number in self._raised:
            self._blocks.is_note = True  # the note of a mark that stood in the text
        return True
