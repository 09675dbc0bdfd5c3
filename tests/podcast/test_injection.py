"""What is said in every field of a library, as pages in a real browser: nothing of it is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from mutagen.id3 import COMM, ID3, TALB, TIT2, TPE1
from naughty import NAUGHTY
from serving import running
from stubs import make_book

from audiobook.audit import audit
from audiobook.audit.page import render
from audiobook.model import Meta
from audiobook.podcast import site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Request

pytestmark = in_a_browser

KINDS = ("HTML", "script", "attribute", "address", "CSS", "XML", "entities", "JSON", "templates")
ATTEMPTS = [
    *(NAUGHTY[kind] for kind in KINDS),
    "<img src=//evil.example/x.png onerror=alert(1)>",
    "<base href=//evil.example/><meta http-equiv=refresh content='0;url=//evil.example/'>",
    "--><script src=//evil.example/x.js></script><!--",
    "</p></main><a id=play href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    '"><svg><animate onbegin=alert(1) attributeName=x dur=1s>&lt;script&gt;alert(1)&lt;/script&gt;',
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book for each attempt, made of nothing else; one was tagged by somebody else."""
    folder = tmp_path_factory.mktemp("injection")
    for number, text in enumerate(ATTEMPTS):
        meta = Meta(
            title=text,
            author=text,
            narrator=text,
            date=text,
            language=text,
            genre=text,
            publisher=text,
            description=text,
        )
        make_book(
            folder / f"{number:02}.mp3", meta, (text, text, f"  {text}"), sentences=(text,) * 3
        )
    path = folder / "00.mp3"
    tag = ID3(path)
    for frame in (TIT2, TPE1, TALB):
        tag.add(frame(encoding=1, text=ATTEMPTS))
    tag.add(COMM(encoding=1, lang="vie", desc="", text=["\n".join(ATTEMPTS)]))
    tag.save(path)
    setting = json.dumps(" ".join(ATTEMPTS), ensure_ascii=False)
    fields = ("title", "author", "owner", "description", "licence")
    text = "".join(f"{field} = {setting}\n" for field in fields)
    (folder / "library.toml").write_text(text, "utf-8")
    site.write(folder, None, "https://example.org/sach")
    return folder


def test_no_page_runs_what_it_shows(library: Path, browser: Browser, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_bytes(render(audit(library / "13.mp3")).encode("utf-8", "replace"))
    wrong: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"said {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if not request.url.startswith(allowed):
            wrong.append(f"asked for {request.url}")

    page = browser.new_page()
    page.set_default_timeout(8_000)
    page.on("dialog", on_dialog)
    page.on("pageerror", lambda error: wrong.append(f"failed: {error}"))
    page.on("console", lambda message: wrong.append(f"complained: {message.text}"))
    with running(library) as (_, url):
        root = library / "site"
        paths = [path.relative_to(root).as_posix() for path in sorted(root.rglob("index.html"))]
        assert len(paths) == len(ATTEMPTS) + 1
        allowed = (url, report.as_uri(), "data:", "blob:")
        page.on("request", on_request)
        for address in (*(url + path for path in paths), report.as_uri()):
            page.goto(address)
            page.wait_for_timeout(50)  # for what begins by itself
            assert page.url == address
            strange = "iframe, base, svg animate, [onerror], [onload], [onfocus], [onmouseover]"
            assert page.locator(strange).count() == 0
            if address != report.as_uri():
                ours = "[src*='assets/'], [type='application/ld+json']"
                assert page.locator(f"script:not({ours})").count() == 0
            links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
            assert all(link.startswith(allowed) for link in links)
    assert not wrong
    page.close()
