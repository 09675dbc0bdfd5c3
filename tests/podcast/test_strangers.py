"""A library from a stranger: by its links and notes nothing elsewhere is read, written or run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from command import run
from servers import GIT
from stubs import make_book

from audiobook.app import home
from audiobook.errors import AudiobookError, OutputError, SourceError, UsageError
from audiobook.follow import state as follow_state
from audiobook.follow import texts
from audiobook.follow.model import Article
from audiobook.model import Meta
from audiobook.podcast import last_target, manifest, memory, publish, site, state
from audiobook.podcast.library import read_library
from audiobook.podcast.targets import lock, open_target
from audiobook.studio.memory import NAME as STUDIO
from audiobook.studio.memory import read_memory
from audiobook.system import json_data
from audiobook.system.folders import data_folder
from audiobook.system.machine import machine_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

URL = "https://example.org/sach"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "library.toml").write_text('email = "an@example.org"\n')
    make_book(folder / "mot.mp3", Meta(title="Một", author="An"), ("A", "B"))
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of the user, elsewhere."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "song.mp3").write_bytes(b"my song")
    return folder


def list_in_manifest(library: Path, entry: Mapping[str, object]) -> None:
    path = library / "site/manifest.json"
    document = json.loads(path.read_bytes())
    document["files"].append(entry)
    path.write_text(json.dumps(document))


def publish_to(place: Path, library: Path) -> None:
    with open_target(str(place)) as target:
        publish.publish(library, target, publish.Options(), lambda _note: None)


@pytest.mark.parametrize("link", [home.FOLDER, f"{home.FOLDER}/mp3", f"{home.FOLDER}/site"])
def test_no_podcast_for_home_is_made_through_a_link(library: Path, mine: Path, link: str) -> None:
    (mine / "mp3").mkdir()
    (mine / "mp3/song.mp3").write_bytes(b"my song")
    place = library / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(mine)
    with pytest.raises(OutputError, match="is a link") as refusal:
        home.write_site(library)
    assert "remove the link" in str(refusal.value)
    assert sorted(path.name for path in mine.rglob("*.mp3")) == ["song.mp3", "song.mp3"]
    assert len([*mine.rglob("*")]) == 3


def test_nothing_is_removed_behind_a_link(library: Path, mine: Path) -> None:
    site.write(library, url=URL)
    (library / "site/x").symlink_to(mine)
    entry = {"path": "x/song.mp3", "size": 7, "sha256": "0" * 64, "immutable": True}
    list_in_manifest(library, entry)
    with pytest.raises(SourceError, match="is a link"):
        site.write(library)
    assert (mine / "song.mp3").read_bytes() == b"my song"


def test_nothing_is_written_behind_a_link(library: Path, mine: Path) -> None:
    (library / "site").mkdir()
    (library / "site/books").symlink_to(mine)
    with pytest.raises(OutputError, match="is a link"):
        site.write(library, url=URL)
    assert [path.name for path in mine.iterdir()] == ["song.mp3"]


def test_a_file_that_is_a_link_becomes_a_file(library: Path, mine: Path) -> None:
    site.write(library, url=URL)
    feed = library / "site/feed.xml"
    feed.rename(mine / "feed.xml")
    feed.symlink_to(mine / "feed.xml")
    for name in (".memory.json", "manifest.json"):
        (library / "site" / name).unlink()
    site.write(library)
    assert not feed.is_symlink()
    assert feed.read_bytes() == (mine / "feed.xml").read_bytes()


def test_no_file_of_the_user_is_published(library: Path, mine: Path, tmp_path: Path) -> None:
    site.write(library, url=URL)
    (library / "site/notes.html").symlink_to(mine / "song.mp3")
    list_in_manifest(library, {"path": "notes.html", "size": 7, "sha256": "", "immutable": False})
    with pytest.raises(SourceError, match="is a link"):
        publish_to(tmp_path / "www", library)
    assert not (tmp_path / "www/notes.html").exists()


def test_a_site_may_lie_elsewhere_but_not_among_other_files(library: Path, mine: Path) -> None:
    (library / "site").symlink_to(mine)
    with pytest.raises(OutputError, match="holds no site"):
        site.write(library, url=URL)
    assert [path.name for path in mine.iterdir()] == ["song.mp3"]
    (mine / "song.mp3").unlink()
    site.write(library, url=URL)
    assert site.write(library).changed == 0


def test_a_folder_to_publish_to_may_be_written_by_others(
    library: Path, mine: Path, tmp_path: Path
) -> None:
    site.write(library, url=URL)
    place = tmp_path / "www"
    place.mkdir()
    (place / ".feed.xml.part").symlink_to(mine / "song.mp3")
    publish_to(place, library)
    assert (mine / "song.mp3").read_bytes() == b"my song"
    assert (place / "feed.xml").read_bytes() == (library / "site/feed.xml").read_bytes()


# --- notes --------------------------------------------------------------------------------------


def note(library: Path, address: str) -> None:
    """Note beside the site that it was published somewhere, as a stranger would."""
    document = {"version": 1, "target": address, "insecure": True}
    last_target.path_of(library / "site").write_text(json.dumps(document))


@pytest.mark.skipif(not GIT, reason="git is not installed")
def test_no_program_of_a_repository_runs_that_a_note_names(library: Path, tmp_path: Path) -> None:
    site.write(library, url=URL)
    repository = tmp_path / "a.git"
    subprocess.run([GIT, "init", "--quiet", "--bare", repository], check=True)
    hook = repository / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    address = f"git+file://{repository}"
    note(library, address)
    refusal = run("publish", str(library))
    assert refusal.returncode == 2
    assert address in refusal.stderr
    assert not (tmp_path / "ran").exists()


def test_nothing_is_asked_of_a_place_that_only_a_note_names(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr("audiobook.podcast.restore.open_target", refuse)
    note(library, "webdav://elsewhere.example/x")
    with pytest.raises(UsageError, match=r"elsewhere\.example") as refusal:
        site.write(library, url=URL)
    assert "--restore webdav://elsewhere.example/x" in str(refusal.value)
    assert site.write(library, url=URL, allow_guid_change=True).books == 1
    assert site.write(library).notes == ()


def test_a_note_counts_where_this_account_has_published(library: Path, tmp_path: Path) -> None:
    place = tmp_path / "www"
    site.write(library, url=URL)
    assert run("publish", str(library), str(place)).returncode == 0
    known = data_folder() / "targets.json"
    assert known.stat().st_mode & 0o077 == 0
    assert run("publish", str(library)).returncode == 0
    moved = library.rename(tmp_path / "moved")
    shutil.rmtree(moved / "site")
    assert "taken back" in str(site.write(moved).notes[0])
    known.unlink()  # on another machine
    assert "by somebody else or elsewhere" in run("publish", str(moved)).stderr
    assert run("publish", str(moved), str(place)).returncode == 0
    assert run("publish", str(moved)).returncode == 0


READERS: dict[str, Callable[[Path], object]] = {
    f"site/{state.NAME}": lambda library: state.read(library / "site"),
    f"site/{manifest.NAME}": lambda library: manifest.read(library / "site"),
    f"site/{memory.NAME}": lambda library: memory.read(library / "site", library),
    ".site.published.json": lambda library: last_target.recall_of_others(library / "site"),
    f"{home.FOLDER}/listeners.json": lambda library: home.listeners_of(library).tokens(),
    follow_state.NAME: follow_state.read,
    STUDIO: read_memory,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ["too large", "a pipe", "nested", "numbers"])
def test_what_never_ends_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    monkeypatch.setattr(json_data, "LARGEST", 1 << 20)
    monkeypatch.setattr(json_data.read_facts, "__defaults__", (1 << 20,))
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "too large":
        path.write_bytes(b" " * (1 << 20) + b"{}")
    else:
        path.write_bytes(b"[" * 100_000 if kind == "nested" else b"1" * 10_000)
    try:
        READERS[name](tmp_path)
    except AudiobookError as problem:
        assert path.name in str(problem)


def test_no_listener_has_a_name_or_an_address_that_does_harm(tmp_path: Path) -> None:
    path = tmp_path / home.FOLDER / "listeners.json"
    path.parent.mkdir()
    good = "a" * 22
    for tokens in ({"\x1b[31m": good}, {"": good}, {"Lan": ""}, {"Lan": "a/b" * 8}, {"Lan": None}):
        path.write_text(json.dumps({"listeners": tokens}))
        with pytest.raises(UsageError, match="is not the name of a listener"):
            home.listeners_of(tmp_path).tokens()
    path.write_text(json.dumps({"listeners": {"Lan": good}}))
    assert home.listeners_of(tmp_path).tokens() == {"Lan": good}


def test_a_terminal_obeys_no_name_that_a_place_shows(library: Path, tmp_path: Path) -> None:
    site.write(library, url=URL)
    place = tmp_path / "www"
    assert run("publish", str(library), str(place)).returncode == 0
    (place / ".a\x1b[31m.part").write_text("x")
    plan = run("publish", "--dry-run", str(library), str(place))
    assert "remove" in plan.stdout
    assert "\x1b" not in plan.stdout + plan.stderr
    holder = {"id": "a", "machine": "\x1b]0;x\a", "machine_id": machine_id(), "process": 2**22 + 1}
    (place / lock.NAME).write_text(json.dumps(holder))
    (library / "site/index.html").unlink()
    site.write(library)
    (library / "library.toml").write_text('email = "an@example.org"\ntitle = "Khác"\n')
    site.write(library)
    sent = run("publish", str(library), str(place))
    assert "breaking the lock" in sent.stderr
    assert "\x1b" not in sent.stderr


def test_no_article_is_laid_behind_a_link(library: Path, mine: Path) -> None:
    article = Article(stem="bai", source="a", keys=(), listed="", content="<p>Chợ quê.</p>")
    (library / texts.FOLDER).symlink_to(mine)
    with pytest.raises(OutputError, match="is a link"):
        texts.save(library, article, texts.read_content(article))
    assert [path.name for path in mine.iterdir()] == ["song.mp3"]
    (library / texts.FOLDER).unlink()
    assert texts.save(library, article, texts.read_content(article)) == "articles/bai.html"


def test_settings_are_not_read_from_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "library.toml")
    with pytest.raises(UsageError, match="not a file"):
        read_library(tmp_path)
