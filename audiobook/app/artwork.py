"""Makes the pictures that go into a book: its cover, a small one for many files, its chapters'."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from audiobook.outputs import cover

if TYPE_CHECKING:
    from audiobook.model import Job, Meta

# A cover takes 50 MB while it is made, and one of 3000 pixels 80 to 120 MB. When books are built
# side by side, one thread makes one picture at a time, and uses the same memory again.
_painter = ThreadPoolExecutor(1, "painter")


def begin_cover(job: Job, meta: Meta) -> Future[bytes]:
    """Begin to make the cover that goes into a book: the one given, fitted, or a drawn one.

    Args:
        job: what the user ordered.
        meta: what is known of the book.

    Returns:
        What will be the cover; a `SourceError` if the one given is not a picture.
    """
    if not job.cover:
        without: Future[bytes] = Future()
        without.set_result(b"")
        return without
    usual = cover.MOST if job.format == "epub" else cover.MOST_INSIDE
    most = job.cover_size * 1000 or usual
    if meta.cover:
        return _painter.submit(cover.fit, meta.cover, most=most)
    return _painter.submit(cover.draw, meta.title, meta.author, meta.narrator, most)


def small_cover_of(picture: bytes) -> bytes:
    """Return a cover as it goes into each of many files; empty for none."""
    return _painter.submit(cover.reduce, picture).result() if picture else b""


def chapter_picture_of(picture: bytes) -> bytes:
    """Return the picture of a chapter as it goes into a book; empty for none.

    Raises:
        SourceError: it is not a picture.
    """
    return cover.shrink(picture) if picture else b""
