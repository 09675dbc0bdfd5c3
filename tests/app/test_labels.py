"""What a shelf knows of finished books without reading them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tones import TITLES, book_of

from audiobook.app import finished
from audiobook.app.finished import NO_LABEL, BookLabel, LabelReader
from audiobook.model import Meta

if TYPE_CHECKING:
    from pathlib import Path

META = Meta(title="Tắt đèn", author="Ngô Tất Tố", narrator="Hà Nội")


@pytest.mark.parametrize("form", ["mp3", "m4b", "opus"])
def test_who_wrote_it_and_who_reads_it(form: str, tmp_path: Path) -> None:
    book = book_of(form, tmp_path, TITLES, [0.8] * 3, META)
    label = LabelReader().read(book.path)
    assert (label.title, label.author, label.narrator) == (META.title, META.author, META.narrator)
    assert label.seconds == pytest.approx(book.seconds, abs=0.06)


def test_another_run_reads_only_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").mkdir()
    first = book_of("mp3", tmp_path, TITLES, [0.8] * 3, META).path
    other = book_of("mp3", tmp_path / "b", TITLES, [0.8] * 3, META).path
    reader = LabelReader(tmp_path / "labels")
    labels = [reader.read(first), reader.read(other)]
    reader.keep()
    other.write_bytes(other.read_bytes() + b"\0")
    read: list[Path] = []

    def note(path: Path) -> BookLabel:
        read.append(path)
        return labels[1]

    monkeypatch.setattr(finished, "_read_sound", note)
    again = LabelReader(tmp_path / "labels")
    assert [again.read(first), again.read(other)] == labels
    assert read == [other]
    other.unlink()
    again.keep()
    assert str(other) not in (tmp_path / "labels").read_text("utf-8")


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a": 1}', b'{"a": [[1, 2], {"x": 1}]}', b"\xff"])
def test_a_damaged_file_is_as_none(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "labels").write_bytes(damage)
    reader = LabelReader(tmp_path / "labels")
    assert reader.read(tmp_path / "no.mp3") == NO_LABEL
    reader.keep()
