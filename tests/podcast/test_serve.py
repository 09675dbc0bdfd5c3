"""The server answers as podcast clients need it, and with nothing from outside its folder."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from serving import running, stop

from audiobook.errors import SourceError, UsageError
from audiobook.podcast import serving
from audiobook.system.memory import held_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEDIA = bytes(range(256)) * 8192  # 2 MB
TYPES = {
    "index.html": "text/html; charset=utf-8",
    "feed.xml": "application/rss+xml; charset=utf-8",
    "book/a.mp3": "audio/mpeg",
    "book/a.vtt": "text/vtt; charset=utf-8",
    "book/a.srt": "application/x-subrip",
    "book/a.chapters.json": "application/json+chapters",
    "state.json": "application/json",
    "cover.jpg": "image/jpeg",
    "cover.png": "image/png",
    "style.css": "text/css; charset=utf-8",
    "player.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site in it, and secrets all around."""
    folder = tmp_path_factory.mktemp("library")
    site = folder / "site"
    (site / "book").mkdir(parents=True)
    (site / "empty").mkdir()
    for name in TYPES:
        (site / name).write_bytes(MEDIA if name.endswith("mp3") else b"inside")
    (site / "book" / "index.html").write_text("a book")
    (site / ".memory.json").write_text("secret")
    (folder / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(folder / "secret.txt")
    (site / "out").symlink_to(folder)
    (site / "within.txt").symlink_to(site / "index.html")
    return folder


@pytest.fixture(scope="module")
def site(library: Path) -> Iterator[httpx.Client]:
    with running(library) as (_, url), httpx.Client(base_url=url, timeout=20) as client:
        yield client


@pytest.mark.parametrize(("path", "kind"), TYPES.items())
def test_types(site: httpx.Client, path: str, kind: str) -> None:
    for method in ("HEAD", "GET"):
        answer = site.request(method, f"/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert int(answer.headers["content-length"]) == len(
            MEDIA if kind == "audio/mpeg" else b"inside"
        )
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.content == b"" or method == "GET"


@pytest.mark.parametrize(
    ("requested", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=2097000-", 2097000, len(MEDIA)),
        ("bytes=-10", len(MEDIA) - 10, len(MEDIA)),
        ("bytes=2097000-9999999", 2097000, len(MEDIA)),
        ("bytes=-9999999", 0, len(MEDIA)),
    ],
)
def test_a_range(site: httpx.Client, requested: str, begin: int, end: int) -> None:
    answer = site.get("/book/a.mp3", headers={"range": requested})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(MEDIA)}"
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.content == MEDIA[begin:end]


