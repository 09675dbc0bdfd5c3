"""In a real browser: what was opened is read without a network, and what is kept is heard."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from browsing import in_a_browser, until
from serving import running
from stubs import make_book

from audiobook.app import home
from audiobook.model import Meta
from audiobook.podcast import site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = in_a_browser

PIECE = 1 << 20
PAGE = "books/lang/"
SECONDS = 20
STATUS = "document.querySelector('#player #status').textContent"
KEEP = "document.querySelector('#keep')"
CONTROLLED = "navigator.serviceWorker.controller !== null"
IS_TEXT_KEPT = "caches.match(location.href.replace('index.html', '')).then((page) => !!page)"
CACHES = "caches.keys()"
SECOND = "document.querySelector('audio').currentTime"


def write_book(folder: Path, name: str = "lang", **options: Any) -> Path:
    """Write a book whose sound is kept in several pieces."""
    meta = Meta(title=options.pop("title", "Làng"), author="Kim Lân", language="vi")
    path = folder / f"{name}.mp3"
    make_book(path, meta, ["Gió", "Mưa", "Nắng"], length=3600, **options)
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline") / "books"
    folder.mkdir()
    assert write_book(folder).stat().st_size > 2 * PIECE
    make_book(folder / "song.mp3", Meta(title="Sóng", language="vi"))
    site.write(folder, url="http://127.0.0.1:1")
    return folder


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    with running(library / "site") as (_, url):
        yield url


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A new visitor; nothing may go wrong on any page but that there is no network."""
    wrong: list[str] = []
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    context.set_default_timeout(SECONDS * 1000)
    context.on("weberror", lambda problem: wrong.append(str(problem.error)))
    context.on("console", lambda line: wrong.append(line.text))
    yield context
    context.close()
    assert [line for line in wrong if "ERR_INTERNET_DISCONNECTED" not in line] == []


def waits(page: Page, expression: str) -> None:
    until(page, expression, SECONDS)


def open_book(context: BrowserContext, path: str = PAGE) -> Page:
    """Open a book for the first time, until its text is kept."""
    page = context.new_page()
    page.goto(path)
    waits(page, CONTROLLED)
    waits(page, IS_TEXT_KEPT)
    return page


def keep(page: Page) -> None:
    page.locator("#keep").click()
    waits(page, f"{KEEP}.dataset.state === 'kept'")


def test_a_book_that_was_opened_is_read_without_a_network(context: BrowserContext) -> None:
    page = open_book(context)
    context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == "Làng"
    assert "Đây là câu đầu tiên" in (page.locator("#text p").first.text_content() or "")
    waits(page, "document.body.classList.contains('ready')")  # its scripts and its style are here
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 20
    page.goto(f"{PAGE}index.html?from=afar#t=1")  # the same page by another address
    assert page.locator("h1").inner_text() == "Làng"
    context.set_offline(False)
    page.goto("")
    waits(page, IS_TEXT_KEPT)
    context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="Làng").click()
    waits(page, "document.body.classList.contains('ready')")


def test_kept_sound_plays_and_seeks_without_a_network(context: BrowserContext) -> None:
    page = open_book(context)
    button = page.get_by_role("button", name="Lưu để nghe khi không có mạng (2,")
    button.focus()
    page.keyboard.press("Enter")
    waits(page, f"{STATUS} === 'Giờ sách nghe được cả khi không có mạng.'")
    assert button.count() == 0
    context.set_offline(True)
    page.reload()
    length = page.evaluate("Number(document.querySelector('audio').dataset.seconds)")
    page.get_by_role("button", name="Đã lưu trên máy – xóa (2,").wait_for()
    for place in (length - 2, 1, length / 2):  # in its last piece, its first, and one between
        page.evaluate(f"{SECOND} = {place}")
        page.evaluate("document.querySelector('audio').play()")
        waits(page, f"{SECOND} > {place} + 0.3")
        assert page.evaluate("document.querySelector('audio').error") is None
    # It goes on by itself from piece to piece, to the end.
    size = page.evaluate(f"Number({KEEP}.dataset.bytes)")
    page.evaluate(f"{SECOND} = {length * 2 * PIECE / size - 5}")
    page.evaluate("document.querySelector('audio').playbackRate = 16")
    waits(page, "document.querySelector('audio').ended")


@pytest.fixture(scope="module")
def kept(browser: Browser, address: str) -> Iterator[Page]:
    """The page of a book whose sound is kept."""
    context = browser.new_context(base_url=address)
    page = open_book(context)
    keep(page)
    yield page
    context.close()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, PIECE - 1),
        ("bytes=5-9", 5, 9),
        (f"bytes={PIECE - 2}-{PIECE + 2}", PIECE - 2, PIECE - 1),
        (f"bytes={PIECE + 7}-", PIECE + 7, 2 * PIECE - 1),
        ("bytes=-3", -3, -1),
        ("bytes=-999999999999", 0, PIECE - 1),
        (f"bytes={2 * PIECE}-999999999999", 2 * PIECE, -1),
    ],
)
def test_a_range_of_kept_sound_is_that_of_the_file(
    library: Path, kept: Page, asked: str, first: int, last: int
) -> None:
    data = (library / "lang.mp3").read_bytes()
    first, last = first % len(data), last % len(data)
    status, told, content = answer_of(kept, asked)
    assert (status, told) == (206, f"bytes {first}-{last}/{len(data)}")
    assert content == hashlib.sha256(data[first : last + 1]).hexdigest()


