"""PDF files: the words on the pages made into paragraphs again, with what is only printed left out.

PDFium finds the words, in a process of its own with bounds on its memory and time: a hostile file
of a few kilobytes makes it ask for gigabytes, or never end.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

from audiobook.errors import SourceError
from audiobook.model import Change, Chapter, Document, Kind, Meta, Paragraph
from audiobook.vietnamese.syllables import is_syllable

# 20,000 pages are read in about a minute.
_MOST_PAGES = 20_000
_MOST_CHARACTERS = 50_000_000
_LONGEST_SECONDS = 120
_MEMORY = 1024**3
_MOST_BOOKMARKS = 5_000
# More letters than this without a meaning, and the text is not what the page shows.
_UNKNOWN_SHARE = 0.1


def read(data: bytes, name: str) -> Document:
    """Read a PDF file with a text layer.

    Lines are joined to paragraphs across columns and pages; running heads, running feet and page
    numbers are left out; larger type makes headings, small type at the foot of a page notes. An
    outline gives the chapters.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SourceError: it is not a PDF file, is damaged, has a password or no text, asks for too
            much memory or time, or PDFium is not installed.
    """
    head, pages = _ask_pdfium(data, name)
    scanned = [number for number, page in enumerate(pages, 1) if page.is_picture]
    if not any(page.words for page in pages):
        raise SourceError(
            f"{name} has no text, only pictures of its {len(pages)} pages",
            f"recognise the text first (OCR), for example `ocrmypdf -l vie {name} text.pdf`",
        )
    changes = []
    if scanned:
        numbers = ", ".join(map(str, scanned[:12])) + (", …" if len(scanned) > 12 else "")
        changes.append(Change("pages without text (OCR needed)", len(scanned), f"page {numbers}"))
    segments = [_segments(page.words, number) for number, page in enumerate(pages)]
    body = _commonest((s.size, len(s.text)) for page in segments for s in page)
    running = _take_running(segments, body)
    if running:
        changes.append(Change("running heads and page numbers", len(running), running[0].text))
    lines = [line for page in segments for line in _lines(page)]
    if not lines:
        raise SourceError(f"{name} holds no text to read", "give a file with words in it")
    titles = {(page, _letters(title)) for title, _, page, _ in head["outline"]}
    blocks = _Setting(lines, body, titles).blocks()
    return Document(_meta(head["meta"]), _chapters(blocks, head["outline"]), (*changes,))


# --- what PDFium sees ---------------------------------------------------------------------------


class _Word(NamedTuple):
    """Letters without a space between them; positions in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    """Of the font's box: its height is the size of the type."""
    glued: bool
    """It follows the word before without a space."""


class _Page(NamedTuple):
    words: list[_Word]
    is_picture: bool
    """It shows pictures and no word."""


def _ask_pdfium(data: bytes, name: str) -> tuple[dict[str, Any], list[_Page]]:
    """Return the file's properties and its pages, from another process."""
    if importlib.util.find_spec("pypdfium2") is None:
        raise SourceError(
            f"{name} is a PDF file and pypdfium2 is not installed", "pip install 'audiobook[pdf]'"
        )
    home = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    remedy = "print it to a new PDF file from a viewer, or save its text"
    try:
        answer = subprocess.run(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-P", "-c", f"from {__name__} import _serve; _serve({_MEMORY})"],
            input=data,
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            env=os.environ | {"PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise SourceError(
            f"{name} takes PDFium longer than {_LONGEST_SECONDS} seconds", remedy
        ) from problem
    if answer.returncode:
        last_words = answer.stderr.decode("utf-8", "replace").splitlines()[-1:]
        reason = f" ({last_words[0]})" if last_words else ""
        raise SourceError(
            f"{name} makes PDFium fail, or takes more memory than a book needs{reason}", remedy
        )
    head, *pages = map(json.loads, answer.stdout.splitlines())
    if "error" in head:
        raise SourceError(f"{name} {head['error']}", head["remedy"])
    return head, [_Page([_Word(*word) for word in words], picture) for words, picture in pages]


class _RefusedError(Exception):
    """What is wrong with a file, and the remedy, on the way to the other process."""


def _serve(memory: int) -> None:
    """Answer for the PDF file on standard input: JSON lines, its properties, then its pages.

    More than so many bytes of memory, beside the file itself, end the process.
    """
    data = sys.stdin.buffer.read()
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory + 3 * len(data),) * 2)
    try:
        answers = list(_answers(data))
    except _RefusedError as problem:
        error, remedy = problem.args
        answers = [{"error": error, "remedy": remedy}]
    for answer in answers:
        sys.stdout.write(json.dumps(answer) + "\n")


