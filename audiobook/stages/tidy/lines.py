"""Lines: those that were wrapped are joined, words divided at their ends mended."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    chapter_bounds,
    exchange_paragraphs,
    is_closed,
    rewrite_paragraphs,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Paragraph

# The widest and the narrowest column at which lines are wrapped, in characters.
_WIDEST_WRAP, _NARROWEST_WRAP = 120, 40
# The least share of lines that must be full in a text that was wrapped.
_WRAPPED_SHARE = 0.8
# Lines of any width are wrapped if so many, of at least the narrowest width in the middle, run on
# with the same sentence in small letters.
_FEWEST_CUT, _WIDEST_CUT, _CUT_SHARE = 5, 250, 0.5
# The first line of a paragraph may be shorter by so much: its indent is no longer there.
_WIDEST_INDENT = 8
_INDENT = re.compile(r"[^\S\n]*(?:\t|\u3000|[^\S\n]{2})|[\xa0\u2000-\u200a]")
_STRUCTURE = re.compile(r"#{1,6} |[-*•—–] |\d{1,3}[.)] ")
_MAY_BE_INITIAL = SPOKEN | {Kind.HEADING}
_WORDS_OF_A_LETTER = "YÔƠƯÊ"
_LETTERS = re.compile(r"[^\W\d_]{1,7}(?![^\W\d_])")
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-\n([^\W\d_]+)")


def find_paragraphs(document: Document) -> Document:
    """Make a block of each paragraph of a text whose lines show where paragraphs begin.

    An indented line begins one where lines are indented now and then. Where a blank line stands
    after every line, those in the middle of a sentence are of one block. The lines stay lines:
    `join_wrapped_lines` decides whether they are joined.
    """
    blocks = all_paragraphs(document)
    if _are_indented(blocks):
        parted = {
            number: [replace(block, text=text) for text in _part_at_indents(block.text)]
            for number, block in enumerate(blocks)
            if "\n" in block.text and block.kind in SPOKEN
        }
        document = exchange_paragraphs(document, parted)[0]
    return _without_blank_lines(document)


def _are_indented(blocks: Sequence[Paragraph]) -> bool:
    """Whether a line begins a paragraph if it is indented, and goes on with one if it is not."""
    begins = goes_on = indented = flush = 0
    for block in blocks:
        if block.kind not in SPOKEN or "\n" not in block.text:
            continue
        for line, following in pairwise(block.text.split("\n")):
            start = following.lstrip()
            if not start or not line.strip():
                continue
            if _INDENT.match(following):
                indented += 1
                begins += not start[0].islower()
            else:
                flush += 1
                goes_on += start[0].islower() or not is_closed(line.rstrip())
    return (
        min(indented, flush) > 0
        and begins >= indented * _WRAPPED_SHARE
        and goes_on >= flush * _WRAPPED_SHARE
    )


def _part_at_indents(block: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in block.split("\n"):
        if _INDENT.match(line) and parts[-1]:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(lines) for lines in parts]


def _without_blank_lines(document: Document) -> Document:
    """Put lines that a sentence runs through into one block where each line is a block."""
    blocks = all_paragraphs(document)
    single = [block for block in blocks if block.kind is Kind.PROSE]
    texts = [block.text.strip() for block in single]
    if any("\n" in text for text in texts) or not _is_cut(list(pairwise(texts))):
        return document
    first_block = -1
    merged: dict[int, list[Paragraph]] = {}
    starts = {first for first, _ in chapter_bounds(document)}
    for number, block in enumerate(blocks):
        previous = blocks[number - 1] if number else None
        if (
            previous is not None
            and number not in starts
            and previous.kind is block.kind is Kind.PROSE
            and not is_closed(previous.text.rstrip())
            and block.text.lstrip()[:1].islower()
        ):
            (beginning,) = merged.get(first_block, [blocks[first_block]])
            merged[first_block] = [replace(beginning, text=f"{beginning.text}\n{block.text}")]
            merged[number] = []
        else:
            first_block = number
    return exchange_paragraphs(document, merged)[0]


def join_wrapped_lines(document: Document) -> Result:
    """Join the lines of a text that was wrapped, at a column or wherever a page was full.

    A word that a hyphen divides at the end of a line stays in two lines.
    """
    blocks = all_paragraphs(document)
    runs = [
        lines
        for block in blocks
        if block.kind is not Kind.VERSE and len(lines := block.text.split("\n")) > 1
    ]
    width = column_of(runs)
    pairs = [pair for lines in runs for pair in pairwise(lines)]
    if width is None and not _is_cut(pairs):
        return document, []
    joined = {}
    touched: list[str] = []
    for number, block in enumerate(blocks):
        if "\n" in block.text and block.kind is not Kind.VERSE:
            text = _join_block(block.text, width, touched)
            if text != block.text:
                joined[number] = [replace(block, text=text)]
    return exchange_paragraphs(document, joined)[0], touched


def wrap_width(document: Document) -> int | None:
    """Return the column at which the lines of a text were wrapped, or None if they were not."""
    lines = (block.text.split("\n") for block in all_paragraphs(document))
    return column_of([run for run in lines if len(run) > 1])


def join_lines(block: str, width: int) -> str:
    """Join the lines of a block that were wrapped at a column."""
    return _join_block(block, width, [])


def column_of(runs: Sequence[Sequence[str]]) -> int | None:
    """Return the column at which the lines of a text were wrapped, or None if they were not.

    A wrapped line is full: the first word of the next one did not fit any more.

    Args:
        runs: the lines of each block that has several.
    """
    width = max((len(line) for lines in runs for line in lines), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    ends = full = 0
    for lines in runs:
        for place, (line, following) in enumerate(pairwise(lines)):
            ends += 1
            full += _is_full(line, following, width, is_first=place == 0)
    return width if full >= ends * _WRAPPED_SHARE else None


def _is_full(line: str, following: str, width: int, *, is_first: bool) -> bool:
    indent = _WIDEST_INDENT if is_first else 0
    return indent + len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _is_cut(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether most lines end in the middle of a sentence, as only wrapped ones do."""
    lengths = sorted(len(line) for line, _ in pairs)
    if len(pairs) < _FEWEST_CUT or lengths[len(pairs) // 2] < _NARROWEST_WRAP:
        return False
    if lengths[-1] > _WIDEST_CUT:
        return False
    return sum(_runs_on(*pair) for pair in pairs) >= len(pairs) * _CUT_SHARE


def _runs_on(line: str, following: str) -> bool:
    return not is_closed(line) and following[:1].islower()


def _join_block(block: str, width: int | None, touched: list[str]) -> str:
    lines = [line for line in block.split("\n") if line]
    parts = lines[:1]
    for place, (line, following) in enumerate(pairwise(lines)):
        if width is None:
            goes_on = _runs_on(line, following)
        else:
            goes_on = _is_full(line, following, width, is_first=place == 0)
        if not goes_on or _STRUCTURE.match(following):
            parts.append("\n")
        else:
            touched.append(following)
            parts.append("\n" if _BROKEN.search(f"{line[-40:]}\n{following[:40]}") else " ")
        parts.append(following)
    return "".join(parts)


def join_broken_words(document: Document) -> Result:
    """Join words that a hyphen divides at the end of a line.

    The hyphen goes where it only divides a foreign word: `inter-national`. It stays in names
    and words that have it anyway: `Gia-tĩnh`, `Xô-viết`, `Saint-Exupéry`.
    """
    touched: list[str] = []

    def mend(broken: re.Match[str]) -> str:
        head, tail = broken.groups()
        if tail[0].isupper() and not head.isupper():
            hyphen = "-"
        else:
            hyphen = "-" if is_vietnamese(head) and is_vietnamese(tail) else ""
        touched.append(f"{head}{hyphen}{tail}")
        return touched[-1]

    def join(text: str) -> str:
        return _BROKEN.sub(mend, text) if "-\n" in text else text

    with_initials, initials = _join_initials(document)
    return rewrite_paragraphs(with_initials, join)[0], [*initials, *touched]


def _join_initials(document: Document) -> Result:
    """Join a capital letter alone to the paragraph below it, which goes on in small letters.

    The two make a word of Vietnamese, "T" and "rời", or the letter is one: "Y" and "tá". Other
    letters may be numerals or the answers to a question.
    """
    joined: dict[int, list[Paragraph]] = {}
    for number, (initial, following) in enumerate(pairwise(all_paragraphs(document))):
        letter, text = initial.text.strip(), following.text
        if len(letter) != 1 or not letter.isupper() or not text[:1].islower():
            continue
        if initial.kind not in _MAY_BE_INITIAL or following.kind not in SPOKEN:
            continue
        word = _LETTERS.match(text)
        is_one = word is not None and is_vietnamese(letter + word[0])
        if is_one or letter in _WORDS_OF_A_LETTER:
            joined[number] = []
            joined[number + 1] = [replace(following, text=f"{letter}{'' if is_one else ' '}{text}")]
    changed, touched = exchange_paragraphs(document, joined)
    return changed, touched[1::2]


def part_lines(document: Document) -> Document:
    """Make each line a paragraph of its own."""
    parted = {}
    for number, block in enumerate(all_paragraphs(document)):
        if "\n" in block.text or not block.text.strip():
            lines = (line.strip() for line in block.text.split("\n"))
            parted[number] = [replace(block, text=line) for line in lines if line]
    return exchange_paragraphs(document, parted)[0]
