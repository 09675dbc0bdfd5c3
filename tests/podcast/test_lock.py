"""Two machines never publish to one place at the same time, and none waits for one that is gone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from reaching import fixture_of_address, fixture_of_reach  # noqa: F401
from stubs import make_book
from webdav4 import client

from audiobook.errors import OutputError
from audiobook.model import Meta
from audiobook.podcast import lint, manifest, publish, site, state
from audiobook.podcast.targets import TargetLock, lock, open_target
from audiobook.podcast.targets.folder import FolderTarget
from audiobook.system.machine import machine_id

if TYPE_CHECKING:
    from reaching import Reach
    from servers import Line

in_every_place_with_locks = pytest.mark.parametrize(
    "address", ["folder", "s3", "sftp", "webdav"], indirect=True
)


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_LOOK", 0.02)
    monkeypatch.setattr(lock, "BEAT", 0.05)


def holder(machine: str = "elsewhere", process: int = 1, beats: int = 0) -> bytes:
    """The lock of somebody else."""
    fields = {"id": "theirs", "machine": machine, "machine_id": machine, "process": process}
    return json.dumps({**fields, "beats": beats}).encode()


def quiet(_note: str) -> None:
    """Take what is told."""


@in_every_place_with_locks
def test_one_after_the_other(reach: Reach, address: tuple[str, Line | None]) -> None:
    """While one holds the lock the other waits, in every kind of place."""
    events: list[str] = []
    first, second = reach(address[0]), reach(address[0])

    def wait() -> None:
        with TargetLock(second, events.append):
            events.append("second")

    with TargetLock(first, quiet) as held:
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not events:
            time.sleep(0.01)
        time.sleep(0.3)
        held.check()
        events.append("first")
    waiting.join()
    assert events[1:] == ["first", "second"]
    assert events[0].startswith("waiting for ")
    assert "for 3 minutes" in events[0]
    assert first.read(lock.NAME) is None


@in_every_place_with_locks
def test_who_shows_no_sign_of_life_is_not_waited_for(
    reach: Reach, address: tuple[str, Line | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "STALE", 0.3)
    target, notes = reach(address[0]), list[str]()
    target.put_data(lock.NAME, holder())
    with TargetLock(target, notes.append) as held:
        held.check()
    assert notes[-1] == "breaking the lock that elsewhere left at the target"
    assert target.read(lock.NAME) is None


def test_who_shows_signs_of_life_is_waited_for(
    reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "STALE", 0.5)
    target, notes = reach(str(tmp_path)), list[str]()
    target.put_data(lock.NAME, holder())

    def live() -> None:
        for beat in range(15):
            time.sleep(0.1)
            target.put_data(lock.NAME, holder(beats=beat))
        target.remove(lock.NAME)

    living = threading.Thread(target=live)
    living.start()
    with TargetLock(target, notes.append):
        assert not living.is_alive() or target.read(lock.NAME) != holder()
    living.join()
    assert len(notes) == 1
    assert notes[0].startswith("waiting for elsewhere, which publishes to ")


@pytest.mark.parametrize("data", [b"", b"[]", b"\0" * 200])
def test_a_lock_that_says_nothing_is_broken_in_the_end(
    reach: Reach, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "STALE", 0.1)
    (tmp_path / lock.NAME).write_bytes(data)
    notes = list[str]()
    with TargetLock(reach(str(tmp_path)), notes.append):
        assert notes[0].startswith("waiting for another machine, ")


def test_a_process_of_this_machine_that_was_killed(reach: Reach, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    target, notes = reach(str(tmp_path)), list[str]()
    target.put_data(lock.NAME, holder(machine_id(), killed.pid))
    with TargetLock(target, notes.append):
        (note,) = notes
    assert note.startswith("breaking the lock")


def test_whose_lock_was_broken_learns_it(reach: Reach, tmp_path: Path) -> None:
    target = reach(str(tmp_path))
    with TargetLock(target, quiet) as held:
        target.put_data(lock.NAME, holder())
        with pytest.raises(OutputError, match="another machine publishes"):
            held.check()
    assert target.read(lock.NAME) == holder()  # that of somebody else stays


def test_a_place_that_cannot_lock_is_named(tmp_path: Path) -> None:
    """As a server that ignores conditions does."""

    class Careless(FolderTarget):
        def create(self, connection: Any, data: bytes, name: str) -> None:  # noqa: ARG002
            Path(name).write_bytes(data)

    notes = list[str]()
    with Careless(str(tmp_path)) as target, TargetLock(target, notes.append) as held:
        held.check()
        assert target.read(lock.NAME) is None
    (note,) = notes
    assert "let only one machine publish there at a time" in note


def test_two_libraries_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are published, the one after the other, and the manifest describes the files."""
    url, www, notes = "https://example.org/a", tmp_path / "www", list[str]()
    folders = [tmp_path / name for name in ("here", "there")]
    for position, folder in enumerate(folders):
        folder.mkdir()
        (folder / "library.toml").write_text(f'email = "an@example.org"\ntitle = "{folder.name}"\n')
        for number in range(3):
            meta = Meta(title=f"Sách {number}", author="An")
            make_book(folder / f"{number}.mp3", meta, ("A", "B"))
        site.write(folder, url=url, now=time.time() - 1000 * (2 - position))
    monkeypatch.setattr(os, "fsync", lambda _file: time.sleep(0.002))  # a slow disk

    def publish_from(folder: Path) -> None:
        with open_target(str(www)) as target:
            publish.publish(folder, target, publish.Options(), notes.append)

    publishing = [threading.Thread(target=publish_from, args=(folder,)) for folder in folders]
    for thread in publishing:
        thread.start()
    for thread in publishing:
        thread.join()
    assert any(note.startswith("waiting for ") for note in notes)
    assert any("GUIDs and dates of 3 books are those published" in note for note in notes)
    files = manifest.parse((www / manifest.NAME).read_bytes())
    for file in files:
        assert (
            manifest.SiteFile(
                file.path, *_size_and_digest(www / file.path), immutable=file.immutable
            )
            == file
        )
    assert not [finding for finding in lint.check(www) if finding.is_error]