def _answers(data: bytes) -> Iterator[object]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise _RefusedError(
                "is protected by a password", "save it without one, from a viewer that opens it"
            ) from problem
        raise _RefusedError("is not a PDF file, or a damaged one", "get it again") from problem
    if len(file) > _MOST_PAGES:
        raise _RefusedError(f"claims {len(file)} pages", "split it")
    outline: list[tuple[str, int, int, float | None]] = []
    for mark in file.get_toc():
        place = mark.get_dest()
        page = place.get_index() if place else None
        if page is not None and place and len(outline) < _MOST_BOOKMARKS:
            mode, view = place.get_view()
            at = {raw.PDFDEST_VIEW_XYZ: 1, raw.PDFDEST_VIEW_FITH: 0}.get(mode)
            top = view[at] if at is not None and len(view) > at else None
            outline.append((mark.get_title() or "", mark.level, page, top))
    meta = file.get_metadata_dict() | {"Lang": _language(raw, file)}
    yield {"meta": meta, "outline": outline}
    characters = unknown = 0
    for number in range(len(file)):
        try:
            page = file[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as problem:
            raise _RefusedError(
                f"is damaged at page {number + 1}", "get it again, or print it to a new PDF file"
            ) from problem
        words = _gather(raw, text.raw, page.get_rotation())
        characters += words.characters
        unknown += words.unknown
        if characters > _MOST_CHARACTERS:
            raise _RefusedError("holds more text than any book", "split it")
        pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
        yield words.words, not words.words and any(True for _ in pictures)
        text.close()
        page.close()
    if unknown > characters * _UNKNOWN_SHARE:
        raise _RefusedError(
            "does not say which letters its shapes are",
            "recognise the text (OCR), for example `ocrmypdf --force-ocr -l vie`",
        )


def _language(raw: Any, file: Any) -> str:
    size = raw.FPDFCatalog_GetLanguage(file.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(file.raw, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")


# As the page is turned clockwise for display, by so many degrees; from its corner or beyond it.
_TURNS: dict[int, Callable[..., tuple[float, float, float, float]]] = {
    0: lambda left, right, bottom, top: (left, right, bottom, top),
    90: lambda left, right, bottom, top: (bottom, top, -right, -left),
    180: lambda left, right, bottom, top: (-right, -left, -top, -bottom),
    270: lambda left, right, bottom, top: (-top, -bottom, left, right),
}


def _gather(raw: Any, page: Any, rotation: int) -> _Words:
    """Gather the words of a text page of PDFium, turned upright."""
    words = _Words()
    spaced = True
    box = raw.FS_RECTF()
    words.characters = raw.FPDFText_CountChars(page)
    for index in range(words.characters):
        code = raw.FPDFText_GetUnicode(page, index)
        letter = chr(code)
        if letter.isspace():
            spaced = True
            continue
        if code in {0, 0xFFFD} or 0xE000 <= code < 0xF900:
            words.unknown += 1
            continue
        if code in {0x02, 0xFFFE}:  # PDFium's own sign of a word divided at a line's end
            letter = "-"
        raw.FPDFText_GetLooseCharBox(page, index, box)
        bounds = _TURNS[rotation](box.left, box.right, box.bottom, box.top)
        if bounds[3] - bounds[2] < 0.1:  # a font that does not say how high it is
            bounds = (*bounds[:3], bounds[2] + raw.FPDFText_GetFontSize(page, index))
        words.add(letter, bounds, spaced)
        spaced = False
    words.finish()
    return words


class _Words:
    """The words of a page in the order it draws them, from its letters."""

    def __init__(self) -> None:
        self.words: list[tuple[str, float, float, float, float, bool]] = []
        self.characters = self.unknown = 0
        self._letters = ""
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._last = 0.0
        """Right edge of the last letter."""
        self._mark = ""
        """An accent drawn before its letter."""
        self._glued = False

    def add(self, letter: str, bounds: tuple[float, float, float, float], spaced: bool) -> None:
        left, right, bottom, top = bounds
        if unicodedata.combining(letter):
            # Drawn over the letter before, or the one to come.
            middle = (left + right) / 2
            if self._letters and middle <= self._last + (top - bottom) * 0.1:
                self._letters += letter
            else:
                self._mark += letter
            return
        if "\ufb00" <= letter <= "\ufb06":
            letter = unicodedata.normalize("NFKC", letter)  # a ligature: ﬁ
        height = top - bottom
        if self._letters:
            _, was_right, was_bottom, was_top = self._box
            was_height = was_top - was_bottom
            moved = (
                abs(height - was_height) > 0.15 * was_height
                or abs(bottom - was_bottom) > 0.2 * was_height
                or not -0.7 * height < left - was_right < 0.7 * height
            )
            if spaced or moved:
                # PDFium supposes a space where the type is raised, as marks of notes are.
                near = abs(left - was_right) < 0.05 * max(height, was_height)
                self.finish()
                self._glued = near and abs(bottom - was_bottom) < 0.7 * max(height, was_height)
        if not self._letters:
            self._box = bounds
        self._letters += letter + self._mark
        self._mark = ""
        self._last = right
        was_left, was_right, was_bottom, was_top = self._box
        self._box = (was_left, max(was_right, right), was_bottom, was_top)

    def finish(self) -> None:
        if self._letters:
            left, right, bottom, top = (round(edge, 1) for edge in self._box)
            self.words.append((self._letters, left, right, bottom, top, self._glued))
        self._letters, self._glued = "", False


# --- lines --------------------------------------------------------------------------------------

# As shares of the height of the font's box, which is 1.2 to 1.4 times the size of the type.
_COLUMN_GAP = 1.0
_INDENT = 0.5
_SPACE = 0.3
_BLANK = 1.3
_HEADING, _SMALL = 1.12, 0.93
_HEADING_LEADING = 1.35
# Where fewer lines of a page than this begin with a small letter, it is no running text: verse, a
# title page, a list.
_FEW_LINES, _SMALL_STARTS = 4, 0.15
# Lines that end so many points from the right margin are at it; a good share, and it is justified.
_EDGE, _JUSTIFIED = 2, 0.3
# A gutter has at least so many lines on both sides, and few lines across.
_COLUMN_LINES, _ACROSS = 5, 0.2
# A page of more pieces than this is a map or a drawing.
_MOST_SEGMENTS = 2000
# A running head stands so many lines' distance from the text, unless it is a page number.
_APART = 1.2
_LONGEST_HEADING = 200

_NUMBER = re.compile(r"\d+")
_LIST_MARK = re.compile(r"\W|\(?\w{1,3}[.)]")
_PAGE_NUMBER = re.compile(
    r"\W*(?:trang|page|tr\.|p\.)?\s*(\d{1,5})(?:\s*/\s*\d{1,5})?\W*", re.IGNORECASE
)
_NOTE_MARK = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\]]?(?:[.:]?\s+|(?=\w))")
_RAISED_MARK = re.compile(r"[\d*†‡,]+")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SENTENCE_END = re.compile(r"[.!?…:;][”’»\")\]]*$")


@dataclass(eq=False)
class _Line:
    """Words side by side: a line of a column, or a piece of one."""

    words: list[_Word]
    page: int
    """From 0."""
    column: int = 0
    columns: int = 1
    """How many stand side by side here."""
    is_note: bool = False

    @cached_property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @cached_property
    def size(self) -> float:
        return round(statistics.median_high(word.top - word.bottom for word in self.words), 1)

    @cached_property
    def bottom(self) -> float:
        return statistics.median_low(word.bottom for word in self.words)

    @property
    def top(self) -> float:
        return self.bottom + self.size

    @cached_property
    def text(self) -> str:
        return _spell(self.words)

    @property
    def place(self) -> tuple[int, int, int]:
        """Which margins it keeps: left and right pages have their own."""
        return self.page % 2, self.column, self.columns

    def is_raised(self, word: _Word) -> bool:
        """Whether a word is a superscript."""
        small = word.top - word.bottom < 0.8 * self.size
        return small and word.bottom > self.bottom + 0.1 * self.size


def _is_beside(bottom: float, top: float, word: _Word) -> bool:
    """Whether a word is at the height of another, or of a line."""
    overlap = min(top, word.top) - max(bottom, word.bottom)
    return overlap > 0.5 * min(top - bottom, word.top - word.bottom)


def _spell(words: Iterable[_Word]) -> str:
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()


def _commonest(weighed: Iterable[tuple[float, int]]) -> float:
    weights: Counter[float] = Counter()
    for value, weight in weighed:
        weights[value] += weight
    return max(weights, key=lambda value: weights[value], default=0.0)


def _segments(words: Sequence[_Word], page: int) -> list[_Line]:
    """Divide the words of a page where they leave the line, or leave a gap as between columns."""
    segments: list[_Line] = []
    for word in words:
        if segments:
            last = segments[-1].words[-1]
            gap = (word.left - last.right) / max(last.top - last.bottom, 1)
            if -0.5 < gap < _COLUMN_GAP and _is_beside(last.bottom, last.top, word):
                segments[-1].words.append(word)
                continue
        segments.append(_Line([word], page))
    return segments


def _take_running(pages: list[list[_Line]], body: float) -> list[_Line]:
    """Take off what comes back at the head or foot of pages, or counts them, and return it."""
    heights = ({round(segment.bottom) for segment in page} for page in pages)
    leading = _commonest((b - a, 1) for page in heights for a, b in pairwise(sorted(page)))
    taken: list[_Line] = []
    while found := _running(pages, body, leading):
        taken += found
        gone = set(map(id, found))
        pages[:] = [[each for each in page if id(each) not in gone] for page in pages]
    return taken


def _running(pages: list[list[_Line]], body: float, leading: float) -> list[_Line]:
    """Find what is running in the outermost line of pages, at the head or the foot."""
    found: dict[int, _Line] = {}
    places: dict[object, list[_Line]] = defaultdict(list)
    for segments in pages:
        heights = sorted({round(segment.bottom) for segment in segments})
        for edge, following in ((heights[-1:], heights[-2:-1]), (heights[:1], heights[1:2])):
            apart = not following or abs(edge[0] - following[0]) > _APART * leading
            for segment in segments:
                if segment.size <= body * _HEADING and [round(segment.bottom)] == edge:
                    number = _PAGE_NUMBER.fullmatch(segment.text)
                    if number and int(number[1]) == segment.page + 1:
                        found[id(segment)] = segment
                    for key in _running_keys(segment) if apart or number else ():
                        places[key].append(segment)
    needed = 2 if len(pages) <= 4 else 3
    for segments in places.values():
        if len({segment.page for segment in segments}) >= needed:
            found |= {id(segment): segment for segment in segments}
    return list(found.values())


def _running_keys(segment: _Line) -> Iterator[object]:
    """Yield what a line has in common with those of other pages.

    A number in it is either the same there, or grows with the pages as page numbers do.
    """
    text = segment.text.casefold()
    numbers = [match[0] for match in _NUMBER.finditer(text)]
    if len(numbers) > 3 or any(len(number) > 9 for number in numbers):
        return
    parts = _NUMBER.split(text)
    # Two grids of 6 points, so that no place falls between.
    grids = ((0, segment.bottom // 6), (1, (segment.bottom + 3) // 6))
    for grid in grids:
        for choice in product((False, True), repeat=len(numbers)):
            filled = [
                f"page{int(number) - segment.page:+}" if grows else number
                for number, grows in zip(numbers, choice, strict=True)
            ]
            yield grid, (*parts, *filled)


def _lines(segments: list[_Line]) -> list[_Line]:
    """Return the lines of a page in the order they are read, column by column."""
    lines: list[_Line] = []
    for column, columns, members in _columns(segments):
        members = sorted(members, key=lambda segment: -segment.bottom)
        joined: list[_Line] = []
        for segment in members:
            beside = next(
                (o for o in reversed(joined[-3:]) if _is_beside(o.bottom, o.top, segment.words[0])),
                None,
            )
            if beside is None:
                joined.append(_Line(list(segment.words), segment.page, column, columns))
            else:
                words = sorted([*beside.words, *segment.words], key=lambda word: word.left)
                joined[joined.index(beside)] = _Line(words, segment.page, column, columns)
        lines += joined
    return lines


def _columns(segments: list[_Line]) -> Iterator[tuple[int, int, list[_Line]]]:
    """Yield the columns of a page, each with its place from the left and how many there are.

    Lines across a gutter part the columns above them from those below.
    """
    gutter = _gutter(segments)
    if gutter is None:
        yield 0, 1, segments
        return
    across = sorted(
        (each for each in segments if each.left < gutter < each.right),
        key=lambda each: -each.bottom,
    )
    ceiling = float("inf")
    for crossing in [*across, None]:
        floor = crossing.bottom if crossing else float("-inf")
        band = [each for each in segments if each not in across and floor < each.bottom <= ceiling]
        left = [each for each in band if each.right <= gutter]
        right = [each for each in band if each.right > gutter]
        for column, members in enumerate((left, right)):
            if members:
                yield column, 2, members
        if crossing:
            yield 0, 1, [crossing]
        ceiling = floor


def _gutter(segments: list[_Line]) -> float | None:
    """Find the middle of the blank between two columns."""
    if len(segments) > _MOST_SEGMENTS:
        return None
    starts = Counter(round(segment.left) for segment in segments)
    best: tuple[int, float] | None = None
    for start, count in starts.items():
        if count < _COLUMN_LINES // 2:
            continue
        left = [each for each in segments if each.right <= start + 1]
        edge = max((each.right for each in left), default=0.0)
        right = [each for each in segments if each.left > edge]  # indented or not
        across = len(segments) - len(left) - len(right)
        if min(len(left), len(right)) < _COLUMN_LINES or across > _ACROSS * len(segments):
            continue
        beside = min(max(e.top for e in left), max(e.top for e in right)) - max(
            min(e.bottom for e in left), min(e.bottom for e in right)
        )
        width = max(each.right for each in segments) - min(each.left for each in segments)
        narrow = min(
            statistics.median(each.right - each.left for each in side) for side in (left, right)
        )
        if beside > 0 and narrow > width / 5 and (best is None or across < best[0]):
            best = across, (edge + min(each.left for each in right)) / 2
    return best[1] if best else None


# --- paragraphs ---------------------------------------------------------------------------------


@dataclass
class _Block:
    """A paragraph and where it begins."""

    text: str
    kind: Kind
    level: int
    page: int
    top: float
    last: _Line = field(repr=False)
    """Its last line so far."""
    hang: float = -1.0
    """Where the lines of an item of a list begin, but for the first, which begins with its mark."""


class _Setting:
    """How a file is set (margins, indents, spacing), and its lines as paragraphs by that."""

    def __init__(self, lines: list[_Line], body: float, titles: set[tuple[int, str]]) -> None:
        self._lines, self._body, self._titles = lines, body, titles
        self._marks = self._find_notes()
        text = [line for line in lines if not line.is_note and self._is_body(line)]
        columns: dict[tuple[int, int, int], list[_Line]] = defaultdict(list)
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
        self._leading = _commonest(
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

    def blocks(self) -> list[_Block]:
        """Join the lines to paragraphs; notes come after the paragraph they stand under."""
        blocks: list[_Block] = []
        notes: list[_Block] = []
        open_block: _Block | None = None
        for line in self._lines:
            if line.is_note:
                self._add_note(notes, line)
                continue
            text = self._text(line)
            if open_block and not self._begins(line, open_block):
                open_block.text = _join(open_block.text, text)
                open_block.last = line
                continue
            if open_block:
                blocks += [open_block, *notes]
                notes = []
            heading = self._is_heading(line)
            kind = Kind.HEADING if heading else Kind.PROSE
            level = self._levels.get(line.size, 0) if heading else 0
            open_block = _Block(text, kind, level, line.page, line.top, line, _hang(line))
        blocks += [open_block, *notes] if open_block else notes
        for block in blocks:
            if block.kind is Kind.HEADING and len(block.text) > _LONGEST_HEADING:
                block.kind, block.level = Kind.PROSE, 0
        return [block for block in blocks if block.text]

    def _find_notes(self) -> dict[int, set[str]]:
        """Mark the lines of notes: small type at the foot of a column, beginning with a mark."""
        marks: dict[int, set[str]] = defaultdict(set)
        columns: dict[tuple[int, int], list[_Line]] = defaultdict(list)
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

    def _add_note(self, notes: list[_Block], line: _Line) -> None:
        mark = _NOTE_MARK.match(line.text)
        if mark or not notes:
            text = line.text[mark.end() :] if mark else line.text
            notes.append(_Block(text, Kind.NOTE, 0, line.page, line.top, line))
        else:
            notes[-1].text = _join(notes[-1].text, line.text)

    def _text(self, line: _Line) -> str:
        """Spell a line without its marks of notes; other superscripts stay what they are."""
        marks = self._marks.get(line.page, set())
        words = []
        for word in line.words:
            if line.is_raised(word) and _RAISED_MARK.fullmatch(word.text):
                if all(mark in marks for mark in word.text.split(",")):
                    continue
                word = word._replace(text=word.text.translate(_SUPERSCRIPTS))
            words.append(word)
        text = _spell(words)
        for mark in marks:
            text = text.replace(f"[{mark}]", "")
        return " ".join(text.split())

    def _begins(self, line: _Line, block: _Block) -> bool:
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

    def _fitted(self, line: _Line, last: _Line) -> bool:
        """Whether the line before had room for the first word of this one, and left it."""
        first = line.words[0]
        width = first.right - first.left
        for word in line.words[1:]:
            if not word.glued:
                break
            width = word.right - first.left
        return self._room(last) > width + _SPACE * last.size

    def _room(self, line: _Line) -> float:
        return self._right.get(line.place, line.right) - line.right

    def _indent(self, line: _Line) -> float:
        return line.left - self._left.get(line.place, line.left)

    def _is_body(self, line: _Line) -> bool:
        return self._body * _SMALL <= line.size <= self._body * _HEADING

    def _is_heading(self, line: _Line) -> bool:
        return self._is_large(line) or self._is_named(line)

    def _is_large(self, line: _Line) -> bool:
        return line.size > self._body * _HEADING and not line.is_note

    def _is_named(self, line: _Line) -> bool:
        """Whether the outline has a title that is this line."""
        return (line.page, _letters(line.text)) in self._titles


def _hang(line: _Line) -> float:
    """Return where the words after the mark of a list begin, -1 if there is no mark."""
    if len(line.words) > 1 and _LIST_MARK.fullmatch(line.words[0].text):
        return line.words[1].left
    return -1.0


def _margin(lefts: list[float]) -> float:
    """Return the left-most place where a good share of lines begin."""
    counts = Counter(map(round, lefts))
    return min(left for left, count in counts.items() if count * 10 >= max(counts.values()))


def _join(text: str, line: str) -> str:
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


# --- the book -----------------------------------------------------------------------------------


def _chapters(
    blocks: list[_Block], outline: list[tuple[str, int, int, float | None]]
) -> tuple[Chapter, ...]:
    """Divide the paragraphs at the places the outline names."""
    starts: dict[int, tuple[str, int]] = {}
    at = 0
    for title, level, page, top in sorted(outline, key=lambda mark: (mark[2], -(mark[3] or 1e6))):
        found = _place(blocks, at, title, page, top)
        if found is not None and title.strip():
            starts[found] = " ".join(title.split()), level + 1
            at = found + 1
    paragraphs = [Paragraph(block.text, block.kind, block.level) for block in blocks]
    bounds = [*sorted({0, *starts}), len(paragraphs)]
    return tuple(
        Chapter(
            starts.get(start, ("", 1))[0], (*paragraphs[start:end],), starts.get(start, ("", 1))[1]
        )
        for start, end in pairwise(bounds)
    )


def _place(
    blocks: list[_Block], first: int, title: str, page: int, top: float | None
) -> int | None:
    """Return the paragraph a bookmark points to: the one that says its title, or stands there."""
    wanted = _letters(title)
    there = None
    for index in range(first, len(blocks)):
        block = blocks[index]
        if block.page > page and there is not None:
            break
        if block.page < page:
            continue
        said = _letters(block.text)
        if block.page == page and wanted and (said == wanted or said.startswith(wanted)):
            return index
        below = block.page > page or top is None or block.top <= top + block.last.size
        if there is None and below and block.kind is not Kind.NOTE:
            there = index
    return there


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).casefold()))


def _meta(said: dict[str, str]) -> Meta:
    """Read the document information (ISO 32000-2, 14.3.3)."""
    title = re.sub(r"^Microsoft Word - ", "", " ".join(said.get("Title", "").split()))
    if re.search(r"\.(?:docx?|pdf|rtf|odt|indd|qxd|tex)$", title, re.IGNORECASE):
        title = ""  # the name of the file it was made from
    language = said.get("Lang", "")
    date = re.match(r"(?:D:)?(\d{4})(?:(\d\d)(\d\d)?)?", said.get("CreationDate", ""))
    return Meta(
        title=title,
        author=" ".join(said.get("Author", "").split()),
        date="-".join(filter(None, date.groups())) if date else "",
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", language) else "vi",
        description=" ".join(said.get("Subject", "").split()),
    )
