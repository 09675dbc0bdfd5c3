"""Kills the making and publishing of a book at a chosen step on the disk, or at any moment.

What is made is killed with all its processes, as by a power cut; then it is made again.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import cli, studio
from audiobook.record import record
from audiobook.studio.fate import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from audiobook.model import Cast, Passage, Recording, Sound

OLD = "\n\n".join(f"Chương {number}: Đường dài\n\nCâu thứ {number}. Hết." for number in (1, 2))
NEW = OLD.replace("Chương 2: Đường dài", "Chương 2: Đường về") + " Một câu mới.\n\nChương 3\n\nBa."

_NOW = 1_800_000_000.0
# Of Python's audit events (docs.python.org, "Audit events table").
_STEPS = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.utime", "os.truncate"}
# Holds dates of files.
_UNLIKE = ".memory.json"


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder with a text, and all that is made of it: book, chapters, transcripts, site, www."""

    root: Path

    @property
    def _commands(self) -> list[list[str]]:
        root = self.root
        library, texts = str(root / "library"), str(root / "book.txt")
        build = ["build", texts, "-o", library, "--voice", "tone", "--cover", "none", "-q"]
        build += ["--transcript", "vtt,srt,lrc", "--jobs", "1"]
        return [
            build,
            [*build, "--split", "--format", "m4b", "-o", str(root / "parts")],
            ["feed", library, "--url", "https://example.org/a", "--allow-guid-change"],
            ["publish", library, str(root / "www"), "--allow-guid-change"],
        ]

    def write(self, text: str) -> None:
        """Put a text where the book is made of it."""
        self.root.mkdir(exist_ok=True)
        (self.root / "book.txt").write_text(text, "utf-8")

    def copy(self, to: Path) -> Scene:
        """Return the same scene elsewhere, with the dates of its files."""
        shutil.copytree(self.root, to)
        return Scene(to)

    def make(
        self,
        *,
        die_at: int | None = None,
        die_after: float | None = None,
        with_workers: bool = False,
    ) -> int | None:
        """Make all in a process of its own.

        Args:
            die_at: the step on the disk that it does not come to, from 0.
            die_after: seconds after which it is killed.
            with_workers: whether other processes record, which take their time to begin.

        Returns:
            The number of steps that it took; None if it was killed.

        Raises:
            RuntimeError: it failed; the text is all that it said.
        """
        said = self.root.with_suffix(".said")
        told, tell = os.pipe()
        process = os.fork()
        if not process:
            os.close(told)
            try:
                os.setsid()
                log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(log, 1)
                os.dup2(log, 2)
                if not with_workers:
                    studio.Here = Thread  # type: ignore[assignment,attr-defined]
                taken = _watch(self.root, die_at)
                self._run()
                os.write(tell, str(taken()).encode())
            finally:
                os._exit(0)
        os.close(tell)
        if die_after is not None:
            time.sleep(die_after)
            os.killpg(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        with os.fdopen(told) as answer:
            steps = answer.read()
        if os.WIFSIGNALED(status):
            return None
        if not steps:
            raise RuntimeError(said.read_text("utf-8"))
        return int(steps)

    def _run(self) -> None:
        os.environ.update(
            AUDIOBOOK_CACHE=str(self.root / "cache"),
            AUDIOBOOK_CONFIG=str(self.root / "config"),
            TMPDIR=str(self.root / "tmp"),
        )
        (self.root / "tmp").mkdir(exist_ok=True)
        time.time = lambda: _NOW  # of the feeds
        for command in self._commands:
            sys.argv = ["audiobook", *command]
            try:
                cli.main()
            except SystemExit as end:
                if end.code:
                    raise

    def files(self) -> dict[str, bytes]:
        """Return all that is there, but for what tells dates."""
        found = (path for path in self.root.rglob("*") if path.is_file() and path.name != _UNLIKE)
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found}


def _watch(root: Path, die_at: int | None) -> Callable[[], int]:
    """Count the steps on the disk below a folder, and end all processes before one of them."""
    taken, counting = 0, threading.Lock()

    def notice(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event in _STEPS:
            path = arguments[0]
        else:
            return
        if isinstance(path, (str, os.PathLike)) and str(path).startswith(str(root)):
            with counting:
                if taken == die_at:
                    os.killpg(0, signal.SIGKILL)
                    time.sleep(60)
                taken += 1

    sys.addaudithook(notice)
    return lambda: taken


class Thread:
    """Records where the rest is done."""

    number = 1

    def __init__(self, _number: int) -> None:
        self._pool = ThreadPoolExecutor(1)

    def submit(self, passage: Passage, cast: Cast, sound: Sound) -> Future[Recording]:
        return self._pool.submit(record, passage, cast, sound)

    def judge(self, _problem: BaseException) -> Fate:
        return Fate.FAILED

    def close(self, *, at_once: bool) -> None:
        self._pool.shutdown(cancel_futures=at_once)


@dataclass(slots=True)
class Trial:
    """A scene that is made anew of another text, and killed as it is."""

    folder: Path
    _before: Scene
    _old: dict[str, bytes]
    _new: dict[str, bytes]
    steps: int
    """On the disk, when nobody disturbs."""
    seconds: float
    """That it takes with workers."""

    @classmethod
    def prepare(cls, folder: Path, old: str = OLD, new: str = NEW) -> Trial:
        """Make the scene of a text, and that of the other without being disturbed.

        Args:
            folder: where; nothing else is in it.
            old: the first text; empty for a scene where nothing is yet.
            new: the other.
        """
        before = Scene(folder / "before")
        before.write(old)
        if old:
            before.make()
        once, twice = before.copy(folder / "once"), before.copy(folder / "twice")
        once.write(new)
        twice.write(new)
        steps = once.make()
        began = time.monotonic()
        twice.make(with_workers=True)
        seconds = time.monotonic() - began
        assert once.files() == twice.files()
        assert steps
        return cls(folder, before, before.files(), once.files(), steps, seconds)

    def killed(self, at: int | None = None, *, after: float | None = None) -> Iterator[str]:
        """Yield what is wrong after all is killed, and after it is then made again.

        Args:
            at: the step on the disk that it does not come to, from 0.
            after: seconds after which it is killed.
        """
        scene = self._before.copy(self.folder / "killed")
        scene.write(NEW)
        steps = scene.make(die_at=at, die_after=after, with_workers=after is not None)
        if at is not None and steps is not None:
            yield "it came to its end"
        for name, data in scene.files().items():
            if name.endswith(".part"):
                continue
            if data not in (self._old.get(name), self._new.get(name)):
                yield f"killed: {name} is neither the old nor the new one"
        scene.make()
        made = scene.files()
        for name in sorted(made.keys() | self._new.keys()):
            if name not in made:
                yield f"made again: {name} is missing"
            elif name not in self._new:
                yield f"made again: {name} is left over"
            elif made[name] != self._new[name]:
                yield f"made again: {name} is another"
        shutil.rmtree(scene.root)
