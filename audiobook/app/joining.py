"""Several sources to one Document: the parts of a book that lie in files of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Document, changes
from audiobook.stages.chapters import divide
from audiobook.stages.readers.joining import common_meta
from audiobook.stages.tidy import tidy
from audiobook.vietnamese import clean_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from audiobook.model import Change


def join(
    documents: Sequence[Document],
    names: Sequence[str],
    keep: Collection[str] = (),
    drop: Collection[str] = (),
) -> Document:
    """Tidy documents as the one book that they are, and divide each by itself.

    What is repeated from file to file (the author and the title above each chapter) is known by
    seeing all of them. Of what is known about the book counts what all agree on.

    Args:
        documents: as they were read, in order.
        names: what to call the chapter of a document that has no heading: its file.
        keep: steps of tidying and dividing not to do.
        drop: steps to do that are not done unasked.
    """
    all_chapters = tuple(chapter for document in documents for chapter in document.chapters)
    reading = [change for document in documents for change in document.changes]
    whole = Document(common_meta([document.meta for document in documents]), all_chapters)
    tidied = tidy(whole, keep, drop)
    first = 0
    chapters: list[Chapter] = []
    dividing: list[Change] = []
    for document, name in zip(documents, names, strict=True):
        last = first + len(document.chapters)
        part = Document(document.meta, tidied.chapters[first:last])
        divided = divide(part, keep, drop)
        chapters += _named(divided.chapters, divided.meta.title or clean_line(Path(name).stem))
        dividing += divided.changes
        first = last
    told = changes.merge((*reading, *tidied.changes, *dividing))
    return Document(tidied.meta, tuple(chapters), told)


def _named(chapters: Iterable[Chapter], title: str) -> Iterable[Chapter]:
    for chapter in chapters:
        yield chapter if chapter.title else replace(chapter, title=title)
