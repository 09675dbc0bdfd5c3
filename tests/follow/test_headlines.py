"""Pages that list articles: which of their links lead to one, and which feeds they offer."""

from __future__ import annotations

import pytest

from audiobook.errors import SourceError
from audiobook.follow import pages
from audiobook.stages.readers.web import FetchedPage

URL = "https://www.bao.example/thoi-su/"


def fetched(body: str, head: str = "") -> FetchedPage:
    text = f"<!doctype html><html><head><title>Thời sự</title>{head}</head><body>{body}</body>"
    return FetchedPage(text.encode(), URL, "utf-8")


def articles(body: str, head: str = "") -> list[tuple[str, str]]:
    listing = pages.read_page(fetched(body, head))
    return [(entry.link, entry.title) for entry in listing.entries]


def test_headlines_are_articles() -> None:
    assert articles(
        """<nav><a href="/the-thao/">Tin thể thao trong nước và quốc tế</a></nav>
        <header><a href="/gioi-thieu.html">Giới thiệu về tòa soạn của chúng tôi</a></header>
        <main><article><header><h2><a href="mua.html">Mưa lớn</a></h2></header></article>
        <div><a href="/lu.html#binh-luan"><img></a><a href="/lu.html?x=1">Xem</a>
        <a href="/lu.html">Lũ lên nhanh ở miền Trung</a></div>
        <a href="gio.html"><img><h3>Gió mùa về</h3><p>Trời trở lạnh từ đêm nay ở nhiều nơi.</p></a>
        <a href="/tin.html">Tin khác</a></main>
        <footer><a href="/lien-he.html">Liên hệ quảng cáo trên báo của chúng tôi</a></footer>"""
    ) == [
        ("https://www.bao.example/thoi-su/mua.html", "Mưa lớn"),
        ("https://www.bao.example/lu.html", "Lũ lên nhanh ở miền Trung"),
        ("https://www.bao.example/thoi-su/gio.html", "Gió mùa về"),
    ]


def test_only_pages_of_the_same_site() -> None:
    title = "Một bài rất dài ở nơi nào đó"
    links = [
        "https://khac.example/bai.html",
        "https://bao.example/bai.html",
        "http://[",
        "https://bao.example:cong/bai.html",
        "https://bao.example:99999/bai.html",
        "javascript:void(0)",
        "mailto:an@bao.example",
        "/",
        "",
        "#noi-dung",
        "/thoi-su",
        "/tags/mua/",
        "/dang-nhap/login",
        "ftp://www.bao.example/bai.html",
    ]
    body = "".join(f'<p><a href="{link}">{title}</a></p>' for link in links)
    assert articles(body) == [("https://bao.example/bai.html", title)]


def test_the_base_of_a_page_counts() -> None:
    title = "Một bài rất dài ở đây"
    listed = articles(f'<a href="bai.html">{title}</a>', '<base href="/muc/">')
    assert listed == [("https://www.bao.example/muc/bai.html", title)]


def test_a_page_without_articles() -> None:
    with pytest.raises(SourceError, match="no feed, and lists no articles"):
        articles("<p>Chào bạn.</p><a href='/a.html'>Xem</a>")


def test_feeds_that_a_page_offers() -> None:
    head = """<link rel="alternate" type="application/rss+xml" href="https://khac.example/rss">
        <link rel="alternate" type="application/atom+xml" href="/atom.xml">
        <link rel="alternate" hreflang="en" href="/en/">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed">"""
    assert pages.find_feeds(fetched("", head)) == [
        "https://www.bao.example/atom.xml",
        "https://khac.example/rss",
    ]
    assert pages.find_feeds(fetched("<p>Không có.</p>")) == []


def test_feeds_at_no_address_are_not_offered() -> None:
    kind = 'rel=alternate type="application/rss+xml"'
    head = "".join(f"<link {kind} href='{href}'>" for href in ("http://[", "//x:y/rss", "/rss"))
    assert pages.find_feeds(fetched("", head)) == ["https://www.bao.example/rss"]
