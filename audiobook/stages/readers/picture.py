"""The picture of a page: a scan or a photograph, whose text is recognised."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

from audiobook.errors import SourceError, UnrecognisedError
from audiobook.messages import message
from audiobook.stages.readers.ocr import OCR_REMEDY
from audiobook.stages.readers.pdf import document_of
from audiobook.stages.readers.pdf.pdfium import PdfPage
from audiobook.stages.readers.pdf.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from audiobook.model import Document
    from audiobook.stages.readers.ocr import Recogniser

# Pixels: a page on 300 dots an inch has 2480 × 3508.
_LONGEST_SIDE = 6_000


def read(data: bytes, name: str, recogniser: Recogniser | None = None) -> Document:
    """Read the picture of a page, or of the pages of a TIFF file.

    Args:
        data: the file.
        name: what messages call it.
        recogniser: recognises the text.

    Raises:
        SourceError: there is no recogniser, it is damaged, or it shows no text.
    """
    if recogniser is None:
        raise UnrecognisedError(message("{name} is a picture", name=name), OCR_REMEDY)
    pictures = _pictures(data, name)
    words = recogniser.recognise(
        name,
        hashlib.blake2b(data).hexdigest(),
        range(len(pictures)),
        lambda numbers: ((number, pictures[number]) for number in numbers),
    )
    pages = [
        PdfPage(number=number, directions=[[Word(*word, glued=False) for word in words[number]]])
        for number in range(len(pictures))
    ]
    return document_of(name, pages)


def _pictures(data: bytes, name: str) -> Sequence[Image]:
    from PIL import Image, ImageSequence

    try:
        with Image.open(BytesIO(data)) as file:
            return [*map(_ready_to_recognise, ImageSequence.Iterator(file))]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise SourceError(
            message("{name} is a picture that is damaged or too large", name=name),
            message("scan it again"),
        ) from problem


def _ready_to_recognise(picture: Image) -> Image:
    """Return a picture upright, in shades of grey, no larger than recognising it needs."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture).convert("L")
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return upright
