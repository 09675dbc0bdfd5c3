"""Words on a cover: which letters can be drawn, where lines break, how large they are."""

from __future__ import annotations

import re
import unicodedata
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
# No syllable of Vietnamese has more than seven letters, and few words elsewhere more than these.
_LONGEST = 18
_HYPHEN = "\u00ad"
# Lines apart, and the least air between the marks of one and the tails of the line above it: in
# sizes of the letters.
_PITCH, _AIR = 1.14, 0.05
# What a bad break costs, in squares of an even line's width.
_SPLIT_WORD, _LEFT_BEHIND, _NAME, _CLAUSE = 0.5, 0.12, 0.12, -0.12
_LEANS = frozenset(
    "và của cho với trong ở là từ đến về theo bởi những các một mỗi khi nếu không đã sẽ đang "
    "the a an of and in to for on".split()
)
_ENDS = tuple(".,:;!?…–—)]»”")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}|«\s*»|“\s*”|\"\s*\"")
_JOINTS = re.compile(r"(?<=[-/–—_.@&=?])(?=\w)")


class Piece(NamedTuple):
    """What no line break divides."""

    text: str
    joint: str
    """What stands before the next piece: a space, nothing, or a hyphen where a line ends."""


class Block(NamedTuple):
    """Lines of one size, ready to be drawn."""

    lines: tuple[str, ...]
    size: int
    """Of the letters, in pixels."""
    weight: int
    pitch: int
    """From a line to the next, in pixels."""
    above: int
    """Height of the ink above the first base line, in pixels."""
    height: int
    """From the top of the highest ink to the bottom of the lowest, in pixels."""

    def draw(self, art: ImageDraw, left: int, top: int, colour: str | int) -> None:
        """Draw the lines with their ink flush left; `top` is the top of the highest ink."""
        font = face(self.weight, self.size)
        for row, line in enumerate(self.lines):
            start = font.getbbox(line, anchor="ls")[0]
            place = (left - start, top + self.above + row * self.pitch)
            art.text(place, line, colour, font, anchor="ls")


@lru_cache(32)
def face(weight: int, size: int) -> FreeTypeFont:
    """Return the typeface of covers; the size is in pixels."""
    import fontpkg
    from PIL import ImageFont

    return ImageFont.truetype(fontpkg.path(_FAMILY, weight), size)


def letters(text: str, most: int) -> str:
    """Return what of a text can be drawn, on one line.

    Letters that the typeface lacks are drawn by their plain forms (Ａ as A, ḥ as h) or left out,
    and with them the brackets that held nothing else.

    Args:
        text: in any script.
        most: characters; a longer text ends in an ellipsis after a whole word.
    """
    words = []
    for written in unicodedata.normalize("NFC", text).split():
        drawn = "".join(map(_plain, written))
        if drawn == written or any(map(str.isalnum, drawn)) or set(drawn) & set("()[]{}«»“”"):
            words.append(drawn)
    line = " ".join(_EMPTY_BRACKETS.sub(" ", " ".join(words)).split())
    if len(line) > most:
        line = (line[:most].rpartition(" ")[0] or line[:most]).rstrip(" ,.;:-–—([") + "…"
    return line


def typeset(text: str, weight: int, width: int, height: int, largest: int) -> Block:
    """Break a text into balanced lines, as large as they fit.

    Args:
        text: what `letters` returned.
        weight: 400 is regular, 700 is bold.
        width: of the widest line at most, in pixels.
        height: of all lines at most, in pixels.
        largest: size of the letters at most, in pixels.
    """
    if not text:
        return Block((), 1, weight, 0, 0, 0)
    best: tuple[str, ...] = (text,)
    score = 0.0
    for lines, faults in _breaks(text, weight):
        block = _fit(lines, weight, width, height, largest)
        if block.size * (1 - 0.1 * faults) > score:
            best, score = lines, block.size * (1 - 0.1 * faults)
    return _fit(best, weight, width, height, largest)


