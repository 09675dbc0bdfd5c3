"""The format of a file, recognised by its content."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from audiobook.errors import SourceError
from audiobook.messages import Message, message
from audiobook.vietnamese import lazy_re as re

TEXTS = frozenset({"plain", "markdown", "html", "subtitles"})
"""What has no encoding of its own."""
_MARKDOWN = (".md", ".markdown")
_LYRICS = ".lrc"
HEAD = 2048
"""So many bytes of a file tell most formats."""
# A PDF may stand behind some other bytes (ISO 32000-1, annex H.3.4.1).
_PDF_WITHIN = 1024

_CALIBRE = message("convert it, for example with Calibre: ebook-convert FILE FILE.epub")
_OFFICE = message("convert it, for example with LibreOffice: soffice --convert-to docx FILE")
_NO_LOCK = message("get an edition without DRM; this program does not unlock books")
_UNPACK = message("unpack it and give the file inside")
_EPUB_INSTEAD = message("get it as EPUB, or as MOBI or AZW3 without DRM")
_PAGES = message("export it from Pages as EPUB or Word")
_SAVE_TEXT = message("save its text as DOCX or plain text")
_SOUND = (message("sound or film, not text"), message("give the text it is made from"))
_MAGIC: tuple[tuple[int, bytes, Message, Message], ...] = (
    (60, b"PNRdPPrs", message("a Palm eReader book"), _CALIBRE),
    (0, b"ITSF", message("a CHM file (Windows help)"), _CALIBRE),
    (0, b"ITOLITLS", message("a book of Microsoft Reader (LIT)"), _CALIBRE),
    (0, b"L\0R\0F\0", message("a book of Sony's (LRF)"), _CALIBRE),
    (0, b"\xeaDRMION\xee", message("a Kindle book that is locked with DRM (KFX)"), _NO_LOCK),
    (0, b"CONT\2\0", message("a Kindle book in the format KFX"), _EPUB_INSTEAD),
    (0, b"TPZ0", message("a Kindle book in the format Topaz"), _EPUB_INSTEAD),
    (0, b"\xffWPC", message("a WordPerfect file"), _OFFICE),
    (0, b"\xdb\xa5-\0", message("a file of Word 2 or older"), _OFFICE),
    (
        0,
        b"AT&TFORM",
        message("a DjVu file"),
        message("make it a PDF with ddjvu -format=pdf; if that has no text, read that with --ocr"),
    ),
    (0, b"\x1f\x8b", message("packed with gzip"), _UNPACK),
    (0, b"BZh", message("packed with bzip2"), _UNPACK),
    (0, b"\xfd7zXZ\0", message("packed with xz"), _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", message("packed with zstd"), _UNPACK),
    (0, b"Rar!\x1a\x07", message("a RAR archive"), _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", message("a 7z archive"), _UNPACK),
    (257, b"ustar", message("a TAR archive"), _UNPACK),
    (8, b"WAVE", *_SOUND),
    (0, b"ID3\x03", *_SOUND),
    (0, b"ID3\x04", *_SOUND),
    (0, b"OggS", *_SOUND),
    (0, b"fLaC", *_SOUND),
    (0, b"\x1aE\xdf\xa3", *_SOUND),
    (4, b"ftyp", *_SOUND),
    (0, b"\x7fELF", message("a program"), message("give a text file")),
    (0, b"MZ\x90\0", message("a program"), message("give a text file")),
    (0, b"SQLite format 3\0", message("a database"), message("give a text file")),
)
_PICTURES = (
    (0, b"\x89PNG\r\n"),
    (0, b"\xff\xd8\xff"),
    (0, b"GIF8"),
    (0, b"II*\0"),
    (0, b"MM\0*"),
    (8, b"WEBP"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_OLE = (
    ("MatOST", message("a Works document (WPS)"), _OFFICE),
    ("Workbook", message("a spreadsheet"), _SAVE_TEXT),
    ("PowerPoint", message("a presentation"), _SAVE_TEXT),
)
# What only some ZIP archives hold: by a name or the end of one.
_PACKED: tuple[tuple[str, Message, Message], ...] = (
    ("Index/Document.iwa", message("a Pages document"), _PAGES),
    ("buildVersionHistory.plist", message("a Pages document"), _PAGES),
    (".kfx", message("a Kindle book in the format KFX"), _EPUB_INSTEAD),
    (".kdf", message("a Kindle book in the format KFX"), _EPUB_INSTEAD),
    (".fdseq", message("an XPS document"), message("print it to a PDF file from its viewer")),
    ("classes.dex", message("a program"), message("give a text file")),
    ("META-INF/MANIFEST.MF", message("a program"), message("give a text file")),
)

# What HTML begins with, after what may stand before it (WHATWG MIME Sniffing, 7.1).
_BEFORE = r"\s*(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*)*"
_WHOLE_PAGE = re.compile(rf"{_BEFORE}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PART_OF_PAGE = re.compile(
    rf"{_BEFORE}<(?:title|meta|link|script|style|div|h[1-6]|p|table|article|section|main|span|font"
    r"|center|br|ul|ol|blockquote|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_FICTION_BOOK = re.compile(rf"{_BEFORE}(?:<!DOCTYPE[^<]*(?:<!ENTITY[^<]*)*)?<FictionBook\b")
_FLAT_ODT = re.compile(rf"{_BEFORE}<office:document\b")
_WORD_XML = re.compile(rf"{_BEFORE}<(?:w:wordDocument|pkg:package)\b")
# A cue begins with the time that it is shown, below its number or name; a line of a song with the
# time that it is sung, below what the file says of itself.
_VTT = re.compile(r"\s*WEBVTT(?:\s|$)")
_SRT = re.compile(r"\s*(?:\d+\s*\n\s*)?(?:\d+:)?\d+:\d\d[.,]\d+[ \t]*-->[ \t]*\d")
_ASS = re.compile(r"\s*\[Script Info\]", re.IGNORECASE)
_LRC = re.compile(
    r"\s*(?:\[[a-z#]+:[^\]\n]*\]\s*)*(?:\[\d{1,3}:\d\d(?P<fraction>[.:]\d{1,3})?\])", re.I
)
_ARCHIVED_PAGE = re.compile(
    r"(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?content-type:\s*multipart/related", re.I
)


def sniff(data: bytes, name: str) -> str:
    """Return the name of the reader that a file is for, or `zip` for an archive of texts.

    The name of the file only tells Markdown from plain text, and lyrics from a list of hours;
    whatever is of no other format is text.

    Raises:
        SourceError: it is of a known format that none of them reads.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # files, or the end of an empty archive
        return _sniff_zip(data, name)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data, name)
    if data.startswith((b"BOOKMOBI", b"TEXtREAd"), 60):
        return "kindle"
    if any(data.startswith(magic, offset) for offset, magic in _PICTURES):
        return "picture"
    for offset, magic, description, remedy in _MAGIC:
        if data.startswith(magic, offset):
            raise SourceError(
                message("{name} is {description}", name=name, description=description), remedy
            )
    # UTF-16 or not: the letters that matter are ASCII.
    head = data[:HEAD].decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip("\xfe\xff")
    return sniff_text(head.replace("\0", ""), name)


