"""A catalogue of messages: English templates and their translations."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

_BLANK = re.compile(r"\{(\d*)(:[nwl])?\}")
_NUMBER = re.compile(r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|∞|inf|nan)")
_SWAP_SEPARATORS = str.maketrans(",.", ".,")
_CONJUNCTIONS = {" or ": " hoặc ", " and ": " và "}
_JOINT = ": "
"""Joins a message and its remedy, or a place and a message."""
_FEWEST_SIGNS = 4
"""Characters that a template must have besides blanks: `{} is {}` could be anybody's words."""
_LONGEST, _MOST_JOINTS, _DEEPEST = 2000, 12, 6
"""Most characters of a text, colons in it, and levels of messages within messages. Our messages
stay far below; a longer text is not ours, and is not searched for."""


class _Translation(NamedTuple):
    """A translation, and how many characters of the text are explained by the catalogue."""

    text: str
    signs: int


class _Template:
    """One message with blanks: the fixed texts between them, and the translation."""

    def __init__(self, english: str, translation: str) -> None:
        self.fixed_texts = english.split("{}")
        self.signs = _count_signs("".join(self.fixed_texts))
        self.segments: list[tuple[str, int, str]] = []
        """A text, the number of the value that follows it, and the kind of that value."""
        end = 0
        for position, blank in enumerate(_BLANK.finditer(translation)):
            number = int(blank[1] or position)
            self.segments.append((translation[end : blank.start()], number, blank[2] or ""))
            end = blank.end()
        self.tail = translation[end:]
        self.numeric_values = [number for _, number, kind in self.segments if kind == ":n"]

    def match(self, text: str) -> list[str] | None:
        """Return the values in a text that is this message, each as short as possible, or None."""
        first, *between, last = self.fixed_texts
        if not text.startswith(first) or not text.endswith(last):
            return None
        position, end = len(first), len(text) - len(last)
        values = []
        for piece in between:
            start = text.find(piece, position, end)
            if start < 0:
                return None
            values.append(text[position:start])
            position = start + len(piece)
        if position > end:
            return None
        values.append(text[position:end])
        numeric = all(_NUMBER.fullmatch(values[number]) for number in self.numeric_values)
        return values if numeric else None


class Catalogue:
    """English messages and their translations.

    A value in a message may be a message itself. In a translation ``{}`` takes the values in
    order and ``{1}`` names one, from 0; ``{:n}`` stands for a number and writes it with the comma
    and the dots of Vietnamese; ``{:l}`` for a list of names; ``{:w}`` for a word of ours, which is
    translated even though it could be anybody's.

    Args:
        messages: the English templates, each with its translation.
    """

    def __init__(self, messages: dict[str, str]) -> None:
        self._exact = {
            text: translation for text, translation in messages.items() if "{}" not in text
        }
        self._templates = [_Template(*pair) for pair in messages.items() if "{}" in pair[0]]
        self._find_cached = lru_cache(1000)(self._look_up)

    def translate(self, text: str) -> str:
        """Return the translation of a text, as far as the catalogue holds it."""
        if text in self._exact:
            return self._exact[text]
        return text if len(text) > _LONGEST else self._find_cached(text, _DEEPEST).text

    def _look_up(self, text: str, depth: int) -> _Translation:
        """Return the translation that explains most characters: one message, or several joined."""
        # A single word inside a message is probably a name, and not a message of ours.
        if text in self._exact and " " in text:
            return _Translation(self._exact[text], _count_signs(text))
        best = _Translation(text, 0)
        if " " not in text or not depth:
            return best
        for template in self._templates:
            values = template.match(text)
            if values is not None:
                best = max(best, self._fill(template, values, depth - 1), key=_accounted_signs)
        joints = [match.start() for match in re.finditer(_JOINT, text)]
        for joint in joints if len(joints) <= _MOST_JOINTS else ():
            head = self._find_cached(text[:joint], depth - 1)
            tail = self._find_cached(text[joint + len(_JOINT) :], depth - 1)
            joined = _Translation(f"{head.text}{_JOINT}{tail.text}", head.signs + tail.signs)
            best = max(best, joined, key=_accounted_signs)
        return best

    def _fill(self, template: _Template, values: list[str], depth: int) -> _Translation:
        translations = [self._find_cached(value, depth) for value in values]
        value_signs = sum(translation.signs for translation in translations)
        if template.signs < _FEWEST_SIGNS and not value_signs and not template.numeric_values:
            return _Translation("", 0)
        text = "".join(
            text_ahead + self._render_value(values[number], translations[number], kind)
            for text_ahead, number, kind in template.segments
        )
        return _Translation(text + template.tail, template.signs + value_signs)

    def _render_value(self, value: str, translation: _Translation, kind: str) -> str:
        if kind == ":n":
            return vietnamese_figure(value)
        if kind == ":l":
            for joint, vietnamese in _CONJUNCTIONS.items():
                value = value.replace(joint, vietnamese)
            return value
        return self._exact.get(value, translation.text) if kind == ":w" else translation.text


def _count_signs(text: str) -> int:
    return sum(not sign.isspace() for sign in text)


def _accounted_signs(translation: _Translation) -> int:
    return translation.signs


def vietnamese_figure(figure: str) -> str:
    """Return a figure with the comma and the dots of Vietnamese."""
    return figure.translate(_SWAP_SEPARATORS)


def load(language: str) -> Catalogue:
    """Read the catalogue of a language, such as ``vi``, which lies beside this module."""
    text = files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    tables = tomllib.loads(text).values()
    return Catalogue({key: translation for table in tables for key, translation in table.items()})
