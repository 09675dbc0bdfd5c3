"""The queue of builds: one after the other, in a thread that no page stops."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from audiobook.app.build import build
from audiobook.app.converting import Conversion, convert
from audiobook.config import cores
from audiobook.errors import AudiobookError, EngineError, UsageError, as_error
from audiobook.messages import message
from audiobook.model import Failed, Progress, Recognised, Started
from audiobook.outputs import SOUND_FORMATS, SUFFIXES
from audiobook.studio.builds import AT_WORK, ENDED, Build, ChapterProgress, Stage
from audiobook.studio.entries import State
from audiobook.studio.remedies import in_each_language
from audiobook.system import files
from audiobook.system.folders import cache_folder
from audiobook.workers import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Converted, Event, Job
    from audiobook.studio.entries import ShelfEntry
    from audiobook.studio.library import Library
    from audiobook.studio.memory import StudioMemory

_MOST_FINISHED = 20


class BuildQueue:
    """Builds books one after the other.

    Args:
        library: where the books are.
        memory: what is noted of the queue.
        make_job: returns the job of a book, given its entry and ``form``.
    """

    def __init__(
        self, library: Library, memory: StudioMemory, make_job: Callable[..., Job]
    ) -> None:
        self._library, self._memory, self._make_job = library, memory, make_job
        self._builds: dict[str, Build] = {}
        self._changed = threading.Condition()
        self._recorder: Recorder | None = None
        self._closed = False
        self.version = 0
        """Goes up with every change, so that whoever shows the queue need not compare it."""
        self._thread = threading.Thread(target=self._work, name="builds", daemon=True)
        for key in memory.queue:
            self._take_up(*key.split(" ", 1))
        self._thread.start()

    def builds(self) -> list[Build]:
        """Return the builds, those that ended last."""
        with self._changed:
            return sorted(self._builds.values(), key=lambda one: one.stage in ENDED)

    def build_of(self, key: str) -> Build | None:
        """Return the build of a book, if it is in the queue or ended in this run."""
        return self._builds.get(key)

    def is_busy(self, key: str) -> bool:
        """Return whether a book is being built, or waits for it."""
        found = self._builds.get(key)
        return found is not None and found.stage not in (*ENDED, Stage.PAUSED)

    def add(self, entry: ShelfEntry, form: str = "") -> None:
        """Put a book at the end of the queue, if it is not in it.

        Args:
            entry: the book.
            form: the format that is wanted; empty for that of book.toml.

        Raises:
            UsageError: it is being made in another format.
        """
        with self._changed:
            if self.is_busy(entry.id):
                if self._builds[entry.id].form != form:
                    raise UsageError(
                        message("another format of this book is being made"),
                        message("wait until it is ready"),
                    )
                return
            self._builds.pop(entry.id, None)
            self._builds[entry.id] = Build(id=entry.id, title=entry.title, form=form)
            self._note()

    def pause(self, key: str) -> None:
        """Let a build rest; what is recorded is kept."""
        self._leave(key, Stage.PAUSED)

    def cancel(self, key: str) -> None:
        """Take a book out of the queue; what is recorded is kept."""
        self._leave(key, None)

    def resume(self, key: str) -> None:
        """Let a build that rests go on."""
        with self._changed:
            found = self._builds.get(key)
            if found and found.stage is Stage.PAUSED:
                self._builds[key] = Build(id=key, title=found.title, form=found.form)
                self._note()

    def close(self) -> None:
        """End the work at once; the queue is noted, and goes on when it is opened again."""
        with self._changed:
            self._closed = True
            recorder = self._recorder
            self._changed.notify_all()
        if recorder:
            recorder.stop()
        self._thread.join(10)

    def _take_up(self, key: str, form: str = "") -> None:
        try:
            entry = self._library.entry(key)
        except AudiobookError:
            return  # its source is gone
        stage = Stage.PAUSED if key in self._memory.paused else Stage.WAITING
        self._builds[key] = Build(id=key, title=entry.title, form=form, stage=stage)

    def _leave(self, key: str, stage: Stage | None) -> None:
        with self._changed:
            found = self._builds.get(key)
            if found is None or (found.stage in ENDED and stage is not None):
                return
            was_at_work = found.stage in AT_WORK
            if stage is None:
                del self._builds[key]
            else:
                self._builds[key] = Build(
                    id=key,
                    title=found.title,
                    form=found.form,
                    stage=stage,
                    chapters=found.chapters,
                )
            recorder = self._recorder if was_at_work else None
            self._note()
        if recorder:
            recorder.stop()

    def _note(self) -> None:
        """Write down the queue, and wake whoever waits for it."""
        active = [one for one in self._builds.values() if one.stage not in ENDED]
        self._memory.queue = [f"{one.id} {one.form}".rstrip() for one in active]
        self._memory.paused = [one.id for one in active if one.stage is Stage.PAUSED]
        self._memory.write()
        self.version += 1
        self._changed.notify_all()

    # --- in the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                current = None
                while not self._closed and current is None:
                    waiting = (o for o in self._builds.values() if o.stage is Stage.WAITING)
                    if (current := next(waiting, None)) is None:
                        self._changed.wait()
                if self._closed or current is None:
                    return
                current.stage = Stage.READING
                self._recorder = recorder = Recorder(cores())
                self.version += 1
            self._build(current, recorder)

    def _build(self, current: Build, recorder: Recorder) -> None:
        failure: AudiobookError | None = None
        narrator = ""
        try:
            entry = self._library.entry(current.id)
            if (conversion := conversion_of(entry, current.form)) is not None:
                convert(conversion, lambda event: self._follow_conversion(current, event))
            else:
                with recorder:
                    job = self._make_job(entry, form=current.form or None)
                    narrator = job.voice.name
                    book = build(job, lambda event: self._follow(current, event), recorder)
                self._library.note_made(entry, book.path)
        except BaseException as problem:  # noqa: BLE001 (it is the outcome of this book)
            failure = as_error(problem, current.title)
        with self._changed:
            self._recorder = None
            if self._builds.get(current.id) is not current or self._closed:
                return  # it was paused or taken out, or the program ends
            current.failure = failure
            current.stage = Stage.FAILED if failure else Stage.DONE
            if failure:
                told = in_each_language(failure)
                self._memory.failed[current.id] = {**told, "at": str(time.time())}
            else:
                self._memory.failed.pop(current.id, None)
                if current.speed:
                    self._memory.speeds[narrator] = round(current.speed, 2)
            ended = [one.id for one in self._builds.values() if one.stage in ENDED]
            for key in ended[:-_MOST_FINISHED]:
                del self._builds[key]
            self._note()

    def _follow_conversion(self, current: Build, event: Converted) -> None:
        with self._changed:
            self._check_wanted(current)
            current.stage, current.conversion = Stage.CONVERTING, event
            self.version += 1

    def _check_wanted(self, current: Build) -> None:
        """Make sure that a build goes on.

        Raises:
            EngineError: it was paused or taken out, or the program ends.
        """
        if self._builds.get(current.id) is not current or self._closed:
            raise EngineError(message("recording was stopped"))

    def _follow(self, current: Build, event: Event) -> None:
        with self._changed:
            self._check_wanted(current)
            current.last = time.monotonic()
            if isinstance(event, Recognised):
                current.pages = event.pages, event.total
            elif isinstance(event, Started):
                current.title, current.stage = event.title, Stage.RECORDING
                current.began = time.monotonic()
                current.chapters = {
                    number: ChapterProgress(title=title, characters=characters)
                    for number, title, characters in event.parts
                }
            elif isinstance(event, Progress):
                self._count(current, event)
            elif isinstance(event, Failed):
                current.stood_in += event.sentences
            self.version += 1

    def _count(self, current: Build, event: Progress) -> None:
        chapter = current.chapters.get(event.chapter)
        if chapter is not None:
            chapter.recorded = min(chapter.characters, chapter.recorded + event.characters)
        if not event.remembered:
            current.fresh += event.characters
            current.spoken += event.seconds
        if current.recorded >= current.characters:
            current.stage = Stage.BINDING


def conversion_of(entry: ShelfEntry, form: str) -> Conversion | None:
    """Return how a book is converted to another format; None where it must be built.

    It is converted if a recording of it is up to date, and no text is needed.

    Args:
        entry: the book.
        form: the format that is wanted; empty for that of book.toml.
    """
    source = entry.book
    if source is None or form not in SOUND_FORMATS or entry.state not in (State.DONE, State.ALONE):
        return None
    kind = source.suffix[1:].lower()
    if kind == form or kind not in SOUND_FORMATS:
        return None
    path = entry.path.parent / files.fit_name(entry.stem or entry.path.stem, SUFFIXES[form])
    return Conversion(source=source, path=path, format=form, cache=cache_folder())
