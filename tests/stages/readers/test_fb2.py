"""FB2: sections are chapters, and what is around the text is known for what it is."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest
from books import JPEG

from audiobook.errors import SourceError
from audiobook.model import Document, Kind, Paragraph
from audiobook.stages import readers

INFO = """<title-info><author><first-name>Nguyễn</first-name><middle-name>Văn</middle-name>
<last-name>Mây</last-name></author><author><nickname>Sóng</nickname></author>
<book-title>Mùa nước nổi</book-title><annotation><p>Chuyện một mùa nước.</p></annotation>
<date value="1999-05-01">1999</date><coverpage><image l:href="#bia.jpg"/></coverpage>
<lang>vi</lang></title-info><publish-info><publisher>Nhà xuất bản Sông</publisher></publish-info>"""
BINARY = (
    f'<binary id="bia.jpg" content-type="image/jpeg">{base64.b64encode(JPEG).decode()}</binary>'
)


def fb2(body: str, notes: str = "", info: str = "", ending: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"'
        f' xmlns:l="http://www.w3.org/1999/xlink"><description>{info}</description>'
        f"<body>{body}</body>{notes}{ending}</FictionBook>"
    ).encode()


def section(title: str, body: str) -> str:
    return f"<section><title><p>{title}</p></title>{body}</section>"


def read(folder: Path, data: bytes, name: str = "sach.fb2") -> Document:
    path = folder / name
    path.write_bytes(data)
    return readers.read(str(path))


def texts(document: Document) -> list[list[str]]:
    return [[paragraph.text for paragraph in chapter.paragraphs] for chapter in document.chapters]


def test_sections_with_titles_are_chapters(tmp_path: Path) -> None:
    inner = section("Chương 1", "<p>Nước lên.</p>") + section("Chương 2", "<p>Nước rút.</p>")
    document = read(tmp_path, fb2(f"<p>Lời đầu.</p>{section('Phần I', inner)}"))
    assert [(chapter.title, chapter.level) for chapter in document.chapters] == [
        ("", 1), ("Phần I", 1), ("Chương 1", 2), ("Chương 2", 2),
    ]  # fmt: skip
    assert texts(document) == [
        ["Lời đầu."], ["Phần I"], ["Chương 1", "Nước lên."], ["Chương 2", "Nước rút."],
    ]  # fmt: skip
    assert document.chapters[2].paragraphs[0] == Paragraph("Chương 1", Kind.HEADING, 2)


def test_a_title_of_two_lines_is_one(tmp_path: Path) -> None:
    title = "<title><p>Chương 1</p><empty-line/><p>Mưa <emphasis>đầu</emphasis> mùa</p></title>"
    document = read(tmp_path, fb2(f"<section>{title}<p>Nước lên.</p></section>"))
    assert texts(document) == [["Chương 1: Mưa đầu mùa", "Nước lên."]]
    assert document.chapters[0].title == "Chương 1: Mưa đầu mùa"


def test_verse_quotations_and_breaks(tmp_path: Path) -> None:
    body = (
        "<epigraph><p>Lời xưa.</p><text-author>Người xưa</text-author></epigraph>"
        + "<p>Nước lên.</p>" * 9
        + "<empty-line/><p>Nước <strong>rút</strong>.</p>"
        "<poem><stanza><v>Trăm năm</v><v>trong cõi</v></stanza></poem>"
        "<subtitle>* * *</subtitle><subtitle>Đêm</subtitle><p>Hết.</p>"
    )
    read_as = read(tmp_path, fb2(section("Chương 1", body))).chapters[0].paragraphs
    assert [
        (paragraph.text, paragraph.kind.value)
        for paragraph in read_as
        if paragraph.text != "Nước lên."
    ] == [
        ("Chương 1", "heading"),
        ("Lời xưa.", "quote"),
        ("Người xưa", "quote"),
        ("* * *", "break"),
        ("Nước rút.", "prose"),
        ("Trăm năm", "verse"),
        ("trong cõi", "verse"),
        ("* * *", "break"),
        ("Đêm", "heading"),
        ("Hết.", "prose"),
    ]


def test_empty_lines_between_all_paragraphs_part_no_scenes(tmp_path: Path) -> None:
    document = read(tmp_path, fb2(section("Chương 1", "<p>Nước lên.</p><empty-line/>" * 5)))
    assert texts(document) == [["Chương 1", *["Nước lên."] * 5]]


def test_notes(tmp_path: Path) -> None:
    notes = (
        '<body name="notes"><title><p>Chú thích</p></title><section id="n1">'
        "<title><p>1</p></title><p>Một con sông.</p></section></body>"
    )
    body = '<p>Sông Vàm<a l:href="#n1" type="note">[1]</a> rộng.</p>'
    document = read(tmp_path, fb2(section("Chương 1", body), notes))
    assert texts(document) == [["Chương 1", "Sông Vàm rộng."], ["Một con sông."]]
    assert document.chapters[1].title == "Chú thích"
    assert document.chapters[1].paragraphs[0].kind is Kind.NOTE


def test_what_a_book_says_of_itself(tmp_path: Path) -> None:
    meta = read(tmp_path, fb2("<p>Nước lên.</p>", info=INFO, ending=BINARY)).meta
    assert (meta.title, meta.author, meta.date) == (
        "Mùa nước nổi", "Nguyễn Văn Mây, Sóng", "1999-05-01",
    )  # fmt: skip
    assert (meta.language, meta.publisher) == ("vi", "Nhà xuất bản Sông")
    assert (meta.description, meta.cover) == ("Chuyện một mùa nước.", JPEG)


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1258"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = fb2("<p>Déjà vu.</p>").decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
    assert texts(read(tmp_path, text.encode(encoding))) == [["Déjà vu."]]


def test_packed_as_a_zip_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sach.fb2", fb2(section("Chương 1", "<p>Nước lên.</p>"), info=INFO))
    document = read(tmp_path, buffer.getvalue(), "sach.fb2.zip")
    assert texts(document) == [["Chương 1", "Nước lên."]]
    assert document.meta.title == "Mùa nước nổi"


def test_books_that_are_not_well_formed(tmp_path: Path) -> None:
    sound = fb2(section("Chương 1", "<p>Nước lên.</p><p>Nước & rút.</p>"))
    assert texts(read(tmp_path, sound)) == [["Chương 1", "Nước lên.", "Nước rút."]]
    cut = sound[: sound.index("rút".encode())]
    assert texts(read(tmp_path, cut))[0][:2] == ["Chương 1", "Nước lên."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (fb2(""), "holds no text"),
        (b"<FictionBook", "holds no text"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + fb2("<p>&x;</p>")[38:], "entities"),
        (fb2("<section>" * 400 + "<p>A.</p>"), "nested deeper"),
        (fb2("<p>A.</p>" * 210_000), "too much markup"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(tmp_path, data)
    assert caught.value.remedy
