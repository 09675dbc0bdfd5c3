"""Names of divisions without what frames them: a unit, its number and a title, or a name alone."""

from __future__ import annotations

from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.division_numbers import (
    DIGITS,
    ENGLISH,
    NUMBER,
    SPELLED,
    ZEROS,
    number_in_digits,
)

_LONGEST_TITLE = 100
# Words of a title that has no capital and no sign before it.
_LONGEST_SMALL_TITLE = 6
RANKS = {
    **dict.fromkeys(("quyển", "tập", "volume", "vol", "book", "season", "q"), 1),
    **dict.fromkeys(("phần", "thiên", "part", "arc"), 2),
    **dict.fromkeys(("chương", "hồi", "chapter", "chap", "episode", "act", "màn", "ch", "c"), 3),
    **dict.fromkeys(("ep", "pn", "nt"), 3),
    **dict.fromkeys(("mục", "bài", "kỳ", "kì", "cảnh", "section", "lesson"), 4),
    "tiết": 5,
}
CHAPTER = RANKS["chương"]
"""The rank of chapters."""
SMALL = RANKS["mục"]
"""From this rank on a division is a part of a chapter as often as a chapter."""
WRITTEN_OUT = {
    "q": "Quyển",
    "ch": "Chương",
    "c": "Chương",
    "ep": "Episode",
    "pn": "Phiên ngoại",
    "nt": "Ngoại truyện",
}
_UNIT = "|".join(unit for unit in RANKS if unit not in WRITTEN_OUT)
_NAMED = re.compile(
    rf"(?:(?P<unit>{_UNIT})(?:\s*[.:#]\s*(?=\d)|\s*(?=\d)|\s+)(?:thứ\s+|số\s+|đệ\s+)?"
    rf"(?P<number>{NUMBER})"
    rf"|(?P<short>{'|'.join(WRITTEN_OUT)})\s?[.#]?\s?(?P<digits>{DIGITS})"
    rf"|(?P<ordinal_word>đệ|thứ)\s+(?P<ordinal>{DIGITS}|{SPELLED})\s+(?P<unit_after>{_UNIT}))"
    r"(?!\w)(?P<tail>.*)",
    re.IGNORECASE,
)
# Parts of a book that have a name of their own, and stand at the depth of chapters.
_PART = re.compile(
    r"(?P<numbered>ngoại truyện|phiên ngoại|ngoại chương|phụ chương|phụ lục|extra|side story"
    r"|truyện phụ|chương (?:đặc biệt|phụ|xen|ngoại truyện)|(?:bonus|special|extra) chapter)"
    rf"(?:\s+(?:số\s+)?(?P<number>{NUMBER})(?!\w))?(?P<numbered_tail>.*)"
    r"|(?:mở đầu|phần mở đầu|tiết tử|tựa|phi lộ|dẫn nhập|dẫn luận|nhập đề|văn án|tiền truyện"
    r"|kết luận|vĩ thanh|hậu ký|hậu kí|hậu truyện|(?:đại )?kết cục|mục lục|thư mục"
    r"|tài liệu tham khảo|prologue|epilogue|interlude|intermission|foreword|preface|afterword"
    r"|(?:final|last) chapter|chung chương|tự chương|kết chương|kết đoạn|vĩ khúc"
    r"|lời (?:ngỏ|tri ân|đầu sách|cuối sách|phi lộ)"
    r"|giới thiệu(?: (?:truyện|tác phẩm|nội dung|nhân vật))?"
    r"|(?:chương|hồi) mở đầu|(?:đoạn|phần|hồi|chương) kết"
    r"|(?:chương|hồi|phần|kỳ|kì) cuối(?: cùng)?"
    r"|lời (?:nói|mở|giới|tựa|bạt|kết|dẫn|nhà xuất bản|tác giả|người dịch|cảm ơn)\b[^.:]{0,24})"
    r"(?P<tail>(?!\w).*)",
    re.IGNORECASE,
)
_ORNAMENT = r"*_~=|»>\u2500-\u27bf\u2b00-\u2bff"
_ORNAMENTED = re.compile(f"[{_ORNAMENT}]")
_SEPARATOR = re.compile(
    rf"\s/\s|\s*[{_ORNAMENT}]*\s*[:.–—―|•·~-][\s*_~=-]*|\s*[{_ORNAMENT}]+\s*|\s+|\Z"
)
ENDS_A_SENTENCE = (".", ";", ",")


