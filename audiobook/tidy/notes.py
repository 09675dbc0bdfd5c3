"""Notes, which are out of the way of the text, and the marks that lead to them."""

from __future__ import annotations

import re

from audiobook.model import Document, Kind
from audiobook.tidy.step import Result, paragraphs, remove, rewrite

_LABEL = re.compile(
    r"(?:(?:chú thích|ghi chú|chú giải|(?:tài liệu )?tham khảo|notes?|footnotes?|references)"
    r"(?: của .{1,40})?|\[?\*{1,3}\]?)\s*[:.]?",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60
_MARK = re.compile(r"(?<=[\w.,;:!?…”\"’»)\]])\[\d{1,3}\]")


def drop_notes(document: Document) -> Result:
    """Leave out notes, and the line above that says they follow."""
    gone: list[int] = []
    heads_notes = False
    numbered = list(enumerate(paragraphs(document)))
    for number, paragraph in reversed(numbered):
        if paragraph.kind is Kind.NOTE:
            heads_notes = True
        elif not (heads_notes and _is_label(paragraph.text)):
            heads_notes = False
            continue
        else:
            heads_notes = False
        gone.append(number)
    return remove(document, gone)


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None


def drop_marks(document: Document) -> Result:
    """Take off ``[1]`` after a word or a mark of punctuation."""
    return rewrite(document, lambda text: _MARK.sub("", text) if "[" in text else text)
