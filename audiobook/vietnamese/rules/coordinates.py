"""Latitudes, longitudes and temperatures: numbers with a degree sign, or what was left of it."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_after, text_before
from audiobook.vietnamese.rules.units import UNITS

PADDED = re.compile(r"\A0(?=[0-9])")
# N is "nam" (south), unless the other directions are written in English.
_SIDES = {
    "B": "vĩ Bắc", "N": "vĩ Nam", "S": "vĩ Nam",
    "Đ": "kinh Đông", "E": "kinh Đông", "T": "kinh Tây", "W": "kinh Tây",
}  # fmt: skip
_ENGLISH_SIDE = re.compile(r"[0-9°'’′\"”″]\s?[EWS](?!\w)")


def _read_coordinate(match: re.Match[str], accent: Accent) -> str | None:
    """Read a latitude or a longitude: 21°01'42" B."""
    if not (match["minutes"] or match["side"]):
        return None
    degrees = match["degrees"] + (match.groupdict().get("part") or "")
    spoken = f"{say_number(PADDED.sub('', degrees), accent)} độ"
    if match["minutes"]:
        spoken += f" {say_number(match['minutes'].lstrip('0') or '0', accent)} phút"
    if match["seconds"]:
        spoken += f" {say_number(match['seconds'].lstrip('0') or '0', accent)} giây"
    if not match["side"]:
        return spoken
    english = _ENGLISH_SIDE.search(text_before(match) + match[0] + text_after(match))
    north = match["side"] == "N" and english
    return f"{spoken} {_SIDES['B'] if north else _SIDES[match['side']]}"


_VIETNAMESE_SIDE = re.compile(r"[0-9'’′\"”″]\s?[BĐT](?!\w)")
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
    return f"{low}{cardinal(int(match['number']), accent)} {UNITS['°C']}"


def _read_degrees(match: re.Match[str], accent: Accent) -> str:
    return f"{say_number(match['number'], accent)} {UNITS['°']}"


POSITIONS = (
    Rule(
        "latitude or longitude",
        re.compile(
            rf"(?P<degrees>{NUMBER})\s?(?:[°º˚]|độ(?!\w)|o(?=[0-9]{{1,2}}['’′]))"
            r"(?:\s?(?P<minutes>[0-9]{1,2}(?:[.,][0-9]{1,4})?)\s?(?:['’′]|phút(?!\w))"
            r"(?:\s?(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,3})?)\s?(?:[\"”″]|''|’’|giây(?!\w)))?)?"
            r"(?:\s?(?P<side>[BNĐTEWS])(?!\w))?"
        ),
        _read_coordinate,
        needs="°º˚đo",
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
        needs="BNĐTEWS",
    ),
)
DEGREES = (
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
)
