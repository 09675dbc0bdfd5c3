"""How near the expected length of a book is to the real one, at first and after another build.

    python bench/lengths.py hanoi,sano FIRST.txt BOOK.epub ...

Each book is estimated with what the voice file says, then again after FIRST was recorded, and then
recorded itself. The figures are the expected length over the real one.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.config import make_job


def compare(voice: str, first: str, source: str) -> tuple[float, float, float]:
    """Return the real length of a book in seconds, and the two figures of it."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        job = replace(make_job(source, folder=path, voice=voice), cache=path / "cache")
        at_first = plan(job).seconds
        build(replace(make_job(first, folder=path, voice=voice), cache=path / "cache"))
        after_one = plan(job).seconds
        real = build(job).seconds
    return real, at_first / real, after_one / real


def main() -> None:
    """Print a line for each voice and book."""
    voices, first, *sources = sys.argv[1:]
    for voice in voices.split(","):
        for source in sources:
            real, at_first, after_one = compare(voice, first, source)
            name = Path(source).name
            print(f"{voice:10} {name:30} {real / 60:6.1f} min  {at_first:.3f}  {after_one:.3f}")


if __name__ == "__main__":
    main()
