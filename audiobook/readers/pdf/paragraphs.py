"""Lines become paragraphs, headings and notes, by the way the file is set."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from audiobook.model import Kind
from audiobook.readers.pdf.lines import LARGE, Line, commonest, spell
from audiobook.readers.pdf.outline import letters
from audiobook.vietnamese.syllables import is_syllable

# As shares of the height of the font's box, which is 1.2 to 1.4 times the size of the type.
_INDENT = 0.5
_SPACE = 0.3
_BLANK = 1.3
_SMALL = 0.93
_HEADING_LEADING = 1.35
# Where fewer lines of a page than this begin with a small letter, it is no running text: verse, a
# title page, a list.
_FEW_LINES, _SMALL_STARTS = 4, 0.15
# Lines that end so many points from the right margin are at it; a good share, and it is justified.
_EDGE, _JUSTIFIED = 2, 0.3
_LONGEST_HEADING = 200
_LIST_MARK = re.compile(r"\W|\(?\w{1,3}[.)]")
_NOTE_MARK = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\]]?(?:[.:]?\s+|(?=\w))")
_RAISED_MARK = re.compile(r"[\d*†‡,]+")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SENTENCE_END = re.compile(r"[.!?…:;][”’»\")\]]*$")


@dataclass
class Block:
    """A paragraph and where it begins."""

    text: str
    kind: Kind
    level: int
    page: int
    top: float
    last: Line = field(repr=False)
    """Its last line so far."""
    hang: float = -1.0
    """Where the lines of an item of a list begin, but for the first, which begins with its mark."""


class Setting:
    """How a file is set (margins, indents, spacing), and its lines as paragraphs by that."""

    def __init__(self, lines: list[Line], body: float, titles: set[tuple[int, str]]) -> None:
        self._lines, self._body, self._titles = lines, body, titles
        self._marks = self._find_notes()
        text = [line for line in lines if not line.is_note and self._is_body(line)]
        columns: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
        for line in text or lines:
            columns[line.place].append(line)
        self._left = {
            place: _margin([each.left for each in set_]) for place, set_ in columns.items()
        }
        self._right = {
            place: sorted(each.right for each in set_)[int(len(set_) * 0.98)]
            for place, set_ in columns.items()
        }
        at_edge = {line.text for line in text if self._room(line) <= _EDGE}
        self._is_justified = len(at_edge) > _JUSTIFIED * len(text)
        starts: dict[int, list[bool]] = defaultdict(list)
        for line in text:
            starts[line.page].append(line.text[0].islower())
        self._unfilled = {
            page
            for page, small in starts.items()
            if len(small) >= _FEW_LINES and sum(small) < _SMALL_STARTS * len(small)
        }
        indents = Counter(round(self._indent(line)) for line in text)
        usual = max(
            (indent for indent in indents if indent > _INDENT * body),
            key=lambda indent: indents[indent],
            default=0,
        )
        self._usual_indent = usual if indents[usual] * 20 >= len(text) else 0
        self._leading = commonest(
            (round(before.bottom - after.bottom), 1)
            for before, after in pairwise(text)
            if before.page == after.page and before.bottom > after.bottom
        )
        sizes = sorted({line.size for line in lines if self._is_large(line)}, reverse=True)
        self._levels: dict[float, int] = {}
        level, size_before = 0, 0.0
        for size in sizes:  # sizes that differ by a hair are one level
            level += not size_before * 0.96 <= size <= size_before or not level
            self._levels[size], size_before = level, size

    def blocks(self) -> list[Block]:
        """Join the lines to paragraphs; notes come after the paragraph they stand under."""
        blocks: list[Block] = []
        notes: list[Block] = []
        open_block: Block | None = None
        for line in self._lines:
            if line.is_note:
                self._add_note(notes, line)
                continue
            text = self._text(line)
            if open_block and not self._begins(line, open_block):
                open_block.text = join(open_block.text, text)
                open_block.last = line
                continue
            if open_block:
                blocks += [open_block, *notes]
                notes = []
            heading = self._is_heading(line)
            kind = Kind.HEADING if heading else Kind.PROSE
            level = self._levels.get(line.size, 0) if heading else 0
            open_block = Block(text, kind, level, line.page, line.top, line, _hang(line))
        blocks += [open_block, *notes] if open_block else notes
        for block in blocks:
            if block.kind is Kind.HEADING and len(block.text) > _LONGEST_HEADING:
                block.kind, block.level = Kind.PROSE, 0
        return [block for block in blocks if block.text]

    def _find_notes(self) -> dict[int, set[str]]:
        """Mark the lines of notes: small type at the foot of a column, beginning with a mark."""
        marks: dict[int, set[str]] = defaultdict(set)
        columns: dict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in self._lines:
            columns[line.page, line.column].append(line)
        open_note = -1
        for (page, _), lines in columns.items():
            small = len(lines)
            while small and lines[small - 1].size < self._body * _SMALL:
                small -= 1
            for line in lines[small:]:
                mark = _NOTE_MARK.match(line.text)
                if mark:
                    marks[page].add(mark[1])
                if mark or (open_note >= 0 and open_note >= page - 1):
                    line.is_note, open_note = True, page
        return marks

    def _add_note(self, notes: list[Block], line: Line) -> None:
        mark = _NOTE_MARK.match(line.text)
        if mark or not notes:
            text = line.text[mark.end() :] if mark else line.text
            notes.append(Block(text, Kind.NOTE, 0, line.page, line.top, line))
        else:
            notes[-1].text = join(notes[-1].text, line.text)

    def _text(self, line: Line) -> str:
        """Spell a line without its marks of notes; other superscripts stay what they are."""
        marks = self._marks.get(line.page, set())
        words = []
        for word in line.words:
            if line.is_raised(word) and _RAISED_MARK.fullmatch(word.text):
                if all(mark in marks for mark in word.text.split(",")):
                    continue
                word = word._replace(text=word.text.translate(_SUPERSCRIPTS))
            words.append(word)
        text = spell(words)
        for mark in marks:
            text = text.replace(f"[{mark}]", "")
        return " ".join(text.split())

    def _begins(self, line: Line, block: Block) -> bool:
        """Whether a line begins a paragraph, rather than going on with this one."""
        last = block.last
        if block.kind is Kind.HEADING or self._is_heading(line):
            apart = last.bottom - line.bottom > _HEADING_LEADING * line.size
            large = self._is_large(last) and not self._is_named(line)
            return not large or apart or last.page != line.page or last.size != line.size
        if self._fitted(line, last):
            return True
        filled = self._is_justified and self._room(last) <= _EDGE
        if line.page in self._unfilled and not filled and not line.text[0].islower():
            return True
        indent, indent_before = self._indent(line), self._indent(last)
        hangs = abs(line.left - block.hang) < _EDGE
        if (
            not hangs
            and indent > _INDENT * self._body
            and (abs(indent - self._usual_indent) < 2 or abs(indent - indent_before) > 2)
        ):
            return True
        if last.place == line.place and last.page == line.page:
            return last.bottom - line.bottom > _BLANK * self._leading
        # A new column or page: blank space cannot be seen.
        if self._usual_indent or not _SENTENCE_END.search(block.text):
            return False
        return not line.text[0].islower()

    def _fitted(self, line: Line, last: Line) -> bool:
        """Whether the line before had room for the first word of this one, and left it."""
        first = line.words[0]
        width = first.right - first.left
        for word in line.words[1:]:
            if not word.glued:
                break
            width = word.right - first.left
        return self._room(last) > width + _SPACE * last.size

    def _room(self, line: Line) -> float:
        return self._right.get(line.place, line.right) - line.right

    def _indent(self, line: Line) -> float:
        return line.left - self._left.get(line.place, line.left)

    def _is_body(self, line: Line) -> bool:
        return self._body * _SMALL <= line.size <= self._body * LARGE

    def _is_heading(self, line: Line) -> bool:
        return self._is_large(line) or self._is_named(line)

    def _is_large(self, line: Line) -> bool:
        return line.size > self._body * LARGE and not line.is_note

    def _is_named(self, line: Line) -> bool:
        """Whether the outline has a title that is this line."""
        return (line.page, letters(line.text)) in self._titles


def _hang(line: Line) -> float:
    """Return where the words after the mark of a list begin, -1 if there is no mark."""
    if len(line.words) > 1 and _LIST_MARK.fullmatch(line.words[0].text):
        return line.words[1].left
    return -1.0


def _margin(lefts: list[float]) -> float:
    """Return the left-most place where a good share of lines begin."""
    counts = Counter(map(round, lefts))
    return min(left for left, count in counts.items() if count * 10 >= max(counts.values()))


def join(text: str, line: str) -> str:
    """Join two lines, and the halves of a word divided between them.

    A hyphen between Vietnamese syllables ("Ma-ri-a") is the word's own, one after half a foreign
    word is the printer's.
    """
    if not text.endswith(("-", "\u00ad", "‐")) or text.endswith((" -", "--")):
        return f"{text} {line}"
    before = re.split(r"[\s\-]", text[:-1])[-1]
    after = re.split(r"[\s\-]", line)[0].rstrip('.,;:!?…”’")»')
    if not text.endswith("\u00ad") and (
        not line[:1].islower() or before.isdigit() or (is_syllable(before) and is_syllable(after))
    ):
        return text + line
    return text[:-1] + line
