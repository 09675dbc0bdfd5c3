"""Readers: a source becomes a Document, whatever it is written in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change
from audiobook.stages.readers import formats
from audiobook.stages.readers.letters import decode, in_utf8, mend_mojibake
from audiobook.stages.readers.registry import READERS, SCANS
from audiobook.stages.readers.sources import LARGEST, STDIN, SourceFile, read_source

if TYPE_CHECKING:
    from audiobook.model import Document
    from audiobook.stages.readers.ocr import Recogniser

__all__ = [
    "LARGEST",
    "PICTURES",
    "STDIN",
    "SUFFIXES",
    "UNREAD",
    "decode",
    "read",
    "read_bytes",
    "read_lines",
    "read_text",
    "read_timed",
]

SUFFIXES = frozenset(
    ".ass .azw .azw3 .doc .docx .epub .fb2 .fodt .htm .html .htmlz .lrc .markdown .md .mobi .odt"
    " .pdf .prc .rtf .srt .ssa .txt .vtt .zip".split()
)
"""The endings of names by which texts are found in a folder."""
PICTURES = frozenset(".gif .jpeg .jpg .png .tif .tiff .webp".split())
UNREAD = PICTURES | frozenset(
    ".7z .chm .djv .djvu .docm .iba .ibooks .kfx .lit .lrf .mht .mhtml .odp .ods .pages .pdb .ppt"
    " .pptx .rar .wpd .wps .xls .xlsx .xps".split()
)
"""Endings of files that may well hold a text and are passed over in a folder: of formats that are
not read, and of pictures, of which nobody can tell whether they show text."""
_MOST_CHARACTERS = 64 * 2**20
"""Of all texts of an archive together: some of them may be books that unpack to much more."""


def read(
    source: str, *, allow_private: bool = False, recogniser: Recogniser | None = None
) -> Document:
    """Read a source into a document.

    The format is recognised by the content, whatever the name ends in. The encoding is detected,
    and letters that another program decoded wrongly are mended; the changes list both.

    Args:
        source: a file, an ``http:`` or ``https:`` address, or ``-`` for standard input.
        allow_private: whether an address may lead into a private network.
        recogniser: recognises the text of scanned pages; None leaves them out.

    Raises:
        SourceError: it is not there, cannot be read, or holds nothing to read.
    """
    return _read(read_source(source, allow_private=allow_private), recogniser)


def read_bytes(data: bytes, name: str, charset: str = "") -> Document:
    """Read what stands in a file, or came from an address, into a document, as `read` does.

    Args:
        data: the whole file.
        name: what to call it in messages.
        charset: what somebody claims its encoding to be; empty if nobody does.

    Raises:
        SourceError: it cannot be read, or holds nothing to read.
    """
    return _read(SourceFile(data, name, charset))


def read_text(source: str) -> str:
    """Return the text of a source as it stands, line for line.

    Raises:
        SourceError: it is not there, not a file, not text, or empty.
    """
    from audiobook.stages.readers import plain

    data, name, _ = read_source(source, allow_private=False)
    if formats.sniff(data, name) not in formats.TEXTS:
        raise SourceError(
            message("{name} is not plain text", name=name),
            message("leave out --lines, or give a text file"),
        )
    return plain.decode(data, name)


def read_lines(
    source: str, *, allow_private: bool = False, recogniser: Recogniser | None = None
) -> str:
    """Return the text of a source in lines: its own, or a paragraph each where it has none.

    Args:
        source: a file, an ``http:`` or ``https:`` address, or ``-`` for standard input.
        allow_private: whether an address may lead into a private network.
        recogniser: recognises the text of scanned pages; None leaves them out.

    Raises:
        SourceError: it is not there, cannot be read, or holds nothing to read.
    """
    from audiobook.vietnamese import encodings

    data, name, charset = read_source(source, allow_private=allow_private)
    kind = formats.sniff(data, name)
    if kind in ("plain", "markdown"):
        text = encodings.decode(data, name, charset).text
        return text.replace("\r\n", "\n").replace("\r", "\n")
    document = _read(SourceFile(data, name, charset), recogniser)
    paragraphs = (paragraph for chapter in document.chapters for paragraph in chapter.paragraphs)
    return "\n".join(paragraph.text.replace("\n", " ") for paragraph in paragraphs)


def read_timed(source: str, *, allow_private: bool = False) -> Document:
    """Read subtitles into a document whose paragraphs have slots: what is said, and when.

    Args:
        source: a file, an ``http:`` or ``https:`` address, or ``-`` for standard input.
        allow_private: whether an address may lead into a private network.

    Raises:
        SourceError: it is not there, or holds no subtitles.
    """
    from audiobook.stages.readers import timed

    data, name, charset = read_source(source, allow_private=allow_private)
    kind = formats.sniff(data, name)
    if kind not in formats.TEXTS:  # what does not begin as subtitles do may still hold some
        raise timed.no_times(name)
    data, changes = in_utf8(data, name, charset, kind)
    document = timed.read(data, name)
    return mend_mojibake(replace(document, changes=(*changes, *document.changes)))


def _read(file: SourceFile, recogniser: Recogniser | None = None) -> Document:
    document = _read_letters(*file, recogniser)
    del file  # it may be as large as the document
    return mend_mojibake(document)


def _read_letters(data: bytes, name: str, charset: str, recogniser: Recogniser | None) -> Document:
    """Read a file; its letters may still be those of a program that decoded it wrongly."""
    kind = formats.sniff(data, name)
    if kind == "zip":
        return _read_archive(data, name)
    changes: list[Change] = []
    if kind in formats.TEXTS:
        data, changes = in_utf8(data, name, charset, kind)
    if recogniser and kind in SCANS:
        document = SCANS[kind]().read(data, name, recogniser)
    else:
        document = READERS[kind]().read(data, name)
    return replace(document, changes=(*changes, *document.changes))


def _read_archive(data: bytes, name: str) -> Document:
    """Read the texts of a ZIP archive, which are the chapters of a book."""
    from audiobook.stages.readers import zipped
    from audiobook.stages.readers.joining import join_documents

    contents = zipped.unpack(data, name, SUFFIXES - {".zip"})
    documents: list[tuple[str, Document]] = []
    characters = 0
    for path, text in contents.texts:
        inner_name = f"{name}/{path}"
        if formats.sniff(text, inner_name) == "zip":
            raise SourceError(
                message("{name} is an archive in an archive", name=inner_name),
                message("unpack it and give the files inside"),
            )
        documents.append((path, _read(SourceFile(text, inner_name, ""))))
        characters += _characters_in(documents[-1][1])
        if characters > _MOST_CHARACTERS:
            raise SourceError(
                message("{name} unpacks to more text than a book holds", name=name),
                message("divide it"),
            )
    document = join_documents(documents)
    if not contents.passed_over:
        return document
    change = Change(
        step=message("files of the archive skipped"),
        count=len(contents.passed_over),
        example=contents.passed_over[0],
    )
    return replace(document, changes=(*document.changes, change))


def _characters_in(document: Document) -> int:
    """Return how long the texts of a document are, those that are left out too."""
    read = (paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs)
    left_out = (piece.text for change in document.changes for piece in change.left_out)
    return sum(map(len, (*read, *left_out)))
