"""Scanned pages in the studio: the page says so, and recognises them once when it is asked to."""

from __future__ import annotations

import threading
import tomllib
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from command import run
from settling import settle, until
from studios import Served, opened, wait_until

from audiobook.config import make_job
from audiobook.errors import SourceError
from audiobook.studio.overviews import Overviews, Pending, deferring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytest_plugins = ["visiting"]
pytest.importorskip("pypdfium2", reason="the extra audiobook[pdf] is not installed")
pytesseract = pytest.importorskip("pytesseract", reason="the extra audiobook[ocr] is not installed")

HOCR = """<html><body><span class="ocr_line" title="bbox 100 600 900 660; baseline 0 -12;
 x_size 50; x_descenders 12; x_ascenders 12">{}</span></body></html>"""
SENTENCES = ("Nước về sớm.", "Con đò sang sông.", "Bác lái đò ngồi vá lưới.", "Trời đã tối.")
WORD = '<span class="ocrx_word" title="bbox {} 600 {} 660; x_wconf 90">{}</span>'


class Tesseract:
    """Stands in for the program: no two pages in a row hold the same."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_go_on = threading.Semaphore(0)

    def __call__(self, _picture: object, **_options: object) -> bytes:
        assert self.may_go_on.acquire(timeout=20)
        self.asked += 1
        words = SENTENCES[self.asked % len(SENTENCES)].split()
        spans = (
            WORD.format(100 + 120 * place, 200 + 120 * place, word)
            for place, word in enumerate(words)
        )
        return HOCR.format(" ".join(spans)).encode()

    def let(self, pages: int) -> None:
        self.may_go_on.release(pages)


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tesseract]:
    program = Tesseract()
    monkeypatch.setattr(pytesseract, "image_to_pdf_or_hocr", program)
    monkeypatch.setattr(pytesseract, "get_tesseract_version", lambda: "5.3.0")
    monkeypatch.setattr(pytesseract, "get_languages", lambda: ["eng", "vie"])
    yield program
    program.let(100)


def _scan(folder: Path, pages: int) -> Path:
    """Write pages that are only pictures, no two of them alike."""
    from PIL import Image

    folder.mkdir(parents=True)
    first, *others = (Image.new("L", (1000, 1400), 255 - page) for page in range(pages))
    path = folder / "scan.pdf"
    first.save(path, save_all=True, append_images=others, resolution=120)
    return path


def _address(studio: Served) -> str:
    page = studio.ask("/").text
    return "/books/" + page.split('data-book="')[1].split('"')[0]


def test_the_page_says_how_text_is_recognised(
    tmp_path: Path, tesseract: Tesseract, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = _scan(tmp_path / "books" / "a", 2)
    with opened(tmp_path / "books") as studio:
        book = _address(studio)
        assert 'data-ocr="true"' in studio.ask(f"{book}/part/chapters").text
        assert "data-ocr" not in studio.ask(f"{book}/part/estimate").text

        def is_missing() -> None:
            raise OSError

        monkeypatch.setattr(pytesseract, "get_tesseract_version", is_missing)
        told = studio.ask(f"{book}/part/chapters").text
        assert "data-ocr" not in told
        assert "apt install tesseract-ocr" in told
        assert studio.change(f"{book}/settings", ocr=True).status == 200
        told = studio.ask(f"{book}/part/chapters").text
        assert "apt install tesseract-ocr" in told
        assert studio.change(f"{book}/settings", ocr="yes").status == 422
    assert tomllib.loads(scan.with_name("book.toml").read_text()) == {"ocr": True}
    assert tesseract.asked == 0


@in_a_browser
def test_a_scan_is_recognised_once(
    studio: Served, visit: Callable[..., Page], tesseract: Tesseract
) -> None:
    scan = _scan(studio.folder / "a", 3)
    page = visit(_address(studio), may_fail=True)
    page.get_by_role("button", name="Recognise the text").focus()
    page.keyboard.press("Enter")
    assert page.locator(".problem:visible").count() == 1
    progress = page.locator("[data-recognising]")
    tesseract.let(2)
    until(page, "document.querySelector('[data-recognising] p').innerText.includes('2')")
    assert progress.get_by_role("progressbar").get_attribute("value") == "0.6667"
    tesseract.let(1)
    page.locator("[data-title-key]").first.wait_for()
    settle(page)
    until(page, "document.querySelector('[data-recognising]').hidden")
    assert page.evaluate("document.activeElement.closest('section')?.innerText").startswith(
        "Chapters"
    )
    assert page.locator(".problem:visible").count() == 0
    assert tomllib.loads(scan.with_name("book.toml").read_text()) == {"ocr": True}
    # Whatever is chosen then, no page is looked at again; nor does a command look.
    page.get_by_label("Title", exact=True).fill("Bến đò")
    page.get_by_label("Title", exact=True).press("Tab")
    page.get_by_role("link", name="Read and hear").click()
    page.get_by_text("Con đò sang sông.").wait_for()
    read = run("read", str(scan))
    assert "Trời đã tối." in read.stdout
    assert run("proof", str(scan)).returncode == 0
    assert tesseract.asked == 3
    page.goto(_address(studio))
    page.get_by_role("button", name="Do not recognise it").click()
    page.get_by_role("button", name="Recognise the text").wait_for()


@in_a_browser
@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("width", [320, 1280])
def test_a_scan_is_told_to_everybody(
    studio: Served, visit: Callable[..., Page], width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    _scan(studio.folder / "a", 1)
    viewport = {"width": width, "height": 800}
    page = visit(_address(studio), may_fail=True, viewport=viewport, locale="vi-VN")
    page.locator("#recognise").wait_for()
    found = axe.run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_program_that_ends_recognises_no_further_page(
    tmp_path: Path, tesseract: Tesseract
) -> None:
    scan = _scan(tmp_path / "a", 5)
    overviews = Overviews()
    with deferring(may_defer=True), pytest.raises(Pending) as pending:
        overviews.open(make_job(str(scan), folder=scan.parent, ocr=True))
    tesseract.let(1)
    wait_until(lambda: overviews.recognised)
    overviews.close()
    tesseract.let(4)
    with pytest.raises(SourceError, match="stopped"):
        pending.value.future.result(20)
    assert tesseract.asked <= 2
