"""A library from a stranger, whose links lead to files of the user: those stay as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from stubs import make_book

from audiobook.app import home
from audiobook.errors import OutputError, SourceError
from audiobook.model import Meta
from audiobook.podcast import publish, site
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from collections.abc import Mapping
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
