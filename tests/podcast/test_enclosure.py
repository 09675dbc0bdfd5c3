"""Nothing from outside a library gets into its site, and nothing outside the site is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stubs import make_book

from audiobook.errors import SourceError, UsageError
from audiobook.model import Meta
from audiobook.podcast import manifest, memory, site, state

URL = "https://example.org/sach"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "sách"
    folder.mkdir()
    make_book(folder / "a.mp3", Meta(title="A"), ("Một",))
    return folder


def test_links_out_of_the_library(tmp_path: Path, library: Path) -> None:
    make_book(tmp_path / "riêng.mp3", Meta(title="Riêng"), ("Một",))
    (tmp_path / "secret").write_text("secret")
    (library / "b.mp3").symlink_to("../riêng.mp3")
    (library / "c.mp3").symlink_to(tmp_path / "secret")
    written = site.write(library, None, URL)
    assert written.books == 1
    assert [str(problem).split(" ", 1)[0] for problem in written.broken] == [
        str(library / "b.mp3"),
        str(library / "c.mp3"),
    ]
    assert all("a link to a file outside the library" in str(problem) for problem in written.broken)
    assert not [path for path in (library / "site").rglob("*") if path.is_symlink()]
    assert "Riêng" not in (library / "site" / "index.html").read_text("utf-8")
    # What was a book when it was read may have become a link since.
    (library / "a.mp3").rename(tmp_path / "a.mp3")
    (library / "a.mp3").symlink_to(tmp_path / "a.mp3")
    with pytest.raises(SourceError, match="outside the library"):
        site.write(library)


def test_links_within_the_library(library: Path) -> None:
    (library / "sau").mkdir()
    (library / "a.mp3").rename(library / "sau" / "thật.mp3")
    (library / "a.mp3").symlink_to("sau/thật.mp3")
    assert site.write(library, None, URL).books == 1
    (media,) = (library / "site" / "books" / "a").glob("*.mp3")
    assert not media.is_symlink()
    assert media.read_bytes() == (library / "sau" / "thật.mp3").read_bytes()


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "books/../../secret", "C:\\secret", "..\\secret"]
)
def test_a_manifest_that_leads_out(tmp_path: Path, library: Path, path: str) -> None:
    (library / "secret").write_text("secret")
    site.write(library, None, URL)
    place = library / "site" / manifest.NAME
    document = json.loads(place.read_bytes())
    document["files"].append({"path": path, "size": 6, "sha256": "0", "immutable": True})
    place.write_text(json.dumps(document))
    with pytest.raises(SourceError, match="is not a path in a site"):
        manifest.read(library / "site")
    with pytest.raises(SourceError, match="is not a path in a site"):
        site.write(library)
    assert (library / "secret").exists()
    assert sorted(path_beside.name for path_beside in tmp_path.iterdir()) == ["sách"]


@pytest.mark.parametrize("name", ["../../out", "/tmp/out", "A", "a b", "", "."])
def test_a_state_that_leads_out(library: Path, name: str) -> None:
    site.write(library, None, URL)
    place = library / "site" / state.NAME
    document = json.loads(place.read_bytes())
    document["books"][name] = document["books"].pop("a")
    place.write_text(json.dumps(document))
    with pytest.raises(UsageError, match="is not the name of a book"):
        site.write(library)


@pytest.mark.parametrize("name", [manifest.NAME, state.NAME, memory.NAME])
def test_files_of_a_site_without_end(library: Path, name: str) -> None:
    site.write(library, None, URL)
    (library / "site" / name).write_text("[" * 100_000)
    if name == memory.NAME:
        assert site.write(library).books == 1
    else:
        with pytest.raises((SourceError, UsageError)):
            site.write(library)
