"""Codes of letters and digits: roads, plates, models, decrees."""

from __future__ import annotations

import re

from audiobook.vietnamese.acronyms import SAID, WORDS
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.numbers import cardinal, digits
from audiobook.vietnamese.ordinals import ordinal
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_pairs

# Words within codes that are said as words: COVID-19.
_WORDS = load_pairs("code_words.tsv")
NAMED_NUMBER = r"[A-Z][a-z]{1,20}-(?=[0-9])"
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
# Within the numbers of decrees the others are spelled.
_COUNCILS = ("UBND", "HĐND")
_LONGEST_NUMBER = 3
_LONGEST_SPELLED = 2


def _say_part(part: str, accent: Accent) -> str:
    if part.isdecimal():
        long = len(part) > _LONGEST_NUMBER or (part[0] == "0" and len(part) > 1)
        return digits(part) if long else cardinal(int(part), accent)
    if len(part) > _LONGEST_SPELLED and part in SAID:
        return SAID[part]
    if part in WORDS:
        return part
    return _WORDS.get(part.upper()) or spell(part)


def _read(match: re.Match[str], accent: Accent) -> str:
    return " ".join(_say_part(part, accent) for part in _PARTS.findall(match[0]))


def _read_decree(match: re.Match[str], accent: Accent) -> str:
    numbers = [
        digits(number) if number.startswith("0") else cardinal(int(number), accent)
        for number in match["numbers"].split("/")
    ]
    issuer = _PARTS.findall(match["issuer"])
    said = (
        SAID[part]
        if part in _COUNCILS
        else spell(part)
        if part.isalpha()
        else _say_part(part, accent)
        for part in issuer
    )
    return f"{' trên '.join(numbers)} trên {' '.join(said)}"


def _read_plate(match: re.Match[str], accent: Accent) -> str:
    where = cardinal(int(match["where"]), accent)
    series = " ".join(_say_part(part, accent) for part in _PARTS.findall(match["series"]))
    return f"{where} {series} {digits(match['number'].replace('.', ''))}"


def _read_hyphen(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Say nothing between a foreign name and its number: Covid-19, Apollo-11."""
    name = match[0][:-1]
    return None if is_vietnamese(name) else f"{name} "


def _read_flight(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    start = match.start()
    if not _VEHICLE_BEFORE.search(match.string, max(0, start - 16), start):
        return None
    return f"{spell(match['line'])} {digits(match['number'])}"


def _read_weekday(match: re.Match[str], accent: Accent) -> str:
    first = ordinal("thứ", int(match["first"]), accent)
    last = "chủ nhật" if match["sunday"] else f"thứ {ordinal('thứ', int(match['last']), accent)}"
    return f"thứ {first} đến {last}"


_VEHICLE_BEFORE = re.compile(r"\b(?:chuyến|bay|hiệu|tàu|máy bay)\s\Z")
RULES = (
    Rule(
        "flight number",
        re.compile(r"(?<!\w)(?P<line>[A-Z]{2})[ -]?(?P<number>[0-9]{2,4})(?![\w]|[.,/-][0-9])"),
        _read_flight,
    ),
    Rule(
        "days of the week",
        re.compile(
            r"(?<!\w)[Tt](?P<first>[2-7])\s?[-–]\s?(?:[Tt](?P<last>[3-7])|(?P<sunday>CN|cn))(?!\w)"
        ),
        _read_weekday,
    ),
    Rule(
        "decree",
        re.compile(
            r"(?<!\w)(?P<numbers>[0-9]{1,4}(?:/(?:19|20)[0-9]{2})?)/(?P<issuer>[A-ZĐ][A-ZĐƯ0-9a-z]*(?:-[A-ZĐƯ][A-ZĐƯa-z]*)*)(?!\w)"
        ),
        _read_decree,
    ),
    Rule(
        "number plate",
        re.compile(
            r"(?<!\w)(?P<where>[1-9][0-9])(?P<series>[A-ZĐ][A-Z0-9]?)[- ]"
            r"(?P<number>[0-9]{3}\.?[0-9]{2}|[0-9]{4})(?!\w)"
        ),
        _read_plate,
    ),
    Rule("named number", re.compile(rf"(?<!\w){NAMED_NUMBER}"), _read_hyphen),
    Rule(
        "code",
        re.compile(
            r"(?<![\w-])(?:[A-ZĐ]{1,6}-?[0-9]+(?:-?[A-Z]{1,2}[0-9]*)?|[0-9]{1,4}[A-ZĐ]{1,2}[0-9]*"
            r"|[0-9]{1,4}(?:[pi]|x(?!\s?[-+−=<>≤≥×:])))(?![\w]|[.,/-][0-9])"
        ),
        _read,
    ),
)
