"""Numbers with what they count: percent, units, and ranges of them."""

from __future__ import annotations

import re

from audiobook.vietnamese.ambiguity import guess_range
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.numbers import NUMBER, cardinal, digits, say_number, value
from audiobook.vietnamese.rule import (
    Accent,
    Rule,
    ends_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.scores import follows_score_word, is_told_as_score
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import any_of, load_pairs

_UNITS = load_pairs("units.tsv")
# A unit that ends in a letter ends where no letter, digit or symbol goes on; 50%của is all right.
_LETTERS = [unit for unit in _UNITS if unit[-1].isalnum()]
_SIGNS = [unit for unit in _UNITS if not unit[-1].isalnum()]
# "60 m 2": the exponent stands apart where a page lost its raised figures.
_PARTED = (
    r"(?:k|c|d|m)?m [23](?![\w%]|[.,:/-][0-9]|\s?[-–x×+]\s?[0-9]|\s(?:phòng|tầng|lần|bên|đầu|người"
    r"|cái|con|chiếc|phút|giờ|ngày|năm|tháng|triệu|tỷ|tỉ|nghìn|ngàn|lô|căn|mặt|cm|m|km)\b)"
)
UNIT = rf"(?:{_PARTED}|{any_of(_LETTERS)}(?![\w²³°%]|[.-][{CAPITALS}])|{any_of(_SIGNS)})"
"""A unit after a number, for a pattern."""
_EACH = frozenset(
    "năm tháng tuần ngày đêm giờ phút giây người lần lượt con cái chiếc hộp thùng bao chai cây tấn"
    " tạ lượng chỉ cân yến gói suất vé hộ khách bộ đôi lít sào mẫu công trang bài vụ lứa ca"
    " buổi đêm kỳ kì khóa khoá phòng căn ly cốc bát tô đĩa quả trái bó mớ viên chuyến tấm đơn"
    " cổ đầu ounce thành".split()
)
# Two of these for each of those: 1,9 con/phụ nữ.
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
_MONEY = frozenset("đồng đô euro usd vnd đ nghìn ngàn triệu tỷ tỉ".split())
_PRICE_BEFORE = re.compile(
    r"(?:[$€£¥]\s?[0-9.,]{1,16}|[0-9](?:đ|k|\s?tr[0-9]{0,3}|tỷ[0-9]{0,3}))\Z"
)
# "20 hải lý/giờ", "2 m2/người", "7 tấn/ha/vụ".
_AMOUNT_BEFORE = re.compile(
    r"[0-9]\s?(?:[^\W\d_]{1,8}(?:\s[^\W\d_]{1,8})?[23²³]?|[%‰])(?:/[^\W\d_]{1,8}[23²³]?)?\Z"
)
_BEFORE_A_HEIGHT = frozenset("cao sâu dài".split())
_MEASURED_IN_INCHES = re.compile(
    r"\b(?:màn hình|màn|ti ?vi|tv|laptop|mâm|lốp|vành|bánh|pizza|ống|đường kính|khổ|cỡ|loa"
    r"|kích thước|ipad|macbook|máy tính|máy|đĩa|monitor|smartphone)\b[^.;“”\"0-9]*\Z",
    re.IGNORECASE,
)
_QUOTATION = 400  # characters, within which a quotation is looked for
_SIDE_BEFORE = re.compile(r"[0-9]\s?(?:m|cm|mm|dm|km)\s\Z")
# N is nam, unless the other sides are written in English.
_SIDES = {
    "B": "vĩ Bắc", "N": "vĩ Nam", "S": "vĩ Nam",
    "Đ": "kinh Đông", "E": "kinh Đông", "T": "kinh Tây", "W": "kinh Tây",
}  # fmt: skip
_ENGLISH_SIDE = re.compile(r"[0-9°'’′\"”″]\s?[EWS](?!\w)")
# Knots, not the "kt" of a note on tests and sizes.
_SPEED = re.compile(
    r"(?<!\w)(?:tốc độ|vận tốc|gió|bay|km/h|mph|mi/h|knots?|hải lý|tàu|Mach)(?!\w)", re.IGNORECASE
)
# Letters of formulas too.
_VARIABLES = frozenset("mglhs")
# "thập niên 80s", "những năm 1990s" are no seconds.
_DECADE = re.compile(r"(?:19|20)[0-9]0s")
_BEFORE_A_DECADE = frozenset("năm niên kỷ kỉ hệ thời nhạc phong cách đầu cuối giữa".split())
_TO = r"\s?[-–—]\s?"
_NO_CHAIN_BEFORE = r"(?<![0-9][-–—/.,:])(?<!\^)"
_NO_CHAIN = r"(?![-–—/\w]|:[0-9])"


def _read_range(match: re.Match[str], accent: Accent) -> str | None:
    low, high = say_number(match["low"], accent), say_number(match["high"], accent)
    unit = match["unit"]
    if unit is None and (
        value(match["low"]) >= value(match["high"])
        or follows_score_word(match)
        or (len(match["high"]) < 3 and is_told_as_score(match))
    ):
        return None  # a score, a code, a telephone number
    if unit in _VARIABLES and value(match["low"]) >= value(match["high"]):
        return None  # 8 – 4m in a formula
    if unit and match["low_unit"] and match["low_unit"][-1] != unit[-1]:
        return None  # 220V-50Hz
    low_unit = f" {say_unit(match['low_unit'], accent)}" if match["low_unit"] else ""
    said = f"{low}{low_unit} đến {high}" + (f" {say_unit(unit, accent)}" if unit else "")
    return guess_range(match, said)


def _read_negative(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[match.start() - 1 : match.start()]
    if before and not (before.isspace() or before in "([=:<>≤≥±~"):
        return None
    return f"âm {_read_quantity(match, accent)}"


def _read_per(match: re.Match[str], accent: Accent) -> str | None:
    word = match["word"]
    unit = _SHORT_WORDS.get(word, word) if word else say_unit(match["unit"], accent)
    before = word_before(match)
    price = before in _MONEY or ends_before(match, _PRICE_BEFORE) is not None
    measured = ends_before(match, _AMOUNT_BEFORE)
    if not (price or measured) and text_before(match, 1).isdigit():
        return None  # 3/kg
    rate = match["word"] in _EACH and measured
    ratio = before in _COUNTED_PER and measured
    if match["word"] and not (price or rate or ratio):
        return None  # ngày/tháng/năm
    if ratio and not rate:
        return f" trên {unit}"
    return f" {'một' if price or match['word'] else 'trên'} {unit}"


def _read_quantity(match: re.Match[str], accent: Accent) -> str:
    said = say_number(match["number"], accent)
    if match["unit"] == "s" and (
        _DECADE.fullmatch(match[0]) or word_before(match) in _BEFORE_A_DECADE
    ):
        return f"{said} s"  # the nineties
    return f"{said} {say_unit(match['unit'], accent)}" if match["unit"] else said


def _read_knots(match: re.Match[str], accent: Accent) -> str | None:
    if not _SPEED.search(f"{text_before(match)} {text_after(match)}"):
        return None
    return f"{say_number(match['number'], accent)} {_UNITS['knot']}"


def _read_unit(match: re.Match[str], accent: Accent) -> str | None:
    unit = match["unit"]
    bracketed = text_before(match, 1) == "(" and text_after(match, 1) == ")"
    if not (unit in _UNMISTAKABLE or bracketed or word_before(match) in _BEFORE_A_UNIT):
        return None
    return say_unit(unit, accent)


def _read_compound(match: re.Match[str], accent: Accent) -> str | None:
    """Read 1m68, 2kg3, 4km5: but 5m2 is an area, unless something is so tall."""
    unit, rest = match["unit"], match["rest"]
    if f"{unit}{rest}" in _UNITS and word_before(match) not in _BEFORE_A_HEIGHT:
        return None
    said = _say_compound(match["whole"], unit, rest, accent)
    if match["whole2"]:
        said += f" đến {_say_compound(match['whole2'], unit, match['rest2'], accent)}"
    return said


def _say_compound(whole: str, unit: str, rest: str, accent: Accent) -> str:
    after = digits(rest, accent) if rest[0] == "0" else cardinal(int(rest), accent)
    return f"{cardinal(int(whole), accent)} {_UNITS[unit]} {after}"


def _read_inches(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 55” of a screen; after a quotation mark that opened, ” closes it."""
    before = text_before(match, _QUOTATION)
    quoted = (
        before.count('"') % 2 == 1
        if match["sign"] == '"'
        else before.rfind("“") > before.rfind("”")
    )
    if quoted or not ends_before(match, _MEASURED_IN_INCHES):
        return None
    return f"{say_number(match['number'], accent)} {_UNITS['inch']}"


def _read_place(match: re.Match[str], accent: Accent) -> str | None:
    """Read 21°01'42" B: a latitude or a longitude."""
    if not (match["minutes"] or match["side"]):
        return None
    said = f"{say_number(match['degrees'], accent)} độ"
    if match["minutes"]:
        said += f" {say_number(match['minutes'].lstrip('0') or '0', accent)} phút"
    if match["seconds"]:
        said += f" {say_number(match['seconds'].lstrip('0') or '0', accent)} giây"
    if not match["side"]:
        return said
    english = _ENGLISH_SIDE.search(text_before(match) + match[0] + text_after(match))
    north = match["side"] == "N" and english
    return f"{said} {_SIDES['B'] if north else _SIDES[match['side']]}"


def _read_by(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "nhân" if ends_before(match, _SIDE_BEFORE) else None


def _read_post(match: re.Match[str], accent: Accent) -> str:
    said = f"ki lô mét {say_number(match['number'], accent)}"
    return f"{said} cộng {say_number(match['more'], accent)}" if match["more"] else said


def _read_per_amount(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return " trên " if ends_before(match, _AMOUNT_BEFORE) else None


def say_unit(unit: str, accent: Accent) -> str:
    """Say a unit of the table."""
    said = _UNITS[unit.replace(" ", "")]
    return said.replace(DIALECTS["north"]["thousand"], DIALECTS[accent]["thousand"])


def _read_span(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "đến"


POST = rf"(?<!\w)[Kk][Mm]\s?(?P<number>{NUMBER})(?:\s?\+\s?(?P<more>[0-9]{{1,3}}))?(?!\w)"
# Units that are no words and no initials: "vài km", "(kg)". Those that may be something else
# (the mass m2, Ah, the featured singer ft.) are units only after a word for a number.
ALONE = [
    unit
    for unit in _UNITS
    if len(unit) > 1 and unit.isalnum() and not unit.isupper() and not is_syllable(unit)
    if unit != "Ah"  # a cry too
]
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
            r"(?<![\w.,])(?P<whole>[0-9]{1,3})(?P<unit>km|kg|m)(?P<rest>[0-9]{1,2})(?![\w/²³]|[.,][0-9])"
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
            rf"(?P<degrees>{NUMBER})\s?[°º]"
            r"(?:\s?(?P<minutes>[0-9]{1,2}(?:[.,][0-9]{1,4})?)\s?['’′]"
            r"(?:\s?(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,3})?)\s?(?:[\"”″]|''|’’))?)?"
            r"(?:\s?(?P<side>[BNĐTEWS])(?!\w))?"
        ),
        _read_place,
    ),
    Rule("by", re.compile(r"\*(?=[0-9])(?<=[0-9].)"), lambda _match, _accent: " nhân "),
    Rule("by", re.compile(r"[xX×](?=\s[0-9])"), _read_by),
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
        re.compile(rf"(?P<number>{NUMBER})\s?(?P<unit>{UNIT})"),
        _read_quantity,
    ),
    Rule("knots", re.compile(rf"(?P<number>{NUMBER})\s?kt(?!\w)"), _read_knots),
    Rule(
        "per unit",
        # 300 người/km², 12%/năm; after an amount of money "một" is said instead of "trên".
        re.compile(rf"(?<=[\w%‰])/(?:(?P<unit>{UNIT})|(?P<word>[^\W\d_]{{2,8}})(?!\w))"),
        _read_per,
    ),
    Rule("per amount", re.compile(r"(?<=[^\W\d_²³])/(?=[0-9]{1,3}\s?[^\W\d_])"), _read_per_amount),
    # "từ thứ 2 - thứ 6": the same word stands on both sides.
    Rule(
        "span",
        re.compile(
            r"(?<=CN )[-–](?= [0-9])"
            r"|(?<=[0-9] )[-–](?= (?:thứ|tháng|ngày|năm|quý|lớp|tuần|tầng|bài|chương)\s[0-9])"
        ),
        _read_span,
    ),
    Rule("kilometre post", re.compile(POST), _read_post),
    Rule("unit", re.compile(rf"(?<!\w)(?P<unit>{any_of(ALONE)})(?!\w)"), _read_unit),
    Rule(
        "negative number",
        re.compile(rf"[-−](?P<number>{NUMBER})(?:\s?(?P<unit>{UNIT}))?"),
        _read_negative,
    ),
)
