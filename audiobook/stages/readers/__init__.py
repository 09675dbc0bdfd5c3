"""Readers: a source becomes a Document, whatever it is written in."""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, LeftOut
from audiobook.stages.readers import formats
from audiobook.stages.readers.registry import READERS, SCANS
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from audiobook.model import Document
    from audiobook.stages.readers.ocr import Recogniser
    from audiobook.vietnamese import encodings

STDIN = "-"
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
LARGEST = 512 << 20
"""Bytes of a source at most; a book of pictures may have a hundred million."""
_MOST_CHARACTERS = 64 * 2**20
"""Of all texts of an archive together: some of them may be books that unpack to much more."""
_BLOCK = 1 << 20
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# What a page says of its own encoding (HTML Standard, 13.2.3.2).
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_DECLARED_WITHIN = 4096
_EXAMPLE = 60
# Characters of what stands before a paragraph: enough to search for.
_CONTEXT = 40


class _SourceFile(NamedTuple):
    data: bytes
    name: str
    """What to call it in messages; its extension tells Markdown from plain text."""
    charset: str
    """What somebody claims its encoding to be."""


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
    return _read(_fetch(source, allow_private=allow_private), recogniser)


def read_bytes(data: bytes, name: str, charset: str = "") -> Document:
    """Read what stands in a file, or came from an address, into a document, as `read` does.

    Args:
        data: the whole file.
        name: what to call it in messages.
        charset: what somebody claims its encoding to be; empty if nobody does.

    Raises:
        SourceError: it cannot be read, or holds nothing to read.
    """
    return _read(_SourceFile(data, name, charset))


def decode(data: bytes, name: str, charset: str = "") -> str:
    """Return a text or a page in the encoding that it is in, whatever is claimed of it.

    Args:
        data: the whole file.
        name: what to call it in messages.
        charset: what somebody claims its encoding to be; empty for what a page says of itself.

    Raises:
        SourceError: no encoding fits.
    """
    from audiobook.vietnamese import encodings

    return encodings.decode(data, name, charset or _declared_encoding(data, "html")).text


def read_text(source: str) -> str:
    """Return the text of a source as it stands, line for line.

    Raises:
        SourceError: it is not there, not a file, not text, or empty.
    """
    from audiobook.stages.readers import plain

    data, name, _ = _fetch(source, allow_private=False)
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

    data, name, charset = _fetch(source, allow_private=allow_private)
    kind = formats.sniff(data, name)
    if kind in ("plain", "markdown"):
        text = encodings.decode(data, name, charset).text
        return text.replace("\r\n", "\n").replace("\r", "\n")
    document = _read(_SourceFile(data, name, charset), recogniser)
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

    data, name, charset = _fetch(source, allow_private=allow_private)
    kind = formats.sniff(data, name)
    if kind not in formats.TEXTS:  # what does not begin as subtitles do may still hold some
        raise timed.no_times(name)
    data, changes = _in_utf8(data, name, charset, kind)
    document = timed.read(data, name)
    return _mend_mojibake(replace(document, changes=(*changes, *document.changes)))


def _read(file: _SourceFile, recogniser: Recogniser | None = None) -> Document:
    document = _read_letters(*file, recogniser)
    del file  # it may be as large as the document
    return _mend_mojibake(document)


def _read_letters(data: bytes, name: str, charset: str, recogniser: Recogniser | None) -> Document:
    """Read a file; its letters may still be those of a program that decoded it wrongly."""
    kind = formats.sniff(data, name)
    if kind == "zip":
        return _read_archive(data, name)
    changes: list[Change] = []
    if kind in formats.TEXTS:
        data, changes = _in_utf8(data, name, charset, kind)
    if recogniser and kind in SCANS:
        document = SCANS[kind]().read(data, name, recogniser)
    else:
        document = READERS[kind]().read(data, name)
    return replace(document, changes=(*changes, *document.changes))


def _in_utf8(data: bytes, name: str, charset: str, kind: str) -> tuple[bytes, list[Change]]:
    """Return a text in UTF-8, and what was done to decode it."""
    from audiobook.vietnamese import encodings

    decoded = encodings.decode(data, name, charset or _declared_encoding(data, kind))
    return decoded.text.encode("utf-8-sig"), _changes_of_decoding(decoded)


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
        documents.append((path, _read(_SourceFile(text, inner_name, ""))))
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


