"""PDF files: the words on the pages made into paragraphs again, with what is only printed left out.

The way of a file: `pdfium` finds its words, `lines` makes lines of them, column by column,
`running` takes off heads and page numbers, `notes` finds the notes at the foot, `paragraphs` joins
the lines, `outline` divides them into chapters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from audiobook.errors import SourceError, UnrecognisedError
from audiobook.messages import Message, message
from audiobook.model import Change, Document, LeftOut
from audiobook.stages.readers.fonts import changes_of_fonts
from audiobook.stages.readers.ocr import OCR_REMEDY, UNRECOGNISED_PAGES
from audiobook.stages.readers.pdf import pdfium
from audiobook.stages.readers.pdf.lines import commonest, lines_of, segments_of
from audiobook.stages.readers.pdf.metadata import meta_of
from audiobook.stages.readers.pdf.notes import mark_notes
from audiobook.stages.readers.pdf.outline import Bookmarks
from audiobook.stages.readers.pdf.paragraphs import Setting
from audiobook.stages.readers.pdf.pdfium import PdfPage
from audiobook.stages.readers.pdf.running import take_running
from audiobook.stages.readers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.stages.readers.ocr import Recogniser
    from audiobook.stages.readers.pdf.lines import PrintedLine

# More letters than this without a meaning, and the text is not what the page shows.
_UNKNOWN_SHARE = 0.1
_EXAMPLE = 60
_NO_HEAD: Mapping[str, Any] = {"meta": {}, "outline": []}
# Characters of what stands before something that is left out.
_CONTEXT = 40


def read(data: bytes, name: str, recogniser: Recogniser | None = None) -> Document:
    """Read a PDF file with a text layer, or with pages to recognise.

    Lines are joined to paragraphs across columns and pages. Running heads, running feet, page
    numbers, watermarks and what lies outside the page are left out; larger type makes headings,
    what stands at the foot of a page behind a mark that the text has makes notes. An outline gives
    the chapters.

    Args:
        data: the file.
        name: what messages call it.
        recogniser: recognises the text of pages that are pictures; None leaves them out.

    Raises:
        SourceError: it is not a PDF file, is damaged, has a password or no text, asks for too
            much memory or time, or PDFium or what recognises text is not installed.
    """
    head, pages = pdfium.read_pages(data, name)
    if recogniser is None:
        _check_text(name, pages)
        return document_of(name, pages, head)
    return document_of(name, _recognise(data, name, pages, recogniser), head)


def document_of(
    name: str, pages: Sequence[PdfPage], head: Mapping[str, Any] = _NO_HEAD
) -> Document:
    """Return the words of pages as a document.

    Args:
        name: what messages call the source.
        pages: in order.
        head: what the file says of itself, and its outline.
    """
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
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    marks = mark_notes(lines, body, {page.number: page.rules for page in pages})
    bookmarks = Bookmarks(head["outline"])
    blocks = Setting(lines, body, marks, bookmarks).blocks()
    changes = (*_changes(pages), *_change_of_running(running, lines))
    return Document(meta=meta_of(head["meta"]), chapters=bookmarks.divide(blocks), changes=changes)


def _check_text(name: str, pages: Sequence[PdfPage]) -> None:
    """Make sure that there is text.

    Raises:
        SourceError: there is none, or nobody knows which letters it has.
    """
    if not any(page.has_words for page in pages) and any(page.is_picture for page in pages):
        raise UnrecognisedError(
            message(
                "{name} has no text, only pictures of its {count} pages",
                name=name,
                count=len(pages),
            ),
            OCR_REMEDY,
        )
    unknown, letters = (sum(page.unknown[side] for page in pages) for side in (0, 1))
    if unknown > letters * _UNKNOWN_SHARE:
        raise UnrecognisedError(
            message("{name} does not say which letters its shapes are", name=name), OCR_REMEDY
        )


def _recognise(
    data: bytes, name: str, pages: Sequence[PdfPage], recogniser: Recogniser
) -> Sequence[PdfPage]:
    """Return the pages with the words of those that are pictures, or whose letters are unknown."""
    wanted = [
        page.number
        for page in pages
        if page.is_picture or page.unknown[0] > page.unknown[1] * _UNKNOWN_SHARE
    ]
    if not wanted:
        return pages
    digest = hashlib.blake2b(data).hexdigest()
    recognised = recogniser.recognise(
        name, digest, wanted, lambda numbers: pdfium.draw_pages(data, name, numbers)
    )
    return [
        PdfPage(
            number=page.number,
            directions=[[Word(*word, glued=False) for word in recognised[page.number]]],
        )
        if page.number in recognised
        else page
        for page in pages
    ]


def _in_reading_order(segments: list[PrintedLine]) -> list[PrintedLine]:
    """Return the lines of a page, those of the commonest direction first."""
    turns = sorted({segment.turn for segment in segments})
    return [
        line
        for turn in turns
        for line in lines_of([segment for segment in segments if segment.turn == turn])
    ]


def _changes(pages: Sequence[PdfPage]) -> Iterable[Change]:
    """Yield the changes that reading the pages made to their words."""
    yield from changes_of_fonts([pair for page in pages for pair in page.reread])
    yield from _change_of_pages(UNRECOGNISED_PAGES, [page for page in pages if page.is_picture])
    yield from _change_of_pages(
        message("damaged pages"), [page for page in pages if page.is_damaged]
    )
    for step, attribute in (
        (message("watermarks"), "slanted"),
        (message("text outside the page"), "outside"),
    ):
        pieces = []
        context = ""
        for page in pages:
            if words := getattr(page, attribute):
                pieces.append(LeftOut(text=" ".join(words), after=context))
            if page.has_words:
                context = " ".join(word.text for word in page.directions[0][-10:])[-_CONTEXT:]
        if pieces:
            yield Change(
                step=step, count=len(pieces), example=pieces[0].text[:_EXAMPLE], left_out=(*pieces,)
            )


def _change_of_pages(step: Message, pages: Sequence[PdfPage]) -> Iterable[Change]:
    if pages:
        numbers = ", ".join(str(page.number + 1) for page in pages[:12])
        numbers += ", …" if len(pages) > 12 else ""
        yield Change(
            step=step, count=len(pages), example=message("page {numbers}", numbers=numbers)
        )


def _change_of_running(
    running: Sequence[PrintedLine], lines: Sequence[PrintedLine]
) -> Iterable[Change]:
    """Yield the change that lists running heads, each with the end of the text before it."""
    if not running:
        return
    order = sorted(running, key=lambda line: (line.page, -line.bottom))
    remaining = iter(lines)
    following = next(remaining, None)
    context = ""
    pieces = []
    for line in order:
        while following and (
            following.page < line.page
            or (following.page == line.page and following.bottom > line.bottom)
        ):
            context = following.text[-_CONTEXT:]
            following = next(remaining, None)
        pieces.append(LeftOut(text=line.text, after=context))
    yield Change(
        step=message("running heads and page numbers"),
        count=len(running),
        example=running[0].text,
        left_out=(*pieces,),
    )
