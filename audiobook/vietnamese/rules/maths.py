"""Mathematical signs, and symbols that stand for words."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, RAISED, spell
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_after, text_before
from audiobook.vietnamese.rules.units import UNIT, say_unit
from audiobook.vietnamese.table import load_pairs

_SYMBOL_NAMES = load_pairs("symbols.tsv")
SIGNS = "".join(re.escape(sign) for sign in _SYMBOL_NAMES)
# The rest of a formula up to its equals sign, with no word of prose in between.
_REST_OF_FORMULA = re.compile(r"(?:\s?(?>[0-9.,]{1,12}[a-z]?|[a-z]|[-+×:()²³/−–])){1,12}\s?[=<>≤≥]")
# "y = x³ − 3x": the formula began with an equals sign, and no word of prose stands since.
_FORMULA_BEFORE = re.compile(
    r"[\w)\]²³⁴-⁹]\s?[=<>≤≥≠]\s?(?:(?:[a-zA-Z]{1,4}+|[0-9.,]{1,12}+|[-+×·:()²³⁴-⁹/−–^√π∞])\s?){0,24}\Z"
)
_VALUE_BEFORE = re.compile(r"(?:\A|[=(<>:]|(?<!\w)(?:là|bằng|đến|từ|khoảng|ở|lượt))\s?\Z")
_SIGN_BEFORE = re.compile(r"[=<>≤≥(]\s?\Z")
_LOW_BEFORE = re.compile(r"(?<![\w.,])([0-9]{1,4}) \Z")
_HIGH_AFTER = re.compile(r" ([0-9]{1,4})(?![\w.,])")
_CLAUSE_BEFORE = re.compile(r"[:.;,] \Z")
_COPYRIGHT_BEFORE = re.compile(r"(?<!\w)(?:bản quyền|copyright)[\s:(]*\Z", re.IGNORECASE)
_FORMULA_REACH = 48
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_SIGNS = ("²", "³", *"⁴⁵⁶⁷⁸⁹")
_POWERS = {"²": " bình phương", "³": " lập phương"}
# A letter within a Greek word is no symbol.
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
ORNAMENTS = "★☆✓✔✗✘♪♫♩♬"
"""Signs that are left out, except for the stars after the number of a hotel."""
ARROWS = "→⟶➔➜➝➡➤►"
# "2H2 + O2 → 2H2O", "x → 0": all other arrows are read as a pause.
_REACTION_BEFORE = re.compile(r"[+=](?:[^.;?!]|\.(?=[0-9])){1,40}[0-9A-Za-z)↑↓]\s?\Z")
# "CaCO3 → CaO + CO2"
_SUBSTANCE_BEFORE = re.compile(
    r"(?<!\w)[0-9]?(?:[A-Z][a-z]?[0-9]?|\((?:[A-Z][a-z]?[0-9]?){1,4}\)[0-9]?){2,6}\s?\Z"
)
_SUBSTANCES_AFTER = re.compile(r"\s?[0-9]{0,2}(?:[A-Z][a-z]?[0-9]?){1,6}[⁺⁻]?\s?\+")
_SUBSTANCE_AFTER = re.compile(r"\s?[0-9]{0,3}[A-Z(](?![a-z]{2})")
# "1 > 0 => phương trình", "x = 2 => y = 3"
_STATEMENT_BEFORE = re.compile(r"[<>=≤≥]\s?[-−]?[\w.,()]{1,12}\s?\Z")
_VARIABLE_BEFORE = re.compile(r"(?<!\w)[a-z]\s?\Z")
_LIMIT_AFTER = re.compile(r"\s?[-+−]?(?:[0-9]|∞)")
_LINE_BEFORE = re.compile(r"(?<!\w)(?:[A-Z][A-Z0-9]|[a-z])\s\Z")
# In "A – đen > a – xám" a dash explains.
_FEW_LETTERS = r"[a-z]{1,3}(?![^\W\d_])"
_LETTER_BEFORE = r"(?:(?<=[\W\dπ][a-zA-Z])|(?<=\A[a-zA-Z]))"
_EXPONENT = rf"(?P<minus>⁻)?(?P<exponent>{RAISED}{{1,9}})(?:\s(?P<unit>{UNIT}))?"


def _read_symbol(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    symbol = _SYMBOL_NAMES[match["sign"]]
    if not match.start() and text_after(match, 1) == " " and not match["sign"].isalnum():
        return None  # the mark of an item of a list
    space_before = "" if text_before(match, 1) in ("", " ", "(") else " "
    space_after = "" if text_after(match, 1) in (" ", "", ",", ".", ")") else " "
    return f"{space_before}{symbol}{space_after}"


def _read_minus(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    formula = (
        match[0] == "−"
        or _follows_equals(match)
        or _REST_OF_FORMULA.match(match.string, match.end())
    )
    return "trừ" if formula or text_before(match, 2)[:1] in _RAISED_SIGNS else None


def _follows_equals(match: re.Match[str]) -> bool:
    return search_before(match, _FORMULA_BEFORE, _FORMULA_REACH) is not None


def _read_stroke_or_dot(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the slashes and dots of I = U / R and A = U · I · t."""
    of_power = text_before(match, 1) in _RAISED_SIGNS and text_after(match, 1).isdigit()
    if not (of_power or _follows_equals(match)):
        return None
    spoken = "nhân" if match[0] == "·" else "trên"
    return spoken if text_before(match, 1) == " " else f" {spoken} "


