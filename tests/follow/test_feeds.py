"""What feeds list, however they are written."""

from __future__ import annotations

import pytest
from clock import cpu_seconds
from newspaper import item, rss, story, whole

from audiobook.errors import SourceError
from audiobook.follow import feeds
from audiobook.follow.choosing import keys_of
from audiobook.follow.model import Listing
from audiobook.stages.readers.web import FetchedPage
from audiobook.system import apart

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bao.example/">
<title>Báo Làng</title><id>tag:bao.example,2026:/</id><updated>2026-11-29T06:00:00+07:00</updated>
<entry><title type="html">Chợ &lt;b&gt;quê&lt;/b&gt; &amp;amp; phố</title>
<link rel="alternate" href="/cho-que.html"/><id>tag:bao.example,2026:1</id>
<updated>2026-11-29T06:00:00+07:00</updated><published>2026-11-29T05:30:00+07:00</published>
<author><name>Nguyễn An</name><email>an@bao.example</email></author>
<summary>Chợ họp từ sớm.</summary>
<content type="html"><![CDATA[{story("chợ quê")}]]></content></entry>
<entry><title>Đường làng</title><link href="/duong-lang.html"/><id>tag:bao.example,2026:2</id>
<updated>2026-11-28T06:00:00Z</updated><summary>Con đường mới.</summary></entry>
</feed>"""


def listed(data: bytes | str, charset: str = "") -> Listing:
    body = data.encode() if isinstance(data, str) else data
    fetched = FetchedPage(body, "https://bao.example/rss", charset)
    assert feeds.is_feed(fetched)
    return feeds.read_feed(fetched)


def test_an_rss_feed_with_summaries() -> None:
    (entry,) = listed(
        rss(
            item(
                "Mưa lớn",
                link="https://bao.example/mua-lon.html",
                guid="17",
                pubDate="Sun, 29 Nov 2026 06:10:00 +0700",
                description='<img src="a.jpg"><br>Mưa &amp; gió ở <b>Huế</b>.',
                more="<dc:creator>Trần Bình</dc:creator>",
            )
        )
    ).entries
    assert (entry.identity, entry.link) == ("17", "https://bao.example/mua-lon.html")
    assert (entry.title, entry.author, entry.publisher) == ("Mưa lớn", "Trần Bình", "Báo Làng")
    assert entry.summary == "Mưa & gió ở Huế ."
    assert entry.date == "2026-11-29"  # where it was written: in UTC it is the day before
    assert entry.moment == 1_795_907_400
    assert entry.content == ""


def test_an_atom_feed_with_whole_texts() -> None:
    first, second = listed(ATOM).entries
    assert first.title == "Chợ quê & phố"
    assert first.link == "https://bao.example/cho-que.html"
    assert (first.author, first.date) == ("Nguyễn An", "2026-11-29")
    assert first.summary == "Chợ họp từ sớm."
    assert "dắt xe qua" in first.content
    assert (second.content, second.date) == ("", "2026-11-28")


def test_the_newest_comes_first() -> None:
    days = [f"{day} Nov 2026 06:00:00 +0700" for day in ("27", "29", "28")]
    feed = listed(rss(*(item(day[:2], guid=day, pubDate=day) for day in days)))
    assert [entry.title for entry in feed.entries] == ["29", "28", "27"]
    undated = listed(rss(item("a", guid="a"), item("b", guid="b", pubDate=days[0])))
    assert [entry.title for entry in undated.entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Sun, 29 Nov 2026 06:10:00 +0700", "2026-11-29"),
        ("2026-11-29T00:10:00+07:00", "2026-11-29"),
        ("2026-11-29T00:10:00Z", "2026-11-29"),
        ("29 Nov 2026", "2026-11-29"),
        ("29/11/2026 06:10", ""),
        ("Sun, 29 Nov 1026 06:10:00 +0700", ""),
        ("9999-99-99", ""),
        ("", ""),
    ],
)
def test_dates(written: str, date: str) -> None:
    assert listed(rss(item("a", guid="1", pubDate=written))).entries[0].date == date


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Giá xăng &#8220;giảm&#8221; &amp; hơn", "Giá xăng “giảm” & hơn"),
        ("<![CDATA[Giá < 5 &quot;ngàn&quot;]]>", 'Giá < 5 "ngàn"'),
        ("Hà Nội &amp;#8211; Huế", "Hà Nội – Huế"),
        ("<![CDATA[<b>Tin</b>\n nóng]]>", "Tin nóng"),
    ],
)
def test_entities_in_titles(title: str, said: str) -> None:
    feed = rss(item("?", guid="1")).replace(b"<title>?", f"<title>{title}".encode())
    assert listed(feed).entries[0].title == said


@pytest.mark.parametrize("declared", ["windows-1258", "utf-8"])
def test_vietnamese_of_windows(declared: str) -> None:
    """As old programs write it: marks of tones behind their letters, and perhaps no word of it."""
    text = "Nước sông dâng cao, người dân phải rời nhà trong đêm, và đến sáng mới trở về được."
    decomposed = rss(item("Nước sông dâng", guid="1", description=text), encoding="utf-8").decode()
    tones = {"\u1edb": "\u01a1\u0301", "\u1edf": "\u01a1\u0309", "\u1edd": "\u01a1\u0300"}
    tones |= {"ả": "a\u0309", "ế": "ê\u0301", "ề": "ê\u0300", "ậ": "â\u0323", "ợ": "ơ\u0323"}
    for letter, pair in tones.items():
        decomposed = decomposed.replace(letter, pair)
    data = decomposed.replace('encoding="utf-8"', f'encoding="{declared}"').encode(
        "cp1258", "xmlcharrefreplace"
    )
    (entry,) = listed(data).entries
    assert entry.title == "Nước sông dâng"
    assert entry.summary == text


def test_utf_16() -> None:
    data = rss(item("Nước sông dâng cao ở Huế", guid="1")).decode().encode("utf-16")
    assert listed(data).entries[0].title == "Nước sông dâng cao ở Huế"


def test_what_is_the_whole_text() -> None:
    text, short = story("lúa mới"), "<p>Một câu thôi.</p>"
    links = {"link": "https://bao.example/a", "guid": "1"}

    def content_of(given: str) -> str:
        return listed(rss(given)).entries[0].content

    assert content_of(item("a", more=whole(text), **links)) == text
    assert content_of(item("a", more=whole(short), **links)) == ""
    for end in ("Và rồi…", "Và rồi [...]", "<a>Xem thêm</a>", "Continue reading <i>Lúa</i>"):
        assert content_of(item("a", more=whole(f"{text}<p>{end}</p>"), **links)) == ""
    assert content_of(item("a", description=text, **links)) == ""
    assert content_of(item("a", description=text * 6, **links)) == text * 6
    # There is nowhere else to read it.
    assert content_of(item("a", guid="1", description=short)) == short


def test_the_footer_of_wordpress_is_not_read() -> None:
    for footer in (
        '<p>The post <a href="x">Lúa</a> appeared first on <a href="y">Báo</a>.</p>',
        '<p>Bài viết <a href="x">Lúa</a> đã xuất hiện đầu tiên vào ngày <a href="y">Báo</a>.</p>',
    ):
        feed = rss(item("a", guid="1", more=whole(story("lúa") + footer)))
        assert listed(feed).entries[0].content == story("lúa")


def test_mail_addresses_of_authors_go_nowhere() -> None:
    given = item("a", guid="1", author="an@bao.example (Nguyễn An)")
    other = item("b", guid="2", author="an@bao.example")
    assert [entry.author for entry in listed(rss(given, other)).entries] == ["Nguyễn An", ""]


def test_links_to_anything_else_are_no_links() -> None:
    for link in ("javascript:alert(1)", "file:///etc/passwd", "ftp://bao.example/a"):
        assert listed(rss(item("a", guid="1", link=link))).entries[0].link == ""


def test_a_feed_that_breaks_off() -> None:
    feed = rss(*(item(f"Bài {number}", guid=str(number), description="Chữ.") for number in "123"))
    cut = feed[: feed.index("Bài 3".encode()) + 3]
    listing = listed(cut)
    assert [entry.title for entry in listing.entries] == ["Bài 1", "Bài 2"]
    assert not listing.is_whole


def test_broken_xml() -> None:
    feed = rss(item("Mưa & gió", guid="1"), item("Nắng", guid="2")).replace(b"&amp;", b"&")
    assert [entry.title for entry in listed(feed).entries] == ["Mưa & gió", "Nắng"]
    with pytest.raises(SourceError, match="damaged feed"):
        listed('<?xml version="1.0"?><rss version="2.0"><channel><<<')


def test_bombs_do_not_go_off() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    feed = rss(item("x", guid="1")).decode().replace("x</title>", "&a11;</title>")
    data = feed.replace("\n", f'\n<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>', 1)
    assert len(listed(data).entries[0].title) < 1000


def test_a_long_feed_is_read_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_SMALL", 1 << 30)  # here, where its time is measured
    feed = rss(*(item(f"Bài số {number}", guid=str(number)) for number in range(5000)))
    assert cpu_seconds(lambda: listed(feed)) < 30
    assert len(listed(feed).entries) == 5000


@pytest.mark.parametrize("feed", [ATOM, ATOM.replace("</feed>", ""), rss(item("Mưa", link="/a"))])
def test_a_large_feed_is_read_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, feed: str
) -> None:
    here = listed(feed)
    monkeypatch.setattr(feeds, "_SMALL", 0)
    monkeypatch.setattr("feedparser.parse", None)
    assert listed(feed) == here
    with pytest.raises(SourceError, match="is a damaged feed"):
        listed("<rss><channel><item><title>&nosuch;")


def test_a_feed_that_takes_time_by_the_square_of_its_length_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "_LONGEST_SECONDS", 2)
    attributes = " ".join(f'a{number}=""' for number in range(150_000))  # minutes
    with pytest.raises(SourceError, match="takes feedparser longer than 2 seconds"):
        listed(rss(f"<item><link {attributes}/></item>"))


def test_pages_are_no_feeds() -> None:
    for text in ("<!doctype html><title>RSS</title><p>rss", "<!-- <rss> --><html>", "", "{}"):
        assert not feeds.is_feed(FetchedPage(text.encode(), "https://bao.example/", ""))


@pytest.mark.parametrize("address", ["http://[", "http://[::1/x", "https://bao.example:99999/"])
def test_what_only_looks_like_an_address_is_an_identity(address: str) -> None:
    items = [item("Mưa", guid=address, link=address), item("Gió", guid=f"{address}?2")]
    rain, wind = listed(rss(*items)).entries
    assert (rain.link, rain.identity) == ("", address)
    assert keys_of("rss", rain) == keys_of("rss", rain)
    assert set(keys_of("rss", rain)).isdisjoint(keys_of("rss", wind))
