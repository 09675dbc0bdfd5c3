"""Signs between numbers, and symbols that stand for words."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import RAISED
from audiobook.vietnamese.numbers import cardinal
from audiobook.vietnamese.quantities import UNIT, say_unit
from audiobook.vietnamese.rule import Accent, Rule, ends_before, text_after, text_before
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("symbols.tsv")
SIGNS = "".join(re.escape(sign) for sign in _SAID)
# No words stand between a minus and the equals sign of its formula.
_REST_OF_FORMULA = re.compile(r"(?:\s?(?:[0-9.,]{1,12}[a-z]?|[a-z]|[-+×:()²³/−–])){1,12}\s?[=<>≤≥]")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_SIGNS = ("²", "³", *"⁴⁵⁶⁷⁸⁹")
_POWERS = {"²": " bình phương", "³": " lập phương"}
# A letter within a Greek word is no symbol.
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
ARROWS = "→⟶➔➜➝➡➤►"
# "2H2 + O2 → 2H2O", "x → 0": other arrows are only pauses.
_REACTION_BEFORE = re.compile(r"[+=][^.;?!]{1,40}[0-9A-Za-z)↑↓]\s?\Z")
_VARIABLE_BEFORE = re.compile(r"(?<!\w)[a-z]\s?\Z")
_LIMIT_AFTER = re.compile(r"\s?[-+−]?(?:[0-9]|∞)")
_LINE_BEFORE = re.compile(r"(?<!\w)(?:[A-Z]{2}|[a-z])\s\Z")
_LETTER_BEFORE = r"(?:(?<=[\W\dπ][a-zA-Z])|(?<=\A[a-zA-Z]))"
_EXPONENT = rf"(?P<minus>⁻)?(?P<exponent>{RAISED}{{1,9}})(?:\s(?P<unit>{UNIT}))?"


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    said = _SAID[match["sign"]]
    if not match.start() and text_after(match, 1) == " " and not match["sign"].isalnum():
        return None  # the mark of an item of a list
    before = "" if text_before(match, 1) in ("", " ", "(") else " "
    after = "" if text_after(match, 1) in (" ", "", ",", ".", ")") else " "
    return f"{before}{said}{after}"


def _read_minus(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    formula = match[0] == "−" or _REST_OF_FORMULA.match(match.string, match.end())
    return "trừ" if formula or text_before(match, 2)[:1] in _RAISED_SIGNS else None


def _read_arrow(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    if ends_before(match, _VARIABLE_BEFORE) and _LIMIT_AFTER.match(match.string, match.end()):
        return "tiến tới"
    if text_after(match, 1) and ends_before(match, _REACTION_BEFORE, 48):
        return "tạo thành"
    return "–"


def _read_charge(match: re.Match[str], accent: Accent) -> str:
    count = f" {cardinal(int(match['count'].translate(_RAISED)), accent)}" if match["count"] else ""
    return f"{count} {'cộng' if match['sign'] == '⁺' else 'trừ'}"


def _read_times(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    beside = match.string[match.start() - 1] != " "
    return " nhân " if beside else "nhân"


def _read_about(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "khoảng "


def _read_diameter(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "phi "


def _read_parallel(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "song song với" if ends_before(match, _LINE_BEFORE, 4) else None


def _read_number_sign(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "số "


def _read_power(match: re.Match[str], accent: Accent) -> str:
    unit = f" {say_unit(match['unit'], accent)}" if match["unit"] else ""
    minus, exponent = match["minus"], match["exponent"]
    if exponent in _POWERS and not minus:
        return f"{_POWERS[exponent]}{unit}"
    said = cardinal(int(exponent.translate(_RAISED)), accent)
    return f" mũ {'âm ' if minus else ''}{said}{unit}"


def _read_to_the(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return " mũ "


def _read_divided(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "chia" if _REST_OF_FORMULA.match(match.string, match.end()) else None


def _read_nothing(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return ""


RULES = (
    Rule("times", re.compile(r"(?<=[0-9)] )[xX](?= [0-9(])|(?<=[0-9])[xX](?=[0-9])"), _read_times),
    Rule(
        "charge",
        re.compile(rf"(?<=[A-Za-z0-9)])(?P<count>{RAISED})?(?P<sign>[⁺⁻])(?!{RAISED})"),
        _read_charge,
    ),
    Rule("arrow", re.compile(rf"[-–=]{{1,2}}>{{1,2}}|>{{2,3}}|[{ARROWS}]"), _read_arrow),
    Rule("power", re.compile(rf"(?:(?<=[0-9)])|{_LETTER_BEFORE}){_EXPONENT}"), _read_power),
    Rule("power", re.compile(r"\^(?=[-−]?[0-9a-z])(?<=[0-9a-z)].)"), _read_to_the),
    Rule("divided by", re.compile(r":(?<=[0-9)] .)(?= [0-9(])"), _read_divided),
    Rule("emoticon", re.compile(r"=[)(]+|=[DP](?!\w)"), _read_nothing),
    Rule("note mark", re.compile(rf"{RAISED}+"), _read_nothing),
    Rule("minus", re.compile(r"(?<=[0-9a-z)²³⁴-⁹] )[-–−](?= [0-9a-z(])"), _read_minus),
    Rule("about", re.compile(r"~(?=\s?[0-9])\s?"), _read_about),
    Rule("diameter", re.compile(r"[Øø](?=\s?[0-9])\s?"), _read_diameter),
    Rule("parallel", re.compile(r"//(?=\s(?:[A-Z]{2}|[a-z])(?!\w))"), _read_parallel),
    Rule("number sign", re.compile(r"#(?=[0-9])"), _read_number_sign),
    Rule(
        "symbol",
        re.compile(rf"(?<![{SIGNS}{_GREEK}])(?P<sign>[{SIGNS}])(?![{SIGNS}{_GREEK}])"),
        _read,
    ),
)
