"""Formulas in plain characters, such as y = x^2 - 4x: what their letters and signs say.

Numbers, quantities and substances in them are read by the rules for these; this module reads the
letters between them and the signs that elsewhere are punctuation.
"""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules import chemistry
from audiobook.vietnamese.rules.formula_spans import (
    AMOUNT,
    FUNCTIONS,
    GLUED_FUNCTION,
    GREEK,
    GREEK_NAMES,
    LETTERS,
    PRIMES,
    find_formulas,
    is_in_formula,
    is_letters,
    starts_factor,
)
from audiobook.vietnamese.rules.numbers import cardinal, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_after, text_before
from audiobook.vietnamese.table import any_of

_ALONE = r"(?<![^\W\d_²³¹⁰⁴-⁹])"
_ATOM = re.compile(rf"{any_of(['max', 'min'])}|.")
_DASHES = frozenset("-−–")


@lru_cache(256)
def _is_variable(letter: str, text: str) -> bool:
    """Whether a letter stands for a number somewhere in a text, as the m of m > 2."""
    alone = rf"(?<![\w'’]){letter}(?:\s?[=<>≤≥≠∈]|\s[-+−–]\s)|[-+−(]{letter}(?!\w)"
    summed = rf"[0-9(]{letter}(?:\+|[-−–](?![0-9.,]{{1,9}}\s?{letter}))(?=[0-9(a-z])"
    named = rf"(?<!\w)(?:mọi|tìm|tham số|ẩn|giá trị của) {letter}(?!\w)"
    return re.search(f"{alone}|{summed}|{named}", text) is not None


def _say_word(word: str) -> str:
    """Return the letters of a formula in words.

    >>> _say_word("cosφ"), _say_word("AB"), _say_word("Zmax")
    ('cốt phi', 'a bê', 'dét mác')
    """
    glued = GLUED_FUNCTION.fullmatch(word)
    if glued:
        parts = (
            _say_letters(glued["before"]),
            FUNCTIONS[glued["function"]],
            _say_letters(glued["argument"]),
        )
        return " ".join(filter(None, parts))
    return _say_letters(word)


def _say_letters(word: str) -> str:
    return " ".join(
        GREEK_NAMES.get(atom) or FUNCTIONS.get(atom) or spell(atom) for atom in _ATOM.findall(word)
    )


def _read_letters(match: re.Match[str], accent: Accent) -> str | None:
    """Read x, x1, c', AB and cosφ within a formula."""
    word = match["word"]
    if word in ("x", "X") and not match["index"] and _FACTOR_BEFORE.search(text_before(match, 3)):
        in_formula = is_in_formula(match.string, match.start())
        return "nhân" if in_formula and starts_factor(match.string, match.end()) else None
    if word == "m" and match["index"] in ("2", "3") and search_before(match, _LENGTH_BEFORE, 3):
        return None  # 10-4m2
    if _FACE_AFTER.match(match.string, match.end()):
        return None
    if word == "o" and not match["index"] and text_before(match, 1).isdigit():
        return " độ"  # α = 30o: the small circle lost its raised position
    in_formula = is_in_formula(match.string, match.start()) and is_letters(word)
    is_derived = bool(match["primes"]) and (
        word in GREEK_NAMES
        or (len(word) == 1 and (_is_primed_pair(match) or _is_about_functions(match.string)))
    )
    if not (in_formula or is_derived or _is_indexed(match)):
        return None
    if (
        in_formula
        and match["index"] in _POWERS
        and _lost_its_power(word, match["index"], match.string)
    ):
        return f"{_say_word(word)} {_POWERS[match['index']]}"
    index = f" {cardinal(int(match['index']), accent)}" if match["index"] else ""
    primes = " phẩy" * len(match["primes"])
    power = _say_power(match["power"], accent)
    return f"{_say_word(word)}{index}{primes}{power}"


def _is_primed_pair(match: re.Match[str]) -> bool:
    """Whether A' stands in A'B', or d' behind d: points and quantities, no quotation."""
    word = match["word"]
    beside = re.search(rf"(?<!\w){word}(?:,|;| và) \Z", text_before(match, 8))
    around = text_before(match, 2) + match[0] + text_after(match, 2)
    return beside is not None or _PRIMED_PAIR.search(around) is not None


def _say_power(raised: str, accent: Accent) -> str:
    """Return the words for the superscript of a letter."""
    if raised in _RAISED_POWERS:
        return f" {_RAISED_POWERS[raised]}"
    exponent = raised.translate(_RAISED)
    return f" mũ {cardinal(int(exponent), accent)}" if exponent else ""


