"""Places to publish to that answer what no honest server does, in bounded time and memory."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import stat
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import asyncssh
import pytest

from audiobook.errors import OutputError, UsageError
from audiobook.podcast.targets import failing, open_target, remote, target, webdav

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

BOUND = 1 << 20


class Server:
    """A server of WebDAV: what it answers to each path, and what it was sent."""

    def __init__(self, answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> None:
        seen: list[tuple[str, str, str | None]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_PROPFIND(self) -> None:
                seen.append((self.command, self.path, self.headers["authorization"]))
                status, headers, body = answer(self.path.rstrip("/"))
                self.send_response(status)
                for name, value in {"content-length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_OPTIONS = do_PROPFIND  # noqa: N815 (their names)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.seen = seen
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(autouse=True)
def _as_someone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(remote.WEBDAV_USER, "someone")
    monkeypatch.setenv(remote.WEBDAV_PASSWORD, "secret")
    monkeypatch.setattr(target, "LARGEST", BOUND)
    monkeypatch.setattr(webdav, "LARGEST", BOUND)


def place(server: Server) -> target.Target:
    opened = open_target(f"webdav://127.0.0.1:{server.port}/x")
    opened.tries = 1
    return opened


def listing(*entries: str, folder: str = "/x") -> bytes:
    items = "".join(
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:resourcetype>"
        f"{'<d:collection/>' if href.endswith('/') else ''}</d:resourcetype>"
        "<d:getcontentlength>4</d:getcontentlength></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        for href in (f"{folder}/", *entries)
    )
    return f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{items}</d:multistatus>'.encode()


def test_a_folder_in_itself_without_end_is_listed_some_levels_deep() -> None:
    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return 207, {}, listing(f"{path}/d/", f"{path}/a.txt", folder=path)

    with serving(answer) as server, place(server) as there:
        sizes = there.sizes()
    assert sizes["a.txt"] == 4
    assert len(sizes) == len(server.seen) < 30


def test_names_that_lead_out_are_not_listed() -> None:
    names = ("/x/../../.ssh/.a.part", "/x/a%2f..%2f..%2fb", "http://elsewhere.example/z", "/x/c")
    with serving(lambda _: (207, {}, listing(*names))) as server, place(server) as there:
        assert there.sizes() == {"c": 4}


def test_more_names_than_a_site_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failing, "MOST_NAMES", 20)
    names = [f"/x/{number}" for number in range(21)]
    with (
        serving(lambda _: (207, {}, listing(*names))) as server,
        place(server) as there,
        pytest.raises(OutputError, match="too many files"),
    ):
        there.sizes()


@pytest.mark.parametrize("ask", [lambda there: there.sizes(), lambda there: there.read("a.json")])
@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({}, b" " * (BOUND + 1), "larger than 1 MB"),
        ({"content-encoding": "gzip"}, gzip.compress(bytes(BOUND * 4)), "packed"),
    ],
)
def test_an_answer_without_bound_breaks_off(
    ask: Callable[[target.Target], object], headers: dict[str, str], body: bytes, reason: str
) -> None:
    with (
        serving(lambda _: (207, headers, body)) as server,
        place(server) as there,
        pytest.raises(OutputError, match=reason),
    ):
        ask(there)


_DOCUMENT_TYPE = b'<!DOCTYPE x [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><x>&b;</x'


@pytest.mark.parametrize("body", [b"", b"<a/>", _DOCUMENT_TYPE])
def test_an_answer_that_is_not_webdav_is_told(body: bytes) -> None:
    with (
        serving(lambda _: (207, {}, body)) as server,
        place(server) as there,
        pytest.raises(OutputError, match="cannot publish"),
    ):
        there.put_data("a.json", b"x")


def test_a_password_does_not_follow_to_another_host() -> None:
    with serving(lambda _: (404, {}, b"")) as other:

        def lead_on(path: str) -> tuple[int, dict[str, str], bytes]:
            return 307, {"location": f"http://127.0.0.1:{other.port}{path}"}, b""

        with serving(lead_on) as server, place(server) as there:
            assert there.sizes() == {}
        assert [authorization for *_, authorization in other.seen] == [None]
        assert server.seen[0][2]


def test_a_file_in_a_folder_is_bounded_too(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_bytes(bytes(BOUND + 1))
    with open_target(str(tmp_path)) as there, pytest.raises(OutputError, match="larger than 1 MB"):
        there.read("state.json")


@pytest.mark.parametrize(
    "address",
    [
        "git+ssh://-oProxyCommand=touch/x",
        "git+ssh://a;touch$IFS/x",
        "git+ssh://-oX@host/x",
        "sftp://a`id`/x",
        "webdavs://a b/x",
    ],
)
def test_a_host_is_not_an_option_of_a_program(address: str) -> None:
    with pytest.raises(UsageError, match="cannot publish to"):
        open_target(address)


@pytest.mark.parametrize(
    "address", ["sftp://me@host/x", "sftp://[::1]:22/x", "git+ssh://git@a-b.example:7/x"]
)
def test_hosts_are_taken_as_they_are_written(address: str) -> None:
    with open_target(address) as there:
        assert there.address == address


@contextmanager
def serving_sftp(
    home: Path, list_folder: Callable[[bytes], Iterator[tuple[bytes, int]]]
) -> Iterator[target.Target]:
    """Run a server of SFTP that lists names and modes, and give the place there.

    Args:
        home: the folder in which the key of the server is known.
        list_folder: returns what a folder of the server holds.
    """
    ready: SimpleQueue[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = SimpleQueue()

    class Files(asyncssh.SFTPServer):
        async def scandir(self, path: bytes) -> AsyncIterator[Any]:
            for name, mode in list_folder(path):
                attributes = asyncssh.SFTPAttrs(size=4, permissions=mode)
                yield asyncssh.SFTPName(name, "", attributes)

    connections: list[asyncssh.SSHServerConnection] = []

    class Everybody(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

        def begin_auth(self, _username: str) -> bool:
            return False

    async def serve() -> None:
        key, ended = asyncssh.generate_private_key("ssh-ed25519"), asyncio.Event()
        async with asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=Everybody, sftp_factory=Files
        ) as server:
            port = server.get_port()
            (home / ".ssh").mkdir()
            known = f"[127.0.0.1]:{port} {key.export_public_key().decode()}"
            (home / ".ssh/known_hosts").write_text(known)
            ready.put((port, asyncio.get_running_loop(), ended))
            await ended.wait()
            for connection in connections:
                connection.abort()
                await connection.wait_closed()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    port, loop, ended = ready.get()
    with open_target(f"sftp://someone@127.0.0.1:{port}/x") as there:
        there.tries = 1
        yield there
    loop.call_soon_threadsafe(ended.set)
    thread.join()


def test_folders_of_sftp_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(failing, "MOST_NAMES", 500)
    listed: list[bytes] = []

    def in_itself(path: bytes) -> Iterator[tuple[bytes, int]]:
        listed.append(path)
        yield from ((b".", stat.S_IFDIR), (b"..", stat.S_IFDIR))
        yield from ((b"d", stat.S_IFDIR), (b"a", stat.S_IFREG), (b"../../.b", stat.S_IFREG))

    def without_end(_path: bytes) -> Iterator[tuple[bytes, int]]:
        yield from ((b"%d" % number, stat.S_IFREG) for number in itertools.count())

    with serving_sftp(tmp_path, in_itself) as there:
        sizes = there.sizes()
    assert {"a", "d/a"} <= sizes.keys()
    assert not any(".." in path for path in sizes if path.startswith("."))
    assert len(listed) < 30
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    with (
        serving_sftp(tmp_path / "other", without_end) as there,
        pytest.raises(OutputError, match="too many files"),
    ):
        there.sizes()
