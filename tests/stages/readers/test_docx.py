from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest

from audiobook.errors import SourceError
from audiobook.model import Document, Kind, Meta
from audiobook.stages.readers import docx
from audiobook.stages.readers.docx.numbering import spell_number

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PROPERTIES = f"{PACKAGE}/metadata/core-properties"
SPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:office" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
STYLES = """
<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="u3"><w:name w:val="heading 3"/></w:style>
<w:style w:type="paragraph" w:styleId="Chuong"><w:name w:val="Tên chương"/>
  <w:basedOn w:val="u1"/></w:style>
<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Mục"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="cap"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="ML1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Tho"><w:name w:val="Thơ lục bát"/></w:style>
<w:style w:type="paragraph" w:styleId="Trich"><w:name w:val="Intense Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>
<w:style w:type="character" w:styleId="Kin"><w:name w:val="Kín"/>
  <w:rPr><w:vanish/></w:rPr></w:style>
"""
CORE = """<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Mùa  nước nổi</dc:title>
<dc:creator>Lê Thị Hạnh</dc:creator><dc:language>vi-VN</dc:language>
<dc:subject>Truyện dài</dc:subject>
<dcterms:created>2019-03-07T08:00:00Z</dcterms:created>
<dcterms:modified>2021-01-01T08:00:00Z</dcterms:modified></cp:coreProperties>"""


def part(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {SPACES}>{content}</w:{root}>'


def relations(**targets: str) -> str:
    kinds = "".join(
        f'<Relationship Id="{kind}" Type="{PROPERTIES if kind == "core" else f"{OFFICE}/{kind}"}"'
        f' Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{kinds}</Relationships>'


def word(body: str, *, core: str = "", **parts: str) -> bytes:
    """Make a Word file: its body, and other parts by their name."""
    parts = {"styles": STYLES, **parts}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", relations(officeDocument="word/document.xml", core="docProps/core.xml")
        )
        archive.writestr(
            "word/_rels/document.xml.rels", relations(**{name: f"{name}.xml" for name in parts})
        )
        archive.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", part(name, content))
        if core:
            archive.writestr("docProps/core.xml", core)
    return packed.getvalue()


def p(content: str, style: str = "", **properties: str) -> str:
    if not content.startswith("<"):
        content = run(content)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    others = "".join(f'<w:{name} w:val="{value}"/>' for name, value in properties.items())
    return f"<w:p><w:pPr>{styled}{others}</w:pPr>{content}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, depth: int = 0, name: int = 1) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>'
    return f"<w:p><w:pPr>{listed}</w:pPr>{run(text)}</w:p>"


def complex_field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>"
        f"{mark.format('separate')}{result}{mark.format('end')}"
    )


def read(data: bytes) -> Document:
    return docx.read(data, "truyen.docx")


def read_body(body: str, **parts: str) -> list[tuple[str, Kind, int]]:
    (chapter,) = read(word(body, **parts)).chapters
    assert (chapter.title, chapter.level) == ("", 1)
    return [(paragraph.text, paragraph.kind, paragraph.level) for paragraph in chapter.paragraphs]


def texts(body: str, **parts: str) -> list[str]:
    return [text for text, _, _ in read_body(body, **parts)]


def test_quotations_are_known_by_style() -> None:
    body = p("Ông viết:") + p("Tôi đi đây.", "Trich") + p("Hết.")
    kinds = [kind for _, kind, _ in read_body(body)]
    assert kinds == [Kind.PROSE, Kind.QUOTE, Kind.PROSE]


