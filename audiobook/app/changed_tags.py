"""Keeps what `audiobook retag` changed in a book from being set back by a later build."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from audiobook.app.ownership import read_changes
from audiobook.errors import OutputError
from audiobook.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobook.model import Document

NAMES: dict[str, Message] = {
    "title": message("title"),
    "author": message("author"),
    "narrator": message("narrator"),
    "series": message("book series"),
    "volume": message("volume"),
    "date": message("book date"),
    "language": message("language"),
    "genre": message("genre"),
    "publisher": message("publisher"),
    "description": message("description"),
    "cover": message("cover"),
    "chapters": message("chapters"),
}
"""What can be changed, for the user: fields of `Meta`, and the chapters."""
CHAPTERS, COVER = "chapters", "cover"
FIELDS = tuple(name for name in NAMES if name not in (CHAPTERS, COVER))
"""The texts among them."""
MOVED = "moved"
"""What is noted of chapters that begin elsewhere, as no build would let them."""


def lost_changes(
    changes: Mapping[str, str], texts: Mapping[str, str], titles: Sequence[str]
) -> list[str]:
    """Return the fields that were changed in a book and that building it would set back.

    Args:
        changes: what was changed, as the book notes it.
        texts: the fields that it would get, and the digest of its picture as ``cover``.
        titles: the titles that its chapters would get.
    """
    kept = {**texts, CHAPTERS: digest_of_titles(titles)}
    return [name for name, value in changes.items() if kept.get(name) != value]


def digest(data: bytes) -> str:
    """Return what stands for a picture in a note; nothing for none."""
    return hashlib.blake2b(data, digest_size=8).hexdigest() if data else ""


def digest_of_titles(titles: Sequence[str] | Iterator[str]) -> str:
    """Return what stands for the titles of chapters in a note."""
    return digest("\n".join(titles).encode("utf-8", "replace"))


def names_of(fields: Container[str]) -> list[Message]:
    """Return the names of fields for the user, in the order of `NAMES`."""
    return [name for field, name in NAMES.items() if field in fields]


def check_kept(document: Document, path: Path, without_cover: str, titles: Sequence[str]) -> None:
    """Make sure that no change that was made with `audiobook retag` gets lost.

    Args:
        document: the text of the book.
        path: the path of the book.
        without_cover: what the book gets as its cover where there is no picture.
        titles: the titles of its chapters.

    Raises:
        OutputError: one would.
    """
    meta = document.meta
    cover_digest = digest(meta.cover) or without_cover
    texts = {name: getattr(meta, name) for name in FIELDS} | {"cover": cover_digest}
    lost = lost_changes(read_changes(path), texts, titles)
    if lost:
        raise OutputError(
            message(
                "{path} was changed with audiobook retag ({fields}), and building it again would "
                "set that back",
                path=path,
                fields=names_of(lost),
            ),
            message("write it into book.toml, too, or insist with --overwrite"),
        )
