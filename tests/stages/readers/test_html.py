from __future__ import annotations

import re
import sys
import unicodedata
from contextlib import suppress

import pytest
from clock import cpu_seconds
from lxml import etree
from places import DATA

from audiobook.errors import SourceError
from audiobook.model import Document, Kind
from audiobook.stages.readers.html import read

pytest.importorskip("trafilatura", reason="the extra 'web' is not installed")

PAGES = DATA / "pages"
SAID = (Kind.PROSE, Kind.HEADING, Kind.VERSE, Kind.QUOTE)
# Of what is read, at least so much must be the main text; tidying takes out the rest: dates,
# names under an article, advertisements.
PRECISION = 0.85


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def main_text(page: bytes) -> list[str]:
    """Return what a page of ours marks as its main text: elements `data-main`, or the lines of
    elements `data-lines`."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))
    texts = []
    for element in root.iter("*"):
        if element.get("data-main") is not None:
            texts.append("".join(map(str, element.itertext())))
        elif element.get("data-lines") is not None:
            texts += [element.text or "", *(child.tail or "" for child in element)]
    return [text for text in (letters(re.sub(r"\[\d+\]", "", text)) for text in texts) if text]


def load(name: str) -> tuple[bytes, Document]:
    marked = (PAGES / name).read_bytes()
    return marked, read(re.sub(rb" data-(?:main|lines)\b", b"", marked), name)


STORY = (
    "<h2>Chương 1</h2><p>Ngày xưa có một người tiều phu sống ở ven rừng, hằng ngày vào rừng đốn củi"
    " đem ra chợ bán.</p>",
    "<h2>Chương 2</h2><p>Một hôm ông gặp một ông lão râu tóc bạc phơ, tay cầm gậy trúc, đứng bên bờ"
    " suối mà cười.</p>",
)


@pytest.mark.parametrize("head", ["<!DOCTYPE html><html lang=vi>", "", "<link rel=x href=a.css>"])
@pytest.mark.parametrize("first", ["section", "article", "main", "header", "figure", "my-part"])
def test_a_page_needs_no_body(head: str, first: str) -> None:
    """HTML lets its tags be left out, and a browser then begins the body itself."""
    inner = f"<{first}>{STORY[0]}</{first}><div>{STORY[1]}</div>"
    with_tags = f"<html><head><title>Truyện</title></head><body>{inner}</body></html>"
    without = f"{head}<meta charset=utf-8><title>Truyện</title>{inner}"
    said = [
        [
            (paragraph.text, paragraph.kind)
            for chapter in read(page.encode(), "a.html").chapters
            for paragraph in chapter.paragraphs
        ]
        for page in (with_tags, without)
    ]
    assert said[0] == said[1]
    assert {"Chương 1", "Chương 2"} <= {text for text, _ in said[1]}


@pytest.mark.parametrize(
    "name",
    [
        "bach-khoa.html",
        "bang-cu.html",
        "bao-dien-tu.html",
        "blog.html",
        "cong-thong-tin.html",
        "dien-dan.html",
        "nhat-bao.html",
        "nhat-ky.html",
        "truyen-mang.html",
    ],
)
def test_the_main_text_and_little_else(name: str) -> None:
    marked, document = load(name)
    (chapter,) = document.chapters
    read_out = letters("".join(p.text for p in chapter.paragraphs if p.kind in SAID))
    main = main_text(marked)
    assert [text for text in main if text not in read_out] == []
    assert sum(map(len, main)) >= PRECISION * len(read_out)
    first = chapter.paragraphs[0]
    assert first.kind is Kind.HEADING or chapter.paragraphs[1].kind is Kind.HEADING
    assert letters(document.meta.title) in main


def test_the_structure_of_a_page() -> None:
    _, document = load("bach-khoa.html")
    paragraphs = document.chapters[0].paragraphs
    headings = [(p.level, p.text) for p in paragraphs if p.kind is Kind.HEADING]
    assert headings[:4] == [(1, "Sếu đầu đỏ"), (2, "Mô tả"), (2, "Tập tính"), (3, "Điệu múa")]
    assert [p.text for p in paragraphs if p.kind is Kind.CAPTION] == ["Một đôi sếu trên đồng cỏ"]
    assert sum(p.kind is Kind.NOTE for p in paragraphs) == 2
    assert not any("[1]" in p.text for p in paragraphs)


def test_a_newspaper_says_who_and_when() -> None:
    meta = load("bao-dien-tu.html")[1].meta
    assert (meta.title, meta.author, meta.date, meta.language, meta.publisher) == (
        "Cầu vượt biển đầu tiên của tỉnh sắp khánh thành",
        "Minh Hạnh",
        "2024-11-05",
        "vi",
        "Báo Bến Xuân",
    )
    assert meta.description.startswith("Cây cầu dài bốn cây số")


def test_json_ld_says_who_and_when() -> None:
    meta = load("nhat-bao.html")[1].meta
    assert (meta.author, meta.date, meta.publisher, meta.language) == (
        "Hoài Thu",
        "2023-08-19",
        "Nhật báo Sông Tiền",
        "vi-VN",
    )


def test_the_lead_before_the_main_text_is_read() -> None:
    paragraphs = load("nhat-bao.html")[1].chapters[0].paragraphs
    assert paragraphs[1].text.startswith("Từ bốn giờ sáng")


TEXT = "Ông lái đò nhìn con nước, chậm rãi kể chuyện ngày xưa, khi bến này còn đông khách. " * 8


def page(body: str, head: str = "<title>Bến cũ</title>") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("head", "author", "date"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "author": "A"},'
            '{"@type": ["NewsArticle"], "author": [{"name": "An"}, {"name": "Bình"}],'
            '"datePublished": "2020-05"}]}</script>',
            "An, Bình",
            "2020-05",
        ),
        ('<script type="application/ld+json">{"@type": "Article", "author": "An"</script>', "", ""),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", "", ""),
        (
            '<meta property="article:author" content="https://example.com/an">'
            '<meta name="author" content=" Bình "><meta name="date" content="hôm qua">',
            "Bình",
            "",
        ),
    ],
)
def test_what_pages_say_of_themselves(head: str, author: str, date: str) -> None:
    meta = read(page(f"<p>{TEXT}</p>", f"<title>Bến cũ</title>{head}"), "trang").meta
    assert (meta.title, meta.author, meta.date) == ("Bến cũ", author, date)


def test_headings_stay_without_their_links_to_edit() -> None:
    edit = '<span class="mw-editsection">[<a href="/s">sửa</a> | <a href="/m">sửa mã</a>]</span>'
    body = (
        f"<h1>Sếu đầu đỏ</h1><div><p>{TEXT}</p>"
        f'<div class="mw-heading"><h2>Mô tả</h2>{edit}</div><h3>Lông{edit}</h3><p>{TEXT[::-1]}</p>'
        f"<h2>Phân bố{edit}</h2><p>{TEXT.upper()} Hết.</p></div>"
    )
    document = read(page(body, "<title>Sếu đầu đỏ – Wikipedia tiếng Việt</title>"), "trang.html")
    headings = [p.text for p in document.chapters[0].paragraphs if p.kind is Kind.HEADING]
    assert headings == ["Sếu đầu đỏ", "Mô tả", "Lông", "Phân bố"]
    assert document.meta.title == "Sếu đầu đỏ"


def test_a_poem_is_an_article() -> None:
    verses = [f"Câu thơ thứ {number} nói về mùa thu" for number in "một hai ba bốn".split()] * 3
    document = read(page(f"<div><h1>Thu</h1><div>{'<br>'.join(verses)}</div></div>"), "trang")
    assert [p.text for p in document.chapters[0].paragraphs if p.kind is Kind.VERSE] == verses


def test_it_comes_in_utf_8_whatever_it_says() -> None:
    content = page(f"<p>{TEXT}</p>", "<meta charset='windows-1252'>")
    for data in (content, b"\xef\xbb\xbf" + content):
        assert read(data, "trang").chapters[0].paragraphs[-1].text.startswith(TEXT.strip())


def test_links_that_nobody_closed_take_no_long_time() -> None:
    crowd = f"<div>{TEXT}<a href='x'><p>{TEXT}</p>" * 60

    def read_whole() -> None:
        with suppress(SourceError):
            read(page(crowd + "chữ " * 10_000), "trang")

    assert cpu_seconds(read_whole) < 4


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((PAGES / "dang-nhap.html").read_bytes(), "no article .a login wall"),
        ((PAGES / "ung-dung.html").read_bytes(), "no article"),
        (page("<p>Đăng ký để đọc tiếp bài này.</p><input type='password'>"), "no article"),
        (b"", "no article"),
        (page("<div>" * 10_000 + "chữ"), "nested deeper"),
        (page("chữ<br>" * 1_000_000), "too much markup for a text"),
        (page(f"<p {' '.join(f'a{n}' for n in range(100_000))}>chữ"), "too much markup for a text"),
        (page("<p a=1 " + 'b = "c" ' * 1000 + ">chữ"), "too much markup for a text"),
        (b" " * (33 * 2**20), "a page of 33 MB"),
    ],
)
def test_what_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(data, "trang.html")
    assert caught.value.what.startswith("trang.html")
    assert caught.value.remedy


def test_the_packages_it_needs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(SourceError, match=r"pip install 'htmldate.* 'trafilatura"):
        read(page(f"<p>{TEXT}</p>"), "trang.html")
