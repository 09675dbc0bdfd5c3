"""Plain text: blocks, whatever line ends and encodings part them."""

from __future__ import annotations

import pytest

from audiobook.errors import SourceError
from audiobook.model import Kind
from audiobook.stages.readers import plain


def blocks(data: bytes) -> list[str]:
    (chapter,) = plain.read(data, "book.txt").chapters
    assert chapter.title == ""
    assert {paragraph.kind for paragraph in chapter.paragraphs} <= {Kind.PROSE}
    return [paragraph.text for paragraph in chapter.paragraphs]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_part_blocks(end: str) -> None:
    text = end.join(["Một", "hai.", "", " \t", "Ba.", ""])
    assert blocks(text.encode()) == ["Một\nhai.", "Ba.\n"]


def test_form_feeds_part_blocks() -> None:
    assert blocks("Trang một.\n\f\nTrang hai.\fTrang ba.".encode()) == [
        "Trang một.",
        "Trang hai.",
        "Trang ba.",
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(codec: str) -> None:
    assert blocks("Một.\n\nHai.".encode(codec)) == ["Một.", "Hai."]


def test_an_old_encoding() -> None:
    assert blocks(b"N\xad\xedc non\n\nV\xb9n d\xc6m") == ["Nước non", "Vạn dặm"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no text to read"),
        (b" \n\t\xc2\xa0 ...", "holds no text to read"),
        (b"\x01\x02\x03abc" * 50, "is not text"),
        (bytes(range(256)) * 9, "is not UTF-8 text"),
    ],
)
def test_what_holds_no_text(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        plain.read(data, "book.txt")


def test_a_long_row_of_spaces_takes_no_long_time() -> None:
    assert blocks(b"a" + b" " * 1_000_000 + b"b") == ["a" + " " * 1_000_000 + "b"]
    assert blocks(b"a" + b"\n" * 1_000_000 + b"b") == ["a", "b"]
    assert blocks(b"a" + b"\n " * 500_000 + b"b") == ["a", " b"]
    assert blocks(b"a" + b"\f" * 1_000_000 + b"b") == ["a", "b"]