def test_headings_are_known_by_style_and_outline() -> None:
    body = (
        p("Mùa nước nổi", "Title")
        + p("Chương 1<!-- -->", "u1")
        + p("Trời mưa.")
        + p("Một mục nhỏ", "u3")
        + p("Chương 2", "Chuong")
        + p("Phần nhỏ", "Muc")
        + p("Tự đặt cấp", outlineLvl="3")
        + p("Thân bài", outlineLvl="9")
        + p("Vòng tròn", "A")
    )
    assert read_body(body) == [
        ("Mùa nước nổi", Kind.HEADING, 1),
        ("Chương 1", Kind.HEADING, 1),
        ("Trời mưa.", Kind.PROSE, 0),
        ("Một mục nhỏ", Kind.HEADING, 3),
        ("Chương 2", Kind.HEADING, 1),
        ("Phần nhỏ", Kind.HEADING, 2),
        ("Tự đặt cấp", Kind.HEADING, 4),
        ("Thân bài", Kind.PROSE, 0),
        ("Vòng tròn", Kind.PROSE, 0),
    ]


def test_metadata() -> None:
    document = read(word(p("Một."), core=CORE))
    assert document.meta == Meta(
        title="Mùa nước nổi",
        author="Lê Thị Hạnh",
        date="2019-03-07",
        language="vi-VN",
        description="Truyện dài",
    )
    assert read(word(p("Mùa khô", "Title") + p("Một."))).meta == Meta(title="Mùa khô")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p(run("Nước ") + run(" lên,") + run(" rồi rút.")), ["Nước lên, rồi rút."]),
        (p("  \t "), []),
        (p(run("Một") + "<w:r><w:tab/></w:r>" + run("hai")), ["Một hai"]),
        (p(run("Một") + "<w:r><w:br/></w:r>" + run(" hai")), ["Một\nhai"]),
        (p('<w:r><w:br w:type="page"/></w:r>' + run("Trang mới.")), ["Trang mới."]),
        (
            p(run("ki") + "<w:r><w:softHyphen/></w:r>" + run("lô")),
            ["kilô"],
        ),
        (p(f"<w:hyperlink>{run('một nẻo')}</w:hyperlink>{run(' về')}"), ["một nẻo về"]),
        # Changes are accepted.
        (p(f"<w:ins>{run('thêm')}</w:ins><w:del>{run('bớt')}</w:del>"), ["thêm"]),
        (p(f"<w:moveFrom>{run('cũ')}</w:moveFrom>{run('mới')}"), ["mới"]),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("Nửa ") + "</w:p>" + p("câu."),
            ["Nửa câu."],
        ),
        (
            '<w:p><w:pPr><w:pPrChange><w:pPr><w:pStyle w:val="ML1"/></w:pPr></w:pPrChange></w:pPr>'
            + run("Từng là mục lục.")
            + "</w:p>",
            ["Từng là mục lục."],
        ),
        # What is hidden is not read.
        (p(run("kín", "<w:vanish/>") + run("hở")), ["hở"]),
        (p(run("hở", '<w:vanish w:val="0"/>')), ["hở"]),
        (p(run("kín", '<w:rStyle w:val="Kin"/>') + run("hở")), ["hở"]),
        ("<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + run("hở") + "</w:p>", ["hở"]),
        # Only the result of a field is read, and a table of contents not at all.
        (p(complex_field("PAGE", run("12"))), ["12"]),
        (p(complex_field("REF muc \\h", complex_field("DATE", run("mùng ba")))), ["mùng ba"]),
        (p(f'<w:fldSimple w:instr=" TITLE ">{run("Tên")}</w:fldSimple>'), ["Tên"]),
        (
            p(complex_field(' TOC \\o "1-3"', run("Chương 1 … 5") + "</w:p><w:p>" + run("II")))
            + p("Thân bài."),
            ["Thân bài."],
        ),
        (p("Chương 1	5", "ML1") + p("Thân bài."), ["Thân bài."]),
        (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{p('Mục lục')}</w:sdtContent></w:sdt>"
            f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Giữ lại.')}</w:sdtContent></w:sdt>",
            ["Giữ lại."],
        ),
        # Text for a program without the newer drawing is not read twice.
        (
            p(
                f"<mc:AlternateContent><mc:Choice><w:r><w:txbxContent>{p('Trong khung.')}"
                "</w:txbxContent></w:r></mc:Choice><mc:Fallback><w:r><w:txbxContent>"
                f"{p('Trong khung.')}</w:txbxContent></w:r></mc:Fallback></mc:AlternateContent>"
                + run("Ngoài khung.")
            ),
            ["Ngoài khung.", "Trong khung."],
        ),
    ],
)
def test_what_is_read(body: str, expected: list[str]) -> None:
    assert texts(body + p("Hết.")) == [*expected, "Hết."]


