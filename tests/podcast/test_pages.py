"""Pages are whole and harmless as text, and in a real browser they play, follow and remember."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from heard import HEARD, HOSTILE_TITLE, SECOND, SENTENCES, SPOKEN, hears, second, until
from lxml import html

from audiobook.model import BoundChapter, Cue, Meta
from audiobook.podcast import pages
from audiobook.podcast.model import Addresses, Library, Thumbnail, Volume

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytest_plugins = ["page_visits"]

RATE = 22050
AT = Addresses(
    media="books/a/a-1.mp3",
    cover="books/a/cover-2.jpg",
    vtt="books/a/a-3.vtt",
    srt="books/a/a-4.srt",
    chapters="books/a/a-5.chapters.json",
    feed="books/a/feed.xml",
    page="books/a/index.html",
    thumbnails=(
        Thumbnail("books/a/200-6.webp", 200),
        Thumbnail("books/a/400-7.webp", 400),
        Thumbnail("books/a/400-8.jpg", 400),
    ),
    subscribe="books/a/subscribe.html",
)
HOSTILE = [
    HOSTILE_TITLE,
    "]]><img src=x onerror=alert(1)>",
    "\"'&amp;</title></script><!--",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eđảo\u2066 😀 \u200f",
]


def chapter(title: str, start: float, end: float, level: int = 1) -> BoundChapter:
    return BoundChapter(title=title, start=int(start * RATE), end=int(end * RATE), level=level)


def volume(
    path: Path, chapters: tuple[BoundChapter, ...], cues: list[tuple[float, str]], meta: Meta
) -> Volume:
    ends = [start for start, _ in cues[1:]] + [60.0]
    timed_cues = [
        Cue(int(start * RATE), int(end * RATE), text)
        for (start, text), end in zip(cues, ends, strict=True)
    ]
    return Volume(
        path=path,
        name="a",
        meta=meta,
        rate=RATE,
        samples=60 * RATE,
        size=1,
        digest="0",
        chapters=chapters,
        cues=tuple(timed_cues),
    )


@pytest.fixture
def plain(tmp_path: Path) -> Volume:
    return volume(
        tmp_path,
        (
            chapter("Phần I", 0, 20),
            chapter("Chương 1: Gió", 10, 20, 2),
            chapter("", 20, 40, 2),
            chapter("Phần II", 40, 60),
        ),
        [
            (0, "Phần một."),
            (5, "Lời đầu."),
            (10, "Chương 1."),
            (12, "Gió!"),
            (15, "Gió thổi."),
            (20, "Không tên."),
            (40, "Phần II"),
            (45, "Hết."),
        ],
        Meta(title="Tắt đèn", author="Ngô Tất Tố"),
    )


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode())


# --- as text ------------------------------------------------------------------------------------


def test_chapters_lie_below_each_other(plain: Volume) -> None:
    page = parsed(pages.render_volume(Library(title="Tủ sách"), plain, AT))
    top = page.xpath("//*[@id='contents']/ol/li")
    assert [entry.xpath("string(a/span[1])") for entry in top] == ["Phần I", "Phần II"]
    nested = top[0].xpath("ol/li/a")
    assert [link.xpath("string(span[1])") for link in nested] == ["Chương 1: Gió", "Phần 3"]
    assert [link.xpath("string(span[2])") for link in nested] == ["0:10", "0:20"]
    # Without scripts these links play from there: a media fragment of the W3C.
    assert [link.get("href") for link in nested] == ["a-1.mp3#t=10.000", "a-1.mp3#t=20.000"]


def test_a_heading_that_is_read_out_is_shown_once(plain: Volume) -> None:
    page = parsed(pages.render_volume(Library(title="Tủ sách"), plain, AT))
    (text,) = page.xpath("//*[@id='text']")
    blocks = text.iter("h2", "h3", "p")
    shown = [(block.tag, " ".join(block.text_content().split())) for block in blocks]
    assert shown == [
        ("h2", "Phần I"),
        ("p", "Phần một."),
        ("p", "Lời đầu."),
        ("h3", "Chương 1. Gió!"),
        ("p", "Gió thổi."),
        ("p", "Không tên."),
        ("h2", "Phần II"),
        ("p", "Hết."),
    ]
    times = [float(sentence.get("data-at")) for sentence in text.xpath(".//*[@data-at]")]
    assert times == [0, 5, 10, 12, 15, 20, 40, 45]


def test_addresses_are_as_the_page_sees_them(plain: Volume) -> None:
    page = parsed(pages.render_volume(Library(title="Tủ sách"), plain, AT))
    linked = {address for address in page.xpath("//@href | //@src") if address[0] != "#"}
    assets = {address for address in linked if "/assets/" in address}
    assert {re.sub(r"^\.\./\.\./assets/\w{10}/", "", address) for address in assets} == {
        "icon-180.png",
        "icon.svg",
        "options.js",
        "page.js",
        "player.js",
        "reading.js",
        "style.css",
    }
    assert {address.partition("#")[0] for address in linked - assets} == {
        "../../feed.xml",
        "../../index.html",
        "../../site.webmanifest",
        "400-8.jpg",
        "a-1.mp3",
        "a-3.vtt",
        "a-4.srt",
        "feed.xml",
        "subscribe.html",
    }
    (srcset,) = page.xpath("//picture/source[@type='image/webp']/@srcset")
    assert srcset == "200-6.webp 200w, 400-7.webp 400w"


def test_a_book_of_which_little_is_known(tmp_path: Path) -> None:
    bare = Volume(
        path=tmp_path,
        name="a",
        meta=Meta(),
        rate=RATE,
        samples=RATE,
        size=1,
        digest="0",
        chapters=(),
    )
    addresses = Addresses(
        media="a.mp3", cover="", vtt="", srt="", chapters="", feed="", page="a.html"
    )
    page = parsed(pages.render_volume(Library(title="Tủ sách"), bare, addresses))
    assert page.xpath("string(//h1)") == "a"
    assert not page.xpath("//*[@id='contents'] | //img")
    assert "không kèm chữ" in page.xpath("string(//*[@id='text'])")
    empty = parsed(pages.render_library(Library(title="Tủ sách"), []))
    assert "chưa có cuốn nào" in empty.text_content()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_said_becomes_markup(tmp_path: Path, text: str) -> None:
    def render(word: str) -> tuple[html.HtmlElement, html.HtmlElement]:
        meta = Meta(
            title=word,
            author=word,
            narrator=word,
            date=word,
            language=word,
            genre=word,
            publisher=word,
            description=word,
        )
        owner = Library(
            title=word,
            author=word,
            owner=word,
            email=word,
            description=word,
            language=word,
            licence=word,
        )
        hostile_volume = volume(tmp_path, (chapter(word, 0, 60),), [(0, "Một"), (5, word)], meta)
        page = pages.render_volume(owner, hostile_volume, AT)
        shelf = pages.render_library(owner, [(hostile_volume, AT)])
        return parsed(page), parsed(shelf)

    for page, usual in zip(render(text), render("x"), strict=True):
        assert [element.tag for element in page.iter()] == [element.tag for element in usual.iter()]
        assert page.xpath("string(//h1)") == text
        markup = [(element.tag, *element.attrib) for element in page.iter()]
        assert markup == [(element.tag, *element.attrib) for element in usual.iter()]
        addresses = page.xpath("//@href | //@src")
        assert all(not address.startswith("javascript") for address in addresses)


def test_what_no_page_may_hold_is_replaced(tmp_path: Path) -> None:
    bad_volume = volume(tmp_path, (), [(0, "a\x00b\x1bc\ud800d\uffffe")], Meta(title="\x0c\x85"))
    page = pages.render_volume(Library(title="\x07"), bad_volume, AT)
    page.encode()
    assert "a\ufffdb\ufffdc\ufffdd\ufffde" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


def test_the_page_allows_itself_nothing_from_elsewhere(plain: Volume) -> None:
    shelf = pages.render_library(Library(title="Tủ sách"), [(plain, AT)])
    for page in map(parsed, (pages.render_volume(Library(title="Tủ sách"), plain, AT), shelf)):
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert set(rules.values()) == {"'none'", "'self'"}
        assert rules["default-src"] == "'none'"
        # What programs are told of a book is no script to a browser.
        described = "@type='application/ld+json'"
        assert not page.xpath(f"//script[not(@src or {described})] | //style | //@style")
        assert not [
            name for element in page.iter() for name in element.attrib if name.startswith("on")
        ]
    for asset in pages.ASSETS.values():
        assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", asset)


def test_colours_are_told_apart() -> None:
    style = pages.ASSETS["style.css"].decode()
    days = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in style.split("@media")[:2]
    ]
    assert all(len(colours) == 10 for colours in days)
    for colours in days:
        for letters, ground in (
            *((ink, paper) for ink in ("ink", "quiet", "accent") for paper in ("paper", "raised")),
            ("on-accent", "accent"),
            ("ink", "heard"),
        ):
            assert contrast(colours[letters], colours[ground]) >= 4.5, (letters, ground)
        assert contrast(colours["edge"], colours["paper"]) >= 3


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 counts it."""

    def luminance(rgb: str) -> float:
        parts = [int(rgb[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


# --- in a browser -------------------------------------------------------------------------------


@in_a_browser
def test_plays_and_marks_what_is_heard(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    page = visit_site()
    page.select_option("#speed", "3")
    marked = page.evaluate(
        """() => new Promise((done) => {
          const audio = document.querySelector("audio"), seen = [];
          new MutationObserver(() => {
            const line = document.querySelector("#text [aria-current]");
            seen.push([audio.currentTime, line.textContent]);
            if (seen.length === 5) done(seen);
          }).observe(document.querySelector("#text"),
            { subtree: true, attributeFilter: ["aria-current"] });
          document.querySelector("#play").click();
        })"""
    )
    cues = book[1].cues
    assert [text for _, text in marked] == [cue.text for cue in cues[:5]]
    delays = [second - cue.start / RATE for (second, _), cue in zip(marked, cues[:5], strict=True)]
    assert all(-0.01 <= delay < 0.4 for delay in delays), delays
    assert [
        button.is_visible() for button in page.get_by_role("button", name="Tạm dừng").all()
    ] == [
        True,
        True,
    ]
    assert page.evaluate("document.querySelector('audio').playbackRate") == 3


@in_a_browser
def test_seeks_by_sentence_chapter_and_slider(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    _, volume = book
    page = visit_site(viewport={"width": 1280, "height": 800})
    page.locator(SPOKEN).nth(3).click()
    sentence = volume.cues[4]
    hears(page, sentence.text)
    assert second(page) >= sentence.start / RATE - 0.001
    page.get_by_role("link", name="Chương 5").click()
    fifth = volume.chapters[4]
    until(page, f"{SECOND} >= {fifth.start / RATE - 0.001}")
    hears(page, "Chương 5")
    current = page.locator("#contents [aria-current]")
    assert current.inner_text().startswith("Chương 5")
    assert page.locator("#now").inner_text() == "Chương 5"
    page.get_by_role("button", name="Tạm dừng").first.click()
    page.get_by_label("Vị trí trong chương").fill("4")
    until(page, f"Math.abs({SECOND} - {fifth.start / RATE + 4}) < 0.01")
    page.get_by_role("button", name="Tới 30 giây").click()
    until(page, f"Math.abs({SECOND} - {fifth.start / RATE + 34}) < 0.01")
    page.get_by_role("button", name="Lùi 15 giây").click()
    until(page, f"Math.abs({SECOND} - {fifth.start / RATE + 19}) < 0.01")


@in_a_browser
def test_remembers_where_it_was(book: tuple[str, Volume], visit_site: Callable[..., Page]) -> None:
    page = visit_site()
    page.get_by_role("button", name="Nghe từ đầu").click()
    page.locator(SPOKEN).nth(10).click()
    hears(page, page.locator(SPOKEN).nth(10).text_content())
    page.locator("#play").click()
    page.select_option("#speed", "1.5")
    position = second(page)
    page.reload()
    until(page, f"Math.abs({SECOND} - {position}) < 0.05")
    hears(page, page.locator(SPOKEN).nth(10).text_content())
    clock = f"0:{int(position):02}"
    assert page.locator("#begin").inner_text() == f"Nghe tiếp từ {clock}"
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    page.get_by_role("link", name="Tủ sách").or_(page.locator(".trail a")).first.click()
    shelf = page.locator(".shelf li", has_text="Bến đò")
    part = round(100 * position / book[1].seconds)
    shelf.locator("progress").wait_for(state="attached")
    assert f"đã nghe {part}%" in shelf.inner_text()
    assert page.locator("progress").count() == 1


@in_a_browser
def test_answers_the_keyboard(book: tuple[str, Volume], visit_site: Callable[..., Page]) -> None:
    cues = book[1].cues
    page = visit_site()
    playing = "document.querySelector('audio').paused === false"
    page.keyboard.press("Space")
    until(page, playing)
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.keyboard.press("Space")
    until(page, f"!({playing})")
    page.evaluate("document.querySelector('audio').currentTime = 0")
    page.keyboard.press("ArrowRight")
    assert second(page) == pytest.approx(30)
    page.keyboard.press("ArrowLeft")
    assert second(page) == pytest.approx(15)
    line = next(number for number, cue in enumerate(cues) if cue.end / RATE > 15)
    page.keyboard.press("Shift+ArrowRight")
    hears(page, cues[line + 1].text)
    page.keyboard.press("Shift+ArrowLeft")
    hears(page, cues[line].text)
    page.keyboard.press("/")
    focused = page.evaluate("document.activeElement.textContent")
    chapter = max(
        number for number, entry in enumerate(book[1].chapters) if entry.start <= cues[line].start
    )
    assert focused.startswith(book[1].chapters[chapter].title)
    # A button keeps what keys do to it; and who speaks to the computer can switch them off.
    page.locator("#forth").focus()
    position = second(page)
    page.keyboard.press("Space")
    until(page, f"Math.abs({SECOND} - {position + 30}) < 0.01")
    page.get_by_text("Phím tắt", exact=True).click()
    page.get_by_label("dùng phím tắt").uncheck()
    page.keyboard.press("ArrowLeft")
    assert second(page) == pytest.approx(position + 30)


@in_a_browser
def test_follows_until_the_reader_looks_elsewhere(visit_site: Callable[..., Page]) -> None:
    page = visit_site(reduced_motion="reduce")
    in_sight = """() => {
      const box = document.querySelector("#text [aria-current]").getBoundingClientRect();
      const bar = document.querySelector("#player").getBoundingClientRect();
      return box.top >= 0 && box.bottom <= bar.top;
    }"""
    page.select_option("#speed", "3")
    page.locator(SPOKEN).nth(20).click()
    until(page, "document.querySelector('audio').currentTime > 0")
    last = page.locator(SPOKEN).nth(28).text_content()
    hears(page, last)
    assert page.evaluate(in_sight)
    page.mouse.move(200, 300)
    page.mouse.wheel(0, -3000)
    away = page.get_by_role("button", name="Về câu đang đọc")
    away.wait_for()
    scroll = page.evaluate("scrollY")
    current = page.evaluate(HEARD)
    until(page, f"{HEARD} !== {current!r}")
    assert page.evaluate("scrollY") == scroll
    away.click()
    until(page, in_sight)
    away.wait_for(state="hidden")


@in_a_browser
def test_begins_where_the_address_says(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    cue = book[1].cues[20]
    page = visit_site(f"books/ben-do/#t={cue.start / RATE + 0.5:.3f}")
    hears(page, cue.text)
    assert second(page) == pytest.approx(cue.start / RATE + 0.5, abs=0.01)


@in_a_browser
def test_without_scripts(book: tuple[str, Volume], visit_site: Callable[..., Page]) -> None:
    page = visit_site(java_script_enabled=False)
    assert page.locator("audio[controls]").is_visible()
    for hidden in (".controls", "#begin", "#help", "#away"):
        assert not page.locator(hidden).is_visible()
    link = page.get_by_role("link", name="Chương 2")
    start = book[1].chapters[1].start / RATE
    assert re.fullmatch(rf"ben-do-\w+\.mp3#t={start:.3f}", link.get_attribute("href") or "")
    assert page.get_by_text(SENTENCES[0]).first.is_visible()
    page.goto("")
    assert page.get_by_role("link", name="Bến đò").is_visible()
    assert not page.locator(".filter").is_visible()


@in_a_browser
def test_finds_a_book_without_its_accents(visit_site: Callable[..., Page]) -> None:
    page = visit_site("")
    page.keyboard.press("/")
    page.keyboard.type("thach BEN do")
    until(page, "document.querySelector('#status').textContent === '1 cuốn'")
    assert page.locator(".shelf li:visible .title").all_inner_texts() == ["Bến đò"]
    page.get_by_label("Tìm sách").fill("zzz")
    page.get_by_text("Không có cuốn nào như vậy.").wait_for()
    page.get_by_label("Tìm sách").fill("<script>")
    until(page, "document.querySelector('#status').textContent === '1 cuốn'")
    page.locator(".shelf li:visible a").click()
    page.wait_for_url("**/books/**")
    assert page.locator("h1").inner_text() == HOSTILE[0]


@in_a_browser
@pytest.mark.parametrize(("width", "beside"), [(390, False), (1280, True)])
def test_a_cover_stands_with_its_title(
    visit_site: Callable[..., Page], width: int, beside: bool
) -> None:
    page = visit_site(viewport={"width": width, "height": 844})
    cover, title = (page.locator(name).bounding_box() for name in (".cover", "h1"))
    assert cover is not None
    assert title is not None
    assert cover["width"] < 300
    assert (cover["x"] + cover["width"] <= title["x"]) is beside
    # Nothing invisible takes a place of its own above it.
    trail = page.locator(".trail").bounding_box()
    assert trail is not None
    assert cover["y"] - (trail["y"] + trail["height"]) < 40


@in_a_browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_is_for_everybody(visit_site: Callable[..., Page], scheme: str, width: int) -> None:
    """No rule of WCAG 2.2 AA that axe can test is broken, and nothing lies beside the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit_site("", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in ("", "books/ben-do/"):
        page.goto(path)
        assert axe.run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
