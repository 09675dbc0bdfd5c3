"""Plain text in any encoding: blocks of lines parted by empty lines or form feeds."""

from __future__ import annotations

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.vietnamese import encodings
from audiobook.vietnamese import lazy_re as re

# A block keeps the indent of its first line.
_BLOCK_END = re.compile(r"\n(?:[^\S\n\f]*+\n)++|\n?\f(?:[^\S\n\f]*+\n)*+")
# A text may hold a few control characters, and beyond these at most one in this many characters.
_CONTROLS_BY_ACCIDENT, _CONTROL_SHARE = 8, 100
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read(data: bytes, name: str) -> Document:
    """Read plain text; tidying decides whether its line ends part paragraphs.

    Raises:
        SourceError: it is not text, in no known encoding, or holds no letter or digit.
    """
    return divide_blocks(decode(data, name))


def decode(data: bytes, name: str) -> str:
    """Decode text, and make sure that it is text.

    Raises:
        SourceError: it is not text, in no known encoding, or holds no letter or digit.
    """
    text = encodings.decode(data, name).text
    controls = len(_CONTROLS.findall(text)) - _CONTROLS_BY_ACCIDENT
    if controls * _CONTROL_SHARE > len(text):
        raise SourceError(message("{name} is not text", name=name), message("give a text file"))
    if not any(character.isalnum() for character in text):
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    return text


def divide_blocks(text: str) -> Document:
    """Divide text into blocks at empty lines and form feeds, all in one chapter.

    A block keeps its line ends: tidying decides whether they part paragraphs or only wrap lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = tuple(Paragraph(block) for block in _BLOCK_END.split(text) if block.strip())
    return Document(meta=Meta(), chapters=(Chapter("", blocks),))
