"""RTF: text, headings and notes, and none of what is around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from clock import cpu_seconds

from audiobook.errors import SourceError
from audiobook.model import Document, Kind, Paragraph
from audiobook.stages import readers

HEAD = (
    r"{\rtf1\ansi\ansicpg1258\deff0{\fonttbl{\f0\fnil\fcharset163 Times New Roman;}"
    r"{\f1\fnil\fcharset0 Arial;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0\snext0 heading 1;}{\s2\outlinelevel1 M\u7909?c;}}"
)


def escaped(text: str) -> str:
    return "".join(c if c.isascii() else rf"\u{ord(c)}?" for c in text)


def rtf(body: str, head: str = HEAD) -> bytes:
    return (head + escaped(body) + "}").encode("ascii")


def read(folder: Path, data: bytes) -> Document:
    path = folder / "sach.rtf"
    path.write_bytes(data)
    return readers.read(str(path))


def paragraphs(folder: Path, body: str) -> list[Paragraph]:
    (chapter,) = read(folder, rtf(body)).chapters
    return list(chapter.paragraphs)


def test_paragraphs_and_letters(tmp_path: Path) -> None:
    body = r"\pard Nước \b lên\b0  t\'ea đêm.\par\pard {\i Trời} mưa\line to.\par “A”\emdash\'d2"
    assert [paragraph.text for paragraph in paragraphs(tmp_path, body)] == [
        "Nước lên tê đêm.", "Trời mưa", "to.", "“A”—\u0309",
    ]  # fmt: skip


def test_headings(tmp_path: Path) -> None:
    body = (
        r"\pard\plain\s1\b Chương 1\par Tiếp\par\pard\plain\s0 Nước lên.\par"
        r"\pard\s2 Đêm\par\pard\outlinelevel2 Khuya\par\pard Hết.\par"
    )
    assert paragraphs(tmp_path, body) == [
        Paragraph("Chương 1", Kind.HEADING, 1),
        Paragraph("Tiếp", Kind.HEADING, 1),
        Paragraph("Nước lên."),
        Paragraph("Đêm", Kind.HEADING, 2),
        Paragraph("Khuya", Kind.HEADING, 3),
        Paragraph("Hết."),
    ]


def test_notes_are_notes(tmp_path: Path) -> None:
    body = (
        r"\pard Sông{\super\chftn{\footnote\pard\plain{\super\chftn} Một con {\i sông}.}} rộng."
        r"\par Núi{\*\footnote Một ngọn núi.} cao.\par"
    )
    assert paragraphs(tmp_path, body) == [
        Paragraph("Sông rộng."),
        Paragraph("Núi cao."),
        Paragraph("Một con sông.", Kind.NOTE),
        Paragraph("Một ngọn núi.", Kind.NOTE),
    ]


def test_what_is_not_text_is_not_read(tmp_path: Path) -> None:
    body = (
        r"{\header Trang {\field{\*\fldinst PAGE}{\fldrslt 7}}}\pard Nước"
        r"{\*\shppict{\pict\pngblip 89504e47}}{\pict\bin4 {}}}} {\v ẩn}{\deleted xóa}lên 5 m"
        r"{\super 2}"
        r"{\*\annotation Ghi.}, {\field{\*\fldinst{HYPERLINK \"http://a.vn\"}}{\fldrslt xem}}.\par"
    )
    assert paragraphs(tmp_path, body) == [Paragraph("Nước lên 5 m², xem.")]


def test_rows_of_tables_are_read_as_sentences(tmp_path: Path) -> None:
    body = r"\trowd\intbl Tháng\cell Nước | gió\cell\row\pard Hết.\par"
    assert [paragraph.text for paragraph in paragraphs(tmp_path, body)] == [
        "Tháng, Nước | gió",
        "Hết.",
    ]


def test_what_a_text_says_of_itself(tmp_path: Path) -> None:
    info = (
        r"{\info{\title Mùa nước}{\author Nguyễn Mây}{\creatim\yr1999\mo5\dy1\hr8}}\pard Nước lên."
    )
    meta = read(tmp_path, rtf(info)).meta
    assert (meta.title, meta.author, meta.date) == ("Mùa nước", "Nguyễn Mây", "1999-05-01")
    assert read(tmp_path, rtf(r"{\info{\title M?a n??c}}Nước lên.")).meta.title == ""


def test_letters_beyond_ascii_that_are_not_escaped(tmp_path: Path) -> None:
    line = "Nước non vạn dặm, trời đất một màu, người đi không về."
    document = read(tmp_path, rb"{\rtf1\ansi\ansicpg1252 " + line.encode() + b"}")
    assert document.chapters[0].paragraphs[0].text == line


def test_pictures_of_raw_bytes_end_where_they_say(tmp_path: Path) -> None:
    picture = b"{\\pict\\pngblip\\bin6 }\xff\xfe{}\x80}"
    document = read(tmp_path, HEAD.encode() + rb"\pard A." + picture + rb"\par B.\par}")
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == ["A.", "B."]


def test_each_font_has_its_encoding(tmp_path: Path) -> None:
    head = HEAD.replace("ansicpg1258", "ansicpg1252").replace(
        "fcharset0 Arial", "fcharset204 Arial"
    )
    document = read(tmp_path, (head + r"\pard\f1 \'cc\'e8\'f0\par\f0 d\'f0}").encode())
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == ["Мир", "dđ"]


def test_old_fonts(tmp_path: Path) -> None:
    shown = "Céng hßa x· héi chñ nghÜa ViÖt Nam, n­íc non v¹n dÆm."
    data = "".join(c if c.isascii() else rf"\'{ord(c):02x}" for c in shown)
    source = rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0\fcharset0 .VnTime;}}}}\f0 {data}\par}}"
    (chapter,) = read(tmp_path, source.encode()).chapters
    assert chapter.paragraphs[0].text == "Cộng hòa xã hội chủ nghĩa Việt Nam, nước non vạn dặm."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (rtf(""), "holds no text"),
        (rtf(r"\pard ... \par"), "holds no text"),
        (b"{\\rtf1", "holds no text"),
        (rtf(r"\uc A"), "damaged"),
        (rtf(r"\u9999999 ?"), "damaged"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(tmp_path, data)
    assert caught.value.remedy


@pytest.mark.parametrize("piece", [r"{\pict", r"{\field{\*\fldinst", "{", "}", r"{\v\b", r"\bin9 "])
def test_no_file_takes_long(tmp_path: Path, piece: str) -> None:
    path = tmp_path / "sach.rtf"

    def read_whole() -> None:
        try:
            readers.read(str(path))
        except SourceError as problem:
            assert problem.remedy

    for body in (piece * 20_000, f"A{piece * 20_000}"):
        path.write_bytes(HEAD.encode() + body.encode())
        assert cpu_seconds(read_whole) < 5
