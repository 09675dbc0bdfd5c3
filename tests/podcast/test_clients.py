"""Real clients subscribe to a served library: every episode is listed, and arrives whole."""

from __future__ import annotations

import http.client
import io
import os
import shutil
import sqlite3
import subprocess
import threading
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import feedparser
import podcastparser
import pytest
from stubs import make_book

from audiobook.model import Meta
from audiobook.podcast import serving, site

if TYPE_CHECKING:
    from collections.abc import Iterator

CHAPTERS = ("Chương 1: “Mở đầu”", "<b>Chương</b> 2 & 3", "Chương 4")


class Served(NamedTuple):
    """A site on this machine."""

    url: str
    folder: Path

    def feed(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def hashes(self, *patterns: str) -> set[str]:
        """Hashes of the media that these match."""
        paths = (path for pattern in patterns for path in self.folder.glob(pattern))
        return {sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    import uvicorn

    library = tmp_path_factory.mktemp("library")
    make_book(
        library / "Tắt đèn.mp3", Meta(title="Tắt đèn", author="Ngô Tất Tố", language="vi"), CHAPTERS
    )
    make_book(library / "sách khác.mp3", Meta(title="<i>Sách</i> & khác", language="vi"))
    listener = serving.listen(0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    written = site.write(library, None, url)
    config = uvicorn.Config(serving.make_app(written.folder), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield Served(url, written.folder)
    server.should_exit = True
    thread.join()


def run(*command: str | Path, **environment: str) -> str:
    completed = subprocess.run(
        [str(word) for word in command],
        env=os.environ | {"LC_ALL": "C.UTF-8"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return completed.stdout


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


def arrived(folder: Path) -> set[str]:
    return {sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.mp3")}


def test_enclosures_are_as_long_as_they_say(served: Served) -> None:
    host = http.client.HTTPConnection(served.url.removeprefix("http://"))
    for path in ("feed.xml", "books/tat-den/feed.xml"):
        for entry in feedparser.parse(served.feed(path)).entries:
            (enclosure,) = entry.enclosures
            host.request("HEAD", enclosure.href.removeprefix(served.url))
            answer = host.getresponse()
            answer.read()
            assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/mpeg")
            assert answer.headers["Content-Length"] == enclosure.length
    host.close()


def test_feedparser(served: Served) -> None:
    parsed = feedparser.parse(served.feed("books/tat-den/feed.xml"))
    assert not parsed.bozo
    assert [entry.title_detail.value for entry in parsed.entries] == list(CHAPTERS)
    assert [entry.itunes_episode for entry in parsed.entries] == ["1", "2", "3"]
    assert parsed.feed.itunes_type == "serial"
    library_feed = feedparser.parse(served.feed("feed.xml"))
    assert not library_feed.bozo
    assert {entry.id for entry in library_feed.entries}.isdisjoint(
        entry.id for entry in parsed.entries
    )
    assert all(not entry.guidislink for entry in (*library_feed.entries, *parsed.entries))


def test_podcastparser(served: Served) -> None:
    where = f"{served.url}/feed.xml"
    parsed = podcastparser.parse(where, io.BytesIO(served.feed("feed.xml")))
    assert parsed["type"] == "episodic"
    titles = {episode["title"]: episode for episode in parsed["episodes"]}
    assert len(titles) == 2
    book = titles["Tắt đèn"]
    assert [chapter["start"] for chapter in book["chapters"]] == [0, 1, 2]
    assert [chapter["title"] for chapter in book["chapters"]] == list(CHAPTERS)
    (enclosure,) = book["enclosures"]
    assert (enclosure["mime_type"], book["total_time"]) == ("audio/mpeg", 3)
    serial = podcastparser.parse(where, io.BytesIO(served.feed("books/tat-den/feed.xml")))
    assert sorted(chapter["number"] for chapter in serial["episodes"]) == [1, 2, 3]


@needs("gpo")
def test_gpodder(served: Served, tmp_path: Path) -> None:
    home = {"GPODDER_HOME": str(tmp_path), "HOME": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    for path in ("feed.xml", "books/tat-den/feed.xml"):
        run("gpo", "subscribe", f"{served.url}/{path}", **home)
    run("gpo", "update", **home)
    listed = run("gpo", "episodes", **home)
    assert all(title in listed for title in ("Tắt đèn", *CHAPTERS)), listed
    run("gpo", "download", **home)
    assert arrived(tmp_path) == served.hashes("books/*/*.mp3")


@needs("podget")
def test_podget(served: Served, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    configured = ("podget", "-d", tmp_path / "podget")
    run(*configured, "--create-config", "podgetrc", **home)
    (tmp_path / "podget" / "serverlist").write_text(
        f"{served.url}/feed.xml sach tu-sach\n{served.url}/books/tat-den/feed.xml sach tat-den\n"
    )
    output = run(*configured, "-c", "podgetrc", **home)
    assert arrived(tmp_path) == served.hashes("books/*/*.mp3"), output


@needs("newsboat")
def test_newsboat(served: Served, tmp_path: Path) -> None:
    feeds = [f"{served.url}/{path}" for path in ("feed.xml", "books/tat-den/feed.xml")]
    (tmp_path / "urls").write_text("\n".join(feeds) + "\n")
    (tmp_path / "config").write_text(
        f'podcast-auto-enqueue yes\ndownload-path "{tmp_path}/got"\nmax-downloads 4\n'
    )
    files: list[str | Path] = [
        "-u",
        tmp_path / "urls",
        "-C",
        tmp_path / "config",
        "-c",
        tmp_path / "cache.db",
    ]
    home = {"HOME": str(tmp_path), "TERM": "dumb"}
    (tmp_path / ".newsboat").mkdir()
    output = run("newsboat", *files, "-x", "reload", **home)
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        rows = cache.execute("select guid, enclosure_url from rss_item").fetchall()
    parsed = [feedparser.parse(served.feed(url.removeprefix(f"{served.url}/"))) for url in feeds]
    entries = [entry for feed in parsed for entry in feed.entries]
    queue = (tmp_path / ".newsboat" / "queue").read_text()
    assert all(entry.enclosures[0].href in queue for entry in entries)
    assert sorted(rows) == sorted((entry.id, entry.enclosures[0].href) for entry in entries), output
