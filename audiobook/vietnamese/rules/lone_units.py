"""Units without a number before them: "mỗi km", "(m3/s)", and the kilometre posts of roads."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.lazy import ListPattern
from audiobook.vietnamese.rules.numbers import NUMBER, say_number
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    search_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.units import ALONE, UNITS, say_unit

POST = (
    rf"(?<!\w)[Kk][Mm](?![23][)/])\s?(?P<number>{NUMBER})(?:\s?\+\s?(?P<more>[0-9]{{1,3}}))?"
    rf"(?:\s?[-–]\s?[Kk][Mm]\s?(?P<to>{NUMBER})(?:\s?\+\s?(?P<to_more>[0-9]{{1,3}}))?)?(?!\w)"
)
# "(m3/s)"
_RATES = [unit for unit in UNITS if "/" in unit and unit.partition("/")[0] in ALONE]
_EVERY_RATE = [unit for unit in UNITS if "/" in unit]
_UNMISTAKABLE = frozenset(
    "km cm mm kg km² m² cm² km2 cm2 kW kWh MWh Hz kHz MHz GHz mmHg mAh Mbps Gbps kcal dB"
    " mg ml mL mcg mmol".split()
)
_BEFORE_PEOPLE = re.compile(
    r"(?:\A|[.!?,]\s?|(?<!\w)(?:nếu|thì|mà|các|giúp|cho|của|với|nhờ|chào|hỏi|để|khi|lúc|có|là|và|cả)\s)\Z",
    re.IGNORECASE,
)
_BEFORE_A_UNIT = frozenset(
    "một hai ba bốn tư lăm sáu bảy tám chín mười mươi trăm nghìn ngàn vạn triệu tỷ tỉ chục vài mấy"
    " mỗi từng nửa rưỡi bằng theo nhiêu trên giá".split()
)


def _read_unit(match: re.Match[str], accent: Accent) -> str | None:
    unit = match[0]
    if unit == "cm" and search_before(match, _BEFORE_PEOPLE, 12):
        return None  # a word of chat
    is_bracketed = text_before(match, 1) == "(" and text_after(match, 1) in (")", "/")
    is_unmistakable = unit in _UNMISTAKABLE or unit.partition("/")[0] in _UNMISTAKABLE
    if not (is_unmistakable or is_bracketed or word_before(match) in _BEFORE_A_UNIT):
        return None
    return say_unit(unit, accent)


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


RULES = (
    Rule("kilometre post", re.compile(POST), _read_kilometre_post, needs="Kk"),
    Rule("unit", ListPattern(r"(?<!\w)", ALONE + _RATES, lambda _unit: r"(?!\w)"), _read_unit),
    # "mét trên giây (m/s)"
    Rule("unit", ListPattern(r"(?<=\()", _EVERY_RATE, lambda _unit: r"(?=\))"), _read_unit),
)