class Division(NamedTuple):
    """A line that names a division of a book."""

    text: str
    """The line without what frames it: ``Chương 3: Mưa``."""
    spoken: str
    """As it is said, its unit written out: ``C3`` is Chương 3."""
    rank: int
    """Smaller for larger divisions: a volume is 1, a chapter 3. Only the order counts."""
    unit: str = ""
    """Its unit in small letters; empty for parts with a name of their own."""
    number: str = ""
    """In digits, without leading zeros: ``1``, ``1.5``, ``2-3``; empty if it has none."""
    title: str = ""
    """Its title beside its number; empty if it has none."""
    prefix: str = ""
    """What stands before it on its line: ``Q1``, or the title of the book."""
    is_sure: bool = True
    """Whether the line counts alone; ``C1`` or a title in small letters needs others like it."""

    @property
    def is_bare(self) -> bool:
        """Whether it has a number and no title of its own."""
        return bool(self.unit or self.number) and not self.title


def names_division(text: str) -> bool:
    """Whether a text has the form of the name of a division."""
    return _NAMED.fullmatch(text) is not None or _PART.fullmatch(text) is not None


def parse_named(text: str) -> Division | None:
    """Return the division that a text names by its unit and number; None for other texts."""
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    unit = (match["unit"] or match["short"] or match["unit_after"]).lower()
    written = match["number"] or match["digits"] or match["ordinal"]
    number = number_in_digits(written)
    if number is None:
        return None
    tail = match["tail"]
    separator = _SEPARATOR.match(tail)
    if separator is None and not tail.startswith("("):
        return None
    mark = separator[0] if separator else ""
    title = tail[len(mark) :].strip()
    is_sure = not match["short"]
    if not mark.strip() and title and not _is_title(title):
        is_short = RANKS[unit] == CHAPTER and text[0].isupper() and _is_short(title)
        may_be = match["ordinal_word"] or is_short
        if not (may_be and written[0].isdigit() and _may_be_title(title)):
            return None
        is_sure = False
    has_mark = mark.strip() or any(sign in text[: match.end("digits")] for sign in ".#")
    if match["short"] and title and not (has_mark and _is_title(title)):
        return None
    inner = parse_named(title) if title.lower().startswith(unit) else None
    if inner is not None and (inner.unit, inner.number) == (unit, number):
        return inner
    head = ZEROS.sub("", text[: match.start("tail")])
    is_ornamented = _ORNAMENTED.search(mark)
    if is_ornamented or mark == ":" or (mark.strip() and mark[0].isspace() and ":" in mark):
        end = f": {title}" if title else ""
    else:
        end = tail.rstrip()
    spoken = f"{WRITTEN_OUT[unit]} {number}" if match["short"] else head
    if written.lower() in ENGLISH.split():
        spoken = f"{head[: match.start('number')]}{number}"
    return Division(head + end, spoken + end, RANKS[unit], unit, number, title, is_sure=is_sure)


def parse_part(text: str) -> Division | None:
    """Return the division of a text that has a name of its own, as Mở đầu; None for others."""
    match = _PART.fullmatch(text)
    if match is None or not text[0].isupper():
        return None
    tail = match["tail"] if match["tail"] is not None else match["numbered_tail"]
    separator = _SEPARATOR.match(tail)
    if separator is None and not tail.startswith("("):
        return None
    mark = separator[0] if separator else ""
    title = tail[len(mark) :].strip()
    takes_title = bool(mark.strip()) or bool(match["numbered"]) or title.startswith("(")
    if tail.strip() == "." or (title and not (takes_title and _is_title(title))):
        return None
    number = number_in_digits(match["number"]) if match["number"] else ""
    if number is None:
        return None
    # "Kỳ cuối" stands beside Kỳ 1; the others stand at the depth of chapters.
    unit = text[:2].lower() if re.match(r"(?i:k[ỳì]\s)", text) else ""
    return Division(text, text, RANKS.get(unit, CHAPTER), unit, number, title)


def _is_title(text: str) -> bool:
    """Whether the words right after a number look like a title rather than a sentence."""
    first = text.lstrip("“\"‘'«([【<*")[:1]
    return (first.isupper() or first.isdigit() or text[0] == "(") and _may_be_title(text)


def _is_short(text: str) -> bool:
    """Whether a text is so short and simple that it may be a title without a capital."""
    is_simple = not any(sign in text for sign in ",;:!?")
    return is_simple and len(text.split()) <= _LONGEST_SMALL_TITLE


def _may_be_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not text.endswith(ENDS_A_SENTENCE)
