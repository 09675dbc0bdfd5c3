"""Formulas of a Word file (Office Math) in words, gathered from the events of its part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese.rules.formulas import say_tex

if TYPE_CHECKING:
    from collections.abc import Mapping

# How the beginning and the end of an element are written in TeX.
_START = {
    "m:f": r"\frac",
    "m:rad": r"\sqrt",
    "m:deg": "[",
    "m:sup": "^{",
    "m:sub": "_{",
    "m:num": "{",
    "m:den": "{",
    "m:e": "{",
    "m:fName": "{",
}
_END = {"m:deg": "]", **dict.fromkeys(("m:sup", "m:sub", "m:num", "m:den", "m:e", "m:fName"), "}")}
_INTEGRAL = "∫"  # where a sum does not name its sign


class Formula:
    """One formula being read."""

    def __init__(self) -> None:
        self._tex: list[str] = []
        self._texts: list[str] = []
        self._sign = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take in the beginning of an element."""
        if name == "m:nary":
            self._sign = _INTEGRAL
        elif name == "m:chr" and self._sign:
            self._sign = attributes.get("val") or _INTEGRAL
        self._tex.append(_START.get(name, ""))

    def end(self, name: str) -> None:
        """Take in the end of an element."""
        if name == "m:naryPr":
            self._tex.append(f" {self._sign} ")
            self._sign = ""
        self._tex.append(_END.get(name, ""))

    def text(self, text: str) -> None:
        """Take in text."""
        self._tex.append(f"{text} ")
        self._texts.append(text)

    def spoken(self) -> str:
        """Return the formula in words, or its signs where it cannot be put into words."""
        return say_tex("".join(self._tex)) or " ".join(self._texts)
