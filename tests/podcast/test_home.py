"""A folder of books becomes a podcast for home, and what is on the web stays as it is."""

from __future__ import annotations

import asyncio
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import mutagen
import pytest
from feedparser import parse
from serving import running, stop
from stubs import make_book
from terminal import run_on_terminal

from audiobook.app import home
from audiobook.app.build import build
from audiobook.errors import OutputError, SourceError
from audiobook.model import Meta
from audiobook.podcast import codes, serving, site
from audiobook.podcast.serving import hosts
from audiobook.podcast.volumes import read_volume, with_cover_and_cues
from audiobook.system import ffmpeg
from audiobook.system.memory import held_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job

TEXT = "Chương 1: Gió\n\nGió lên rồi.\n\nChương 2: Mưa\n\nMưa suốt ba ngày. Rồi nắng.\n"
TITLES = ["Gió", "Mưa"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "Tủ sách"
    folder.mkdir()
    make_book(folder / "lang.mp3", Meta(title="Làng", language="vi"), TITLES)
    return folder


@pytest.fixture
def put_book(make_job: Callable[..., Job], library: Path) -> Callable[[str], Path]:
    """Build a small book in a format into the library."""

    def put(form: str) -> Path:
        job = make_job(TEXT, name=form, meta=Meta(title="Bến đò", author="Nguyễn An"))
        sound = replace(job.sound, format=form)
        return build(replace(job, sound=sound, format=form, folder=library)).path

    return put


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_its_making_took_is_given_back(library: Path) -> None:
    with ThreadPoolExecutor(1) as pool:  # threads draw the pictures
        kept = pool.submit(lambda: [bytearray(100_000) for _ in range(800)].pop()).result()
        before = held_memory()
        written = home.write_site(library).written
        # As soon as it is served.
        app = serving.make_app(written.folder)
        server = serving.server._make_server(app, tells=False, believes_proxies=False)
        server.config.load()
        asyncio.run(server.on_tick(0))
        assert before - held_memory() > 30_000_000
    assert kept


def test_a_folder_that_was_never_given_an_address_is_heard(library: Path) -> None:
    with running(library) as (process, url):
        feed = parse(httpx.get(f"{url}feed.xml").content)
        (entry,) = feed.entries
        (enclosure,) = entry.enclosures
        assert (feed.feed.title, entry.title) == ("Tủ sách", "Làng")
        assert enclosure.href.startswith(url)
        sound = httpx.get(enclosure.href)
        assert sound.content == (library / "lang.mp3").read_bytes()
        assert enclosure.length == str(len(sound.content))
        chapters = parse(httpx.get(f"{url}books/lang/feed.xml").content)
        assert {chapter.title for chapter in chapters.entries} == set(TITLES)
        assert all(chapter.enclosures[0].href.startswith(url) for chapter in chapters.entries)
        assert b".invalid" not in httpx.get(url).content
        assert stop(process)[0] == 130
    assert {path.name for path in library.iterdir()} == {"lang.mp3", home.FOLDER}


def test_the_address_is_the_one_that_is_asked_for(library: Path) -> None:
    with running(library, "--host", "sach.example") as (_, url):
        port = url.rstrip("/").rpartition(":")[2]
        guids = set()
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "192.168.1.9:80", "sach.example"):
            answer = httpx.get(f"{url}feed.xml", headers={"host": host})
            feed = parse(answer.content)
            assert feed.entries[0].enclosures[0].href.startswith(f"http://{host}/books/")
            guids.add((feed.entries[0].id, feed.entries[0].published))
            etag = {"host": host, "if-none-match": answer.headers["etag"]}
            assert httpx.get(f"{url}feed.xml", headers=etag).status_code == 304
        assert len(guids) == 1
        proxied = {"host": "sach.example", "x-forwarded-proto": "https"}
        feed = parse(httpx.get(f"{url}feed.xml", headers=proxied).content)
        assert feed.entries[0].enclosures[0].href.startswith("https://sach.example/books/")
        refused = httpx.get(f"{url}feed.xml", headers={"host": "elsewhere.example"})
        assert (refused.status_code, refused.text) == (421, "Misdirected Request")


def test_what_is_on_the_web_is_left_alone(library: Path) -> None:
    site.write(library, url="https://example.org/sach")
    before = snapshot(library / site.FOLDER)
    with running(library) as (_, url):
        assert b"example.org" not in httpx.get(f"{url}feed.xml").content
    assert snapshot(library / site.FOLDER) == before
    with running(library / site.FOLDER) as (_, url):
        as_it_is = (library / site.FOLDER / "feed.xml").read_bytes()
        assert httpx.get(f"{url}feed.xml").content == as_it_is
        through_a_proxy = httpx.get(f"{url}feed.xml", headers={"host": "example.org"})
        assert through_a_proxy.content == as_it_is


