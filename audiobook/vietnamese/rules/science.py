"""Single letters of science: the variables of formulas, and the symbols of elements.

In a sentence without a formula or a substance such letters are words, initials or codes, so these
rules run only where `may_be` finds a sign of one.
"""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import RAISED, spell
from audiobook.vietnamese.rules import arithmetic, chemistry, equations, measures
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_after, text_before

# Signs of a formula or a substance; words lack their first letter where it may be a capital.
_TELLING = (
    *("=", "%", "<", ">", "≤", "≥", "→", "⁻", "↑", "↓", "^", "/(", "/kg", "/m", "/g", ".K", " Pa"),
    *(
        " J",
        "0C",
        "oC",
        "⁰C",
        "OH",
        "Cl",
        "H2",
        "Fe",
        "Al ",
        "Mg",
        "mol",
        "khí H",
        "x 10",
        ".10-",
    ),
    *("àm số", "hương trình", "guyên tố", "guyên tử", "im loại", "ồng vị", "ung dịch", "hản ứng"),
    *("nguyên tố", "hợp chất", "đơn chất", "hóa trị", " ion", "cation", "anion", " lực "),
    *("A0", "(h)", "(h,", "(m)", "(m,"),
    *("òng điện", "iện tích", "ừ trường", "iện dung", "tự cảm", "hiệt độ", "ỉ lệ", "ỷ lệ"),
    *(" gen", "alen", "ADN", "DNA", "ARN", "RNA", "ADP", "ATP", "iễm sắc thể", "trình tự"),
    *("NST", "XY", "Aa", "AABB", "5’", "5'", "Trẻ em", "'B'", "am giác", "ứ giác", "vô cực"),
)
# A variable with its index, x1 or x₂; m2 and n3 are units and marks.
_VARIABLE = rf"(?:[mn]|[xyz](?=[0-9]?(?:\W|{RAISED}|_|\Z)))(?![^\W0-9²³⁴-⁹]|(?<=[mn])[0-9])"
_COMPARED = re.compile(
    r"(?<![\w'’])(?:[a-z]|[a-z]?\([a-z0-9 ;,]{1,12}\)|[0-9]{0,3}[xyz][0-9]?)[²³]?\s?[=<>≤≥≠]"
    r"|[=<>≤≥≠]\s?[-−–]?[0-9]{0,3}[xyzmn](?!\w)"
    r"|(?<![^\W0-9])[xyz][²³]?\s?[-+−–]\s?[0-9]{1,3}[xyz]?[²³]?\s?[-+−–=]"
)
_ABOUT_MATHS = re.compile(
    r"(?<!\w)(?:hàm số|phương trình|đa thức|biểu thức|đồ thị|bất đẳng thức|tham số|hệ số|ẩn số)"
    r"(?!\w)",
    re.IGNORECASE,
)
# Operators right before and after a variable.
_OPERATOR_BEFORE = re.compile(r"(?:[=<>≤≥≠+×·√^]\s?|[\w)²³]\s?[-−–/]\s?|[=(]\s?[-−–]|\))\s?\Z")
# z =)) is a word of chat and a face.
_OPERATOR_AFTER = re.compile(
    r"(?!\s?=[=)(\]D])\s?[=<>≤≥≠+×·√^²³⁴-⁹→∈/]|\s[-−–]\s?[\w(]|\s?[)(]|[-−–][0-9(]"
)
_NAMED_BEFORE = re.compile(
    r"(?<!\w)(?:tìm|khi|biến|ẩn|ẩn số|tham số|giá trị(?: của)?|theo|với|mọi|trục|số (?:thực|nguyên)"
    r"|tính|biết|để|của|và|nếu|cho|nghiệm|hệ số|tập|hai số|ba số)\s\Z"
    r"|(?<![\w'’])[xyzmn],\s\Z",
    re.IGNORECASE,
)
_FACTOR_BEFORE = re.compile(r"(?<![\w.,])[0-9]{1,3}\s?\Z")
_CALLED_BEFORE = re.compile(r"(?:chữ|âm|nguyên âm|phụ âm|vần|tên|vitamin)\s\Z", re.IGNORECASE)

