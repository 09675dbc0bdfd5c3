"""A folder that is watched: texts are built once they lie there whole."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import COMMAND

from audiobook.app import watch
from audiobook.app.book_requests import find_ready_books
from audiobook.app.watch import Retries, is_outside, settled_texts
from audiobook.errors import (
    EngineError,
    InternalError,
    OutputError,
    SourceError,
    UsageError,
    VoiceError,
    as_error,
)
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest.importorskip("watchfiles")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    (texts / "Nam Cao").mkdir(parents=True)
    return texts


@contextmanager
def watching(folder: Path) -> Iterator[list[list[str]]]:
    """Give the texts that are yielded while a folder is watched, by their paths in it."""
    texts: list[list[str]] = []
    stop = threading.Event()

    def note_texts() -> None:
        ready = settled_texts(folder, 0.5, stop)
        texts.extend([path.relative_to(folder).as_posix() for path in paths] for paths in ready)

    thread = threading.Thread(target=note_texts)
    thread.start()
    try:
        yield texts
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def yielded(folder: Path) -> Iterator[list[list[str]]]:
    with watching(folder) as texts:
        yield texts


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_file_counts_once_it_is_whole(folder: Path, yielded: list[list[str]]) -> None:
    time.sleep(0.5)
    began = time.monotonic()
    with (folder / "chậm.txt").open("w", encoding="utf-8") as file:
        for _ in range(5):
            file.write("Một câu. ")
            file.flush()
            time.sleep(0.3)
    (folder / "Nam Cao" / "b.epub").write_bytes(b"PK")
    (folder / ".ẩn.txt").write_text("Ẩn.")
    (folder / "ảnh.jpg").write_bytes(b"")
    wait_until(lambda: sum(map(len, yielded)) == 2)
    assert time.monotonic() - began >= 1.2 + 0.5
    assert sorted(chain.from_iterable(yielded)) == ["Nam Cao/b.epub", "chậm.txt"]


def test_what_stands_beside_texts_makes_them_count_anew(
    folder: Path, yielded: list[list[str]]
) -> None:
    (folder / "a.txt").write_text("Một.")
    (folder / "Nam Cao" / "b.txt").write_text("Hai.")
    wait_until(lambda: sum(map(len, yielded)) == 2)
    (folder / "book.toml").write_text('author = "Ai"\n')
    wait_until(lambda: sum(map(len, yielded)) == 3)
    assert yielded[-1] == ["a.txt"]


def test_what_changes_a_book_in_parts_makes_them_count_anew(
    folder: Path, yielded: list[list[str]]
) -> None:
    settings = folder / "Nam Cao" / "book.toml"
    settings.write_text("join = true\n")
    for part in ("ba", "hai", "một"):
        (folder / "Nam Cao" / part).mkdir()
        (folder / "Nam Cao" / part / "a.txt").write_text("Một.")
    parts = ["Nam Cao/ba/a.txt", "Nam Cao/hai/a.txt", "Nam Cao/một/a.txt"]
    wait_until(lambda: yielded == [parts])
    settings.write_text('join = true\nauthor = "Ai"\n')
    wait_until(lambda: yielded == [parts] * 2)
    (folder / "Nam Cao.toml").write_text('author = "Ai"\n')
    wait_until(lambda: yielded == [parts] * 3)
    (folder / parts[0]).unlink()
    wait_until(lambda: yielded == [*[parts] * 3, parts[1:]])
    (folder / "Nam Cao" / "hai").rename(folder.parent / "hai")
    wait_until(lambda: yielded == [*[parts] * 3, parts[1:], parts[2:]])


def test_what_is_gone_before_it_settles(folder: Path, yielded: list[list[str]]) -> None:
    time.sleep(0.5)
    (folder / "a.txt").write_text("Một.")
    (folder / "b.txt").write_text("Hai.")
    time.sleep(0.2)
    (folder / "a.txt").unlink()
    wait_until(lambda: bool(yielded))
    time.sleep(0.6)
    assert yielded == [["b.txt"]]


def test_a_folder_that_is_moved_there(
    folder: Path, yielded: list[list[str]], tmp_path: Path
) -> None:
    time.sleep(0.5)
    (tmp_path / "Vũ Trọng Phụng" / "sâu").mkdir(parents=True)
    (tmp_path / "Vũ Trọng Phụng" / "sâu" / "c.txt").write_text("Ba.")
    (tmp_path / "Vũ Trọng Phụng").rename(folder / "VTP")
    wait_until(lambda: bool(yielded))
    assert yielded == [["VTP/sâu/c.txt"]]


@pytest.mark.parametrize("target", ["..", ".", "Nam Cao", "../elsewhere"])
def test_links_that_lie_there_hide_nothing(folder: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = folder / "link"
    link.symlink_to(target)
    with watching(folder) as yielded:
        time.sleep(0.5)
        for number, place in enumerate((folder, folder / "Nam Cao")):
            (place / f"{number}.txt").write_text("Một.")
        (tmp_path / "elsewhere" / "x.txt").write_text("Hai.")
        wait_until(lambda: sum(map(len, yielded)) == 2)
        link.unlink()
        time.sleep(0.5)
        for number, place in enumerate((folder, folder / "Nam Cao"), 2):
            (place / f"{number}.txt").write_text("Một.")
        wait_until(lambda: sum(map(len, yielded)) == 4)
    assert sorted(chain.from_iterable(yielded)) == [
        "0.txt", "2.txt", "Nam Cao/1.txt", "Nam Cao/3.txt"
    ]  # fmt: skip


def test_folders_that_come_go_and_come_again(folder: Path, yielded: list[list[str]]) -> None:
    inner = folder / "Ngô Tất Tố" / "sâu"
    for number in range(2):
        time.sleep(0.5)
        inner.mkdir(parents=True)
        time.sleep(1.0)
        (inner / f"{number}.txt").write_text("Một.")
        wait_until(lambda: len(yielded) > number)  # noqa: B023 (called at once)
        shutil.rmtree(inner.parent)
    assert yielded == [["Ngô Tất Tố/sâu/0.txt"], ["Ngô Tất Tố/sâu/1.txt"]]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_folder_whose_name_is_no_text(folder: Path, yielded: list[list[str]]) -> None:
    inner = os.fsencode(folder) + b"/\xff"
    Path(os.fsdecode(inner)).mkdir()
    time.sleep(1.0)
    Path(os.fsdecode(inner + b"/a.txt")).write_text("Một.")
    wait_until(lambda: sum(map(len, yielded)) == 1)
    time.sleep(0.8)
    assert yielded == [["\udcff/a.txt"]]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_text(folder: Path, yielded: list[list[str]]) -> None:
    """The system cannot tell of it, and goes on."""
    (folder / "a.txt").write_text("Một.")
    wait_until(lambda: bool(yielded))
    with open(os.fsencode(folder) + b"/\xff.txt", "w") as file:  # noqa: PTH123
        file.write("Hai.")
    (folder / "c.txt").write_text("Ba.")
    wait_until(lambda: sum(map(len, yielded)) == 3)
    time.sleep(0.8)
    assert sorted(chain.from_iterable(yielded)) == ["a.txt", "c.txt", "\udcff.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_text_is_written_for_long(folder: Path, yielded: list[list[str]]) -> None:
    time.sleep(0.5)
    (folder / "Nam Cao" / "a.txt").write_text("Một.")
    with open(os.fsencode(folder) + b"/\xff.txt", "w") as file:  # noqa: PTH123
        for _ in range(100):
            print("Hai.", file=file, flush=True)
            time.sleep(0.02)
    wait_until(lambda: sum(map(len, yielded)) == 2)
    assert sorted(chain.from_iterable(yielded)) == ["Nam Cao/a.txt", "\udcff.txt"]


def test_a_folder_that_goes_away_and_comes_back(folder: Path, yielded: list[list[str]]) -> None:
    (folder / "a.txt").write_text("Một.")
    wait_until(lambda: bool(yielded))
    away = folder.rename(folder.with_name("away"))
    time.sleep(0.8)
    away.rename(folder)
    (folder / "b.txt").write_text("Hai.")
    wait_until(lambda: sum(map(len, yielded)) == 2)
    assert yielded == [["a.txt"], ["b.txt"]]


@pytest.mark.parametrize("is_moved", [True, False])
def test_another_folder_in_its_place(
    folder: Path, yielded: list[list[str]], *, is_moved: bool
) -> None:
    (folder / "a.txt").write_text("Một.")
    wait_until(lambda: bool(yielded))
    if is_moved:
        folder.rename(folder.with_name("away"))
    else:
        shutil.rmtree(folder)
    folder.mkdir()
    time.sleep(1.0)
    (folder / "b.txt").write_text("Hai.")
    wait_until(lambda: len(yielded) > 1)
    assert yielded == [["a.txt"], ["b.txt"]]


def test_a_folder_that_is_only_touched(folder: Path, yielded: list[list[str]]) -> None:
    (folder / "a.txt").write_text("Một.")
    wait_until(lambda: bool(yielded))
    os.utime(folder)
    time.sleep(1.0)
    (folder / "b.txt").write_text("Hai.")
    wait_until(lambda: len(yielded) > 1)
    assert yielded == [["a.txt"], ["b.txt"]]


def test_what_systems_leave_there(folder: Path, yielded: list[list[str]]) -> None:
    time.sleep(0.5)
    (folder / "__MACOSX").mkdir()
    for name in ("__MACOSX/a.txt", "~$a.docx", "._a.txt", "a.txt.part"):
        (folder / name).write_text("không phải sách")
    (folder / "b.txt").write_text("Một.")
    wait_until(lambda: bool(yielded))
    time.sleep(0.6)
    assert yielded == [["b.txt"]]


def test_one_that_comes_later_is_named_beside_the_others(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text("Một.")
    (folder / "a.epub").write_bytes(b"PK")
    (late,) = find_ready_books([folder / "a.epub"], folder, tmp_path)
    assert (late.stem, late.folder) == ("a-epub", tmp_path)
    (gone,) = find_ready_books([folder / "Nam Cao" / "gone.txt"], folder, tmp_path)
    assert (gone.stem, gone.folder) == ("gone", tmp_path / "Nam Cao")


FULL = OutputError(message("cannot write: {reason}", reason="No space left on device"))


def test_a_text_that_failed_for_a_full_disk_is_tried_again_with_growing_pauses(
    folder: Path,
) -> None:
    path, now = folder / "a.txt", [0.0]
    path.write_text("Một.")
    retries = Retries(lambda: now[0])
    assert retries.note(path, FULL)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        now[0] += minutes * 60 - 1
        assert retries.take_due() == []
        now[0] += 1
        assert retries.take_due() == [path]
        assert retries.take_due() == []  # while it is built
        assert not retries.note(path, FULL)  # no news
    other = OutputError(message("cannot write: {reason}", reason="Read-only file system"))
    assert retries.note(path, other)
    retries.forget(path)  # it changed
    assert retries.note(path, other)
    now[0] += 60
    assert retries.take_due() == [path]
    assert retries.note(path, None)
    assert retries.note(path, FULL)
    path.unlink()
    now[0] += 60
    assert retries.take_due() == []


def test_which_failures_may_go_away_without_a_change_of_the_text() -> None:
    unread = SourceError(message("cannot read {path}: {reason}", path="a", reason="EIO"))
    unread.__cause__ = OSError(errno.EIO, "EIO")
    what = message("it holds no text")
    assert all(map(is_outside, (FULL, unread, EngineError(what), VoiceError(what))))
    assert is_outside(as_error(MemoryError()))
    assert not any(map(is_outside, (SourceError(what), UsageError(what), InternalError(what))))


def test_a_text_is_yielded_again_though_it_does_not_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_FIRST_PAUSE", 0.2)
    (folder / "a.txt").write_text("Một.")
    retries, stop = Retries(), threading.Event()
    tries = 0
    for ready in settled_texts(folder, 0.1, stop, retries=retries):
        assert ready == [folder / "a.txt"]
        tries += 1
        retries.note(ready[0], FULL if tries < 3 else None)
        if tries == 3:
            stop.set()
    assert tries == 3


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no folder"):
        next(settled_texts(tmp_path / "none", 1))


def test_without_watchfiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(UsageError, match=r"pip install 'watchfiles>="):
        next(settled_texts(tmp_path, 1))


def _wait_until_nothing_records(process: int) -> None:
    """Wait until a process has no others but the one that tracks what they share."""
    if sys.platform != "linux":
        return
    listed = Path(f"/proc/{process}/task/{process}/children")
    deadline = time.monotonic() + 20
    while True:
        commands = []
        for one in listed.read_text().split():
            with suppress(OSError):  # it has just ended
                commands.append(Path(f"/proc/{one}/cmdline").read_bytes())
        if all(b"resource_tracker" in command for command in commands):
            return
        assert time.monotonic() < deadline, commands
        time.sleep(0.1)


def test_the_command(folder: Path, tmp_path: Path) -> None:
    (folder / "Nam Cao" / "một.txt").write_text("Một câu.", "utf-8")
    words = ("watch", "texts", "-o", "out", "--voice", "tone", "--settle", "0.3")
    process = subprocess.Popen(
        [sys.executable, "-m", "audiobook", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert process.stdout
        first = process.stdout.readline()
        assert first.startswith("out/Nam Cao/một.mp3: 0:0")
        _wait_until_nothing_records(process.pid)
        (folder / "hỏng.txt").write_bytes(b"\xff\xfa\xff")
        time.sleep(1.5)
        (folder / "hỏng.txt").write_text("Lành.", "utf-8")
        assert process.stdout.readline().startswith("out/hỏng.mp3: 0:0")
    finally:
        os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    begun, wrong, last = stderr.splitlines()
    assert begun == "watching texts; press Ctrl-C to stop"
    assert wrong.startswith("audiobook: texts/hỏng.txt is not UTF-8 text")
    assert last.startswith("audiobook: interrupted")


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")
def test_more_folders_than_the_system_watches(folder: Path) -> None:
    for number in range(30):
        (folder / str(number)).mkdir()
    limit = 'echo 20 > /proc/sys/user/max_inotify_watches || exit 99; exec "$@"'
    words = (*COMMAND, "watch", str(folder), "--voice", "tone")
    done = subprocess.run(
        ("unshare", "--user", "--map-root-user", "sh", "-c", limit, "sh", *words),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode not in (0, 3):
        pytest.skip(f"no limit of one's own: {done.stderr}")
    assert done.returncode == 3
    assert "OS file watch limit reached" in done.stderr.splitlines()[-1]
