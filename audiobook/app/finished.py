"""Reads what a finished book says of itself, as little as a shelf of many books needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audiobook import outputs
from audiobook.outputs.damage import DAMAGED
from audiobook.system import files
from audiobook.system.json_data import load_json

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLabel:
    """What is shown of a book on a shelf; all is empty for a file that is no book."""

    title: str = ""
    author: str = ""
    narrator: str = ""
    seconds: float = 0.0
    size: int = 0
    """Bytes."""


NO_LABEL = BookLabel()


class LabelReader:
    """Reads labels, and remembers them for as long as their files stay the same.

    Args:
        kept: the file in which they are remembered between runs; None for none.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self._kept = kept
        self._known = _read_kept(kept) if kept else {}
        self._is_changed = False

    def read(self, path: Path) -> BookLabel:
        """Return the label of a book; an empty one if the file cannot be read."""
        try:
            status = path.stat()
            stamp = status.st_mtime_ns, status.st_size
            known = self._known.get(str(path))
            if known and known[0] == stamp:
                return known[1]
            label = _read_epub(path) if path.suffix == ".epub" else _read_sound(path)
        except (OSError, *DAMAGED):
            return NO_LABEL
        self._known[str(path)] = stamp, label
        self._is_changed = True
        return label

    def keep(self) -> None:
        """Write down what was read since the last time; a folder that is full forgets."""
        if self._kept is None or not self._is_changed:
            return
        self._is_changed = False
        known = {
            path: (stamp, asdict(label))
            for path, (stamp, label) in dict(self._known).items()
            if Path(path).exists()
        }
        # Where the folder is full they are read again the next time.
        files.note(self._kept, json.dumps(known, ensure_ascii=False).encode(errors="replace"))


def _read_kept(path: Path) -> dict[str, tuple[_Stamp, BookLabel]]:
    try:
        return {
            name: ((int(stamp[0]), int(stamp[1])), BookLabel(**label))
            for name, (stamp, label) in load_json(path.read_bytes()).items()
        }
    except (OSError, ValueError, TypeError, AttributeError, IndexError):
        return {}


def _read_sound(path: Path) -> BookLabel:
    from mutagen.mp3 import MP3
    from mutagen.mp4 import MP4

    from audiobook.outputs.tag_reading import open_sound

    file: Any = _mp3_without_large_frames(path) if path.suffix.lower() == ".mp3" else None
    if file is None:
        file = open_sound(path)
    if file is None:
        return NO_LABEL
    tags = file.tags or {}
    if isinstance(file, MP3):
        words = {name: str(tags.get(frame, "")) for name, frame in _FRAMES.items()}
    else:
        keys = _ITEMS if isinstance(file, MP4) else _COMMENTS
        words = {name: str((tags.get(key) or [""])[0]) for name, key in keys.items()}
    return BookLabel(**words, seconds=file.info.length, size=path.stat().st_size)


_FRAMES = {"title": "TIT2", "author": "TPE1", "narrator": "TPE2"}
_ITEMS = {"title": "©nam", "author": "©ART", "narrator": "©nrt"}
_COMMENTS = {"title": "title", "author": "artist", "narrator": "performer"}


def _mp3_without_large_frames(path: Path) -> Any:
    from mutagen.id3 import ID3, TIT2, TPE1, TPE2

    from audiobook.outputs.tag_reading import open_mp3

    class ShortTag(ID3):
        """Reads three frames of a tag, and none that is large."""

        def __init__(self, *args: Any, **options: Any) -> None:
            options["known_frames"] = {"TIT2": TIT2, "TPE1": TPE1, "TPE2": TPE2}
            super().__init__(*args, **options)  # type: ignore[no-untyped-call]

    return open_mp3(path, ShortTag)


def _read_epub(path: Path) -> BookLabel:
    form = outputs.load("epub")
    fingerprint = form.read_fingerprint(path)
    book = form.read_book(path, fingerprint) if fingerprint else None
    if book is None:
        return NO_LABEL
    return BookLabel(title=book.meta.title, seconds=book.seconds, size=path.stat().st_size)
