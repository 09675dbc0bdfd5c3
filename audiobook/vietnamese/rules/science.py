"""Single letters of science: the variables of formulas, and the symbols of elements.

In a sentence without a formula or a substance such letters are words, initials or codes, so the
rules are asked only where one is in sight.
"""

from __future__ import annotations

import re
from functools import lru_cache

from audiobook.vietnamese.letters import RAISED, spell
from audiobook.vietnamese.rules import chemistry, measures
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, ends_before, text_after, text_before

# Without the letter that may be a capital.
_TELLING = (
    *("=", "%", "<", ">", "≤", "≥"),
    *("àm số", "hương trình", "guyên t", "im loại", "ồng vị", "khí H"),
    *("→", "⁻", "↑", "↓", "^", " Pa", " J", "/(", "/kg", "/m", "/g", "mol", ".K", "0C", "oC", "⁰C"),
    *("ung dịch", " ion", "cation", "anion", " gen", "ADN", "DNA", "ARN", "RNA", "iễm sắc thể"),
    *("hản ứng", "nguyên tố", "hợp chất", "đơn chất", "hóa trị", " lực ", "òng điện", "hiệt độ"),
    *(
        "ừ trường",
        "iện tích",
        "ỉ lệ",
        "ỷ lệ",
        "alen",
        "Lai ",
        "trình tự",
        "CH",
        "OH",
        "Cl",
        "H2",
        "iện dung",
        "tự cảm",
    ),
)
# With its index: x1, x₂, but m2 and n3 are units and marks.
_VARIABLE = rf"(?:[mn]|[xyz](?=[0-9]?(?:\W|{RAISED}|_|\Z)))(?![^\W0-9²³⁴-⁹]|(?<=[mn])[0-9])"
_COMPARED = re.compile(
    r"(?<![\w'’])(?:[a-z]|[a-z]?\([a-z0-9 ;,]{1,12}\)|[0-9]{0,3}[xyz][0-9]?)[²³]?\s?[=<>≤≥≠]"
    r"|[=<>≤≥≠]\s?[-−–]?[0-9]{0,3}[xyzmn](?!\w)"
    r"|(?<![^\W0-9])[xyz][²³]?\s?[-+−–]\s?[0-9]{1,3}[xyz]?[²³]?\s?[-+−–=]"
)
_OF_MATHS = re.compile(
    r"(?<!\w)(?:hàm số|phương trình|đa thức|biểu thức|đồ thị|bất đẳng thức|tham số|hệ số|ẩn số)"
    r"(?!\w)",
    re.IGNORECASE,
)
# Right before or behind a variable.
_OPERATOR_BEFORE = re.compile(r"(?:[=<>≤≥≠+×·√^]\s?|[\w)²³]\s?[-−–/]\s?|[=(]\s?[-−–]|\))\s?\Z")
_OPERATOR_AFTER = re.compile(r"\s?[=<>≤≥≠+×·√^²³⁴-⁹→∈/]|\s[-−–]\s?[\w(]|\s?[)(]|[-−–][0-9(]")
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
# "Kim loại X" of a school problem is none that is known.
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
_OVER_GREEK = re.compile("/[\u0370-\u03ff]")


def may_be(text: str) -> bool:
    """Whether a text may hold a formula or speak of a substance; prose costs little."""
    for sign in _TELLING:
        if sign in text:
            return True
    return "/" in text and _OVER_GREEK.search(text) is not None


def _read_variable(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    """Read y = (m – 5)x: beside a sign, or behind a word of maths where something is compared."""
    text, start, end = match.string, match.start(), match.end()
    if text_after(match, 1) in ("'", "’") or ends_before(match, _CALLED_BEFORE, _REACH):
        return None
    if not _is_of_maths(text):
        return None
    operated = (
        ends_before(match, _OPERATOR_BEFORE, 4) is not None
        or _OPERATOR_AFTER.match(text, end, end + 4) is not None
    )
    if ends_before(match, _FACTOR_BEFORE, 5):
        # 5 m is a length, 3 x 4 a product, 2x a term.
        glued = text[start - 1].isdigit()
        if match[0] in "mn" or not glued:
            return None
        return spell(match[0])
    if not operated and not ends_before(match, _NAMED_BEFORE, _REACH):
        return None
    return spell(match[0])


@lru_cache(64)
def _is_of_maths(text: str) -> bool:
    return _COMPARED.search(text) is not None or _OF_MATHS.search(text) is not None


def _read_element(match: re.Match[str], accent: Accent) -> str | None:
    """Read 12% Na, khí He, and the He3 of physics."""
    isotope = match["number"]
    if isotope:
        around = f"{text_before(match, _NEIGHBOURHOOD)} {text_after(match, _NEIGHBOURHOOD)}"
        if len(match["symbol"]) < 2 or not _NUCLEAR.search(around):
            return None
        return f"{spell(match['symbol'])} {cardinal(int(isotope), accent)}"
    if not (ends_before(match, _PERCENT_BEFORE, 8) or ends_before(match, _SUBSTANCE_BEFORE)):
        return None
    return spell(match["symbol"])


def _read_over_greek(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{spell(match['letter'])} trên"


# Each branch begins with a class, which the search passes over quickly.
START = (
    rf"{chemistry.START}|{measures.START}"
    rf"|[xyzmn](?:(?<!\w.)|(?<=[0-9][xyz]))(?<=(?={_VARIABLE}).)"
    rf"|[A-Z](?<!\w.)(?<=(?=(?:{_ELEMENT}|{_UNKNOWN})[0-9]{{0,3}}(?!\w)).)"
    r"|[a-zA-Z](?=/[\u0370-\u03ff])(?<!\w.)"
)
RULES = (
    *chemistry.RULES,
    *measures.RULES,
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
