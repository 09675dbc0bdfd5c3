"""Measures the largest process of commands on large input: ten hours in one chapter, 50 MB."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from bounds_stages import sentence
from figures import show, show_head

from bench import AUDIOBOOK, BOOK, run

# Bytes of text: about ten hours by the voice hanoi, and far more than any book.
_TEN_HOURS, _LARGE = 755_000, 50_000_000
_READ = "import sys; from audiobook.stages import readers; readers.read(sys.argv[1])"


def make_up(path: Path, size: int) -> None:
    """Write a text of one chapter, piece by piece: processes start with the peak of this one."""
    chance = random.Random(7)
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(f"{' '.join(sentence(chance) for _ in range(6))}\n\n".encode())


def main() -> None:
    """Measure and print."""
    show_head("Memory of the largest process")
    with tempfile.TemporaryDirectory(prefix="memory-") as name:
        folder = Path(name)
        cache = str(folder / "cache")
        out = ["-o", str(folder / "books"), "--voice", "hanoi", "--quiet"]
        if BOOK.exists():
            built = run([*AUDIOBOOK, "build", str(BOOK), *out], AUDIOBOOK_CACHE=cache)
            show("build, the largest process", f"{built.megabytes:.0f} MB", "under 200 MB")
        text = folder / "ten-hours.txt"
        make_up(text, _TEN_HOURS)
        run([*AUDIOBOOK, "build", str(text), *out], AUDIOBOOK_CACHE=cache)
        book = folder / "books" / "ten-hours.mp3"
        # What is found does not matter here, and ends it with a code.
        checked = run(
            [*AUDIOBOOK, "check", str(book), "--json"], codes=(0, 6), AUDIOBOOK_CACHE=cache
        )
        show("check of a chapter of ten hours", f"{checked.megabytes:.0f} MB", "under 150 MB")
        feed = [*AUDIOBOOK, "feed", str(folder / "books"), "--url", "https://example.org/sach"]
        cut = run(feed, AUDIOBOOK_CACHE=cache)
        show("feed of it", f"{cut.megabytes:.0f} MB", "cutting it under 100 MB")
        make_up(text, _LARGE)
        read = run([sys.executable, "-c", _READ, str(text)])
        show("reading 50 MB of text", f"{read.megabytes:.0f} MB", "under 400 MB")


if __name__ == "__main__":
    main()
