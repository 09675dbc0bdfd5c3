"""What a studio remembers between runs, in a hidden file of its folder: the queue, and failures."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.system import files
from audiobook.system.json_data import DAMAGE, load_json, read_facts

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".audiobook-studio.json"


@dataclass(slots=True, kw_only=True)
class StudioMemory:
    """The state that outlives the program; every change is written at once."""

    path: Path
    queue: list[str] = field(default_factory=list)
    """Ids of the books that are being built or wait for it, in order; a format may follow."""
    paused: list[str] = field(default_factory=list)
    """Ids of those whose building rests."""
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    """What went wrong with the last build of a book, in each language, by its id; and when."""
    settled: dict[str, tuple[str, float]] = field(default_factory=dict)
    """What a book was made of, as a stamp, and when it was written, by its id and its format."""
    names: dict[str, list[str]] = field(default_factory=dict)
    """Title and author of a book that was opened, by its id."""
    published: dict[str, list[str]] = field(default_factory=dict)
    """Name, and size and date, of the file that was put into the podcast, by the id of its book."""
    accepted: dict[str, list[list[str]]] = field(default_factory=dict)
    """Corrections that were accepted all at once, as they stand in book.toml, by ids of books."""
    speeds: dict[str, float] = field(default_factory=dict)
    """Seconds of speech that this machine recorded in a second, by the names of voices."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failure_of(self, key: str, made: float) -> dict[str, str]:
        """Return what went wrong with the last build of a book; empty if it was made since.

        Args:
            key: the id of the book.
            made: when its file was written, in seconds since 1970; 0 if there is none.
        """
        failure = self.failed.get(key, {})
        return {} if made > float(failure.get("at") or 0) else failure

    def write(self) -> None:
        """Write the file; a folder that cannot be written to forgets."""
        with self._lock:
            values = {
                "queue": self.queue,
                "paused": self.paused,
                "failed": self.failed,
                "settled": self.settled,
                "names": self.names,
                "published": self.published,
                "accepted": self.accepted,
                "speeds": self.speeds,
            }
            try:
                files.put(self.path, json.dumps(values, ensure_ascii=False, indent=1).encode())
            except OutputError:
                return  # the build itself tells that nothing can be written there


def read_memory(folder: Path) -> StudioMemory:
    """Return what the studio of a folder remembers; nothing where the file is damaged."""
    path = folder / NAME
    memory = StudioMemory(path=path)
    try:
        values = load_json(read_facts(path))
        memory.queue = [str(key) for key in values["queue"]]
        memory.paused = [str(key) for key in values["paused"]]
        memory.failed = {
            str(key): {
                "field": str(lines.get("field", "")),
                "at": str(float(lines.get("at", 0))),
                **{language: str(lines[language]) for language in ("en", "vi")},
            }
            for key, lines in values["failed"].items()
            if isinstance(lines, dict)
        }
        memory.names = {
            str(key): [str(title), str(author)] for key, (title, author) in values["names"].items()
        }
        published = values.get("published", {})
        memory.published = {
            str(key): [str(name), str(stamp)] for key, (name, stamp) in published.items()
        }
        memory.accepted = {
            str(key): [[str(find), str(instead)] for find, instead in pairs]
            for key, pairs in values.get("accepted", {}).items()
        }
        memory.speeds = {str(name): float(speed) for name, speed in values["speeds"].items()}
        memory.settled = {
            str(key): (str(made_of[0]), float(made_of[1]))
            for key, made_of in values["settled"].items()
            if isinstance(made_of, list)
        }
    except DAMAGE:
        return StudioMemory(path=path)
    return memory
