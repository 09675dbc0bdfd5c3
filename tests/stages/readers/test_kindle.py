"""Kindle books: what is in them is read as from an EPUB, and those nobody can read are named."""

from __future__ import annotations

from pathlib import Path

import kindle_files as files
import pytest
from books import JPEG

from audiobook.errors import SourceError
from audiobook.model import Document, Kind
from audiobook.stages import readers
from audiobook.system import apart

pytest.importorskip("mobi", reason="the package mobi is not installed")

ABOUT = {
    100: "Nguyễn Văn Mây".encode(),
    101: "Nhà xuất bản Sông".encode(),
    103: "Chuyện một mùa nước.".encode(),
    106: b"1999-05-01",
    503: "Mùa nước nổi".encode(),
}


def read(folder: Path, data: bytes, name: str = "sach.mobi") -> Document:
    path = folder / name
    path.write_bytes(data)
    return readers.read(str(path))


def chapters(document: Document) -> list[tuple[str, list[str]]]:
    return [(chapter.title, [p.text for p in chapter.paragraphs]) for chapter in document.chapters]


def old_book(*pages: str, head: str = "") -> tuple[bytes, list[int]]:
    """Return the text of a Mobipocket book, and where its pages begin."""
    text, places = f"<html><head>{head}</head><body>".encode(), []
    for page in pages:
        places.append(len(text))
        text += f"{page}<mbp:pagebreak/>".encode()
    return text + b"</body></html>", places


def test_an_old_book_has_the_chapters_of_its_table_of_contents(tmp_path: Path) -> None:
    text, (_, first, second) = old_book(
        "<p>Lời đầu.</p>",
        '<p height="1em" align="center"><b>Chương 1</b></p><p>Nước lên.</p>',
        "<h2>Chương 2</h2><p>Nước rút.</p>",
    )
    document = read(
        tmp_path, files.mobi7(text, points=[("Chương 1", 0, first), ("Chương 2", 0, second)])
    )
    assert chapters(document) == [
        ("", ["Lời đầu."]),
        ("Chương 1", ["Chương 1", "Nước lên."]),
        ("Chương 2", ["Chương 2", "Nước rút."]),
    ]
    assert document.chapters[1].paragraphs[0].kind is Kind.HEADING


def test_without_one_the_page_of_contents_counts_and_is_not_read(tmp_path: Path) -> None:
    head = '<guide><reference title="Mục lục" type="toc" filepos=%010d /></guide>'
    line = "<p><a filepos=%010d>Chương %d</a></p>"
    bodies = [f"<p>Chương {n}</p><p>Nước lên ngày thứ {n}.</p>" for n in range(1, 6)]
    _, places = old_book("".join(line % (0, 0) for _ in bodies), *bodies, head=head % 0)
    contents = "".join(line % (place, n) for n, place in enumerate(places[1:], 1))
    text, moved = old_book(contents, *bodies, head=head % places[0])
    assert moved == places
    document = read(tmp_path, files.mobi7(text), "sach.prc")
    assert [title for title, _ in chapters(document)] == [f"Chương {n}" for n in range(1, 6)]
    assert "Nước lên ngày thứ 5." in chapters(document)[-1][1]


def test_a_kf8_book(tmp_path: Path) -> None:
    pages = [
        '<h1 id="a">Chương 1</h1><p>Nước lên<a href="kindle:pos:fid:0002:off:0000000003">'
        "<sup>1</sup></a>.</p>",
        '<h1 id="b">Chương 2</h1><p>Nước <i>rút</i>.</p>',
        '<p id="c">1. Chú thích.</p>',
    ]
    data = files.kf8(pages, points=[("Chương 1", 0, 0, 0), ("Chương 2", 0, 1, 0)])
    document = read(tmp_path, data, "sach.azw3")
    assert chapters(document) == [
        ("Chương 1", ["Chương 1", "Nước lên."]),
        ("Chương 2", ["Chương 2", "Nước rút.", "1. Chú thích."]),
    ]
    assert document.chapters[1].paragraphs[-1].kind is Kind.NOTE


