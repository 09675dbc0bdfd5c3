"""A sentence that sounds bad is recorded again, and the choice stands in book.toml."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from settling import until
from studios import ARTICLE, wait_until

from audiobook.app.build import build
from audiobook.app.hearing import hear, in_take, sound_of
from audiobook.config import make_job
from audiobook.config.books import read_book_files
from audiobook.config.writing import write_settings
from audiobook.errors import UsageError

pytest_plugins = ["visiting"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from studios import Served

    from audiobook.model import Job

SENTENCE = "Trời mưa suốt ba ngày."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "texts" / "a.txt"
    path.parent.mkdir()
    path.write_text(ARTICLE, "utf-8")
    return path


def job_of(source: Path, voice: str = "tone") -> Job:
    return make_job(str(source), folder=source.parent, voice=voice)


def test_a_take_is_another_sound_and_the_first_one_stays(source: Path) -> None:
    job = job_of(source)
    sounds = []
    for take in (1, 2, 3, 1, 2):
        heard = hear(in_take(job, SENTENCE, take), SENTENCE)
        sounds.append(sound_of(job, heard.key))
    assert len(set(sounds)) == 3
    assert sounds[3:] == sounds[:2]


def test_a_voice_that_has_no_other_way_says_so(source: Path) -> None:
    job = job_of(source, "hanoi")
    assert in_take(job, SENTENCE, 1) == job
    with pytest.raises(UsageError, match="always says it the same"):
        in_take(job, SENTENCE, 2)
    hear(job, SENTENCE)
    before = recordings(job)
    write_settings(source.with_suffix(".toml"), {"takes": {SENTENCE: 2}})
    hear(job_of(source, "hanoi"), SENTENCE)
    assert recordings(job) == before


def recordings(job: Job) -> set[str]:
    return {path.name for path in job.cache.rglob("*.recording")}


def test_only_its_passage_is_recorded_again(source: Path) -> None:
    chapters = [f"Chương {number}\n\nTrời mưa {number} ngày. Sông đầy." for number in range(1, 6)]
    source.write_text("\n\n".join(chapters), "utf-8")
    job = job_of(source)
    build(job)
    before, book = recordings(job), (source.parent / "a.mp3").read_bytes()
    toml = source.with_suffix(".toml")
    write_settings(toml, {"takes": {"Trời mưa 3 ngày.": 2}})
    build(job_of(source))
    assert len(recordings(job) - before) == 1
    assert (source.parent / "a.mp3").read_bytes() != book
    write_settings(toml, {"takes": {}})
    build(job_of(source))
    assert len(recordings(job) - before) == 1
    assert (source.parent / "a.mp3").read_bytes() == book


def test_takes_stand_in_book_toml(source: Path) -> None:
    toml = source.with_suffix(".toml")
    odd = 'Anh hỏi: “Sao?” = "gì" \\ # [a.b]'
    toml.write_text('title = "Cũ" # why\n', "utf-8")
    write_settings(toml, {"takes": {SENTENCE: 2, odd: 3}})
    assert toml.read_text("utf-8").startswith('title = "Cũ" # why\n')
    assert read_book_files(source).takes == {SENTENCE: 2, odd: 3}
    assert dict(job_of(source).takes) == {SENTENCE: 2, odd: 3}
    write_settings(toml, {"takes": {SENTENCE: 2}})
    assert read_book_files(source).takes == {SENTENCE: 2}
    for wrong in ("0", "-1", "1.5", '"2"', "true"):
        toml.write_text(f'[takes]\n"Trời mưa." = {wrong}\n', "utf-8")
        with pytest.raises(UsageError, match="numbers from 1"):
            read_book_files(source)


def test_a_sentence_is_recorded_again_on_the_page(
    studio: Served, visit: Callable[..., Page]
) -> None:
    book = studio.add(ARTICLE)
    studio.change(f"{book}/settings", voice="tone")
    page = visit(f"{book}/read?chapter=2")
    again = page.get_by_role("button", name=f"Record again: {SENTENCE}").first
    back = page.get_by_role("button", name=f"Back to the earlier take: {SENTENCE}").first
    assert not back.is_visible()
    again.focus()
    page.keyboard.press("Enter")
    page.get_by_text("take 2", exact=True).first.wait_for()
    until(page, "document.querySelector('#voice').currentTime > 0")
    settings = next(studio.folder.rglob("*.toml"))
    assert tomllib.loads(settings.read_text("utf-8"))["takes"] == {SENTENCE: 2}
    again.click()
    page.get_by_text("take 3", exact=True).first.wait_for()
    page.reload()
    page.get_by_text("take 3", exact=True).first.wait_for()
    for take in (2, 1):
        back.click()
        wait_until(lambda take=take: takes_in(settings).get(SENTENCE, 1) == take)
    until(page, "document.activeElement.matches('.again')")
    assert not back.is_visible()
    assert "takes" not in tomllib.loads(settings.read_text("utf-8"))


def test_the_first_take_wins_over_a_file_for_several_texts(studio: Served) -> None:
    book = studio.add(ARTICLE)
    folder = next(studio.folder.rglob("*.txt")).parent
    (folder / "khác.txt").write_text("Một câu.", "utf-8")
    (folder / "book.toml").write_text(f'voice = "tone"\n[takes]\n"{SENTENCE}" = 3\n', "utf-8")
    assert "take 3" in studio.ask(f"{book}/part/text?chapter=2").text
    assert studio.change(f"{book}/take", text=SENTENCE, take=1).status == 200
    assert "take 3" not in studio.ask(f"{book}/part/text?chapter=2").text


def takes_in(settings: Path) -> dict[str, int]:
    takes: dict[str, int] = tomllib.loads(settings.read_text("utf-8")).get("takes", {})
    return takes


def test_a_page_says_that_its_voice_has_one_take(studio: Served) -> None:
    book = studio.add(ARTICLE)
    studio.change(f"{book}/settings", voice="hanoi")
    page = studio.ask(f"{book}/part/text").text
    assert "always says a sentence the same" in page
    assert "Record again" not in page
    answer = studio.change(f"{book}/take", text=SENTENCE, chapter=1, take=2)
    assert answer.status == 422
    assert "always says it the same" in answer.json["problem"]
    for wrong in (0, "2", 1000, None):
        assert studio.change(f"{book}/take", text=SENTENCE, take=wrong).status == 422
