"""Compound units of physics, J/(kg.K), N/m² and mol⁻¹, and the single units J, Pa, N and K."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.table import any_of

ANGSTROM = "ăng xtrôm"
_UNITS = {
    "m": "mét", "cm": "xăng ti mét", "mm": "mi li mét", "dm": "đề xi mét", "km": "ki lô mét",
    "s": "giây", "h": "giờ", "g": "gam", "kg": "ki lô gam", "mg": "mi li gam", "mol": "mol",
    "Kg": "ki lô gam", "J": "jun", "kJ": "ki lô jun",
    "MJ": "mê ga jun", "N": "niu tơn", "kN": "ki lô niu tơn",
    "Pa": "pát xcan", "kPa": "ki lô pát xcan", "MPa": "mê ga pát xcan", "K": "ken vin",
    "W": "oát", "kW": "ki lô oát", "V": "vôn", "A": "am pe", "C": "cu lông", "T": "tét la",
    "L": "lít", "l": "lít", "ml": "mi li lít", "mL": "mi li lít", "rad": "ra đi an",
    "eV": "ê lếch tron vôn", "keV": "ki lô ê lếch tron vôn", "MeV": "mê ga ê lếch tron vôn",
    "Wb": "vê be", "Bq": "béc cơ ren", "Ci": "cu ri", "H": "hen ry", "mH": "mi li hen ry",
    "F": "pha ra", "mF": "mi li pha ra", "pF": "pi cô pha ra",
    "µF": "mi crô pha ra", "μF": "mi crô pha ra", "nF": "na nô pha ra",
    "atm": "át mốt phe", "Hz": "héc", "độ": "độ", "kcal": "ki lô ca lo", "Kcal": "ki lô ca lo",
    "cal": "ca lo", "°C": "độ xê", "mmHg": "mi li mét thủy ngân", "lít": "lít", "u": "u",
    "W·h": "oát giờ", "HP": "mã lực", "Ω": "ôm", "kmol": "ki lô mol",
}  # fmt: skip
_LENGTHS = frozenset(("m", "cm", "mm", "dm", "km"))
_POWERS = {"2": "bình phương", "3": "lập phương"}
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_EXPONENT = r"(?:⁻?[¹²³⁴]|\^\{?[-−]?[1-4]\}?|[23](?![0-9]))"
_UNIT = rf"(?:{any_of(_UNITS)}){_EXPONENT}?"
_GROUP = rf"\({_UNIT}(?:\s?[.·*]\s?{_UNIT}){{1,3}}\)"
_JOINT = r"(?:\.|\s?[·*]\s?|\s?/\s?)"
_COMPOUND = rf"{_UNIT}(?:{_JOINT}(?:{_UNIT}|{_GROUP})){{1,4}}"
_INVERSE = rf"(?:{any_of(_UNITS)})(?:⁻[¹²³]|\^\{{?[-−][1-3]\}}?)"
_END = r"(?![\w°²³⁴⁻^/]|\.\w)"
_PIECE = re.compile(rf"(?P<unit>{any_of(_UNITS)})(?P<power>{_EXPONENT})?|(?P<joint>[/()])")
# Letters that are units only in a text that mentions what they measure.
_NEAR = {
    "J": r"jun|năng lượng|công|nhiệt|động năng|thế năng|cơ năng|nội năng",
    "N": r"lực|trọng lượng|niutơn|newton|áp lực|kéo|ma sát|phản lực|đàn hồi|nặng",
    "K": r"nhiệt độ|kelvin|ken-vin|tuyệt đối|nung|đun",
    "A": r"dòng điện|cường độ|ampe|ampere|cầu chì|áptômát|mạch điện|hiệu dụng",
    "T": r"từ trường|cảm ứng từ|tesla|từ",
    "C": r"điện tích|culông|điện lượng|coulomb",
    "F": r"tụ điện|điện dung|tụ",
    "H": r"độ tự cảm|cuộn cảm|tự cảm",
    "V": r"hiệu điện thế|điện áp|suất điện động|vôn",
    "W": r"công suất",
    "m": r"biên độ|bước sóng|quãng đường|bán kính|li độ|độ cao",
    "s": r"chu kì|chu kỳ|thời gian|dao động",
}
# A unit in brackets behind a value or its letter: "u = 100cos(100πt) (V)", "+66,60(m)".
_BRACKETED = "V A W J N F H T C K s m h g l L mol rad Ω HP".split()
_VALUE_BEFORE = re.compile(r"=(?:[^.;=]|\.(?=\S)){0,40}[\w)²³]\s?\(\Z")
# "x (m)", "là t (h, t > 0)": the unknown of a problem
_UNKNOWN_BEFORE = re.compile(r"(?<!\w)(?:là|bằng|[Gg]ọi|[Đđ]ặt) [a-zA-Z]\s?\(\Z")
_SMALL_POWER_BEFORE = re.compile(r"(?<![\w])10\^\{?[-−][0-9]{1,2}\}?\s?\Z")
_AGE_BEFORE = re.compile(
    r"(?<!\w)(?:trẻ|trẻ em|bé|tuổi|người lớn|từ|NL|TE)(?: em)?(?: ?[<>≤≥:]| từ| trên| dưới)?\s?"
    r"(?:[0-9]{1,2}\s?[-–]\s?)?\Z",
    re.IGNORECASE,
)
_ABOUT_LENGTH = re.compile(
    r"(?<!\w)(?:ADN|DNA|gen|nuclêôtit|nucleotide|nu|mạch|chu kì|chu kỳ|bước sóng|nguyên tử"
    r"|phân tử)(?!\w)"
)
_QUANTITIES = {
    unit: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for unit, words in _NEAR.items()
}
_ALWAYS = "Pa eV keV MeV MJ Bq Wb mH µF μF nF pF mF".split()
_UNMISTAKABLE = re.compile(r"⁻|[kK]g|mol|J|Pa|rad|eV|N/m|N\.m")
_NUMBERED_BEFORE = re.compile(
    r"(?<!\w)(?:lớp|số|khối|phòng|tổ|nhóm|nhà|câu|đường|khu|lô|tòa|điều|bảng|hình)\s\Z",
    re.IGNORECASE,
)
_POWER_OF_TEN = re.compile(r"(?P<factor>[0-9](?:,[0-9]{1,3})?)\.10(?P<exponent>[2-9])")
_AMOUNT = rf"(?:[0-9](?:,[0-9]{{1,3}})?\.10[2-9](?![0-9.,])|{NUMBER})"
_WORD_BEFORE = re.compile(
    r"(?<!\w)(?:đơn vị(?: là| của \w{1,8}(?: \w{1,8})? là)?|theo|bằng|tính ra|gia tốc"
    r"|vận tốc(?: góc)?|tốc độ|khối lượng riêng|áp suất|m[ôo]men(?: lực)?)\s\Z"
)
_DEGREES_BEFORE = re.compile(r"(?:[0-9(]|bao nhiêu|độ|mấy|nhiệt độ|theo|sang|thang)\s?\Z")


@lru_cache(256)
def _mentions_quantity(unit: str, text: str) -> bool:
    """Whether a text mentions what a unit measures; true for units that need no such word."""
    return unit not in _QUANTITIES or _QUANTITIES[unit].search(text) is not None


def _say_unit(unit: str, power: str) -> str:
    unit_name = _UNITS[unit]
    exponent = power.translate(_PLAIN).strip("^{}")
    if not exponent or exponent == "1":
        return unit_name
    if exponent.startswith("-"):
        return f"{unit_name} mũ trừ {cardinal(int(exponent[1:]), 'north')}"
    if unit in _LENGTHS and exponent in _POWERS:
        return f"{unit_name} {'vuông' if exponent == '2' else 'khối'}"
    return f"{unit_name} {_POWERS.get(exponent) or 'mũ ' + cardinal(int(exponent), 'north')}"


def say_measure(written: str) -> str:
    """Return a compound unit in words.

    >>> say_measure("J/(kg.K)"), say_measure("m/s²"), say_measure("mol⁻¹")
    ('jun trên ki lô gam ken vin', 'mét trên giây bình phương', 'mol mũ trừ một')
    """
    words: list[str] = []
    for piece in _PIECE.finditer(written):
        if piece["unit"]:
            words.append(_say_unit(piece["unit"], piece["power"] or ""))
        elif piece["joint"] == "/":
            words.append("trên")
    return " ".join(words)


def _read_compound(match: re.Match[str], accent: Accent) -> str | None:
    unit = say_measure(match["unit"])
    if match["number"]:
        return f"{_say_amount(match['number'], accent)} {unit}"
    previous_character = match.string[max(0, match.start() - 1) : match.start()]
    bracketed = previous_character in ("(", "[") and match.string[
        match.end() : match.end() + 1
    ] in (")", "]")
    is_named = search_before(match, _WORD_BEFORE, 40)
    return unit if bracketed or is_named or _UNMISTAKABLE.search(match["unit"]) else None


def _say_amount(written: str, accent: Accent) -> str:
    """Return an amount in words; 2.105 and 3,4.105 are powers of ten with a lost superscript."""
    power = _POWER_OF_TEN.fullmatch(written)
    if not power:
        return say_number(written, accent)
    factor = say_number(power["factor"], accent)
    exponent = cardinal(int(power["exponent"]), accent)
    return f"{factor} nhân {cardinal(10, accent)} mũ {exponent}"


def _read_unit(match: re.Match[str], accent: Accent) -> str | None:
    unit = match["unit"]
    if not _mentions_quantity(unit, match.string):
        return None
    if search_before(match, _NUMBERED_BEFORE, 12):
        return None
    return f"{_say_amount(match['number'], accent)} {_UNITS[unit]}"


def _read_bracketed(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    unit = match["unit"]
    named = unit in _QUANTITIES and _mentions_quantity(unit, match.string)
    if search_before(match, _UNKNOWN_BEFORE, 12):
        return _UNITS[unit]
    if match.string[match.end()] != ")":
        return None
    return _UNITS[unit] if named or search_before(match, _VALUE_BEFORE, 48) else None


@lru_cache(64)
def _is_about_length(text: str) -> bool:
    return _ABOUT_LENGTH.search(text) is not None


def _read_angstroms(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 3,4A0 of a gene, whose ring over the A became a nought."""
    number = match["number"]
    is_long = "," in number or len(number) > len("999")
    if not (is_long or _is_about_length(match.string)):
        return None  # 2 A0, sheets of paper
    return f"{_say_amount(match['number'], accent)} {ANGSTROM}"


