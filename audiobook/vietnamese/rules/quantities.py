"""Numbers with percent signs and units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.ambiguity import guess_range
from audiobook.vietnamese.rules.numbers import (
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
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import any_of, load_pairs

_UNITS = load_pairs("units.tsv")
_CURRENCIES = load_pairs("currencies.tsv")
# After a unit that ends in a letter no letter, digit or symbol may follow; 50%của is allowed.
_LETTERS = [unit for unit in _UNITS if unit[-1].isalnum()]
_BRACKETED = [unit for unit in _UNITS if unit.endswith(")")]
_SIGNS = [unit for unit in _UNITS if not unit[-1].isalnum() and unit not in _BRACKETED]
# "60 m 2": the exponent stands apart where a page lost its raised figures.
_PARTED = (
    r"(?:k|c|d|m)?m [23](?![\w%]|[.,:/-][0-9]|\s?[-–x×+]\s?[0-9]|\s(?:phòng|tầng|lần|bên|đầu|người"
    r"|cái|con|chiếc|phút|giờ|ngày|năm|tháng|triệu|tỷ|tỉ|nghìn|ngàn|lô|căn|mặt|cm|m|km)\b)"
)


def _end_of_unit(unit: str) -> str:
    """Return the pattern of what may not follow a unit.

    In "2,5m.Cảnh báo" only a space is missing; the V of "vòng 11 V.League" is not a unit.
    """
    sentence = "(?![a-zà-ỹ])" if unit.islower() else ""
    by = "(?!x[0-9])" if unit in ("m", "cm", "mm") else ""  # 5mx20m
    return rf"(?!{by}[\w²³°%]|-[{CAPITALS}]|\.[{CAPITALS}]{sentence})"


def _any_unit(units: list[str]) -> str:
    """Return an expression for units and their ends, each end written once.

    Ends are long, and written for every unit they made each pattern ten times as slow to compile.
    Units with capitals come first and m last: g/L before g, m/s before m.
    """
    ends = {unit: _end_of_unit(unit) for unit in units}
    order = sorted(units, key=lambda unit: (unit in ("m", "cm", "mm"), unit.islower()))
    return "|".join(
        any_of(unit for unit in units if ends[unit] == end) + end
        for end in dict.fromkeys(ends[unit] for unit in order)
    )


UNIT = (
    rf"(?:{_PARTED}|{any_of(_BRACKETED)}|{_any_unit(_LETTERS)}"
    rf"|{any_of(_SIGNS)})"
)
"""A unit after a number, for a pattern."""
_EACH = frozenset(
    "năm tháng tuần ngày đêm giờ phút giây người lần lượt con cái chiếc hộp thùng bao chai cây tấn"
    " tạ lượng chỉ cân yến gói suất vé hộ khách bộ đôi lít vòng sào mẫu công trang bài vụ lứa ca"
    " buổi đêm kỳ kì khóa khoá phòng căn ly cốc bát tô đĩa quả trái bó mớ viên chuyến tấm đơn"
    " cổ đầu ounce thành container héc hecta mét lạng lit kilogam gam gram bình thẻ ổ trận tập hũ"
    " lọ block phân quý liều đợt mùa".split()
)
# What is counted for each of something else: 1,9 con/phụ nữ.
_COUNTED_PER = frozenset("con người ca trẻ em sinh sĩ viên giường xe máy lý".split())
_SHORT_WORDS = {
    "ng": "người",
    "th": "tháng",
    "sp": "sản phẩm",
    "đv": "đơn vị",
    "cp": "cổ phiếu",
    "CP": "cổ phiếu",
    "tr": "triệu",
    "hs": "học sinh",
    "bn": "bệnh nhân",
}
_DIGIT = re.compile("[0-9]")
_MODEL_BEFORE = re.compile(r"[A-Za-z]-[0-9]{1,4}[A-Z]{1,2}\Z")
_PROVINCES = frozenset("tỉnh thành huyện quận thị".split())
_MONEY = frozenset("đồng đô euro usd vnd đ nghìn ngàn triệu tỷ tỉ".split())
_PRICE_BEFORE = re.compile(
    r"(?:[$€£¥]\s?[0-9.,]{1,16}|[0-9]\s?(?:đ|k|tr[0-9]{0,3}|tỷ[0-9]{0,3}))\s?\Z"
)
# "40.000/vé": a price without its currency.
_ROUND_PRICE_BEFORE = re.compile(r"(?<![\w.,/])[1-9][0-9]{0,2}(?:[.,][0-9]{3})?[.,][0-9]00\Z")
# "20 hải lý/giờ", "2 m2/người", "7 tấn/ha/vụ".
_AMOUNT_BEFORE = re.compile(
    r"[0-9]\s?(?:[^\W\d_]{1,8}(?:\s[^\W\d_]{1,8}){0,3}[23²³]?|[%‰])"
    r"(?:/[^\W\d_]{1,8}[23²³]?)?(?:\s[^\W\d_]{1,8}){0,2}\)?\s?\Z"
    r"|\((?:k?m[23²³]?|kg|ha|l)\)\Z"
)
_MONEY_BEFORE = re.compile(
    r"\b(?:đồng|đô|euro|USD|VNĐ|VND|nghìn|ngàn|triệu|tỷ|tỉ)\s?\Z|[0-9]\s?(?:k|tr|đ)\s?\Z",
    re.IGNORECASE,
)
_BEFORE_A_HEIGHT = frozenset("cao sâu dài".split())
_MEASURED_IN_INCHES = re.compile(
    r"\b(?:màn hình|màn|ti ?vi|tv|laptop|mâm|lốp|vành|bánh|pizza|ống|đường kính|khổ|cỡ|loa"
    r"|kích thước|ipad|macbook|máy tính|máy|đĩa|monitor|smartphone)\b[^.;“”\"0-9]*\Z",
    re.IGNORECASE,
)
_QUOTATION = 400  # characters, within which a quotation is looked for
# "4 m x 15 m", "500 mg x 3 lần/ngày x 5 ngày"
_SIDE_BEFORE = re.compile(
    r"[0-9]\s?(?:(?!nhân|cộng|trừ|chia|bằng|với|và)[^\W\d_]{1,6}[23²³]?(?:/[^\W\d_]{1,8}[23²³]?)?|%)\s\Z"
)
# The s of iPhone 7s is a letter.
_PRODUCT_BEFORE = re.compile(r"(?<![^\s(“\"])(?P<name>[A-Za-z]*[A-Z][\w-]*)\s\Z")
_OF_PRODUCTS = ("s", "L", "V")
_PADDED = re.compile(r"\A0(?=[0-9])")
# N is "nam" (south), unless the other directions are written in English.
_SIDES = {
    "B": "vĩ Bắc", "N": "vĩ Nam", "S": "vĩ Nam",
    "Đ": "kinh Đông", "E": "kinh Đông", "T": "kinh Tây", "W": "kinh Tây",
}  # fmt: skip
_ENGLISH_SIDE = re.compile(r"[0-9°'’′\"”″]\s?[EWS](?!\w)")
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


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if (unit is None and is_in_a_row(match)) or _is_difference(match):
        return None
    if _PADDED.match(match["high"]) and not _PADDED.match(match["low"]):
        return None  # 50-05V
    to_millions = "." in match["low"] and _MILLIONS_AFTER.match(match.string, match.end())
    if unit is None and (
        (number_value(match["low"]) >= number_value(match["high"]) and not to_millions)
        or follows_score_word(match)
        or (len(match["high"]) < 3 and is_score_by_context(match))
    ):
        return None  # a score, a code, a telephone number
    if unit in _VARIABLES and number_value(match["low"]) >= number_value(match["high"]):
        return None  # 8 – 4m in a formula
    if unit and is_in_a_row(match, look_after=False):
        return None
    low_unit = match["low_unit"]
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


def _read_divided(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the colon of "21 phút : 3 = 7 phút"."""
    return "chia" if search_before(match, _AMOUNT_BEFORE) else None


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