def _size_and_digest(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()


def test_who_is_overtaken_takes_over_the_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine publishes between the look at what is published and the plan."""
    www, here, there = (tmp_path / name for name in ("www", "here", "there"))
    for position, folder in enumerate((here, there)):
        folder.mkdir()
        (folder / "library.toml").write_text('email = "an@example.org"\n')
        make_book(folder / "a.mp3", Meta(title="A", author="An"), ("1", "2"))
        site.write(folder, url="https://example.org", now=time.time() - 1000 * (2 - position))
    renew = publish._renew

    def overtake(*arguments: Any) -> None:
        renew(*arguments)
        monkeypatch.setattr(publish, "_renew", renew)
        publish_from(there)

    def publish_from(folder: Path) -> None:
        with open_target(str(www)) as target:
            publish.publish(folder, target, publish.Options(), quiet)

    monkeypatch.setattr(publish, "_renew", overtake)
    publish_from(here)
    assert state.read(here / "site").dates == state.read(there / "site").dates
    assert state.read(www).dates == state.read(there / "site").dates


def test_a_server_that_shows_a_lock_now_and_then_is_not_asked_all_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    class Moody(FolderTarget):
        def create_data(self, path: str, data: bytes) -> bool:
            events.append("create")
            return events.count("create") > 3 and super().create_data(path, data)

        def read(self, path: str) -> bytes | None:
            events.append("read")
            if events.count("create") > 3:
                return super().read(path)
            return holder() if events[-2] == "create" else None

    sleep = time.sleep

    def note(seconds: float) -> None:
        if seconds:
            events.append("sleep")
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", note)
    with Moody(str(tmp_path)) as target, TargetLock(target, quiet):
        pass
    assert events[:8] == ["create", "read", "read", "sleep"] * 2


@pytest.mark.parametrize("address", ["webdav"], indirect=True)
def test_a_server_that_fails_where_two_meet_is_asked_again(
    reach: Reach, address: tuple[str, Line | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As wsgidav does if the other lock comes between its question and its act, and goes."""
    move, calls = client.Client.move, []

    def fail_once(self: client.Client, *args: str, **options: bool) -> None:
        calls.append(args)
        if len(calls) == 1:
            raise client.HTTPError(httpx.Response(500, request=httpx.Request("MOVE", "/")))
        move(self, *args, **options)

    monkeypatch.setattr(client.Client, "move", fail_once)
    with TargetLock(reach(address[0]), quiet) as held:
        held.check()
    assert calls[0] == calls[1]
