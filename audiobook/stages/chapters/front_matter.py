"""What stands before and after the text and is not the book: title pages, who made the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Change, Chapter, Kind, Step
from audiobook.model.changes import left_out_chapter
from audiobook.stages.chapters.contents import is_title
from audiobook.stages.chapters.titlepage import MAKERS_LINE, is_title_page
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import parse_division

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

STEPS = (
    Step(
        "front-matter",
        message("front matter left out"),
        message("leave out contents, title pages, and who made the file"),
    ),
    Step(
        "foreword",
        message("forewords left out"),
        message("leave out what others wrote before the book begins: Lời giới thiệu"),
        default=False,
    ),
    Step(
        "repeated-titles",
        message("repeated titles read once"),
        message("read a chapter's title once where it is written twice"),
    ),
)
FRONT, FOREWORD, TITLES = STEPS

_FRONT_TITLE = re.compile(
    r"(?:mục lục|trang bìa|bìa(?: sách| trước| sau)?|thông tin (?:e-?book|sách|xuất bản)|bản quyền"
    r"|e-?book|cover|title ?page|(?:table of )?contents|copyright)\W*",
    re.IGNORECASE,
)
_FOREWORD_TITLE = re.compile(
    r"(?:(?:lời )?(?:giới thiệu|tựa|nói đầu|mở đầu|dẫn|nhà xuất bản|nxb|người dịch|cảm ơn)\b"
    r"|lời đề tặng|(?:vài nét |đôi nét )?(?:về )?tác giả|tiểu sử).{0,40}",
    re.IGNORECASE,
)
# A chapter under such a title is left out up to this length, in characters: a longer one is text.
_LONGEST_FRONT = 2_000
# A chapter in which no line is longer than this is a list.
_LONGEST_ENTRY = 100
_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"', "»")
# A chapter before the first numbered one is text if it is longer than this.
_LONGEST_BEFORE = 1_000


def leave_out(
    chapters: Sequence[Chapter],
    title: str,
    author: str,
    keep: Collection[str],
    drop: Collection[str],
    kept_texts: Collection[str] = (),
) -> tuple[list[Chapter], list[Change]]:
    """Return the chapters that are part of the book, and the changes that list the others.

    Only chapters before the first of the text and after the last are looked at, and a book is
    never left empty.

    Args:
        chapters: all that the book was divided into.
        title: that of the book.
        author: that of the book.
        keep: steps of `STEPS` not to do.
        drop: steps to do that are not done unasked.
        kept_texts: beginnings of chapters that are not left out.
    """
    remaining = list(chapters)
    changes = []
    for step, is_out in ((FRONT, _is_front), (FOREWORD, _is_foreword)):
        if not step.is_done(keep, drop):
            continue
        first, end = _text_bounds(remaining, title, author)
        outside = [*remaining[:first], *remaining[end:]]
        title_pages = remaining[:1] if step is FRONT and is_title_page(remaining) else []
        dropped = [
            chapter
            for chapter in outside
            if is_out(chapter, title, author) or any(chapter is other for other in title_pages)
        ]
        if kept_texts:
            dropped = [
                chapter
                for chapter in dropped
                if left_out_chapter(chapter.paragraphs).beginning not in kept_texts
            ]
        if dropped and len(dropped) < len(remaining):
            remaining = [
                chapter for chapter in remaining if not any(chapter is other for other in dropped)
            ]
            example = dropped[0].title or _first_words(dropped[0])
            pieces = tuple(left_out_chapter(chapter.paragraphs) for chapter in dropped)
            changes.append(
                Change(
                    step=step.summary,
                    count=len(dropped),
                    example=example,
                    name=step.name,
                    left_out=pieces,
                )
            )
    return remaining, changes


def _text_bounds(chapters: Sequence[Chapter], title: str, author: str) -> tuple[int, int]:
    """Return the place of the first chapter of the text and that after the last."""

    def is_text(chapter: Chapter) -> bool:
        return not _is_front(chapter, title, author) and not _is_foreword(chapter)

    numbered = [place for place, chapter in enumerate(chapters) if _is_numbered(chapter)]
    texts = [place for place, chapter in enumerate(chapters) if is_text(chapter)]
    if not texts:
        return len(chapters), len(chapters)
    first = texts[0]
    if numbered:
        early = [
            place
            for place in texts
            if place < numbered[0] and _length(chapters[place]) > _LONGEST_BEFORE
        ]
        first = early[0] if early else numbered[0]
    return first, max([*texts, *numbered]) + 1


def _is_numbered(chapter: Chapter) -> bool:
    division = parse_division(chapter.title)
    return division is not None and bool(division.unit)


def _is_front(chapter: Chapter, title: str, author: str) -> bool:
    if _FRONT_TITLE.fullmatch(chapter.title):
        if is_title(chapter.title) and _is_prose(chapter):
            return False
        longest = max((len(paragraph.text) for paragraph in chapter.paragraphs), default=0)
        return _length(chapter) <= _LONGEST_FRONT or longest <= _LONGEST_ENTRY
    lines = [paragraph.text for paragraph in chapter.paragraphs if paragraph.kind is not Kind.BREAK]
    names = {name.lower() for name in (title, author, chapter.title) if name}
    others = [line for line in lines if line.lower() not in names]
    if not others:
        return bool(author) and any(line.lower() == author.lower() for line in lines)
    return all(map(MAKERS_LINE.fullmatch, others))


def _is_prose(chapter: Chapter) -> bool:
    """Whether most paragraphs below the title of a chapter end as sentences do."""
    texts = [
        paragraph.text
        for paragraph in chapter.paragraphs
        if paragraph.kind not in (Kind.HEADING, Kind.BREAK) and paragraph.text != chapter.title
    ]
    return 2 * sum(text.endswith(_SENTENCE_ENDS) for text in texts) > len(texts)


def _is_foreword(chapter: Chapter, title: str = "", author: str = "") -> bool:  # noqa: ARG001 (as above)
    return _FOREWORD_TITLE.fullmatch(chapter.title) is not None


def _length(chapter: Chapter) -> int:
    return sum(len(paragraph.text) for paragraph in chapter.paragraphs)


def _first_words(chapter: Chapter) -> str:
    return next((paragraph.text[:60] for paragraph in chapter.paragraphs), "")