_NAMED_BEFORE = re.compile(
    r"\A[0-9]\s[^\W\d_]+\s[^\W\d_]+\s(?:sách|bài|truyện|tranh|ảnh|tin|tài liệu)\Z"
)


def _read_per_unit(match: re.Match[str], accent: Accent) -> str | None:
    word = match["word"]
    unit = _say_counted_word(word) if word else say_unit(match["unit"], accent)
    previous_word = word_before(match)
    is_price = previous_word in _MONEY or search_before(match, _PRICE_BEFORE) is not None
    if search_before(match, _ROUND_PRICE_BEFORE) and (not word or word in _EACH):
        is_price = True
    amount = search_before(match, _AMOUNT_BEFORE)
    if previous_word in _PROVINCES:
        return None  # 40 tỉnh/thành phố
    if (word in _CURRENCIES and not _DIGIT.search(text_before(match, 16))) or search_before(
        match, _MODEL_BEFORE, 12
    ):
        return None  # tỷ giá USD/VND, MiG-29M/M2
    if not (is_price or amount) and (text_before(match, 1).isdigit() or match["spaced"]):
        return None  # 3/kg
    # "10 lượt tải sách/bài báo" names two things.
    is_rate = match["word"] in _EACH and amount and not _NAMED_BEFORE.search(amount[0])
    is_ratio = previous_word in _COUNTED_PER and amount
    if match["word"] and not (is_price or is_rate or is_ratio):
        return None  # ngày/tháng/năm
    spoken = f"trên {unit}" if is_ratio and not is_rate else ""
    spoken = spoken or f"{'một' if is_price or match['word'] else 'trên'} {unit}"
    return spoken if text_before(match, 1) == " " else f" {spoken}"


