"""Number plates of vehicles: 29A-123.45, and 30L- 3354 where a word before means a plate."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.code_parts import PARTS, say_part
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before


def _read_plate(match: re.Match[str], accent: Accent) -> str:
    province = cardinal(int(match["where"]), accent)
    series = " ".join(say_part(part, accent) for part in PARTS.findall(match["series"]))
    number = " ".join(
        digits(part, accent) if part.isdecimal() else " ".join([spell("x")] * len(part))
        for part in re.findall("[0-9]+|[xX]+", match["number"])
    )
    return f"{province} {series} {number}"


def _read_loose_plate(match: re.Match[str], accent: Accent) -> str | None:
    """Read "BKS 30L- 3354" and "xe 97H-22xx", where the word before means a number plate."""
    return _read_plate(match, accent) if search_before(match, _PLATE_BEFORE, 40) else None


_PLATE_BEFORE = re.compile(
    r"\b(?:BKS|BSK|biển|biển số|biển kiểm soát|xe|mô tô|ô tô|ôtô|mang)\b[^0-9.;]{0,24}[ :.-]\s?\Z",
    re.IGNORECASE,
)
_SERIES = r"(?P<where>[1-9][0-9])-?(?P<series>LĐ|KT|DA|NG|NN|QT|MĐ|TĐ|HC|CD|MK|LB|[A-ZĐ][A-Z0-9]?)"
PLATE = Rule(
    "number plate",
    re.compile(
        rf"(?<!\w){_SERIES}(?:[- ]|\s[-–]\s|(?=[0-9]{{3}}\.))"
        r"(?P<number>[0-9]{3}\.?[0-9]{2}|[0-9]{4})(?!\w)"
    ),
    _read_plate,
)
"""A plate by its form alone."""
LOOSE_PLATE = Rule(
    "number plate",
    re.compile(
        rf"(?<!\w){_SERIES}(?:\s?[-–.]\s?|\s)"
        r"(?P<number>[0-9]{3}\.?[0-9]{2}|[0-9]{4}|(?=[0-9.]{0,4}[xX])[0-9xX]{2,3}\.?[0-9xX]{2})(?!\w)"
    ),
    _read_loose_plate,
)
"""A plate that a word before it shows."""
