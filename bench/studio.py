"""Measures how soon the pages of the studio begin to arrive: at once after its start, and then.

``make bench`` runs it. Each page is the first that a new program is asked for, and then asked for
TIMES (5) again; BOOKS (500) stand on the shelf. It exits with 1 where something takes too long.
"""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from audiobook.app.build import build
from audiobook.config import make_job

sys.path.append(str(Path(__file__).parents[1] / "tests"))
sys.path.append(str(Path(__file__).parents[1] / "tests" / "studio"))

import novels
from serving import running
from studios import Served

BOOKS = int(os.environ.get("BOOKS", "500"))
TIMES = int(os.environ.get("TIMES", "5"))
WANTED, WHOLE_SHELF = 0.05, 1.0
"""Seconds until the first byte of a page, and until the whole shelf is there."""
CLICK = 1.0
"""Seconds between the shelf and the first click on it."""


def ask(url: str, path: str) -> tuple[float, float]:
    """Return after how many seconds the first byte of a page came, and the last."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request("GET", path, headers={"accept-language": "vi"})
    response = connection.getresponse()
    first = time.perf_counter() - began
    response.read()
    last = time.perf_counter() - began
    connection.close()
    if response.status != 200:
        sys.exit(f"{path} answered {response.status}")
    return first, last


def fill(folder: Path, books: int) -> None:
    """Put a novel and its audiobook into as many folders."""
    source = folder / "0" / "0.epub"
    source.parent.mkdir()
    source.write_bytes(novels.novel())
    made = build(make_job(str(source), folder=source.parent, stem="0", voice="hanoi")).path
    for number in range(1, books):
        other = folder / str(number)
        other.mkdir()
        (other / f"{number}.epub").hardlink_to(source)
        (other / f"{number}.mp3").hardlink_to(made)


def processor_seconds(pid: int) -> float:
    """Return how long a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(folder: Path, path: str) -> tuple[float, float, float, float]:
    """Return seconds until the first byte of the first request, of later ones, and until the last.

    The fourth are those of the processor for a later one: they tell more on a busy machine.

    The shelf, which a browser is opened with, is asked for at once; no other page can be asked for
    before somebody has seen it and clicked.
    """
    with running(folder, "--no-open", name="studio") as (process, url):
        if path != "/":
            ask(url, "/")
            time.sleep(CLICK)
        first, _ = ask(url, path)
        began = processor_seconds(process.pid)
        later = [ask(url, path) for _ in range(TIMES)]
        computed = (processor_seconds(process.pid) - began) / TIMES
        process.terminate()
        process.wait()
    return first, min(one for one, _ in later), min(last for _, last in later), computed


def main() -> None:
    """Measure, and print a table."""
    slow = []
    print(f"{'page':<26} {'at the start':>12} {'then':>8} {'all of it':>10} {'CPU':>6}   ms")
    with tempfile.TemporaryDirectory() as name:
        os.environ["AUDIOBOOK_CACHE"] = f"{name}/cache"
        few, many = Path(name) / "few", Path(name) / "many"
        for folder, books in ((few, 1), (many, BOOKS)):
            folder.mkdir()
            fill(folder, books)
        with running(few, "--no-open", name="studio") as (process, url):
            book = Served(url, few).shelf()[0]
            process.terminate()
            process.wait()
        pages = ("/", "/queue", "/podcast", "/voices", book, f"{book}/read", f"{book}/listen")
        asked = [(few, path, path.replace(book, "/books/…")) for path in pages]
        for folder, path, shown in [*asked, (many, "/", f"/ of {BOOKS:,} books")]:
            first, then, last, computed = (round(one * 1e3) for one in measure(folder, path))
            print(f"{shown:<26} {first:>12} {then:>8} {last:>10} {computed:>6}")
            wanted = WHOLE_SHELF if folder is many else WANTED
            slow += [shown] if max(first, then) > wanted * 1e3 else []
    if slow:
        sys.exit(f"too slow: {', '.join(slow)}")


if __name__ == "__main__":
    main()
