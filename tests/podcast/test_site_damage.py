"""Files that lost their content but kept their size are noticed, here and on their way."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import run
from reaching import fixture_of_address, fixture_of_reach  # noqa: F401
from servers import s3
from stubs import make_book

from audiobook.model import Meta
from audiobook.podcast import manifest, publish, site
from audiobook.podcast.state import GuidError
from audiobook.podcast.targets import DamageError
from audiobook.system import files

if TYPE_CHECKING:
    from reaching import Reach
    from servers import Line

URL = "https://example.org/sach"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "library.toml").write_text('email = "an@example.org"\n')
    for name in ("mot", "hai"):
        make_book(folder / f"{name}.mp3", Meta(title=name, author="An"), ("A", "B"))
    site.write(folder, url=URL)
    return folder


def zero(path: Path, *, keep_date: bool = True, start: int = 0) -> None:
    """Replace the content of a file by zeros, as a power cut does."""
    status = path.stat()
    with path.open("rb+") as file:
        file.seek(start)
        file.write(b"\0" * (status.st_size - start))
    if keep_date:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def contents(library: Path) -> dict[str, bytes]:
    return {
        file.path: (library / "site" / file.path).read_bytes()
        for file in manifest.read(library / "site")
    }


def unlink_media(library: Path) -> None:
    """Let the site have copies of the books, as on a disk without links."""
    for path in (library / "site").rglob("*.mp3"):
        data, status = path.read_bytes(), path.stat()
        path.unlink()
        path.write_bytes(data)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("keep_date", [True, False])
def test_every_file_that_was_zeroed_is_made_again(library: Path, keep_date: bool) -> None:
    unlink_media(library)
    before = contents(library)
    for path in before:
        if path != "state.json":
            zero(library / "site" / path, keep_date=keep_date)
    site.write(library)
    assert contents(library) == before
    assert site.write(library).changed == 0


def test_one_file_makes_its_book_again_and_no_other(library: Path) -> None:
    before = contents(library)
    path = next((library / "site" / "books" / "mot").glob("*.vtt"))
    zero(path, start=path.stat().st_size // 2)
    assert site.write(library).changed == 1
    assert contents(library) == before


def test_without_its_memory_too(library: Path) -> None:
    unlink_media(library)
    before = contents(library)
    for path in (*(library / "site").rglob("*.mp3"), *(library / "site").rglob("*.srt")):
        zero(path)
    (library / "site" / ".memory.json").unlink()
    site.write(library)
    assert contents(library) == before


def test_what_samples_miss_is_found_on_request(library: Path) -> None:
    before = contents(library)
    path = max((library / "site").rglob("mot-001-*.mp3"), key=lambda path: path.stat().st_size)
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[100:110] = b"\0" * 10
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert site.write(library).changed == 0
    assert run("feed", str(library), "--verify").returncode == 0
    assert contents(library) == before


def test_a_touched_file_is_read_and_believed(library: Path) -> None:
    for path in (library / "site").rglob("*.*"):
        if path.suffix != ".mp3":
            os.utime(path)
    assert site.write(library).changed == 0
    memory = (library / "site" / ".memory.json").stat().st_mtime_ns
    assert site.write(library).changed == 0
    assert (library / "site" / ".memory.json").stat().st_mtime_ns == memory


def test_a_book_that_was_zeroed_is_named_and_nothing_takes_its_place(library: Path) -> None:
    before = (library / "site" / "feed.xml").read_bytes()
    zero(library / "mot.mp3")
    with pytest.raises(GuidError, match=r"mot\.mp3"):
        site.write(library)
    assert (library / "site" / "feed.xml").read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"{", b"\0" * 500, b'{"version": 1, "files": 3}'])
def test_a_damaged_manifest_counts_as_none(library: Path, data: bytes) -> None:
    before = contents(library)
    (library / "site" / manifest.NAME).write_bytes(data)
    site.write(library)
    assert contents(library) == before


def test_what_is_damaged_is_not_published(
    reach: Reach, address: tuple[str, Line | None], library: Path
) -> None:
    """It is hashed while it is sent, and does not get its name in any kind of place."""
    target, place = reach(address[0]), library / "site"
    steps = publish.plan(place, target)
    media = next(path for path in place.rglob("mot-002-*.mp3"))
    zero(media)
    with pytest.raises(DamageError, match=r"mot-002-.* in the site is damaged") as caught:
        publish.carry_out(steps, place, target)
    assert caught.value.exit_code == 6
    assert "--verify" in caught.value.remedy
    sizes = target.sizes()
    assert media.relative_to(place).as_posix() not in sizes
    assert "feed.xml" not in sizes
    site.write(library)
    publish.carry_out(publish.plan(place, target), place, target)
    sizes = target.sizes()
    assert {file.path for file in manifest.read(place)} <= sizes.keys()


def test_a_large_file_to_s3(reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several parts, of which none is seen if the whole is damaged."""
    data = os.urandom(37_000_000)
    (tmp_path / "large.mp3").write_bytes(data)
    file = manifest.SiteFile("large.mp3", len(data), hashlib.sha256(data).hexdigest())
    with s3(monkeypatch) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        target = reach("s3://sach/a")
        wrong = manifest.SiteFile("large.mp3", len(data), "0" * 64)
        with pytest.raises(DamageError):
            target.put(tmp_path / "large.mp3", wrong)
        assert target.sizes() == {}
        target.put(tmp_path / "large.mp3", file)
        assert target.sizes() == {"large.mp3": len(data)}
        assert target.read("large.mp3") == data


def test_feeds_come_after_all_that_they_name_is_on_the_disk(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the machine to fail at any moment, no feed would name what is not there."""
    shutil.rmtree(library / "site")
    synced: set[str] = set()
    monkeypatch.setattr(files, "sync", lambda paths: synced.update(str(path) for path in paths))
    rename = files.rename

    def check(path: Path, name: Path) -> None:
        folder = name.parent
        listed = {str(item) for item in folder.rglob("*") if item.suffix in {".mp3", ".vtt"}}
        assert listed
        assert {*listed, str(path)} <= synced
        assert not name.exists()
        rename(path, name)

    monkeypatch.setattr(files, "rename", check)
    site.write(library, url=URL)
    assert len(list((library / "site").rglob("feed.xml"))) == 3
