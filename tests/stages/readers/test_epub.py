from __future__ import annotations

import io
import re
import unicodedata
import zipfile

import pytest
from books import JPEG, NCX_ITEM, PNG, book, epub, ncx, package, page, point
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from audiobook.errors import SourceError
from audiobook.model import Document, Kind
from audiobook.stages.readers.epub import read

BOOKS = SHARED / "books"

NAV = (
    '<nav epub:type="toc"><ol><li><a href="1.xhtml">Phần một</a><ol>'
    '<li><a href="1.xhtml#c1"><b>Chương</b> 1</a></li><li><a href="2.xhtml">Chương 2</a></li>'
    "</ol></li><li><span>Phụ lục</span><ol><li><a href='3.xhtml'>Tra cứu</a></li></ol></li>"
    "</ol></nav><nav epub:type='landmarks'><ol><li><a href='2.xhtml'>Sách</a></li></ol></nav>"
)


def outline(document: Document) -> list[tuple[int, str, list[str]]]:
    return [
        (chapter.level, chapter.title, [paragraph.text for paragraph in chapter.paragraphs])
        for chapter in document.chapters
    ]


def test_epub_2_chapters_are_those_of_its_table_of_contents() -> None:
    data = book(
        {
            "bia.xhtml": "<p>Bìa trong</p>",
            "1.xhtml": "<p>Tác giả</p><p>CHƯƠNG 1</p><p>Mở đầu.</p>",
            "2.xhtml": "<p>Còn tiếp.</p>",
            "3.xhtml": "<h2>Chương 2</h2><p>Hết.</p>",
        },
        point("Chương 1", "1.xhtml"),
        point("Chương 2", "3.xhtml"),
    )
    document = read(data, "sách.epub")
    assert outline(document) == [
        (1, "", ["Bìa trong"]),
        (1, "Chương 1", ["Tác giả", "CHƯƠNG 1", "Mở đầu.", "Còn tiếp."]),
        (1, "Chương 2", ["Chương 2", "Hết."]),
    ]
    heading = document.chapters[1].paragraphs[1]
    assert (heading.kind, heading.level) == (Kind.HEADING, 1)


def test_epub_3_chapters_are_those_of_its_navigation() -> None:
    pages = {
        "1.xhtml": "<h1>Phần một</h1><h2 id='c1'>Chương 1</h2><p>Một.</p>",
        "2.xhtml": "<p>Hai.</p>",
        "3.xhtml": "<p>Ba.</p>",
    }
    item = '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    data = epub(
        {
            "sach/content.opf": package(
                list(pages), items=item, spine='<itemref idref="n" linear="no"/>'
            ),
            "sach/nav.xhtml": page(NAV),
            **{f"sach/{name}": page(body) for name, body in pages.items()},
        },
        path="sach/content.opf",
    )
    assert outline(read(data, "sách.epub")) == [
        (1, "Phần một", ["Phần một"]),
        (2, "Chương 1", ["Chương 1", "Một."]),
        (2, "Chương 2", ["Hai."]),
        (2, "Tra cứu", ["Ba."]),
    ]


def test_one_file_is_divided_where_its_entries_point() -> None:
    body = (
        "<p>Lời đầu.</p><h3>1</h3><hr/><h3 id='gia-toc'>Gia tộc</h3><p>Cha mẹ.</p>"
        "<div>Một đoạn.<br/><b><a id='ban'></a>Bạn bè</b><br/>Hai người.</div>"
    )
    data = book(
        {"1.xhtml": body, "2.xhtml": "<h3>2</h3><h3 id='thay'>Thầy</h3><p>Kính.</p>"},
        point("Lời đầu", "1.xhtml"),
        point("Gia tộc", "1.xhtml#gia-toc"),
        point("Bạn bè", "1.xhtml#ban"),
        point("Thầy", "2.xhtml#thay"),
    )
    assert outline(read(data, "sách.epub")) == [
        (1, "Lời đầu", ["Lời đầu."]),
        (1, "Gia tộc", ["1", "* * *", "Gia tộc", "Cha mẹ.", "Một đoạn."]),
        (1, "Bạn bè", ["Bạn bè", "Hai người."]),
        (1, "Thầy", ["2", "Thầy", "Kính."]),
    ]


