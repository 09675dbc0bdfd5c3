"""Sets words on a cover: which letters can be drawn, where lines break, how large they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.words import common_compounds, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FAMILY = "Be Vietnam Pro"
# Widths are measured once at this size, in pixels, and scaled.
_MEASURE = 200
_MOST_LINES = 12
# Letters. Longer words may be divided. No syllable of Vietnamese has more than seven letters, and
# few words of other languages more than this.
_LONGEST = 18
_HYPHEN = "\u00ad"
# The distance of lines, and the least space between the marks of a line and the descenders of the
# line above it, both in sizes of the letters.
_PITCH, _AIR = 1.14, 0.05
# The costs of breaks, in squares of the width of an even line; a break at a clause is a gain.
_SPLIT_WORD, _LEFT_BEHIND, _NAME, _CLAUSE = 0.5, 0.12, 0.12, -0.12
_LEANS = frozenset(
    "và của cho với trong ở là từ đến về theo bởi những các một mỗi khi nếu không đã sẽ đang "
    "the a an of and in to for on".split()
)
_ENDS = tuple(".,:;!?…–—)]»”")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|«\s*»|“\s*”|\"\s*\"")
_JOINTS = re.compile(r"(?<=[-/–—_.@&=?])(?=\w)")


class Piece(NamedTuple):
    """A part of a text that no line break divides."""

    text: str
    joint: str
    """The sign before the next piece: a space, nothing, or a hyphen if a line ends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Lines of one size, ready to be drawn."""

    lines: tuple[str, ...]
    size: int
    """Size of the letters, in pixels."""
    weight: int
    pitch: int
    """Distance of two base lines, in pixels."""
    above: int
    """Height of the ink above the first base line, in pixels."""
    height: int
    """From the top of the highest ink to the bottom of the lowest, in pixels."""

    def draw(self, art: ImageDraw, left: int, top: int, colour: str | int) -> None:
        """Draw the lines with their ink flush left.

        Args:
            art: where to draw.
            left: the left edge of the ink, in pixels.
            top: the top of the highest ink, in pixels.
            colour: the colour of the letters.
        """
        font = typeface(self.weight, self.size)
        for row, line in enumerate(self.lines):
            start = font.getbbox(line, anchor="ls")[0]
            origin = (left - start, top + self.above + row * self.pitch)
            art.text(origin, line, colour, font, anchor="ls")


@lru_cache(32)
def typeface(weight: int, size: int) -> FreeTypeFont:
    """Return the typeface of covers in a weight, and a size in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(typeface_path(weight), size)


def typeface_path(weight: int) -> str:
    """Return the path of the file of the typeface of covers in a weight."""
    import fontpkg

    return str(fontpkg.path(_FAMILY, weight))


def drawable_text(text: str, longest: int) -> str:
    """Return the part of a text that can be drawn, on one line.

    Letters that the typeface lacks are replaced by plain forms (Ａ by A, ḥ by h) or left out, with
    the brackets that held nothing else.

    Args:
        text: in any script.
        longest: most characters; a longer text ends in an ellipsis after a whole word.
    """
    words = []
    for word in unicodedata.normalize("NFC", text).split():
        drawn = "".join(map(_drawable_form, word))
        if drawn == word or any(map(str.isalnum, drawn)) or set(drawn) & set("()[]{}«»“”"):
            words.append(drawn)
    line = " ".join(_EMPTY_BRACKETS.sub(" ", " ".join(words)).split())
    if len(line) > longest:
        line = (line[:longest].rpartition(" ")[0] or line[:longest]).rstrip(" ,.;:-–—([") + "…"
    return line


def typeset(text: str, weight: int, width: int, height: int, largest: int) -> TextBlock:
    """Return a text in balanced lines, as large as they fit.

    Args:
        text: as `drawable_text` returned it.
        weight: 400 is regular, 700 is bold.
        width: greatest width of a line, in pixels.
        height: greatest height of all lines, in pixels.
        largest: greatest size of the letters, in pixels.
    """
    if not text:
        return TextBlock(lines=(), size=1, weight=weight, pitch=0, above=0, height=0)
    best: tuple[str, ...] = (text,)
    score = 0.0
    for lines, faults in _layouts(text, weight):
        block = _fit_lines(lines, weight, width, height, largest)
        if block.size * (1 - 0.1 * faults) > score:
            best, score = lines, block.size * (1 - 0.1 * faults)
    return _fit_lines(best, weight, width, height, largest)


def _fit_lines(
    lines: tuple[str, ...], weight: int, width: int, height: int, largest: int
) -> TextBlock:
    """Return lines in the largest letters that keep within width and height."""
    boxes = [_box(line, weight) for line in lines]
    above, below = -boxes[0][1], boxes[-1][3]
    pitch = _PITCH * _MEASURE
    for upper, lower in pairwise(boxes):
        pitch = max(pitch, upper[3] - lower[1] + _AIR * _MEASURE)
    total_height = above + (len(lines) - 1) * pitch + below
    widest = max(box[2] - box[0] for box in boxes)
    # One percent is left for rounding.
    scale = min(0.99 * width / widest, 0.99 * height / total_height, largest / _MEASURE)
    size = max(1, int(scale * _MEASURE))
    scale = size / _MEASURE
    return TextBlock(
        lines=lines,
        size=size,
        weight=weight,
        pitch=round(pitch * scale),
        above=round(above * scale),
        height=round(total_height * scale),
    )


