"""Opens a book to look at before it is built: chapters, what is left out, sentences, doubts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

from audiobook.app.omissions import find_large_omissions
from audiobook.app.preparing import complete
from audiobook.app.readout import SpokenSentence
from audiobook.config import with_marked_voices
from audiobook.model import count_words
from audiobook.stages.chapters.editing import chapter_keys
from audiobook.stages.chapters.narrators import assign_narrators
from audiobook.stages.script import readings_of_sentences
from audiobook.stages.tidy.directions import marked_voices
from audiobook.vietnamese import Lexicon, list_doubts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.model import Change, Chapter, Document, Job, Kind
    from audiobook.vietnamese import Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterEntry:
    """A chapter of a book, and whether it is read."""

    number: int
    """From 1, among all."""
    key: str
    """What book.toml calls it."""
    title: str
    """The title that it is given, or has."""
    level: int
    words: int
    characters: int
    is_read: bool


@dataclass(frozen=True, slots=True)
class Omission:
    """What one step leaves out."""

    change: Change
    is_large: bool
    """Whether it may be too much."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A book with all its chapters, also those that book.toml leaves out."""

    job: Job
    document: Document

    def of(self, job: Job) -> Overview:
        """Return the same book for another job that reads the source in the same way."""
        document = replace(self.document, chapters=self._narrated(job))
        return Overview(with_marked_voices(job, marked_voices(document)), document)

    def _narrated(self, job: Job) -> tuple[Chapter, ...]:
        """Return all chapters; those that are read are numbered without those that are not."""
        titles = dict(job.titles)
        keyed = list(zip(chapter_keys(self.document.chapters), self.document.chapters, strict=True))
        is_read = [key not in job.left_out for key, _ in keyed]
        named = [replace(chapter, title=titles.get(key, chapter.title)) for key, chapter in keyed]
        narrated = iter(
            assign_narrators([*compress(named, is_read)], job.narrators, job.voice.name)
        )
        return tuple(
            replace(chapter, narrator=next(narrated).narrator if counts else "")
            for (_, chapter), counts in zip(keyed, is_read, strict=True)
        )

    def chapters(self) -> list[ChapterEntry]:
        """Return all chapters."""
        titles = dict(self.job.titles)
        keys = chapter_keys(self.document.chapters)
        entries = []
        for number, (key, chapter) in enumerate(zip(keys, self.document.chapters, strict=True), 1):
            texts = [paragraph.text for paragraph in chapter.paragraphs]
            entries.append(
                ChapterEntry(
                    number=number,
                    key=key,
                    title=titles.get(key, chapter.title),
                    level=chapter.level,
                    words=sum(map(count_words, texts)),
                    characters=sum(map(len, texts)),
                    is_read=key not in self.job.left_out,
                )
            )
        return entries

    def omissions(self) -> list[Omission]:
        """Return what each step leaves out, the steps that may leave out too much first."""
        changes = self.document.changes
        large = {entry.position for entry in find_large_omissions(changes, self.document.words)}
        listed = [
            Omission(change, position in large)
            for position, change in enumerate(changes)
            if change.left_out
        ]
        return sorted(listed, key=lambda omission: not omission.is_large)

    def kept(self) -> tuple[str, ...]:
        """Return the beginnings of the texts that are read because the user wants to keep them."""
        return self.job.kept_texts

    def sentences(self, number: int) -> Iterator[tuple[Kind, list[SpokenSentence]]]:
        """Yield the paragraphs of a chapter: what each is, and its sentences as they are read."""
        chapter = self.document.chapters[number - 1]
        lexicon = Lexicon(self.job.lexicon)
        for paragraph in chapter.paragraphs:
            alone = replace(chapter, paragraphs=(paragraph,))
            sentences = [
                SpokenSentence(number, text, readings)
                for text, readings in readings_of_sentences(alone, self.job.cast, lexicon)
            ]
            if sentences:
                yield paragraph.kind, sentences

    def doubts(self) -> list[Doubt]:
        """Return the words of the chapters to be read whose reading is a guess."""
        return list_doubts(self._read_sentences())

    def _read_sentences(self) -> Iterator[SpokenSentence]:
        lexicon = Lexicon(self.job.lexicon)
        for entry in self.chapters():
            if entry.is_read:
                chapter = self.document.chapters[entry.number - 1]
                for text, readings in readings_of_sentences(chapter, self.job.cast, lexicon):
                    yield SpokenSentence(entry.number, text, readings)


def open_overview(read: Document, job: Job) -> Overview:
    """Return a book as it would be read, with the chapters that book.toml leaves out.

    Args:
        read: its source, as `audiobook.app.preparing.read_document` returned it.
        job: how it is read.

    Raises:
        UsageError: a chapter is given a picture that the book does not have.
    """
    return Overview(job, complete(read, replace(job, left_out=(), titles=(), narrators=()))).of(job)
