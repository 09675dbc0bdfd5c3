from __future__ import annotations

import pytest

from audiobook.files import safe_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("01 - Chương 1", "01 - Chương 1.mp3"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.mp3"),
        ("../../etc/passwd", "etc-passwd.mp3"),
        ("...", "untitled.mp3"),
        ("", "untitled.mp3"),
        ("-rf .", "rf.mp3"),
        ("CON", "_CON.mp3"),
        ("com1.txt", "_com1.txt.mp3"),
        ("lpt² ", "_lpt².mp3"),
        ("Connie", "Connie.mp3"),
        ("Hết. . .", "Hết.mp3"),
        ("một\nhai\x00ba\x7f", "một hai ba.mp3"),
        ("a\u202egpj\u200b", "a gpj.mp3"),
        ("\udcff x", "x.mp3"),
        ("Hồi 1", "Hồi 1.mp3"),
        ("Hồi", "Hồi.mp3"),
    ],
)
def test_names_that_every_file_system_takes(title: str, name: str) -> None:
    assert safe_name(title, ".mp3") == name


@pytest.mark.parametrize("title", ["ộ" * 300, "😀" * 99, "con." + "x" * 300, "a" * 250 + ". " * 9])
def test_names_are_not_too_long(title: str) -> None:
    name = safe_name(title, ".opus")
    assert 230 < len(name.encode()) <= 255
    assert name.endswith(".opus")
    assert not name.removesuffix(".opus").endswith((" ", "."))