def test_beyond_the_end_of_kept_sound_there_is_nothing(library: Path, kept: Page) -> None:
    size = (library / "lang.mp3").stat().st_size
    assert answer_of(kept, f"bytes={size}-")[:2] == [416, f"bytes */{size}"]


def answer_of(page: Page, asked: str) -> Any:
    """Ask the worker for a range of the sound, as only a player can; its content is hashed."""
    (worker,) = page.context.service_workers
    url = page.evaluate("document.querySelector('audio').src")
    return worker.evaluate(
        """async ([url, range]) => {
          const answer = await openSound(new Request(url, { headers: { range } }));
          const hash = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
          const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0"));
          return [answer.status, answer.headers.get("content-range"), hex.join("")];
        }""",
        [url, asked],
    )


def test_what_is_kept_is_marked_in_the_library(kept: Page) -> None:
    page = kept.context.new_page()
    page.goto("")
    marked = page.get_by_text("nghe được khi không có mạng")
    marked.wait_for()
    assert marked.locator("xpath=ancestor::li").get_attribute("data-book") == "lang"
    page.close()


def test_every_state_can_be_told_by_a_screen_reader(kept: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    for scheme in ("light", "dark"):
        kept.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = axe.run(kept, options={"runOnly": {"type": "tag", "values": tags}})
        assert found.response["violations"] == [], scheme


def test_what_is_removed_takes_no_room(context: BrowserContext) -> None:
    page = open_book(context)
    before = page.evaluate(CACHES)
    keep(page)
    assert len(page.evaluate(CACHES)) == len(before) + 1
    page.get_by_role("button", name="Đã lưu trên máy – xóa").click()
    waits(page, f"{STATUS} === 'Âm thanh không còn lưu trên máy này nữa.'")
    assert page.evaluate(CACHES) == before
    page.get_by_role("button", name="Lưu để nghe khi không có mạng").wait_for()


def test_what_broke_off_goes_on_where_it_was(context: BrowserContext, library: Path) -> None:
    page = open_book(context)
    keep(page)
    page.evaluate(
        """async () => {
          const media = document.querySelector("audio").src;
          const name = (await caches.keys()).find((name) => name.includes(" sound "));
          const cache = await caches.open(name);
          for (const address of [media, media + "?piece=2"]) await cache.delete(address);
        }"""
    )
    page.reload()
    button = page.get_by_role("button", name="Lưu tiếp (đã có")
    button.wait_for()
    with page.expect_request(lambda request: request.resource_type == "fetch") as asked:
        button.click()
    assert asked.value.headers["range"] == f"bytes={2 * PIECE}-"
    waits(page, f"{KEEP}.dataset.state === 'kept'")
    data = (library / "lang.mp3").read_bytes()
    content = answer_of(page, f"bytes={2 * PIECE}-")[2]
    assert content == hashlib.sha256(data[2 * PIECE :]).hexdigest()


def test_keeping_can_be_stopped(context: BrowserContext) -> None:
    page = open_book(context)
    page.route("**/*.mp3", lambda _route: None)  # which never comes
    page.locator("#keep").click()
    button = page.get_by_role("button", name="Đang lưu: 0 % – dừng")
    button.wait_for()
    button.click()
    waits(page, f"{STATUS} === 'Âm thanh không còn lưu trên máy này nữa.'")
    assert not [name for name in page.evaluate(CACHES) if " sound " in name]


def test_it_is_told_if_there_is_no_room_or_no_network(context: BrowserContext) -> None:
    page = open_book(context)
    page.evaluate(
        """() => {
          window.told = [];
          const status = document.querySelector("#player #status");
          const note = () => window.told.push(status.textContent);
          new MutationObserver(note).observe(status, { childList: true });
        }"""
    )
    context.set_offline(True)
    page.evaluate(f"{KEEP}.click()")  # a finger would have the player ask for the sound, too
    waits(page, "window.told.includes('Bị ngắt giữa chừng. Có mạng lại thì lưu tiếp.')")
    page.get_by_role("button", name="Lưu để nghe khi không có mạng").wait_for()
    context.set_offline(False)
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 1e6, usage: 1 })")
    page.locator("#keep").click()
    waits(page, f"{STATUS}.startsWith('Máy này không đủ chỗ: cần 2,')")


