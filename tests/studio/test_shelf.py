"""The shelf: what lies in a folder, in which state, and how fast that is told."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from command import run
from studios import ARTICLE, opened, wait_until

from audiobook.app.build import build
from audiobook.studio.entries import State
from audiobook.studio.library import Library
from audiobook.studio.memory import StudioMemory, read_memory
from audiobook.studio.removing import REMOVED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job


def test_the_state_of_a_book(tmp_path: Path, make_job: Callable[..., Job]) -> None:
    job = make_job("Một câu.")
    source = tmp_path / "shelf" / "a" / "a.txt"
    source.parent.mkdir(parents=True)
    source.write_text("Một câu.", "utf-8")
    memory = StudioMemory(path=tmp_path / "memory")
    library = Library(tmp_path / "shelf", memory)
    (entry,) = library.entries()
    assert (entry.state, entry.name, entry.book) == (State.NEW, "a", None)
    build(job).path.rename(source.with_suffix(".mp3"))
    (entry,) = library.entries()
    assert entry.state is State.DONE
    assert entry.label.seconds > 0
    now = time.time()
    for path in (source, source.with_name("book.toml"), source.with_name("lexicon.tsv")):
        path.touch()
        os.utime(path, (now + 10, now + 10))
        (entry,) = library.entries()
        assert entry.state is State.CHANGED
        # What was saved again, and found to make the same book, has not changed.
        assert entry.book
        memory.settled[f"{entry.id} mp3"] = (entry.inputs.stamp, entry.book.stat().st_mtime)
        (entry,) = library.entries()
        assert entry.state is State.DONE
        os.utime(path, (now - 10, now - 10))
        memory.settled.clear()
    source.unlink()
    (entry,) = library.entries()
    assert entry.state is State.ALONE


def test_what_was_touched_last_stands_first(tmp_path: Path) -> None:
    for number, name in enumerate(("c", "a", "b")):
        path = tmp_path / name / f"{name}.txt"
        path.parent.mkdir()
        path.write_text("Một câu.")
        os.utime(path, (number, number))
    assert [entry.name for entry in Library(tmp_path).entries()] == ["b", "a", "c"]


def test_settings_go_where_they_concern_one_book_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Một.")
    (entry,) = Library(tmp_path).entries()
    assert entry.settings_file.name == "book.toml"
    (tmp_path / "b.txt").write_text("Hai.")
    assert {entry.settings_file.name for entry in Library(tmp_path).entries()} == {
        "a.toml",
        "b.toml",
    }


def test_five_hundred_books_in_less_than_a_second(
    tmp_path: Path, make_job: Callable[..., Job]
) -> None:
    book = build(make_job(ARTICLE)).path
    shelf = tmp_path / "shelf"
    for number in range(500):
        folder = shelf / f"Sách {number}"
        folder.mkdir(parents=True)
        (folder / f"Sách {number}.txt").write_text(ARTICLE, "utf-8")
        (folder / f"Sách {number}.mp3").hardlink_to(book)
    with opened(shelf) as studio:
        start = time.process_time()
        page = studio.ask("/").text
        assert time.process_time() - start < 1  # of all threads
        assert page.count("data-book=") == 500


def test_first_bytes_come_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        fastest = {}
        for path in ("/", book, "/queue", "/voices"):
            times = []
            for _ in range(3):
                start = time.process_time()  # of all threads, the server's too
                assert studio.ask(path).status == 200
                times.append(time.process_time() - start)
            fastest[path] = min(times)
        assert all(seconds < 0.1 for seconds in fastest.values()), fastest


def test_a_name_that_is_no_text_stands_on_the_shelf(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "books")
    os.mkdir(folder)  # noqa: PTH102 (bytes)
    name = folder + b"/b\xe9.txt"
    try:
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(ARTICLE.encode())
    except OSError:
        pytest.skip("this disk takes no such names")
    with opened(tmp_path / "books") as studio:
        assert "b\ufffd" in studio.ask("/").text
        (entry,) = Library(studio.folder).entries()
        for path in ("", "/part/chapters", "/part/estimate", "/read", "/part/text"):
            assert studio.ask(f"/books/{entry.id}{path}").status == 200


def test_a_book_that_is_removed_is_kept_aside(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        again = studio.add(ARTICLE)
        (studio.folder / "loose.txt").write_text("Một.", "utf-8")
        (studio.folder / "other.txt").write_text("Hai.", "utf-8")
        loose = next(e for e in Library(studio.folder).entries() if e.name == "loose")
        for address in (book, again, f"/books/{loose.id}"):
            assert studio.change(f"{address}/remove").status == 200
            assert studio.ask(address).status == 404
        assert [e.name for e in Library(studio.folder).entries()] == ["other"]
        aside = sorted(path.name for path in (studio.folder / REMOVED).iterdir())
        assert aside == ["Chuyện ở làng", "Chuyện ở làng 2", "loose"]
        assert (studio.folder / REMOVED / "loose" / "loose.txt").read_text("utf-8") == "Một."


def test_a_hostile_name_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "en")
    name = "<img src=x onerror=alert(1)>'\""
    with opened(tmp_path / "books") as studio:
        folder = studio.folder / "a"
        folder.mkdir()
        (folder / f"{name}.txt").write_text(ARTICLE.replace("Gió", "</title><script>x</script>"))
        book = f"/books/{Library(studio.folder).entries()[0].id}"
        pages = ("/", book, f"{book}/part/chapters", f"{book}/read", f"{book}/part/text")
        for page in pages:
            text = studio.ask(page).text
            assert "<img src=x" not in text
            assert "<script>x" not in text


def test_a_command_that_builds_a_book_anew_is_seen(tmp_path: Path) -> None:
    """Whether it writes the book, or finds it to be as it would be."""
    with opened(tmp_path / "books") as studio:
        address = studio.add("Một câu.")
        (source,) = studio.folder.rglob("*.txt")
        settings = source.with_name("book.toml")
        library = Library(studio.folder, read_memory(studio.folder))

        def state() -> State:
            return library.entry_at(source).state

        studio.change(f"{address}/settings", voice="hanoi")
        studio.change(f"{address}/build")
        wait_until(lambda: read_memory(studio.folder).settled)
        library = Library(studio.folder, read_memory(studio.folder))
        assert state() is State.DONE
        studio.change(f"{address}/settings", title="Khác")
        now = time.time() + 5
        os.utime(settings, (now, now))
        assert state() is State.CHANGED
        command = run("build", str(source), "-o", str(source.parent))
        assert command.returncode == 0, command.stderr
        assert state() is State.DONE
        # Saved again as it was.
        os.utime(settings, (now + 5, now + 5))
        assert state() is State.DONE
        # The page says the same.
        assert f"{address}/listen" in studio.ask("/").text