@pytest.mark.parametrize(
    ("points", "chapters"),
    [
        # Both point to the file: the heading of the part is left to the part.
        (
            [point("Phần I", "1.xhtml", point("Chương 1", "1.xhtml"))],
            [(1, "Phần I", ["PHẦN I"]), (2, "Chương 1", ["Chương 1", "Lời."])],
        ),
        (
            [point("Quyển thượng", "1.xhtml", point("Chương 1", "1.xhtml"))],
            [(2, "Chương 1", ["PHẦN I", "Chương 1", "Lời."])],
        ),
        # The place is not there: the entry stands for the file, once.
        (
            [point("Chương 1", "1.xhtml#mat"), point("Chương 2", "1.xhtml#cung-mat")],
            [(1, "Chương 1", ["PHẦN I", "Chương 1", "Lời."])],
        ),
        # An entry for a file that the book does not read.
        ([point("Bìa", "bia.svg")], [(1, "", ["PHẦN I", "Chương 1", "Lời."])]),
        ([], [(1, "", ["PHẦN I", "Chương 1", "Lời."])]),
    ],
)
def test_entries_that_share_a_place_or_have_none(
    points: list[str], chapters: list[tuple[int, str, list[str]]]
) -> None:
    data = book({"1.xhtml": "<p>PHẦN I</p><p>Chương 1</p><p>Lời.</p>"}, *points)
    assert outline(read(data, "sách.epub")) == chapters


def test_letters_that_the_contents_have_lost_are_those_of_the_page() -> None:
    pages = {"1.xhtml": "<p>Sản xuất lúa</p><p>Lời.</p>", "2.xhtml": "<h2>Chợ</h2><p>Lời.</p>"}
    data = book(pages, point("S?n xu\ufffdt l?a", "1.xhtml"), point("Vì sao?", "2.xhtml"))
    assert [chapter.title for chapter in read(data, "sách.epub").chapters] == [
        "Sản xuất lúa",
        "Vì sao?",
    ]


def test_tables_of_contents_and_asides_of_the_spine_are_not_read() -> None:
    contents = "<h1>Mục lục</h1><p><a href='1.xhtml'>Một</a></p><p><a href='2.xhtml'>Hai</a></p>"
    again = contents + "<p><a href='1.xhtml#b'>Ba</a></p>"
    data = book(
        {
            "toc.xhtml": contents,
            "toc2.xhtml": again,
            "1.xhtml": "<p>Một.</p>",
            "2.xhtml": "<p>Hai.</p>",
        },
        point("Mục lục", "toc.xhtml"),
        point("Một", "1.xhtml"),
        items='<item id="x" href="2.xhtml" media-type="application/xhtml+xml"/>',
        spine='<itemref idref="x" linear="no"/>',
        guide='<reference type="toc" href="toc.xhtml"/>',
    )
    assert outline(read(data, "sách.epub")) == [(1, "Một", ["Một.", "Hai."])]


def test_notes_at_the_end_of_the_book() -> None:
    data = book(
        {
            "1.xhtml": "<p>Bác<a href='chu%20thich.xhtml#n1' id='r1'><sup>1</sup></a>.</p>",
            "chu thich.xhtml": "<p id='n1'><a href='1.xhtml#r1'>1</a>. Là gọt.</p>",
        },
    )
    (chapter,) = read(data, "sách.epub").chapters
    assert [(p.kind, p.text) for p in chapter.paragraphs] == [
        (Kind.PROSE, "Bác."),
        (Kind.NOTE, "Là gọt."),
    ]