def test_a_newer_edition_takes_the_place_of_what_is_kept(browser: Browser, tmp_path: Path) -> None:
    write_book(tmp_path)
    site.write(tmp_path, url="http://127.0.0.1:1")
    with running(tmp_path / "site") as (_, url):
        context = browser.new_context(base_url=url)
        page = open_book(context)
        keep(page)
        write_book(tmp_path, title="Làng, bản mới", version=1)
        site.write(tmp_path)
        page.reload()
        assert page.locator("h1").inner_text() == "Làng, bản mới"
        page.get_by_role("button", name="Lưu để nghe khi không có mạng").wait_for()
        assert not [name for name in page.evaluate(CACHES) if " sound " in name]
        text = "caches.match(location.href).then((page) => page.text())"
        waits(page, f"{text}.then((text) => text.includes('bản mới'))")
        context.set_offline(True)
        page.reload()
        assert page.locator("h1").inner_text() == "Làng, bản mới"
        context.set_offline(False)
        # A book that is taken off the site goes from here, too.
        keep(page)
        write_book(tmp_path, "khac", title="Khác")
        (tmp_path / "lang.mp3").unlink()
        site.write(tmp_path, allow_guid_change=True)
        answer = page.reload()
        assert answer
        assert answer.status == 404
        waits(page, "caches.keys().then((names) => !names.some((name) => name.includes('/lang/')))")
        context.close()


def test_listeners_of_a_private_podcast_share_nothing(
    browser: Browser, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "lang.mp3").hardlink_to(library / "lang.mp3")
    listeners = home.listeners_of(tmp_path)
    home.write_site(tmp_path)
    for name in ("Lan", "Hoa"):
        listeners.add(name)
    lan, hoa = (listeners.tokens()[name] for name in ("Lan", "Hoa"))
    with running(tmp_path) as (_, url):
        base = url.removesuffix("/")
        context = browser.new_context(base_url=base)
        page = open_book(context, f"/{lan}/{PAGE}")
        keep(page)
        context.set_offline(True)
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(f"/{hoa}/{PAGE}")
        page = context.new_page()
        page.goto(f"/{lan}/{PAGE}")
        assert page.locator("h1").inner_text() == "Làng"
        context.set_offline(False)
        page.goto(f"/{hoa}/{PAGE}")
        page.get_by_role("button", name="Lưu để nghe khi không có mạng").wait_for()
        waits(page, CONTROLLED)
        scope = "navigator.serviceWorker.ready.then(({ scope }) => scope)"
        assert page.evaluate(scope) == f"{base}/{hoa}/"
        listeners.remove("Lan")
        answer = page.goto(f"/{lan}/{PAGE}")
        assert answer
        assert answer.status == 404
        waits(page, f"caches.keys().then((names) => !names.some((name) => name.includes('{lan}')))")
        context.close()


def test_nothing_is_offered_where_browsers_allow_no_worker(browser: Browser, library: Path) -> None:
    """Over plain HTTP from another machine, or from the disk, all else is as it was."""
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda problem: wrong.append(str(problem)))
    root = library / "site"
    page.route(
        "http://books.test/**",
        lambda route: route.fulfill(
            path=root / route.request.url.removeprefix("http://books.test/").partition("#")[0]
        ),
    )
    page.goto(f"http://books.test/{PAGE}index.html")
    waits(page, "document.body.classList.contains('ready')")
    waits(page, f"{KEEP} === null")
    page.goto((root / PAGE / "index.html").as_uri())
    assert not page.locator("#keep").is_visible()
    assert wrong == []
    context.close()


def test_it_comes_when_the_page_is_there(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(PAGE)
    waits(page, IS_TEXT_KEPT)
    loaded, came = page.evaluate(
        """() => {
          const came = performance.getEntriesByType("resource")
            .find(({ name }) => name.endsWith("offline.js"));
          return [performance.getEntriesByType("navigation")[0].loadEventStart, came.startTime];
        }"""
    )
    assert came >= loaded > 0


@pytest.mark.parametrize(
    "network",
    [
        "fetch = () => Promise.reject(new TypeError('no network'))",
        # One bar of signal, and nothing comes for as long as anybody waits.
        "fetch = () => new Promise(() => {}); setTimeout = queueMicrotask",
        "fetch = async () => new Response('', { status: 502 })",
    ],
)
def test_a_network_that_brings_nothing_is_like_none(context: BrowserContext, network: str) -> None:
    """Nobody looks at an empty window while the page is here."""
    page = open_book(context)
    (worker,) = context.service_workers
    text = worker.evaluate(
        f"""async (url) => {{
          {network};
          const answer = await openPage({{ request: new Request(url), waitUntil() {{}} }});
          return await answer.text();
        }}""",
        page.url,
    )
    assert "Đây là câu đầu tiên" in text


def test_a_phone_can_put_the_library_among_its_programs(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("")
    session = context.new_cdp_session(page)
    answer = session.send("Page.getInstallabilityErrors")
    problems = [problem["errorId"] for problem in answer["installabilityErrors"]]
    assert [problem for problem in problems if problem != "in-incognito"] == []
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