@lru_cache(1 << 8)
def _box(text: str, weight: int) -> tuple[float, float, float, float]:
    """Return the box of the ink: left, top, right and bottom from the start of the base line."""
    return typeface(weight, _MEASURE).getbbox(text, anchor="ls")


@cache
def _missing_glyph() -> bytes:
    """Return the glyph that replaces any letter which the typeface lacks."""
    return bytes(typeface(400, _MEASURE).getmask("\uffff"))


@lru_cache(1 << 12)
def _drawable_form(letter: str) -> str:
    """Return a letter, its nearest form that can be drawn, or nothing."""
    for form in ("NFC", "NFKC", "NFKD"):
        shape = unicodedata.normalize(form, letter)
        if form == "NFKD":
            shape = "".join(part for part in shape if unicodedata.category(part)[0] != "M")
        if shape and all(map(_is_drawn, shape)):
            return shape
    return ""


def _is_drawn(letter: str) -> bool:
    # Marks that are left after NFC have no width of their own, and control characters no shape.
    if unicodedata.category(letter)[0] in "CMZ":
        return False
    return bytes(typeface(400, _MEASURE).getmask(letter)) != _missing_glyph()


def _split_pieces(text: str) -> list[Piece]:
    """Divide a text where a line may break: at spaces, and inside very long words."""
    pieces = []
    for word in text.split():
        parts = [word]
        if len(word) > _LONGEST:
            parts = [part for joint in _JOINTS.split(word) for part in _even_parts(joint)]
        for part, following in zip(parts, [*parts[1:], ""], strict=True):
            hyphen = following and part[-1:].isalnum() and following[:1].isalnum()
            pieces.append(Piece(part, _HYPHEN if hyphen else "" if following else " "))
    return pieces


def _even_parts(word: str) -> Iterator[str]:
    """Yield the even parts of a long word, or the word itself."""
    count = -(-len(word) // _LONGEST)
    edges = [round(len(word) * part / count) for part in range(count + 1)]
    return (word[start:end] for start, end in pairwise(edges))


def _layouts(text: str, weight: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the most even layout for each number of lines, and the cost of its divided words."""
    pieces = _split_pieces(text)
    count = len(pieces)
    font = typeface(weight, _MEASURE)
    space = font.getlength(" ")
    starts = [0.0]
    for piece in pieces:
        starts.append(
            starts[-1] + font.getlength(piece.text) + (space if piece.joint == " " else 0)
        )
    costs = [_break_cost(earlier, later) for earlier, later in pairwise(pieces)]
    total_length = starts[-1]
    # The least cost of the first pieces in the rows so far, and where the last row begins.
    least_costs: list[float] = [0.0, *[float("inf")] * count]
    begins: list[list[int]] = []
    for rows in range(1, min(count, _MOST_LINES) + 1):
        row_costs, row_starts = [float("inf")] * (count + 1), [0] * (count + 1)
        for end in range(rows, count + 1):
            for start in range(rows - 1, end):
                cost = least_costs[start] + ((starts[end] - starts[start]) / total_length) ** 2
                # The shorter the lines are, the less the costs of breaks count.
                cost += costs[start - 1] / rows**2 if start else 0.0
                if cost < row_costs[end]:
                    row_costs[end], row_starts[end] = cost, start
        least_costs = row_costs
        begins.append(row_starts)
        yield _lay_out(pieces, costs, begins)


def _lay_out(
    pieces: Sequence[Piece], costs: Sequence[float], begins: Sequence[Sequence[int]]
) -> tuple[tuple[str, ...], float]:
    lines: list[str] = []
    end, faults = len(pieces), 0.0
    for begin in reversed(begins):
        start = begin[end]
        line = "".join(piece.text + piece.joint.strip(_HYPHEN) for piece in pieces[start : end - 1])
        hyphen = "-" if pieces[end - 1].joint == _HYPHEN else ""
        lines.insert(0, line + pieces[end - 1].text + hyphen)
        faults += max(0.0, costs[start - 1]) / _SPLIT_WORD if start else 0.0
        end = start
    return tuple(lines), faults


def _break_cost(first: Piece, second: Piece) -> float:
    """Return what a line break between two pieces costs."""
    if first.joint != " ":
        return 2 * _SPLIT_WORD if first.joint else _LEFT_BEHIND
    if first.text.endswith(_ENDS):
        return _CLAUSE
    first_word, second_word = (
        piece.text.strip("“”‘’\"'«»()[],.:;!?…") for piece in (first, second)
    )
    if f"{fold(first_word)} {fold(second_word)}" in common_compounds():
        return _SPLIT_WORD
    if first_word.lower() in _LEANS:
        return _LEFT_BEHIND
    return _NAME if first_word.istitle() and second_word.istitle() else 0.0
