"""Two numbers with a sign between them: fractions, marks, house numbers, scores and ratios."""

from __future__ import annotations

import re

from audiobook.vietnamese.dates import is_day, say_date
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.ordinals import ordinal
from audiobook.vietnamese.rule import Accent, Rule, is_final_score, is_told_as_score, word_before

_BEFORE_GOALS = frozenset("thắng thua hòa hoà dẫn trước".split())
_BEFORE_AN_ADDRESS = frozenset("số nhà ngõ ngách hẻm kiệt kiểu phòng tờ".split())
_BEFORE_A_MARK = frozenset("điểm áp tỷ xét mức chấm".split())
# After these a bare 2/9 is a day.
_BEFORE_A_DAY = frozenset(
    "vào lễ dịp tết nhật hôm sáng chiều tối trưa đêm khánh kiện quà mừng niệm nghỉ".split()
)
# Streets are named for days: đường 3/2.
_BEFORE_A_NAME = frozenset("đường phố cầu".split())
_LAST_MONTH = 12
_CONTEST_BEFORE = re.compile(r"\bchọi\b[^.;]*\Z")
_FRACTION_BEFORE = re.compile(r"\b(?:phân|hỗn) số\s\Z", re.IGNORECASE)
# So many of so many: 12/13 xã, 9/10 điểm; half of a thing is said otherwise.
_MARKS = re.compile(r"\s(?:điểm|phiếu)\b")
_COUNTED = re.compile(
    r"\s(?:xã|phường|quận|huyện|tỉnh|thành|đại biểu|nước|quốc gia|người|hộ|bạn|em|học sinh"
    r"|sinh viên|thí sinh|trường|lớp|câu|bài|trận|ván|hiệp|môn|mẫu|ca|tổ|thôn|bản|ấp|đơn vị|dự án"
    r"|chỉ tiêu|tiêu chí|công trình|căn|nhà|tỷ|tỉ|triệu|nghìn|ngàn|tấn|km|ha|m2|m²)\b"
)
_TEN = 10
# Open 24/7.
_BEFORE_ROUND_THE_CLOCK = frozenset("vụ cửa trực suốt động liên tục".split())
_YEARS = range(1900, 2100)
# "ngày 12, 13 và 14/8", "từ 13/3 đến 7/5/1954", "lễ 30/4 và 1/5".
_BY_A_DAY = re.compile(
    r"\b(?P<days>ngày|hôm)\s(?:[0-9]{1,2}(?:,|\svà)\s)+\|"
    r"|\btừ\s[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?\s(?:đến|tới)\s\|"
    r"|\btừ\s\|\s(?:đến|tới)\s(?:hết\s)?[0-9]{1,2}/|\b(?:đến|tới)\shết\s\|"
    r"|\b(?:ngày|lễ|dịp|tết|nghỉ|hôm|sáng|chiều|tối)\s[0-9]{1,2}/[0-9]{1,2}(?:,|\svà)\s\|"
)
_IN_BRACKETS = re.compile(r"\s*[,)]")


def _read_slashed(match: re.Match[str], accent: Accent) -> str | None:
    parts = [int(part) for part in match[0].split("/")]
    before = word_before(match)
    start = match.start()
    part = _FRACTION_BEFORE.search(match.string, max(0, start - 12), start) is not None
    if (before in _BEFORE_AN_ADDRESS and not part) or len(parts) > 2:
        return " trên ".join(cardinal(part, accent) for part in parts)
    above, below = parts
    if _CONTEST_BEFORE.search(match.string, max(0, start - 40), start):
        return f"{cardinal(above, accent)} chọi {cardinal(below, accent)}"
    if before in ("thứ", "hạng") and (below > _LAST_MONTH or not is_day(above, below)):
        return f"{ordinal(before, above, accent)} trên {cardinal(below, accent)}"
    if before in _BEFORE_A_NAME:
        day = say_date(above, below, "", "ngày", accent)
        return day or f"{cardinal(above, accent)} trên {cardinal(below, accent)}"
    if is_day(above, below) and not part:
        one_of_several = _BY_A_DAY.search(_around(match))
        no_part = above > below and before not in _BEFORE_A_MARK | _BEFORE_ROUND_THE_CLOCK
        if no_part or one_of_several or before in _BEFORE_A_DAY or _is_alone_in_brackets(match):
            named = "ngày" if one_of_several and one_of_several["days"] else before
            return say_date(above, below, "", named, accent)
    counted = below > _TEN and above > 1 and _COUNTED.match(match.string, match.end())
    marked = counted or _MARKS.match(match.string, match.end())
    if above >= below or below in _YEARS or before in _BEFORE_A_MARK or marked:
        return f"{cardinal(above, accent)} trên {cardinal(below, accent)}"
    return f"{cardinal(above, accent)} phần {'tư' if below == 4 else cardinal(below, accent)}"


