"""Measures a library in one run: how busy the cores are, how much memory, what a cluster costs.

``make bench`` runs it. It needs the real books in the folder ``books`` of REAL_TEXTS (by default
``../shared``). With the argument ``all`` every one of them is built, which takes minutes; without,
only the smaller ones.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from figures import show, show_head

from audiobook.config import cores, load_voice
from audiobook.model import Cast, Kind, Passage, Sound, Utterance
from audiobook.workers import Recorder, connect

BOOKS = Path(os.environ.get("REAL_TEXTS", "../shared")) / "books"
SMALLER = ("chi-pheo", "luan-ly-giao-khoa-thu", "truyen-kieu", "viec-lang")
PASSAGES = 2_000
_LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all its processes together."""
    largest: float
    """Megabytes of its largest process at its largest."""


def run(words: list[str], folder: Path) -> Run:
    """Run the command with a memory of its own, and measure it with all that it begins."""
    environment = {**os.environ, "AUDIOBOOK_CACHE": str(folder / "cache")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [sys.executable, "-m", "audiobook", "build", "-q", "-o", str(folder / "out"), *words]
    with subprocess.Popen(command, env=environment) as process:
        largest = 0.0
        while process.poll() is None:
            largest = max(largest, *map(_peak_of, _family(process.pid)), 0.0)
            time.sleep(_LOOK)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, largest)


def _family(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    parents = {int(child): int(parent) for child, parent in pairs}
    family = [pid]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def _peak_of(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0  # it has ended
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0]) / 1024 if peaks else 0.0


def overhead(workers: int) -> tuple[float, float]:
    """Return seconds a passage of many small ones takes, by processes here and by a cluster."""
    cast = Cast(load_voice("tone"))
    texts = [f"Câu {number}." for number in range(PASSAGES)]
    said = [
        (
            number,
            Passage(0, number, (Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=0.4),)),
        )
        for number, text in enumerate(texts)
    ]

    def timed(recorder: Recorder) -> float:
        for _ in recorder.record_all(said[: 8 * workers], cast, Sound()):
            pass  # everybody has begun
        began = time.perf_counter()
        for _ in recorder.record_all(said, cast, Sound()):
            pass
        return (time.perf_counter() - began) / PASSAGES

    with Recorder(workers) as here:
        alone = timed(here)
    with Recorder(workers, connect("local", workers)) as there:
        return alone, timed(there)


def main() -> None:
    """Measure, and print a table."""
    if not BOOKS.is_dir():
        sys.exit(f"there are no books in {BOOKS}: set REAL_TEXTS")
    whole = "all" in sys.argv[1:]
    books = sorted(str(path) for path in BOOKS.glob("*.epub") if whole or path.stem in SMALLER)
    number = cores()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pool = run(books, folder / "pool")
        again = run(books, folder / "pool")
        cluster = run([*books, "--cluster", "local"], folder / "cluster")
    here, there = overhead(number)
    busy = pool.cpu / (number * pool.wall)
    rows = (
        (f"{len(books)} books in one run, {number} cores", f"{pool.wall:.1f} s", ""),
        ("CPU seconds / (cores x wall)", f"{busy:.2f}", "at least 0.95"),
        ("largest process", f"{pool.largest:.0f} MB", "under 250 MB"),
        ("all unchanged", f"{again.wall:.2f} s", ""),
        ("--cluster local, of that time", f"{cluster.wall / pool.wall:.2f}", "at most 1.25"),
        (f"one of {PASSAGES:,} small passages here", f"{here * 1e3:.1f} ms", ""),
        ("by a cluster", f"{there * 1e3:.1f} ms", "under 15 ms more"),
    )
    show_head("A library")
    for row in rows:
        show(*row)


if __name__ == "__main__":
    main()
