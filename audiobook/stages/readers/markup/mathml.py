"""Formulas in MathML, in words: by their alternative text, else by what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup.tree import tag_name
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.formulas import say_tex

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_DEEPEST = 30
# Elements whose children are their arguments, and how TeX writes them.
_FORMS: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda parts: rf"\frac{{{parts[0]}}}{{{parts[1]}}}",
    "msup": lambda parts: f"{{{parts[0]}}}^{{{parts[1]}}}",
    "msub": lambda parts: f"{parts[0]}_{{{parts[1]}}}",
    "msubsup": lambda parts: f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}",
    "munder": lambda parts: f"{parts[0]}_{{{parts[1]}}}",
    "mover": lambda parts: _over(parts[0], parts[1]),
    "munderover": lambda parts: f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}",
    "mroot": lambda parts: rf"\sqrt[{parts[1]}]{{{parts[0]}}}",
}
_ARITY = {"msubsup": 3, "munderover": 3}
_UNREAD = frozenset({"annotation", "annotation-xml", "mphantom", "mspace", "maligngroup"})
_OVER = {"→": r"\vec", "⃗": r"\vec", "¯": r"\bar", "‾": r"\bar", "^": r"\hat", "ˆ": r"\hat"}
# What programs write where nobody wrote an alternative text.
_EMPTY_ALTERNATIVE = re.compile(
    r"\b(?:alt(?:ernative)? ?text|not available|no (?:alt|description)|math ?ml|image|equation)\b",
    re.I,
)
_LIMITS = {"lim": r"\lim", "∑": r"\sum", "∏": r"\prod", "∫": r"\int"}


def speak(math: etree._Element) -> str:
    """Return a formula in words, or an empty string where it cannot be put into words."""
    alternative = " ".join((math.get("alttext") or "").split())
    if _EMPTY_ALTERNATIVE.search(alternative):
        alternative = ""
    if alternative and not any(sign in alternative for sign in "\\^_{}"):
        return alternative
    return say_tex(alternative or _tex(math, 0))


def _tex(element: etree._Element, depth: int) -> str:
    """Return an element in TeX; one that is nested too deep becomes TeX that is refused."""
    tag = tag_name(element)
    if tag in _UNREAD:
        return ""
    if depth > _DEEPEST:
        return "{" * _DEEPEST + "".join(map(str, element.itertext()))
    if not len(element):
        return _leaf(tag, " ".join((element.text or "").split()))
    parts = [_tex(child, depth + 1) for child in element]
    if tag in _FORMS and len(parts) >= _ARITY.get(tag, 2):
        return _FORMS[tag](parts)
    inside = " ".join(filter(None, parts))
    if tag == "msqrt":
        return rf"\sqrt{{{inside}}}"
    if tag == "mtable":
        return f"{inside},"
    return f"{{{inside}}}" if tag in ("mrow", "mstyle", "mtd") else inside


def _leaf(tag: str, text: str) -> str:
    if text in _LIMITS:
        return _LIMITS[text]
    if tag == "mtext" or (tag == "mi" and len(text) > 1):
        return rf"\text{{{text}}}"
    if tag == "mo" and text in ("{", "}"):
        return ""
    return text


def _over(base: str, sign: str) -> str:
    command = _OVER.get(sign.strip())
    return rf"{command}{{{base}}}" if command else f"{base}^{{{sign}}}"
