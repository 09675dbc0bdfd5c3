"""Chemistry and genetics: ions, lists of elements, reactions, isotopes, strands and genotypes."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import RAISED, spell
from audiobook.vietnamese.rules import genetics
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.table import any_of

# Symbols that can only be elements, and symbols that may also be words or letters.
_CLEAR = "Mg Al Cl Fe Cu Zn Ag Br Hg Pb Mn Cr Sn Au Pt Ar Kr Rb Sr Cs Cd Ge Xe Zr Ga".split()
_WORDS = "H C N O F P S K I B Na Ba Ca Li Si Co Ni Ti He Ne Be Se Ra La U W V".split()
_SYMBOL = any_of([*_CLEAR, *_WORDS])
_ATOMS = rf"(?:{_SYMBOL}[0-9]{{0,2}}|\((?:{_SYMBOL}[0-9]{{0,2}}){{1,4}}\)[0-9]{{0,2}}){{1,8}}"
_PARTS = re.compile(r"[A-Z][a-z]?|[0-9]+")
_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ABOUT_CHEMISTRY = re.compile(
    r"(?<!\w)(?:ion|anion|cation|dung dịch|axit|acid|bazơ|base|muối|kết tủa|phản ứng|oxi hóa"
    r"|oxi hoá|oxit|oxide|kim loại|phi kim|nguyên tố|nguyên tử|phân tử|hợp chất|đơn chất"
    r"|hóa học|hoá học|hóa trị|hoá trị|electron|mol|điện phân|đồng vị|hydro|nitrogen|oxygen"
    r"|chất khử|chất oxi hóa|đốt cháy|hòa tan|hoà tan|khí|chu kì|chu kỳ|điện tích|hydrocarbon"
    r"|hỗn hợp|ester|este|anken|alkene|ankan|alkane|phóng xạ|urani|uranium)(?!\w)"
    r"|(?<![^\W0-9])(?:H2O|HCl|NaOH|H2SO4|HNO3|NaCl|CO2|O2|H2)(?!\w)",
    re.IGNORECASE,
)
_MOLECULE = re.compile(
    rf"(?<!\w)(?=[A-Za-z]{{1,8}}[0-9])(?!H[0-9]N[0-9])(?:{_SYMBOL}[0-9]{{0,2}}){{2,8}}(?!\w)"
    rf"|(?:→|->|⟶)\s?[0-9]?(?:{_SYMBOL}[0-9]?){{2}}"
)
_SYMBOL_BEFORE = re.compile(
    rf"(?<![\w-]){_SYMBOL}(?:,\s?|\s?;\s?|\s(?:và|hoặc|hay|,|[+–-])\s|\s?/\s?)\Z"
)
_SYMBOL_AFTER = re.compile(
    rf"(?:,\s?|\s?;\s?|\s(?:và|hoặc|hay|[+–-])\s|\s?/\s?)[0-9]?{_SYMBOL}(?![a-zà-ỹ])"
)
_CHARGE_GLUED = re.compile(r"O[34][23]\Z")
_REACTING_BEFORE = re.compile(r"(?:[+→⟶]|->|<=>|⇌)\s?(?:[0-9]{1,2})?\Z")
_REACTING_AFTER = re.compile(r"\s?(?:\+\s?[0-9]?[A-Z]|→|⟶|->|⇌)")
# "Na = 23; Ag=108": the atomic weights at the top of an examination
_WEIGHT_AFTER = re.compile(r"\s?=\s?[1-9][0-9]{0,2}(?:[,.]5)?(?![\w.,]\w)")
_WEIGHTS = re.compile(
    rf"(?<!\w)(?:{any_of(_CLEAR)})(?:\s?=\s?[1-9][0-9]{{0,2}}(?:[,.]5)?\s?[;,.]"
    rf"|(?:, ?| và | hoặc )(?:{any_of(_CLEAR)})(?!\w))"
)
_CALLED_BEFORE = re.compile(
    r"(?<!\w)(?:nguyên tố|nguyên tử|kim loại|khí|đồng vị|phi kim|ion|chứa|thêm|quặng|phân tử"
    r"|hạt nhân)\s\Z",
    re.IGNORECASE,
)


@lru_cache(64)
def is_about_chemistry(text: str) -> bool:
    """Whether a text is about chemistry, judged by its words and formulas."""
    return any(pattern.search(text) for pattern in (_ABOUT_CHEMISTRY, _MOLECULE, _WEIGHTS))


def say_atoms(formula: str, accent: Accent) -> str:
    """Return a formula in words, letter by letter and number by number.

    >>> say_atoms("SO4", "north")
    'ét o bốn'
    """
    return " ".join(
        spell(part) if part.isalpha() else cardinal(int(part), accent)
        for part in _PARTS.findall(formula)
    )


def _read_ion(match: re.Match[str], accent: Accent) -> str | None:
    """Read Cl-, Ca^2+, SO4^2- and Fe^{3+}, the charge last."""
    marked = match["mark"] is not None
    if not (marked or is_about_chemistry(match.string)):
        return None
    formula, count = match["formula"], match["count"] or ""
    if not count and _CHARGE_GLUED.search(formula):
        formula, count = formula[:-1], formula[-1]  # SO42-
    if match["sign"] == "+" and not marked and not count:
        return None  # Na+ is known to the rules of codes; A + B is a sum
    sign = "cộng" if match["sign"] == "+" else "trừ"
    charge = f"{cardinal(int(count), accent)} {sign}" if count else sign
    times = f"{cardinal(int(match['times']), accent)} " if match["times"] else ""
    return f"{times}{say_atoms(formula, accent)} {charge}"


def _read_element(match: re.Match[str], accent: Accent) -> str | None:
    """Read Na, Mg and Al in a list, 2Na in a reaction, and Cl in any text about chemistry."""
    text, symbol = match.string, match["symbol"]
    if not is_about_chemistry(text):
        return None
    reacting = search_before(match, _REACTING_BEFORE, 5) or _REACTING_AFTER.match(text, match.end())
    listed = search_before(match, _SYMBOL_BEFORE, 8) or _SYMBOL_AFTER.match(text, match.end())
    called = search_before(match, _CALLED_BEFORE, 16)
    weighed = _WEIGHT_AFTER.match(text, match.end())
    if not (
        symbol in _CLEAR or reacting or called or weighed or (listed and _has_clear_symbol(text))
    ):
        return None
    count = match["count"]
    if count and not reacting:
        return None
    numbers = [
        cardinal(int(number), accent) if number else "" for number in (count, match["atoms"])
    ]
    return f"{numbers[0]} {spell(symbol)} {numbers[1]}".strip()


@lru_cache(64)
def _has_clear_symbol(text: str) -> bool:
    """Whether a text lists a symbol that can only be an element, or letters such as C, H, O."""
    return _LISTED.search(text) is not None


_LISTED = re.compile(
    rf"(?<![\w-])(?:{any_of(_CLEAR)}|Na|Ca|Ba|Li|Si|Ni)(?![\w-])"
    r"|(?<![\w-])(?:C, ?H, ?[ON]|H, ?C|N, ?P, ?K|H, ?O|C, ?H(?: và|,) ?O)(?![\w-])"
)


def _read_isotope(match: re.Match[str], accent: Accent) -> str | None:
    """Read ²³⁵U and Co-60, the element first."""
    if match["number"]:
        mass = int(match["number"])
        return (
            f"{spell(match['symbol'])} {cardinal(mass, accent)}"
            if is_about_chemistry(match.string)
            else None
        )
    mass = int(match["mass"].translate(_RAISED_DIGITS))
    return f"{spell(match['symbol'])} {cardinal(mass, accent)}"


def _read_precipitate(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Leave out the arrow after a gas that escapes (↑) or a solid that precipitates (↓)."""
    return "" if is_about_chemistry(match.string) else None


