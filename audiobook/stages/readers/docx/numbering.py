"""Automatic numbers of a Word file's lists and headings, spelled out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.stages.readers.docx.package import integer_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobook.stages.readers.docx.package import WordPackage

_LONGEST_LABEL = 100
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass
class _Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    label: str = ""
    """``%1.%2`` stands for the numbers of the first and second level."""
    start: int = 1


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[int, _Level]] = {}
        self.lists: dict[str, str] = {}
        self.restarts: dict[str, dict[int, int]] = {}
        """The numbers with which the levels of a list start again at its first item."""
        self._counts: dict[str, dict[int, int]] = {}

    def next_label(self, name: str, depth: int) -> str:
        """Count the next item of a list and return its label, empty for bullets."""
        kind = self.lists.get(name, "")
        levels = self.kinds.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        for restarted, start in self.restarts.pop(name, {}).items():
            counts[restarted] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if levels[depth].form in {"bullet", "none"}:
            return ""

        def spelled(place: re.Match[str]) -> str:
            index = int(place[1]) - 1
            level = levels.get(index, _Level())
            return spell_number(counts.get(index, level.start), level.form)

        return re.sub(r"%([1-9])", spelled, levels[depth].label)


def read_numbering(package: WordPackage, part: str | None) -> Numbering:
    """Read the part that defines lists."""
    numbering = Numbering()
    levels: dict[int, _Level] = {}
    level = _Level()
    name, overridden = "", 0
    for element, attributes in package.elements(part):
        value = attributes.get("val", "")
        match element:
            case "w:abstractNum":
                levels = numbering.kinds[attributes.get("abstractNumId", "")] = {}
            case "w:lvl":
                level = levels[_depth(attributes)] = _Level()
            case "w:lvlOverride":
                overridden = _depth(attributes)
            case "w:startOverride":
                numbering.restarts.setdefault(name, {})[overridden] = integer_of(attributes, 1)
            case "w:start":
                level.start = integer_of(attributes, 1)
            case "w:numFmt":
                level.form = value
            case "w:lvlText":
                level.label = value[:_LONGEST_LABEL]
            case "w:num":
                name = attributes.get("numId", "")
                levels, level = {}, _Level()  # what a list overrides, it keeps to itself
            case "w:abstractNumId":
                numbering.lists[name] = value
    return numbering


def _depth(attributes: Mapping[str, str]) -> int:
    depth = attributes.get("ilvl", "")
    return int(depth) if re.fullmatch(r"[0-8]", depth) else 0


def spell_number(number: int, form: str) -> str:
    """Spell a number of a list (ECMA-376, part 1, 17.18.59)."""
    spelled = str(number)
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26 * 4:
        # After z comes aa, then bb.
        spelled = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        spelled = ""
        for value, letters in _ROMAN:
            spelled += letters * (number // value)
            number %= value
    return spelled.upper() if form.startswith("upper") else spelled
