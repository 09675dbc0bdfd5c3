"""Decodes a file of sound and encodes it piece by piece, with all that the file says of itself."""

from __future__ import annotations

import math
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import IO, TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, OutputError, SourceError
from audiobook.messages import message
from audiobook.model import (
    Book,
    BoundChapter,
    Chapter,
    Converted,
    Cue,
    Meta,
    RecordedBook,
    RecordedPassage,
    Sound,
    Timing,
)
from audiobook.outputs import languages
from audiobook.speech import levelling, loudness, pieces
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.audit.types import FileContents
    from audiobook.outputs import SoundFormat
    from audiobook.speech.pieces import Piece

_CEILING = -0.1
"""dBFS that no sample exceeds where the encoder's loss is made up for."""
_MISSING = 1.0
"""Seconds that a whole book may be shorter than its own note says."""


class PieceStore:
    """Keeps encoded pieces in a file that is gone when it is closed, or the program ends."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sizes: list[tuple[int, int]] = []

    def put(self, sound: bytes) -> str:
        """Keep a piece, and return its key."""
        self._sizes.append((self._file.seek(0, os.SEEK_END), len(sound)))
        self._file.write(sound)
        return str(len(self._sizes) - 1)

    def get(self, key: str) -> bytes:
        """Return a piece."""
        position, size = self._sizes[int(key)]
        self._file.seek(position)
        return self._file.read(size)


@contextmanager
def open_store(path: Path) -> Iterator[PieceStore]:
    """Open a store on the disk where a book is going to be.

    Raises:
        OutputError: the disk is full, or cannot be written to.
    """
    try:
        with tempfile.TemporaryFile(dir=path.parent) as file:
            yield PieceStore(file)
    except OSError as problem:
        raise OutputError(
            message("cannot write {path}: {reason}", path=path, reason=problem),
            message("choose another folder with -o, or make room"),
        ) from problem


class EncodedStream:
    """The sound of a file, encoded piece by piece."""

    def __init__(
        self, contents: FileContents, form: SoundFormat, sound: Sound, store: PieceStore
    ) -> None:
        self._contents, self._form, self._sound, self._store = contents, form, sound, store
        self._starts = [round(line.start * sound.rate) for line in contents.sentences]
        self._chapters = _chapters_in_order(contents, sound.rate)
        self._pieces: list[RecordedPassage] = []
        self._ends: list[int] = []
        self._energies: list[NDArray[np.float64]] = []
        self._decoded = 0
        self.cuts_in_sound = 0
        """How many pieces end in sound."""

    def encode(self, path: Path, report: Callable[[Converted], None] | None) -> tuple[str, ...]:
        """Encode all of a file, and return what the decoder complained of.

        Raises:
            SourceError: it cannot be decoded, or its end is missing.
        """
        rate, form = self._sound.rate, self._form
        grid = pieces.Grid(rate, form.whole_frames(1, rate), form.silent_tail(rate))
        # Only MP3 files are cut into chapters later on, for podcasts.
        starts = [chapter.start for chapter in self._chapters if form.NAME == "mp3"]
        note = self._contents.provenance
        ends = [chapter.end for chapter in self._contents.chapters]
        expected = note.samples / note.rate if note else max(ends, default=0.0)
        with ffmpeg.stream(path, rate) as stream:
            blocks = self._counted(path, stream.blocks)
            for piece in pieces.cut(blocks, grid, starts, sorted(self._starts)):
                self._add(piece)
                if report:
                    reached = self._ends[-1] / rate
                    report(Converted(reached, max(expected, reached)))
            complaints = tuple(stream.complaints)
        missing = expected - self._decoded / rate
        if note and missing > _MISSING:
            raise SourceError(
                message(
                    "{path} is damaged: {seconds:.1f} s of it are missing",
                    path=path,
                    seconds=missing,
                ),
                message("build the book again"),
            )
        return complaints

    def _counted(
        self, path: Path, blocks: Iterator[NDArray[np.int16]]
    ) -> Iterator[NDArray[np.int16]]:
        try:
            for block in blocks:
                self._decoded += len(block)
                yield block
        except EngineError as problem:
            raise SourceError(
                message("{path}: {problem}", path=path, problem=problem.what), problem.remedy
            ) from problem

    def _add(self, piece: Piece) -> None:
        sound, rate = self._sound, self._sound.rate
        energies = loudness.energies_of(piece.samples, rate)
        level = loudness.integrated(energies)
        lost = self._form.attenuation(sound.bitrate, sound.vbr)
        samples = piece.samples
        if lost:
            samples, _ = levelling.adjust(samples, energies, level + lost, _CEILING, rate)
        encoded = self._form.encode(samples, rate, sound.bitrate, sound.vbr)
        timing = Timing(len(samples), (), level, 0)
        key = self._store.put(encoded)
        self._pieces.append(RecordedPassage(chapter=0, key=key, timing=timing))
        self._ends.append(piece.start + len(samples))
        self._energies.append(energies)
        self.cuts_in_sound += piece.is_cut_in_sound

    def lay_out(self, source: Path, path: Path) -> tuple[Book, RecordedBook]:
        """Return the book as it will be, and its recordings.

        Args:
            source: the file that was encoded.
            path: where the book goes.
        """
        contents, rate = self._contents, self._sound.rate
        meta = meta_of(contents, source)
        end = max(self._ends[-1] - self._form.trimmed_samples(rate), 1)
        chapters = tuple(self._bound_chapters(meta.title, end))
        level = loudness.integrated(np.concatenate(self._energies))
        note = contents.provenance
        book = Book(
            meta=meta,
            path=path,
            rate=rate,
            samples=end,
            chapters=chapters,
            sentences=len(contents.sentences),
            stood_in=note.stood_in if note else (),
            music=note.music_at(rate) if note else (),
            loudness=None if level == -math.inf else level,
            making=note.making if note else (),
        )
        recorded = RecordedBook(
            meta=meta,
            chapters=[Chapter(title=one.title, paragraphs=()) for one in chapters],
            passages=self._with_cues(end),
            sound=self._sound,
            sound_of=self._store.get,
        )
        return book, recorded

    def _bound_chapters(self, title: str, end: int) -> Iterator[BoundChapter]:
        """Yield the chapters; one begins with a piece if that is not a frame away from it."""
        borders = set(self._ends)
        frame = self._form.whole_frames(1, self._sound.rate)
        starts: dict[int, BoundChapter] = {}
        for chapter in self._chapters:
            lower = chapter.start // frame * frame
            near = [border for border in (lower, lower + frame) if border in borders]
            start = min(near, key=lambda one: abs(one - chapter.start), default=chapter.start)
            if (start := start if starts else 0) < end:
                starts.setdefault(start, chapter)
        starts = starts or {0: BoundChapter(title=title, start=0, end=end)}
        for (start, chapter), until in zip(starts.items(), [*list(starts)[1:], end], strict=True):
            yield replace(chapter, title=chapter.title or title, start=start, end=until)

    def _with_cues(self, end: int) -> list[RecordedPassage]:
        """Return the pieces, each with the sentences that begin in it."""
        lines = sorted(zip(self._starts, self._contents.sentences, strict=True), key=_first)
        bounds = [*(start for start, _ in lines), end]
        cues = [
            Cue(start, max(until, start), line.text)
            for (start, until), (_, line) in zip(pairwise(bounds), lines, strict=True)
            if start < end
        ]
        passages, number, begin = [], 0, 0
        for piece, piece_end in zip(self._pieces, self._ends, strict=True):
            first = number
            while number < len(cues) and cues[number].start < piece_end:
                number += 1
            within = tuple(cue.shifted(-begin) for cue in cues[first:number])
            passages.append(replace(piece, timing=replace(piece.timing, cues=within)))
            begin = piece_end
        return passages


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _chapters_in_order(contents: FileContents, rate: int) -> list[BoundChapter]:
    return sorted(
        (
            BoundChapter(
                title=chapter.title,
                start=max(round(chapter.start * rate), 0),
                end=round(chapter.end * rate),
                level=chapter.level,
                picture=chapter.picture,
            )
            for chapter in contents.chapters
        ),
        key=attrgetter("start"),
    )


def meta_of(contents: FileContents, source: Path) -> Meta:
    """Return what a file tells of its book; without a title it has the name of the file."""
    return Meta(
        title=contents.title or source.stem,
        author=contents.author,
        narrator=contents.narrator,
        date=contents.date,
        language=languages.from_tag(contents.language),
        genre=contents.genre,
        publisher=contents.publisher,
        description=contents.description,
        series=contents.series,
        volume=contents.volume,
        cover=contents.cover_file,
    )