_ELEMENT = (
    "A[glru]|B[aeri]?|C[adelorsu]?|F[e]?|Ga|H[eg]?|I|K|L[i]|M[gno]|N[aei]?|O|P[btu]?|R[abn]|S[enri]?"
    "|T[hi]|U|Xe|Zn|Zr|W"
)
# The unknown element of a school problem: "kim loại X".
_UNKNOWN = "[XYMR]"
# 12% Na, 5,6 g Fe, 0,2 mol Al.
_PERCENT_BEFORE = re.compile(r"[0-9]\s?(?:%|g|gam|kg|mol|ml|lít|tấn)\s\Z")
_SUBSTANCE_BEFORE = re.compile(
    r"(?<!\w)(?:phân tử|nguyên tử|nguyên tố|kim loại|đồng vị|khí|ion|quặng|hạt nhân)\s\Z",
    re.IGNORECASE,
)
_NUCLEAR = re.compile(
    r"(?<!\w)(?:khí|đồng vị|phân cực|nguyên tử|hạt nhân|phóng xạ|kim loại|nguyên tố|hóa học|hoá học"
    r"|neutron|proton|chu kỳ bán rã|bức xạ)(?!\w)",
    re.IGNORECASE,
)
_REACH = 16
_NEIGHBOURHOOD = 60
# Of letters that stand in other words, too: CHƯƠNG XX, Lai Châu.
_TELLING_APART = re.compile(
    r"/[\u0370-\u03ff]|CH(?:(?![A-ZĐÀ-Ỹ])|O(?!\w)|[CO][A-Z]?[H0-9])"
    r"|(?<!\w )(?<!\w)Lai (?![A-ZĐÀ-Ỹ])|(?<![IVXLCM])(?<!ế kỷ )(?<!ế kỉ )XX(?![IVXLCM])"
)


def may_be(text: str) -> bool:
    """Whether a text may contain a formula or a substance; this is quick for ordinary prose."""
    for sign in _TELLING:
        if sign in text:
            return True
    return _TELLING_APART.search(text) is not None


def _read_variable(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    """Read the variables of y = (m – 5)x: beside an operator, or after a word of mathematics."""
    text, start, end = match.string, match.start(), match.end()
    if text_after(match, 1) in ("'", "’") or search_before(match, _CALLED_BEFORE, _REACH):
        return None
    if not _is_about_maths(text):
        return None
    operated = (
        search_before(match, _OPERATOR_BEFORE, 4) is not None
        or _OPERATOR_AFTER.match(text, end, end + 4) is not None
    )
    if search_before(match, _FACTOR_BEFORE, 5):
        # 5 m is a length, 3 x 4 a product, 2x a term.
        glued = text[start - 1].isdigit()
        if match[0] in "mn" or not glued:
            return None
        return spell(match[0])
    if not operated and not search_before(match, _NAMED_BEFORE, _REACH):
        return None
    return spell(match[0])


@lru_cache(64)
def _is_about_maths(text: str) -> bool:
    return _COMPARED.search(text) is not None or _ABOUT_MATHS.search(text) is not None


def _read_element(match: re.Match[str], accent: Accent) -> str | None:
    """Read 12% Na, khí He, and the isotope He3."""
    isotope = match["number"]
    if isotope:
        around = f"{text_before(match, _NEIGHBOURHOOD)} {text_after(match, _NEIGHBOURHOOD)}"
        if len(match["symbol"]) < 2 or not _NUCLEAR.search(around):
            return None
        return f"{spell(match['symbol'])} {cardinal(int(isotope), accent)}"
    if not (search_before(match, _PERCENT_BEFORE, 8) or search_before(match, _SUBSTANCE_BEFORE)):
        return None
    return spell(match["symbol"])


def _read_over_greek(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{spell(match['letter'])} trên"


_FIGURE_BEFORE = re.compile(
    r"(?<!\w)(?:tam giác|tứ giác|góc|cạnh|cung|đoạn(?: thẳng)?|đường thẳng|tia|mặt phẳng|ngũ giác"
    r"|hình (?:vuông|thang|thoi|bình hành|chữ nhật|chóp)|vectơ"
    r"|đường (?:cao|kính|trung tuyến|phân giác))\s\Z",
    re.IGNORECASE,
)


def _read_figure(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the corners of "tam giác CHA", which are no word."""
    return spell(match[0]) if search_before(match, _FIGURE_BEFORE) else None


# Each branch begins with a class, which the search passes over quickly.
STARTS = (
    re.compile(
        rf"{chemistry.START}|{measures.START}|{equations.START}|{arithmetic.START}"
        rf"|[xyzmn](?:(?<!\w.)|(?<=[0-9][xyz]))(?<=(?={_VARIABLE}).)"
        rf"|[A-Z](?<!\w.)(?<=(?=(?:{_ELEMENT}|{_UNKNOWN})[0-9]{{0,3}}(?!\w)).)"
        r"|[a-zA-Z](?=/[\u0370-\u03ff])(?<!\w.)"
    ),
)
RULES = (
    *chemistry.RULES,
    *measures.RULES,
    *arithmetic.RULES,
    *equations.RULES,
    Rule("figure", re.compile(r"(?<!\w)[A-Z]{2,4}(?!\w)"), _read_figure),
    Rule(
        "over a Greek letter",
        re.compile(r"(?<!\w)(?P<letter>[a-zA-Z])/(?=[\u0370-\u03ff])"),
        _read_over_greek,
    ),
    Rule("variable", re.compile(rf"(?:(?<!\w)|(?<=[0-9]))(?P<letter>{_VARIABLE})"), _read_variable),
    Rule(
        "element",
        re.compile(
            rf"(?<!\w)(?P<symbol>{_ELEMENT}|{_UNKNOWN})(?P<number>[0-9]{{1,3}})?(?![\w²³⁺⁻+]|[.,-][0-9\w])"
        ),
        _read_element,
    ),
)
