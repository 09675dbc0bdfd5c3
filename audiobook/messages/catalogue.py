"""A catalogue of messages: templates, and what they say in another language."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

_BLANK = re.compile(r"\{(\d*)(:[nwl])?\}")
_NUMBER = re.compile(r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|∞|inf|nan)")
_SWAPPED = str.maketrans(",.", ".,")
_LISTED = {" or ": " hoặc ", " and ": " và "}
_JOINT = ": "
"""What stands between a message and its remedy, or between a place and a message."""
_FEWEST = 4
"""Signs that a template must have of its own: `{} is {}` could be anybody's words."""
_LONGEST, _MOST_JOINTS, _DEEPEST = 2000, 12, 6
"""Characters of a text, its colons, and messages within messages: ours stay far below, and what
somebody else made up to be longer is not worth the time."""


class _Found(NamedTuple):
    """A translation, and how many signs of the text the catalogue accounts for."""

    text: str
    signs: int


class _Template:
    """One message with blanks: what stands between them, and how it is said."""

    def __init__(self, english: str, said: str) -> None:
        self.pieces = english.split("{}")
        self.signs = _count("".join(self.pieces))
        self.parts: list[tuple[str, int, str]] = []
        """Text, then the number of the value that follows it and how that is written."""
        end = 0
        for place, blank in enumerate(_BLANK.finditer(said)):
            number = int(blank[1] or place)
            self.parts.append((said[end : blank.start()], number, blank[2] or ""))
            end = blank.end()
        self.last = said[end:]
        self.numbers = [number for _, number, kind in self.parts if kind == ":n"]

    def match(self, text: str) -> list[str] | None:
        """Return the values in a text that is this message, each as short as can be."""
        first, *between, last = self.pieces
        if not text.startswith(first) or not text.endswith(last):
            return None
        position, end = len(first), len(text) - len(last)
        values = []
        for piece in between:
            found = text.find(piece, position, end)
            if found < 0:
                return None
            values.append(text[position:found])
            position = found + len(piece)
        if position > end:
            return None
        values.append(text[position:end])
        numeric = all(_NUMBER.fullmatch(values[number]) for number in self.numbers)
        return values if numeric else None


class Catalogue:
    """English messages and what they say in another language.

    A value in a message may be a message itself. In a translation ``{}`` takes the values in
    order and ``{1}`` names one, from 0; ``{:n}`` stands for a number and writes it with the comma
    and the dots of Vietnamese; ``{:l}`` for a list of names; ``{:w}`` for a word of ours, which is
    translated even though it could be anybody's.

    Args:
        messages: templates in English, and each in the other language.
    """

    def __init__(self, messages: dict[str, str]) -> None:
        self._whole = {text: said for text, said in messages.items() if "{}" not in text}
        self._templates = [_Template(*pair) for pair in messages.items() if "{}" in pair[0]]
        self._find = lru_cache(1000)(self._look_up)

    def translate(self, text: str) -> str:
        """Say a text in the other language, as far as it is known."""
        if text in self._whole:
            return self._whole[text]
        return text if len(text) > _LONGEST else self._find(text, _DEEPEST).text

    def _look_up(self, text: str, depth: int) -> _Found:
        """Find what explains most signs of a text: one message, or several with a colon."""
        # A single word inside a message is rather a name than one of ours.
        if text in self._whole and " " in text:
            return _Found(self._whole[text], _count(text))
        best = _Found(text, 0)
        if " " not in text or not depth:
            return best
        for template in self._templates:
            values = template.match(text)
            if values is not None:
                best = max(best, self._fill(template, values, depth - 1), key=_signs)
        joints = [joint.start() for joint in re.finditer(_JOINT, text)]
        for at in joints if len(joints) <= _MOST_JOINTS else ():
            head = self._find(text[:at], depth - 1)
            tail = self._find(text[at + len(_JOINT) :], depth - 1)
            joined = _Found(f"{head.text}{_JOINT}{tail.text}", head.signs + tail.signs)
            best = max(best, joined, key=_signs)
        return best

    def _fill(self, template: _Template, values: list[str], depth: int) -> _Found:
        found = [self._find(value, depth) for value in values]
        of_values = sum(one.signs for one in found)
        if template.signs < _FEWEST and not of_values and not template.numbers:
            return _Found("", 0)
        text = "".join(
            before + self._write(values[number], found[number], kind)
            for before, number, kind in template.parts
        )
        return _Found(text + template.last, template.signs + of_values)

    def _write(self, value: str, found: _Found, kind: str) -> str:
        if kind == ":n":
            return write_figure(value)
        if kind == ":l":
            for joint, said in _LISTED.items():
                value = value.replace(joint, said)
            return value
        return self._whole.get(value, found.text) if kind == ":w" else found.text


def _count(text: str) -> int:
    return sum(not sign.isspace() for sign in text)


def _signs(found: _Found) -> int:
    return found.signs


def write_figure(figure: str) -> str:
    """Write a figure with the comma and the dots of Vietnamese."""
    return figure.translate(_SWAPPED)


def load(language: str) -> Catalogue:
    """Read the catalogue of a language, such as ``vi``, which lies beside this module."""
    text = files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    tables = tomllib.loads(text).values()
    return Catalogue({key: said for table in tables for key, said in table.items()})
