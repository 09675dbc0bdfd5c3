"""The folders of a soak, what is made in them, and the memory of what runs for long."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://example.org/sach"
VOICE = "hanoi"
HOSTILE = "hostile-"
"""How the names of files begin that no book needs to be made of."""
WARM = 10.0
"""Minutes after which the memory counts."""
WINDOW = 3.0
"""Minutes of which the smallest memory counts."""


@dataclass(slots=True)
class Place:
    """A folder with texts, and all that is made of them."""

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.dropped, self.shelf, self.books):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def dropped(self) -> Path:
        """Texts that are watched."""
        return self.root / "dropped"

    @property
    def shelf(self) -> Path:
        """Texts that are built by command."""
        return self.root / "shelf"

    @property
    def books(self) -> Path:
        """Finished books."""
        return self.root / "books"

    @property
    def www(self) -> Path:
        """Where the podcast is published."""
        return self.root / "www"

    def build(self) -> list[str]:
        """Return the command that builds the texts of the shelf."""
        return [
            "build",
            str(self.shelf),
            "-o",
            str(self.books),
            "--voice",
            VOICE,
            "-k",
            "--transcript",
            "vtt",
        ]

    def feed(self) -> list[str]:
        """Return the command that writes the podcast."""
        return ["feed", str(self.books), "--url", URL]

    def redate(self) -> list[str]:
        """Return the command that writes it with the dates right that a wrong clock gave."""
        return [*self.feed(), "--redate"]

    def publish(self) -> list[str]:
        """Return the command that publishes it."""
        return ["publish", str(self.books), str(self.www), "-q"]

    def publish_redated(self) -> list[str]:
        """Return the command that publishes it with those dates."""
        return [*self.publish(), "--redate"]

    def log_of(self, command: str) -> Path:
        """Return the file of what a command says, on another disk."""
        return self.root.parent / f"{command}.log"

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        own = {name: str(self.root / name) for name in ("cache", "config", "data")}
        return {
            **os.environ,
            "AUDIOBOOK_LANG": "en",
            "PYTHONUNBUFFERED": "1",
            **{f"AUDIOBOOK_{name.upper()}": path for name, path in own.items()},
        }


@dataclass(slots=True)
class Steady:
    """A command that runs all the time, and its memory."""

    process: subprocess.Popen[str]
    samples: list[tuple[float, float, float]] = field(default_factory=list)
    """Seconds since the start of the run, MB of the command, and MB of what it started."""

    def look(self, moment: float) -> None:
        """Note how much memory it has, and its children."""
        own, others = _dirty(self.process.pid), sum(map(_dirty, children(self.process.pid)))
        self.samples.append((moment, own / 1024, others / 1024))

    @property
    def slope(self) -> float | None:
        """Growth with its children in MB an hour, by least squares; None if it is too soon to tell.

        Of every few minutes only the smallest size counts: what it keeps, not what a book takes.
        """
        kept: dict[int, tuple[float, float]] = {}
        for at, own, others in self.samples:
            size = own + others
            if at >= WARM * 60:
                window = int(at / (WINDOW * 60))
                kept[window] = min(kept.get(window, (at, size)), (at, size), key=itemgetter(1))
        if len(kept) < 5:
            return None
        moments, sizes = np.array(list(kept.values())).T
        return float(np.polyfit(moments / 3600, sizes, 1)[0])


def _dirty(process: int) -> int:
    """Return the memory of a process in kB that it has written to; 0 if it is gone.

    What it has only mapped, the system drops when it likes; it is its own or shared by who else
    runs at that moment.
    """
    with suppress(OSError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return sum(map(int, re.findall(r"^Private_Dirty:\s+(\d+) kB", text, re.MULTILINE)))
    return 0


def children(process: int) -> list[int]:
    """Return the processes that a process started, as far as they live."""
    with suppress(OSError):
        return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    return []


def made(place: Place) -> dict[str, str]:
    """Return what was made, as digests by names: books, transcripts and episodes."""
    files = {}
    for path in sorted(place.books.glob("*.*")):
        if path.suffix in (".mp3", ".vtt") and HOSTILE not in path.name:
            files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    for path in sorted(place.www.rglob("feed.xml")):
        for entry in feedparser.parse(path.read_bytes()).entries:
            if HOSTILE not in str(entry) and HOSTILE not in str(path):
                media = [place.www / link.href.removeprefix(f"{URL}/") for link in entry.enclosures]
                digests = [hashlib.sha256(one.read_bytes()).hexdigest() for one in media]
                files[f"{path.relative_to(place.www)}: {entry.title}"] = json.dumps(digests)
    return files


def left_over(place: Place) -> Iterator[str]:
    """Yield unfinished files and processes."""
    for path in place.root.rglob("*.part"):
        if "cache" not in path.parts:  # swept when something is next written beside it
            yield f"left over: {path.relative_to(place.root)}"
    for log in sorted(place.root.parent.glob("*.log")):
        text = log.read_text("utf-8", "replace")
        for wrong in ("Traceback (most recent call last)", "Exception ignored", "\x1b["):
            if wrong in text:
                start = text.index(wrong)
                yield f"{log.name}: {text[start : start + 600]}"
