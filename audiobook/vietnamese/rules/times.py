"""Times of day, durations, and abbreviated days of the week."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.ordinals import ordinal
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    search_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.scores import follows_score_word

# Minutes after a space have two digits or a unit, because of "8h 5 người".
_CLOCK = (
    r"(?P<h{n}>[0-9]{{1,2}})(?:\s?(?:h|giờ)|(?P<g{n}>g))"
    r"(?:\s?(?P<m{n}>[0-5]?[0-9])(?:\s?(?:phút|ph|p|['’′](?!\w))|(?<=[0-9][0-9])|(?<=[hgờ][0-9])))?"
    r"(?![\w]|[.,][0-9])"
)
_COLON = (
    r"(?P<h{n}>[0-9]{{1,2}}):(?P<m{n}>[0-5][0-9])(?::(?P<s{n}>[0-5][0-9]))?h?"
    r"(?:(?!\w|:\S)|(?=[AaPp][Mm]\b))(?:\s?(?P<half{n}>[AaPp][Mm])(?!\w))?"
)
# 12'30", 30-45' and 3’, but not the minutes of a coordinate, nor the end of a quotation.
_MINUTES = (
    r"(?<![\w.,:'°])(?:(?P<low>[0-9]{1,3})\s?[-–]\s?)?(?P<minutes>[0-9]{1,3})(?P<sign>['’′])"
    r"(?:(?P<seconds>[0-5]?[0-9])(?:(?:[\"″”]|'')(?P<hundredths>[0-9]{2})|[\"″”]|''|s)?)?(?![\w'])"
)
# "phút 90+11'" names the minute already.
_STOPPAGE_BEFORE = re.compile(r"phút (?:45|90|105|120)\s?\+\s?\Z", re.IGNORECASE)
_QUOTES = {"'": ("'", "'"), "’": ("‘", "’"), "′": ("‵", "′")}
# An open quotation, whose closing mark would look like minutes: "'Quận 7'".
_OPEN_QUOTE = re.compile(r"(?<![\w.,!?])'(?:[^']|(?<=[0-9])')*\Z")
_SENTENCE = 400  # characters, within which a quotation is looked for
# Not in the middle of 1:2:30 or 1,5h.
_START = r"(?<![0-9][:.,])"
_TO = r"\s?[-–—]\s?"
# "từ 8g-10g tại phường": these follow an hour; after a weight the thing weighed is named.
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
_LAST_SECOND = 59
_PART_OF_DAY = re.compile(r"\s(?:sáng|trưa|chiều|tối|đêm)\b")


def _part_of_day(hour: int, half: str) -> str:
    """Return the Vietnamese part of the day for an hour with AM or PM."""
    if half.upper() == "AM":
        return "sáng"
    if hour == 12:
        return "trưa"
    return "chiều" if hour < 6 else "tối"


def _with_part_of_day(spoken: str, hour: int, half: str, match: re.Match[str]) -> str:
    """Add the part of the day to a time, unless one follows in the text: "7pm tối nay"."""
    if hour > 12 or _PART_OF_DAY.match(match.string, match.end()):
        return spoken
    return f"{spoken} {_part_of_day(hour, half)}"


def _say_time(hour: str, minute: str | None, second: str | None, accent: Accent) -> str:
    spoken = f"{cardinal(int(hour), accent)} giờ"
    if minute and (int(minute) or second):
        spoken += f" {cardinal(int(minute), accent)} phút"
    if second and int(second):
        spoken += f" {cardinal(int(second), accent)} giây"
    return spoken


_HOUR_AFTER = re.compile(r" giờ(?!\w)")


def _read_clock(match: re.Match[str], accent: Accent) -> str | None:
    parts = match.groupdict()
    hours = [int(parts[name]) for name in ("h1", "h2") if parts.get(name)]
    if max(hours) > 24 or (":" in match[0] and follows_score_word(match)):
        return None
    if parts.get("g1") and not parts["m1"] and not _is_hour(match):
        return None  # 5g is a weight
    spoken = _say_time(parts["h1"], parts["m1"], parts.get("s1"), accent)
    if parts.get("half1"):
        spoken = _with_part_of_day(spoken, hours[0], parts["half1"], match)
    if len(hours) == 2:
        spoken += " đến " + _say_time(parts["h2"], parts["m2"], parts.get("s2"), accent)
        if parts.get("half2"):
            spoken = _with_part_of_day(spoken, hours[1], parts["half2"], match)
    # "08:00 giờ Việt Nam"
    return spoken.removesuffix(" giờ") if _HOUR_AFTER.match(match.string, match.end()) else spoken


def _read_minutes(match: re.Match[str], accent: Accent) -> str | None:
    opening, closing = _QUOTES[match["sign"]]
    text = text_before(match, _SENTENCE)
    if opening == closing:
        quoted = _OPEN_QUOTE.search(text) is not None
    else:
        quoted = text.rfind(opening) > text.rfind(closing)
    if quoted:
        return None  # it closes a quotation
    spoken = cardinal(int(match["low"]), accent) + " đến " if match["low"] else ""
    spoken += cardinal(int(match["minutes"]), accent)
    if word_before(match) != "phút" and not search_before(match, _STOPPAGE_BEFORE, 12):
        spoken += " phút"
    if match["seconds"]:
        spoken += f" {cardinal(int(match['seconds']), accent)} giây"
    if match["hundredths"]:
        spoken += f" {_say_hundredths(match['hundredths'], accent)}"
    return spoken


def _say_hundredths(hundredths: str, accent: Accent) -> str:
    padded = hundredths[0] == "0"
    return digits(hundredths, accent) if padded else cardinal(int(hundredths), accent)


def _read_stopwatch(match: re.Match[str], accent: Accent) -> str:
    """Read 4:42.88, the result of a swimmer: minutes, seconds and hundredths."""
    spoken = f"{cardinal(int(match['minutes']), accent)} phút"
    spoken += f" {cardinal(int(match['seconds']), accent)} giây"
    return f"{spoken} {_say_hundredths(match['hundredths'], accent)}"


def _read_colons(match: re.Match[str], accent: Accent) -> str | None:
    """Read 2:13:64, the result of a runner; more than 59 at the end are no seconds."""
    is_ratio = int(match["hundredths"]) <= _LAST_SECOND or word_before(match) in ("lệ", "số")
    return None if is_ratio else _read_stopwatch(match, accent)


def _read_seconds(match: re.Match[str], accent: Accent) -> str:
    """Read 10"25, the result of a runner: seconds and hundredths."""
    spoken = f"{cardinal(int(match['seconds']), accent)} giây"
    return f"{spoken} {cardinal(int(match['hundredths']), accent)}"


