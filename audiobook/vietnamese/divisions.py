"""Lines that name a division of a book: unit, number and title, within any frame."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.unusual_headings import (
    are_letters_apart,
    combine_numerals,
    compile_any_of,
    strip_codes,
    strip_marks,
    usual_writing,
)

LONGEST = 200
"""A line of more characters does not name a division."""
_LONGEST_TITLE = 100
# Words of a title that has no capital and no sign before it.
_LONGEST_SMALL_TITLE = 6
_RANKS = {
    **dict.fromkeys(("quyển", "tập", "volume", "vol", "book", "season", "q"), 1),
    **dict.fromkeys(("phần", "thiên", "part", "arc"), 2),
    **dict.fromkeys(("chương", "hồi", "chapter", "chap", "episode", "act", "màn", "ch", "c"), 3),
    **dict.fromkeys(("ep", "pn", "nt"), 3),
    **dict.fromkeys(("mục", "bài", "kỳ", "kì", "cảnh", "section", "lesson"), 4),
    "tiết": 5,
}
CHAPTER = _RANKS["chương"]
"""The rank of chapters."""
SMALL = _RANKS["mục"]
"""From this rank on a division is a part of a chapter as often as a chapter."""
_WRITTEN_OUT = {
    "q": "Quyển",
    "ch": "Chương",
    "c": "Chương",
    "ep": "Episode",
    "pn": "Phiên ngoại",
    "nt": "Ngoại truyện",
}
# What each word of a spelled number is worth, Vietnamese and Sino-Vietnamese.
_COUNTED = (
    "một hai ba bốn năm sáu bảy tám chín mười",
    "nhất nhị tam tứ ngũ lục thất bát cửu thập",
)
_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_VALUES = {
    **{word: value for value, word in enumerate(_ENGLISH.split(), 1)},
    **{word: value for words in _COUNTED for value, word in enumerate(words.split(), 1)},
    "mốt": 1,
    "nhì": 2,
    "tư": 4,
    "lăm": 5,
    "bẩy": 7,
    "mươi": 10,
    "trăm": 100,
    "bách": 100,
    "linh": 0,
    "lẻ": 0,
}
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_SPELLED = rf"(?:{_WORD})(?:\s+(?:{_WORD}))*"
_DIGITS = r"\d{1,5}(?:\.\d{1,3}(?!\d))?[a-d]?"
_MORE = r"(?:\s*[-–—+&,/]\s*|\s+(?:và|đến)\s+)"
# A number of several chapters, "2-3", is followed by their title or by nothing.
NUMBER = (
    rf"(?:{_DIGITS}(?:{_MORE}{_DIGITS})+(?=\s*(?:[:.(]|\s[-–—]|\Z))|{_DIGITS}|[ivxlc]+|{_SPELLED})"
)
"""A regular expression, without groups, for the number of a division."""
_UNIT = "|".join(unit for unit in _RANKS if unit not in _WRITTEN_OUT)
_NAMED = re.compile(
    rf"(?:(?P<unit>{_UNIT})(?:\s*[.:#]\s*(?=\d)|\s*(?=\d)|\s+)(?:thứ\s+|số\s+|đệ\s+)?"
    rf"(?P<number>{NUMBER})"
    rf"|(?P<short>{'|'.join(_WRITTEN_OUT)})\s?[.#]?\s?(?P<digits>{_DIGITS})"
    rf"|(?P<ordinal_word>đệ|thứ)\s+(?P<ordinal>{_DIGITS}|{_SPELLED})\s+(?P<unit_after>{_UNIT}))"
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
_CHAPTER_UNIT = r"(?:chương|hồi|chapter|chap)"
# Most lines with a number have none, which is quicker to see than that they name no chapter.
_CHAPTER_WORD = re.compile(_CHAPTER_UNIT, re.IGNORECASE)
_PREFIXED = re.compile(
    r"(?P<prefix>(?:(?:tên )?truyện\s*:\s*)?[^:]{1,80}?)\s*[-–—|:]\s*"
    rf"(?P<line>{_CHAPTER_UNIT}\s*[.:]?\s*(?:thứ\s+)?(?:\d|[ivxlc]+\b|(?:{_WORD})\b).*)",
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
_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")
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
_ORNAMENT = r"*_~=|»>\u2500-\u27bf\u2b00-\u2bff"
_ORNAMENTED = re.compile(f"[{_ORNAMENT}]")
_SEPARATOR = re.compile(
    rf"\s/\s|\s*[{_ORNAMENT}]*\s*[:.–—―|•·~-][\s*_~=-]*|\s*[{_ORNAMENT}]+\s*|\s+|\Z"
)
_ENDS_A_SENTENCE = (".", ";", ",")
# One of these words is in each line that names a division.
_HINTS = compile_any_of(
    [unit for unit in _RANKS if unit not in _WRITTEN_OUT]
    + "truyện|ngoại|phụ|extra|story|đầu|tựa|phi lộ|dẫn|nhập đề|văn án|kết|vĩ |hậu k|thư mục"
    "|tham khảo|logue|giới thiệu|lời |第|inter|foreword|preface|afterword|chương".split("|")
)
# "C1" has its number among so many characters.
_SHORT_WITHIN = 16
_LED_BY_DASH = re.compile(r"[-–—]\s")


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


def parse_division(line: str) -> Division | None:
    """Return the division that a line names, or None if it names none.

    >>> parse_division("☆ Chương 2: Ao ☆").text
    'Chương 2: Ao'
    >>> parse_division("Chương 1 của cuốn sách này kể về một người đàn bà.") is None
    True
    """
    return _parse_line(line) if len(line) <= LONGEST else None


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
        if (
            is_framed
            and may_be_said
            and division.title.endswith((*_ENDS_A_SENTENCE, "!", "?", "…"))
        ):
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
        elif place > 0 and _names_division(inner := stripped[1:place].strip()):
            tail = stripped[place + 1 :].strip()
            between = "" if not tail or tail[0] in ":." else " " if tail[0] in "–—-" else ": "
            stripped = inner + between + tail
        if _BEFORE_SITE.search(stripped):
            stripped = _SITE.sub("", stripped)
        if stripped == text:
            break
        text = stripped
    return text


def _names_division(text: str) -> bool:
    return _NAMED.fullmatch(text) is not None or _PART.fullmatch(text) is not None


def _parse_unframed(text: str) -> Division | None:
    text = usual_writing(text)
    if match := _SHORT_BOTH.fullmatch(text):
        return _parse_short(text, match)
    if not _CHAPTER_WORD.search(text):
        return _parse_part(text) or _parse_named(text)
    if volume := _BEFORE_VOLUME.fullmatch(text):
        division = _parse_named(volume["head"] + volume["tail"])
        return division and division._replace(text=text, spoken=text, prefix=volume["prefix"])
    if volume := _AFTER_VOLUME.fullmatch(text):
        division = _parse_named(volume["line"]) or _parse_part(volume["line"])
        if division is None:
            return None
        prefix = volume["prefix"]
        spoken = _SHORT_VOLUME.sub("Quyển ", prefix) + text[len(prefix) :]
        return division._replace(text=text, spoken=spoken, prefix=prefix)
    if division := _parse_part(text) or _parse_named(text):
        return division
    if prefixed := _PREFIXED.fullmatch(text) or _TAGGED.fullmatch(text):
        division = _parse_named(prefixed["line"])
        if division is not None:
            return division._replace(prefix=prefixed["prefix"].strip(), is_sure=False)
    if unmarked := _LED.fullmatch(text):
        is_name = all(word[0].isupper() and word.isalnum() for word in unmarked["prefix"].split())
        division = _parse_named(unmarked["line"]) if is_name else None
        return division and division._replace(prefix=unmarked["prefix"], is_sure=False)
    return None


def _parse_short(text: str, match: re.Match[str]) -> Division | None:
    """Return the division of a line such as "Q2C15: Ao", spoken as Quyển 2 Chương 15."""
    division = _parse_named(match["line"])
    if division is None:
        return None
    spoken = f"Quyển {match['volume']} {division.spoken}"
    return division._replace(text=text, spoken=spoken, prefix=match["prefix"])


def _parse_named(text: str) -> Division | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    unit = (match["unit"] or match["short"] or match["unit_after"]).lower()
    written = match["number"] or match["digits"] or match["ordinal"]
    number = _number_in_digits(written)
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
        is_short = _RANKS[unit] == CHAPTER and text[0].isupper() and _is_short(title)
        may_be = match["ordinal_word"] or is_short
        if not (may_be and written[0].isdigit() and _may_be_title(title)):
            return None
        is_sure = False
    has_mark = mark.strip() or any(sign in text[: match.end("digits")] for sign in ".#")
    if match["short"] and title and not (has_mark and _is_title(title)):
        return None
    inner = _parse_named(title) if title.lower().startswith(unit) else None
    if inner is not None and (inner.unit, inner.number) == (unit, number):
        return inner
    head = _ZEROS.sub("", text[: match.start("tail")])
    is_ornamented = _ORNAMENTED.search(mark)
    if is_ornamented or mark == ":" or (mark.strip() and mark[0].isspace() and ":" in mark):
        end = f": {title}" if title else ""
    else:
        end = tail.rstrip()
    spoken = f"{_WRITTEN_OUT[unit]} {number}" if match["short"] else head
    if written.lower() in _ENGLISH.split():
        spoken = f"{head[: match.start('number')]}{number}"
    return Division(head + end, spoken + end, _RANKS[unit], unit, number, title, is_sure=is_sure)


def _parse_part(text: str) -> Division | None:
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
    number = _number_in_digits(match["number"]) if match["number"] else ""
    if number is None:
        return None
    # "Kỳ cuối" stands beside Kỳ 1; the others stand at the depth of chapters.
    unit = text[:2].lower() if re.match(r"(?i:k[ỳì]\s)", text) else ""
    return Division(text, text, _RANKS.get(unit, CHAPTER), unit, number, title)


def _number_in_digits(written: str) -> str | None:
    """Return a number in digits, or None for letters that only resemble a Roman numeral."""
    text = " ".join(written.lower().split())
    if text[0].isdigit():
        return _ZEROS.sub("", re.sub(r"\s*(?:[-–—+&,/]|và|đến)\s*", "-", text))
    if re.fullmatch(r"[ivxlc]+", text):
        numeral = roman_value(text.upper())
        return None if numeral is None else str(numeral)
    return str(combine_numerals(_VALUES[word] for word in text.split()))


def _is_title(text: str) -> bool:
    """Whether the words right after a number look like a title rather than a sentence."""
    first = text.lstrip("“\"‘'«([【<*")[:1]
    return (first.isupper() or first.isdigit() or text[0] == "(") and _may_be_title(text)


def _is_short(text: str) -> bool:
    """Whether a text is so short and simple that it may be a title without a capital."""
    is_simple = not any(sign in text for sign in ",;:!?")
    return is_simple and len(text.split()) <= _LONGEST_SMALL_TITLE


def _may_be_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not text.endswith(_ENDS_A_SENTENCE)
