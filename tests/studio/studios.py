"""A studio that is served for as long as a test needs it, and requests to it without a browser."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn

from audiobook.podcast import serving
from audiobook.studio.app import open_studio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

DELAY = float(os.environ.get("DELAY", "0"))
"""Seconds that each answer is held back, to find tests that do not wait."""


# A paragraph stands twice, as where a page was pasted twice; a name is read by guess.
ARTICLE = """Chuyện ở làng

Chương 1: Gió

Ngày 2/9/2025, cô Hoa mang 24 quyển sách về làng. Bà Giulia ngồi dưới gốc đa.

Chương 2: Mưa

Trời mưa suốt ba ngày. Con đò nhỏ nằm im bên bến, bác lái đò ngồi vá lưới dưới mái hiên, và lũ trẻ \
trong làng đứng nhìn nước sông dâng lên từng giờ một.

Bác thở dài.

Trời mưa suốt ba ngày. Con đò nhỏ nằm im bên bến, bác lái đò ngồi vá lưới dưới mái hiên, và lũ trẻ \
trong làng đứng nhìn nước sông dâng lên từng giờ một.

Chương 3: Nắng

Hôm sau trời nắng. Mọi người ra đồng từ sáng sớm.
"""


LONG = "Làng chài\n\n" + "\n\n".join(
    f"Chương {number}\n\n"
    + " ".join(f"Ngày thứ {number * 25 + day} trời mưa to." for day in range(25))
    for number in range(1, 7)
)
"""A book that takes a while to record."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A running studio."""

    url: str
    folder: Path

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """Send a request; underscores in the names of headers stand for hyphens."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        answer = Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )
        connection.close()
        return answer

    @property
    def token(self) -> str:
        match = re.search(r'name="audiobook-token" content="([^"]+)"', self.ask("/").text)
        assert match
        return match[1]

    def shelf(self) -> list[str]:
        """Return the addresses of the books on the shelf, the last touched first."""
        return [f"/books/{key}" for key in re.findall('data-book="([^"]+)"', self.ask("/").text)]

    def change(self, path: str, **values: object) -> Answer:
        """Send a change as a page does."""
        body = json.dumps(values).encode()
        return self.ask(path, "POST", body, x_audiobook_token=self.token)

    def add(self, text: str) -> str:
        """Paste a text, and return the address of its book."""
        answer = self.change("/add/text", text=text)
        assert answer.status == 200, answer.text
        address: str = answer.json["address"]
        return address


@contextmanager
def opened(folder: Path, code: str = "", *targets: str) -> Iterator[Served]:
    """Serve the studio of a folder on a free port of this machine."""
    folder.mkdir(exist_ok=True)
    with serving.listen(0) as listener:
        address = serving.browser_address(listener)
        with open_studio(folder, (address,), code, targets) as app:
            config = uvicorn.Config(
                _delayed(app) if DELAY else app,
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=1,
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            try:
                yield Served(address, folder)
            finally:
                server.should_exit = True
                thread.join()


def _delayed(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(DELAY)
        await app(scope, receive, send)

    return answer


def wait_until(condition: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
