"""Keeps the books that were opened last, so that a page of several parts reads a source once."""

from __future__ import annotations

import contextvars
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from audiobook.app.ledger import hash_inputs
from audiobook.app.overview import Overview, open_overview
from audiobook.app.preparing import read_document
from audiobook.app.proofread import Proof, proofread
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Cast, Delivery, Meta, Recognised, Sound, Voice
from audiobook.stages.readers.ocr import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.model import Document, Event, Job
    from audiobook.vietnamese import Doubt

_MOST = 24
_THREADS = 4
Value = TypeVar("Value")
_may_defer: ContextVar[bool] = ContextVar("may_defer", default=False)


class Pending(Exception):  # noqa: N818 (it is no error)
    """What an answer needs is being found out: it is to be asked again when that is done."""

    def __init__(self, future: Future[Any]) -> None:
        super().__init__()
        self.future = future


@contextmanager
def deferring(*, may_defer: bool) -> Iterator[None]:
    """Choose whether what takes long is waited for, or raises `Pending` to be waited for."""
    token = _may_defer.set(may_defer)
    try:
        yield
    finally:
        _may_defer.reset(token)


class Overviews:
    """Opens books, and remembers what took time to find out."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Any] = OrderedDict()
        self._pending: dict[object, Future[Any]] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self.recognised: dict[str, tuple[int, int]] = {}
        """Scanned pages that are recognised, and all of them, by the sources being read."""
        self.version = 0
        """Goes up whenever another page is recognised."""
        # Of its own, so that a book that takes long keeps no thread from the shelf and the queue.
        self._threads = ThreadPoolExecutor(_THREADS, "overviews")

    def close(self) -> None:
        """Find out nothing that was not begun, and recognise no further page."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def open(self, job: Job) -> Overview:
        """Return a book as it would be read.

        Raises:
            AudiobookError: it cannot be read.
        """
        document = self._read(job)
        overview = self.once(_source_key(job), lambda: open_overview(document, job))
        # What is said and which chapters are read does not change how the source is read.
        return overview.of(job)

    def _read(self, job: Job) -> Document:
        return self.once(_reading_key(job), lambda: self._read_now(job))

    def _read_now(self, job: Job) -> Document:
        def note(event: Event) -> None:
            if self._is_closed:
                raise SourceError(message("reading was stopped"))
            if isinstance(event, Recognised):
                self.recognised[job.source] = event.pages, event.total
                self.version += 1

        try:
            return read_document(job, note)
        finally:
            if self.recognised.pop(job.source, None):
                self.version += 1

    def document_if_open(self, job: Job) -> Document | None:
        """Return a book that was opened before, at once; None if it was not."""
        overview = self._kept.get(_source_key(job))
        return overview.of(job).document if isinstance(overview, Overview) else None

    def doubts(self, job: Job) -> list[Doubt]:
        """Return the words of a book that are read by guess."""
        overview = self.open(job)
        readers = [(voice.language, voice.accent, voice.foreign) for voice in job.cast.voices]
        chapters = tuple((chapter.title, chapter.is_read) for chapter in overview.chapters())
        key = ("doubts", _reading_key(job), job.lexicon, chapters, job.narrators, repr(readers))
        return self.once(key, overview.doubts)

    def misprints(self, job: Job) -> Proof:
        """Return the likely misprints of a source."""
        key = ("misprints", _reading_key(replace(job, replacements=(), kept_texts=())))
        if job.ocr:
            self._read(job)  # each page is recognised once, and not twice at the same time
        recogniser = Recogniser(job.cache) if job.ocr else None
        return self.once(key, lambda: proofread(job.source, parts=job.parts, recogniser=recogniser))

    def once(self, key: object, find_out: Callable[[], Value]) -> Value:
        """Return what takes long to find out; it is found out once, however many ask for it.

        Args:
            key: of what it depends on.
            find_out: finds it out; it asks for nothing here, as no thread may be free for that.

        Raises:
            Pending: it is being found out, and whoever asked can wait better than this thread.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                value: Value = self._kept[key]
                return value
            future = self._pending.get(key)
            if future is None:
                context = contextvars.copy_context()
                future = self._threads.submit(context.run, self._keep, key, find_out)
                self._pending[key] = future
        if _may_defer.get():
            raise Pending(future)
        answer: Value = future.result()
        return answer

    def _keep(self, key: object, find_out: Callable[[], Value]) -> Value:
        try:
            value = find_out()
            with self._lock:
                self._kept[key] = value
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        finally:
            with self._lock:
                self._pending.pop(key, None)
        return value


def _reading_key(job: Job) -> tuple[str, str]:
    """Return what decides the text of a book; what the user says of the book does not."""
    return "read", _source_key(replace(job, meta=Meta(), pictures=(), cover=True))


def _source_key(job: Job) -> str:
    """Return a hash of all that decides how a source is shown."""
    # Any engine that is always there: who speaks does not matter, and may not be usable yet.
    voice = Voice(name="", engine="tone", language=job.voice.language)
    plain = replace(
        job,
        cast=Cast(voice),
        lexicon=(),
        left_out=(),
        titles=(),
        narrators=(),
        takes=(),
        delivery=Delivery(),
        format="mp3",
        sound=Sound(),
        fallback=None,
    )
    return hash_inputs(plain)
