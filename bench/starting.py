"""Measures how long commands take that have little to do, against ``python -c 'import typer'``.

All are seconds of the processor, the best of ten new processes: what else the machine does counts
for little. ``python bench/starting.py`` prints them, and so does ``make bench``.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from figures import show, show_head

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = 10
BOOKS = 1_000
_FEWER = 50
"""Books of the smaller library: what a book costs is the difference."""
_AUDIOBOOK = [sys.executable, "-m", "audiobook"]
_LINE = "Hôm nay trời đẹp.\n"
_DATED_LINE = "Ngày 2/9/1945, 3,5% dân số.\n"


def seconds_of(command: list[str], folder: Path, times: int = PROCESSES) -> float:
    """Return the seconds of the processor that a command takes, with the processes it begins."""
    environment = {**os.environ, "AUDIOBOOK_CACHE": str(folder / "cache")}
    # Users have bytecode; without it each process compiles the program anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    best = float("inf")
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, seconds)
    return best


def _seconds_of_unchanged(count: int, folder: Path) -> float:
    """Return the seconds for a library of unchanged books, which is built first."""
    texts = folder / f"texts{count}"
    texts.mkdir()
    for number in range(count):
        (texts / f"bai-{number:04}.txt").write_text(f"Bài số {number}. {_LINE}", "utf-8")
    words = ["build", texts.name, "-o", f"books{count}", "--voice", "tone", "--cover", "none", "-q"]
    seconds_of([*_AUDIOBOOK, *words], folder, 1)
    return seconds_of([*_AUDIOBOOK, *words], folder, 3)


def rows(books: int = BOOKS) -> Iterator[tuple[str, str, str]]:
    """Yield what was measured: its name, its value, and what is wanted.

    Args:
        books: the books of the unchanged library; of fewer than 1,000, what 1,000 would take is
            reckoned from what each costs.
    """
    with tempfile.TemporaryDirectory(prefix="starting-") as name:
        folder = Path(name)
        (folder / "line.txt").write_text(_LINE, "utf-8")
        (folder / "dated.txt").write_text(_DATED_LINE, "utf-8")
        peer = seconds_of([sys.executable, "-c", "import typer"], folder)
        help_ = seconds_of([*_AUDIOBOOK, "--help"], folder)
        yield "import typer", f"{peer:.3f} s", ""
        yield "audiobook --help", f"{help_:.3f} s, {help_ / peer:.2f} times", "at most 1.3 times"
        for what, file in (("read of a line", "line.txt"), ("read of a date", "dated.txt")):
            seconds = seconds_of([*_AUDIOBOOK, "read", file], folder)
            yield what, f"{seconds:.3f} s, {seconds / peer:.1f} times", "at most 0.35 s"
        build = [*_AUDIOBOOK, "build", "line.txt", "--voice", "hanoi", "-q"]
        seconds_of(build, folder, 1)
        unchanged = seconds_of(build, folder)
        yield (
            "unchanged book",
            f"{unchanged:.3f} s, {unchanged / peer:.1f} times",
            "at most 0.25 s",
        )
        library = _seconds_of_unchanged(books, folder)
        if books < BOOKS:
            each = (library - _seconds_of_unchanged(_FEWER, folder)) / (books - _FEWER)
            library += each * (BOOKS - books)
        yield f"{BOOKS:,} unchanged books", f"{library:.2f} s", "at most 2 s"


def main() -> None:
    """Measure and print; an argument is the number of books."""
    show_head("Commands that have little to do")
    for row in rows(*map(int, sys.argv[1:])):
        show(*row)


if __name__ == "__main__":
    main()
