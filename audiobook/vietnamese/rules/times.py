"""Times of day and durations on a clock, and the days of the week in short."""

from __future__ import annotations

import re

from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.ordinals import ordinal
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    ends_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.scores import follows_score_word

# Minutes that stand apart are two digits or named: "8h 5 người".
_CLOCK = (
    r"(?P<h{n}>[0-9]{{1,2}})(?:\s?(?:h|giờ)|(?P<g{n}>g))"
    r"(?:\s?(?P<m{n}>[0-5]?[0-9])(?:\s?(?:phút|ph|p|['’′](?!\w))|(?<=[0-9][0-9])|(?<=[hgờ][0-9])))?"
    r"(?![\w]|[.,][0-9])"
)
_COLON = (
    r"(?P<h{n}>[0-9]{{1,2}}):(?P<m{n}>[0-5][0-9])(?::(?P<s{n}>[0-5][0-9]))?h?"
    r"(?:(?!\w|:\S)|(?=[AaPp][Mm]\b))(?:\s?(?P<half{n}>[AaPp][Mm])(?!\w))?"
)
# 12'30", 30-45', 3’: not the degrees of a place, nor a quotation that ends.
_MINUTES = (
    r"(?<![\w.,:'°])(?:(?P<low>[0-9]{1,3})\s?[-–]\s?)?(?P<minutes>[0-9]{1,3})(?P<sign>['’′])"
    r"(?:(?P<seconds>[0-5]?[0-9])(?:(?:[\"″”]|'')(?P<hundredths>[0-9]{2})|[\"″”]|''|s)?)?(?![\w'])"
)
_QUOTES = {"'": ("'", "'"), "’": ("‘", "’"), "′": ("‵", "′")}
# A quotation that nothing but minutes seems to have closed: "'Quận 7'".
_OPEN_QUOTE = re.compile(r"(?<![\w.,!?])'(?:[^']|(?<=[0-9])')*\Z")
_SENTENCE = 400  # characters, within which a quotation is looked for
# Not in the middle of 1:2:30 or 1,5h.
_START = r"(?<![0-9][:.,])"
_TO = r"\s?[-–—]\s?"
# "từ 8g-10g tại phường": what is weighed is named.
_NOTHING_WEIGHED = re.compile(
    r"\s*(?:[.,;)]|\Z|(?:tại|ở|ngày|hôm|hằng|hàng|mỗi|các|thứ|đến|tới|và|có|sẽ|cùng|thì|khi)\b)"
)
_FROM_AN_HOUR = re.compile(r"\btừ\s(?:lúc\s)?[0-9]{1,2}g(?:[0-5][0-9])?\s(?:đến|tới)\s\Z")
_TO_A_WEIGHT = re.compile(r"\s(?:đến|tới)\s[0-9]{1,2}g(?P<rest>\s*\S+|\Z)")
_HALF_DAY = (
    r"(?<![\w.,:])(?P<hour>[0-9]{1,2})"
    rf"(?:(?:\s?(?P<first>[AaPp][Mm]))?{_TO}(?P<last>[0-9]{{1,2}}))?"
    r"(?:\s?(?P<half>[AP]M)|(?P<small>[ap]m))(?!\w)"
)
_PART_OF_DAY = re.compile(r"\s(?:sáng|trưa|chiều|tối|đêm)\b")


def _part_of_day(hour: int, half: str) -> str:
    """Return the part of the day that AM and PM leave to the hour."""
    if half.upper() == "AM":
        return "sáng"
    if hour == 12:
        return "trưa"
    return "chiều" if hour < 6 else "tối"


def _with_part_of_day(said: str, hour: int, half: str, match: re.Match[str]) -> str:
    """Add the part of the day, unless the text goes on with one: "7pm tối nay"."""
    if hour > 12 or _PART_OF_DAY.match(match.string, match.end()):
        return said
    return f"{said} {_part_of_day(hour, half)}"


def _say(hour: str, minute: str | None, second: str | None, accent: Accent) -> str:
    said = f"{cardinal(int(hour), accent)} giờ"
    if minute and (int(minute) or second):
        said += f" {cardinal(int(minute), accent)} phút"
    if second and int(second):
        said += f" {cardinal(int(second), accent)} giây"
    return said


_HOUR_AFTER = re.compile(r" giờ(?!\w)")


def _read(match: re.Match[str], accent: Accent) -> str | None:
    parts = match.groupdict()
    hours = [int(parts[name]) for name in ("h1", "h2") if parts.get(name)]
    if max(hours) > 24 or (":" in match[0] and follows_score_word(match)):
        return None
    if parts.get("g1") and not parts["m1"] and not _is_said_of_time(match):
        return None  # 5g is a weight
    said = _say(parts["h1"], parts["m1"], parts.get("s1"), accent)
    if parts.get("half1"):
        said = _with_part_of_day(said, hours[0], parts["half1"], match)
    if len(hours) == 2:
        said += " đến " + _say(parts["h2"], parts["m2"], parts.get("s2"), accent)
        if parts.get("half2"):
            said = _with_part_of_day(said, hours[1], parts["half2"], match)
    # "08:00 giờ Việt Nam"
    return said.removesuffix(" giờ") if _HOUR_AFTER.match(match.string, match.end()) else said