def test_verse_captions_and_breaks() -> None:
    rule = '<w:r><w:pict><v:rect o:hr="t"/></w:pict></w:r>'
    border = '<w:p><w:pPr><w:pBdr><w:bottom w:val="single"/></w:pBdr></w:pPr></w:p>'
    body = (
        p(run("Trời xanh mây trắng") + "<w:r><w:br/></w:r>" + run("gió đưa cành trúc"), "Tho")
        + p("Hình 1. Con đò", "cap")
        + p(rule)
        + border
        + p("Sáng hôm sau.")
    )
    assert read_body(body) == [
        ("Trời xanh mây trắng", Kind.VERSE, 0),
        ("gió đưa cành trúc", Kind.VERSE, 0),
        ("Hình 1. Con đò", Kind.CAPTION, 0),
        ("* * *", Kind.BREAK, 0),
        ("* * *", Kind.BREAK, 0),
        ("Sáng hôm sau.", Kind.PROSE, 0),
    ]


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    mark = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    own_mark = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="3"/><w:t>*</w:t></w:r>'
    footnotes = (
        f'<w:footnote w:type="separator" w:id="0">{p("—")}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + run(" Một thứ đò."))}'
        f'</w:footnote><w:footnote w:id="3">{p("Người kể.", "u1")}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="2">{p("Theo sách cũ.")}</w:endnote>'
    body = p(
        run("Con đò") + mark.format("footnote", 2) + run(" sang sông") + mark.format("endnote", 2)
    ) + p(run("Ông ấy") + own_mark + run(" về."))
    assert read_body(body, footnotes=footnotes, endnotes=endnotes) == [
        ("Con đò sang sông", Kind.PROSE, 0),
        ("Một thứ đò.", Kind.NOTE, 0),
        ("Theo sách cũ.", Kind.NOTE, 0),
        ("Ông ấy về.", Kind.PROSE, 0),
        ("Người kể.", Kind.NOTE, 0),
    ]


def test_a_table_is_read_row_by_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    body = "<w:tbl>{}</w:tbl>".format(
        row(p("Năm"), p("Sản lượng"))
        + row(merged + p("2019"), p("5 tấn"), p(""))
        + row("<w:tcPr><w:vMerge/></w:tcPr>" + p("2019"), p("6 tấn"), p("được mùa"))
        + row(p("Ô một.") + p("Vẫn ô một."), p("Ô hai."))
        + row(f"<w:tbl>{row(p('trong'), p('ngoài'))}</w:tbl>" + p(""))
        + "<w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + p("Đã xoá")
        + "</w:tc></w:tr>"
    )
    assert texts(body) == [
        "Năm, Sản lượng",
        "2019, 5 tấn",
        "6 tấn, được mùa",
        "Ô một.",
        "Vẫn ô một.",
        "Ô hai.",
        "trong, ngoài",
    ]


def test_automatic_numbers_are_read() -> None:
    def level(depth: int, form: str, label: str) -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{label}"/></w:lvl>'
        )

    numbering = (
        '<w:abstractNum w:abstractNumId="7">'
        + level(0, "upperRoman", "Chương %1:")
        + level(1, "lowerLetter", "%2)")
        + '</w:abstractNum><w:abstractNum w:abstractNumId="8">'
        + level(0, "bullet", "•")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="9"/></w:lvlOverride></w:num>'
    )
    body = (
        item("Mưa")
        + item("một", 1)
        + item("hai", 1)
        + item("Nắng")
        + item("ba", 1)
        + item("Gió", name=3)
        + item("Chấm tròn", name=2)
        + item("Không có danh sách", name=99)
        + item("", name=1)
    )
    assert texts(body, numbering=numbering) == [
        "Chương I: Mưa",
        "a) một",
        "b) hai",
        "Chương II: Nắng",
        "a) ba",
        "Chương IX: Gió",
        "Chấm tròn",
        "Không có danh sách",
    ]


