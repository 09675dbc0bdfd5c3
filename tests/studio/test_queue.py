"""The queue goes on whatever happens to pages, and to the program."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from holding import HeldBuilds
from serving import running, stop
from studios import ARTICLE, LONG, Served, opened, wait_until

from audiobook.audit.contents import read_contents
from audiobook.errors import UsageError
from audiobook.studio.memory import NAME, read_memory

if TYPE_CHECKING:
    from pathlib import Path


def stage_of(studio: Served, title: str) -> str:
    page = studio.ask("/part/queue").text
    match = re.search(rf'data-stage="(\w+)">(?:(?!data-stage).)*?{title}', page, re.DOTALL)
    return match[1] if match else ""


def test_a_killed_program_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, cache = tmp_path / "books", tmp_path / "cache"
    folder.mkdir()
    with running(folder, "--no-open", name="studio") as (process, url):
        studio = Served(url, folder)
        book = studio.add(LONG)
        assert studio.change(f"{book}/build").status == 200
        wait_until(lambda: any(cache.rglob("*.recording")))
        process.kill()
        process.wait()
    assert read_memory(folder).queue == [book.rpartition("/")[2]]
    kept = {path.name: path.stat().st_mtime_ns for path in cache.rglob("*.recording")}
    assert kept
    with running(folder, "--no-open", name="studio") as (process, url):
        studio = Served(url, folder)
        wait_until(lambda: not read_memory(folder).queue, 60)
        assert studio.ask(f"{book}/listen").status == 200
        assert stop(process)[0] == 130
    assert kept.keys() <= {path.name for path in cache.rglob("*.recording")}


def test_a_build_rests_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = HeldBuilds(monkeypatch)
    with opened(tmp_path / "books") as studio:
        book = studio.add(LONG)
        other = studio.add(ARTICLE)
        studio.change(f"{book}/build")
        studio.change(f"{other}/build")
        wait_until(lambda: stage_of(studio, "Làng chài") == "recording")
        assert stage_of(studio, "Chuyện ở làng") == "waiting"
        studio.change(f"{book}/pause")
        held.may_go_on.set()
        wait_until(lambda: stage_of(studio, "Chuyện ở làng") == "done")
        assert read_memory(studio.folder).paused == [book.rpartition("/")[2]]
        held.may_go_on.clear()
        studio.change(f"{book}/resume")
        wait_until(lambda: stage_of(studio, "Làng chài") == "recording")
        studio.change(f"{book}/cancel")
        held.may_go_on.set()
        wait_until(lambda: not read_memory(studio.folder).queue)
        assert stage_of(studio, "Làng chài") == ""
        assert studio.ask(f"{book}/listen").status == 404


def test_a_failure_is_told_and_remembered(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        source = next(studio.folder.rglob("*.txt"))
        source.with_suffix(".mp3").write_bytes(b"somebody else's")
        studio.change(f"{book}/build")
        wait_until(lambda: stage_of(studio, "làng") == "failed")
        assert "not made by audiobook" in studio.ask("/part/queue").text
        assert "not made by audiobook" in studio.ask("/").text
        assert source.with_suffix(".mp3").read_bytes() == b"somebody else's"
    with opened(tmp_path / "books") as studio:
        assert "not made by audiobook" in studio.ask("/").text


def test_events_hold_the_whole_state(tmp_path: Path) -> None:
    import http.client
    from urllib.parse import urlsplit

    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        studio.change(f"{book}/build")
        wait_until(lambda: stage_of(studio, "làng") == "done")
        connection = http.client.HTTPConnection(urlsplit(studio.url).netloc, timeout=10)
        connection.request("GET", "/events", headers={"accept-language": "vi"})
        response = connection.getresponse()
        assert response.getheader("content-type", "").startswith("text/event-stream")
        (build,) = json.loads(response.readline().decode().removeprefix("data: "))["builds"]
        connection.close()
        assert (build["stage"], build["share"], build["ended"]) == ("done", 1, True)


def test_another_format_is_made_beside_the_book(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        studio.change(f"{book}/build")
        wait_until(lambda: studio.ask(f"{book}/file/mp3").status == 200)
        wait_until(lambda: stage_of(studio, "làng") == "done")
        kept = sorted((tmp_path / "cache").rglob("*.recording"))
        studio.change(f"{book}/export", format="epub")
        wait_until(lambda: studio.ask(f"{book}/file/epub").status == 200)
        assert sorted((tmp_path / "cache").rglob("*.recording")) == kept
        assert "<audio controls" in studio.ask(f"{book}/listen").text  # that of the MP3
        shelf = studio.ask("/")
        assert (shelf.status, f'src="{book}/cover?' in shelf.text) == (200, True)
        assert studio.ask(f"{book}/file/txt").status == 404


def test_one_format_is_made_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = HeldBuilds(monkeypatch)
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        studio.change(f"{book}/build")
        assert held.has_begun.wait(60)
        refused = studio.change(f"{book}/export", format="epub")
        assert (refused.status, "another format" in refused.text) == (422, True)
        assert studio.change(f"{book}/build").status == 200
        held.may_go_on.set()
        wait_until(lambda: stage_of(studio, "làng") == "done")


def test_a_folder_has_one_studio(tmp_path: Path) -> None:
    folder = tmp_path / "books"
    with opened(folder), pytest.raises(UsageError, match="open already"), opened(folder):
        pass
    with opened(folder):
        pass


def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "en")
    for content in ("", "[]", '{"queue": 3}', '{"queue": ["zz"], "paused": [], "failed": []}'):
        (tmp_path / NAME).write_text(content)
        with opened(tmp_path) as studio:
            assert studio.ask("/").status == 200


def test_other_formats_are_converted_without_recording_again(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        studio.change(f"{book}/build")
        wait_until(lambda: studio.ask(f"{book}/file/mp3").status == 200)
        wait_until(lambda: stage_of(studio, "làng") == "done")
        kept = set((tmp_path / "cache").rglob("*.recording"))
        for form in ("m4b", "opus"):
            studio.change(f"{book}/export", format=form)
            wait_until(lambda form=form: studio.ask(f"{book}/file/{form}").status == 200)
            wait_until(lambda: stage_of(studio, "làng") == "done")
        assert set((tmp_path / "cache").rglob("*.recording")) == kept
        made = read_contents(next(studio.folder.rglob("*.opus")))
        titles = [chapter.title for chapter in made.chapters]
        assert titles[-2:] == ["Chương 2: Mưa", "Chương 3: Nắng"]
        # The text has changed, so that its book must be built.
        source = next(studio.folder.rglob("*.txt"))
        source.write_text(ARTICLE.replace("Bác thở dài", "Bác cười"), "utf-8")
        next(studio.folder.rglob("*.m4b")).unlink()
        studio.change(f"{book}/export", format="m4b")
        wait_until(lambda: studio.ask(f"{book}/file/m4b").status == 200)
        assert set((tmp_path / "cache").rglob("*.recording")) > kept


def test_a_recording_without_a_text_is_converted_too(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        studio.add(ARTICLE)
        source = next(studio.folder.rglob("*.txt"))
        book = f"/books/{shelf_ids(studio)[0]}"
        studio.change(f"{book}/build")
        wait_until(lambda: stage_of(studio, "làng") == "done")
        source.unlink()
        [key] = shelf_ids(studio)
        assert f"/books/{key}/export" in studio.ask(f"/books/{key}/listen").text
        studio.change(f"/books/{key}/export", format="m4b")
        wait_until(lambda: studio.ask(f"/books/{key}/file/m4b").status == 200)
        assert shelf_ids(studio) == [key]


def shelf_ids(studio: Served) -> list[str]:
    page = studio.ask("/part/shelf").text
    return list(dict.fromkeys(re.findall(r'href="/books/(\w{16})', page)))