def test_several_ranges(site: httpx.Client) -> None:
    answer = site.get("/book/a.mp3", headers={"range": "bytes=0-9, 100-109"})
    assert answer.status_code == 206
    boundary = answer.headers["content-type"].removeprefix("multipart/byteranges; boundary=")
    parts = answer.content.split(f"--{boundary}".encode())
    assert parts[-1].strip() == b"--"
    bodies = [part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for part in parts[1:-1]]
    assert bodies == [MEDIA[:10], MEDIA[100:110]]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_range_past_the_end(site: httpx.Client) -> None:
    answer = site.get("/book/a.mp3", headers={"range": f"bytes={len(MEDIA)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(MEDIA)}"


def test_of_ranges_those_that_the_file_has(site: httpx.Client) -> None:
    beyond = f"bytes=0-9,{len(MEDIA)}-,{len(MEDIA) + 5}-{len(MEDIA) + 9}"
    answer = site.get("/book/a.mp3", headers={"range": beyond})
    assert (answer.status_code, answer.content) == (206, MEDIA[:10])
    assert answer.headers["content-range"] == f"bytes 0-9/{len(MEDIA)}"
    answer = site.get("/book/a.mp3", headers={"range": f"bytes={len(MEDIA)}-,-0"})
    assert answer.status_code == 416


def test_a_long_range_and_a_head(site: httpx.Client) -> None:
    requested = {"range": "bytes=1-1999999"}
    answer = site.get("/book/a.mp3", headers=requested)
    assert (answer.status_code, answer.content == MEDIA[1:2_000_000]) == (206, True)
    for requested in ({"range": "bytes=1-1999999"}, {"range": "bytes=1-5"}):
        head, whole = (
            site.request(way, "/book/a.mp3", headers=requested) for way in ("HEAD", "GET")
        )
        assert (head.status_code, head.content) == (206, b"")
        for name in ("content-range", "content-length", "content-type", "etag"):
            assert head.headers[name] == whole.headers[name]


NO_RANGES = [
    "items=0-5",
    "bytes",
    "bytes=a-b",
    "bytes=--5",
    "bytes=",
    "bytes=9-5",
    "bytes=0-9,9-5",
    "bytes=٣-٥",
    "bytes=0-" + "9" * 5000,
]


@pytest.mark.parametrize("requested", NO_RANGES, ids=range(len(NO_RANGES)))
def test_what_is_no_range_is_as_good_as_none(site: httpx.Client, requested: str) -> None:
    answer = site.get("/book/a.mp3", headers={b"range": requested.encode()})
    assert (answer.status_code, answer.content == MEDIA) == (200, True)


def test_what_has_not_changed_is_not_sent_again(site: httpx.Client) -> None:
    headers = site.get("/book/a.vtt").headers
    for requested in (
        {"if-none-match": headers["etag"]},
        {"if-none-match": f'"other", W/{headers["etag"]}'},
        {"if-modified-since": headers["last-modified"]},
    ):
        answer = site.get("/book/a.vtt", headers=requested)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == headers["etag"]
        assert answer.headers["access-control-allow-origin"] == "*"
    assert site.get("/book/a.vtt", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_range_of_what_has_changed_is_the_whole(site: httpx.Client) -> None:
    headers = site.head("/book/a.mp3").headers
    for version, status in (
        (headers["etag"], 206),
        (headers["last-modified"], 206),
        ('"old"', 200),
    ):
        requested = {"range": "bytes=5-9", "if-range": version}
        answer = site.get("/book/a.mp3", headers=requested)
        assert answer.status_code == status
        assert answer.content == (MEDIA[5:10] if status == 206 else MEDIA)


def test_who_may_fetch_from_other_sites(site: httpx.Client) -> None:
    open_to_all = {
        path for path in TYPES if "access-control-allow-origin" in site.head(f"/{path}").headers
    }
    assert open_to_all == {"book/a.vtt", "book/a.srt", "book/a.chapters.json"}


def test_folders(site: httpx.Client) -> None:
    assert site.get("/").text == "inside"
    assert site.get("/book/").text == "a book"
    moved = site.get("/book")
    assert (moved.status_code, urlsplit(moved.headers["location"]).path) == (307, "/book/")
    assert site.get("/empty/").status_code == site.get("/empty").status_code == 404
    assert site.get("/within.txt").text == "inside"
    assert site.post("/feed.xml").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/book/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/book/..%2f..%2fsecret.txt",
        "//{folder}/secret.txt",
        "/{folder}/secret.txt",
        "/%2f{folder}/secret.txt",
        "/link.txt",
        "/out/secret.txt",
        "/.memory.json",
        "/book/../.memory.json",
        "/%2ememory.json",
        "/feed.xml%00",
        "/%00",
        "/feed.xml%00.txt",
        "/%ff%fe",
        "/" + "a" * 5000,
        "/book/" + "a/" * 3000,
    ],
)
def test_no_way_out(library: Path, site: httpx.Client, path: str) -> None:
    # As raw bytes: a client would put these in order before it asks.
    with socket.create_connection((site.base_url.host, site.base_url.port)) as line:
        target = path.format(folder=str(library).lstrip("/"))
        line.sendall(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in (b"404", b"400")
    assert b"secret" not in answer.split(b"\r\n\r\n", 1)[1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_not_there(library: Path, site: httpx.Client) -> None:
    folder = library / "site" / "forbidden"
    folder.mkdir(0)
    assert site.get("/forbidden/file.txt").status_code == 404


def test_two_hundred_at_once_while_one_is_slow(site: httpx.Client) -> None:
    with socket.create_connection((site.base_url.host, site.base_url.port)) as slow:
        slow.sendall(b"GET /book/a.mp3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        begun = slow.recv(1000)

        def ask(number: int) -> bool:
            begin = number * 10_000
            requested = {"range": f"bytes={begin}-{begin + 99_999}"}
            answer = httpx.get(
                f"{site.base_url}book/a.mp3", headers=requested, timeout=30, verify=False
            )
            return answer.status_code == 206 and answer.content == MEDIA[begin : begin + 100_000]

        with ThreadPoolExecutor(200) as crowd:
            assert all(crowd.map(ask, range(200)))
        response = begun + b"".join(iter(lambda: slow.recv(65536), b""))
    assert response.split(b"\r\n\r\n", 1)[1] == MEDIA


def test_texts_are_compressed_and_sound_is_not(library: Path, site: httpx.Client) -> None:
    text = "Một câu dài. " * 500
    (library / "site" / "long.html").write_text(text, "utf-8")
    answer = site.get("/long.html")
    assert (answer.headers["content-encoding"], answer.text) == ("gzip", text)
    assert int(answer.headers["content-length"]) < 500
    assert answer.headers["etag"].startswith('W/"')
    assert "accept-encoding" in answer.headers["vary"].lower()
    unchanged = site.get("/long.html", headers={"if-none-match": answer.headers["etag"]})
    assert unchanged.status_code == 304
    plain = site.get("/long.html", headers={"accept-encoding": "identity"})
    assert ("content-encoding" in plain.headers, plain.text) == (False, text)
    part = site.get("/long.html", headers={"range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, text.encode()[:100])
    assert "content-encoding" not in site.get("/book/a.mp3").headers


def test_no_other_page_may_show_a_page_in_a_frame(site: httpx.Client) -> None:
    for path in ("/", "/feed.xml", "/icon.svg"):
        headers = site.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("192.168.7.7:8000", 200),
        ("[fe80::1]:8000", 200),
        ("LOCALHOST:8000", 200),
        (socket.gethostname(), 200),
        (f"{socket.gethostname()}.local:8000", 200),
        ("elsewhere.example", 421),
        ("127.0.0.1.elsewhere.example", 421),
        ("localhost@elsewhere.example", 421),
        ("1.2.3.4/..", 421),
        ("", 421),
    ],
)
def test_only_for_this_machine_is_answered(site: httpx.Client, host: str, status: int) -> None:
    assert site.get("/", headers={"host": host}).status_code == status


# --- the command --------------------------------------------------------------------------------


def test_stops_at_once_even_while_somebody_listens(library: Path) -> None:
    with running(library) as (process, url):
        where = urlsplit(url)
        with socket.create_connection((str(where.hostname), int(where.port or 0))) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.sendall(b"GET /book/a.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert listener.recv(100)
            began = time.monotonic()
            assert stop(process) == (130, "audiobook: stopped\n")
            assert time.monotonic() - began < 5


def test_tells_of_requests_when_asked(library: Path) -> None:
    with running(library / "site", "--verbose") as (process, url):
        with httpx.Client(base_url=url) as client:
            client.head("/book/a.mp3")
            client.get("/no%1bthing?x=1")
        code, stderr = stop(process)
    first, second, last = stderr.splitlines()
    assert re.fullmatch(r"127\.0\.0\.1:\d+ HEAD /book/a\.mp3 200", first)
    assert re.fullmatch(r"127\.0\.0\.1:\d+ GET /no%1Bthing\?x=1 404", second)
    assert (code, last) == (130, "audiobook: stopped")


def test_the_local_network_is_let_in_only_when_asked(library: Path) -> None:
    with running(library, "--lan") as (process, url):
        with httpx.Client() as client:
            assert client.get(url).text == "inside"
        code, stderr = stop(process)
    warning, _ = stderr.splitlines()
    assert code == 130
    assert warning.startswith("warning: anybody on your network can listen")
    assert url in warning
    with serving.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_what_many_requests_took_is_given_back(library: Path) -> None:
    app = serving.make_app(library / "site")
    server = serving.server._make_server(app, tells=False, believes_proxies=False)

    async def notify() -> None:
        assert server.config.callback_notify is not None
        await server.config.callback_notify()

    with ThreadPoolExecutor(1) as pool:  # threads read the files
        kept = pool.submit(lambda: [bytearray(100_000) for _ in range(800)].pop()).result()
        before = held_memory()
        asyncio.run(notify())
        assert before - held_memory() > 50_000_000
    assert kept


def test_a_port_in_use() -> None:
    with serving.listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} is in use: choose another: --port \d+"):
            serving.listen(port)


def test_a_folder_without_a_site(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no site: make one"):
        serving.make_app(tmp_path)
    command = [sys.executable, "-m", "audiobook", "serve", str(tmp_path / "none")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert ran.stderr.count("\n") == 1