@pytest.mark.parametrize(
    ("number", "form", "spelled"),
    [
        (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"),
        (28, "lowerLetter", "bb"),
        (10**6, "lowerLetter", "1000000"),
        (5, "decimal", "5"),
    ],
)
def test_numbers_of_lists_as_they_are_spelled(number: int, form: str, spelled: str) -> None:
    assert spell_number(number, form) == spelled


def test_a_file_without_styles_is_prose() -> None:
    (chapter,) = read(word(p("Chương 1", "u1"), styles="")).chapters
    assert [paragraph.kind for paragraph in chapter.paragraphs] == [Kind.PROSE]


def test_a_strict_file() -> None:
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(word(p("Chương 1", "u1")))) as plain,
        zipfile.ZipFile(packed, "w") as strict,
    ):
        for name in plain.namelist():
            content = plain.read(name).replace(W.encode(), STRICT.encode())
            strict.writestr(name, content.replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml"))
    (chapter,) = read(packed.getvalue()).chapters
    assert chapter.paragraphs[0].kind is Kind.HEADING


def test_a_file_by_another_writer() -> None:
    library = pytest.importorskip("docx", reason="python-docx writes the file of this test")
    writer = library.Document()
    writer.core_properties.title = "Mùa khô"
    writer.core_properties.author = "Trần Văn Bình"
    writer.add_heading("Mùa khô", 0)
    writer.add_heading("Chương 1", 1)
    writer.add_paragraph("Đất nứt nẻ.")
    writer.add_paragraph("lúa", style="List Number")
    writer.add_paragraph("ngô", style="List Number")
    table = writer.add_table(2, 2)
    for cell, text in zip(table._cells, ["Tháng", "Mưa", "Ba", "12 mm"], strict=True):
        cell.text = text
    packed = BytesIO()
    writer.save(packed)
    document = read(packed.getvalue())
    assert (document.meta.title, document.meta.author) == ("Mùa khô", "Trần Văn Bình")
    (chapter,) = document.chapters
    assert [(paragraph.text, paragraph.level) for paragraph in chapter.paragraphs] == [
        ("Mùa khô", 1),
        ("Chương 1", 1),
        ("Đất nứt nẻ.", 0),
        ("1. lúa", 0),
        ("2. ngô", 0),
        ("Tháng, Mưa", 0),
        ("Ba, 12 mm", 0),
    ]


# --- old Vietnamese fonts -----------------------------------------------------------------------

MEANT = "Cộng hòa xã hội chủ nghĩa Việt Nam, nước non vạn dặm."
TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam, n\xadíc non v¹n dÆm."
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, nöôùc non vaïn daëm."


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


@pytest.mark.parametrize(("shown", "name"), [(TCVN3, ".VnTime"), (VNI, "VNI-Times")])
def test_each_run_is_read_by_its_own_font(shown: str, name: str) -> None:
    half = len(shown) // 2  # Word parts a run wherever somebody made a correction
    old = run(shown[:half], font(name)) + run(shown[half:], font(name))
    body = p(run("Tiếng ta còn đó. ", font("Arial")) + old + run(" Là thế.", font("Arial")))
    assert texts(body) == [f"Tiếng ta còn đó. {MEANT} Là thế."]


@pytest.mark.parametrize(
    "declaration",
    [
        '<w:style w:type="paragraph" w:default="1" w:styleId="N">{}</w:style>',
        '<w:docDefaults><w:rPrDefault>{}</w:rPrDefault></w:docDefaults><w:style w:styleId="N"/>',
    ],
)
def test_a_font_of_the_whole_document(declaration: str) -> None:
    styles = declaration.format(f"<w:rPr>{font('.VnTime')}</w:rPr>")
    body = p("Môc lôc") + p(TCVN3) + p(run("Đã có.", font("Times New Roman")))
    assert texts(body, styles=styles) == ["Mục lục", MEANT, "Đã có."]


def test_what_was_read_by_its_font_is_told() -> None:
    old = run(TCVN3, font(".VnTime"))
    (change,) = read(word(p(old) * 2 + p("Hết."))).changes
    assert (change.step, change.count, change.example) == (
        "read by old Vietnamese fonts", 2, MEANT
    )  # fmt: skip
    assert {(piece.text, piece.instead) for piece in change.left_out} == {(TCVN3, MEANT)}


def test_a_font_of_capitals() -> None:
    assert texts(p(run("viÖt nam", font(".VnTimeH")))) == ["VIỆT NAM"]


def test_converted_text_may_keep_its_old_font() -> None:
    old = font(".VnTime")
    body = p(run("Xã có đò.", old)) + p(run(MEANT, old)) + p(run(TCVN3, old))
    assert texts(body) == ["Xã có đò.", MEANT, MEANT]


# --- files that cannot be read ------------------------------------------------------------------


def zipped(files: dict[str, str | bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def document(content: str | bytes) -> bytes:
    """Make a Word file whose main part is just this."""
    return zipped({"_rels/.rels": relations(officeDocument="d.xml"), "d.xml": content})


ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 but no more", "is a broken ZIP"),
        (word(p("Một."))[:-40], "is a broken ZIP"),
        (b"", "is a broken ZIP"),
        (zipped({"mimetype": "application/epub+zip"}), "is not a Word file"),
        (document("<workbook/>"), "is not a Word file"),
        (zipped({"_rels/.rels": relations(officeDocument="../d.xml")}), "is not a Word file"),
        (document("<w:document"), "is damaged"),
        (document(b"\xff\x00\xff"), "is damaged"),
        (document('<?xml version="1.0" encoding="ascii-of-mars"?><d/>'), "is damaged"),
        (word(""), "holds no text"),
        (word(p("…")), "holds no text"),
        (document(ENTITY + "<d>&x;</d>"), "declares XML entities"),
        (document(ENTITY.encode("utf-16") + "<d/>".encode("utf-16-le")), "declares XML entities"),
        (document(" " * 20_000_000), r"unpacks to \d+ times its size"),
        (word("<w:altChunk/>"), "holds another file"),
        (
            word(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC'
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')),
            "table of contents has no end",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=rf"^truyen\.docx .*{message}") as problem:
        read(data)
    assert problem.value.remedy


def test_a_member_with_a_password() -> None:
    data = bytearray(word(p("Một.")))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = data.find(magic)
        while position >= 0:
            data[position + flags] |= 1
            position = data.find(magic, position + 4)
    with pytest.raises(SourceError, match=r"cannot be unpacked \(it has a password"):
        read(bytes(data))


def test_depth_costs_nothing() -> None:
    deep = 20_000
    nested = "<w:customXml>" * deep + p("Ở đáy.") + "</w:customXml>" * deep
    assert texts(nested) == ["Ở đáy."]
    tables = "<w:tbl><w:tr><w:tc>" * deep + p("Ở đáy.") + "</w:tc></w:tr></w:tbl>" * deep
    assert texts(tables) == ["Ở đáy."]


def test_a_note_is_read_once_however_often_it_is_referred_to() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    footnotes = f'<w:footnote w:id="2">{p("Chú thích.")}</w:footnote>'
    assert texts(p(run("Một.") + mark * 1000), footnotes=footnotes) == ["Một.", "Chú thích."]


def test_damaged_bytes_end_in_one_clear_error_or_text() -> None:
    sound = word(p("Chương 1", "u1") + p("Trời mưa.") * 20, core=CORE)
    chance = random.Random(7)
    for _ in range(400):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
        except SourceError as problem:
            assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("letter", "following", "text"),
    [("T", "rời vừa hửng.", "Trời vừa hửng."), ("Ở", " nhà một mình.", "Ở nhà một mình.")],
)
def test_an_initial_in_a_frame_is_joined_with_its_word(
    letter: str, following: str, text: str
) -> None:
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    spaced = f'<w:r><w:t xml:space="preserve">{following}</w:t></w:r>'
    body = f"<w:p><w:pPr>{frame}</w:pPr>{run(letter)}</w:p>{p(spaced)}{p('Hết.')}"
    assert texts(body) == [text, "Hết."]


SUM = '<m:naryPr><m:chr m:val="∑"/></m:naryPr>'


def maths(content: str) -> str:
    return f"<m:oMath>{content}</m:oMath>"


def m(name: str, *inner: str) -> str:
    """Return an element of Office Math; one without elements in it holds text."""
    content = "".join(
        each if each.startswith("<") else f"<m:r><m:t>{each}</m:t></m:r>" for each in inner
    )
    return f"<m:{name}>{content}</m:{name}>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (m("f", m("num", "1"), m("den", "2")), "1 trên 2"),
        (m("sSup", m("e", "x"), m("sup", "2")), "x bình phương"),
        (m("sSub", m("e", "a"), m("sub", "1")), "a 1"),
        (m("rad", m("deg"), m("e", "3")), "căn 3"),
        (m("rad", m("deg", "3"), m("e", "8")), "căn bậc ba của 8"),
        (
            m("nary", SUM, m("sub", "i=1"), m("sup", "n"), m("e", "i")),
            "tổng từ i bằng 1 đến n của i",
        ),
    ],
)
def test_formulas_say_what_they_mean(formula: str, text: str) -> None:
    assert texts(p(run("Ta có") + maths(formula) + run("."))) == [f"Ta có {text}."]


RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("word", "raised", "text"),
    [
        ("x", "2", "x²"),
        ("Ta có (a + b)", "3", "Ta có (a + b)³"),
        ("rộng 20 m", "2", "rộng 20 m²"),
        ("nặng 10", "-3", "nặng 10⁻³"),
        ("Vua đi săn", "12", "Vua đi săn¹²"),
        ("ngày 1", "st", "ngày 1st"),
    ],
)
def test_raised_digits_are_those_of_a_power_or_a_note(word: str, raised: str, text: str) -> None:
    body = run(word) + run(raised, RAISED)
    assert read_body(f"<w:p>{body}</w:p>") == [(text, Kind.PROSE, 0)]
    lowered = run(word) + run(raised, RAISED.replace("super", "sub"))
    assert read_body(f"<w:p>{lowered}</w:p>") == [(word + raised, Kind.PROSE, 0)]


def test_a_style_may_raise_its_text() -> None:
    style = f'<w:style w:styleId="cao"><w:name w:val="Cao"/><w:rPr>{RAISED}</w:rPr></w:style>'
    body = run("x") + run("2", '<w:rStyle w:val="cao"/>') + run(" lớn")
    assert read_body(f"<w:p>{body}</w:p>", styles=STYLES + style) == [("x² lớn", Kind.PROSE, 0)]
    plain = run("x") + run(
        "2", f'<w:rStyle w:val="cao"/>{RAISED.replace("superscript", "baseline")}'
    )
    assert read_body(f"<w:p>{plain}</w:p>", styles=STYLES + style) == [("x2", Kind.PROSE, 0)]


def test_a_raised_digit_is_none_of_an_old_font() -> None:
    old = run("Vua ®i s¨n", font(".VnTime")) + run("1", font(".VnTime") + RAISED)
    assert read_body(f"<w:p>{old}</w:p>") == [("Vua đi săn¹", Kind.PROSE, 0)]
