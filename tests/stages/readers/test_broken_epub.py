"""EPUBs as people make them: broken pages and packages are read, and what was broken is told."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import pytest
from books import CONTAINER, epub, package, page

from audiobook.errors import SourceError
from audiobook.model import Document, LeftOut
from audiobook.stages.readers import formats
from audiobook.stages.readers.epub import read

SAID = "Mùa khô năm ấy, nước mặn lấn sâu vào đất liền."
AFTER = "Người trồng lúa chỉ biết khi ngọn lúa đã vàng."
BROKEN = "pages with broken markup, read as a browser reads"


def book_of(first: str | bytes, **parts: str) -> bytes:
    """Return an EPUB of two pages of which the first is given as it stands."""
    files: dict[str, str | bytes] = {
        "c.opf": package(["1.xhtml", "2.xhtml"], **parts),
        "1.xhtml": first,
        "2.xhtml": page(f"<p>{AFTER}</p>"),
    }
    return epub(files, path="c.opf")


def texts(document: Document) -> list[str]:
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


def told(document: Document) -> dict[str, int]:
    return {change.step: change.count for change in document.changes}


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>Một.<BR>Hai.<BR>Ba.</p>", ["Một.", "Hai.", "Ba."]),
        ("<p>Một.<p>Hai.<P>Ba.", ["Một.", "Hai.", "Ba."]),
        ("<p>Một.<hr><img src='a.png'>Hai.</p>", ["Một.", "* * *", "Hai."]),
        ("<p>Cha & mẹ, a < b, a<b, 3<5.</p><p>Hai.</p>", ["Cha & mẹ, a < b, a<b, 3<5.", "Hai."]),
        ("<p>Với x<y và thế.</p><p>Hai.</p>", ["Với x<y và thế.", "Hai."]),
        ("<p class='a' class='b'>Một.</p>", ["Một."]),
        ("<p xyz:a='1'>Một.</p>", ["Một."]),
        ("<p><b><i>Một.</b></i> Hai.</p><p>Ba.</p>", ["Một. Hai.", "Ba."]),
        ("<p><![CDATA[Một & hai.]]></p><p>Ba & bốn.</p>", ["Một & hai.", "Ba & bốn."]),
        ("<p>Một\x0b.&#0;&#xD800;</p>", ["Một."]),
        ("<p>Một.</p></body></html><p>Hai.</p>", ["Một.", "Hai."]),
        ("<div>".join(f"Dòng {n}." for n in range(400)), [f"Dòng {n}." for n in range(400)]),
        (
            "<p>" + "<BR>".join(f"Dòng {n}." for n in range(3000)),
            [f"Dòng {n}." for n in range(3000)],
        ),
    ],
)
def test_a_broken_page_is_read_as_a_browser_reads_it(body: str, paragraphs: list[str]) -> None:
    document = read(book_of(page(body)), "sách.epub")
    assert texts(document) == [*paragraphs, AFTER]
    assert told(document)[BROKEN] == 1


@pytest.mark.parametrize(
    "body", [f"<p>{SAID}</p>", f"<P>{SAID}</P>", f"<p>{SAID.replace(' ', '&nbsp;', 1)}</p>"]
)
def test_of_a_sound_page_nothing_is_told(body: str) -> None:
    document = read(book_of(page(body)), "sách.epub")
    assert texts(document) == [SAID, AFTER]
    assert told(document) == {}


def test_a_byte_that_makes_no_letter_is_left_out() -> None:
    source = page(f"<p>{SAID}</p>" * 9).encode().replace("ấ".encode(), b"\xe1\xba", 1)
    document = read(book_of(source), "sách.epub")
    assert texts(document)[:2] == [SAID.replace("ấ", "", 1), SAID]
    assert told(document) == {BROKEN: 1, "broken bytes left out": 1}


def windows_1258(text: str) -> bytes:
    """Return text with its tones apart, as that encoding has them."""
    apart = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        apart += unicodedata.normalize("NFC", "".join(p for p in parts if p not in tone)) + tone
    return apart.encode("cp1258")


def test_a_page_in_another_encoding_than_it_says() -> None:
    document = read(book_of(windows_1258(page(f"<p>{SAID} {AFTER}</p>"))), "sách.epub")
    assert texts(document) == [f"{SAID} {AFTER}", AFTER]
    assert told(document) == {BROKEN: 1, "decoded from Windows-1258": 1}


@pytest.mark.parametrize("encoding", ["x-vni", "utf-16", "unicode", "UTF8"])
def test_a_page_that_names_a_wrong_encoding(encoding: str) -> None:
    source = page(f"<p>{SAID}</p>").replace('"utf-8"', f'"{encoding}"')
    assert texts(read(book_of(source), "sách.epub")) == [SAID, AFTER]


# --- packages -----------------------------------------------------------------------------------

FILES: dict[str, str | bytes] = {
    "META-INF/container.xml": CONTAINER.format(path="OEBPS/content.opf"),
    "OEBPS/content.opf": package(["1.xhtml", "2.xhtml"]),
    "OEBPS/1.xhtml": page(f"<p>{SAID}</p>"),
    "OEBPS/2.xhtml": page(f"<p>{AFTER}</p>"),
}


def packed(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_package(written: str, instead: str) -> dict[str, str | bytes]:
    opf = str(FILES["OEBPS/content.opf"])
    assert written in opf
    return {**FILES, "OEBPS/content.opf": opf.replace(written, instead)}


def without(name: str) -> dict[str, str | bytes]:
    return {key: value for key, value in FILES.items() if key != name}


@pytest.mark.parametrize(
    "files",
    [
        {name.replace("/", "\\"): content for name, content in FILES.items()},
        {f"./{name}": content for name, content in FILES.items()},
        {f"Sách/{name}": content for name, content in FILES.items()},
        {name.replace("META-INF", "meta-inf"): content for name, content in FILES.items()},
        {**FILES, "mimetype": "application/epub+zip"},
        without("META-INF/container.xml"),
        {**FILES, "META-INF/container.xml": CONTAINER.format(path="OEBPS/x.opf")},
        {**FILES, "META-INF/container.xml": str(FILES["META-INF/container.xml"])[:-20]},
        with_package("application/xhtml+xml", "application/octet-stream"),
        with_package("application/xhtml+xml", "text/plain"),
        with_package('href="1.xhtml"', 'href="1.XHTML"'),
        with_package('href="1.xhtml"', 'href="/OEBPS/1.xhtml"'),
        with_package('idref="p1"', 'idref="2.xhtml"'),
        with_package("<manifest>", '<manifest><item id="p0" href="mat.xhtml"/>'),
        {
            **without("OEBPS/1.xhtml"),
            **with_package("1.xhtml", "ch%C6%B0%C6%A1ng%201.xhtml"),
            "OEBPS/1.xhtml": "",
            "OEBPS/chương 1.xhtml": FILES["OEBPS/1.xhtml"],
        },
        {**with_package("1.xhtml", "a%20b.xhtml"), "OEBPS/a%20b.xhtml": FILES["OEBPS/1.xhtml"]},
        {**without("OEBPS/1.xhtml"), "OEBPS/Text/1.xhtml": FILES["OEBPS/1.xhtml"]},
    ],
)
def test_a_package_that_is_spelled_wrong_is_read_all_the_same(
    files: dict[str, str | bytes],
) -> None:
    data = packed(files)
    assert formats.sniff(data, "sách.epub") == "epub"
    assert texts(read(data, "sách.epub")) == [SAID, AFTER]


def test_a_page_that_is_not_there_is_told() -> None:
    document = read(packed(without("OEBPS/2.xhtml")), "sách.epub")
    assert texts(document) == [SAID]
    assert told(document) == {"pages that are listed but missing": 1}


NAV = "<nav epub:type='toc'><ol><li><a href='1.xhtml'>Mùa khô</a></li></ol></nav>"
NAV_ITEM = '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
NCX_ITEM = '<item id="x" href="n.xhtml" media-type="application/x-dtbncx+xml"/>'


@pytest.mark.parametrize(
    ("item", "reference"), [(NAV_ITEM, ""), (NAV_ITEM, '<itemref idref="n"/>'), (NCX_ITEM, "")]
)
def test_without_a_sound_table_of_contents_the_pages_are_read(item: str, reference: str) -> None:
    files: dict[str, str | bytes] = {
        "c.opf": package(["1.xhtml", "2.xhtml"], items=item, spine=reference),
        "1.xhtml": page(f"<p>{SAID}</p>"),
        "2.xhtml": page(f"<p>{AFTER}</p>"),
        "n.xhtml": page(NAV),
    }
    data = epub(files, path="c.opf")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        checksum = archive.getinfo("n.xhtml").CRC.to_bytes(4, "little")
    document = read(data.replace(checksum, bytes(4)), "sách.epub")
    assert texts(document) == [SAID, AFTER]
    assert told(document) == {"tables of contents that cannot be read, left aside": 1}


@pytest.mark.parametrize("container", [CONTAINER.format(path="khác/gói.opf"), "", "không phải XML"])
def test_the_only_package_of_a_book_is_found(container: str) -> None:
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": container,
        "sâu/c.opf": package(["1.xhtml"]),
        "sâu/1.xhtml": page(f"<p>{SAID}</p>"),
    }
    document = read(packed(files), "sách.epub")
    assert texts(document) == [SAID]
    assert told(document) == {"package documents found where the book does not name them": 1}


def test_without_an_order_pages_are_read_as_they_are_listed() -> None:
    files = with_package('<itemref idref="p0"/><itemref idref="p1"/>', "")
    document = read(packed(files), "sách.epub")
    assert texts(document) == [SAID, AFTER]
    assert told(document) == {"pages without an order, read as they are listed": 2}


def test_what_cannot_be_shown_is_replaced_by_what_stands_in_for_it() -> None:
    files = with_package(
        'href="1.xhtml" media-type="application/xhtml+xml"/>',
        'href="a.json" media-type="application/json" fallback="f"/>'
        '<item id="f" href="1.xhtml" media-type="application/xhtml+xml"/>',
    )
    assert texts(read(packed(files), "sách.epub")) == [SAID, AFTER]


def test_pages_of_contents_and_outside_the_order_are_told_word_for_word() -> None:
    links = "".join(f"<p><a href='1.xhtml'>Chương {n}</a></p>" for n in range(1, 6))
    item = '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
    files: dict[str, str | bytes] = {
        "c.opf": package(
            ["1.xhtml", "2.xhtml"], items=item, spine='<itemref idref="b" linear="no"/>'
        ),
        "1.xhtml": page(links),
        "2.xhtml": page(f"<p>{SAID}</p>"),
        "b.xhtml": page(f"<p>{AFTER}</p><p epub:type='footnote'>Lời chú.</p>"),
    }
    document = read(epub(files, path="c.opf"), "sách.epub")
    assert texts(document) == [SAID, "Lời chú."]
    pieces: dict[str, tuple[LeftOut, ...]] = {
        change.step: change.left_out for change in document.changes
    }
    assert [piece.text for piece in pieces["pages of contents left out"]] == [
        "Chương 1\nChương 2\nChương 3\nChương 4\nChương 5"
    ]
    assert [piece.text for piece in pieces["pages outside the reading order left out"]] == [AFTER]


def test_a_file_cut_short_that_lacks_a_page_is_refused() -> None:
    data = packed({**without("OEBPS/2.xhtml"), "OEBPS/2.xhtml": page(f"<p>{AFTER}</p>" * 50)})
    with pytest.raises(SourceError, match=r"lacks OEBPS/2\.xhtml") as caught:
        read(data[: data.index(b"PK\x01\x02") - 20], "sách.epub")
    assert "incomplete" in caught.value.remedy
