"""A server on 127.0.0.1 in place of Hugging Face, and of any other that holds voices."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMIT = "0123456789abcdef"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.failures:
            self._answer(self.server.failures.pop(0), b"")
            return
        body = self.server.files.get(unquote(urlsplit(self.path).path))
        if body is None:
            # The hub tells nobody whether a repository is private or not there.
            self._answer(401 if self.path.startswith("/api/") else 404, b"")
            return
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        ranged = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(ranged[1]) if ranged and self.headers["If-Range"] == etag else 0
        headers = {"ETag": etag}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._answer(206 if start else 200, body[start:], headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_model = status in (200, 206) and self.path.partition("?")[0].endswith(".onnx")
        if is_model and self.server.breaks:
            self.server.breaks -= 1
            body = body[: len(body) // 2]
        self.server.sent += len(body) if is_model else 0
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Hub(ThreadingHTTPServer):
    """Holds files by their path on the server."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.breaks = 0
        """How many of the next answers with a model break off in the middle."""
        self.failures: list[int] = []
        """The statuses of the next answers, before it is well."""
        self.sent = 0
        """Bytes of models."""

    def hold(self, name: str, files: dict[str, bytes], **card: Any) -> None:
        """Hold a repository, with the metadata at the head of its README."""
        siblings = [
            {"rfilename": path}
            | ({"lfs": {"sha256": hashlib.sha256(body).hexdigest()}} if _is_large(path) else {})
            for path, body in files.items()
        ]
        told = {"id": name, "sha": COMMIT, "cardData": card, "siblings": siblings}
        self.files[f"/api/models/{name}/revision/main"] = json.dumps(told).encode()
        for path, body in files.items():
            self.files[f"/{name}/resolve/{COMMIT}/{path}"] = body

    def handle_error(self, *_: Any) -> None:
        pass  # a client that hung up


def _is_large(path: str) -> bool:
    return path.endswith((".onnx", ".bin"))


@contextmanager
def serving() -> Iterator[Hub]:
    """Yield a server that runs."""
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()
