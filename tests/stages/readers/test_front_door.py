"""The front door: what a source is shows in its content, and what it took is told."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from audiobook.errors import SourceError
from audiobook.messages import verbatim
from audiobook.model import Change, Chapter, Document, Kind, Meta, Paragraph
from audiobook.stages import readers
from audiobook.stages.readers import formats, registry, sources

TCVN3 = b"C\xe9ng h\xdfa x\xb7 h\xe9i ch\xf1 ngh\xdca Vi\xd6t Nam, n\xad\xedc non v\xb9n d\xc6m."
MEANT = "Cộng hòa xã hội chủ nghĩa Việt Nam, nước non vạn dặm."


def packed(*names: str, first: str = "") -> bytes:
    """Return a ZIP archive without the time of its making: it names tests in every process."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<a/>")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EPUB = packed("META-INF/container.xml", first="application/epub+zip")
DOCX = packed("[Content_Types].xml", "word/document.xml")


@pytest.fixture
def keep_file(tmp_path: Path) -> Path:
    return tmp_path / "book.txt"


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def texts(document: Document) -> list[str]:
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


# --- which format ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (EPUB, "a.epub", "epub"),
        (packed("META-INF/container.xml", "x.html"), "a.zip", "epub"),
        (DOCX, "a.docx", "docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "doc"),
        (packed("a", first="application/vnd.oasis.opendocument.text"), "a.odt", "odt"),
        (b'<?xml version="1.0"?>\n<office:document xmlns', "a.fodt", "odt"),
        (packed("index.html", "metadata.opf"), "a.htmlz", "htmlz"),
        (packed("a.txt", "b.txt"), "a.zip", "zip"),
        (b"\0" * 60 + b"BOOKMOBI", "a.azw3", "kindle"),
        (b"\0" * 60 + b"TEXtREAd", "a.prc", "kindle"),
        (b'<?xml version="1.0"?>\n<!-- a --><FictionBook xmlns', "a.fb2", "fb2"),
        ("<FictionBook>".encode("utf-16"), "a.fb2", "fb2"),
        (b"{\\rtf1\\ansi", "a.rtf", "rtf"),
        (b"%PDF-1.7\n", "a.pdf", "pdf"),
        (b"\n\n%PDF-1.7\n", "a.pdf", "pdf"),
        (b"<!doctype html><p>a", "a.html", "html"),
        (b"\xef\xbb\xbf\n <!-- a - b --><HTML lang=vi>", "a", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', "a.xhtml", "html"),
        ("<html>".encode("utf-16"), "a", "html"),
        ("<html>".encode("utf-16-be"), "a", "html"),
        (b"<p>M\xe1 a</p>", "a.txt", "html"),
        (b"# A", "a.md", "markdown"),
        (b"# A", "A.MARKDOWN", "markdown"),
        (b"# A", "http://a.vn/b/a.md?c=d.txt", "markdown"),
        (b"<div align=center>", "README.md", "markdown"),
        (b"# A", "a.txt", "plain"),
        (b"# A", "a.md.txt", "plain"),
        (b"", "a.txt", "plain"),
        (b"<3 em.", "a.txt", "plain"),
        (b"<Chap> a", "a.html", "plain"),
        (TCVN3, "a.doc", "plain"),
    ],
)
def test_the_content_tells(data: bytes, name: str, kind: str) -> None:
    assert formats.sniff(data, name) == kind
    if name.startswith("a.") and kind not in ("markdown", "plain"):
        assert formats.sniff(data, "sai.jpg") == kind


@pytest.mark.parametrize(
    ("data", "message", "remedy"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
            "without",
        ),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "a spreadsheet", "save"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "a presentation", "save"),
        (packed("a", first="application/vnd.oasis.opendocument.graphics"), "OpenDocument", "save"),
        (packed("a.jpg", "README.txt"), "a ZIP archive without a text", "unpack"),
        (packed("Index/Document.iwa", "preview.jpg"), "a Pages document", "EPUB"),
        (packed("a", first="application/x-ibooks+zip"), "iBooks Author", "EPUB"),
        (packed("a.kfx"), "KFX", "EPUB"),
        (OLE + "MatOST".encode("utf-16-le"), "a Works document", "docx"),
        (OLE + "Workbook".encode("utf-16-le"), "a spreadsheet", "save"),
        (OLE, "an old Office file", "docx"),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<w:wordDocument ',
            "a Word document as XML",
            "docx",
        ),
        (b"ITSF", "a CHM file", "ebook-convert"),
        (packed(), "an empty archive", "pack"),
        (b"ITOLITLS", "(LIT)", "ebook-convert"),
        (b"\xeaDRMION\xee", "locked with DRM", "without DRM"),
        (b"CONT\2\0", "KFX", "EPUB"),
        (EPUB[:60], "is a broken ZIP", "again"),
        (b"AT&TFORM\0\0\0\0DJVU", "a DjVu file", "ddjvu"),
        (b"From: a\nContent-Type: multipart/related;\n b=c\n", "MHTML", "HTML"),
        (b"\x1f\x8b\x08\0", "packed with gzip", "unpack"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive", "unpack"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a 7z archive", "unpack"),
        (b"\x89PNG\r\n\x1a\n", "a picture", "tesseract"),
        (b"\xff\xd8\xff\xe0", "a picture", "tesseract"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a picture", "tesseract"),
        (b"ID3\x04\0\0", "sound", "text"),
        (b"\0\0\0\x20ftypM4A ", "sound", "text"),
    ],
)
def test_formats_nobody_reads_say_what_to_do(
    keep_file: Path, data: bytes, message: str, remedy: str
) -> None:
    with pytest.raises(SourceError) as caught:
        readers.read(write(keep_file, data))
    assert message in caught.value.what
    assert remedy in caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("data", "kind"), [(EPUB, "epub"), (DOCX, "docx"), (b"%PDF-1.4", "pdf")])
