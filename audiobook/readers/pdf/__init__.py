"""PDF files: the words on the pages made into paragraphs again, with what is only printed left out.

The way of a file: `pdfium` finds its words, `lines` makes lines of them, column by column,
`running` takes off heads and page numbers, `notes` finds the notes at the foot, `paragraphs` joins
the lines, `outline` divides them into chapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.model import Change, Document, LeftOut
from audiobook.readers.fonts import changes_of_fonts
from audiobook.readers.pdf import pdfium
from audiobook.readers.pdf.lines import commonest, lines_of, segments_of
from audiobook.readers.pdf.metadata import meta_of
from audiobook.readers.pdf.notes import find_notes
from audiobook.readers.pdf.outline import Bookmarks
from audiobook.readers.pdf.paragraphs import Setting
from audiobook.readers.pdf.running import take_running

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.readers.pdf.lines import Line
    from audiobook.readers.pdf.pdfium import Page

_EXAMPLE = 60
# Characters of what stands before something that is left out.
_CONTEXT = 40


def read(data: bytes, name: str) -> Document:
    """Read a PDF file with a text layer.

    Lines are joined to paragraphs across columns and pages. Running heads, running feet, page
    numbers, watermarks and what lies outside the page are left out; larger type makes headings,
    what stands at the foot of a page behind a mark that the text has makes notes. An outline gives
    the chapters.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SourceError: it is not a PDF file, is damaged, has a password or no text, asks for too
            much memory or time, or PDFium is not installed.
    """
    head, pages = pdfium.ask(data, name)
    if not any(page.has_words for page in pages):
        raise SourceError(
            f"{name} has no text, only pictures of its {len(pages)} pages",
            f"recognise the text first (OCR), for example `ocrmypdf -l vie {name} text.pdf`",
        )
    segments = [
        [
            segment
            for turn, words in enumerate(page.directions)
            for segment in segments_of(words, page.number, turn)
        ]
        for page in pages
    ]
    body = commonest((s.size, len(s.text)) for page in segments for s in page)
    running = take_running(segments, body)
    lines = [line for page in segments for line in _in_reading_order(page)]
    if not lines:
        raise SourceError(f"{name} holds no text to read", "give a file with words in it")
    marks = find_notes(lines, body, {page.number: page.rules for page in pages})
    bookmarks = Bookmarks(head["outline"])
    blocks = Setting(lines, body, marks, bookmarks).blocks()
    changes = (*_changes(pages), *_change_of_running(running, lines))
    return Document(meta_of(head["meta"]), bookmarks.divide(blocks), changes)


def _in_reading_order(segments: list[Line]) -> list[Line]:
    """Return the lines of a page: first those that run as most do."""
    turns = sorted({segment.turn for segment in segments})
    return [
        line
        for turn in turns
        for line in lines_of([each for each in segments if each.turn == turn])
    ]


def _changes(pages: Sequence[Page]) -> Iterable[Change]:
    """Yield what reading the pages did to their words."""
    yield from changes_of_fonts([pair for page in pages for pair in page.reread])
    yield from _change_of_pages(
        "pages without text (OCR needed)", [p for p in pages if p.is_picture]
    )
    yield from _change_of_pages("damaged pages", [page for page in pages if page.is_damaged])
    for step, of in (("watermarks", "slanted"), ("text outside the page", "outside")):
        pieces = []
        context = ""
        for page in pages:
            if words := getattr(page, of):
                pieces.append(LeftOut(" ".join(words), context))
            if page.has_words:
                context = " ".join(word.text for word in page.directions[0][-10:])[-_CONTEXT:]
        if pieces:
            yield Change(step, len(pieces), pieces[0].text[:_EXAMPLE], left_out=(*pieces,))


def _change_of_pages(step: str, pages: Sequence[Page]) -> Iterable[Change]:
    if pages:
        numbers = ", ".join(str(page.number + 1) for page in pages[:12])
        numbers += ", …" if len(pages) > 12 else ""
        yield Change(step, len(pages), f"page {numbers}")


def _change_of_running(running: Sequence[Line], lines: Sequence[Line]) -> Iterable[Change]:
    """Yield what tells of running heads, each with the end of the text before it."""
    if not running:
        return
    order = sorted(running, key=lambda line: (line.page, -line.bottom))
    kept = iter(lines)
    following = next(kept, None)
    context = ""
    pieces = []
    for line in order:
        while following and (
            following.page < line.page
            or (following.page == line.page and following.bottom > line.bottom)
        ):
            context = following.text[-_CONTEXT:]
            following = next(kept, None)
        pieces.append(LeftOut(line.text, context))
    yield Change(
        "running heads and page numbers", len(running), running[0].text, left_out=(*pieces,)
    )
