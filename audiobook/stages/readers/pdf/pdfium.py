"""PDFium, in a process of its own with bounds on its memory and time."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.ocr import RESOLUTION
from audiobook.stages.readers.pdf.words import Word, words_of
from audiobook.system import apart
from audiobook.system.pdfium.pages import SIZE, serve, serve_pictures
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PIL.Image import Image

    from audiobook.system.pdfium.words import Written

_DRAWN_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPage:
    """What PDFium sees on a page."""

    number: int
    """From 0."""
    directions: list[list[Word]]
    """The words, apart by the direction in which their lines run; most run as the first."""
    slanted: Sequence[str] = ()
    """Words at a slant: watermarks."""
    outside: Sequence[str] = ()
    """Words that lie outside the page."""
    rules: Sequence[tuple[float, float, float]] = ()
    """Short horizontal lines: left, right and height over the lower edge of the page."""
    is_picture: bool = False
    """It shows pictures and no word, or too few for a page with so large a picture."""
    unknown: tuple[int, int] = (0, 0)
    """How many of how many letters have no meaning."""
    reread: Sequence[tuple[str, str]] = ()
    """Words in old Vietnamese fonts, as they stood and as they are read."""
    is_damaged: bool = False
    """PDFium cannot read it."""

    @property
    def has_words(self) -> bool:
        """Whether there is something to read."""
        return any(self.directions)


def read_pages(data: bytes, name: str) -> tuple[dict[str, Any], list[PdfPage]]:
    """Return the file's properties and its pages, from another process."""
    head, *pages = map(json.loads, _ask_apart(serve, data, name).splitlines())
    for reply in (head, *pages[-1:]):
        if "error" in reply:
            raise apart.refusal_error(reply, name)
    return head, [_page_of_reply(number, **page) for number, page in enumerate(pages)]


def draw_pages(data: bytes, name: str, pages: Sequence[int]) -> Iterator[tuple[int, Image]]:
    """Yield pages as pictures of shades of grey, drawn in another process, a few at a time.

    Args:
        data: the file.
        name: what messages call it.
        pages: numbers from 0.
    """
    from PIL import Image

    for start in range(0, len(pages), _DRAWN_AT_ONCE):
        numbers = tuple(pages[start : start + _DRAWN_AT_ONCE])
        drawn = memoryview(_ask_apart(serve_pictures, data, name, (RESOLUTION, *numbers)))
        for number in numbers:
            width, height = SIZE.unpack(drawn[: SIZE.size])
            end = SIZE.size + width * height
            yield number, Image.frombytes("L", (width, height), bytes(drawn[SIZE.size : end]))
            drawn = drawn[end:]


def _ask_apart(
    function: Callable[..., None], data: bytes, name: str, arguments: tuple[int, ...] = ()
) -> bytes:
    if importlib.util.find_spec("pypdfium2") is None:
        raise SourceError(
            message("{name} is a PDF file and pypdfium2 is not installed", name=name),
            install_hint("pypdfium2"),
        )
    return apart.ask(
        function,
        data,
        arguments,
        name=name,
        program="PDFium",
        remedy=message("print it to a new PDF file from a viewer, or save its text"),
    )


def _page_of_reply(
    number: int, directions: Sequence[Written], fonts: Sequence[str] = (), **properties: Any
) -> PdfPage:
    answers = [words_of(written, fonts) for written in directions]
    reread = [pair for _, pairs in answers for pair in pairs]
    return PdfPage(
        number=number, directions=[words for words, _ in answers], reread=reread, **properties
    )
