"""A title page without a heading: lines before the first chapter that only name the book."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import parse_division

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Chapter, Document, Meta

_TITLE = re.compile(
    r"(?:tên )?(?:truyện|tác phẩm|sách|tiểu thuyết)\s*:\s*(?P<name>\S.*)", re.IGNORECASE
)
_AUTHOR = re.compile(r"tác giả\s*:\s*(?P<name>\S.*)", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:thể loại|thể lọai|tình trạng|số chương|độ dài|nhân vật(?: chính)?|rating|cp|couple)\s*:.*",
    re.IGNORECASE,
)
# A whole line that tells who made a book or a file of it, or is an address.
MAKERS_LINE = re.compile(
    r"(?:nguồn|đánh máy|soát lỗi|sửa lỗi|hiệu đính|biên tập|phát hành|đơn vị phát hành|xuất bản"
    r"|nhà xuất bản|nxb|năm xuất bản|thực hiện|thực hiện bởi|tác giả|dịch giả|người dịch|dịch"
    r"|thể loại|bìa|trình bày|chế bản|vẽ bìa|số trang|khổ|kích thước|giá bìa|isbn|e-?book|epub|prc"
    r"|scan|ocr|số hóa|số hoá|convert|converter|tạo e-?book|làm e-?book|ngày hoàn thành|edit|beta"
    r"|chuyển sang e-?book|đóng gói|nguyên tác|tên sách|tên gốc|bản quyền)"
    r"(?: (?:e-?book|bởi|bìa|sách|và \w+(?: \w+)?|& \w+(?: \w+)?|bản thảo|nội dung))?\s*:.{0,120}"
    r"|e-?book (?:này )?(?:được )?(?:thực hiện|tạo|làm|đóng gói|hoàn thành|chia sẻ|đăng).{0,140}"
    r"|(?:bản quyền tiếng việt|mọi (?:hình thức )?sao chép)\b.{0,120}"
    r"|.{0,40}dự án (?:sách|số hóa).{0,80}"
    r"|(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:com|vn|net|org)(?:/\S*)?"
    r"|(?:©|copyright\b|e-?book ?©).{0,120}"
    r"|(?:nhà xuất bản|nxb)(?: \w+){1,5}(?:,? \d{4})?"
    r"|(?:hà nội|sài gòn|huế|tp\.? ?hcm)?[ ,–-]*\d{4}",
    re.IGNORECASE,
)
# A page of more lines, or with a longer one, has text.
_MOST_LINES, _LONGEST_LINE = 3, 60
_ENDS_AS_TEXT = (".", "!", "?", "…", ",", ";", ":", "”", '"')


def is_title_page(chapters: Sequence[Chapter]) -> bool:
    """Whether the first chapter has no title and no text, and a numbered one follows it."""
    if len(chapters) < 2 or chapters[0].title:
        return False
    following = parse_division(chapters[1].title)
    lines = _line_texts(chapters[0])
    names = [line for line in lines if not _is_labelled(line)]
    return (
        following is not None
        and bool(following.unit)
        and bool(lines)
        and len(names) <= _MOST_LINES
        and not any(len(name) > _LONGEST_LINE or name.endswith(_ENDS_AS_TEXT) for name in names)
        and all(name[0].isupper() or name[0].isdigit() for name in names)
    )


def meta_with_title_page(document: Document, chapters: Sequence[Chapter]) -> Meta:
    """Return what is known about a book, with the names on its title page where it has none.

    Args:
        document: the book; its author may stand in a line that tidying left out.
        chapters: what it was divided into.
    """
    if not is_title_page(chapters):
        return document.meta
    lines = _line_texts(chapters[0])
    names = [line for line in lines if not _is_labelled(line)]
    left_out = (piece.text for change in document.changes for piece in change.left_out)
    title = _labelled_name(_TITLE, lines) or next(iter(names), "")
    author = _labelled_name(_AUTHOR, lines) or _labelled_name(_AUTHOR, left_out)
    meta = document.meta
    return replace(meta, title=meta.title or title, author=meta.author or author)


def _line_texts(chapter: Chapter) -> list[str]:
    return [paragraph.text for paragraph in chapter.paragraphs if paragraph.kind is not Kind.BREAK]


def _is_labelled(line: str) -> bool:
    return any(label.fullmatch(line) for label in (_TITLE, _AUTHOR, _LABELLED, MAKERS_LINE))


def _labelled_name(label: re.Pattern[str], lines: Iterable[str]) -> str:
    match = next(filter(None, map(label.fullmatch, lines)), None)
    return match["name"].strip() if match else ""
