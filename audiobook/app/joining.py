"""Joins several sources into one Document: the parts of a book that lie in separate files."""

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


def join_documents(
    documents: Sequence[Document],
    names: Sequence[str],
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    kept_texts: Collection[str] = (),
) -> Document:
    """Return one document: tidied as a whole, while each part is divided by itself.

    Only all parts together show what is repeated from file to file, such as the author and the
    title above each chapter. The metadata of the book are those that all parts agree on.

    Args:
        documents: the parts as they were read, in order.
        names: the file of each part, which names a chapter that has no heading.
        keep: the steps of tidying and dividing to skip.
        drop: the steps to do that are not done by default.
        kept_texts: beginnings of paragraphs and chapters that no step leaves out.
    """
    all_chapters = tuple(chapter for document in documents for chapter in document.chapters)
    read_changes = [change for document in documents for change in document.changes]
    joined = Document(
        meta=common_meta([document.meta for document in documents]), chapters=all_chapters
    )
    tidied = tidy(joined, keep, drop, kept_texts)
    first = 0
    chapters: list[Chapter] = []
    divide_changes: list[Change] = []
    for document, name in zip(documents, names, strict=True):
        last = first + len(document.chapters)
        part = Document(meta=document.meta, chapters=tidied.chapters[first:last])
        divided = divide(part, keep, drop, kept_texts)
        chapters += _with_titles(
            divided.chapters, divided.meta.title or clean_line(Path(name).stem)
        )
        divide_changes += divided.changes
        first = last
    merged = changes.merge((*read_changes, *tidied.changes, *divide_changes))
    return Document(meta=tidied.meta, chapters=tuple(chapters), changes=merged)


def _with_titles(chapters: Iterable[Chapter], title: str) -> Iterable[Chapter]:
    for chapter in chapters:
        yield chapter if chapter.title else replace(chapter, title=title)
