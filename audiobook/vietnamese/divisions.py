"""Lines that name a division of a book: unit, number and title, within any frame."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.division_names import (
    CHAPTER,
    ENDS_A_SENTENCE,
    RANKS,
    SMALL,
    WRITTEN_OUT,
    Division,
    names_division,
    parse_named,
    parse_part,
)
from audiobook.vietnamese.division_numbers import NUMBER, WORD
from audiobook.vietnamese.unusual_headings import (
    are_letters_apart,
    compile_any_of,
    strip_codes,
    strip_marks,
    usual_writing,
)

__all__ = ["CHAPTER", "LONGEST", "NUMBER", "SMALL", "Division", "parse_division", "strip_frame"]

LONGEST = 200
"""A line of more characters does not name a division."""
_CHAPTER_UNIT = r"(?:chương|hồi|chapter|chap)"
# Most lines with a number have none, which is quicker to see than that they name no chapter.
_CHAPTER_WORD = re.compile(_CHAPTER_UNIT, re.IGNORECASE)
_PREFIXED = re.compile(
    r"(?P<prefix>(?:(?:tên )?truyện\s*:\s*)?[^:]{1,80}?)\s*[-–—|:]\s*"
    rf"(?P<line>{_CHAPTER_UNIT}\s*[.:]?\s*(?:thứ\s+)?(?:\d|[ivxlc]+\b|(?:{WORD})\b).*)",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    rf"[\[(【](?P<prefix>[^\[\]()【】]{{1,30}})[\])】]\s*(?P<line>{_CHAPTER_UNIT}\s*\.?\s*\d.*)",
    re.IGNORECASE,
)
_AFTER_VOLUME = re.compile(
    r"(?P<prefix>(?:(?:quyển|tập|phần|thiên|volume|vol|book|part)\s*\.?\s*(?:thứ\s+)?"
    rf"(?:{NUMBER})|q\.?\s?\d{{1,3}})(?!\w))[\s:,.–—-]*"
    rf"(?P<line>{_CHAPTER_UNIT}\s*\.?\s*(?:thứ\s+)?(?:{NUMBER})(?!\w).*)",
    re.IGNORECASE,
)
_SHORT_BOTH = re.compile(
    r"(?P<prefix>[qv]\.?\s?(?P<volume>\d{1,3}))\s?[-–—:.]?\s?(?P<line>ch?\.?\s?\d.*)", re.IGNORECASE
)
_BEFORE_VOLUME = re.compile(
    rf"(?P<head>{_CHAPTER_UNIT}\s+(?:{NUMBER}))[\s,]*\s(?P<prefix>(?:quyển|tập|volume|vol)\s+"
    rf"(?:{NUMBER}))(?!\w)(?P<tail>.*)",
    re.IGNORECASE,
)
# "Sông Dài Chương 2": words that each have a capital, right before it.
_LED = re.compile(
    r"(?P<prefix>\S{1,20}(?: \S{1,20}){1,7}?) "
    r"(?P<line>(?:Chương|CHƯƠNG|Hồi|HỒI|Chapter|CHAPTER) \d.*)"
)
_SHORT_VOLUME = re.compile(r"\Aq\.?\s?(?=\d)", re.IGNORECASE)
_PAIRS = dict(zip("[(【「『《〈<«“‘{〔〖\"'", "])】」』》〉>»”’}〕〗\"'", strict=True))
_ANGLES = "<>‹›«»"
_KNOT = r"(?:[oO][0Oo][oO]|0[oO]0|[xX][Xx][xX])"
_KNOTS = re.compile(rf"[\W_]*{_KNOT}[\W_]+(?P<line>\S.{{0,{LONGEST}}}?)[\W_]+{_KNOT}[\W_]*")
_BEFORE_SITE = re.compile(r"[-–—|@(]")
_SITE = re.compile(
    r"\s*[-–—|@(]\s*(?:nguồn:?\s*)?(?:https?://|www\.)?[\w-]+(?:\.[\w-]+)*"
    r"\.(?:com|net|org|vn|info|me|io|xyz|cc|top)\b[/\w.-]*\)?\Z"
    r"|\s+[-–—|]\s+(?:truyện ?full|s?s?truyện|tàng ?thư ?viện|wattpad|mê ?truyện ?chữ"
    r"|wiki ?dịch)\Z",
    re.IGNORECASE,
)
# One of these words is in each line that names a division.
_HINTS = compile_any_of(
    [unit for unit in RANKS if unit not in WRITTEN_OUT]
    + "truyện|ngoại|phụ|extra|story|đầu|tựa|phi lộ|dẫn|nhập đề|văn án|kết|vĩ |hậu k|thư mục"
    "|tham khảo|logue|giới thiệu|lời |第|inter|foreword|preface|afterword|chương".split("|")
)
# "C1" has its number among so many characters.
_SHORT_WITHIN = 16
_LED_BY_DASH = re.compile(r"[-–—]\s")


def parse_division(line: str) -> Division | None:
    """Return the division that a line names, or None if it names none.

    >>> parse_division("☆ Chương 2: Ao ☆").text
    'Chương 2: Ao'
    >>> parse_division("Chương 1 của cuốn sách này kể về một người đàn bà.") is None
    True
    """
    return _parse_line(line) if len(line) <= LONGEST else None


def forget_lines() -> None:
    """Forget the lines that were parsed, so that their memory, a whole book's, is freed."""
    _parse_line.cache_clear()


