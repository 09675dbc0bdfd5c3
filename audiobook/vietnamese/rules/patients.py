"""The numbers of patients in news about an epidemic: BN18146, BN1137-1140."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.rule import Accent, Rule, text_after, text_before

_PATIENT = "bệnh nhân"
_EPIDEMIC = re.compile(
    r"(?<!\w)(?:covid|ncov|sars|nhiễm|lây|dương tính|âm tính|cách ly|xét nghiệm|bệnh nhân|bệnh viện"
    r"|bộ y tế|F[0-9]|ổ dịch|ca (?:bệnh|mắc|mới|trong|nhập|là)|các ca|ca này|tử vong|nhập cảnh"
    r"|là (?:nam|nữ)|(?:nam|nữ), [0-9])(?!\w)"
    r"|(?<!\w)BN\s?[0-9]{2,6}.{1,60}(?<!\w)BN\s?[0-9]{2,6}",
    re.IGNORECASE,
)
# "ca bệnh BN17": the word bệnh would be said twice.
_CASE_BEFORE = re.compile(r"(?<!\w)ca bệnh\s\Z", re.IGNORECASE)
_REACH = 120
_LONGEST_CARDINAL = 2


def _say_number(number: str, accent: Accent) -> str:
    short = len(number) <= _LONGEST_CARDINAL and number[0] != "0"
    return cardinal(int(number), accent) if short else digits(number, accent)


def _read_patients(match: re.Match[str], accent: Accent) -> str | None:
    """Read the numbers digit by digit, in a text about an epidemic."""
    preceding_text = text_before(match, _REACH)
    around = f"{preceding_text}{match[0]}{text_after(match, _REACH)}"
    if not _EPIDEMIC.search(around) or _CASE_BEFORE.search(preceding_text):
        return None
    is_named = preceding_text.rstrip().lower().endswith(_PATIENT)
    spoken = _say_number(match["number"], accent)
    if not is_named:
        spoken = f"{_PATIENT} {spoken}"
    if match["last"]:
        patient = f"{_PATIENT} " if match["again"] else ""
        spoken += f" đến {patient}{_say_number(match['last'], accent)}"
    return spoken


RULES = (
    Rule(
        "patients",
        re.compile(
            r"(?<!\w)BN\s?(?P<number>[0-9]{1,7})(?:\s?[-–]\s?(?P<again>BN\s?)?(?P<last>[0-9]{1,7}))?"
            r"(?![\w]|[.,/-][0-9])"
        ),
        _read_patients,
    ),
)