def _read_minutes(match: re.Match[str], accent: Accent) -> str | None:
    opening, closing = _QUOTES[match["sign"]]
    text = text_before(match, _SENTENCE)
    if opening == closing:
        quoted = _OPEN_QUOTE.search(text) is not None
    else:
        quoted = text.rfind(opening) > text.rfind(closing)
    if quoted:
        return None  # it closes a quotation
    said = cardinal(int(match["low"]), accent) + " đến " if match["low"] else ""
    said += cardinal(int(match["minutes"]), accent)
    if word_before(match) != "phút":
        said += " phút"
    if match["seconds"]:
        said += f" {cardinal(int(match['seconds']), accent)} giây"
    if match["hundredths"]:
        said += f" {_say_hundredths(match['hundredths'], accent)}"
    return said


def _say_hundredths(hundredths: str, accent: Accent) -> str:
    padded = hundredths[0] == "0"
    return digits(hundredths, accent) if padded else cardinal(int(hundredths), accent)


def _read_stopwatch(match: re.Match[str], accent: Accent) -> str:
    """Read the 4:42.88 of a swimmer."""
    said = f"{cardinal(int(match['minutes']), accent)} phút"
    said += f" {cardinal(int(match['seconds']), accent)} giây"
    return f"{said} {_say_hundredths(match['hundredths'], accent)}"


def _read_seconds(match: re.Match[str], accent: Accent) -> str:
    """Read the 10"25 of a runner: seconds and hundredths."""
    said = f"{cardinal(int(match['seconds']), accent)} giây"
    return f"{said} {cardinal(int(match['hundredths']), accent)}"


def _is_said_of_time(match: re.Match[str]) -> bool:
    text, end = match.string, match.end()
    before = word_before(match)
    if before in ("lúc", "hồi") or _PART_OF_DAY.match(text, end):
        return True
    if ends_before(match, _FROM_AN_HOUR) and _NOTHING_WEIGHED.match(text, end):
        return True
    if before not in ("từ", "trước", "sau") or not _NOTHING_WEIGHED.match(text, end):
        return False
    last = _TO_A_WEIGHT.match(text, end)
    return not last or _NOTHING_WEIGHED.match(last["rest"]) is not None


def _read_half_day(match: re.Match[str], accent: Accent) -> str | None:
    hour, half = int(match["hour"]), match["half"] or match["small"]
    last = int(match["last"] or hour)
    if not (1 <= hour <= 12 and 1 <= last <= 12):
        return None
    said = f"{cardinal(hour, accent)} giờ"
    if match["first"]:
        said += f" {_part_of_day(hour, match['first'])}"
    if match["last"]:
        said += f" đến {cardinal(last, accent)} giờ"
    return _with_part_of_day(said, last, half, match)


# "T2-T6", "T7 & CN", "T3, T5": not the terminals of an airport, nor bones of the spine.
_DAY_OF_WEEK = r"(?:[Tt][2-7]|CN|cn)"
_BEFORE_A_WEEKDAY = frozenset(
    "sáng trưa chiều tối đêm ngày hôm lịch ca các riêng từ vào thứ mỗi hàng hằng học".split()
)
_BEFORE_OTHER_CODES = frozenset("ga sống tòa toà lô nhà xe tăng sân cảng đốt xã phòng".split())
_IN_A_WEEK = re.compile(r"\s(?:hằng|hàng|mỗi|các|trong) tuần|\s(?:tuần|hằng|hàng)\b")
_BETWEEN_WEEKDAYS = {
    **dict.fromkeys(("-", "–", "đến"), "đến"),
    **dict.fromkeys(("&", "+", "/", "và"), "và"),
    ",": ",",
}


def _weekday(short: str, accent: Accent) -> str:
    if short in ("CN", "cn"):
        return "chủ nhật"
    return f"thứ {ordinal('thứ', int(short[1]), accent)}"


def _read_weekdays(match: re.Match[str], accent: Accent) -> str | None:
    if word_before(match) in _BEFORE_OTHER_CODES:
        return None
    said = ""
    for between, short in re.findall(rf"(và|đến|[-–,&+/]?)\s?({_DAY_OF_WEEK})", match[0]):
        said += f"{' ' * (between != ',')}{_BETWEEN_WEEKDAYS[between]} " if between else ""
        said += _weekday(short, accent)
    return said


def _read_weekday(match: re.Match[str], accent: Accent) -> str | None:
    before = word_before(match)
    in_a_week = _IN_A_WEEK.match(match.string, match.end())
    if not in_a_week and before not in _BEFORE_A_WEEKDAY:
        return None
    said = _weekday(match[0], accent)
    return said.removeprefix("thứ ") if before == "thứ" else said


