"""Signs between numbers, and symbols that stand for words."""

from __future__ import annotations

import re

from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("symbols.tsv")
_SIGNS = "".join(re.escape(sign) for sign in _SAID)
# How far on the equals sign of a formula is looked for.
_FORMULA = 40
START = rf"[{_SIGNS}]"


def _read(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    said = _SAID[match["sign"]]
    text = match.string
    before = "" if text[: match.start()].endswith((" ", "(")) or not match.start() else " "
    after = "" if text[match.end() : match.end() + 1] in (" ", "", ",", ".", ")") else " "
    return f"{before}{said}{after}"


def _read_minus(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "trừ" if "=" in match.string[match.end() : match.end() + _FORMULA] else None


def _read_times(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "nhân"


def _read_power(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return {"²": " bình phương", "³": " lập phương"}[match[0]]


RULES = (
    Rule("times", re.compile(r"(?<=[0-9)] )[x](?= [0-9(])"), _read_times),
    Rule("power", re.compile(r"(?<=[0-9a-z)])[²³](?!\w)"), _read_power),
    Rule("minus", re.compile(r"(?<=[0-9)] )[-–−](?= [0-9(])"), _read_minus),
    Rule("symbol", re.compile(rf"(?P<sign>[{_SIGNS}])(?![{_SIGNS}])"), _read),
)
