"""Words on a page of a PDF file, divided and read in old fonts by what Vietnamese allows."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.encodings import is_converted, is_old_font, read_font
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.system.pdfium.words import Gap, Written

_PUNCTUATION = ".,;:!?…“”‘’\"'()[]«»"


class Word(NamedTuple):
    """Letters without a space between them; positions in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    """Of the font's line box: its height is 1.2 times the size of the type."""
    glued: bool
    """It follows the word before without a space."""


def words_of(written: Written, fonts: Sequence[str]) -> tuple[list[Word], list[tuple[str, str]]]:
    """Divide words where PDFium overlooks a space, and read those in old Vietnamese fonts.

    Args:
        written: words as PDFium has them.
        fonts: the names of the fonts that they number.

    Returns:
        The words, and those that an old font changes, before and after.
    """
    raw_words, gaps = written
    gaps_of = dict(gaps)
    words: list[Word] = []
    numbers: list[int] = []
    """Of the font of each."""
    for index, (text, left, right, bottom, top, glued, number) in enumerate(raw_words):
        parts = [Word(text, left, right, bottom, top, glued)]
        if index in gaps_of:
            parts = divide_word(parts[0], gaps_of[index])
        words += parts
        numbers += [number] * len(parts)
    old = {number for number, font in enumerate(fonts) if is_old_font(font)}
    if old.isdisjoint(numbers):
        return words, []
    return words, _read_old_fonts(words, [fonts[n] if n in old else "" for n in numbers])


def divide_word(word: Word, gaps: Sequence[Gap]) -> list[Word]:
    """Divide what PDFium takes for one word: it overlooks spaces where the font changes.

    Args:
        word: with its gaps.
        gaps: where its letters stand apart.
    """
    if not _are_words(word.text, [gap[0] for gap in gaps]):
        return [word]
    parts = []
    start, left, glued = 0, word.left, word.glued
    for end, edge, following in [*gaps, (len(word.text), word.right, word.right)]:
        left, right = round(left, 1), round(edge, 1)
        part = word._replace(text=word.text[start:end], left=left, right=right, glued=glued)
        parts.append(part)
        start, left, glued = end, following, False
    return parts


def _are_words(letters: str, places: list[int]) -> bool:
    """Whether letters that stand apart are words.

    Args:
        letters: what PDFium takes for one word.
        places: how many letters stand before each gap.
    """
    letters = letters.replace("₫", "đ")  # as some fonts name it
    if is_vietnamese(letters.strip(_PUNCTUATION)):
        return False
    bounds = [0, *places, len(letters)]
    parts = [letters[start:end].strip(_PUNCTUATION) for start, end in pairwise(bounds)]
    marked = (is_vietnamese(part) and not part.isascii() for part in parts)
    return all(len(part) > 1 and part.isalpha() for part in parts) and any(marked)


def _read_old_fonts(words: list[Word], fonts: Sequence[str]) -> list[tuple[str, str]]:
    """Read words in old Vietnamese fonts; return those that changed, before and after.

    The words that stand side by side in a font are read together: alone, many are words in either
    reading. Those that have letters which no old font shows stay as they are, and decide nothing
    for their neighbours: a font may have been set over converted text and over text as it was.

    Args:
        words: those that are read are replaced.
        fonts: of each word, the name if it is an old one.
    """
    reread: list[tuple[str, str]] = []
    mixed = any(is_converted(word.text) for word, font in zip(words, fonts, strict=True) if font)
    start = 0
    for font, run in groupby(fonts):
        end = start + len(list(run))
        if font:
            places = [n for n in range(start, end) if not is_converted(words[n].text)]
            texts = [words[place].text for place in places]
            together = read_font(" ".join(texts), font, mixed=mixed).split(" ")
            if len(together) != len(texts):
                together = [read_font(text, font, mixed=mixed) for text in texts]
            for place, text in zip(places, together, strict=True):
                words[place] = words[place]._replace(text=text)
            reread += [pair for pair in zip(texts, together, strict=True) if pair[0] != pair[1]]
        start = end
    return reread
