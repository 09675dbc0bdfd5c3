"""Many documents become one: the chapters of a book that lie in files of their own."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from audiobook.model import Chapter, Document, Kind, Meta

if TYPE_CHECKING:
    from collections.abc import Sequence

# A heading stands among the first lines of its chapter, after the names of the author and the book.
_TITLE_WITHIN = 3


def join_documents(documents: Sequence[tuple[str, Document]]) -> Document:
    """Return one document with the chapters of several, in their order.

    A document of one chapter without a title is a chapter of the book: it gets its first heading
    for a title, else the name of its file. What a document states about the book, such as its
    author, counts for the whole where no other document states something else.

    Args:
        documents: the path of each file, and what was read from it.
    """
    if len(documents) == 1:
        return documents[0][1]
    return Document(
        meta=common_meta([document.meta for _, document in documents]),
        chapters=tuple(
            chapter for path, document in documents for chapter in _with_title(document, path)
        ),
        changes=tuple(change for _, document in documents for change in document.changes),
    )


def _with_title(document: Document, path: str) -> Sequence[Chapter]:
    chapters = document.chapters
    if len(chapters) != 1 or chapters[0].title:
        return chapters
    beginning = chapters[0].paragraphs[:_TITLE_WITHIN]
    headings = (paragraph.text for paragraph in beginning if paragraph.kind is Kind.HEADING)
    name = " ".join(re.split(r"[\s_-]+", PurePosixPath(path).stem)).strip()
    return (replace(chapters[0], title=next(headings, name)),)


def common_meta(metas: Sequence[Meta]) -> Meta:
    """Return the metadata in which all agree that state it; a title only if all state it."""
    shared: dict[str, Any] = {}
    for field in fields(Meta):
        values = [getattr(meta, field.name) for meta in metas]
        stated = {value for value in values if value}
        if field.name == "cover":
            shared[field.name] = next(filter(None, values), b"")
        elif len(stated) == 1 and (field.name != "title" or all(values)):
            shared[field.name] = stated.pop()
    return Meta(**shared)