def sniff_text(text: str, name: str) -> str:
    """Return the name of the reader that a text is for.

    Args:
        text: its beginning.
        name: what to call it in messages; its ending counts as `sniff` says.

    Raises:
        SourceError: it is of a known format that none of them reads.
    """
    head = text[:HEAD]
    suffix = PurePosixPath(urlsplit(name).path if "://" in name else name).suffix.lower()
    if head.lstrip().startswith("{\\rtf"):
        return "rtf"
    if _FICTION_BOOK.match(head):
        return "fb2"
    if _FLAT_ODT.match(head):
        return "odt"
    if _WORD_XML.match(head):
        raise SourceError(message("{name} is a Word document as XML", name=name), _OFFICE)
    if _ARCHIVED_PAGE.match(head):
        raise SourceError(
            message("{name} is a page saved as MHTML", name=name), message("save it as HTML")
        )
    if any(cues.match(head) for cues in (_VTT, _SRT, _ASS)) or _is_lyrics(head, suffix):
        return "subtitles"
    if _WHOLE_PAGE.match(head):
        return "html"
    if suffix in _MARKDOWN:
        return "markdown"
    return "html" if _PART_OF_PAGE.match(head) else "plain"


def _is_lyrics(head: str, suffix: str) -> bool:
    """Whether a text is a song with the times of its lines; a list of hours has no fractions."""
    line = _LRC.match(head)
    return line is not None and (suffix == _LYRICS or line["fraction"] is not None)


def _sniff_zip(data: bytes, name: str) -> str:
    from audiobook.stages.readers.archive import Archive

    archive = Archive(data, name, salvage=True)
    names = archive.names()
    if not names:
        raise SourceError(
            message("{name} is an empty archive", name=name), message("pack the texts again")
        )
    # An EPUB's first member is `mimetype`, stored (EPUB 3.3, 4.2.2); as is an ODT's.
    kind = data[38:200] if data[30:38] == b"mimetype" else b""
    if kind.startswith(b"application/x-ibooks+zip"):
        raise SourceError(
            message("{name} is a book of iBooks Author (IBA)", name=name), _EPUB_INSTEAD
        )
    if kind.startswith(b"application/epub+zip") or "META-INF/container.xml" in archive:
        return "epub"
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise SourceError(
            message("{name} is an OpenDocument file without running text", name=name), _SAVE_TEXT
        )
    folders = {member.partition("/")[0] for member in names}
    if "[Content_Types].xml" in names and "word" in folders:
        return "docx"
    if "[Content_Types].xml" in names and folders & {"xl", "ppt"}:
        description = message("a spreadsheet") if "xl" in folders else message("a presentation")
        raise SourceError(
            message("{name} is {description}", name=name, description=description), _SAVE_TEXT
        )
    for ending, description, remedy in _PACKED:
        if any(member.endswith(ending) for member in names):
            raise SourceError(
                message("{name} is {description}", name=name, description=description), remedy
            )
    if "index.html" in names and "metadata.opf" in names:
        return "htmlz"
    return "epub" if archive.names(".opf") else "zip"


def _sniff_ole(data: bytes, name: str) -> str:
    """Return the reader for a file of an old Office program: a file system with names in UTF-16."""
    if _ENCRYPTED in data:
        raise SourceError(
            message("{name} is protected by a password", name=name), message("save it without one")
        )
    if _OLD_WORD in data:
        return "doc"
    for stream, description, remedy in _OLE:
        if stream.encode("utf-16-le") in data:
            raise SourceError(
                message("{name} is {description}", name=name, description=description), remedy
            )
    raise SourceError(message("{name} is an old Office file", name=name), _OFFICE)