def _is_hour(match: re.Match[str]) -> bool:
    """Whether the g of "lúc 5g" means an hour, not grams."""
    text, end = match.string, match.end()
    previous_word = word_before(match)
    if previous_word in ("lúc", "hồi") or _PART_OF_DAY.match(text, end):
        return True
    if search_before(match, _FROM_AN_HOUR) and _NOTHING_WEIGHED.match(text, end):
        return True
    if previous_word not in ("từ", "trước", "sau") or not _NOTHING_WEIGHED.match(text, end):
        return False
    second_hour = _TO_A_WEIGHT.match(text, end)
    return not second_hour or _NOTHING_WEIGHED.match(second_hour["rest"]) is not None


def _read_twelve_hour_time(match: re.Match[str], accent: Accent) -> str | None:
    hour, half = int(match["hour"]), match["half"] or match["small"]
    last_hour = int(match["last"] or hour)
    if not (1 <= hour <= 12 and 1 <= last_hour <= 12):
        return None
    spoken = f"{cardinal(hour, accent)} giờ"
    if match["first"]:
        spoken += f" {_part_of_day(hour, match['first'])}"
    if match["last"]:
        spoken += f" đến {cardinal(last_hour, accent)} giờ"
    return _with_part_of_day(spoken, last_hour, half, match)


# "T2-T6", "T7 & CN", "T3, T5"; the terminals of an airport and vertebrae look the same.
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


def _say_weekday(short: str, accent: Accent) -> str:
    """Return the day of the week for T2 to T7 or CN."""
    if short in ("CN", "cn"):
        return "chủ nhật"
    return f"thứ {ordinal('thứ', int(short[1]), accent)}"


def _read_weekdays(match: re.Match[str], accent: Accent) -> str | None:
    if word_before(match) in _BEFORE_OTHER_CODES:
        return None
    spoken = ""
    for separator, short in re.findall(rf"(và|đến|[-–,&+/]?)\s?({_DAY_OF_WEEK})", match[0]):
        spoken += f"{' ' * (separator != ',')}{_BETWEEN_WEEKDAYS[separator]} " if separator else ""
        spoken += _say_weekday(short, accent)
    return spoken


def _read_weekday(match: re.Match[str], accent: Accent) -> str | None:
    previous_word = word_before(match)
    in_a_week = _IN_A_WEEK.match(match.string, match.end())
    if not in_a_week and previous_word not in _BEFORE_A_WEEKDAY:
        return None
    spoken = _say_weekday(match[0].upper(), accent)
    return spoken.removeprefix("thứ ") if previous_word == "thứ" else spoken


