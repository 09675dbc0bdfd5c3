"""In a real browser: a whole novel from the drop to the published podcast."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import journeys
import novels
import pytest
from browsing import in_a_browser
from command import run
from holding import HeldBuilds
from places import SHARED
from settling import settle, until

from audiobook.app.hearing import hear
from audiobook.app.preparing import prepare
from audiobook.audit.contents import read_contents
from audiobook.config import make_job
from audiobook.studio.library import PODCAST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from studios import Served

pytest_plugins = ["visiting"]
pytestmark = in_a_browser
OUT, NAMED = 4, 3
"""The chapter that is not wanted, and the one with a foreign name."""
REAL = SHARED / "books" / "tat-den.epub"
URL = "https://example.org/sach"


def listened(path: Path) -> tuple[list[str], str]:
    """Return the titles of the chapters of a finished book, and all its sentences."""
    contents = read_contents(path)
    sentences = " ".join(sentence.text for sentence in contents.sentences)
    return [chapter.title for chapter in contents.chapters], sentences


def is_published_well(library: Path, folder: Path) -> None:
    checked = run("feed", "--check", str(library), "-o", str(folder))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def speak_in_tones(studio: Served, page: Page) -> None:
    """Choose the quickest voice, which the page does not offer."""
    assert studio.change(f"{urlsplit(page.url).path}/settings", voice="tone").status == 200


def test_a_novel_from_the_drop_to_the_podcast(
    studio: Served, visit: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldBuilds(monkeypatch)
    page = visit()
    journeys.open_dropped(page, "ben-nuoc-cu.epub", novels.novel(), novels.TITLE)
    words = "document.querySelectorAll('.estimate div')[1].innerText"
    before = page.evaluate(words)
    assert page.locator("[data-chapter-key]").count() == novels.CHAPTERS

    page.get_by_role("checkbox", name=f"Chương {OUT}:").uncheck()
    until(page, f"{words} !== {before!r}")
    settle(page)
    page.locator(".omission summary", has_text="notes").last.click()
    page.get_by_role("button", name=f"Read it after all: {novels.NOTE}").click()
    page.get_by_role("heading", name="Kept by you").wait_for()
    page.get_by_role("button", name="Accept Những", exact=True).click()
    page.get_by_text("No misprints are left.").wait_for()
    settle(page)
    journeys.correct_and_hear(page, novels.NAME, "giu lia")

    speak_in_tones(studio, page)
    page.get_by_role("button", name="Make the audiobook").click()
    assert held.has_begun.wait(60)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Resume", exact=True).wait_for()
    until(page, "document.querySelector('#making [data-build]').textContent === 'paused'")
    held.may_go_on.set()
    assert not list(studio.folder.rglob("*.mp3"))
    page.get_by_role("button", name="Resume", exact=True).click()

    journeys.listen_from_the_beginning(page)
    first = page.evaluate(journeys.CURRENT)
    until(page, f"{journeys.CURRENT} !== {first!r}")
    sentence = f"Bà {novels.NAME} từ bên kia sông sang thăm."
    page.locator("#text").get_by_text(sentence).click()
    until(page, f"{journeys.CURRENT} === {sentence!r}")
    journeys.play_where_the_waveform_is_clicked(page)
    journeys.publish(page, URL)

    folder = studio.folder / "ben-nuoc-cu"
    titles, text = listened(folder / "ben-nuoc-cu.mp3")
    wanted = [n for n in range(1, novels.CHAPTERS + 1) if n != OUT]
    assert titles == [novels.chapter_title(number) for number in wanted]
    assert novels.chapter_title(OUT) not in text
    assert novels.NOTE in text
    assert novels.CORRECTED in text
    assert novels.MISPRINT not in text
    assert novels.ADVERTISED not in text
    assert "lưu chiểu" not in text
    # The sound of the book is that of the corrected name: it is found under what is said now.
    source = folder / "ben-nuoc-cu.epub"
    job = make_job(str(source), folder=folder)
    document = prepare(job)
    assert hear(job, sentence, document, NAMED).start > 0
    (folder / "lexicon.tsv").unlink()
    assert hear(make_job(str(source), folder=folder), sentence, document, NAMED).start == 0
    is_published_well(studio.folder / PODCAST, tmp_path / "public")
    assert (titles, text) in map(listened, (tmp_path / "public").rglob("*.mp3"))


@pytest.mark.skipif(not REAL.is_file(), reason=f"there is no {REAL}")
def test_two_chapters_of_a_real_novel(
    studio: Served, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit()
    journeys.open_dropped(page, "tat-den.epub", REAL.read_bytes(), "Tắt Đèn")
    speak_in_tones(studio, page)
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_text("Choose at least one chapter.").wait_for()
    settle(page)
    boxes = page.locator("[data-chapter-key]")
    keys = [boxes.nth(number).get_attribute("data-chapter-key") for number in (0, 3)]
    for number in (0, 3):
        boxes.nth(number).check()
    until(page, "!document.querySelector('#nothing-chosen')")
    settle(page)
    page.get_by_role("button", name="Make the audiobook").click()
    journeys.listen_from_the_beginning(page)
    journeys.play_where_the_waveform_is_clicked(page)
    journeys.publish(page, URL)
    titles, text = listened(studio.folder / "tat-den" / "tat-den.mp3")
    assert titles == keys
    assert len(text) > 5_000
    is_published_well(studio.folder / PODCAST, tmp_path / "public")
