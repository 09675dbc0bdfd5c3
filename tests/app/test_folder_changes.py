"""Changes in a folder: none is missed while the watch of it begins anew."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from audiobook.app import folder_changes as module
from audiobook.app.folder_changes import folder_changes
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

watchfiles = pytest.importorskip("watchfiles")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    return folder.resolve()


@contextmanager
def following(root: Path) -> Iterator[Callable[..., None]]:
    """Give a function that waits until a path is told, or a folder around it that is unread."""
    stop = threading.Event()
    changes = folder_changes(root, stop)

    def wait_for(path: Path, *, itself: bool = False) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            told = next(changes)
            is_unread = not itself and not told.unread.isdisjoint(path.parents)
            if path in told.paths or is_unread:
                return
        pytest.fail(f"{path} was not told")

    wait_for(root / "all")
    yield wait_for
    stop.set()
    list(changes)


def before_watching(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something between the listing of the folders and the watch of them."""
    real = watchfiles.watch

    def watch(*paths: Path, **options: Any) -> object:
        act()
        return real(*paths, **options)

    monkeypatch.setattr(watchfiles, "watch", watch)


def test_a_folder_that_comes_just_before_the_watch(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_watching(monkeypatch, lambda: (root / "new").mkdir(exist_ok=True))
    with following(root) as wait_for:
        wait_for(root / "new" / "x")  # all is unread, as the watch begins anew
        (root / "new" / "a.txt").write_text("Một.")
        wait_for(root / "new" / "a.txt")


def test_settings_that_change_between_two_watches(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with following(root) as wait_for:
        before_watching(monkeypatch, lambda: (root / "book.toml").touch())
        (root / "new").mkdir()
        wait_for(root / "new")
        wait_for(root / "book.toml", itself=True)


def test_new_folders_though_a_file_changes_all_the_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_DELAY", 0.5)
    is_done = threading.Event()

    def write() -> None:
        while not is_done.wait(0.02):
            (root / "log").write_text("x")

    writer = threading.Thread(target=write)
    with following(root) as wait_for:
        writer.start()
        try:
            (root / "new").mkdir()
            wait_for(root / "new")
            wait_for(root / "new" / "x")
            (root / "new" / "a.txt").write_text("Một.")
            wait_for(root / "new" / "a.txt")
        finally:
            is_done.set()
            writer.join()


def test_where_the_system_watches_all_below_a_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WATCHES_BELOW", True)
    with following(root) as wait_for:
        (root / "new" / "deep").mkdir(parents=True)
        wait_for(root / "new")
        time.sleep(0.5)
        (root / "new" / "deep" / "a.txt").write_text("Một.")
        wait_for(root / "new" / "deep" / "a.txt")


def refuse(*_paths: Path, **_options: object) -> Iterator[object]:
    raise OSError("OS file watch limit reached")
    yield


def test_a_system_that_does_not_watch(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchfiles, "watch", refuse)
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)
    with pytest.raises(SourceError, match="OS file watch limit reached"):
        list(folder_changes(root, threading.Event()))


def test_a_watch_that_fails_later_goes_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.02)
    with following(root) as wait_for:
        with monkeypatch.context() as patch:
            patch.setattr(watchfiles, "watch", refuse)
            (root / "new").mkdir()
            wait_for(root / "new")
            for _ in range(6):
                wait_for(root / "x")  # all is unread
        wait_for(root / "x")
        (root / "new" / "a.txt").write_text("Một.")
        wait_for(root / "new" / "a.txt")
