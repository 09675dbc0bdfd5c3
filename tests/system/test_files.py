from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audiobook.errors import OutputError
from audiobook.system import files
from audiobook.system.files import safe_name

WRITER = """
import sys
from pathlib import Path
from audiobook.system import files
with files.whole(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def writer(path: Path) -> subprocess.Popen[str]:
    """Return a process that stands in the middle of writing a file."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=pipe, stdout=pipe, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "half\n"
    return process


def test_what_a_killed_process_left_goes_with_the_next_file(tmp_path: Path) -> None:
    killed, at_work = writer(tmp_path / "a.mp3"), writer(tmp_path / "b.mp3")
    killed.kill()
    killed.communicate()
    elsewhere = [tmp_path / f".00000000-7-{number}.part" for number in (1, 2)]
    for left in elsewhere:
        left.write_bytes(b"of another machine")
    os.utime(elsewhere[0], (0, 0))
    foreign = tmp_path / ".video.part"
    foreign.write_bytes(b"of another program")

    files.put(tmp_path / "c.mp3", b"whole")
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) == 4
    assert {"c.mp3", foreign.name, elsewhere[1].name} < names
    at_work.communicate("go on")
    assert (tmp_path / "b.mp3").read_bytes() == b"half"
    assert len(list(tmp_path.iterdir())) == 4
    assert not (tmp_path / "a.mp3").exists()


def test_what_fails_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), files.whole(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    with pytest.raises(OutputError, match="No space left"), files.whole(path) as file:
        raise OSError(28, "No space left on device")
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [
        ("a.mp3", b"before")
    ]


def test_a_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    files.put(folder / "b", b"1")
    (folder / "b").unlink()
    folder.rmdir()
    files.put(folder / "b", b"2")
    assert (folder / "b").read_bytes() == b"2"


def test_names_may_be_as_long_as_they_can_be(tmp_path: Path) -> None:
    name = safe_name("ộ" * 300, ".mp3")
    with files.whole(tmp_path / name) as file:
        file.write(b"1")
    files.put(tmp_path / name, b"2")
    files.link(tmp_path / name, tmp_path / name)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"2"]


def test_a_link_where_there_can_be_none_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"sound")
    files.link(tmp_path / "b", tmp_path / "a")
    assert (tmp_path / "b").samefile(tmp_path / "a")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)  # as FAT and some network disks do
    files.link(tmp_path / "c", tmp_path / "a")
    assert (tmp_path / "c").read_bytes() == b"sound"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_is_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        files.put(tmp_path / "a", b"1")
        with files.whole(tmp_path / "b") as file:
            file.write(b"1")
    finally:
        os.umask(umask)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o640}


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


@pytest.mark.parametrize("size", [0, 1 << 16, (1 << 16) + 1, 1 << 18])
def test_texts_of_any_size_are_read_whole_up_to_the_most_that_is_wanted(
    tmp_path: Path, size: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * size)
    assert files.read_text(path) == files.read_text(path, most=size) == "a" * size
    if size:
        with pytest.raises(ValueError, match="larger than"):
            files.read_text(path, most=size - 1)


def test_a_path_that_is_too_long_leads_nowhere(tmp_path: Path) -> None:
    assert not files.leads_out(tmp_path.joinpath(*("x" * 200 for _ in range(30))), tmp_path)
