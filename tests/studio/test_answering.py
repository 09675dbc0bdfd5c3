"""A book that takes long keeps nobody waiting for the rest, and is read once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from studios import opened, wait_until

from audiobook.app.preparing import read_document
from audiobook.studio.overviews import Overviews

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Document, Event, Job


def test_a_slow_book_keeps_only_itself_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    read: list[str] = []

    def slow(job: Job, report: Callable[[Event], None]) -> Document:
        read.append(job.source)
        assert may_end.wait(60)
        return read_document(job, report)

    monkeypatch.setattr("audiobook.studio.overviews.read_document", slow)
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        with ThreadPoolExecutor(60) as pool:
            parts = ["chapters", "omissions", "doubts", "estimate", "text"] * 12
            answers = [pool.submit(studio.ask, f"{book}/part/{part}") for part in parts]
            try:
                wait_until(lambda: read)
                for path in ("/", "/queue", "/part/shelf", book):
                    assert studio.ask(path).status == 200
                assert studio.change("/add/text", text="Hai câu.").status == 200
            finally:
                may_end.set()
            for answer in answers:
                assert answer.result().status == 200
                assert 'class="problem"' not in answer.result().text
        assert len(read) == 1


def test_a_title_changes_nothing_that_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(job: Job, report: Callable[[Event], None]) -> Document:
        read.append(job.source)
        return read_document(job, report)

    monkeypatch.setattr("audiobook.studio.overviews.read_document", counted)
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        for title in ("Cũ", "Mới"):
            assert studio.change(f"{book}/settings", title=title, author="Ai").status == 200
            assert title in studio.ask(f"{book}/part/estimate").text
            assert studio.ask(f"{book}/part/doubts").status == 200
        assert len(read) == 1
        studio.change(f"{book}/settings", speed=1.5)
        assert studio.ask(f"{book}/part/chapters").status == 200
        assert len(read) == 1
        next(studio.folder.rglob("*.txt")).write_text("Hai câu.", "utf-8")
        assert studio.ask(f"{book}/part/chapters").status == 200
        assert len(read) == 2


def test_what_fails_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_job: Job, _report: object) -> Document:
        raise ValueError("broken")

    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        with monkeypatch.context() as patch:
            patch.setattr("audiobook.studio.overviews.read_document", failing)
            assert "broken" in studio.ask(f"{book}/part/chapters").text
        assert "broken" not in studio.ask(f"{book}/part/chapters").text


def test_each_is_found_out_once() -> None:
    overviews, found = Overviews(), []

    def find_out() -> int:
        found.append(0)
        return len(found)

    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda _: overviews.once("key", find_out), range(50)))
    assert set(values) == {1}
    with pytest.raises(ZeroDivisionError):
        overviews.once("other", lambda: 1 // 0)
    assert overviews.once("other", lambda: 2) == 2
    overviews.close()
