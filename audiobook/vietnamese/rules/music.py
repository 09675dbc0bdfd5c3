"""Music: opus numbers ("Op. 67, No. 5") and chords ("C#m")."""

from __future__ import annotations

import re

from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule

_NOTES = dict(zip("CDEFGAB", ("đô", "rê", "mi", "pha", "son", "la", "si"), strict=True))
_ACCIDENTALS = {"#": "thăng", "♯": "thăng", "b": "giáng", "♭": "giáng", "": ""}
_KINDS = {"m": "thứ", "maj": "trưởng", "sus": "sus", "dim": "giảm", "": ""}


def _read_chord(match: re.Match[str], accent: Accent) -> str | None:
    seventh = cardinal(int(match["seventh"]), accent) if match["seventh"] else ""
    kind = _KINDS[match["kind"] or ""]
    if not (kind or seventh):
        return None  # C# alone may be the language
    said = (_NOTES[match["note"]], _ACCIDENTALS[match["accidental"]], kind, seventh)
    return " ".join(filter(None, said))


def _read_number(match: re.Match[str], accent: Accent) -> str:
    said = "opus" if match["short"].lower() == "op" else "số"
    return f"{said} {cardinal(int(match['number']), accent)}"


START = r"[A-G][#♯♭]|[ON][po]\.\s?[0-9]"
RULES = (
    Rule(
        "chord",
        re.compile(
            r"(?P<note>[A-G])(?P<accidental>[#♯♭])(?P<kind>maj|m|dim|sus)?(?P<seventh>[24679])?(?!\w)"
        ),
        _read_chord,
    ),
    Rule(
        "opus number",
        re.compile(r"(?P<short>[Oo]p|No)\.\s?(?P<number>[0-9]{1,4})(?![\w]|[.,][0-9])"),
        _read_number,
    ),
)
