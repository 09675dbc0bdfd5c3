"""Plain text: UTF-8, blocks of lines parted by empty lines."""

from __future__ import annotations

import re

from audiobook.errors import SourceError
from audiobook.model import Chapter, Document, Meta, Paragraph

_BLOCK_END = re.compile(r"\n[^\S\n]*\n\s*")
# A text may hold a few control characters, and one in so many of its characters beyond that.
_CONTROLS_BY_ACCIDENT, _CONTROL_SHARE = 8, 100
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What a file that is not text begins with, and what to do about it.
_FORMATS = (
    (b"PK\x03\x04", "a ZIP, EPUB or DOCX file"),
    (b"%PDF-", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"ID3", "sound"),
)


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8 text, with or without a byte-order mark.

    Raises:
        SourceError: the bytes are not UTF-8, not text, or hold no letter or digit.
    """
    for magic, what in _FORMATS:
        if data.startswith(magic):
            raise SourceError(f"{name} is {what}, not plain text", "save it as text in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise SourceError(
            f"{name} is not UTF-8 text (line {line}, byte {problem.start})",
            "save it as UTF-8, for example with `iconv -f CP1258 -t UTF-8`",
        ) from problem
    controls = len(_CONTROLS.findall(text)) - _CONTROLS_BY_ACCIDENT
    if controls * _CONTROL_SHARE > len(text):
        raise SourceError(f"{name} is not text", "give a text file")
    if not any(character.isalnum() for character in text):
        raise SourceError(f"{name} holds no text to read", "give a file with words in it")
    return text


def divide_blocks(text: str) -> Document:
    """Divide text into blocks at empty lines, all in one chapter.

    A block keeps its line ends: whether they part paragraphs or only wrap lines is for tidying
    to say.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = tuple(Paragraph(block) for block in _BLOCK_END.split(text) if block.strip())
    return Document(Meta(), (Chapter("", blocks),))
