"""PDF files: the words on the pages made into paragraphs again, with what is only printed left out.

The way of a file: `pdfium` finds its words, `lines` makes lines of them, column by column,
`running` takes off heads and page numbers, `paragraphs` joins the lines, `outline` divides them
into chapters.
"""

from __future__ import annotations

from audiobook.errors import SourceError
from audiobook.model import Change, Document
from audiobook.readers.fonts import changes_of_fonts
from audiobook.readers.pdf import pdfium
from audiobook.readers.pdf.lines import commonest, lines_of, segments_of
from audiobook.readers.pdf.metadata import meta_of
from audiobook.readers.pdf.outline import chapters_of, letters
from audiobook.readers.pdf.paragraphs import Setting
from audiobook.readers.pdf.running import take_running


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
    head, pages = pdfium.ask(data, name)
    scanned = [number for number, page in enumerate(pages, 1) if page.is_picture]
    if not any(page.words for page in pages):
        raise SourceError(
            f"{name} has no text, only pictures of its {len(pages)} pages",
            f"recognise the text first (OCR), for example `ocrmypdf -l vie {name} text.pdf`",
        )
    changes = [*changes_of_fonts([word for page in pages for word in page.reread])]
    if scanned:
        numbers = ", ".join(map(str, scanned[:12])) + (", …" if len(scanned) > 12 else "")
        changes.append(Change("pages without text (OCR needed)", len(scanned), f"page {numbers}"))
    segments = [segments_of(page.words, number) for number, page in enumerate(pages)]
    body = commonest((s.size, len(s.text)) for page in segments for s in page)
    running = take_running(segments, body)
    if running:
        changes.append(Change("running heads and page numbers", len(running), running[0].text))
    lines = [line for page in segments for line in lines_of(page)]
    if not lines:
        raise SourceError(f"{name} holds no text to read", "give a file with words in it")
    titles = {(page, letters(title)) for title, _, page, _ in head["outline"]}
    blocks = Setting(lines, body, titles).blocks()
    return Document(meta_of(head["meta"]), chapters_of(blocks, head["outline"]), (*changes,))