def _fetch(source: str, *, allow_private: bool) -> _SourceFile:
    if source == STDIN:
        name = message("standard input")
        if sys.stdin is None:
            raise SourceError(message("standard input is closed"), message("name a file"))
        return _SourceFile(_read_bounded(sys.stdin.buffer, name), name, "")
    if _ADDRESS.match(source):
        from audiobook.stages.readers import web

        page = web.fetch(source, allow_private=allow_private)
        return _SourceFile(page.data, page.url, page.charset)
    return _SourceFile(_read_file(source), source, "")


def _read_file(source: str) -> bytes:
    path = Path(source)
    try:
        if path.is_fifo():
            return _read_pipe(path)
        with path.open("rb") as file:
            return _read_bounded(file, source)
    except IsADirectoryError as problem:
        raise SourceError(
            message("{path} is a folder", path=source),
            message("name a text file in it, or use `make books SRC=…`"),
        ) from problem
    except FileNotFoundError as problem:
        raise SourceError(
            message("there is no file {path}", path=source), message("check the name")
        ) from problem
    except (OSError, ValueError) as problem:
        # ValueError: a NUL in the name.
        raise SourceError(
            message("cannot read {path}: {reason}", path=source, reason=problem),
            message("check the name"),
        ) from problem


def _read_pipe(path: Path) -> bytes:
    """Read a named pipe that a process writes into: to wait for one may take for ever.

    Raises:
        SourceError: no process writes into it.
        OSError: it cannot be read.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOTSUP, "Windows has no such pipes")
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(pipe, "rb", buffering=0) as file:  # noqa: PTH123 (it is open)
        first = file.read(_BLOCK)  # None where the writer has yet to write
        if first == b"":
            raise SourceError(
                message("{path} is a pipe that nothing writes to", path=path),
                message("first start the program that writes to it, or name a file"),
            )
        os.set_blocking(pipe, True)
        return (first or b"") + _read_bounded(file, str(path))


def _read_bounded(file: IO[bytes], name: str) -> bytes:
    # To read a file at once would allocate all the memory that it asks for.
    data = bytearray()
    while block := file.read(_BLOCK):
        data += block
        if len(data) > LARGEST:
            raise SourceError(
                message("{name} is larger than {size} MB", name=name, size=LARGEST >> 20),
                message("divide it"),
            )
    return bytes(data)


def _declared_encoding(data: bytes, kind: str) -> str:
    declaration = _DECLARED.search(data, 0, _DECLARED_WITHIN) if kind == "html" else None
    return declaration[1].decode("ascii", "replace") if declaration else ""


def _changes_of_decoding(decoded: encodings.Decoded) -> list[Change]:
    from audiobook.vietnamese import encodings

    changes = []
    example = " ".join(decoded.text[: 4 * _EXAMPLE].split())[:_EXAMPLE]
    if decoded.encoding != encodings.UTF_8:
        changes.append(
            Change(
                step=message("decoded from {encoding}", encoding=decoded.encoding),
                count=1,
                example=example,
            )
        )
    if decoded.broken:
        changes.append(
            Change(step=message("broken bytes left out"), count=decoded.broken, example=example)
        )
    return changes


def _mend_mojibake(document: Document) -> Document:
    """Return a document with letters mended that another program decoded wrongly."""
    from audiobook.vietnamese import encodings

    texts = [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]
    mojibake = encodings.recognise_mojibake(*texts)
    if mojibake is None:
        return document
    meta = document.meta
    chapters = tuple(
        replace(
            chapter,
            title=mojibake.mend(chapter.title),
            paragraphs=tuple(
                replace(paragraph, text=mojibake.mend(paragraph.text))
                for paragraph in chapter.paragraphs
            ),
        )
        for chapter in document.chapters
    )
    meta = replace(
        meta,
        title=mojibake.mend(meta.title),
        author=mojibake.mend(meta.author),
        publisher=mojibake.mend(meta.publisher),
        description=mojibake.mend(meta.description),
    )
    read_again = [paragraph.text for chapter in chapters for paragraph in chapter.paragraphs]
    contexts = ["", *(text[-_CONTEXT:] for text in read_again)]
    mended = tuple(
        LeftOut(text=misread, after=context, instead=text)
        for misread, text, context in zip(texts, read_again, contexts, strict=False)
        if text != misread
    )
    if not mended:
        return document
    example = " ".join(mended[0].instead.split())[:_EXAMPLE]
    change = Change(
        step=message(
            "paragraphs repaired that were misread from {encoding}", encoding=mojibake.encoding
        ),
        count=len(mended),
        example=example,
        left_out=mended,
    )
    return replace(document, meta=meta, chapters=chapters, changes=(*document.changes, change))