_PRIMED_PAIR = re.compile(r"[A-Z]['’′][A-Z]['’′]")
_POWERS = {"2": "bình phương", "3": "lập phương"}
_FACTOR_BEFORE = re.compile(r"[A-Za-z0-9)] \Z")
_FACE_AFTER = re.compile(r"\s?=[)\]]")
_RAISED_POWERS = {"²": "bình phương", "³": "lập phương"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_ABOUT_FUNCTIONS = re.compile(r"(?<!\w)(?:đạo hàm|hàm số|cực trị|tiếp tuyến)(?!\w)", re.IGNORECASE)
# Letters that stand for numbers in lessons of algebra.
_UNKNOWNS = frozenset("xyztabcr")


@lru_cache(64)
def _is_about_functions(text: str) -> bool:
    return _ABOUT_FUNCTIONS.search(text) is not None


@lru_cache(256)
def _lost_its_power(letter: str, exponent: str, text: str) -> bool:
    """Whether x2 is the square of x, since there is an x or a y2, but no x1."""
    if letter == "π" or (len(letter) == 2 and letter.isupper()):
        return not chemistry.is_about_chemistry(text)
    if letter not in _UNKNOWNS or re.search(rf"{_ALONE}{letter}1(?!\w)", text):
        return False
    alone = rf"{_ALONE}{letter}(?![\w'’])|{_ALONE}[xyzabc](?<!{letter}){exponent}(?![0-9])"
    return any(re.search(alone, text[start:end]) is not None for start, end in find_formulas(text))


_LENGTH_BEFORE = re.compile(r"[0-9]\s?(?=\Z)")


def _is_indexed(match: re.Match[str]) -> bool:
    """Whether v1 or F2 stands for a quantity: beside the same letter with another index."""
    letter, index = match["word"], match["index"]
    if not index or len(letter) > 1 or not letter.isascii():
        return False
    other = rf"(?<![^\W_]){letter}[0-9](?<!{index})(?![^\W_])"
    around = text_before(match, 16) + " " + text_after(match, 16)
    return bool(find_formulas(match.string)) and re.search(other, around) is not None


def _read_amount(match: re.Match[str], accent: Accent) -> str:
    """Read nNaOH and mCO2, the amount and the mass of a substance."""
    amount = match[0]
    return f"{spell(amount[0])} {chemistry.say_atoms(amount[1:], accent)}"


def _read_operator(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    sign, start = match["sign"], match.start()
    if not is_in_formula(match.string, start):
        return None
    previous_text = text_before(match, 2).rstrip()
    if sign in _DASHES:
        is_item = start <= _LONGEST_ITEM_MARK and previous_text.endswith(")")
        is_sign = is_item or not previous_text or previous_text[-1] in "([{=<>≤≥≠≈⇒⇔+-−–×·*/^√;,∈"
        spoken = "âm" if is_sign else "trừ"
    else:
        spoken = _OPERATORS[sign]
    space_before = "" if text_before(match, 1) in (" ", "", "(") else " "
    return f"{space_before}{spoken} "


def _read_power_of_bracket(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read (1 + x)2, whose exponent lost its place."""
    if not is_in_formula(match.string, match.start()):
        return None
    return _POWERS[match["exponent"]]


_LONGEST_ITEM_MARK = 4
_OPERATORS = {"/": "trên", ".": "nhân", "·": "nhân", "*": "nhân", "^": "mũ"}


def _read_factor(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 3 of 3m, where m is a variable, and the 2 of x^2-4, which is no range."""
    if not is_in_formula(match.string, match.start()):
        return None
    letter = match["letter"]
    if letter:
        if letter in _UNIT_LETTERS and not _is_variable(letter, match.string):
            return None
    elif not search_before(match, _OPERAND_BEFORE, 2):
        return None
    return say_number(match["number"], accent)


# m2 behind a power of ten or a number is an area.
_UNIT_LETTERS = frozenset("mghslVAWNJKTLFCH")
_OPERAND_BEFORE = re.compile(r"[-+−–*/^·√a-zA-Z]\s?\Z")


def _read_equals(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return " bằng " if find_formulas(match.string) else None


_OPERATOR_SIGNS = r"-=<>≤≥≠≈+−–×·*/^√(.'’′)\]∈⇒⇔"
# A letter of a formula: the sign beside it, on one side at least, is looked at first.
START = (
    rf"[a-zA-Z{GREEK}](?<![^\W\d_²³¹⁰⁴-⁹].)(?:(?<=[{_OPERATOR_SIGNS}0-9].)|(?<=[{_OPERATOR_SIGNS}]\s.)"
    rf"|(?<=(?=[a-zA-Z][0-9](?!\w)|{LETTERS}{{1,8}}[0-9]{{0,2}}\s?[{_OPERATOR_SIGNS}²³]).))"
    r"|[/.*^](?<=[\w)²³'’′\s].)(?=\s?[\w(√∆-])|[-−–](?<=[\w)²³'’′=(/^<>\s].)(?=\s?[\w(√∆])(?!->)"
    r"|=(?<=[\w}\])].)(?=\()"
    r"|[23](?<=\).)(?![\w.,])"
)
_WORD = rf"{_ALONE}(?P<word>{LETTERS}{{1,8}})(?![^\W\d_²³¹⁰⁴-⁹])"
RULES = (
    Rule("amount of a substance", re.compile(AMOUNT), _read_amount),
    Rule(
        "letters of a formula",
        re.compile(
            rf"{_WORD}(?P<index>[0-9]{{1,2}}(?![0-9.,]))?(?P<primes>{PRIMES})"
            r"(?P<power>(?:⁻?[¹²³⁰⁴-⁹]{1,3})?)"
        ),
        _read_letters,
    ),
    Rule("equals", re.compile(r"(?<=[\w}\])])=(?=\()"), _read_equals),
    Rule(
        "factor",
        re.compile(
            r"(?P<number>(?<![0-9.,])[0-9]++(?:[.,][0-9]++)?)(?=(?P<letter>[a-zA-Z])(?![a-zA-Z])|\s?[-−–]\s?[0-9a-zA-Z(])"
        ),
        _read_factor,
    ),
    Rule("power", re.compile(r"(?<=\))(?P<exponent>[23])(?![\w.,])"), _read_power_of_bracket),
    Rule("operator", re.compile(r"(?P<sign>[-−–.·*^]|(?<!/)/(?!/))(?!>)\s?"), _read_operator),
)
