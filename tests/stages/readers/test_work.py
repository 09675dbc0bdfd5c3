"""Small files made to take time or memory beyond their size: each door is bounded."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from books import book, epub, package, page, point
from clock import cpu_seconds
from PIL import Image
from test_docx import p as paragraph
from test_docx import word

from audiobook.errors import SourceError
from audiobook.stages import readers
from audiobook.stages.readers import docx, picture
from audiobook.stages.readers import epub as epub_reader
from audiobook.stages.readers.epub import covers
from audiobook.stages.readers.epub.book import EpubArchive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audiobook.model import Document
    from audiobook.stages.readers.ocr import RecognisedWord

MANY = 20_000
MOST_SECONDS = 5.0
"""The processor's; by the square of their length the files here took minutes."""
TEXT = "Trời mưa to lắm, người ta vội về nhà. " * 20


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def chain_of_styles() -> str:
    return "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n - 1}"/></w:style>' for n in range(MANY)
    )


@pytest.mark.parametrize(
    ("body", "styles"),
    [
        ("<w:x>" * MANY + "<w:vMerge/>" * MANY + "</w:x>" * MANY, ""),
        (paragraph('<w:r><w:fldChar w:fldCharType="begin"/><w:t>a</w:t></w:r>' * MANY), ""),
        (paragraph("Một.", f"s{MANY - 1}") * MANY, chain_of_styles()),
    ],
    ids=["depth", "fields", "styles"],
)
def test_word_files_take_time_by_their_length(body: str, styles: str) -> None:
    data = word(paragraph("Một.") + body, styles=styles)
    assert cpu_seconds(lambda: docx.read(data, "a.docx")) < MOST_SECONDS


@pytest.mark.parametrize(
    ("parts", "points"),
    [
        (
            {
                "metadata": "".join(
                    f'<dc:creator id="c{n}">A</dc:creator><meta refines="#d"/>' for n in range(MANY)
                )
            },
            [],
        ),
        (
            {
                "items": "".join(
                    f'<item id="i{n}" href="{n}.png" media-type="image/png" fallback="i{n + 1}"/>'
                    for n in range(MANY)
                ),
                "spine": '<itemref idref="i0"/>' * MANY,
            },
            [],
        ),
        (
            {},
            [point(f"{n}", f"1.xhtml#{anchor}") for anchor in "az" for n in range(MANY)],
        ),
    ],
    ids=["roles", "fallbacks", "lost entries"],
)
def test_epubs_take_time_by_their_length(parts: dict[str, str], points: Sequence[str]) -> None:
    data = book({"1.xhtml": "<p>Một.</p><p id='a'>Hai.</p>"}, *points, **parts)
    assert cpu_seconds(lambda: epub_reader.read(data, "a.epub")) < MOST_SECONDS


def with_cover(cover: str, files: dict[str, str | bytes]) -> Document:
    item = f'<item id="cover" href="{cover}" media-type="image/svg+xml" properties="cover-image"/>'
    files = {"c.opf": package(["1.xhtml"], items=item), "1.xhtml": page("<p>Một.</p>"), **files}
    return epub_reader.read(epub(files, path="c.opf"), "a.epub")


def test_a_drawing_holds_no_more_pictures_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covers, "_MOST_EMBEDDED", 2_500)
    drawing = '<svg xmlns="http://www.w3.org/2000/svg">' + '<image href="a.png"/>' * 9 + "</svg>"
    document = with_cover("a.svg", {"a.svg": drawing, "a.png": b"\x89PNG" + bytes(996)})
    assert document.meta.cover.count(b"data:image/png;base64,") == 2


def test_a_cover_is_looked_for_in_a_few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    read = EpubArchive.read

    def count(self: EpubArchive, path: str) -> bytes:
        reads.append(path)
        return read(self, path)

    monkeypatch.setattr(EpubArchive, "read", count)
    pictures = page('<img src="a.bin"/>' * 500)
    document = with_cover("a.xhtml", {"a.xhtml": pictures, "a.bin": b"not a picture"})
    assert document.meta.cover == b"not a picture"
    assert reads.count("a.bin") == covers._MOST_CANDIDATES


def test_an_archive_in_an_archive() -> None:
    inner = packed({"a.txt": "Trời mưa.".encode()})
    with pytest.raises(
        SourceError, match=r"^a\.zip/b\.txt is an archive in an archive: unpack"
    ) as caught:
        readers.read_bytes(packed({"b.txt": inner}), "a.zip")
    assert caught.value.remedy


def test_the_texts_of_an_archive_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_MOST_CHARACTERS", 1_000)
    books = {f"{n}.epub": book({"1.xhtml": f"<p>{'Một. ' * 80}</p>"}) for n in range(3)}
    assert len(readers.read_bytes(packed({"0.epub": books["0.epub"]}), "a.zip").chapters) == 1
    with pytest.raises(SourceError, match="more text than a book holds"):
        readers.read_bytes(packed(books), "a.zip")