METADATA = """
<dc:title> Tắt   Đèn </dc:title><dc:title>Tiểu thuyết</dc:title>
<dc:creator opf:role="aut">Ngô Tất Tố</dc:creator><dc:creator opf:role="ill">Một họa sĩ</dc:creator>
<dc:creator id="b">Bạn viết</dc:creator><dc:creator id="c">Người dịch</dc:creator>
<meta refines="#b" property="role">aut</meta><meta refines="#c" property="role">trl</meta>
<dc:date opf:event="modification">2020-02-02</dc:date>
<dc:date>0101-01-01T00:00:00+00:00</dc:date><dc:date>1937-05-01T17:00:00+00:00</dc:date>
<dc:language>vi-VN</dc:language><dc:publisher>Mai Lĩnh</dc:publisher>
<dc:description>&lt;p&gt;Một &lt;b&gt;mùa sưu&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Hai.</dc:description>
"""


def test_metadata() -> None:
    meta = read(book({"1.xhtml": "<p>Lời.</p>"}, metadata=METADATA), "sách.epub").meta
    assert (meta.title, meta.author, meta.date) == (
        "Tắt Đèn",
        "Ngô Tất Tố, Bạn viết",
        "1937-05-01",
    )
    assert (meta.language, meta.publisher) == ("vi-VN", "Mai Lĩnh")
    assert meta.description == "Một mùa sưu.\nHai."


@pytest.mark.parametrize(
    ("metadata", "series"),
    [
        (
            '<meta name="calibre:series" content="Tự Lực"/>'
            '<meta name="calibre:series_index" content="3.0"/>',
            ("Tự Lực", "3"),
        ),
        (
            '<meta name="calibre:series" content=" Tự  Lực "/>'
            '<meta content="1.5" name="calibre:series_index"/>',
            ("Tự Lực", "1.5"),
        ),
        ('<meta name="calibre:series_index" content="1.0"/>', ("", "")),
        (
            '<meta property="belongs-to-collection" id="c">Tủ sách</meta>'
            '<meta refines="#c" property="collection-type">set</meta>'
            '<meta property="belongs-to-collection" id="d">Tự Lực</meta>'
            '<meta refines="#d" property="collection-type">series</meta>'
            '<meta refines="#d" property="group-position">2</meta>',
            ("Tự Lực", "2"),
        ),
    ],
    ids=["calibre", "half", "no-name", "epub3"],
)
def test_series(metadata: str, series: tuple[str, str]) -> None:
    meta = read(book({"1.xhtml": "<p>Lời.</p>"}, metadata=metadata), "sách.epub").meta
    assert (meta.series, meta.volume) == series


def test_what_is_not_known_stays_empty() -> None:
    meta = read(book({"1.xhtml": "<p>Lời.</p>"}), "sách.epub").meta
    assert (meta.title, meta.author, meta.date, meta.cover, meta.language) == (
        "",
        "",
        "",
        b"",
        "",
    )


@pytest.mark.parametrize(
    ("metadata", "items", "guide", "cover"),
    [
        (
            "",
            '<item id="a" href="b.png" properties="cover-image" media-type="image/png"/>',
            "",
            PNG,
        ),
        (
            '<meta name="cover" content="a"/>',
            '<item id="a" href="b.jpg" media-type="image/jpeg"/>',
            "",
            JPEG,
        ),
        ('<meta name="cover" content="b.jpg"/>', "", "", JPEG),
        ("", "", '<reference type="cover" href="bia.xhtml"/>', PNG),
        ('<meta name="cover" content="b.svg"/>', "", "", b"<svg/>"),
    ],
)
def test_cover(metadata: str, items: str, guide: str, cover: bytes) -> None:
    files: dict[str, str | bytes] = {
        "c.opf": package(["1.xhtml"], metadata=metadata, items=items, guide=guide),
        "1.xhtml": page("<p>Lời.</p>"),
        "bia.xhtml": page(
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
            '<image xlink:href="B.PNG"/></svg>'
        ),
        "b.png": PNG,
        "b.jpg": JPEG,
        "b.svg": "<svg/>",
    }
    assert read(epub(files, path="c.opf"), "sách.epub").meta.cover == cover