def _read_list_item(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Replace the plus before an item of a list by a dash: "gồm: + Tầng 1"."""
    return "–" if search_before(match, _CLAUSE_BEFORE, 2) else None


def _read_infinity(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "dương vô cùng" if match[0][0] == "+" else "âm vô cùng"


_NUMBER_BEFORE = re.compile(r"[0-9](?:h|k|%|tr)?\Z")


def _read_arrow(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    if search_before(match, _VARIABLE_BEFORE) and _LIMIT_AFTER.match(match.string, match.end()):
        return "tiến tới"
    if search_before(match, _SUBSTANCE_BEFORE, 16) and _SUBSTANCES_AFTER.match(
        match.string, match.end()
    ):
        return "tạo thành"
    if _SUBSTANCE_AFTER.match(match.string, match.end()) and search_before(
        match, _REACTION_BEFORE, 48
    ):
        return "tạo thành"
    if match[0] == "=>" and search_before(match, _STATEMENT_BEFORE, 24):
        return "suy ra"
    # "từ 6->8h": an arrow as the dash of a range.
    is_range = search_before(match, _NUMBER_BEFORE, 3) and text_after(match, 1).isdecimal()
    return "đến" if is_range else "–"


def _read_comparison(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "lớn hơn hoặc bằng" if match[0] == ">=" else "nhỏ hơn hoặc bằng"


def _read_charge(match: re.Match[str], accent: Accent) -> str:
    count = f" {cardinal(int(match['count'].translate(_RAISED)), accent)}" if match["count"] else ""
    return f"{count} {'cộng' if match['sign'] == '⁺' else 'trừ'}"


def _read_times(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    space_before = "" if text_before(match, 1) == " " else " "
    return f"{space_before}nhân{'' if text_after(match, 1) == ' ' else ' '}"


_AMOUNT_BEFORE = re.compile(r"[0-9](?:[”\"%°]|\s?(?:k|tr|kg|g|m|cm|mm|km|h|USD|đ|triệu|tỷ))?\s?\Z")


def _read_about(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read "~20" as about twenty, and "3~5" as a range."""
    if not search_before(match, _AMOUNT_BEFORE, 8):
        return "khoảng "
    return "đến " if text_before(match, 1) == " " else " đến "


def _read_diameter(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "phi "


def _read_parallel(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "song song với" if search_before(match, _LINE_BEFORE, 4) else None


def _read_number_sign(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "số "


def _read_power(match: re.Match[str], accent: Accent) -> str:
    unit = f" {say_unit(match['unit'], accent)}" if match["unit"] else ""
    minus, exponent = match["minus"], match["exponent"]
    if exponent in _POWERS and not minus:
        return f"{_POWERS[exponent]}{unit}"
    spoken_exponent = cardinal(int(exponent.translate(_RAISED)), accent)
    return f" mũ {'âm ' if minus else ''}{spoken_exponent}{unit}"


def _read_power_in_formula(match: re.Match[str], accent: Accent) -> str | None:
    """Read the power in E = mc²; after a word of prose the raised 2 marks a note."""
    return _read_power(match, accent) if _follows_equals(match) else None


def _read_triangle(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"tam giác {spell(match['corners'])}"


def _read_negative_letter(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "âm " if search_before(match, _SIGN_BEFORE, 2) else None


def _read_negative_number(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read "là − 10 °C", where scanning put a space after the minus sign."""
    return "âm " if search_before(match, _VALUE_BEFORE, 10) else None


def _read_range_sign(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read 5 ÷ 10 as a range, as engineers write it; 10 ÷ 5 is a division."""
    low = search_before(match, _LOW_BEFORE, 8)
    high = _HIGH_AFTER.match(match.string, match.end())
    rises = low and high and int(low[1]) < int(high[1])
    return "đến" if rises and not _REST_OF_FORMULA.match(match.string, match.end()) else None


def _read_caret(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return " mũ "


def _read_divided(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "chia" if _REST_OF_FORMULA.match(match.string, match.end()) else None


def _read_ornament(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Leave out an ornament, and © after the words that it stands for."""
    silent = match[0][0] != "©" or search_before(match, _COPYRIGHT_BEFORE, 16)
    return "" if silent else None


def _leave_out_note_mark(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return ""


RAISED_RULES = (
    Rule(
        "charge",
        re.compile(rf"(?<=[A-Za-z0-9)])(?P<count>{RAISED})?(?P<sign>[⁺⁻])(?!{RAISED})"),
        _read_charge,
    ),
    Rule("power", re.compile(rf"(?:(?<=[0-9)])|{_LETTER_BEFORE}){_EXPONENT}"), _read_power),
    Rule("power", re.compile(rf"(?<=[a-zA-Z]){_EXPONENT}"), _read_power_in_formula),
    Rule("note mark", re.compile(rf"{RAISED}+"), _leave_out_note_mark),
)
"""Those of what is raised: charges, powers and the numbers of notes."""
RULES = (
    Rule(
        "times", re.compile(r"(?<=[0-9)] )[xX](?= [0-9(])|(?<=[0-9])[xX](?=\s?[0-9])"), _read_times
    ),
    Rule("equivalent", re.compile(r"<=>|<->"), lambda _match, _accent: "tương đương với"),
    Rule(
        "item of a list",
        re.compile(rf"\+(?= (?:[{CAPITALS}][a-zà-ỹ]|[0-9.,]{{1,12}} [a-zà-ỹ]{{2}}))"),
        _read_list_item,
    ),
    Rule("triangle", re.compile(r"[Δ∆△]\s?(?P<corners>[A-Z]{3})(?!\w)"), _read_triangle),
    Rule("negative letter", re.compile(r"[-−](?=[a-z](?![^\W\d]))"), _read_negative_letter),
    Rule("range", re.compile(r"÷"), _read_range_sign),
    Rule("infinity", re.compile(r"[-−+]∞"), _read_infinity),
    Rule(
        "stroke or dot of a formula",
        re.compile(r"(?<=[\w)²³⁴-⁹])/(?=[\w(√π])|(?<=[\w)²³⁴-⁹] )[/·](?= [\w(√π])"),
        _read_stroke_or_dot,
    ),
    Rule("comparison", re.compile(r"(?<![<>=-])[<>]=(?=\s?[-−(]?[0-9a-z(])"), _read_comparison),
    Rule("arrow", re.compile(rf"[-–=]{{1,2}}>{{1,2}}|>{{2,3}}|[{ARROWS}]"), _read_arrow),
    Rule("power", re.compile(r"\^(?=[-−]?[0-9a-z])(?<=[0-9a-z)].)"), _read_caret),
    Rule("divided by", re.compile(r":(?<=[0-9)] .)(?= [0-9(])"), _read_divided),
    Rule("negative number", re.compile(r"−\s(?=[0-9])"), _read_negative_number),
    Rule(
        "minus",
        re.compile(rf"(?<=[0-9a-z)²³⁴-⁹] )[-–−](?= (?:[0-9(π√]|{_FEW_LETTERS}))"),
        _read_minus,
    ),
    Rule("about", re.compile(r"~(?=\s?[0-9])\s?"), _read_about),
    Rule("diameter", re.compile(r"[Øø](?=\s?[0-9])\s?"), _read_diameter),
    Rule("parallel", re.compile(r"//(?=\s(?:[A-Z][A-Z0-9]|[a-z])(?!\w))"), _read_parallel),
    Rule("ornament", re.compile(rf"[©{ORNAMENTS}]\s?"), _read_ornament),
    Rule("number sign", re.compile(r"#(?=[0-9])"), _read_number_sign),
    Rule(
        "symbol",
        re.compile(rf"(?<![{SIGNS}{_GREEK}])(?P<sign>[{SIGNS}])(?![{SIGNS}{_GREEK}])"),
        _read_symbol,
    ),
)
