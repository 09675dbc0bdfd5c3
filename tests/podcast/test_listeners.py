"""A private podcast is heard at addresses that nobody can guess, and that can be taken away."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from command import run
from feedparser import parse
from serving import running, stop
from stubs import give_artwork, make_book

from audiobook.app import home
from audiobook.errors import OutputError, UsageError
from audiobook.model import Meta
from audiobook.podcast.serving.listeners import Listeners

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    make_book(folder / "lang.mp3", Meta(title="Làng", language="vi"), ["Gió", "Mưa"])
    give_artwork(folder)
    return folder


def test_each_listener_has_an_address_that_can_end(library: Path) -> None:
    assert "everybody may hear it" in run("listeners", str(library)).stderr
    run("listeners", str(library), "--add", "Lan")
    shown = run("listeners", str(library), "--add", "Cô Hoa").stdout.splitlines()
    paths = dict(line.split(": ") for line in shown)
    assert set(paths) == {"Lan", "Cô Hoa"}
    assert all(len(path.split("/")[1]) >= 22 for path in paths.values())
    with running(library) as (_, url), httpx.Client(base_url=url) as client:
        for path in ("/", "/feed.xml", "/index.html", "/state.json", "/x/feed.xml", "//feed.xml"):
            answer = client.get(path)
            assert (answer.status_code, answer.text) == (404, "Not Found"), path
        for path in paths.values():
            answer = client.get(path)
            assert answer.headers["x-robots-tag"] == "noindex"
            feed = parse(answer.content)
            assert feed.feed.itunes_block
            (entry,) = feed.entries
            own = url.rstrip("/") + path.removesuffix("feed.xml")
            assert entry.enclosures[0].href.startswith(own)
            sound = client.get(entry.enclosures[0].href, headers={"range": "bytes=0-2"})
            assert (sound.status_code, sound.content) == (206, b"ID3")
            page = client.get(path.removesuffix("feed.xml"))
            assert (page.status_code, "Làng" in page.text) == (200, True)
            moved = client.get(path.removesuffix("/feed.xml") + "/books/lang")
            assert moved.headers["location"] == f"{own}books/lang/"
        assert "Lan" not in run("listeners", str(library), "--remove", "Lan").stdout
        assert client.get(paths["Lan"]).status_code == 404
        assert client.get(paths["Cô Hoa"]).status_code == 200
    run("listeners", str(library), "--remove", "Cô Hoa")
    with running(library) as (_, url):  # private, even with nobody in it
        assert httpx.get(f"{url}feed.xml").status_code == 404
    run("listeners", str(library), "--everybody")
    with running(library) as (_, url):
        answer = httpx.get(f"{url}feed.xml")
        assert (answer.status_code, b"itunes:block" in answer.content) == (200, False)


def test_only_the_owner_may_read_who_listens(library: Path) -> None:
    listeners = home.listeners_of(library)
    listeners.add("Lan")
    path = library / home.FOLDER / "listeners.json"
    assert path.stat().st_mode & 0o777 == 0o600
    before = dict(listeners.tokens())
    listeners.add("Lan")
    assert listeners.tokens() == before
    assert Listeners(path).tokens() == before


def test_what_is_no_listener_is_told(library: Path) -> None:
    listeners = home.listeners_of(library)
    for name in ("", " ", "a" * 101, "a\nb"):
        with pytest.raises(UsageError, match="is not the name of a listener"):
            listeners.add(name)
    with pytest.raises(UsageError, match="'Lan' is not a listener"):
        listeners.remove("Lan")
    assert run("listeners", str(library / "none")).returncode == 3
    listeners.add("Lan")
    path = library / home.FOLDER / "listeners.json"
    path.write_text("[]")
    with pytest.raises(UsageError, match="is damaged"):
        home.listeners_of(library).tokens()


def test_what_becomes_private_while_it_is_served_is_so_at_once(library: Path) -> None:
    with running(library) as (_, url), httpx.Client(base_url=url) as client:
        assert client.get("/feed.xml").status_code == 200
        (line,) = run("listeners", str(library), "--add", "Lan").stdout.splitlines()
        path = line.removeprefix("Lan: ")
        assert client.get("/feed.xml").status_code == 404
        answer = client.get(path)
        assert (answer.status_code, b"itunes:block" in answer.content) == (200, True)
        run("listeners", str(library), "--everybody")
        assert client.get(path).status_code == 404
        answer = client.get("/feed.xml")
        assert (answer.status_code, b"itunes:block" in answer.content) == (200, False)


def test_a_full_disk_does_not_make_it_private(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(_path: Path, _mode: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    listeners = home.listeners_of(library)
    monkeypatch.setattr("pathlib.Path.chmod", fill)
    with pytest.raises(OutputError, match="make room"):
        listeners.add("Lan")
    assert not listeners.is_private
    assert listeners.tokens() == {}


def test_those_added_at_once_are_all_kept(library: Path) -> None:
    names = [f"Bạn {number}" for number in range(8)]
    together = threading.Barrier(len(names))

    def add(name: str) -> None:
        together.wait()
        home.listeners_of(library).add(name)

    adding = [threading.Thread(target=add, args=(name,)) for name in names]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert sorted(home.listeners_of(library).tokens()) == names


def test_a_log_of_requests_names_listeners_and_not_their_addresses(library: Path) -> None:
    (line,) = run("listeners", str(library), "--add", "Lan").stdout.splitlines()
    token = line.split("/")[1]
    with running(library, "--verbose") as (process, url):
        httpx.get(f"{url}{token}/feed.xml")
        httpx.get(f"{url}{token}x/feed.xml")
        httpx.get(f"{url}/{token}/feed.xml?from={token}")
        httpx.get(f"{url}index.html")
        _, log = stop(process)
    assert "GET /(Lan)/feed.xml 200" in log
    assert "GET /(…)/feed.xml 404" in log
    assert token not in log


def test_nobody_else_keeps_what_a_listener_gets(library: Path) -> None:
    (line,) = run("listeners", str(library), "--add", "Lan").stdout.splitlines()
    token = line.split("/")[1]
    with running(library) as (_, url):
        for path in (f"{token}/", f"{token}/feed.xml", f"{token}/worker.js"):
            assert httpx.get(f"{url}{path}").headers["cache-control"] == "private, no-cache"
        run("listeners", str(library), "--everybody")
        assert httpx.get(url).headers["cache-control"] == "no-cache"


def test_whole_addresses_are_shown_where_the_library_knows_its_own(library: Path) -> None:
    end = run("listeners", str(library), "--add", "Lan")
    assert end.stdout.startswith("Lan: /")
    assert "follow the address at which" in end.stderr
    (library / "library.toml").write_text('url = "https://nghe.example.org/sach/"\n')
    end = run("listeners", str(library))
    (token,) = home.listeners_of(library).tokens().values()
    assert end.stdout == f"Lan: https://nghe.example.org/sach/{token}/feed.xml\n"
    assert end.stderr == ""
