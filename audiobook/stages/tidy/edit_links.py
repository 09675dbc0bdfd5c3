"""Links in articles of Wikipedia that ask readers to write: [sửa], [cần dẫn nguồn]."""

from __future__ import annotations

from dataclasses import replace

from audiobook.model import Document
from audiobook.stages.tidy.step import (
    Result,
    rewrite_paragraphs,
)
from audiobook.vietnamese import lazy_re as re

_UNSOURCED = re.compile(
    r"\s?\[(?:cần|thiếu) (?:dẫn|chú thích|chú) ?(?:nguồn)?[^\[\]]{0,30}\]", re.IGNORECASE
)
_EDIT = re.compile(
    r"\s*\[\s*sửa(?: đổi)?(?:\s*\|\s*(?:sửa )?(?:đổi )?(?:mã nguồn|mã))?\s*\]", re.IGNORECASE
)


def drop_edit_links(document: Document) -> Result:
    """Take off ``[sửa | sửa mã nguồn]`` and ``[cần dẫn nguồn]``."""

    def strip(text: str) -> str:
        return _UNSOURCED.sub("", _EDIT.sub("", text)) if "[" in text else text

    stripped, touched = rewrite_paragraphs(document, strip)
    chapters = tuple(replace(chapter, title=strip(chapter.title)) for chapter in stripped.chapters)
    return (replace(stripped, chapters=chapters), touched) if touched else (document, [])