# After these 30p is the frames per second of a video.
_BEFORE_A_PICTURE = frozenset("video phim hình nét giải gốc quay full".split())


def _read_short_minutes(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 30p of "sau ăn 30p" as minutes."""
    if word_before(match) in _BEFORE_A_PICTURE:
        return None
    low = f"{cardinal(int(match['low']), accent)} đến " if match["low"] else ""
    return f"{low}{cardinal(int(match['minutes']), accent)} phút"


def _read_days_and_nights(match: re.Match[str], accent: Accent) -> str | None:
    """Read 3N2Đ as three days and two nights."""
    days, nights = int(match["days"]), int(match["nights"])
    if abs(days - nights) > 1:
        return None
    return f"{cardinal(days, accent)} ngày {cardinal(nights, accent)} đêm"


_AGED = re.compile(
    r"(?<!\w)(?:bé|con|cháu|em|anh|chị|ông|bà|mình|tuổi|già|trẻ|học|cưới|nam|nữ|người|sinh|đời|nay|bố"
    r"|sv|sinh viên|mẹ|thọ|mất|công nhân|khách|ở tuổi|thằng|đứa|cô|chú|bác|cụ|vợ|chồng)(?!\w)",
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
    """Read the 70t of "cụ nhà mình 70t" as an age, unless the text is about a weight."""
    around = text_before(match, _NEIGHBOURHOOD) + " " + text_after(match, _NEIGHBOURHOOD)
    weighed = search_before(match, _WEIGHED_BEFORE, 24) or _WEIGHED_AFTER.match(
        match.string, match.end()
    )
    if weighed or not _AGED.search(around):
        return None
    low = f"{cardinal(int(match['low']), accent)} đến " if match["low"] else ""
    return f"{low}{cardinal(int(match['age']), accent)} tuổi"


def _build_rules() -> tuple[Rule, ...]:
    stopwatch = (
        r"(?<![\w.,:])(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9])[.,](?P<hundredths>[0-9]{2})"
        r"(?![\w:]|[.,][0-9])"
    )
    colons = (
        r"(?<![\w.,:])(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9]):(?P<hundredths>[6-9][0-9])"
        r"(?![\w:]|[.,][0-9])"
    )
    rules = [
        Rule("minutes and seconds", re.compile(stopwatch), _read_stopwatch),
        Rule("minutes and seconds", re.compile(colons), _read_colons),
    ]
    for clock in (_CLOCK, _COLON):
        first, second = clock.format(n=1), clock.format(n=2)
        rules.append(Rule("time range", re.compile(_START + first + _TO + second), _read_clock))
        # "17h 27/6": the number is a day.
        rules.append(Rule("time", re.compile(_START + first + "(?!/[0-9])"), _read_clock))
    rules.append(Rule("time", re.compile(_HALF_DAY), _read_twelve_hour_time))
    rules.append(Rule("minutes and seconds", re.compile(_MINUTES), _read_minutes))
    seconds = r"(?<![\w.,:'\"])(?P<seconds>[0-9]{1,2})[\"”″](?P<hundredths>[0-9]{2})(?![\w'\"”])"
    rules.append(Rule("seconds", re.compile(seconds), _read_seconds))
    weekdays = (
        r"(?<!\w)[Tt][2-7]"
        rf"(?:\s?(?:[-–,&+/]|\bvà\b|\bđến\b)\s?{_DAY_OF_WEEK}(?!\w)){{1,6}}(?![-/][0-9])"
    )
    rules.append(Rule("days of the week", re.compile(weekdays), _read_weekdays))
    rules.append(Rule("day of the week", re.compile(r"(?<!\w)[Tt][2-7](?![\w/-])"), _read_weekday))
    tour = r"(?<![\w.,])(?P<days>[0-9]{1,2})[Nn]\s?[-/]?\s?(?P<nights>[0-9]{1,2})[ĐDđd](?!\w)"
    rules.append(Rule("days and nights", re.compile(tour), _read_days_and_nights))
    minutes = r"(?<![\w.,])(?:(?P<low>[0-9]{1,2})p?-)?(?P<minutes>[1-9][0-9]?)p(?![\w/]|-[0-9])"
    rules.append(Rule("minutes", re.compile(minutes), _read_short_minutes))
    age = r"(?<![\w.,])(?:(?P<low>[0-9]{1,2})-)?(?P<age>[1-9][0-9]?)t(?![\w/]|-[0-9])"
    rules.append(Rule("age", re.compile(age), _read_age))
    return tuple(rules)


RULES = _build_rules()
