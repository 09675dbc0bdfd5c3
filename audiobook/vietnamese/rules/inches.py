"""Inches of screens, sensors, pipes and tyres: 55”, 13.3”–17.3”, 1/2.3", 3/4 inch."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_before
from audiobook.vietnamese.rules.units import UNITS

_MEASURED_IN_INCHES = re.compile(
    r"\b(?:màn hình|màn|ti ?vi|tv|laptop|mâm|lốp|vành|bánh|pizza|ống|đường kính|khổ|cỡ|loa"
    r"|kích thước|ipad|macbook|máy tính|máy|đĩa|monitor|smartphone|điện thoại|cảm biến|sensor|CMOS"
    r"|camera|ống kính|van|ren|laptop)\b"
    r"(?:[^.;“”\"0-9]|[0-9]{1,3}(?=\s?MP)|[0-9]{1,3}(?:[.,][0-9]{1,2})?(?:[”\"]|(?=\s?[-–~/]))|(?<=/)[0-9.,]{1,5}[”\"])*\Z",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"(?<![0-9])\"")
_QUOTATION = 400  # characters, within which a quotation is looked for
_DECIMAL = re.compile("[.,][0-9]")


def _read_inches(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 55” of a screen as inches, unless the mark closes a quotation."""
    preceding_text = text_before(match, _QUOTATION)
    quoted = (
        len(_QUOTE.findall(preceding_text)) % 2 == 1
        if match["sign"] == '"'
        else preceding_text.rfind("“") > preceding_text.rfind("”")
    )
    decimals = (
        match["low_sign"] and _DECIMAL.search(match["low"]) and _DECIMAL.search(match["number"])
    )
    if quoted or not (decimals or search_before(match, _MEASURED_IN_INCHES, 120)):
        return None
    low = f"{say_number(match['low'], accent)} đến " if match["low"] else ""
    number = _say_part(match, accent) if match["above"] else say_number(match["number"], accent)
    return f"{low}{number} {UNITS['inch']}"


def _read_part_of_inch(match: re.Match[str], accent: Accent) -> str:
    """Read the 1/2,3 inch of a sensor and the 3/4 inch of a pipe."""
    return f"{_say_part(match, accent)} {UNITS['inch']}"


def _say_part(match: re.Match[str], accent: Accent) -> str:
    below = say_number(match["number"], accent)
    below = DIALECTS[accent]["fourth"] if match["number"] == "4" else below
    return f"{cardinal(int(match['above']), accent)} phần {below}"


RULES = (
    # 13.3”–17.3” and 1/2.3"
    Rule(
        "inches",
        re.compile(
            r"(?=[0-9]{1,3}(?:[.,][0-9]{1,2})?(?:[”″\"]|\s?[-–~]|/[1-9]))"
            rf"(?:(?P<low>{NUMBER})(?P<low_sign>[”″\"])?\s?[-–~]\s?|(?P<above>[1-9])/)"
            rf"(?P<number>{NUMBER})\s?(?P<sign>[”″\"]|'')(?!\w)"
        ),
        _read_inches,
        needs="'\"”″",
    ),
    Rule(
        "inches",
        re.compile(
            rf"(?P<low>)(?P<above>)(?P<low_sign>)(?P<number>{NUMBER})\s?(?P<sign>[”″\"]|'')(?!\w)"
        ),
        _read_inches,
        needs="'\"”″",
    ),
    # 1/2,3 inch
    Rule(
        "inches",
        re.compile(
            rf"(?<![\w.,/])(?P<above>[1-9])/(?=[1-9])(?P<number>{NUMBER})\s?(?:inch|inches)(?!\w)"
        ),
        _read_part_of_inch,
        needs="/",
    ),
)
