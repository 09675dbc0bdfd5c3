"""Roman numerals, where their context shows that they are numbers."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.ambiguity import guess_letter
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before
from audiobook.vietnamese.syllables import is_vietnamese

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WELL_FORMED = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CONTEXTS = frozenset(
    "chương phần hồi quyển tập mục bài tiết thứ kỷ kỉ khóa khoá kỳ kì quý khu tổ lớp loại cấp "
    "hạng hội đời triều đại vùng quận điều đệ bảng nhóm vòng giai đoạn quân đoàn chiến "
    "lục mác cực kiểu type rama đọc dinh".split()
)
_BEFORE_LETTERS = frozenset("chữ cỡ size thể áo hiệu tên tia".split())
_NEIGHBOURHOOD = 40
_PERIODS = frozenset(("quý", "kỳ", "kì"))
# Longer numerals with L, C, D or M are read as numbers; CLI may be an acronym.
_LONGEST_ACRONYM = 3
_OPENING = re.compile(r"[\s\"“”«(\[*—–-]*")
# What follows the numeral of a heading; before a lower-case word a dash is a range or a hyphen.
_HEADING = re.compile(
    # Not V-League.
    rf"\s?\.?\s?[)\]*»”]*\s?\Z|\.(?:[\s–—-]|\Z)|[/)]\s|\s?\.?\s?[–—:]\s?[{CAPITALS}“\"]"
    rf"|\s?\.?(?:\s-\s?|-\s)[{CAPITALS}“\"]|\.?-(?:“|\"|[{CAPITALS}](?![a-zà-ỹ]))"
)
_CAPITALS_AFTER = re.compile(rf"\s[{CAPITALS}]{{2}}")
_NAME_AFTER = re.compile(rf"\.\s?([{CAPITALS}][^\W\d_]+)")  # V. Hugo
_BOOK_BEFORE = re.compile(
    rf"(?:[{CAPITALS}][^\W\d_]+|[^\W\d_]{{2,}}|[{CAPITALS}][^\W\d_]+[\s,]+[IVXLC]+)"
    r"(?:,| q\.| tr\.| ch\.)\s\Z"
)
_CITATION_ENDS = re.compile(r"[)\]]|[,;.:]\s?[0-9IVX]")
_LIST_BEFORE = re.compile(
    r"(?<!\w)([^\W\d_]{2,8})\s(?:[IVXL]{1,6}(?:,\s|\s?[-–]\s?|\s(?:và|hoặc|hay|đến)\s)){1,5}\Z"
)
_TITLE_BEFORE = re.compile(
    rf"(?<!\w)(?i:(?:đức )?giáo hoàng|đức thánh cha|đức|ĐTC|thánh|vua|hoàng đế|nữ hoàng|nữ vương"
    rf"|quốc vương|quận công|đại công|công tước|sa hoàng|sultan|shah|pharaoh?)\s"
    rf"(?:[{CAPITALS}][^\W\d_]*\s){{1,3}}\Z"
)
_REIGNS_AFTER = re.compile(
    r"\s(?:lên ngôi|băng hà|thoái vị|trị vì|cai trị|đăng quang|nhường ngôi|suy tôn|phong|tôn phong"
    r"|tuyên phong|ban sắc|qua đời)(?!\w)"
)
_MARKED = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_LONGEST_TITLE = 48
_SMALL_WORD_BEFORE = re.compile(r"(?<![^\W\d_])[a-zà-ỹđ]+ \Z")
_WORD = re.compile(r"(?<!\w)([^\W\d_]+) \Z")


def roman_value(written: str) -> int | None:
    """Return the value of a well-formed Roman numeral in capitals, or None.

    >>> roman_value("XXI")
    21
    >>> roman_value("IIX") is None
    True
    """
    if not written or not _WELL_FORMED.fullmatch(written):
        return None
    total = 0
    for letter, next_letter in zip(written, [*written[1:], ""], strict=True):
        value = _VALUES[letter]
        total += -value if value < _VALUES.get(next_letter, 0) else value
    return total


_NETWORK_BEFORE = re.compile(r"mạng xã hội\s\Z", re.IGNORECASE)


def _read_numeral(match: re.Match[str], accent: Accent) -> str | None:
    if match[0] == "X" and search_before(match, _NETWORK_BEFORE, 12):
        return spell("X")  # once Twitter
    value, previous_word, year = roman_value(match["numeral"]), word_before(match), match["year"]
    if value is None:
        return None
    if match["to"] and (last_value := roman_value(match["to"])):
        period_word = f"{previous_word} " if previous_word in _PERIODS and year else ""
        in_year = f" năm {cardinal(int(year), accent)}" if year else ""
        return f"{cardinal(value, accent)} đến {period_word}{cardinal(last_value, accent)}{in_year}"
    is_counted = previous_word in _CONTEXTS or _continues_list(match)
    if (
        not is_counted
        and is_vietnamese(match[0])
        and _CAPITALS_AFTER.match(match.string, match.end())
    ):
        return None  # VI PHẠM
    if not (is_counted or _follows_name(match) or _is_numeral_by_itself(match)):
        return None
    if (year and previous_word not in _PERIODS) or (match["part"] and not is_counted):
        return None
    if previous_word == "thứ" and value in (1, 4):
        return {1: "nhất", 4: "tư"}[value]
    spoken = cardinal(value, accent)
    if match["part"]:
        return f"{spoken} {spell(match['part'])}"
    if len(match["numeral"]) == 1 and not (is_counted or year or _follows_name(match)):
        return guess_letter(match, spoken)
    return spoken + (f" năm {cardinal(int(year), accent)}" if year else "")


def _is_numeral_by_itself(match: re.Match[str]) -> bool:
    """Whether a numeral is a heading or cited, or too long for an acronym: "XIII"."""
    numeral, text, start, end = match["numeral"], match.string, match.start(), match.end()
    if _is_heading(match) or _is_cited(match) or _ends_title(match):
        return True
    if len(numeral) > 2 and (set(numeral) <= set("IVX") or len(numeral) > _LONGEST_ACRONYM):
        return True
    among_capitals = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD].isupper()
    letters = word_before(match) in _BEFORE_LETTERS or among_capitals
    return len(numeral) > 1 and set(numeral) <= set("IVX") and not letters


def _is_heading(match: re.Match[str]) -> bool:
    """Whether a numeral is or begins a heading: "LXXI.", "XIV.-", "VI – BÀ TƯ", "II/ Kết quả"."""
    text, end = match.string, match.end()
    if _OPENING.fullmatch(text, 0, match.start()) is None:
        return False
    if _HEADING.match(text, end) is None:
        return False
    name = _NAME_AFTER.match(text, end)
    return len(match["numeral"]) > 1 or name is None or is_vietnamese(name[1])


def _ends_title(match: re.Match[str]) -> bool:
    """Whether a line without a full stop ends in the numeral, after a word: "Giải tích I"."""
    word = word_before(match)
    return (
        match.end() == len(match.string)
        and word not in _BEFORE_LETTERS
        and len(word) > 1
        and is_vietnamese(word)
        and search_before(match, _SMALL_WORD_BEFORE) is not None
    )


def _is_cited(match: re.Match[str]) -> bool:
    """Whether a numeral cites a part of a book: "(Luận ngữ, II)", "Kinh Thi, I, 3"."""
    start = match.start()
    book = _BOOK_BEFORE.search(match.string, max(0, start - _NEIGHBOURHOOD), start)
    return book is not None and _CITATION_ENDS.match(match.string, match.end()) is not None


def _continues_list(match: re.Match[str]) -> bool:
    """Whether a numeral continues a list after a word such as chương: "chương I, II và V"."""
    start = match.start()
    listed = _LIST_BEFORE.search(match.string, max(0, start - _NEIGHBOURHOOD), start)
    return listed is not None and listed[1].lower() in _CONTEXTS


def _follows_name(match: re.Match[str]) -> bool:
    """Whether a numeral follows the name of a ruler or a pope: "Louis XIV", "Elizabeth I"."""
    name = _WORD.search(match.string, max(0, match.start() - 24), match.start())
    numeral = match["numeral"]
    if not name or not name[1].istitle() or not set(numeral) <= set("IVX"):
        return False
    foreign = not is_vietnamese(name[1])
    if len(numeral) > 1 or (numeral == "I" and foreign):
        return True
    # Malcolm X is not a king. A foreign name with Vietnamese marks is a saint's: Piô, Lêô.
    return (
        (foreign and _MARKED.search(name[1].lower()) is not None)
        or search_before(match, _TITLE_BEFORE, _LONGEST_TITLE) is not None
        or (foreign and _REIGNS_AFTER.match(match.string, match.end()) is not None)
    )


# A single letter is a numeral only if it is I, V or X, and a longer numeral has one of these in it:
# loại C, chiến khu D, MC and CD are letters.
# "chương Ii": a program wrote the numeral like a name.
_PART_OF_BOOK_BEFORE = re.compile(r"(?<!\w)(?:mục|chương|phần|quyển|hồi|tập)\s\Z", re.IGNORECASE)
_SMALL_WORD_AFTER = re.compile(r"\s[a-zà-ỹđ]")


def _read_titled_numeral(match: re.Match[str], accent: Accent) -> str | None:
    """Read "mục Iv" and "chương Ii", but not the Vi of "phần Vi sinh"."""
    value = roman_value(match[0].upper())
    is_word = is_vietnamese(match[0]) and _SMALL_WORD_AFTER.match(match.string, match.end())
    if value is None or is_word or not search_before(match, _PART_OF_BOOK_BEFORE, 8):
        return None
    return cardinal(value, accent)


RULES = (
    Rule("roman numeral", re.compile(r"[IVX][ivx]{1,5}(?!\w)"), _read_titled_numeral),
    Rule(
        "roman numeral",
        re.compile(
            r"(?P<numeral>(?:[IVX]{1,15}(?=[ABC](?!\w))|[IVX]|(?=[LCDM]*[IVX])[IVXLCDM]{2,}+))"
            r"(?P<part>[ABC])?(?!\w)"
            r"(?:\s?[-–]\s?(?P<to>[IVX]{2,}+)(?!\w))?"
            r"(?:[/-](?P<year>[12][0-9]{3})(?![0-9/]))?"
        ),
        _read_numeral,
    ),
)