# 30p may count the pictures in a second.
_BEFORE_A_PICTURE = frozenset("video phim hình nét giải gốc quay full".split())


def _read_short_minutes(match: re.Match[str], accent: Accent) -> str | None:
    """Read "sau ăn 30p" as minutes."""
    if word_before(match) in _BEFORE_A_PICTURE:
        return None
    low = f"{cardinal(int(match['low']), accent)} đến " if match["low"] else ""
    return f"{low}{cardinal(int(match['minutes']), accent)} phút"


def _read_tour(match: re.Match[str], accent: Accent) -> str | None:
    """Read 3N2Đ: a journey of three days and two nights."""
    days, nights = int(match["days"]), int(match["nights"])
    if abs(days - nights) > 1:
        return None
    return f"{cardinal(days, accent)} ngày {cardinal(nights, accent)} đêm"


_AGED = re.compile(
    r"(?<!\w)(?:bé|con|cháu|em|anh|chị|ông|bà|mình|tuổi|già|trẻ|học|cưới|nam|nữ|người|sinh|đời|nay|bố"
    r"|mẹ|thọ|mất|công nhân|khách|ở tuổi|thằng|đứa|cô|chú|bác|cụ|vợ|chồng)(?!\w)",
    re.IGNORECASE,
)
_WEIGHED_BEFORE = re.compile(
    r"(?<!\w)(?:xe|tải|hàng|container|cont|nặng|cẩu|cân|chở|trọng lượng|được|khoảng)\s"
    r"(?:[^\W\d_]{1,7}\s){0,1}\Z",
    re.IGNORECASE,
)
_WEIGHED_AFTER = re.compile(
    r"\s(?:hàng|thép|gạo|cát|đá|lúa|thóc|xi măng|sắt|rau|phân|muối|đường)\b"
)
_NEIGHBOURHOOD = 60


def _read_age(match: re.Match[str], accent: Accent) -> str | None:
    """Read "cụ nhà mình 70t" of an age, not the five tons of a lorry."""
    around = text_before(match, _NEIGHBOURHOOD) + " " + text_after(match, _NEIGHBOURHOOD)
    weighed = ends_before(match, _WEIGHED_BEFORE, 24) or _WEIGHED_AFTER.match(
        match.string, match.end()
    )
    if weighed or not _AGED.search(around):
        return None
    low = f"{cardinal(int(match['low']), accent)} đến " if match["low"] else ""
    return f"{low}{cardinal(int(match['age']), accent)} tuổi"


def _rules() -> tuple[Rule, ...]:
    stopwatch = (
        r"(?<![\w.,:])(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9])[.,](?P<hundredths>[0-9]{2})"
        r"(?![\w:]|[.,][0-9])"
    )
    rules = [Rule("minutes and seconds", re.compile(stopwatch), _read_stopwatch)]
    for clock in (_CLOCK, _COLON):
        first, second = clock.format(n=1), clock.format(n=2)
        rules.append(Rule("time range", re.compile(_START + first + _TO + second), _read))
        # "17h 27/6": the number is a day.
        rules.append(Rule("time", re.compile(_START + first + "(?!/[0-9])"), _read))
    rules.append(Rule("time", re.compile(_HALF_DAY), _read_half_day))
    rules.append(Rule("minutes and seconds", re.compile(_MINUTES), _read_minutes))
    seconds = r"(?<![\w.,:'\"])(?P<seconds>[0-9]{1,2})[\"”″](?P<hundredths>[0-9]{2})(?![\w'\"”])"
    rules.append(Rule("seconds", re.compile(seconds), _read_seconds))
    weekdays = (
        r"(?<!\w)[Tt][2-7]"
        rf"(?:\s?(?:[-–,&+/]|\bvà\b|\bđến\b)\s?{_DAY_OF_WEEK}(?!\w)){{1,6}}(?![-/][0-9])"
    )
    rules.append(Rule("days of the week", re.compile(weekdays), _read_weekdays))
    rules.append(Rule("day of the week", re.compile(r"(?<!\w)T[2-7](?![\w/-])"), _read_weekday))
    tour = r"(?<![\w.,])(?P<days>[0-9]{1,2})[Nn]\s?[-/]?\s?(?P<nights>[0-9]{1,2})[ĐDđd](?!\w)"
    rules.append(Rule("days and nights", re.compile(tour), _read_tour))
    minutes = r"(?<![\w.,])(?:(?P<low>[0-9]{1,2})p?-)?(?P<minutes>[1-9][0-9]?)p(?![\w/]|-[0-9])"
    rules.append(Rule("minutes", re.compile(minutes), _read_short_minutes))
    age = r"(?<![\w.,])(?:(?P<low>[0-9]{1,2})-)?(?P<age>[1-9][0-9]?)t(?![\w/]|-[0-9])"
    rules.append(Rule("age", re.compile(age), _read_age))
    return tuple(rules)


RULES = _rules()
