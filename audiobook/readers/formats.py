"""What a file is written in, told by its content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from audiobook.errors import SourceError

TEXTS = frozenset({"plain", "markdown", "html"})
_MARKDOWN = (".md", ".markdown")
_HEAD = 2048
# A PDF may stand behind some other bytes (ISO 32000-1, annex H.3.4.1).
_PDF_WITHIN = 1024

_CALIBRE = "convert it, for example with Calibre: ebook-convert FILE FILE.epub"
_OFFICE = "convert it, for example with LibreOffice: soffice --convert-to docx FILE"
_UNPACK = "unpack it and give the file inside"
_OCR = "it needs text recognition, for example: ocrmypdf -l vie FILE.pdf NEW.pdf"
_PICTURE = ("a picture", "it needs text recognition, for example: tesseract FILE text -l vie")
_SOUND = ("sound or film, not text", "give the text it is made from")
_MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"{\\rtf", "an RTF file", _OFFICE),
    (60, b"BOOKMOBI", "a Kindle book (MOBI or AZW3)", _CALIBRE),
    (60, b"TEXtREAd", "a Palm book", _CALIBRE),
    (
        0,
        b"AT&TFORM",
        "a DjVu file",
        f"make it a PDF with ddjvu -format=pdf; if that has no text, {_OCR}",
    ),
    (0, b"\x1f\x8b", "packed with gzip", _UNPACK),
    (0, b"BZh", "packed with bzip2", _UNPACK),
    (0, b"\xfd7zXZ\0", "packed with xz", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (257, b"ustar", "a TAR archive", _UNPACK),
    (0, b"\x89PNG\r\n", *_PICTURE),
    (0, b"\xff\xd8\xff", *_PICTURE),
    (0, b"GIF8", *_PICTURE),
    (0, b"II*\0", *_PICTURE),
    (0, b"MM\0*", *_PICTURE),
    (8, b"WEBP", *_PICTURE),
    (8, b"WAVE", *_SOUND),
    (0, b"ID3\x03", *_SOUND),
    (0, b"ID3\x04", *_SOUND),
    (0, b"OggS", *_SOUND),
    (0, b"fLaC", *_SOUND),
    (0, b"\x1aE\xdf\xa3", *_SOUND),
    (4, b"ftyp", *_SOUND),
    (0, b"\x7fELF", "a program", "give a text file"),
    (0, b"MZ\x90\0", "a program", "give a text file"),
    (0, b"SQLite format 3\0", "a database", "give a text file"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")

# What HTML begins with, after what may stand before it (WHATWG MIME Sniffing, 7.1).
_BEFORE = r"\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*)*"
_WHOLE_PAGE = re.compile(rf"{_BEFORE}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PART_OF_PAGE = re.compile(
    rf"{_BEFORE}<(?:title|meta|link|script|style|div|h[1-6]|p|table|article|section|main|span|font"
    r"|center|br|ul|ol|blockquote|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_FICTION_BOOK = re.compile(rf"{_BEFORE}<FictionBook\b")
_ARCHIVED_PAGE = re.compile(
    r"(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?content-type:\s*multipart/related", re.I
)


def sniff(data: bytes, name: str) -> str:
    """Return the reader that a file is for: epub, docx, pdf, html, markdown or plain.

    The name only tells Markdown from plain text; whatever is neither of these is text.

    Raises:
        SourceError: it is of a known format that none of them reads.
    """
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data, name)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _office(data, name)
    for offset, magic, what, remedy in _MAGIC:
        if data.startswith(magic, offset):
            raise SourceError(f"{name} is {what}", remedy)
    # UTF-16 or not: the letters that matter are ASCII.
    head = data[:_HEAD].decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip("\xfe\xff")
    head = head.replace("\0", "")
    if _FICTION_BOOK.match(head):
        raise SourceError(f"{name} is an FB2 book", _CALIBRE)
    if _ARCHIVED_PAGE.match(head):
        raise SourceError(f"{name} is a page saved as MHTML", "save it as HTML")
    if _WHOLE_PAGE.match(head):
        return "html"
    if PurePosixPath(urlsplit(name).path if "://" in name else name).suffix.lower() in _MARKDOWN:
        return "markdown"
    return "html" if _PART_OF_PAGE.match(head) else "plain"


def _sniff_zip(data: bytes, name: str) -> str:
    from audiobook.readers.archive import Archive

    archive = Archive(data, name, salvage=True)
    names = archive.names()
    # An EPUB's first member is `mimetype`, stored (EPUB 3.3, 4.2.2); as is an ODT's.
    kind = data[38:200] if data[30:38] == b"mimetype" else b""
    if kind.startswith(b"application/epub+zip") or "META-INF/container.xml" in archive:
        return "epub"
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise SourceError(f"{name} is an OpenDocument file", _OFFICE)
    folders = {member.partition("/")[0] for member in names}
    if "[Content_Types].xml" in names:
        if "word" in folders:
            return "docx"
        what = "a spreadsheet" if "xl" in folders else "a presentation"
        raise SourceError(f"{name} is {what}", "save its text as DOCX or plain text")
    if archive.names(".opf"):
        return "epub"
    raise SourceError(f"{name} is a ZIP archive", _UNPACK)


def _office(data: bytes, name: str) -> SourceError:
    if _ENCRYPTED in data:
        return SourceError(f"{name} is protected by a password", "save it without one")
    what = "an old Word file" if _OLD_WORD in data else "an old Office file"
    return SourceError(f"{name} is {what}", _OFFICE)
