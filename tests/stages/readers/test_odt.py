"""OpenDocument: headings, notes and verse of a text, and what is hidden in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from audiobook.errors import SourceError
from audiobook.model import Document, Kind, Paragraph
from audiobook.stages import readers

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
        ("draw", "drawing"), ("meta", "meta"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
DUBLIN_CORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
KIND = "application/vnd.oasis.opendocument.text"
META = (
    "<office:meta><dc:title>Mùa nước nổi</dc:title><meta:initial-creator>Nguyễn Mây"
    "</meta:initial-creator><meta:creation-date>1999-05-01T08:00:00</meta:creation-date>"
    "<dc:language>vi</dc:language><dc:description>Một mùa nước.</dc:description></office:meta>"
)


def xml(root: str, inside: str) -> str:
    return f'<?xml version="1.0"?><office:{root} {_SPACES} {DUBLIN_CORE}>{inside}</office:{root}>'


def style(name: str, family: str = "paragraph", parent: str = "", properties: str = "") -> str:
    above = f' style:parent-style-name="{parent}"' if parent else ""
    look = f"<style:text-properties {properties}/>" if properties else ""
    return f'<style:style style:name="{name}" style:family="{family}"{above}>{look}</style:style>'


def odt(body: str, *, styles: str = "", automatic: str = "", extra: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", KIND)
        text = f"<office:body><office:text>{body}</office:text></office:body>"
        looks = f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        archive.writestr("content.xml", xml("document-content", looks + text))
        archive.writestr(
            "styles.xml", xml("document-styles", f"<office:styles>{styles}</office:styles>")
        )
        archive.writestr("meta.xml", xml("document-meta", META))
        if extra:
            archive.writestr("META-INF/manifest.xml", extra)
    return buffer.getvalue()


def p(text: str, name: str = "Standard") -> str:
    return f'<text:p text:style-name="{name}">{text}</text:p>'


def h(text: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def note(text: str) -> str:
    return (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def read(folder: Path, data: bytes, name: str = "sach.odt") -> Document:
    path = folder / name
    path.write_bytes(data)
    return readers.read(str(path))


def paragraphs(folder: Path, body: str, **parts: str) -> list[Paragraph]:
    (chapter,) = read(folder, odt(body, **parts)).chapters
    return list(chapter.paragraphs)


def test_headings_and_text(tmp_path: Path) -> None:
    body = p("Mùa nước nổi", "P1") + h("Chương 1") + p("Nước<text:s text:c='2'/>lên.") + h("Đêm", 2)
    assert paragraphs(
        tmp_path, body, automatic=style("P1", parent="Title"), styles=style("Title")
    ) == [
        Paragraph("Mùa nước nổi", Kind.HEADING, 1),
        Paragraph("Chương 1", Kind.HEADING, 1),
        Paragraph("Nước lên."),
        Paragraph("Đêm", Kind.HEADING, 2),
    ]


def test_notes_stand_behind_their_paragraph(tmp_path: Path) -> None:
    body = p(f"Sông{note('Một con sông.')} rộng, núi{note('Một ngọn núi.')} cao.") + p("Hết.")
    assert paragraphs(tmp_path, body) == [
        Paragraph("Sông rộng, núi cao."),
        Paragraph("Một con sông.", Kind.NOTE),
        Paragraph("Một ngọn núi.", Kind.NOTE),
        Paragraph("Hết."),
    ]


def test_styles_tell_verse_captions_and_quotations(tmp_path: Path) -> None:
    looks = style("Caption") + style("Quotations") + style("Poem")
    looks += style("P1", parent="Caption") + style("P2", parent="Quotations")
    body = p("Ảnh sông", "P1") + p("Lời xưa.", "P2") + p("Nước lên.") * 3
    body += p("Trăm năm<text:line-break/>trong cõi", "Poem")
    kinds = [
        (paragraph.text, paragraph.kind.value)
        for paragraph in paragraphs(tmp_path, body, styles=looks)
    ]
    assert kinds[:2] == [("Ảnh sông", "caption"), ("Lời xưa.", "quote")]
    assert kinds[-2:] == [("Trăm năm", "verse"), ("trong cõi", "verse")]


def test_what_nobody_sees_is_not_read(tmp_path: Path) -> None:
    looks = style("T1", "text", properties='text:display="none"')
    looks += style("T2", "text", properties='style:text-position="super 58%"')
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>"
        f"{p('Đã xóa.')}</text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:table-of-content><text:index-body>{p('Chương 1 5')}</text:index-body>"
        "</text:table-of-content>"
        + p('Nước <text:span text:style-name="T1">ẩn </text:span>lên 5 m<text:span'
            ' text:style-name="T2">2</text:span><office:annotation><text:p>Ghi.</text:p>'
            "</office:annotation>.")
    )  # fmt: skip
    assert paragraphs(tmp_path, body, automatic=looks) == [Paragraph("Nước lên 5 m².")]


def test_tables_and_text_boxes(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f"<table:table-cell>{p(text)}</table:table-cell>"

    row = f"<table:table-row>{cell('Tháng')}{cell('Nước')}</table:table-row>"
    box = f"<draw:frame><draw:text-box>{p('Trong khung.')}</draw:text-box><svg:title>t</svg:title>"
    body = f"<table:table>{row}</table:table>" + p(f"Nước{box}</draw:frame> lên.")
    assert [paragraph.text for paragraph in paragraphs(tmp_path, body)] == [
        "Tháng, Nước", "Nước lên.", "Trong khung.",
    ]  # fmt: skip


def test_what_a_text_says_of_itself(tmp_path: Path) -> None:
    meta = read(tmp_path, odt(p("Nước lên."))).meta
    assert (meta.title, meta.author, meta.date) == ("Mùa nước nổi", "Nguyễn Mây", "1999-05-01")
    assert (meta.language, meta.description) == ("vi", "Một mùa nước.")


def test_one_file_instead_of_an_archive(tmp_path: Path) -> None:
    body = f"<office:body><office:text>{h('Chương 1')}{p('Nước lên.')}</office:text></office:body>"
    document = read(tmp_path, xml("document", META + body).encode(), "sach.fodt")
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == [
        "Chương 1",
        "Nước lên.",
    ]
    assert document.meta.title == "Mùa nước nổi"


def test_styles_made_from_themselves_end(tmp_path: Path) -> None:
    looks = style("P1", parent="P2") + style("P2", parent="P1")
    assert paragraphs(tmp_path, p("Nước lên.", "P1"), automatic=looks) == [Paragraph("Nước lên.")]


LOCKED = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (odt(""), "holds no text"),
        (odt(p("A."), extra=LOCKED), "protected by a password"),
        (odt(p("A."))[:-60], "broken ZIP"),
        (b"<office:document", "OpenDocument|holds no text"),
        (odt("<text:section>" * 300 + p("A.")), "nested deeper"),
        (odt(p("A.") * 210_000), "too much markup"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(tmp_path, data)
    assert caught.value.remedy