# --- broken as books are ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (page("<p>Một&nbsp;hai&hellip; &amp; &la;</p>"), ["Một hai… & &la;"]),
        (
            "<html><head><title/></head><body><p>Một<br>hai<p>Ba & bốn</body>",
            ["Một hai", "Ba & bốn"],
        ),
        ("<html><body><a id='x'/><p>Một</p><div/><p>Hai<i></p></body></html>", ["Một", "Hai"]),
        ("\ufeff\n<?xml version='1.0'?><html><body><p>Một</p></body></html>", ["Một"]),
        (page("<p>Một</p>").replace("utf-8", "utf-16").encode("utf-16"), ["Một"]),
        (
            '<html><meta charset="windows-1258"/><body><p>Đi & ăn</p></body>'.encode("cp1258"),
            ["Đi & ăn"],
        ),
        (
            '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bom">]>'
            "<html><body><p>Một &a; &b; hai</p></body></html>",
            ["Một &a; &b; hai"],
        ),
        ("", []),
    ],
)
def test_pages_with_faults(source: str | bytes, expected: list[str]) -> None:
    files: dict[str, str | bytes] = {
        "c.opf": package(["1.xhtml", "2.xhtml"]),
        "1.xhtml": source,
        "2.xhtml": page("<p>Hết.</p>"),
    }
    (chapter,) = read(epub(files, path="c.opf"), "sách.epub").chapters
    assert [p.text for p in chapter.paragraphs] == [*expected, "Hết."]


def test_names_with_faults() -> None:
    files: dict[str, str | bytes] = {
        "oebps\\Content.OPF": package(["text/Ch%C6%B0%C6%A1ng%201.XHTML"], items=NCX_ITEM),
        "OEBPS/Toc.ncx": ncx(point("Chương 1", "Text/Ch%C6%B0%C6%A1ng%201.xhtml")),
        "OEBPS/Text/Chương 1.xhtml": page("<p>Lời.</p>"),
    }
    data = epub(files, path="OEBPS/content.opf")
    assert outline(read(data, "sách.epub")) == [(1, "Chương 1", ["Lời."])]


def test_names_in_utf_8_that_do_not_say_so_and_decomposed() -> None:
    files: dict[str, str | bytes] = {
        "c.opf": package(["Chương.xhtml"]),
        unicodedata.normalize("NFD", "Chương.xhtml"): page("<p>Lời.</p>"),
    }
    data = bytearray(epub(files, path="c.opf"))
    for header, flags in ((rb"PK\x03\x04", 6), (rb"PK\x01\x02", 8)):
        for match in re.finditer(header, data):
            data[match.start() + flags + 1] &= ~0x08
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any("ư" in unicodedata.normalize("NFC", name) for name in archive.namelist())
    assert outline(read(bytes(data), "sách.epub")) == [(1, "", ["Lời."])]


def test_the_title_page_of_a_part_may_link_to_the_contents() -> None:
    title = "<p><a href='toc.xhtml'>PHẦN MỘT</a></p>"
    data = book({"1.xhtml": title, "2.xhtml": "<p>Lời.</p>"}, point("Phần một", "1.xhtml"))
    assert outline(read(data, "sách.epub")) == [(1, "Phần một", ["PHẦN MỘT", "Lời."])]


def test_no_container_and_no_mimetype() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "a/b/sach.opf", package(["1.xhtml"]).replace("<metadata", "<!-- & --><metadata")
        )
        archive.writestr("a/b/1.xhtml", page("<p>Lời.</p>"))
    assert outline(read(buffer.getvalue(), "sách.epub")) == [(1, "", ["Lời."])]