@pytest.mark.parametrize(
    "make", [files.mobi7, lambda text, fields: files.kf8([text.decode()], fields)]
)
def test_what_a_book_says_of_itself(tmp_path: Path, make: object) -> None:
    assert callable(make)
    meta = read(tmp_path, make("<p>Nước lên.</p>".encode(), ABOUT)).meta
    assert (meta.title, meta.author, meta.date) == ("Mùa nước nổi", "Nguyễn Văn Mây", "1999-05-01")
    assert (meta.publisher, meta.language) == ("Nhà xuất bản Sông", "vi")
    assert meta.description == "Chuyện một mùa nước."


def test_its_cover(tmp_path: Path) -> None:
    data = files.mobi7(b"<p>A.</p>", {201: bytes(3) + b"\1"}, pictures=[b"GIF89a", JPEG])
    assert read(tmp_path, data).meta.cover == JPEG


def test_text_is_read_in_the_encoding_that_it_is_in(tmp_path: Path) -> None:
    text = "<p>Déjà vu, naïve café.</p>".encode("cp1252")
    assert chapters(read(tmp_path, files.mobi7(text, codec=1252))) == [
        ("", ["Déjà vu, naïve café."])
    ]
    # Said to be in Windows-1252, and in TCVN3, which was shown in fonts of its own.
    old = "<p>Céng hßa x· héi chñ nghÜa ViÖt Nam, n­íc non v¹n dÆm.</p>".encode("latin-1")
    assert chapters(read(tmp_path, files.mobi7(old, codec=1252))) == [
        ("", ["Cộng hòa xã hội chủ nghĩa Việt Nam, nước non vạn dặm."])
    ]


def test_palmdoc_is_plain_text_or_a_page(tmp_path: Path) -> None:
    plain = "Chương 1\n\nNước lên.\n\nNước rút.".encode()
    assert chapters(read(tmp_path, files.palmdoc(plain), "sach.prc")) == [
        ("", ["Chương 1", "Nước lên.", "Nước rút."])
    ]
    page = "<html><body><h1>Chương 1</h1><p>Nước lên.</p></body></html>".encode()
    assert chapters(read(tmp_path, files.palmdoc(page), "sach.prc")) == [
        ("", ["Chương 1", "Nước lên."])
    ]


def test_many_pages_are_not_nested(tmp_path: Path) -> None:
    text, _ = old_book(*(f"<p>Trang {n}.</p>" for n in range(400)))
    document = read(tmp_path, files.mobi7(text.replace(b"pagebreak/>", b"pagebreak>")))
    assert len(document.chapters[0].paragraphs) == 400


# --- what is refused ------------------------------------------------------------------------------


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(folder, data)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("locked", [1, 2])
def test_locked_books_are_named(tmp_path: Path, locked: int) -> None:
    for data in (files.mobi7(b"<p>A.</p>", locked=locked), files.palmdoc(b"A.", locked=locked)):
        assert "locked with DRM (Kindle)" in refusal(tmp_path, data)


def test_a_print_replica_is_named(tmp_path: Path) -> None:
    head = files.header(1, b"Sach", {})
    assert "Print Replica" in refusal(tmp_path, files.palm([head, b"%MOP" + bytes(60)]))


def test_damaged_books(tmp_path: Path) -> None:
    data = files.mobi7("<p>Nước lên.</p>".encode() * 500, ABOUT)
    for length in (70, 80, 90, 200, 500):
        assert "Kindle" in refusal(tmp_path, data[:length])
    head = files.header(1, b"Sach", {})
    assert "damaged" in refusal(tmp_path, files.palm([head[:40], b"abc"]))
    bad = bytearray(files.palm([b"a" * 300, b"b" * 300, b"c" * 300]))
    bad[78:82], bad[86:90] = bad[86:90], bad[78:82]
    assert "overlap" in refusal(tmp_path, bytes(bad))


def test_a_book_that_asks_for_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MEMORY", 1 << 20)
    assert "takes more memory than a book needs" in refusal(tmp_path, files.mobi7(b"<p>A.</p>"))


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tam"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    read(tmp_path, files.mobi7(b"<p>A.</p>"))
    assert list(temporary.iterdir()) == []


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiobook.stages.readers.kindle.unpacking.find_spec", lambda _: None)
    assert "pip install 'mobi" in refusal(tmp_path, files.mobi7(b"<p>A.</p>"))
