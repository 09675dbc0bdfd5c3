"""A newspaper on this machine: feeds, pages and robots.txt over real connections."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

# Its parts switch off the warnings of urllib3 about SOCKS when they are first imported. If a test
# imported one part alone, that would end with the test, and the next would fail at the others.
import trafilatura  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCES = (
    "Sáng nay mưa lớn ở nhiều quận của thành phố.",
    "Nước ngập đến nửa bánh xe trên các tuyến đường ven sông.",
    "Người dân phải dắt xe qua những đoạn ngập sâu nhất.",
    "Trường học cho học sinh nghỉ một ngày để dọn dẹp.",
    "Cơ quan khí tượng nói rằng mưa sẽ giảm vào cuối tuần.",
)


def story(subject: str) -> str:
    """Return the paragraphs of an article about a subject, as HTML; no other has its words."""
    about = f"Phóng viên viết về {subject}, và kể lại những gì {subject} để lại cho mọi người."
    return "".join(f"<p>{sentence}</p>" for sentence in (about, *_SENTENCES))


def page(title: str, body: str, head: str = "") -> str:
    """Return the page of an article."""
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title>{head}"
        f"</head><body><nav><a href=/>Trang chủ</a></nav><article><h1>{title}</h1>{body}</article>"
        "<footer>Bản quyền của báo</footer></body></html>"
    )


def item(title: str, *, more: str = "", **elements: str) -> str:
    """Return an item of an RSS feed.

    Args:
        title: its title, which is escaped.
        more: other elements.
        elements: elements by their names: link, guid, pubDate, description; they are escaped.
    """
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
    return f"<item><title>{escape(title)}</title>{inner}{more}</item>"


def whole(markup: str) -> str:
    """Return the element of an item that gives the whole text of an article."""
    return f"<content:encoded><![CDATA[{markup}]]></content:encoded>"


def rss(*items: str, encoding: str = "utf-8") -> bytes:
    """Return an RSS 2.0 feed."""
    feed = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Báo Làng</title>'
        "<link>https://bao.example/</link><description>Tin</description>"
        f"{''.join(items)}</channel></rss>"
    )
    return feed.encode(encoding, "xmlcharrefreplace")


@dataclass
class Answer:
    """What the newspaper answers for a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Newspaper(ThreadingHTTPServer):
    """A web site on 127.0.0.1 whose pages have validators."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        """The paths that were asked for, in order."""
        self.base = f"http://127.0.0.1:{self.server_port}"

    def lay(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> str:
        """Put something at a path, and return its address."""
        data = body.encode() if isinstance(body, str) else body
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(data, status, sent)
        return self.base + path

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return self.asked.count(path)

    def handle_error(self, *_: Any) -> None:
        pass  # a client that hung up


class _Handler(BaseHTTPRequestHandler):
    server: Newspaper

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, Answer(status=404))
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        is_known = answer.status == 200 and self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_known else answer.status)
        headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        body = b"" if is_known else answer.body
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def publishing() -> Iterator[Newspaper]:
    """Return a context in which a newspaper answers."""
    newspaper = Newspaper()
    thread = threading.Thread(target=newspaper.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield newspaper
    finally:
        newspaper.shutdown()
        newspaper.server_close()
        thread.join()
