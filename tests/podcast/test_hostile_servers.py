"""Places to publish to that answer what no honest server does, in bounded time and memory."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from audiobook.errors import OutputError, UsageError
from audiobook.podcast.targets import open_target, remote, target, webdav

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    monkeypatch.setattr(target, "_MOST_NAMES", 20)
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