# Cached: every step of tidying parses the same lines.
@lru_cache(1 << 14)
def _parse_line(line: str) -> Division | None:
    if not line.strip() or not _may_name_division(line):
        return None
    text = strip_frame(line)
    division = _parse_unframed(text)
    if division is not None:
        is_framed = text[:1] != line.strip()[:1]
        if not division.number and is_framed and line.strip()[0] in "(“\"‘«'":
            return None
        may_be_said = line.lstrip().startswith(("“", '"', "‘", "«")) or _LED_BY_DASH.match(line)
        if is_framed and may_be_said and division.title.endswith((*ENDS_A_SENTENCE, "!", "?", "…")):
            return None
    return division


def _may_name_division(line: str) -> bool:
    """Whether a line holds any word for a division, or a number near its beginning (C1)."""
    return (
        _HINTS.search(line.casefold()) is not None
        or any(map(str.isdigit, line[:_SHORT_WITHIN]))
        or are_letters_apart(line)
    )


def strip_frame(line: str) -> str:
    """Return a line without the ornaments, brackets and site names around it.

    A line of more than 200 characters is returned as it is: it names nothing.

    >>> strip_frame("=== 【Chương 2】 ===")
    'Chương 2'
    >>> strip_frame("[Chương 3] Mưa")
    'Chương 3: Mưa'
    """
    if len(line) > LONGEST:
        return line
    text = strip_codes(line)
    if knotted := _KNOTS.fullmatch(text):
        text = knotted["line"]
    while text:
        stripped = strip_marks(text)
        if stripped[:1] in _ANGLES and stripped[-1:] in _ANGLES:
            inner = stripped.strip(_ANGLES + " ")
            stripped = stripped if any(sign in inner for sign in "<>") else inner
        opener = stripped[:1]
        closer = _PAIRS.get(opener)
        place = stripped.find(closer, 1) if closer else -1
        if closer and stripped.startswith(2 * opener) and stripped.endswith(2 * closer):
            place = len(stripped) - 1
        if place == len(stripped) - 1 and place > 0:
            stripped = stripped[1:-1].strip()
        elif place > 0 and names_division(inner := stripped[1:place].strip()):
            tail = stripped[place + 1 :].strip()
            between = "" if not tail or tail[0] in ":." else " " if tail[0] in "–—-" else ": "
            stripped = inner + between + tail
        if _BEFORE_SITE.search(stripped):
            stripped = _SITE.sub("", stripped)
        if stripped == text:
            break
        text = stripped
    return text


def _parse_unframed(text: str) -> Division | None:
    text = usual_writing(text)
    if match := _SHORT_BOTH.fullmatch(text):
        return _parse_short(text, match)
    if not _CHAPTER_WORD.search(text):
        return parse_part(text) or parse_named(text)
    if volume := _BEFORE_VOLUME.fullmatch(text):
        division = parse_named(volume["head"] + volume["tail"])
        return division and division._replace(text=text, spoken=text, prefix=volume["prefix"])
    if volume := _AFTER_VOLUME.fullmatch(text):
        division = parse_named(volume["line"]) or parse_part(volume["line"])
        if division is None:
            return None
        prefix = volume["prefix"]
        spoken = _SHORT_VOLUME.sub("Quyển ", prefix) + text[len(prefix) :]
        return division._replace(text=text, spoken=spoken, prefix=prefix)
    if division := parse_part(text) or parse_named(text):
        return division
    if prefixed := _PREFIXED.fullmatch(text) or _TAGGED.fullmatch(text):
        division = parse_named(prefixed["line"])
        if division is not None:
            return division._replace(prefix=prefixed["prefix"].strip(), is_sure=False)
    if unmarked := _LED.fullmatch(text):
        is_name = all(word[0].isupper() and word.isalnum() for word in unmarked["prefix"].split())
        division = parse_named(unmarked["line"]) if is_name else None
        return division and division._replace(prefix=unmarked["prefix"], is_sure=False)
    return None


def _parse_short(text: str, match: re.Match[str]) -> Division | None:
    """Return the division of a line such as "Q2C15: Ao", spoken as Quyển 2 Chương 15."""
    division = parse_named(match["line"])
    if division is None:
        return None
    spoken = f"Quyển {match['volume']} {division.spoken}"
    return division._replace(text=text, spoken=spoken, prefix=match["prefix"])