def test_the_next_start_keeps_what_phones_have(library: Path) -> None:
    first = home.write_site(library)
    feed = first.written.folder / "feed.xml"
    before = feed.read_bytes()
    assert home.write_site(library).written.changed == 0
    assert feed.read_bytes() == before
    make_book(library / "song.mp3", Meta(title="Sông", language="vi"))
    assert home.write_site(library).written.books == 2
    (library / "lang.mp3").unlink()
    assert home.write_site(library).written.books == 1  # nobody is asked: it is at home
    old = {entry.title: entry.id for entry in parse(before).entries}
    make_book(library / "lang.mp3", Meta(title="Làng", language="vi"), TITLES)
    home.write_site(library)
    assert old.items() <= {entry.title: entry.id for entry in parse(str(feed)).entries}.items()


@pytest.mark.parametrize("form", ["m4b", "opus"])
def test_a_book_in_another_format_is_heard(
    library: Path, put_book: Callable[[str], Path], form: str
) -> None:
    source = put_book(form)
    lines: list[str] = []
    written = home.write_site(library, lines.append).written
    assert (written.books, written.broken) == (2, ())
    assert lines == [f"{source.name}: making an MP3 for podcast programs"]
    (made,) = (library / home.FOLDER / "mp3").iterdir()
    volume = with_cover_and_cues(read_volume(made))
    assert (volume.meta.title, volume.meta.author) == ("Bến đò", "Nguyễn An")
    assert volume.synthetic
    assert [chapter.title for chapter in volume.chapters] == [
        "Chương 1: Gió",
        "Chương 2: Mưa",
    ]
    assert [cue.text for cue in volume.cues][-1] == "Rồi nắng."
    assert volume.seconds == pytest.approx(mutagen.File(source).info.length, abs=0.1)
    lines.clear()
    assert home.write_site(library, lines.append).written.changed == 0
    assert not lines
    source.unlink()
    assert home.write_site(library).written.books == 1
    assert not made.exists()


def test_a_book_of_another_program_is_heard(library: Path, put_book: Callable[[str], Path]) -> None:
    plain = ["-map", "0:a", "-map_metadata", "-1", "-map_chapters", "-1", "-c", "copy"]
    source, foreign = put_book("m4b"), library / "Đất rừng.m4b"
    subprocess.run([ffmpeg.find(), "-v", "error", "-i", source, *plain, foreign], check=True)
    source.unlink()
    assert home.write_site(library).written.books == 2
    (made,) = (library / home.FOLDER / "mp3").iterdir()
    volume = read_volume(made)
    assert (volume.meta.title, len(volume.chapters)) == ("Đất rừng", 1)


def test_an_mp3_of_the_same_book_is_taken_as_it_is(
    library: Path, put_book: Callable[[str], Path]
) -> None:
    put_book("m4b").rename(library / "Lang.M4B")
    assert home.write_site(library).written.books == 1


def test_previews_and_damaged_books_are_no_episodes(library: Path) -> None:
    make_book(library / "lang.preview.mp3", Meta(title="Làng", language="vi"))
    (library / "hong.m4b").write_bytes(b"junk")
    made = home.write_site(library)
    assert made.written.books == 1
    (problem,) = made.broken
    assert "hong.m4b is not" in str(problem)
    (library / "lang.mp3").unlink()
    with pytest.raises(SourceError, match=r"hong\.m4b"):
        home.write_site(library)


def test_a_folder_that_may_not_be_written_to(library: Path) -> None:
    (library / home.FOLDER).write_text("in the way")
    with pytest.raises(OutputError, match="copy the books to a folder that you may write to"):
        home.write_site(library)


def test_a_terminal_shows_a_code_of_the_page(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobook.podcast.serving.serve", lambda *_: None)
    monkeypatch.setattr(
        "audiobook.podcast.serving.server.local_network_address", lambda: "10.1.2.3"
    )
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    shown = run_on_terminal("serve", str(library), "--lan", "--port", "0").stderr
    (feed,) = {word for word in shown.split() if word.endswith("/feed.xml")}
    assert feed.startswith("http://10.1.2.3:")
    code = codes.text_code(feed.replace("feed.xml", "subscribe.html")).splitlines()
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert [line for line in plain if line and set(line) <= set(" ▀▄█")] == code
    assert "a page opens with a button for each podcast program" in " ".join(shown.split())
    assert "add --lan" in run_on_terminal("serve", str(library), "--port", "0").stderr


def test_a_name_that_stays_is_offered_where_it_leads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(name: str, *_: object) -> list[tuple[object, ...]]:
        assert name == "desk.local"
        return [(2, 1, 6, "", (found, 0))]

    monkeypatch.setattr("socket.gethostname", lambda: "Desk.example.org")
    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr(hosts, "local_network_address", lambda: "10.1.2.3")
    found = "10.1.2.3"
    assert hosts.lasting_address("http://10.1.2.3:80/a.xml") == "http://desk.local:80/a.xml"
    found = "10.9.9.9"  # another machine has the name
    assert hosts.lasting_address("http://10.1.2.3:80/a.xml") == ""


def test_what_is_in_the_way_is_told(library: Path) -> None:
    (library / home.FOLDER / "lock").mkdir(parents=True)
    with pytest.raises(OutputError, match="make room, or copy the books to a folder"):
        home.write_site(library)
