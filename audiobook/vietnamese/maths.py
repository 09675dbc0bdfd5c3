"""Signs between numbers, and symbols that stand for words."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import RAISED
from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("symbols.tsv")
SIGNS = "".join(re.escape(sign) for sign in _SAID)
# No words stand between a minus and the equals sign of its formula.
_REST_OF_FORMULA = re.compile(r"(?:\s?(?:[0-9.,]{1,12}[a-z]?|[a-z]|[-+×:()²³/−–])){1,12}\s?[=<>≤≥]")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWERS = {"²": " bình phương", "³": " lập phương"}
_LETTER_BEFORE = r"(?:(?<=[\W\dπ][a-zA-Z])|(?<=\A[a-zA-Z]))"
_EXPONENT = rf"(?P<minus>⁻)?(?P<exponent>{RAISED}{{1,9}})"


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    said = _SAID[match["sign"]]
    text = match.string
    if not match.start() and text[match.end() : match.end() + 1] == " ":
        return None  # the mark of an item of a list
    before = "" if text[: match.start()].endswith((" ", "(")) or not match.start() else " "
    after = "" if text[match.end() : match.end() + 1] in (" ", "", ",", ".", ")") else " "
    return f"{before}{said}{after}"


def _read_minus(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "trừ" if _REST_OF_FORMULA.match(match.string, match.end()) else None


def _read_times(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    beside = match.string[match.start() - 1] != " "
    return " nhân " if beside else "nhân"


def _read_about(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "khoảng "


def _read_number_sign(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "số "


def _read_power(match: re.Match[str], accent: Accent) -> str:
    if match[0] in _POWERS:
        return _POWERS[match[0]]
    minus, exponent = match["minus"], match["exponent"].translate(_RAISED)
    return f" mũ {'âm ' if minus else ''}{cardinal(int(exponent), accent)}"


def _read_to_the(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return " mũ "


def _read_divided(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "chia" if _REST_OF_FORMULA.match(match.string, match.end()) else None


def _read_nothing(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return ""


RULES = (
    Rule("times", re.compile(r"(?<=[0-9)] )[xX](?= [0-9(])|(?<=[0-9])[xX](?=[0-9])"), _read_times),
    Rule("power", re.compile(rf"(?:(?<=[0-9)])|{_LETTER_BEFORE}){_EXPONENT}"), _read_power),
    Rule("power", re.compile(r"\^(?=[-−]?[0-9a-z])(?<=[0-9a-z)].)"), _read_to_the),
    Rule("divided by", re.compile(r":(?<=[0-9)] .)(?= [0-9(])"), _read_divided),
    Rule("emoticon", re.compile(r"=[)(]+|=[DP](?!\w)"), _read_nothing),
    Rule("note mark", re.compile(rf"{RAISED}+"), _read_nothing),
    Rule("minus", re.compile(r"(?<=[0-9a-z)] )[-–−](?= [0-9a-z(])"), _read_minus),
    Rule("about", re.compile(r"~(?=\s?[0-9])\s?"), _read_about),
    Rule("number sign", re.compile(r"#(?=[0-9])"), _read_number_sign),
    Rule("symbol", re.compile(rf"(?P<sign>[{SIGNS}])(?![{SIGNS}])"), _read),
)