def test_an_archive_of_more_texts_than_books_have_chapters() -> None:
    data = packed({f"{n}.txt": b"A." for n in range(10_001)})
    with pytest.raises(SourceError, match="holds more than 10,000 texts"):
        readers.read_bytes(data, "a.zip")


@pytest.mark.parametrize(
    "markup",
    ["<div hidden>" * 1_900 + "<p>x</p>" * MANY, "<math>" * 900 + "<mi>x</mi>" * MANY],
    ids=["hidden", "formulas"],
)
def test_a_page_whose_elements_lie_deep(markup: str) -> None:
    pytest.importorskip("trafilatura")
    data = f"<html><body><p>{TEXT}</p>{markup}".encode()

    def read() -> None:
        with pytest.raises(SourceError, match="too much markup"):
            readers.read_bytes(data, "a.html")

    assert cpu_seconds(read) < MOST_SECONDS


def test_a_page_with_many_bylines_beside_each_other() -> None:
    pytest.importorskip("trafilatura")
    data = f"<html><body><p>{TEXT}</p>{'<li class=author>A B</li>' * (MANY // 2)}".encode()
    assert cpu_seconds(lambda: readers.read_bytes(data, "a.html")) < MOST_SECONDS


class Counting:
    """Recognises nothing, and knows how many pictures were held at once."""

    def __init__(self) -> None:
        self.drawn: list[int] = []

    def recognise(
        self,
        _name: str,
        _digest: str,
        pages: Sequence[int],
        pictures: Callable[[Sequence[int]], Iterable[tuple[int, Image.Image]]],
    ) -> dict[int, list[RecognisedWord]]:
        for number, _ in pictures(pages):
            self.drawn.append(number)
            if len(self.drawn) == 2:
                break
        return {number: [] for number in pages}


def tiff(pages: int, size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = io.BytesIO()
    sheet = Image.new("1", size, 1)
    sheet.save(buffer, "TIFF", save_all=True, append_images=[sheet] * (pages - 1))
    return buffer.getvalue()


def test_pages_of_a_scan_are_drawn_when_they_are_asked_for() -> None:
    recogniser = Counting()
    with pytest.raises(SourceError, match="holds no text"):
        picture.read(tiff(5), "a.tiff", recogniser)  # type: ignore[arg-type]
    assert recogniser.drawn == [0, 1]


def test_a_scan_of_too_many_or_too_large_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_MOST_PAGES", 3)
    monkeypatch.setattr(picture, "_MOST_PIXELS", 100)
    with pytest.raises(SourceError, match="has more than 3 pages"):
        picture.read(tiff(4), "a.tiff", Counting())  # type: ignore[arg-type]
    with pytest.raises(SourceError, match="damaged or too large"):
        picture.read(tiff(1, (11, 10)), "a.tiff", Counting())  # type: ignore[arg-type]


@pytest.mark.parametrize("box", ["<ul class=related></ul>", "<p class=hatnote>a</p>"])
def test_texts_behind_what_is_taken_out_of_a_page(box: str) -> None:
    pytest.importorskip("trafilatura")
    data = f"<html><body><p>{TEXT}</p><div>{f'{box}{TEXT[:100]}' * (MANY // 2)}".encode()
    assert cpu_seconds(lambda: readers.read_bytes(data, "a.html")) < MOST_SECONDS


def test_texts_behind_the_notes_of_a_paragraph() -> None:
    content = "".join(f"<text:note/>{n} {TEXT[:50]}" for n in range(MANY))
    names = "urn:oasis:names:tc:opendocument:xmlns"
    data = (
        f'<office:document xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0">'
        f"<office:body><office:text><text:p>{content}</text:p></office:text></office:body>"
        "</office:document>"
    ).encode()
    assert cpu_seconds(lambda: readers.read_bytes(data, "a.fodt")) < MOST_SECONDS


def test_a_page_of_many_short_lines_is_read_whole() -> None:
    """Beside anything of a site, trafilatura has justext judge each line by its neighbours."""
    pytest.importorskip("trafilatura")
    lines = [f"câu {number}" for number in range(MANY)]
    verse = "".join(f"<div>{line}</div>" for line in lines)
    data = f"<html><body><div>{verse}<button>Mua</button></div>".encode()
    texts: list[str] = []

    def read() -> None:
        (chapter,) = readers.read_bytes(data, "a.html").chapters
        texts.extend(paragraph.text for paragraph in chapter.paragraphs)

    assert cpu_seconds(read) < 2 * MOST_SECONDS
    assert texts == lines
