"""Two numbers with a slash between them: fractions, marks, house numbers and rates."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.calendar import is_day, say_date
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.rules.ordinals import ordinal
from audiobook.vietnamese.rules.rule import (
    Accent,
    Guess,
    Rule,
    search_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.sets_of_matches import LAST_MONTH, is_set_of_match
from audiobook.vietnamese.rules.units import UNIT, say_unit
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_pairs

_BEFORE_AN_ADDRESS = frozenset("số nhà ngõ ngách hẻm kiệt kiểu phòng tờ lớp".split())
_BEFORE_A_MARK = frozenset("điểm áp tỷ xét mức chấm".split())
# After these a bare 2/9 is a day.
_BEFORE_A_DAY = frozenset(
    "vào lễ dịp tết đạo nhật hôm sáng chiều tối trưa đêm khuya khánh kiện quà mừng niệm nghỉ phiên"
    " ngày".split()
)
# After these it is a day where the clause ends, or where such words follow: "từ 1/7, giá tăng",
# "đến 1/7 tới".
_BEFORE_A_LIMIT = frozenset("từ đến tới hết trước sau".split())
_DAY_FOLLOWS = re.compile(
    r"\s*(?:[,;)]|\Z)|\s(?:tới|này|trở|sẽ|năm|vừa|hằng|hàng|(?:đến|tới) (?:nay|hết|cuối))\b"
)
# Streets are named for days: đường 3/2.
_BEFORE_A_NAME = frozenset("đường phố cầu".split())
_CONTEST_BEFORE = re.compile(r"\bchọi\b[^.;]*\Z")
_FRACTION_BEFORE = re.compile(r"\b(?:phân|hỗn) số\s\Z", re.IGNORECASE)
# A count out of a total: 12/13 xã, 9/10 điểm; a part of one thing is read as a fraction.
_MARKS = re.compile(r"\s(?:điểm|phiếu)\b")
_COUNTED = re.compile(
    r"\s(?:xã|phường|quận|huyện|tỉnh|thành|đại biểu|nước|quốc gia|người|hộ|bạn|em|học sinh"
    r"|sinh viên|thí sinh|trường|lớp|câu|bài|trận|ván|hiệp|môn|mẫu|ca|tổ|thôn|bản|ấp|đơn vị|dự án"
    r"|chỉ tiêu|tiêu chí|công trình|căn|nhà|tỷ|tỉ|triệu|nghìn|ngàn|tấn|tạ|kg|km|ha|mét|m2|m²|m|đội"
    r"|tuyến|vị trí|chiếc|con|tàu|xe|máy|cơ sở|doanh nghiệp|địa phương|phòng|bộ|cầu|gói|nhóm|loại"
    r"|thành viên|ngày|tháng|tuần|buổi|lô|thửa|phương án|ủy viên|uỷ viên)\b"
)
_TEN = 10
# From this numerator on it is a ratio, not a fraction: 400/800.
_MANY = 100
# Open 24/7, unless a word for a day stands before it; shared 50/50.
_ROUND_THE_CLOCK = "24/7"
_HALVES = "50/50"
# A foreign name before the number: Mega 6/45 is a lottery, not a fraction.
_NAME_BEFORE = re.compile(r"(?<!\S)(?P<name>[A-Z][a-z]{2,16})\s\Z")
_YEARS = range(1900, 2100)
# "ngày 12, 13 và 14/8", "từ 13/3 đến 7/5/1954", "lễ 30/4 và 1/5".
_BY_A_DAY = re.compile(
    r"\b(?P<days>ngày|hôm)\s(?:[0-9]{1,2}(?:,|\svà)\s)+\|"
    r"|\btừ\s[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?\s(?:đến|tới)\s\|"
    r"|\btừ\s\|\s(?:đến|tới)\s(?:hết\s)?[0-9]{1,2}/|\b(?:đến|tới)\shết\s\|"
    r"|\b(?:ngày|lễ|dịp|tết|nghỉ|hôm|sáng|chiều|tối)\s[0-9]{1,2}/[0-9]{1,2}(?:,|\svà)\s\|"
)
# "= 10/4 = 5/2" is no day.
_VALUE_BEFORE = re.compile(r"[=≈+×]\s?\Z")
_PRESSURE_BEFORE = re.compile(r"(?<!\w)huyết áp(?!\w).{0,40}\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[,)]")


_MEMORY = ("GB", "TB", "MB", "gb")


def _read_slashed(match: re.Match[str], accent: Accent) -> str | None:
    if match["unit"] in _MEMORY:  # sold with either: 32/64GB
        choices = (cardinal(int(part), accent) for part in match["parts"].split("/"))
        return f"{', '.join(choices)} {say_unit(match['unit'], accent)}"
    spoken = _say_slashed(match, accent)
    return f"{spoken} {say_unit(match['unit'], accent)}" if spoken and match["unit"] else spoken


def _say_slashed(match: re.Match[str], accent: Accent) -> str | None:
    parts = [int(part) for part in match["parts"].split("/")]
    previous_word = word_before(match)
    is_fraction = search_before(match, _FRACTION_BEFORE, 12) is not None
    if len(parts) == 2 and is_set_of_match(match):
        return f"{cardinal(parts[0], accent)} {cardinal(parts[1], accent)}"
    if (previous_word in _BEFORE_AN_ADDRESS and not is_fraction) or len(parts) > 2:
        return _join_with_over(parts, accent)
    above, below = parts
    if above in _YEARS and below in (above + 1, (above + 1) % 100) and not match["unit"]:
        # A season of football.
        last_year = match["parts"].partition("/")[2]
        return f"{cardinal(above, accent)} {say_number(last_year, accent)}"
    if search_before(match, _CONTEST_BEFORE, 40):
        return f"{cardinal(above, accent)} chọi {cardinal(below, accent)}"
    if previous_word in ("thứ", "hạng") and (below > LAST_MONTH or not is_day(above, below)):
        return f"{ordinal(previous_word, above, accent)} trên {cardinal(below, accent)}"
    if match[0] == _HALVES:
        return f"{cardinal(above, accent)} {cardinal(below, accent)}"
    if previous_word in _BEFORE_A_NAME:
        return say_date(above, below, "", "ngày", accent) or _join_with_over(parts, accent)
    counted = match["unit"] or _COUNTED.match(match.string, match.end())
    if (
        is_day(above, below)
        and not is_fraction
        and (day_word := _find_day_word(match, bool(counted)))
    ):
        day = say_date(above, below, "", day_word.strip(), accent)
        # Without a word for a day, as in a bare 12/7, it is a guess.
        return day if day is None or _find_day_word(match, counted=True) else Guess(day)
    marked = (counted and below > _TEN and above > 1) or _MARKS.match(match.string, match.end())
    name = search_before(match, _NAME_BEFORE)
    of_a_name = name is not None and not is_vietnamese(name["name"])
    many = above >= _MANY and not is_fraction
    if (
        above >= below
        or below in _YEARS
        or previous_word in _BEFORE_A_MARK
        or marked
        or of_a_name
        or many
    ):
        return _join_with_over(parts, accent)
    spoken = _say_fraction(above, below, accent)
    # 4/5 may be a day, too.
    return Guess(spoken) if is_day(above, below) and not (is_fraction or counted) else spoken


def _join_with_over(parts: list[int], accent: Accent) -> str:
    return " trên ".join(cardinal(part, accent) for part in parts)


def _find_day_word(match: re.Match[str], counted: bool) -> str:
    """Return the word before a day, or a space where no word is; empty if it is not a day."""
    above, below = map(int, match["parts"].split("/"))
    previous_word = word_before(match)
    if search_before(match, _VALUE_BEFORE, 4):
        return ""
    one_of_several = _BY_A_DAY.search(_marked_context(match))
    if one_of_several and one_of_several["days"]:
        return "ngày"
    if one_of_several or previous_word in _BEFORE_A_DAY or _is_alone_in_brackets(match):
        return previous_word or " "
    if previous_word in _BEFORE_A_LIMIT and _DAY_FOLLOWS.match(match.string, match.end()):
        return previous_word
    no_part = above > below and previous_word not in _BEFORE_A_MARK and not counted
    return (previous_word or " ") if no_part and match[0] != _ROUND_THE_CLOCK else ""


def _read_house_number(match: re.Match[str], accent: Accent) -> str:
    return " trên ".join(
        " ".join(
            spell(part) if part.isalpha() else cardinal(int(part), accent)
            for part in re.findall(r"[0-9]+|[A-ZĐ]", number)
        )
        for number in match[0].split("/")
    )


def _read_rate(match: re.Match[str], accent: Accent) -> str:
    separator = "chọi" if search_before(match, _CONTEST_BEFORE, 40) else "trên"
    unit = f" {say_unit(match['unit'], accent)}" if match["unit"] else ""
    return (
        f"{say_number(match['one'], accent)} {separator} {say_number(match['other'], accent)}{unit}"
    )


def _read_rates(match: re.Match[str], accent: Accent) -> str:
    """Read "68-170/100.000 dân", a range of rates."""
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    return f"{low} đến {high} trên {say_number(match['other'], accent)}"


def _read_out_of(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return " trên"


def _read_pressure(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "trên" if search_before(match, _PRESSURE_BEFORE, 48) else None


def _read_mixed_number(match: re.Match[str], accent: Accent) -> str:
    """Read 1½ as "một và một phần hai"."""
    return f"{cardinal(int(match['whole']), accent)} và {_PARTS[match['part']]}"


def _read_fraction_range(match: re.Match[str], accent: Accent) -> str | None:
    """Read "1/3-1/2 số hộ", a range from one fraction to another."""
    above, below, above2, below2 = map(int, match.groups())
    if not (above < below <= _TEN and above2 < below2 <= _TEN):
        return None
    return f"{_say_fraction(above, below, accent)} đến {_say_fraction(above2, below2, accent)}"


_DAY_BEFORE = re.compile(
    r"(?<!\w)(?:ngày|hôm|từ|đến|sáng|chiều|tối|trưa|đêm|lễ|dịp|tết|phiên|số|nhà)\s\Z", re.IGNORECASE
)


def _read_range_from_fraction(match: re.Match[str], accent: Accent) -> str | None:
    """Read "1/2-1 thìa", a range from a fraction to a whole number."""
    above, below, whole = (int(match[name]) for name in ("above", "below", "whole"))
    if not above < below <= _TEN or search_before(match, _DAY_BEFORE, 8):
        return None
    return f"{_say_fraction(above, below, accent)} đến {cardinal(whole, accent)}"


def _say_fraction(above: int, below: int, accent: Accent) -> str:
    fourth = DIALECTS[accent]["fourth"]
    return f"{cardinal(above, accent)} phần {fourth if below == 4 else cardinal(below, accent)}"


def _marked_context(match: re.Match[str]) -> str:
    """Return the text around a match, with a vertical bar in place of the match."""
    return f"{text_before(match, 24)}|{text_after(match, 16)}"


def _is_alone_in_brackets(match: re.Match[str]) -> bool:
    characters_before = text_before(match, 2)
    opened = characters_before[-1:] == "(" and characters_before[0] not in "^*×·/√"
    return opened and _IN_BRACKETS.match(match.string, match.end()) is not None


_PARTS = {sign: said for sign, said in load_pairs("symbols.tsv").items() if " phần " in said}
_ALONE = r"(?<![0-9][/:.,-])(?<!\w)"
_END = r"(?![0-9\w]|[/:-][0-9]|[.,][0-9])"
RULES = (
    Rule(
        "mixed number",
        re.compile(rf"{_ALONE}(?P<whole>[0-9]{{1,3}})\s?(?P<part>[{''.join(_PARTS)}])"),
        _read_mixed_number,
    ),
    Rule(
        "range of fractions",
        re.compile(
            rf"{_ALONE}([0-9]{{1,2}})/([0-9]{{1,2}})\s?[-–]\s?([0-9]{{1,2}})/([0-9]{{1,2}}){_END}"
        ),
        _read_fraction_range,
    ),
    Rule(
        "range of fractions",
        re.compile(
            rf"{_ALONE}(?P<above>[1-9])/(?P<below>[2-9])\s?[-–]\s?(?P<whole>[1-9])"
            r"(?=\s(?:thìa|muỗng|muôi|chén|bát|cup|cốc|ly|tách|quả|trái|củ|kg|gam|g|lít|giờ|tiếng|tháng"
            r"|năm|tuần|m|mét|cm|tép|miếng|lát|gói|viên|ống|chai|lon|tấn|tạ|ha)(?!\w))"
        ),
        _read_range_from_fraction,
    ),
    Rule(
        "fraction",
        re.compile(
            rf"{_ALONE}(?P<parts>[0-9]{{1,4}}(?:/[0-9]{{1,4}}){{1,3}})"
            rf"(?:(?P<unit>{UNIT})|{_END})"
        ),
        _read_slashed,
        needs="/",
    ),
    Rule(
        "house number",
        re.compile(
            # Tyres too: 275/50R22.
            rf"{_ALONE}(?=[0-9][0-9/]{{0,19}}[A-ZĐ])[0-9]{{1,4}}[A-ZĐ]?"
            rf"(?:/[0-9]{{1,4}}(?:[A-ZĐ]{{1,2}}[0-9]{{0,2}})?){{1,3}}{_END}"
        ),
        _read_house_number,
    ),
    Rule(
        "rate",
        re.compile(
            rf"{_ALONE}(?P<low>{NUMBER})\s?[-–]\s?(?P<high>{NUMBER})"
            r"/(?P<other>100|1[.,]?000|10[.,]?000|100[.,]?000|1[.,]000[.,]000)(?![0-9\w]|[/:.,-][0-9])"
        ),
        _read_rates,
        needs="/",
    ),
    # "huyết áp 120 / 80"
    Rule("blood pressure", re.compile(r"(?<=[0-9] )/(?= [0-9]{2,3}(?!\w))"), _read_pressure),
    Rule("out of", re.compile(r"/(?=\s?(?:bao nhiêu|mấy|tổng)(?!\w))(?<=[0-9%].)"), _read_out_of),
    Rule(
        "rate",
        re.compile(
            rf"{_ALONE}(?P<one>{NUMBER})/(?P<other>{NUMBER})(?:\s?(?P<unit>{UNIT})|(?![0-9\w]|[/:-][0-9]))"
        ),
        _read_rate,
        needs="/",
    ),
)