def test_each_format_has_its_module(
    keep_file: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, kind: str
) -> None:
    document = Document(meta=Meta(title="A"), chapters=(Chapter("", (Paragraph("Một."),)),))
    calls = []

    def read(content: bytes, name: str) -> Document:
        calls.append((content, name))
        return document

    monkeypatch.setitem(registry.READERS, kind, lambda: SimpleNamespace(read=read))
    source = write(keep_file, data)
    assert readers.read(source) == document
    assert calls == [(data, source)]


def test_pages_come_to_their_reader_in_utf_8(
    keep_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever they claim: a byte-order mark outranks it."""
    contents = []

    def read(content: bytes, _name: str) -> Document:
        contents.append(content)
        return Document(meta=Meta(), chapters=(Chapter("", (Paragraph("Một."),)),))

    monkeypatch.setitem(registry.READERS, "html", lambda: SimpleNamespace(read=read))
    page = b"<html><meta charset='windows-1252'><p>" + TCVN3
    changes = readers.read(write(keep_file, page)).changes
    assert contents == [b"\xef\xbb\xbf" + page[: -len(TCVN3)] + MEANT.encode()]
    assert [change.step for change in changes] == ["decoded from TCVN3"]
    russian = "<meta charset='windows-1251'><p>Мороз и солнце".encode("cp1251")
    readers.read(write(keep_file, russian))
    assert "Мороз и солнце" in contents[-1].decode()


# --- what it took ---------------------------------------------------------------------------------


def test_utf_8_is_not_worth_a_word(keep_file: Path) -> None:
    document = readers.read(write(keep_file, f"\ufeff{MEANT}".encode()))
    assert texts(document) == [MEANT]
    assert document.changes == ()


def test_an_old_encoding_is_told(keep_file: Path) -> None:
    document = readers.read(write(keep_file, TCVN3))
    assert texts(document) == [MEANT]
    assert document.changes == (
        Change(step=verbatim("decoded from TCVN3"), count=1, example=MEANT[:60]),
    )


def test_broken_bytes_are_counted(keep_file: Path) -> None:
    data = f"{MEANT} ".encode() * 30
    document = readers.read(write(keep_file, data.replace("dặm".encode(), b"d\xe1\xbam", 1)))
    assert texts(document)[0].count("dặm") == 29
    assert [(change.step, change.count) for change in document.changes] == [
        ("broken bytes left out", 1)
    ]


def test_mojibake_is_mended_and_told(keep_file: Path) -> None:
    shown = TCVN3.decode("latin-1")
    text = f"Một câu đúng.\n\n{shown}\n\n{shown}\n"
    document = readers.read(write(keep_file, text.encode()))
    assert [one.strip() for one in texts(document)] == ["Một câu đúng.", MEANT, MEANT]
    (change,) = document.changes
    assert (change.step, change.count, change.example) == (
        "paragraphs repaired that were misread from TCVN3",
        2,
        MEANT[:60],
    )
    first, second = change.left_out
    assert (first.text.strip(), first.after, first.instead.strip()) == (
        shown,
        "Một câu đúng.",
        MEANT,
    )
    assert second.after.strip() == MEANT[-40:]


def test_titles_are_mended_too(keep_file: Path) -> None:
    shown = TCVN3.decode("latin-1")
    keep = keep_file.with_suffix(".md")
    document = readers.read(write(keep, f"---\ntitle: ViÖt Nam\n---\n# {shown}\n{shown}".encode()))
    assert document.meta.title == "Việt Nam"
    assert document.chapters[0].paragraphs[0] == Paragraph(MEANT, Kind.HEADING, 1)


# --- where from -----------------------------------------------------------------------------------


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TCVN3)))
    assert texts(readers.read("-")) == [MEANT]


def test_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=iso-8859-1")
            self.end_headers()
            self.wfile.write(TCVN3)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("no_proxy", "*")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/a.txt"
        with pytest.raises(SourceError, match="private network"):
            readers.read(url)
        assert texts(readers.read(url, allow_private=True)) == [MEANT]
        thread.join()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing.txt", "there is no file"),
        (".", "is a folder"),
        ("a\0b", "cannot read"),
        ("x" * 5000, "cannot read"),
        ("ftp://a.vn/b", "is not a web address"),
        ("file:///etc/hostname", "is not a web address"),
    ],
)
def test_sources_that_are_none(source: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        readers.read(source)


def test_lines_as_they_stand(keep_file: Path) -> None:
    assert readers.read_text(write(keep_file, TCVN3 + b"\r\n\r\na")) == f"{MEANT}\r\n\r\na"
    assert readers.read_text(write(keep_file, b"\xef\xbb\xbf# A\n")) == "# A\n"
    with pytest.raises(SourceError, match="is not plain text"):
        readers.read_text(write(keep_file, EPUB))


def test_a_file_that_is_too_large(keep_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 1 << 20)
    with pytest.raises(SourceError, match="larger than 1 MB"):
        readers.read(write(keep_file, b"a" * ((1 << 20) + 1)))


def test_a_pipe_is_read_if_somebody_writes_into_it(tmp_path: Path) -> None:
    pipe = tmp_path / "ống.txt"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="nothing writes"):
        readers.read(str(pipe))
    writer = threading.Thread(target=pipe.write_text, args=("Mưa to.", "utf-8"))
    writer.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(SourceError):  # the other end is not open yet
            document = readers.read(str(pipe))
            break
    writer.join(60)
    assert document.chapters[0].paragraphs[0].text == "Mưa to."