def _read_unit_of_power(match: re.Match[str], accent: Accent) -> str | None:
    """Read the units of 4.10⁻⁸ C and 2.10⁻⁶F, small amounts of physics."""
    if match["exponent"]:
        exponent = cardinal(int(match["exponent"].translate(_PLAIN)), accent)
        return f" mũ âm {exponent} {_UNITS[match['unit']]}"
    return _UNITS[match["unit"]] if search_before(match, _SMALL_POWER_BEFORE, 10) else None


def _read_age(match: re.Match[str], accent: Accent) -> str | None:
    """Read "trẻ < 6t" as six years old."""
    if not search_before(match, _AGE_BEFORE, 24):
        return None
    return f"{cardinal(int(match['years']), accent)} tuổi"


def _read_degrees(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read 20 0C and 20 oC, where a nought or an o stands for the degree sign."""
    if not search_before(match, _DEGREES_BEFORE, 12):
        return None
    previous_character = match.string[max(0, match.start() - 1) : match.start()]
    degrees = {"C": "độ xê", "F": "độ ép", "K": "độ ca"}[match["scale"]]
    return f" {degrees}" if previous_character.isdigit() else degrees


_SINGLE = any_of([*_ALWAYS, *(unit for unit in _NEAR if unit not in "VWms")])
_FIRST_LETTERS = "".join(sorted({unit[0] for unit in _BRACKETED}))
START = (
    rf"[{_FIRST_LETTERS}](?<=[(].)(?=[a-z]{{0,2}}\))"
    rf"|[a-zA-ZµμΩ°](?:(?<=[(\[\s].)|(?<=\A.))(?<=(?=(?:{_COMPOUND}|{_INVERSE}){_END}).)"
    r"|[0oº⁰](?=[CF](?!\w))"
)
RULES = (
    Rule(
        "measure",
        re.compile(
            rf"(?<![\w.,])(?:(?P<number>{_AMOUNT})\s?)?(?P<unit>{_COMPOUND}|{_INVERSE}){_END}"
        ),
        _read_compound,
    ),
    Rule(
        "measure",
        re.compile(rf"(?<![\w.,])(?P<number>{_AMOUNT})\s?(?P<unit>{_SINGLE}){_END}"),
        _read_unit,
    ),
    Rule(
        "measure",
        re.compile(rf"(?<=\()(?P<unit>{any_of(_BRACKETED)})(?=\)|[,;] ?[a-zA-Z]\s?[<>≥≤])"),
        _read_bracketed,
    ),
    Rule(
        "measure",
        re.compile(rf"(?<![\w.,])(?P<number>{_AMOUNT})\s?A[0oº°⁰](?!\w)"),
        _read_angstroms,
    ),
    Rule(
        "measure",
        re.compile(
            r"(?:(?<=10)⁻(?P<exponent>[⁰¹²³⁴-⁹]{1,2})\s?)?(?P<unit>[CFTHNVWJA])"
            r"(?![\w/·²³⁴-⁹^(-]|\.\S|\s?[=+×·])"
        ),
        _read_unit_of_power,
    ),
    Rule("age", re.compile(r"(?P<years>[1-9][0-9]?)\s?t(?!\w)"), _read_age),
    Rule("degrees", re.compile(r"[0oº⁰](?P<scale>[CF])(?!\w)"), _read_degrees),
)