def _read_house(match: re.Match[str], accent: Accent) -> str:
    parts = re.findall(r"[0-9]+|[A-ZĐ]", match[0])
    said = [spell(part) if part.isalpha() else cardinal(int(part), accent) for part in parts]
    for position, part in enumerate(parts):
        if position and not part.isalpha():
            said[position] = f"trên {said[position]}"
    return " ".join(said)


def _read_rate(match: re.Match[str], accent: Accent) -> str:
    start = match.start()
    contest = _CONTEST_BEFORE.search(match.string, max(0, start - 40), start)
    between = "chọi" if contest else "trên"
    return f"{say_number(match['one'], accent)} {between} {say_number(match['other'], accent)}"


def _around(match: re.Match[str]) -> str:
    """Return the words before a match and, marked, those after it."""
    text, start, end = match.string, match.start(), match.end()
    return f"{text[max(0, start - 24) : start]}|{text[end : end + 16]}"


def _is_alone_in_brackets(match: re.Match[str]) -> bool:
    opened = match.string[match.start() - 1 : match.start()] == "("
    return opened and _IN_BRACKETS.match(match.string, match.end()) is not None


def _read_score(match: re.Match[str], accent: Accent) -> str | None:
    ours, theirs = int(match["ours"]), int(match["theirs"])
    formula = " " in match[0] and "=" in match.string[match.end() : match.end() + 12]
    told = is_told_as_score(match)
    if formula or (ours < theirs and not told):
        return None  # a difference, a range
    return f"{cardinal(ours, accent)} {cardinal(theirs, accent)}"


def _read_ratio(match: re.Match[str], accent: Accent) -> str:
    between = " chia " if match["spaced"] else " trên "
    if word_before(match) in _BEFORE_GOALS or is_final_score(match):
        between = " "
    return say_number(match["one"], accent) + between + say_number(match["other"], accent)


_ALONE = r"(?<![0-9][/:.,-])(?<!\w)"
_END = r"(?![0-9\w]|[/:-][0-9]|[.,][0-9])"
RULES = (
    Rule(
        "fraction",
        re.compile(rf"{_ALONE}[0-9]{{1,4}}(?:/[0-9]{{1,4}}){{1,3}}{_END}"),
        _read_slashed,
    ),
    Rule(
        "house number",
        re.compile(
            rf"{_ALONE}(?=[0-9/]*[A-ZĐ])[0-9]{{1,4}}[A-ZĐ]?(?:/[0-9]{{1,4}}[A-ZĐ]?){{1,3}}{_END}"
        ),
        _read_house,
    ),
    Rule(
        "rate",
        re.compile(rf"{_ALONE}(?P<one>{NUMBER})/(?P<other>{NUMBER})(?![0-9\w]|[/:-][0-9])"),
        _read_rate,
    ),
    Rule(
        "score",
        re.compile(rf"{_ALONE}(?P<ours>[0-9]{{1,2}})\s?[-–]\s?(?P<theirs>[0-9]{{1,2}}){_END}"),
        _read_score,
    ),
    Rule(
        "ratio",
        re.compile(
            rf"{_ALONE}(?P<one>{NUMBER})(?P<spaced> )?:(?(spaced) )(?P<other>{NUMBER})"
            r"(?![/:-][0-9]|\w)"
        ),
        _read_ratio,
    ),
)
