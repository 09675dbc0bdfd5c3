"""Lines become paragraphs, headings and notes, by the way the file is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.readers.pdf.blocks import Block
from audiobook.stages.readers.pdf.lines import text_of
from audiobook.stages.readers.pdf.margins import EDGE, INDENT, Margins, ends_sentence
from audiobook.stages.readers.pdf.notes import NOTE_MARK, RAISED_MARK
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.encodings import recognise_mojibake
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.stages.readers.pdf.lines import PrintedLine
    from audiobook.stages.readers.pdf.outline import Bookmarks

# As shares of the height of a line, which is 1.2 times the size of the type.
_SPACE = 0.3
_BLANK = 1.3
_HEADING_LEADING = 1.35
# As a share of the measure: a line that leaves more room ends its paragraph, even within a
# sentence.
_SHORT = 0.2
_LONGEST_HEADING = 200
_LIST_MARK = re.compile(r"\W|o|\(?\w{1,3}[.)]|\d+(?:\.\d+)+\.?")
_BULLET = re.compile(r"[^\w\s(\[{<“‘«\"'…./\\,;:!?%=&–—-]")
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-ZđĐ]|[ivxIVX]{1,5})[.)]|\d+(?:\.\d+)+\.?)")
_DASH = re.compile(r"[-–—]")
# A line of a contents page: leaders, and the page.
_CONTENTS_LINE = re.compile(r"(?:\.{3}|…|\. \. )[.… ]*[\divxlc]{1,5}$", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Setting:
    """The lines of a file as paragraphs, by the way they are set."""

    def __init__(
        self,
        lines: Sequence[PrintedLine],
        body: float,
        marks: Mapping[int, set[str]],
        bookmarks: Bookmarks,
    ) -> None:
        """Measure the file.

        Args:
            lines: all its lines, in the order they are read.
            body: the height of the lines of its text.
            marks: those in the text of each page that call for notes.
            bookmarks: its outline.
        """
        self._lines, self._marks, self._bookmarks = lines, marks, bookmarks
        self._margins = Margins(lines, body)
        sizes = sorted({line.size for line in lines if self._margins.is_large(line)}, reverse=True)
        self._levels: dict[float, int] = {}
        level, larger = 0, 0.0
        for size in sizes:  # sizes that differ by a hair are one level
            level += not larger * 0.96 <= size <= larger or not level
            self._levels[size], larger = level, size

    def blocks(self) -> list[Block]:
        """Join the lines to paragraphs; notes come after the paragraph they stand under."""
        blocks: list[Block] = []
        notes: list[Block] = []
        open_block: Block | None = None
        for line in self._lines:
            if line.is_note:
                self._add_note(notes, line)
                continue
            text = self._text_without_marks(line)
            if open_block and not self._begins(line, open_block):
                open_block.text = join_lines(open_block.text, text)
                open_block.last, open_block.left = line, line.left
                continue
            if open_block:
                blocks += [open_block, *notes]
                notes = []
            heading = self._is_heading(line)
            kind = Kind.HEADING if heading else Kind.PROSE
            level = self._levels.get(line.size, 0) if heading else 0
            open_block = Block(
                text=text,
                kind=kind,
                level=level,
                page=line.page,
                top=line.top,
                last=line,
                hang=_hanging_indent(line),
            )
        blocks += [open_block, *notes] if open_block else notes
        for block in blocks:
            if block.kind is Kind.HEADING and len(block.text) > _LONGEST_HEADING:
                block.kind, block.level = Kind.PROSE, 0
        return [block for block in blocks if block.text]

    def _add_note(self, notes: list[Block], line: PrintedLine) -> None:
        mark = NOTE_MARK.match(line.text)
        if mark and mark[1] not in self._marks.get(line.page, ()):
            mark = None
        if mark or not notes:
            text = line.text[mark.end() :] if mark else line.text
            notes.append(
                Block(text=text, kind=Kind.NOTE, level=0, page=line.page, top=line.top, last=line)
            )
        else:
            notes[-1].text = join_lines(notes[-1].text, line.text)

    def _text_without_marks(self, line: PrintedLine) -> str:
        """Spell a line without its marks of notes; other superscripts stay what they are."""
        marks = self._marks.get(line.page, set())
        words = []
        for word in line.words:
            if line.is_raised(word) and RAISED_MARK.fullmatch(word.text):
                if all(mark in marks for mark in word.text.strip("()[]").split(",")):
                    continue
                word = word._replace(text=word.text.translate(_SUPERSCRIPTS))
            words.append(word)
        text = text_of(words)
        for mark in marks:
            text = text.replace(f"[{mark}]", "")
        return " ".join(text.split())

    def _begins(self, line: PrintedLine, block: Block) -> bool:
        """Whether a line begins a paragraph, rather than going on with this one."""
        if block.kind is Kind.HEADING or self._is_heading(line):
            return self._begins_by_type(line, block)
        if _CONTENTS_LINE.search(block.last.text) or self._begins_item(line, block):
            return True
        if line.text[0].islower() and not ends_sentence(block.text):
            return False  # whatever the page looks like, the sentence goes on
        return self._begins_by_place(line, block)

    def _begins_by_type(self, line: PrintedLine, block: Block) -> bool:
        last = block.last
        apart = last.bottom - line.bottom > _HEADING_LEADING * line.size
        large = self._margins.is_large(last) and not self._bookmarks.is_named(line)
        return not large or apart or last.page != line.page or last.size != line.size

    def _begins_item(self, line: PrintedLine, block: Block) -> bool:
        """Whether a line begins an item of a list: a bullet, or a number where one can begin."""
        mark = line.words[0].text
        if _BULLET.fullmatch(mark) and len(line.words) > 1:
            return True
        if not (_NUMBERED.fullmatch(mark) or _DASH.fullmatch(mark) or _BULLET.match(mark)):
            return False
        return ends_sentence(block.text) or not self._fills(line, block.last) or block.hang >= 0

    def _begins_by_place(self, line: PrintedLine, block: Block) -> bool:
        last, margins, closed = block.last, self._margins, ends_sentence(block.text)
        short = not self._fills(line, last)
        if short and (closed or margins.share_of_room(last) > _SHORT):
            return True
        full = margins.is_justified and margins.room(last) <= EDGE
        if margins.is_unfilled(line) and not full and not line.text[0].islower():
            return True
        if self._is_indented(line, block):
            return True
        if last.margins_key == line.margins_key and last.page == line.page:
            height = last.bottom - line.bottom
            return height > _BLANK * margins.leading(line) or self._returns(line, block)
        # A new column or page: blank space cannot be seen.
        if margins.usual_indent or not closed:
            return False
        return not line.text[0].islower()

    def _is_indented(self, line: PrintedLine, block: Block) -> bool:
        """Whether a line is indented as the first of a paragraph is."""
        margins = self._margins
        indent, last_indent = margins.indent(line), margins.indent(block.last)
        if abs(line.left - block.hang) < EDGE or indent <= INDENT * margins.body:
            return False
        return abs(indent - margins.usual_indent) < EDGE or abs(indent - last_indent) > EDGE

    def _returns(self, line: PrintedLine, block: Block) -> bool:
        """Whether a line stands to the left of all others of a paragraph that is set in."""
        left = block.hang if block.hang >= 0 else block.left
        return left is not None and line.left < left - INDENT * self._margins.body

    def _fills(self, line: PrintedLine, last: PrintedLine) -> bool:
        """Whether the line before had no room for the first word of this one."""
        first = line.words[0]
        width = first.right - first.left
        for word in line.words[1:]:
            if not word.glued:
                break
            width = word.right - first.left
        return self._margins.room(last) <= width + _SPACE * last.size

    def _is_heading(self, line: PrintedLine) -> bool:
        return self._margins.is_large(line) or self._bookmarks.is_named(line)


def _hanging_indent(line: PrintedLine) -> float:
    """Return where the words after the mark of a list begin, -1 if there is no mark."""
    if len(line.words) > 1 and _LIST_MARK.fullmatch(line.words[0].text):
        return line.words[1].left
    return -1.0


def join_lines(text: str, line: str) -> str:
    """Join two lines, and the halves of a word divided between them.

    A hyphen between Vietnamese syllables ("Ma-ri-a") is the word's own, one after half a foreign
    word is the printer's. A soft hyphen in text that was typed for a TCVN3 font is the letter ư.
    """
    if not text.endswith(("-", "\u00ad", "‐")) or text.endswith((" -", "--")):
        return f"{text} {line}"
    head = re.split(r"[\s\-]", text[:-1])[-1]
    tail = re.split(r"[\s\-]", line)[0].rstrip('.,;:!?…”’")»')
    if text.endswith("\u00ad"):
        if encoding := recognise_mojibake(f"{text} {line}"):
            divided = is_vietnamese(encoding.reread(f"{head}\u00ad{tail}"))
            return f"{text}{line}" if divided else f"{text} {line}"
    elif not line[:1].islower() or head.isdigit() or (is_syllable(head) and is_syllable(tail)):
        return text + line
    return text[:-1] + line
