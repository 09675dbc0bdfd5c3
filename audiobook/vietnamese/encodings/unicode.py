"""Unicode: UTF-16 without a mark, and UTF-8 that was read as Windows-1252."""

from __future__ import annotations

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.encodings.judging import (
    PIECE,
    PIECES,
    REMEDY,
)
from audiobook.vietnamese.encodings.legacy import FROM_WINDOWS, WINDOWS

_UTF_8_RUN = re.compile(f"[\x80-\xff{re.escape(''.join(WINDOWS.values()))}]+")


def decode_strictly(data: bytes, codec: str, name: str, encoding: str) -> str:
    """Return the text of bytes whose encoding is known.

    Args:
        data: the bytes.
        codec: the name of the encoding for Python.
        name: what to call the source in messages.
        encoding: what to call the encoding there.

    Raises:
        SourceError: they are not in that encoding.
    """
    try:
        return data.decode(codec)
    except UnicodeDecodeError as problem:
        raise SourceError(
            message(
                "{name} begins as {encoding} but is broken at byte {position}",
                name=name,
                encoding=encoding,
                position=problem.start,
            ),
            REMEDY,
        ) from problem


def detect_utf_16(data: bytes) -> str:
    """Return the codec of UTF-16 without a byte-order mark, or nothing."""
    head = data[: PIECES * PIECE // 2 * 2]
    if b"\0" not in head:
        return ""
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        # Latin, its extensions, the Vietnamese block and general punctuation.
        usual_count = sum(map(high.count, (0x00, 0x01, 0x03, 0x1E, 0x20)))
        low = head[0::2] if codec == "utf-16-le" else head[1::2]
        if usual_count >= 0.9 * len(high) and low.count(0) <= 0.1 * len(low):
            return codec
    return ""


def reread_utf_8(text: str) -> str:
    """Return text with UTF-8 restored that was read as Windows-1252, once or twice."""
    for _ in range(2):
        reread = _UTF_8_RUN.sub(_reread_run, text)
        if reread == text:
            break
        text = reread
    return text


def _reread_run(run: re.Match[str]) -> str:
    try:
        return run[0].translate(FROM_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return run[0]
