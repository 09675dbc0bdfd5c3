"""DOC: files of Word 97 to 2003, which `msdoc2docx` converts and the reader of DOCX reads."""

from __future__ import annotations

import json
import struct
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import Message, message
from audiobook.messages.plain import to_plain
from audiobook.stages.readers import docx
from audiobook.system import apart
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from audiobook.model import Document

_OFFICE = message("convert it, for example with LibreOffice: soffice --convert-to docx FILE")
# What the library raises beside its own errors at a file that is not as it expects.
_DAMAGE = (
    ArithmeticError,
    LookupError,
    OSError,
    RecursionError,
    struct.error,
    TypeError,
    ValueError,
)
# The first bytes of a Word file of version 8 (Word 97) or later.
_WORD_97 = "0xA5EC"


def read(data: bytes, name: str) -> Document:
    """Read a Word file as the DOCX file that it is converted to.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it has a password, is damaged or older than Word 97, holds nothing to read,
            or the package that converts it is missing.
    """
    if find_spec("doc2docx") is None:
        raise SourceError(
            message("{name} is an old Word file, which needs msdoc2docx", name=name),
            install_hint("msdoc2docx"),
        )
    answer = apart.ask(serve, data, name=name, program="msdoc2docx", remedy=_OFFICE)
    if answer.startswith(b"PK"):
        return docx.read(answer, name)
    raise apart.refusal_error(json.loads(answer), name)


def serve() -> None:
    """Read a Word file from standard input and write it as DOCX, or as JSON what is wrong."""
    sys.stdout.buffer.write(_convert(sys.stdin.buffer.read()))


def _convert(data: bytes) -> bytes:
    from doc2docx import convert
    from doc2docx.errors import Doc2DocxError, EncryptedDocumentError

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a.doc"), Path(folder, "a.docx")
        source.write_bytes(data)
        try:
            convert(source, target)
        except EncryptedDocumentError:
            return _refusal(
                message("{name} is protected by a password", name=""),
                message("save it without one"),
            )
        except (Doc2DocxError, *_DAMAGE) as problem:
            if _WORD_97 in str(problem):
                return _refusal(message("{name} is a file of Word 95 or older", name=""), _OFFICE)
            return _refusal(message("{name} is a damaged Word file", name=""), _OFFICE)
        return target.read_bytes()


def _refusal(error: Message, remedy: Message) -> bytes:
    return json.dumps({"error": to_plain(error), "remedy": to_plain(remedy)}).encode()
