"""Measures how fast a library of generated books becomes a podcast, first and again.

BOOKS (1,000) says how many, CHAPTERS (3) of how many chapters; each has about 20 kB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import show

from audiobook.model import Meta

sys.path.append(str(Path(__file__).parents[1] / "tests" / "podcast"))
from stubs import make_book

BOOKS = int(os.environ.get("BOOKS", "1000"))
CHAPTERS = int(os.environ.get("CHAPTERS", "3"))
URL = "https://example.org/sach"


def run(library: Path) -> tuple[float, float, float]:
    """Return seconds, those of processors, and peak memory (MB) of writing a library's site."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "audiobook", "feed", str(library), "--url", URL]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def make_library(folder: Path, books: int) -> None:
    """Fill a folder with books."""
    titles = [f"Chương {number}" for number in range(1, CHAPTERS + 1)]
    for number in range(books):
        meta = Meta(title=f"Sách số {number}", author="Nguyễn An", narrator="Hà Nội", language="vi")
        make_book(folder / f"sach-{number:04}.mp3", meta, titles, length=90 // CHAPTERS)


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as name:
        print(f"{'books':>8}  {'run':<10} {'seconds':>8} {'CPU s':>8} {'peak MB':>8}")
        for books in (BOOKS // 10, BOOKS):
            folder = Path(name) / str(books)
            folder.mkdir()
            make_library(folder, books)
            for kind in ("first", "unchanged"):
                seconds, work, memory = run(folder)
                print(f"{books:>8,}  {kind:<10} {seconds:>8.2f} {work:>8.2f} {memory:>8.0f}")
                show(f"feed of {books:,} books, {kind}", f"{seconds:.1f} s")


if __name__ == "__main__":
    main()
