"""Chemistry and genetics: ions, lists of elements, reactions, isotopes, strands and genotypes."""

from __future__ import annotations

import re
from functools import lru_cache

from audiobook.vietnamese.letters import RAISED, spell
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
    r"|ester|este|anken|alkene|ankan|alkane|phóng xạ|urani|uranium)(?!\w)"
    r"|(?<!\w)(?:H2O|HCl|NaOH|H2SO4|HNO3|NaCl|CO2|O2|H2)(?!\w)",
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
_CALLED_BEFORE = re.compile(
    r"(?<!\w)(?:nguyên tố|nguyên tử|kim loại|khí|đồng vị|phi kim|ion|chứa|thêm|quặng|phân tử"
    r"|hạt nhân)\s\Z",
    re.IGNORECASE,
)
_ABOUT_GENETICS = re.compile(
    r"(?<!\w)(?:kiểu gen|gen|Lai|Gen|alen|allele|lai|giao tử|kiểu hình|đời con|đồng hợp"
    r"|dị hợp|quần thể|nhiễm sắc thể|NST|F1|F2)(?!\w)"
)
_ABOUT_STRANDS = re.compile(
    r"(?<!\w)(?:mạch|ADN|DNA|ARN|RNA|mARN|mRNA|đầu|chiều|nuclêôtit|nucleotide|trình tự)(?!\w)"
)


@lru_cache(64)
def is_about_chemistry(text: str) -> bool:
    """Whether a text is about chemistry, judged by its words and formulas."""
    return _ABOUT_CHEMISTRY.search(text) is not None or _MOLECULE.search(text) is not None


@lru_cache(64)
def _is_about_genetics(text: str) -> bool:
    return _ABOUT_GENETICS.search(text) is not None


@lru_cache(64)
def _is_about_strands(text: str) -> bool:
    return _ABOUT_STRANDS.search(text) is not None


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
    if not (symbol in _CLEAR or reacting or called or (listed and _has_clear_symbol(text))):
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


def _read_strand_end(match: re.Match[str], accent: Accent) -> str | None:
    """Read 3' and 5', the ends of a strand."""
    if not _is_about_strands(match.string):
        return None
    return f"{cardinal(int(match['end']), accent)} phẩy"


def _read_bases(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return spell(match[0]) if _is_about_strands(match.string) else None


def _read_genotype(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read AaBb and aabb: a capital and a small letter are different alleles of a gene."""
    written = match[0]
    paired = all(
        first_allele.lower() == second_allele.lower()
        for first_allele, second_allele in zip(*[iter(written)] * 2, strict=True)
    )
    if not paired or not _is_about_genetics(match.string):
        return None
    return " ".join(f"{spell(sign)} {'lớn' if sign.isupper() else 'nhỏ'}" for sign in written)


def _read_cross(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "lai với" if _is_about_genetics(match.string) else None


def _read_proportion(match: re.Match[str], accent: Accent) -> str | None:
    """Read a ratio of more than two numbers: 9 : 3 : 3 : 1."""
    if not search_before(match, _RATIO_BEFORE, 40):
        return None
    return " ".join(cardinal(int(part), accent) for part in re.findall("[0-9]+", match[0]))


_RATIO_BEFORE = re.compile(
    r"(?<!\w)(?:tỉ lệ|tỷ lệ|tỉ số|tỷ số)(?!\w)[^0-9.;]{0,24}\Z", re.IGNORECASE
)
_ENDS = r"(?![\w^]|[-−+][0-9A-Za-z]|[.,][0-9])"
_GENOTYPE = r"(?:[A-Ea-eRrTtXYDd]{2}){1,4}"
START = (
    rf"[A-Z(](?<!\w.)(?=(?:[a-z0-9(A-Z)]{{0,16}}(?:\^|[-−+]|\s[2-4][-+−])|[a-z]?(?![a-zA-Z])))"
    rf"|[0-9](?<![\w.,].)(?=[0-9]?{_SYMBOL}(?![a-zA-Z0-9])|['’′](?=[-–→\sA-Z]|\Z)|\s?:\s?[0-9]{{1,3}}\s?:)"
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
    Rule(
        "end of a strand",
        re.compile(r"(?<!\w)(?P<end>[35])['’′](?=[-–→\sA-Z),.]|\Z)"),
        _read_strand_end,
    ),
    Rule(
        "proportion",
        re.compile(r"(?<![\w.,:])[0-9]{1,3}(?:\s?:\s?[0-9]{1,3}){2,5}(?![\w:])"),
        _read_proportion,
    ),
    Rule("bases of a strand", re.compile(r"(?<![^\W_])[ATGCU]{3,}(?!\w)(?<!ATU)"), _read_bases),
    Rule("genotype", re.compile(rf"(?<!\w){_GENOTYPE}(?!\w)"), _read_genotype),
    Rule(
        "cross",
        re.compile(r"[x×X](?=\s(?:[A-Ea-eRrTtDd]{2}){1,4}(?!\w))(?<=[A-Za-z]\s.)"),
        _read_cross,
    ),
)