def _say_counted_word(word: str) -> str:
    return _SHORT_WORDS.get(word) or _CURRENCIES.get(word, word)


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    spoken = say_number(match["number"], accent)
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


def _read_knots(match: re.Match[str], accent: Accent) -> str | None:
    """Read kt as the knots of a ship or the wind, or as the kilotons of a bomb."""
    if _EXPLOSION.search(f"{text_before(match, 48)} {text_after(match)}"):
        return f"{say_number(match['number'], accent)} ki lô tấn"
    if not _SPEED.search(f"{text_before(match)} {text_after(match)}"):
        return None
    return f"{say_number(match['number'], accent)} {_UNITS['knot']}"


def _read_unit(match: re.Match[str], accent: Accent) -> str | None:
    unit = match["unit"]
    is_bracketed = text_before(match, 1) == "(" and text_after(match, 1) in (")", "/")
    is_unmistakable = unit in _UNMISTAKABLE or unit.partition("/")[0] in _UNMISTAKABLE
    if not (is_unmistakable or is_bracketed or word_before(match) in _BEFORE_A_UNIT):
        return None
    return say_unit(unit, accent)


def _read_compound(match: re.Match[str], accent: Accent) -> str | None:
    """Read 1m68, 2kg3 and 4km5; 5m2 is an area, unless a word before means a height."""
    unit, last_digits = match["unit"], match["rest"]
    if f"{unit}{last_digits}" in _UNITS and word_before(match) not in _BEFORE_A_HEIGHT:
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
    return f"{cardinal(int(whole_units), accent)} {_UNITS[unit]} {spoken_digits}"