def test_a_package_that_is_not_well_formed() -> None:
    broken = package(["1.xhtml"], metadata="<dc:title>Mẹ & con&#xD800;&#55296;</dc:title>")
    data = epub({"c.opf": broken, "1.xhtml": page("<p>Lời&#xD800; & lẽ.</p>")}, path="c.opf")
    document = read(data, "sách.epub")
    assert document.meta.title.split() == ["Mẹ", "con"]
    assert document.chapters[0].paragraphs[0].text.endswith("& lẽ.")


# --- not to be read -----------------------------------------------------------------------------

ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
 xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>
<enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="{}"/>
</enc:CipherData></enc:EncryptedData></encryption>"""
AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"


@pytest.mark.parametrize(
    ("witness", "scheme"),
    [
        ("META-INF/rights.xml", "Adobe ADEPT"),
        ("META-INF/sinf.xml", "Apple FairPlay"),
        ("META-INF/license.lcpl", "Readium LCP"),
        ("META-INF/x.xml", "DRM: get an edition"),
    ],
)
def test_a_locked_book_is_named_so(witness: str, scheme: str) -> None:
    files: dict[str, str | bytes] = {
        "META-INF/encryption.xml": ENCRYPTION.format(AES, "1.xhtml"),
        witness: "<x/>",
        "c.opf": package(["1.xhtml"]),
        "1.xhtml": b"\x93\x01\xfe",
    }
    with pytest.raises(SourceError, match="is locked with DRM") as caught:
        read(epub(files, path="c.opf"), "sách.epub")
    assert scheme in str(caught.value)


def test_garbled_fonts_lock_nothing() -> None:
    files: dict[str, str | bytes] = {
        "META-INF/encryption.xml": ENCRYPTION.format(
            "http://www.idpf.org/2008/embedding", "font.otf"
        ),
        "c.opf": package(["1.xhtml"]),
        "1.xhtml": page("<p>Lời.</p>"),
    }
    assert outline(read(epub(files, path="c.opf"), "sách.epub")) == [(1, "", ["Lời."])]


def test_a_book_with_a_password() -> None:
    data = bytearray(book({"1.xhtml": "<p>Lời.</p>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        member = archive.getinfo("OEBPS/1.xhtml")
        directory = data.rindex(b"OEBPS/1.xhtml") - 46
    data[member.header_offset + 6] |= 1
    data[directory + 8] |= 1
    with pytest.raises(SourceError, match="cannot be unpacked"):
        read(bytes(data), "sách.epub")


NOTHING = page("<p></p>")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"c.opf": package([])}, "no reading order"),
        ({"c.opf": "<package/>"}, "no reading order"),
        ({"c.opf": ""}, "c.opf is not XML"),
        ({"a.txt": "chữ"}, "without a book"),
        ({"c.opf": package(["1.xhtml"])}, "lacks 1.xhtml"),
        ({"c.opf": package(["../../../etc/passwd.xhtml"])}, "lacks ../../../etc/passwd"),
        ({"c.opf": package(["1.xhtml"]), "1.xhtml": NOTHING}, "holds no text"),
        (
            {"c.opf": package(["1.xhtml"]), "1.xhtml": b"<p>\x81\x8d\x9d\xfe & c\xea </p>"},
            "not UTF-8 text",
        ),
        ({"c.opf": package(["1.xhtml"]), "1.xhtml": "<p>" + "a" * 5_000_000}, "times its size"),
        ({"c.opf": package(["1.xhtml"]), "1.xhtml": page("<i>" * 10_000)}, "nested deeper"),
        (
            {"c.opf": package(["1.xhtml"]), "1.xhtml": page("<i>" * 10_000 + "</i>" * 10_000)},
            "nested deeper",
        ),
        (
            {
                "c.opf": package(["1.xhtml"], items=NCX_ITEM),
                "1.xhtml": page("<p>Lời.</p>"),
                "toc.ncx": "<ncx>" + "<navPoint>" * 10_000,
            },
            "nested deeper",
        ),
    ],
)
def test_what_cannot_be_read(files: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(epub(files, path="c.opf"), "sách.epub")
    assert caught.value.what.startswith("sách.epub")
    assert caught.value.remedy


def test_more_than_a_book_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiobook.stages.readers.archive._MOST_BYTES", 10_000)
    pages = {f"{number}.xhtml": f"<p>{'chữ ' * 300}</p>" for number in range(10)}
    with pytest.raises(SourceError, match="more text than a book holds"):
        read(book(pages), "sách.epub")


def test_a_file_cut_short_is_read_whole_or_refused() -> None:
    data = book({"1.xhtml": "<p>Lời.</p>", "2.xhtml": "<p>Hết.</p>"})
    directory = data.index(b"PK\x01\x02")
    for length in range(0, directory, 97):
        with pytest.raises(SourceError, match="incomplete"):
            read(data[:length], "sách.epub")
    for length in range(directory, len(data), 97):
        document = read(data[:length], "sách.epub")
        assert outline(document) == [(1, "", ["Lời.", "Hết."])]
        assert [change.step for change in document.changes] == [
            "files saved from a damaged archive"
        ]


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(book({"1.xhtml": "<p>Lời.</p>" * 50}, point("Một", "1.xhtml")))
    for place, value in changes:
        data[place % len(data)] = value
    try:
        assert read(bytes(data), "sách.epub").chapters
    except SourceError as refused:
        assert refused.remedy


# --- real books ---------------------------------------------------------------------------------

# Name, author, chapters, titles of the first two and the last, verses, notes.
REAL = [
    ("chi-pheo", "Nam Cao", 2, ("Giới thiệu", "Chí Phèo", "Chí Phèo"), 0, 0),
    ("giong-to", "Vũ Trọng Phụng", 33, ("Giới thiệu", "Chương 1", "Dư Luận"), 0, 0),
    ("kinh-dich", "Ngô Tất Tố", 71, ("", "NHỮNG ĐIỀU NÊN BIẾT", "QUẺ VỊ TẾ"), 0, 355),
    (
        "luan-ly-giao-khoa-thu",
        "Nhiều tác giả",
        116,
        ("Giới thiệu", "Tựa", "Ta nên thương loài vật"),
        0,
        0,
    ),
    ("tat-den", "Ngô Tất Tố", 29, ("TÁC GIẢ", "LỜI GIỚI THIỆU", "CHƯƠNG 27"), 0, 0),
    ("truyen-kieu", "Nguyễn Du", 5, ("Giới thiệu", "Một", "Bốn"), 3254, 0),
    (
        "viec-lang",
        "Ngô Tất Tố",
        18,
        ("Giới thiệu", "LỚP NGƯỜI BỊ BỎ SÓT", "MỘT CÁI THẢM TRẠNG"),
        0,
        0,
    ),
]


@pytest.mark.parametrize(("name", "author", "chapters", "titles", "verses", "notes"), REAL)
def test_real_books(
    name: str, author: str, chapters: int, titles: tuple[str, str, str], verses: int, notes: int
) -> None:
    path = BOOKS / f"{name}.epub"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    document = read(path.read_bytes(), path.name)
    parts = document.chapters
    kinds = [paragraph.kind for chapter in parts for paragraph in chapter.paragraphs]
    assert document.meta.author == author
    assert len(parts) == chapters
    assert (parts[0].title, parts[1].title, parts[-1].title) == titles
    assert verses <= kinds.count(Kind.VERSE) <= verses + 25
    assert kinds.count(Kind.NOTE) == notes
    headings = [
        [p.text for p in chapter.paragraphs[:5] if p.kind is Kind.HEADING] for chapter in parts
    ]
    # The title of a front page may differ, and one book spells one title in two ways.
    pairs = zip(parts[1:], headings[1:], strict=True)
    assert sum(chapter.title not in shown for chapter, shown in pairs) <= 1
