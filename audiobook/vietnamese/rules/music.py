"""Music: opus numbers ("Op. 67, No. 5"), chords ("C#m", "Dm7"), notes ("nốt Eb") and time."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before

_NOTES = dict(zip("CDEFGAB", ("đô", "rê", "mi", "pha", "son", "la", "si"), strict=True))
_ACCIDENTALS = {"#": "thăng", "♯": "thăng", "b": "giáng", "♭": "giáng", "": ""}
_KINDS = {
    "m": "thứ", "min": "thứ", "maj": "trưởng", "M": "trưởng", "sus": "sus", "dim": "giảm",
    "aug": "tăng", "add": "thêm", "": "",
}  # fmt: skip
# Not the gam of "33,07 gam B" and "m gam C", a weight.
_SCALE = r"(?<![0-9] )(?<!\W[a-z] )gam"
_ABOUT_MUSIC = re.compile(
    rf"(?<!\w)(?:hợp âm|vòng hòa âm|nốt|{_SCALE}|âm giai|tông|dấu hóa|dấu thăng|dấu giáng"
    r"|hóa biểu|quãng"
    r"|nửa cung|guitar|ghi-ta|ukulele|piano|sonata|concerto|capo|nhạc lý"
    r"|giọng (?:trưởng|thứ)|vòng [A-G][m7]?(?= ?[-–→,])|nhịp [2-9]/[248])(?!\w)",
    re.IGNORECASE,
)
_CALLED_BEFORE = re.compile(
    rf"(?<!\w)(?:hợp âm|nốt|{_SCALE}|âm giai|tông|tone|giọng|cung|vòng|bậc|thang âm)\s\Z",
    re.IGNORECASE,
)
_CHORD = (
    r"(?P<note>[A-G])(?P<accidental>[#♯♭]|b(?![a-z]))?(?P<kind>maj|min|m|M|dim|sus|aug|add)?"
    r"(?P<seventh>1[13]|[245679])?(?P<altered>[#b]5)?"
)
_ANY_CHORD = r"[A-G][#♯♭b]?(?:maj|min|m|dim|sus|aug|add)?[0-9]{0,2}"
_CHAIN_BEFORE = re.compile(rf"(?<!\w){_ANY_CHORD}(?:,? |\s?[-–→/,]\s?| và | hay )\Z")
_CHAIN_AFTER = re.compile(rf"(?:,? |\s?[-–→/,]\s?| và | hay ){_ANY_CHORD}(?![\w.])")
_MODE_AFTER = re.compile(
    r" (?:trưởng(?! (?:thành|phòng|khoa|nhóm|lớp))|thứ(?! (?:hai|ba|tư|năm|sáu|bảy)))(?!\w)"
)
_COMPOSER_NEAR = re.compile(r"(?<!\w)(?:Mozart|sonata|concerto|giao hưởng|KV)(?!\w)", re.IGNORECASE)


@lru_cache(64)
def _is_about_music(text: str) -> bool:
    return _ABOUT_MUSIC.search(text) is not None


def _read_chord(match: re.Match[str], accent: Accent) -> str | None:
    """Read C#m anywhere; read Am and Eb, or C alone, only in a text about music."""
    kind, seventh = match["kind"] or "", match["seventh"] or ""
    sharp = match["accidental"] in ("#", "♯", "♭")
    if not ((sharp and (kind or seventh)) or _is_note(match)):
        return None  # C# alone may be the language
    spoken_parts = (
        _NOTES[match["note"]],
        _ACCIDENTALS[match["accidental"] or ""],
        _KINDS[kind],
        cardinal(int(seventh), accent) if seventh else "",
        f"{_ACCIDENTALS[match['altered'][0]]} năm" if match["altered"] else "",
    )
    return " ".join(filter(None, spoken_parts))


def _is_note(match: re.Match[str]) -> bool:
    """Whether a match is a note or chord, and not a letter, word or code."""
    text = match.string
    called = search_before(match, _CALLED_BEFORE, 12) is not None
    if called and (match["accidental"] or match["kind"] or _is_about_music(text)):
        return True
    if not _is_about_music(text):
        return False
    if len(match[0]) > 1 and match[0] not in ("Am", "Em", "Ab", "Do"):
        return True
    chord_before, chord_after = (
        search_before(match, _CHAIN_BEFORE, 10),
        _CHAIN_AFTER.match(text, match.end()),
    )
    return bool(chord_before or chord_after or _MODE_AFTER.match(text, match.end()))


def _read_opus_number(match: re.Match[str], accent: Accent) -> str:
    label = "opus" if match["short"].lower() == "op" else "số"
    return f"{label} {cardinal(int(match['number']), accent)}"


@lru_cache(64)
def _names_composer(text: str) -> bool:
    return _COMPOSER_NEAR.search(text) is not None


def _read_catalogue(match: re.Match[str], accent: Accent) -> str | None:
    """Read K. 545, the number of a work by Mozart in the Köchel catalogue."""
    if not _names_composer(match.string):
        return None
    return f"{spell('K')} {cardinal(int(match['number']), accent)}"


def _read_time_signature(match: re.Match[str], accent: Accent) -> str:
    return f"{cardinal(int(match['beats']), accent)} {cardinal(int(match['value']), accent)}"


START = (
    r"[A-G](?:[#♯♭]|(?=(?:b|maj|min|m|M|dim|sus|aug|add)?(?:1[13]|[245679])?(?:[#b]5)?(?!\w)))"
    r"|[ON][po]\.\s?[0-9]|K\.\s?[0-9]"
)
RULES = (
    Rule("chord", re.compile(rf"(?:(?<![\w-])|(?<=[A-G]-)){_CHORD}(?![\w#])"), _read_chord),
    Rule(
        "opus number",
        re.compile(r"(?P<short>[Oo]p|No)\.\s?(?P<number>[0-9]{1,4})(?![\w]|[.,][0-9])"),
        _read_opus_number,
    ),
    Rule(
        "opus number",
        re.compile(r"K\.\s?(?P<number>[0-9]{1,3})(?![\w]|[.,][0-9])"),
        _read_catalogue,
    ),
    Rule(
        "beats",
        re.compile(
            r"(?<=(?:nhịp|điệu|Nhịp|Điệu) )(?P<beats>[2-9]|12)/(?P<value>[248]|16)(?![\w/])"
        ),
        _read_time_signature,
    ),
)
