"""Numbers with percent signs and units, and ranges of them."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules import coordinates, inches
from audiobook.vietnamese.rules.ambiguity import guess_range
from audiobook.vietnamese.rules.numbers import (
    BEFORE_A_CODE,
    NUMBER,
    cardinal,
    digits,
    is_point_of_law,
    number_value,
    say_number,
)
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    search_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.scores import follows_score_word, is_in_a_row, is_score_by_context
from audiobook.vietnamese.rules.units import LENGTH_BEFORE, UNIT, UNITS, say_unit
from audiobook.vietnamese.syllables import is_vietnamese

_BEFORE_A_HEIGHT = frozenset("cao sâu dài".split())
# Batteries hold thousands of mAh: 4,100mAh.
_THOUSANDS_IN_ENGLISH = re.compile("[1-9][0-9]?,[0-9]{3}")
# The s of iPhone 7s is a letter.
_PRODUCT_BEFORE = re.compile(r"(?<![^\s(“\"])(?P<name>[A-Za-z]*[A-Z][\w-]*)\s\Z")
_OF_PRODUCTS = ("s", "L", "V")
# Near these "kt" means knots, not a test or a size.
_SPEED = re.compile(
    r"(?<!\w)(?:tốc độ|vận tốc|gió|bay|km/h|mph|mi/h|knots?|hải lý|tàu|Mach)(?!\w)", re.IGNORECASE
)
# Letters of formulas too.
_VARIABLES = frozenset("mglhs")
# "thập niên 80s" and "những năm 1990s" are decades, not seconds.
_DECADE = re.compile(r"(?:19|20)[0-9]0s")
_BEFORE_A_DECADE = frozenset("năm niên kỷ kỉ hệ thời nhạc phong cách đầu cuối giữa".split())
_TO = r"\s?[-–—]\s?"
_NO_CHAIN_BEFORE = r"(?<![0-9][-–—/.,:])(?<!\^)"
_NO_CHAIN = r"(?![-–—\w]|/(?![a-zà-ỹđ])|:[0-9])"


# "208-179 TCN": these years count down.
_BEFORE_CHRIST_AFTER = re.compile(
    r"\s?(?:TCN|tr\.\s?(?:CN|C\.N|D\.L|TL)"
    r"|trước (?:Công nguyên|CN|Tây lịch|Dương[ -]lịch|Thiên Chúa))",
    re.IGNORECASE,
)


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    unit, low_unit = match["unit"], match["low_unit"]
    low, high = match["low"], match["high"]
    is_counted = unit or _COUNTED_AFTER.match(match.string, match.end())
    if _PADDED_COUNT.fullmatch(low) and is_counted and word_before(match) not in _BEFORE_CODES:
        low, high = low.lstrip("0"), high.lstrip("0")  # "từ 05-08 triệu đồng"
    low, high = say_number(low, accent), say_number(high, accent)
    if (unit is None and is_in_a_row(match)) or _is_difference(match):
        return None
    if coordinates.PADDED.match(match["high"]) and not coordinates.PADDED.match(match["low"]):
        return None  # 50-05V
    decimals = "," in match["low"] and "," in match["high"]  # 34,66-5,11 triệu, by mistake
    to_millions = ("." in match["low"] or decimals) and _MILLIONS_AFTER.match(
        match.string, match.end()
    )
    counts_down = to_millions or _BEFORE_CHRIST_AFTER.match(match.string, match.end())
    if unit is None and (
        (number_value(match["low"]) >= number_value(match["high"]) and not counts_down)
        or follows_score_word(match)
        or (len(match["high"]) < 3 and is_score_by_context(match))
    ):
        return None  # a score, a code, a telephone number
    if (
        unit in _VARIABLES
        and not low_unit
        and number_value(match["low"]) >= number_value(match["high"])
    ):
        return None  # 8 – 4m in a formula
    if unit and is_in_a_row(match, look_after=False):
        return None
    if unit and low_unit and low_unit[-1] != unit[-1] and not unit.startswith(low_unit):
        return None  # 220V-50Hz
    if unit and low_unit == unit and number_value(match["low"]) >= number_value(match["high"]):
        return None  # shared 50% - 50%
    low_unit = f" {say_unit(match['low_unit'], accent)}" if match["low_unit"] else ""
    spoken = f"{low}{low_unit} đến {high}" + (f" {say_unit(unit, accent)}" if unit else "")
    return guess_range(match, spoken)


def _is_difference(match: re.Match[str]) -> bool:
    """Whether "8,36 – 52,8" is a subtraction, because another sign stands before or after it."""
    if not any(dash in match[0] for dash in (" - ", " – ", " — ")):
        return False
    follows = _SUM_AFTER.match(match.string, match.end())
    return bool(follows or search_before(match, _SUM_BEFORE, 4))


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    previous_character = match.string[match.start() - 1 : match.start()]
    is_whole = match["number"].isdecimal() and not match["unit"]
    scaled = _SCALE_AFTER.match(match.string, match.end())
    if is_whole and not scaled and search_before(match, _CODE_BEFORE, 12):
        return None  # ZSU -23
    if previous_character and not (
        previous_character.isspace() or previous_character in "([=:<>≤≥±~^`"
    ):
        return None
    of_a_class = match["unit"] in ("kg", "Kg") and search_before(match, _CLASS_BEFORE)
    sign = "dưới" if of_a_class else "âm"
    return f"{sign} {_read_quantity(match, accent)}"


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    number = match["number"]
    if match["unit"] == "mAh" and _THOUSANDS_IN_ENGLISH.fullmatch(number):
        number = number.replace(",", ".")
    spoken = say_number(number, accent)
    if match["unit"] == "g" and is_point_of_law(match):
        return f"{spoken} {spell('g')}"
    if match["unit"] == "s" and (
        _DECADE.fullmatch(match[0]) or word_before(match) in _BEFORE_A_DECADE
    ):
        return f"{spoken} s"  # the nineties
    if match["unit"] in _OF_PRODUCTS and _is_product_number(match):
        return f"{spoken} {spell(match['unit'])}"
    return f"{spoken} {say_unit(match['unit'], accent)}" if match["unit"] else spoken


def _is_product_number(match: re.Match[str]) -> bool:
    """Whether the match belongs to the name of a product: iPhone 7s, Honda CRF 1000L."""
    name = search_before(match, _PRODUCT_BEFORE, 24)
    number, unit = match["number"], match["unit"]
    if not name or match[0] != f"{number}{unit}" or number.isdecimal() == (unit == "V"):
        return False
    return not is_vietnamese(name["name"]) and (unit in "sV" or name["name"].isupper())


_EXPLOSION = re.compile(
    r"\b(?:sức công phá|bom|hạt nhân|đầu đạn|vụ nổ|đương lượng)\b", re.IGNORECASE
)


def _read_metres(match: re.Match[str], accent: Accent) -> str | None:
    """Read MẶT TIỀN 4M and 4,5 X 17M in an advertisement in capitals."""
    if not search_before(match, LENGTH_BEFORE, 12):
        return None
    return f"{say_number(match['number'], accent)} {UNITS['m']}"


def _read_knots(match: re.Match[str], accent: Accent) -> str | None:
    """Read kt as the knots of a ship or the wind, or as the kilotons of a bomb."""
    if _EXPLOSION.search(f"{text_before(match, 48)} {text_after(match)}"):
        return f"{say_number(match['number'], accent)} ki lô tấn"
    if not _SPEED.search(f"{text_before(match)} {text_after(match)}"):
        return None
    return f"{say_number(match['number'], accent)} {UNITS['knot']}"


def _read_compound(match: re.Match[str], accent: Accent) -> str | None:
    """Read 1m68, 2kg3 and 4km5; 5m2 is an area, unless a word before means a height."""
    unit, last_digits = match["unit"], match["rest"]
    if f"{unit}{last_digits}" in UNITS and word_before(match) not in _BEFORE_A_HEIGHT:
        return None
    spoken = _say_compound(match["whole"], unit, last_digits, accent)
    if match["part"]:
        spoken += f" {DIALECTS[accent]['decimal comma']} {cardinal(5, accent)}"
    if match["whole2"]:
        spoken += f" đến {_say_compound(match['whole2'], unit, match['rest2'], accent)}"
    return spoken


def _say_compound(whole_units: str, unit: str, last_digits: str, accent: Accent) -> str:
    spoken_digits = (
        digits(last_digits, accent) if last_digits[0] == "0" else cardinal(int(last_digits), accent)
    )
    return f"{cardinal(int(whole_units), accent)} {UNITS[unit]} {spoken_digits}"


# "trong vòng 02-03 ngày" counts.
_BEFORE_CODES = BEFORE_A_CODE - {"vòng"}
_PADDED_COUNT = re.compile("0[1-9]")
_COUNTED_AFTER = re.compile(
    r"\s(?:triệu|nghìn|ngàn|tỷ|tỉ|trăm|đồng|ngày|tháng|tuần|năm|giờ|phút|người|lần|em|cháu|con|cái"
    r"|chiếc|suất|đội|học sinh|sinh viên|cán bộ|đồng chí|đại biểu|hộ|xã|lớp|bài|câu|điểm|buổi|tiết"
    r"|phòng|trường|đơn vị|tập|cuốn|quyển|bộ|loại|giải|thí sinh|thành viên|nhân viên"
    r"|tác phẩm)(?!\w)"
)
_SCALE_AFTER = re.compile(r"\s(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng|điểm)(?!\w)")
_CODE_BEFORE = re.compile(r"(?<!\w)(?:[A-Z]{2,5}|[1-9][0-9][A-Z][0-9]?)\s\Z")
# "700.000 - 1 triệu won"
_MILLIONS_AFTER = re.compile(r"\s(?:triệu|tỷ|tỉ)(?!\w)")
_SUM_AFTER = re.compile(r"\s[+×]\s[0-9(]")
_SUM_BEFORE = re.compile(r"(?:[+×]|[0-9] [x:])\s\Z")
# "hạng -68kg": the class of an athlete
_CLASS_BEFORE = re.compile(
    r"\b(?:hạng(?: cân)?|HCV|HCB|HCĐ|kumite|đối kháng|judo|taekwondo|karate|nam|nữ)\s\Z",
    re.IGNORECASE,
)


RULES = (
    Rule(
        "compound measure",
        re.compile(
            r"(?<![\w.,])(?P<whole>[0-9]{1,3})(?P<unit>km|kg|m)(?P<rest>[0-9]{1,2})"
            r"(?P<part>[,.]5)?(?![\w/²³]|[.,][0-9])"
            r"(?:\s?[-–]\s?(?P<whole2>[0-9]{1,3})(?P=unit)(?P<rest2>[0-9]{1,2})(?!\w|[.,][0-9]))?"
        ),
        _read_compound,
    ),
    *inches.RULES,
    *coordinates.POSITIONS,
    Rule(
        "range",
        re.compile(
            rf"(?<![^\W_]){_NO_CHAIN_BEFORE}(?P<low>{NUMBER})(?:\s?(?P<low_unit>{UNIT}))?{_TO}"
            rf"(?P<high>{NUMBER})(?:\s?(?P<unit>{UNIT})|{_NO_CHAIN})"
        ),
        _read_range,
        needs="-–—",
    ),
    Rule(
        "quantity",
        re.compile(rf"(?P<number>{NUMBER})(?:\s?|-(?=inch))(?P<unit>{UNIT})"),
        _read_quantity,
    ),
    *coordinates.DEGREES,
    Rule("metres", re.compile(rf"(?P<number>{NUMBER})\s?M(?!\w)"), _read_metres),
    Rule("knots", re.compile(rf"(?P<number>{NUMBER})\s?kt(?!\w)"), _read_knots),
)
NEGATIVE = (
    Rule(
        "negative number",
        # Not the dash before 18h00 or 8:30.
        re.compile(
            rf"[-−](?P<number>{NUMBER})(?!\s?(?:h|g|giờ)[0-9]|:[0-9])(?:\s?(?P<unit>{UNIT}))?"
        ),
        _read_negative,
    ),
)
"""Those that begin with a minus sign."""
