"""Measures how many parts of a book `audiobook serve` sends in a second, to many at once.

CONNECTIONS (1,000) ask for 64 kB at random places, again and again, for SECONDS (10). What the
server takes of a processor for each part does not depend on what else the machine does meanwhile.
URL names a file of another server instead, such as one in nginx, which must have SIZE bytes.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

from figures import show

CONNECTIONS = int(os.environ.get("CONNECTIONS", "1000"))
SECONDS = float(os.environ.get("SECONDS", "10"))
SIZE = int(os.environ.get("SIZE", "30000000"))
URL = os.environ.get("URL", "")
PART = 64 * 1024


class Listener(asyncio.Protocol):
    """A connection that asks for a part, and for the next when it has come."""

    waits: list[float] = []  # noqa: RUF012 (of all connections)

    def __init__(self, url: SplitResult) -> None:
        self.request = f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nRange: bytes="

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first part."""
        self.transport = cast("asyncio.Transport", transport)
        self.ask()

    def ask(self) -> None:
        """Ask for a part at a random place."""
        start = random.randrange(SIZE - PART)
        self.head, self.missing = b"", -1
        self.began = time.perf_counter()
        self.transport.write(f"{self.request}{start}-{start + PART - 1}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Take some of a part."""
        if self.missing < 0:
            self.head += data
            head, end, body = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 206 " not in head[:20]:
                sys.exit(head.decode())
            self.missing = PART - len(body)
        else:
            self.missing -= len(data)
        if not self.missing:
            self.waits.append(time.perf_counter() - self.began)
            self.ask()


async def listen(url: SplitResult) -> tuple[float, list[float]]:
    """Return the seconds that passed, and how long each part took to come."""
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Listener(url), url.hostname or "", url.port or 80)
    await asyncio.sleep(1)
    Listener.waits.clear()
    began = time.perf_counter()
    await asyncio.sleep(SECONDS)
    return time.perf_counter() - began, sorted(Listener.waits)


def tell(url: str) -> int:
    """Print what was measured, and return how many parts came."""
    seconds, waits = asyncio.run(listen(urlsplit(url)))
    median, slow = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
    print(
        f"{len(waits) / seconds:,.0f} parts/s to {CONNECTIONS:,}, median {median:,.0f} ms, "
        f"99 % {slow:,.0f} ms; load {os.getloadavg()[0]:.1f}"
    )
    return len(waits)


def main() -> None:
    """Measure our own server, or the one at URL."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if URL:
        tell(URL)
        return
    with tempfile.TemporaryDirectory() as name:
        site = Path(name)
        (site / "index.html").touch()
        (site / "books").mkdir()
        (site / "books" / "a.mp3").write_bytes(random.randbytes(SIZE))
        command = [sys.executable, "-m", "audiobook", "serve", name, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout
                address = re.search(r"http://\S+", server.stdout.readline())
                assert address
                count = tell(f"{address[0]}books/a.mp3")
            finally:
                server.kill()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    # It takes a second to start, and sends for a second before it is measured.
    work = (usage.ru_utime + usage.ru_stime) * SECONDS / (SECONDS + 1)
    show("a part of 64 kB, of a processor", f"{1000 * work / count:.2f} ms")


if __name__ == "__main__":
    main()
