"""The picture of a page: a scan or a photograph, whose text is recognised."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from audiobook.errors import SourceError, UnrecognisedError
from audiobook.messages import message
from audiobook.stages.readers.ocr import OCR_REMEDY
from audiobook.stages.readers.pdf import document_of
from audiobook.stages.readers.pdf.pdfium import PdfPage
from audiobook.stages.readers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from audiobook.model import Document
    from audiobook.stages.readers.ocr import Recogniser

# Pixels: a page on 300 dots an inch has 2480 × 3508.
_LONGEST_SIDE = 6_000
# Of one page: a sheet of A1 on 400 dots an inch has 124 million.
_MOST_PIXELS = 128_000_000
# Pages of a file, as of a book scanned into one TIFF.
_MOST_PAGES = 2_000


def read(data: bytes, name: str, recogniser: Recogniser | None = None) -> Document:
    """Read the picture of a page, or of the pages of a TIFF file.

    Args:
        data: the file.
        name: what messages call it.
        recogniser: recognises the text.

    Raises:
        SourceError: there is no recogniser, it is damaged, has more pages than books or larger
            ones, or it shows no text.
    """
    if recogniser is None:
        raise UnrecognisedError(message("{name} is a picture", name=name), OCR_REMEDY)
    with _opened(data, name) as file:
        numbers = range(getattr(file, "n_frames", 1))
        if len(numbers) > _MOST_PAGES:
            raise SourceError(
                message("{name} has more than {most:,} pages", name=name, most=_MOST_PAGES),
                message("divide it"),
            )
    words = recogniser.recognise(
        name,
        hashlib.blake2b(data).hexdigest(),
        numbers,
        lambda wanted: _pictures(data, name, wanted),
    )
    pages = [
        PdfPage(number=number, directions=[[Word(*word, glued=False) for word in words[number]]])
        for number in numbers
    ]
    return document_of(name, pages)


def _pictures(data: bytes, name: str, numbers: Sequence[int]) -> Iterator[tuple[int, Image]]:
    """Yield pages of a file ready to recognise, each when it is asked for.

    Raises:
        SourceError: one of them is damaged, or larger than pages are.
    """
    with _opened(data, name) as file:
        for number in numbers:
            file.seek(number)
            if file.width * file.height > _MOST_PIXELS:
                raise _unusable_error(name)
            yield number, _ready_to_recognise(file)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image]:
    """Open a file of pictures.

    Raises:
        SourceError: it is damaged, or larger than pages are.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as file:
            yield file
    except (EOFError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise _unusable_error(name) from problem


def _unusable_error(name: str) -> SourceError:
    return SourceError(
        message("{name} is a picture that is damaged or too large", name=name),
        message("scan it again"),
    )


def _ready_to_recognise(picture: Image) -> Image:
    """Return a picture upright, in shades of grey, no larger than recognising it needs."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture).convert("L")
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return upright