def _read_inches(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 55” of a screen as inches, unless the mark closes a quotation."""
    preceding_text = text_before(match, _QUOTATION)
    quoted = (
        preceding_text.count('"') % 2 == 1
        if match["sign"] == '"'
        else preceding_text.rfind("“") > preceding_text.rfind("”")
    )
    if quoted or not search_before(match, _MEASURED_IN_INCHES):
        return None
    return f"{say_number(match['number'], accent)} {_UNITS['inch']}"


def _read_coordinate(match: re.Match[str], accent: Accent) -> str | None:
    """Read a latitude or a longitude: 21°01'42" B."""
    if not (match["minutes"] or match["side"]):
        return None
    degrees = match["degrees"] + (match.groupdict().get("part") or "")
    spoken = f"{say_number(_PADDED.sub('', degrees), accent)} độ"
    if match["minutes"]:
        spoken += f" {say_number(match['minutes'].lstrip('0') or '0', accent)} phút"
    if match["seconds"]:
        spoken += f" {say_number(match['seconds'].lstrip('0') or '0', accent)} giây"
    if not match["side"]:
        return spoken
    english = _ENGLISH_SIDE.search(text_before(match) + match[0] + text_after(match))
    north = match["side"] == "N" and english
    return f"{spoken} {_SIDES['B'] if north else _SIDES[match['side']]}"


_SCALE_AFTER = re.compile(r"\s(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng|điểm)(?!\w)")
_CODE_BEFORE = re.compile(r"(?<!\w)(?:[A-Z]{2,5}|[1-9][0-9][A-Z][0-9]?)\s\Z")
_VIETNAMESE_SIDE = re.compile(r"[0-9'’′\"”″]\s?[BĐT](?!\w)")
# "700.000 - 1 triệu won"
_MILLIONS_AFTER = re.compile(r"\s(?:triệu|tỷ|tỉ)(?!\w)")
_SUM_AFTER = re.compile(r"\s[+×]\s[0-9(]")
_SUM_BEFORE = re.compile(r"(?:[+×]|[0-9] [x:])\s\Z")
# "hạng -68kg": the class of an athlete
_CLASS_BEFORE = re.compile(
    r"\b(?:hạng(?: cân)?|HCV|HCB|HCĐ|kumite|đối kháng|judo|taekwondo|karate|nam|nữ)\s\Z",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"\b(?:t(?:ọa|oạ) độ|vị trí|vĩ độ|kinh độ|vĩ tuyến|kinh tuyến)\b[^!?]{0,60}\Z", re.IGNORECASE
)


def _read_ship_coordinate(match: re.Match[str], accent: Accent) -> str | None:
    """Read 06-34N as a latitude, where a word before means a position."""
    if not search_before(match, _PLACE_BEFORE, 72):
        return None
    spoken = _read_coordinate(match, accent)
    # Beside no Đ or T this N is English.
    vietnamese = _VIETNAMESE_SIDE.search(f"{text_before(match)} {text_after(match)}")
    if spoken and spoken.endswith(_SIDES["N"]) and not vietnamese:
        return f"{spoken.removesuffix(_SIDES['N'])}{_SIDES['B']}"
    return spoken


_WARMTH_BEFORE = re.compile(
    r"\b(?:nhiệt độ|trời|thời tiết|nóng|lạnh|rét|nắng|sốt|đun|sấy|nung|bảo quản)\b[^.!?]{0,80}\Z",
    re.IGNORECASE,
)
_COLD_BEFORE = re.compile(r"\b(?:giảm|rét|lạnh|thấp nhất|băng|sương)\b[^.!?]{0,60}\Z")


def _read_temperature(match: re.Match[str], accent: Accent) -> str | None:
    """Read 180C and 15-180C as degrees Celsius (18°C, 15-18°C); 40C only where it is cold."""
    spaced = " " in match[0].replace("- ", "-").replace(" -", "-")
    if not search_before(match, _WARMTH_BEFORE, 100):
        return None
    if len(match["number"]) < 2 and not spaced and not search_before(match, _COLD_BEFORE, 72):
        return None
    low = f"{cardinal(int(match['low']), accent)} đến " if match["low"] else ""
    return f"{low}{cardinal(int(match['number']), accent)} {_UNITS['°C']}"


def _read_degrees(match: re.Match[str], accent: Accent) -> str:
    return f"{say_number(match['number'], accent)} {_UNITS['°']}"


def _read_multiplication(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "nhân" if search_before(match, _SIDE_BEFORE) else None


def _read_kilometre_post(match: re.Match[str], accent: Accent) -> str:
    spoken = _say_kilometre_post(match["number"], match["more"], accent)
    return (
        f"{spoken} đến {_say_kilometre_post(match['to'], match['to_more'], accent)}"
        if match["to"]
        else spoken
    )


def _say_kilometre_post(kilometres: str, metres: str | None, accent: Accent) -> str:
    spoken = f"ki lô mét {say_number(kilometres, accent)}"
    return f"{spoken} cộng {say_number(metres, accent)}" if metres else spoken


def _read_per_amount(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read "50 triệu đồng/1 nhà", "60 lần/1 phút", and the "trên" of "2 g / 10 ml"."""
    if not search_before(match, _AMOUNT_BEFORE):
        return None
    space_before = "" if text_before(match, 1) == " " else " "
    counted_noun = match["of_one"]
    if counted_noun and (counted_noun in _EACH or search_before(match, _MONEY_BEFORE)):
        return space_before
    return f"{space_before}trên "


def say_unit(unit: str, accent: Accent) -> str:
    """Return the name of a unit of the table."""
    unit_name = _UNITS[unit.replace(" ", "")]
    return unit_name.replace(DIALECTS["north"]["thousand"], DIALECTS[accent]["thousand"])


def _read_span(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "đến"


POST = (
    rf"(?<!\w)[Kk][Mm](?![23][)/])\s?(?P<number>{NUMBER})(?:\s?\+\s?(?P<more>[0-9]{{1,3}}))?"
    rf"(?:\s?[-–]\s?[Kk][Mm]\s?(?P<to>{NUMBER})(?:\s?\+\s?(?P<to_more>[0-9]{{1,3}}))?)?(?!\w)"
)
# Units that cannot be words or initials: "vài km", "(kg)". Those that may be something else (the
# mass m2, Ah, the featured singer ft.) are units only after a word for a number.
ALONE = [
    unit
    for unit in _UNITS
    if len(unit) > 1 and unit.isalnum() and not unit.isupper() and not is_syllable(unit)
    if unit != "Ah"  # also an exclamation
]
# "(m3/s)"
_RATES = [unit for unit in _UNITS if "/" in unit and unit.partition("/")[0] in ALONE]
_EVERY_RATE = [unit for unit in _UNITS if "/" in unit]
_UNMISTAKABLE = frozenset(
    "km cm mm kg km² m² cm² km2 cm2 kW kWh MWh Hz kHz MHz GHz mmHg mAh Mbps Gbps kcal dB".split()
)
_BEFORE_A_UNIT = frozenset(
    "một hai ba bốn tư lăm sáu bảy tám chín mười mươi trăm nghìn ngàn vạn triệu tỷ tỉ chục vài mấy"
    " mỗi từng nửa rưỡi bằng theo nhiêu trên giá".split()
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
    Rule(
        "inches",
        re.compile(rf"(?P<number>{NUMBER})\s?(?P<sign>[”″\"]|'')(?!\w)"),
        _read_inches,
    ),
    Rule(
        "latitude or longitude",
        re.compile(
            rf"(?P<degrees>{NUMBER})\s?(?:[°º˚]|độ(?!\w)|o(?=[0-9]{{1,2}}['’′]))"
            r"(?:\s?(?P<minutes>[0-9]{1,2}(?:[.,][0-9]{1,4})?)\s?(?:['’′]|phút(?!\w))"
            r"(?:\s?(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,3})?)\s?(?:[\"”″]|''|’’|giây(?!\w)))?)?"
            r"(?:\s?(?P<side>[BNĐTEWS])(?!\w))?"
        ),
        _read_coordinate,
    ),
    # 06-34N of a ship in distress
    Rule(
        "latitude or longitude",
        re.compile(
            r"(?<![\w.,-])(?P<degrees>[0-9]{1,3})"
            r"(?:[-–](?P<minutes>[0-9]{2}(?:[.,][0-9]{1,3})?)['’′]?|(?<=[0-9])(?P<part>[.,][0-9]{1,6}))"
            r"(?P<seconds>)\s?(?P<side>[BNĐTEWS])(?!\w)"
        ),
        _read_ship_coordinate,
    ),
    Rule("by", re.compile(r"\*(?=[0-9])(?<=[0-9].)"), lambda _match, _accent: " nhân "),
    Rule("by", re.compile(r"[xX×](?=\s[0-9])"), _read_multiplication),
    Rule("divided by", re.compile(r":(?<= .)(?= [0-9.,]{1,8} =)"), _read_divided),
    Rule("by", re.compile(r"x(?=[0-9])(?<=[0-9cm]m.)"), lambda _match, _accent: "nhân"),
    Rule(
        "range",
        re.compile(
            rf"(?<![^\W_]){_NO_CHAIN_BEFORE}(?P<low>{NUMBER})(?:\s?(?P<low_unit>{UNIT}))?{_TO}"
            rf"(?P<high>{NUMBER})(?:\s?(?P<unit>{UNIT})|{_NO_CHAIN})"
        ),
        _read_range,
    ),
    Rule(
        "quantity",
        re.compile(rf"(?P<number>{NUMBER})(?:\s?|-(?=inch))(?P<unit>{UNIT})"),
        _read_quantity,
    ),
    # 180C: 18°C, whose degree sign became a nought.
    Rule(
        "degrees",
        re.compile(
            r"(?<![\w.,])(?:(?P<low>[1-9]?[0-9])\s?[-–]\s?)?(?P<number>[1-9][0-9]{0,2})\s?0C(?!\w)"
        ),
        _read_temperature,
    ),
    # 180o: the degree sign became an o.
    Rule(
        "degrees", re.compile(r"(?<![\w.,])(?P<number>[1-9][0-9]{1,2})o(?![\w'’-])"), _read_degrees
    ),
    Rule("knots", re.compile(rf"(?P<number>{NUMBER})\s?kt(?!\w)"), _read_knots),
    Rule(
        "per unit",
        # 300 người/km², 12%/năm; after an amount of money "một" is said instead of "trên".
        re.compile(
            r"(?:(?<=[\w%‰)])|(?<=[\w%‰)] ))/(?P<spaced> )?"
            rf"(?:(?P<unit>{UNIT})|(?P<word>[^\W\d_]{{2,12}})(?!\w))"
        ),
        _read_per_unit,
    ),
    Rule(
        "per amount",
        re.compile(
            r"(?:(?<=[^\W\d_²³])|(?<=[^\W\d_²³] ))/\s?"
            r"(?=1\s?(?P<of_one>[^\W\d_]{1,8})|[0-9][0-9.,]{0,8}\s?(?:[a-zà-ỹđ]|Km))"
        ),
        _read_per_amount,
    ),
    Rule(
        "plus or minus",
        re.compile(r"\+\s?/\s?[-–−]\s?(?=[0-9])"),
        lambda _match, _accent: "cộng trừ ",
    ),
    # "từ thứ 2 - thứ 6": the same word stands on both sides.
    Rule(
        "span",
        re.compile(
            r"(?<=CN )[-–](?= [0-9])"
            r"|(?<=[0-9] )[-–](?= (?:thứ|tháng|ngày|năm|quý|lớp|tuần|tầng|bài|chương)\s[0-9])"
        ),
        _read_span,
    ),
    Rule("kilometre post", re.compile(POST), _read_kilometre_post),
    Rule("unit", re.compile(rf"(?<!\w)(?P<unit>{any_of(ALONE + _RATES)})(?!\w)"), _read_unit),
    # "mét trên giây (m/s)"
    Rule("unit", re.compile(rf"(?<=\()(?P<unit>{any_of(_EVERY_RATE)})(?=\))"), _read_unit),
    Rule(
        "negative number",
        # Not the dash before 18h00 or 8:30.
        re.compile(
            rf"[-−](?P<number>{NUMBER})(?!\s?(?:h|g|giờ)[0-9]|:[0-9])(?:\s?(?P<unit>{UNIT}))?"
        ),
        _read_negative,
    ),
)
