"""Disturbs the making and publishing of a book at a chosen step on the disk, or at any moment.

All its processes are killed, as by a power cut, or the disk refuses; then it is made again.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recording_here import WorkersHere

from audiobook import cli
from audiobook.errors import OutputError
from audiobook.podcast import manifest
from audiobook.workers import local
from audiobook.workers.local import LocalWorkers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


OLD = "\n\n".join(f"Chương {number}: Đường dài\n\nCâu thứ {number}. Hết." for number in (1, 2))
NEW = OLD.replace("Chương 2: Đường dài", "Chương 2: Đường về") + " Một câu mới.\n\nChương 3\n\nBa."

_NOW = 1_800_000_000.0
# Of Python's audit events (docs.python.org, "Audit events table").
_STEPS = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.utime", "os.truncate"}
# Hold dates of files, where a site is published, and who publishes it.
_UNLIKE = {".memory.json", ".site.published.json", ".audiobook-lock.json"}
# The cache notes which file in which folder a book was made from, what belongs to it, what it is
# like with its date, and each transcript ever written.
_OF_PLACES = {".written", ".book", ".seal"}
# How fast voices spoke, learnt from what was recorded in one go.
_LEARNT = "paces"
# The first publish to a place marks it as ours, before anything else lies there.
BEGUN = {"www/manifest.json": manifest.render(())}


def die() -> None:
    """End all processes, as a power cut does."""
    os.killpg(0, signal.SIGKILL)
    time.sleep(60)


def refuse() -> None:
    """Fail as a full disk does.

    Raises:
        OSError: always.
    """
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class End(NamedTuple):
    """How a command came to its end."""

    code: int | None
    """Its exit code; None if it was killed, -1 after an exception that nobody expected."""
    steps: int
    """That it took on the disk."""
    said: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder with a text, and all that is made of it: book, chapters, transcripts, site, www."""

    root: Path

    @property
    def commands(self) -> list[list[str]]:
        """The commands that make all of it, in their order."""
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
        (self.root / "tmp").mkdir(parents=True, exist_ok=True)
        (self.root / "book.txt").write_text(text, "utf-8")

    def copy(self, to: Path) -> Scene:
        """Return the same scene elsewhere, with the dates of its files."""
        shutil.copytree(self.root, to)
        return Scene(to)

    def make(
        self,
        disturb: Callable[[], None] | None = None,
        *,
        at: int | None = None,
        after: float | None = None,
        with_workers: bool = False,
    ) -> End:
        """Make all in a process of its own.

        Args:
            disturb: is called before a step on the disk; what it raises comes from that step.
            at: the step, from 0.
            after: seconds after which all is killed.
            with_workers: whether other processes record, which take their time to begin.
        """
        said = self.root.with_suffix(".said")
        told, tell = os.pipe()
        process = os.fork()
        if not process:
            os.close(told)
            try:
                os.setsid()
                sys.stdout = io.TextIOWrapper(io.BytesIO())
                sys.stderr = said.open("w", encoding="utf-8")
                local.LocalWorkers = (  # type: ignore[misc]
                    LocalWorkers if with_workers else WorkersHere  # type: ignore[assignment]
                )
                taken = _watch(self.root, disturb, at)
                code = self._run()
                os.write(tell, f"{code} {taken()}".encode())
            finally:
                if sys.exc_info()[0]:
                    traceback.print_exc()
                sys.stderr.flush()
                os._exit(0)
        os.close(tell)
        if after is not None:
            time.sleep(after)
            os.killpg(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        with os.fdopen(told) as answer:
            numbers = answer.read().split()
        if os.WIFSIGNALED(status):
            return End(None, 0, said.read_text("utf-8"))
        code, steps = map(int, numbers or (-1, 0))
        return End(code, steps, said.read_text("utf-8"))

    def _run(self) -> int:
        os.environ.update(
            AUDIOBOOK_CACHE=str(self.root / "cache"),
            AUDIOBOOK_CONFIG=str(self.root / "config"),
            TMPDIR=str(self.root / "tmp"),
        )
        time.time = lambda: _NOW  # of the feeds
        for command in self.commands:
            sys.argv = ["audiobook", *command]
            try:
                cli.main()
            except SystemExit as end:
                if end.code:
                    return int(end.code)
        return 0

    def files(self) -> dict[str, bytes]:
        """Return all that is there, but for what tells dates, and what the scene's own place."""
        found = (
            path
            for path in self.root.rglob("*")
            if path.is_file()
            and path.name not in _UNLIKE
            and path.suffix not in _OF_PLACES
            and path.parent.name != _LEARNT
        )
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found}


def _watch(root: Path, disturb: Callable[[], None] | None, at: int | None) -> Callable[[], int]:
    """Count the steps on the disk below a folder, and disturb one of them."""
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
                taken += 1
                now = taken - 1
            if disturb and now == at:
                disturb()

    sys.addaudithook(notice)
    return lambda: taken


@dataclass(slots=True)
class Trial:
    """A scene that is made anew of another text, and disturbed as it is."""

    folder: Path
    _before: Scene
    _old: dict[str, bytes]
    _new: dict[str, bytes]
    steps: int
    """On the disk, when nobody disturbs."""

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
        undisturbed = before.copy(folder / "undisturbed")
        undisturbed.write(new)
        end = undisturbed.make()
        assert end.code == 0, end.said
        return cls(folder, before, before.files(), undisturbed.files(), end.steps)

    def seconds(self) -> float:
        """Return how long it takes with workers, who make the same."""
        scene = self._before.copy(self.folder / "measured")
        scene.write(NEW)
        began = time.monotonic()
        scene.make(with_workers=True)
        seconds = time.monotonic() - began
        assert list(self._different(scene)) == []
        return seconds

    def disturbed(
        self,
        disturb: Callable[[], None] | None = None,
        at: int | None = None,
        *,
        after: float | None = None,
    ) -> Iterator[str]:
        """Yield what is wrong after a disturbance, and after all is then made again.

        Args:
            disturb: as `Scene.make` takes it.
            at: the step that it comes before, from 0.
            after: seconds after which all is killed.
        """
        scene = self._before.copy(self.folder / "disturbed")
        scene.write(NEW)
        end = scene.make(disturb, at=at, after=after, with_workers=after is not None)
        # The cache names its folders by where the scene lies: a run may take a step or two less.
        if disturb is die and end.code is not None and (at is None or at < end.steps):
            yield "it came to its end"
        if end.code and (end.code != OutputError.exit_code or len(end.said.splitlines()) != 1):
            yield f"ended with {end.code}: {end.said}"
        yield from self._mixed(scene)
        scene.make()
        yield from self._different(scene)
        shutil.rmtree(scene.root)

    def _mixed(self, scene: Scene) -> Iterator[str]:
        """Yield what is neither of one text nor of the other."""
        for name, data in scene.files().items():
            if name.endswith(".part"):
                continue
            if data not in (self._old.get(name), self._new.get(name), BEGUN.get(name)):
                yield f"killed: {name} is neither the old nor the new one"
        for note in scene.root.rglob(f"{_LEARNT}/*.json"):
            try:
                json.loads(note.read_bytes())
            except ValueError:
                yield f"killed: {note.name} is not whole"

    def _different(self, scene: Scene) -> Iterator[str]:
        """Yield what is not as it is when nobody disturbs."""
        made = scene.files()
        for name in sorted(made.keys() | self._new.keys()):
            if name not in made:
                yield f"made again: {name} is missing"
            elif name not in self._new:
                yield f"made again: {name} is left over"
            elif made[name] != self._new[name]:
                yield f"made again: {name} is another"
