"""What stands in a book and is not the book: contents, title pages, who made the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.changes import left_out_whole
from audiobook.model import Change, Chapter, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

STEPS = (
    Step(
        "front-matter",
        "front matter left out",
        "leave out contents, title pages, and who made the file",
    ),
    Step(
        "foreword",
        "forewords left out",
        "leave out what others wrote before the book begins: Lời giới thiệu",
        default=False,
    ),
)
FRONT, FOREWORD = STEPS

_FRONT_TITLE = re.compile(
    r"(?:mục lục|trang bìa|bìa(?: sách)?|thông tin (?:e-?book|sách|xuất bản)|bản quyền|e-?book"
    r"|cover|title page|(?:table of )?contents|copyright)\W*",
    re.IGNORECASE,
)
_FOREWORD_TITLE = re.compile(
    r"(?:(?:lời )?(?:giới thiệu|tựa|nói đầu|mở đầu|dẫn|nhà xuất bản|nxb|người dịch|cảm ơn)\b"
    r"|lời đề tặng|(?:vài nét |đôi nét )?(?:về )?tác giả|tiểu sử).{0,40}",
    re.IGNORECASE,
)
# Who made a file, in the few lines at its beginning.
_MAKER = re.compile(
    r"nguồn:|đánh máy|soát lỗi|phát hành|thực hiện bởi|e-?book|epub|https?://|www\.|dự án sách",
    re.IGNORECASE,
)
_LONGEST_MAKERS = 1_000


def leave_out(
    chapters: Sequence[Chapter],
    title: str,
    author: str,
    keep: Collection[str],
    drop: Collection[str],
) -> tuple[list[Chapter], list[Change]]:
    """Leave out the chapters that are no part of the book, and tell which.

    Only chapters before the text are looked at, and a book is never left empty.
    """
    kept = list(chapters)
    changes = []
    for step, is_out in ((FRONT, _is_front), (FOREWORD, _is_foreword)):
        if not step.is_done(keep, drop):
            continue
        out = [chapter for chapter in kept if is_out(chapter, title, author)]
        if out and len(out) < len(kept):
            kept = [chapter for chapter in kept if chapter not in out]
            example = out[0].title or _beginning(out[0])
            pieces = tuple(left_out_whole(chapter.paragraphs) for chapter in out)
            changes.append(Change(step.summary, len(out), example, step.name, pieces))
    return kept, changes


def _is_front(chapter: Chapter, title: str, author: str) -> bool:
    if _FRONT_TITLE.fullmatch(chapter.title):
        return True
    said = [paragraph for paragraph in chapter.paragraphs if paragraph.kind is not Kind.BREAK]
    names = {name.lower() for name in (title, author, chapter.title) if name}
    others = [paragraph.text for paragraph in said if paragraph.text.lower() not in names]
    if not others and author:
        return any(paragraph.text.lower() == author.lower() for paragraph in said)
    short = sum(map(len, others)) <= _LONGEST_MAKERS
    return short and any(map(_MAKER.search, others))


def _is_foreword(chapter: Chapter, title: str, author: str) -> bool:  # noqa: ARG001 (as above)
    return _FOREWORD_TITLE.fullmatch(chapter.title) is not None


def _beginning(chapter: Chapter) -> str:
    return next((paragraph.text[:60] for paragraph in chapter.paragraphs), "")
