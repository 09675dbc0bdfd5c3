"""Services of S3 that answer what no honest one does, in bounded time and memory."""

from __future__ import annotations

import itertools
import re
import threading
import tracemalloc
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from audiobook.errors import OutputError
from audiobook.podcast.targets import failing, open_target, s3, s3_answers, target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

BOUND = 1 << 20
BLOCK = bytes(1 << 16)
ENDLESS = 64 * BOUND
"""More than any answer may have; what is sent of it is counted."""


@pytest.fixture(autouse=True)
def _as_someone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for module in (target, s3_answers):
        monkeypatch.setattr(module, "LARGEST", BOUND)


class Service:
    """What a service was asked, and how many bytes it could send."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sent = 0


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], tuple[int, Iterable[bytes]]]
) -> Iterator[tuple[target.Target, Service]]:
    """Run a service that answers with a length and with blocks, and give the place there."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            service.asked.append(self.path)
            length, blocks = answer(self.path)
            self.send_response(200)
            self.send_header("content-length", str(length))
            self.send_header("connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                try:
                    for block in blocks:
                        self.wfile.write(block)
                        service.sent += len(block)
                except OSError:
                    pass  # the other side has had enough

        do_HEAD = do_PUT = do_GET  # noqa: N815 (their names)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    try:
        with open_target("s3://sach/x") as there:
            there.tries = 1
            yield there, service
    finally:
        server.shutdown()
        server.server_close()


def listing(*keys: str, token: str = "") -> tuple[int, list[bytes]]:
    entries = "".join(f"<Contents><Key>{key}</Key><Size>4</Size></Contents>" for key in keys)
    end = f"<IsTruncated>{'true' if token else 'false'}</IsTruncated>"
    if token not in ("", "lost"):
        end += f"<NextContinuationToken>{token}</NextContinuationToken>"
    body = f"<ListBucketResult><Name>sach</Name>{end}{entries}</ListBucketResult>".encode()
    return len(body), [body]


def endless(_path: str) -> tuple[int, Iterable[bytes]]:
    return ENDLESS, itertools.repeat(BLOCK, ENDLESS // len(BLOCK))


@pytest.mark.parametrize(
    "ask",
    [
        lambda there: there.read("state.json"),
        lambda there: there.sizes(),
        lambda there: there.put_data("a.json", b"x"),
        lambda there: there.clean(),
    ],
    ids=["read", "list", "put", "clean"],
)
def test_an_answer_without_end_breaks_off(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[target.Target], object]
) -> None:
    with (
        serving(monkeypatch, endless) as (there, service),
        pytest.raises(OutputError, match="larger than 1 MB"),
    ):
        ask(there)
    assert service.sent < ENDLESS / 2


def test_a_file_that_claims_to_be_huge_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, lambda _: (1 << 40, [BLOCK])) as (there, _):
        tracemalloc.start()
        with pytest.raises(OutputError):
            there.read("state.json")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 64 * BOUND


def test_a_listing_without_end_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failing, "MOST_NAMES", 50)
    number = itertools.count()
    with (
        serving(
            monkeypatch, lambda _: listing(*(f"x/{next(number)}" for _ in range(10)), token="on")
        ) as (there, service),
        pytest.raises(OutputError, match="too many files"),
    ):
        there.sizes()
    assert len(service.asked) < 10


def test_empty_pages_without_end_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_MOST_PAGES", 5)
    with (
        serving(monkeypatch, lambda _: listing(token="on")) as (there, service),
        pytest.raises(OutputError, match="too many files"),
    ):
        there.sizes()
    assert len(service.asked) == 5


def test_a_listing_that_does_not_tell_how_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(monkeypatch, lambda _: listing("x/a", token="lost")) as (there, _),
        pytest.raises(OutputError, match="cannot publish"),
    ):
        there.sizes()


def test_pages_of_a_listing_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(path: str) -> tuple[int, list[bytes]]:
        assert re.search(r"prefix=x%2F(&|$)", path)
        if "continuation-token=on" in path:
            return listing("x/b/c.mp3")
        return listing("x/a", "x/../../z", token="on")

    with serving(monkeypatch, answer) as (there, _):
        assert there.sizes() == {"a": 4, "b/c.mp3": 4}


def test_a_file_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(monkeypatch, lambda _: (100, [b"{}"])) as (there, _),
        pytest.raises(OutputError, match="cannot publish"),
    ):
        there.read("state.json")