def _read_experiment(match: re.Match[str], accent: Accent) -> str | None:
    """Read TN1, the number of an experiment."""
    if not is_about_chemistry(match.string):
        return None
    return f"thí nghiệm {cardinal(int(match['number']), accent)}"


_NEAR_A_GAS = re.compile(
    r"(?<!\w)(?:khí|lít|lit|mol|gam|và|về|là|của|gồm|sinh ra|thoát ra|thu được|ra|dư|oxit|oxide"
    r"|hỗn hợp)(?: khí)?[\s(]\Z|[+→,]\s?[0-9]?\Z",
    re.IGNORECASE,
)


def _read_gas(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read NO and CO, the gases."""
    near = search_before(match, _NEAR_A_GAS, 16)
    return spell(match[0]) if near and is_about_chemistry(match.string) else None


def _read_general_formula(match: re.Match[str], accent: Accent) -> str:
    """Read CnH2n+2O2, the formula of a family of substances."""
    signs = {"+": "cộng", "-": "trừ", "−": "trừ", "–": "trừ"}
    return " ".join(
        signs.get(part) or (spell(part) if part.isalpha() else cardinal(int(part), accent))
        for part in re.findall(r"[A-Z]|[a-z]|[0-9]+|[-+−–]", match[0])
    )


_ENDS = r"(?![\w^]|[-−+][0-9A-Za-z]|[.,][0-9])"
START = (
    rf"[A-Z(](?<!\w.)(?=(?:[a-z0-9(A-Z)]{{0,16}}(?:\^|[-−+]|\s[2-4][-+−])|[a-z]?(?![^\W\d_])))"
    rf"|[0-9](?<![\w.,].)(?=[0-9]?{_SYMBOL}(?![a-zA-Z0-9])|['’′](?=[-–→\sA-Z]|\Z)|\s?:\s?[0-9]{{1,3}}\s?:)"
    r"|C(?=[nmx]H[0-9nmxy])|[mtr](?<!\w.)(?=ARN|RNA)|X(?<!\w.)(?=[XYO](?!\w))|[35](?<!\w.)(?=['’′]-?[ATGUX]{3})"
    r"|[0-9](?<!\w.)(?=[A-Ea-eRrTtDd]{2})"
    rf"|{RAISED}(?={RAISED}{{0,2}}[0-9]{{0,3}}[A-Z])|[↑↓]|[A-Ea-eRrTtDd](?<!\w.)(?=[A-Ea-eRrTtDd])"
    r"|[x×X](?<=[A-Za-z0-9)]\s.)(?=\s[A-Za-z(]{2})"
)
RULES = (
    Rule(
        "ion",
        re.compile(
            rf"(?<!\w)(?P<times>[0-9]{{1,2}})?(?P<formula>{_ATOMS}?)(?P<mark>\^\{{?|\s(?=[2-4][-+−](?![\w])))?"
            rf"(?P<count>[1-4])?(?P<sign>[-−+])(?(mark)\}}?){_ENDS}"
        ),
        _read_ion,
        needs="+-−",
    ),
    Rule(
        "element",
        re.compile(
            rf"(?<![\w-])(?P<count>[0-9]{{1,2}})?(?P<symbol>{_SYMBOL})(?P<atoms>[2-4])?(?![\w₀-₉²³⁺⁻^({{+]|[.-]\w)"
        ),
        _read_element,
    ),
    Rule(
        "isotope",
        re.compile(
            rf"(?!⁰[CF](?!\w))(?P<mass>{RAISED}{{1,3}})[0-9]{{0,3}}(?P<symbol>{_SYMBOL})(?P<number>)(?!\w)"
        ),
        _read_isotope,
    ),
    Rule(
        "isotope",
        re.compile(
            rf"(?<![\w-])(?P<symbol>{_SYMBOL})-(?P<number>[1-9][0-9]{{0,2}})(?![\w-]|[.,][0-9])"
        ),
        _read_isotope,
    ),
    Rule("gas or precipitate", re.compile(r"[↑↓](?<=[0-9a-zA-Z)].)"), _read_precipitate),
    *genetics.STRANDS,
    Rule(
        "general formula",
        re.compile(
            r"(?<![^\W0-9])C[nmx]H[0-9]?[nmxy](?:[-+−–][0-9])?(?:[ON][0-9xyzt]?){0,3}(?![^\W_])"
        ),
        _read_general_formula,
    ),
    genetics.COUNTED_MOLECULE,
    Rule(
        "experiment",
        re.compile(r"(?<!\w)TN\s?(?P<number>[1-9])(?=[:.)(,;]|\s|\Z)"),
        _read_experiment,
    ),
    genetics.SETS,
    Rule("gas", re.compile(r"(?<!\w)(?:NO|CO)(?!\w|-)"), _read_gas),
    genetics.TRANSCRIPT,
    genetics.CROSS,
)
