"""Files of Word 97 to 2003: converted and read as DOCX, or named with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_docx import p, word

from audiobook.errors import SourceError
from audiobook.stages import readers
from audiobook.stages.readers import doc
from audiobook.system import apart

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def cut(size: int) -> bytes:
    """Return a Word file of which the beginning is all that there is."""
    return (OLE + bytes(600) + "WordDocument".encode("utf-16-le")).ljust(size, b"\0")


def refusal(folder: Path, data: bytes) -> str:
    path = folder / "sach.doc"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        readers.read(str(path))
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_comes_of_the_conversion_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc, "find_spec", lambda _: True)
    monkeypatch.setattr(apart, "ask", lambda *_, **__: word(p("Nước lên.")))
    path = tmp_path / "sach.doc"
    path.write_bytes(cut(4096))
    document = readers.read(str(path))
    assert [paragraph.text for paragraph in document.chapters[0].paragraphs] == ["Nước lên."]


def test_damaged_files(tmp_path: Path) -> None:
    pytest.importorskip("doc2docx", reason="msdoc2docx is not installed")
    for size in (650, 4096, 20_000):
        assert "is a damaged Word file" in refusal(tmp_path, cut(size))


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc, "find_spec", lambda _: None)
    assert "pip install 'msdoc2docx" in refusal(tmp_path, cut(4096))