def _fit(lines: tuple[str, ...], weight: int, width: int, height: int, largest: int) -> Block:
    """Find the largest letters that hold these lines within width and height."""
    boxes = [_box(line, weight) for line in lines]
    above, below = -boxes[0][1], boxes[-1][3]
    pitch = _PITCH * _MEASURE
    for one, other in pairwise(boxes):
        pitch = max(pitch, one[3] - other[1] + _AIR * _MEASURE)
    tall = above + (len(lines) - 1) * pitch + below
    wide = max(box[2] - box[0] for box in boxes)
    # A pixel in a hundred for what rounding adds.
    scale = min(0.99 * width / wide, 0.99 * height / tall, largest / _MEASURE)
    size = max(1, int(scale * _MEASURE))
    scale = size / _MEASURE
    return Block(
        lines, size, weight, round(pitch * scale), round(above * scale), round(tall * scale)
    )


@lru_cache(1 << 12)
def _box(text: str, weight: int) -> tuple[float, float, float, float]:
    """Measure the ink: left, top, right, bottom from the start of the base line, down is more."""
    return face(weight, _MEASURE).getbbox(text, anchor="ls")


@cache
def _missing() -> bytes:
    """Return the picture that stands for any letter that a typeface lacks."""
    return bytes(face(400, _MEASURE).getmask("\uffff"))


@lru_cache(1 << 12)
def _plain(letter: str) -> str:
    """Return a letter, its nearest form that can be drawn, or nothing."""
    for form in ("NFC", "NFKC", "NFKD"):
        shape = unicodedata.normalize(form, letter)
        if form == "NFKD":
            shape = "".join(part for part in shape if unicodedata.category(part)[0] != "M")
        if shape and all(map(_is_drawn, shape)):
            return shape
    return ""


def _is_drawn(letter: str) -> bool:
    # Marks that are left after NFC have no room of their own, control characters no shape.
    if unicodedata.category(letter)[0] in "CMZ":
        return False
    return bytes(face(400, _MEASURE).getmask(letter)) != _missing()


def _pieces(text: str) -> list[Piece]:
    """Divide a text where a line may break: at spaces; a monster of a word also elsewhere."""
    found = []
    for word in text.split():
        parts = [word]
        if len(word) > _LONGEST:
            parts = [part for joint in _JOINTS.split(word) for part in _chopped(joint)]
        for part, after in zip(parts, [*parts[1:], ""], strict=True):
            hyphen = after and part[-1:].isalnum() and after[:1].isalnum()
            found.append(Piece(part, _HYPHEN if hyphen else "" if after else " "))
    return found


def _chopped(word: str) -> Iterator[str]:
    """Yield a word whole, or in even parts."""
    count = -(-len(word) // _LONGEST)
    edges = [round(len(word) * part / count) for part in range(count + 1)]
    return (word[start:end] for start, end in pairwise(edges))


def _breaks(text: str, weight: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the most even lines for each number of lines, and how many words they divide."""
    pieces = _pieces(text)
    count = len(pieces)
    font = face(weight, _MEASURE)
    space = font.getlength(" ")
    starts = [0.0]
    for piece in pieces:
        starts.append(
            starts[-1] + font.getlength(piece.text) + (space if piece.joint == " " else 0)
        )
    costs = [_cost(one, other) for one, other in pairwise(pieces)]
    ideal = starts[-1]
    # The least cost of laying the first pieces out in so many lines, and where the last begins.
    least: list[float] = [0.0, *[float("inf")] * count]
    begins: list[list[int]] = []
    for rows in range(1, min(count, _MOST_LINES) + 1):
        now, begin = [float("inf")] * (count + 1), [0] * (count + 1)
        for end in range(rows, count + 1):
            for start in range(rows - 1, end):
                cost = least[start] + ((starts[end] - starts[start]) / ideal) ** 2
                # Costs of breaks count for less the shorter the lines are.
                cost += costs[start - 1] / rows**2 if start else 0.0
                if cost < now[end]:
                    now[end], begin[end] = cost, start
        least = now
        begins.append(begin)
        yield _lines(pieces, costs, begins)


def _lines(
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


def _cost(one: Piece, other: Piece) -> float:
    """Return what a line break between two pieces costs."""
    if one.joint != " ":
        return 2 * _SPLIT_WORD if one.joint else _LEFT_BEHIND
    if one.text.endswith(_ENDS):
        return _CLAUSE
    before, after = (piece.text.strip("“”‘’\"'«»()[],.:;!?…") for piece in (one, other))
    if f"{fold(before)} {fold(after)}" in common_compounds():
        return _SPLIT_WORD
    if before.lower() in _LEANS:
        return _LEFT_BEHIND
    return _NAME if before.istitle() and after.istitle() else 0.0
