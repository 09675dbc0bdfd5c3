"""What subscribers see is always the old feed or the new one, with all that it names."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import run
from lxml import etree
from reaching import fixture_of_address, fixture_of_reach  # noqa: F401
from servers import Line, webdav
from stubs import make_book

from audiobook.errors import OutputError, UsageError
from audiobook.model import Meta
from audiobook.podcast import manifest, publish, site, targets
from audiobook.podcast.published import RETIRED
from audiobook.podcast.state import GuidError
from audiobook.podcast.targets import failing as retrying
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from reaching import Reach

    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.targets import Target

URL = "https://example.org/sach"
DAY = 86_400.0


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_FIRST_PAUSE", 0.02)
    monkeypatch.setattr(retrying, "_LONGEST_PAUSE", 0.05)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two sites of one library: as it was, and with one book changed and another added."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "library.toml").write_text('email = "an@example.org"\nowner = "An"\n')
    make_book(folder / "mot.mp3", Meta(title="Một", author="An"), ("Chương 1", "Chương 2"))
    make_book(folder / "hai.mp3", Meta(title="Hai", author="An"))
    site.write(folder, url=URL)
    old = tmp_path_factory.mktemp("old") / "site"
    shutil.copytree(folder / "site", old)
    make_book(
        folder / "mot.mp3", Meta(title="Một", author="An"), ("Chương 1", "Chương 2"), version=5
    )
    make_book(folder / "ba.mp3", Meta(title="Ba", author="An"))
    site.write(folder, url=URL)
    return old, folder / "site"


def publish_site(folder: Path, target: Target) -> publish.Plan:
    plan = publish.plan(folder, target)
    publish.carry_out(plan, folder, target)
    return plan


def feeds_of(target: Target) -> dict[str, bytes]:
    """All feeds at the target; whatever they name must be there, and as long as they say."""
    sizes = target.sizes()
    feeds = {path: target.read(path) or b"" for path in sizes if path.endswith("feed.xml")}
    for path, feed in feeds.items():
        for enclosure in etree.fromstring(feed).iter("enclosure"):
            address = str(enclosure.get("url")).removeprefix(URL + "/")
            assert sizes.get(address) == int(str(enclosure.get("length"))), (path, address)
        for element in etree.fromstring(feed).iter(
            "{https://podcastindex.org/namespace/1.0}transcript",
            "{https://podcastindex.org/namespace/1.0}chapters",
        ):
            assert str(element.get("url")).removeprefix(URL + "/") in sizes
    return feeds


def feeds_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("feed.xml")
    }


# --- to every kind of place -----------------------------------------------------------------------


def test_all_of_it_then_only_what_changed(
    reach: Reach, sites: tuple[Path, Path], address: tuple[str, Line | None]
) -> None:
    old, new = sites
    target = reach(address[0])
    first = publish_site(old, target)
    assert {file.path for file in first.send} == {file.path for file in manifest.read(old)}
    assert feeds_of(target) == feeds_in(old)
    second = publish_site(new, target)
    old_files = {file.path: file for file in manifest.read(old)}
    changed = {file.path for file in manifest.read(new) if old_files.get(file.path) != file}
    assert {file.path for file in second.send} == changed
    assert feeds_of(target) == feeds_in(new)
    assert not publish_site(new, target).send
    new_sizes = {file.path: file.size for file in manifest.read(new)}
    target_sizes = target.sizes()
    assert new_sizes.items() <= target_sizes.items()
    # What an old feed names stays, and nothing else is there.
    notes = {path for path in target_sizes if path.startswith(".")}  # only git has some
    assert target_sizes.keys() - notes == new_sizes.keys() | old_files.keys() | {
        manifest.NAME,
        RETIRED,
    }


@pytest.mark.parametrize("address", ["s3", "sftp", "webdav"], indirect=True)
@pytest.mark.parametrize("share", [0.3, 0.97])
def test_a_line_that_is_cut(
    reach: Reach, sites: tuple[Path, Path], address: tuple[str, Line | None], share: float
) -> None:
    old, new = sites
    name, line = address
    assert line
    target = reach(name)
    publish_site(old, target)
    plan = publish.plan(new, target)
    line.cut_after(round(share * plan.size))
    with pytest.raises(OutputError, match="cannot publish to"):
        publish.carry_out(plan, new, target)
    line.mend()
    target = reach(name)
    feeds = feeds_of(target)
    for path, feed in feeds.items():
        assert feed in (feeds_in(old).get(path), feeds_in(new).get(path))
    next_plan = publish.plan(new, target)
    assert {file.path for file in next_plan.send} <= {file.path for file in plan.send}
    publish.carry_out(next_plan, new, target)
    assert feeds_of(target) == feeds_in(new)
    assert not [path for path in target.sizes() if path.endswith(".part")]


@pytest.mark.parametrize("address", ["s3", "sftp", "webdav"], indirect=True)
def test_a_moment_without_a_line_is_waited_out(
    reach: Reach,
    sites: tuple[Path, Path],
    address: tuple[str, Line | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, line = address
    assert line
    monkeypatch.setattr(retrying, "_FIRST_PAUSE", 0.5)
    monkeypatch.setattr(retrying, "_LONGEST_PAUSE", 0.5)
    target = reach(name)
    plan = publish.plan(sites[0], target)
    arrived: list[SiteFile] = []

    def cut_once(file: SiteFile) -> None:
        arrived.append(file)
        if len(arrived) == 3:
            line.cut_after(1)
            threading.Timer(0.2, line.mend).start()

    publish.carry_out(plan, sites[0], target, cut_once)
    assert feeds_of(target) == feeds_in(sites[0])


# --- whatever ends it -----------------------------------------------------------------------------


def test_interrupted_after_any_file(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each file that may be the last to arrive all feeds are whole, old or new."""
    old, new = sites
    monkeypatch.setattr(publish, "_SENDERS", 1)
    files = len(publish.plan(new, reach(str(tmp_path / "none"))).send)
    for last in range(1, files + 1):
        target = reach(str(tmp_path / str(last)))
        publish_site(old, target)
        files_left = last

        def stop(_file: SiteFile) -> None:
            nonlocal files_left
            files_left -= 1
            if not files_left:
                raise KeyboardInterrupt

        plan = publish.plan(new, target)
        try:
            publish.carry_out(plan, new, target, stop)
        except KeyboardInterrupt:
            feeds = feeds_of(target)
            for path, feed in feeds.items():
                assert feed in (feeds_in(old).get(path), feeds_in(new).get(path))
            publish_site(new, target)
        assert feeds_of(target) == feeds_in(new)


def test_the_order_is_media_pages_feeds(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    plan = publish.plan(sites[0], reach(str(tmp_path / "www")))
    ranks = [file.rank for file in plan.send]
    assert ranks == sorted(ranks)
    assert plan.send[-1].path == "feed.xml"


# --- what is refused ------------------------------------------------------------------------------


def test_guids_that_subscribers_have(
    reach: Reach,
    sites: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    other = tmp_path / "library"
    other.mkdir()
    make_book(other / "khac.mp3", Meta(title="Khác", author="An"))
    site.write(other, url=URL)
    target = reach(str(tmp_path / "www"))
    publish_site(sites[0], target)
    with pytest.raises(GuidError, match="GUIDs that subscribers have would change or vanish"):
        publish.plan(other / "site", target)
    plan = publish.plan(other / "site", target, allow_guid_change=True)
    publish.carry_out(plan, other / "site", target)
    assert b"Kh\xc3\xa1c" in (target.read("feed.xml") or b"")


def test_a_site_that_breaks_rules(
    reach: Reach,
    sites: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    broken = tmp_path / "site"
    shutil.copytree(sites[0], broken)
    next(broken.rglob("*.mp3")).unlink()
    with pytest.raises(publish.RulesError) as caught:
        publish.plan(broken, reach(str(tmp_path / "www")))
    assert caught.value.exit_code == 6
    assert not (tmp_path / "www").exists()


@pytest.mark.parametrize("name", [manifest.NAME, RETIRED])
@pytest.mark.parametrize("data", [b"{}", b"[1]", b"\xff", b'{"version": 99, "files": []}'])
def test_what_is_there_and_not_ours(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(OutputError, match="is not ours"):
        publish.plan(sites[0], reach(str(tmp_path)))


def test_a_place_with_files_of_somebody_else(
    reach: Reach, sites: tuple[Path, Path], address: tuple[str, Line | None]
) -> None:
    """The first time they are listed, those that would be replaced before the others."""
    target = reach(address[0])
    for name in ("a.html", "index.html", "z/b.html", "c.txt", "d.txt", "e.txt", ".nojekyll"):
        target.put_data(name, f"own {name}".encode())
    target.commit(lambda _file: None)
    with pytest.raises(OutputError) as caught:
        publish.plan(sites[0], target)
    assert caught.value.what.endswith(
        " holds files that audiobook did not publish: index.html, a.html, c.txt, d.txt, e.txt "
        "and 1 more"
    )
    assert "--overwrite" in caught.value.remedy
    assert target.read("index.html") == b"own index.html"
    publish.carry_out(publish.plan(sites[0], target, overwrite=True), sites[0], target)
    assert target.read("a.html") == b"own a.html"
    assert not publish_site(sites[0], target).send


def test_a_first_time_that_was_cut_off_is_ours(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    target = reach(str(tmp_path / "www"))
    plan = publish.plan(sites[0], target)

    def stop(_file: SiteFile) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish.carry_out(plan, sites[0], target, stop)
    assert target.sizes()
    publish_site(sites[1], target)  # another one by now
    assert feeds_of(target) == feeds_in(sites[1])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ftp://example.org/a", "cannot publish to"),
        ("s3://", "cannot publish to"),
        ("sftp://me:hunter2@example.org/a", "a password does not belong in an address"),
    ],
)
def test_no_place(address: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        open_target(address)
    assert "hunter2" not in str(caught.value)


def test_without_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(UsageError, match=r"pip install 'fsspec>="):
        open_target("sftp://example.org/a")


def test_secrets_that_are_wrong_are_not_said(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(targets.WEBDAV_USER, "someone")
    monkeypatch.setenv(targets.WEBDAV_PASSWORD, "hunter2")
    (tmp_path / "www").mkdir()
    served = webdav(tmp_path / "www", "someone", "secret-of-webdav")
    with served as port, pytest.raises(OutputError) as caught:
        publish.plan(sites[0], reach(f"webdav://127.0.0.1:{port}/a"))
    assert "401" in str(caught.value)
    assert targets.WEBDAV_PASSWORD in str(caught.value)
    assert "hunter2" not in str(caught.value)


# --- pruning --------------------------------------------------------------------------------------


def test_what_no_feed_names_goes_after_a_while(
    reach: Reach, sites: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = sites
    target = reach(str(tmp_path / "www"))
    publish_site(old, target)
    (tmp_path / "www" / "own.html").write_text("not ours")
    now = 1e9

    def at(days: float, *, prune: bool) -> publish.Plan:
        plan = publish.plan(new, target, prune=prune, now=now + days * DAY)
        publish.carry_out(plan, new, target)
        return plan

    retired = {file.path for file in manifest.read(old)} - {
        file.path for file in manifest.read(new)
    }
    assert retired
    assert not at(0, prune=True).remove
    assert retired <= target.sizes().keys()
    assert json.loads(target.read(RETIRED) or b"")["since"] == dict.fromkeys(retired, now)
    assert not at(13, prune=True).remove
    assert not at(15, prune=False).remove
    assert set(at(15, prune=True).remove) == retired
    assert not retired & target.sizes().keys()
    assert "own.html" in target.sizes()
    assert not at(30, prune=True).remove


# --- the command ----------------------------------------------------------------------------------


def test_the_command(sites: tuple[Path, Path], tmp_path: Path) -> None:
    def publish_to(*words: str) -> subprocess.CompletedProcess[str]:
        return run("publish", str(sites[0]), *words, folder=tmp_path)

    dry = publish_to("www", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert dry.stdout.splitlines()[-1].endswith("  feed.xml")
    assert not (tmp_path / "www").exists()
    completed = publish_to("www")
    assert completed.stdout.startswith(f"www: {len(manifest.read(sites[0]))} files sent, ")
    assert publish_to("www").stdout == "www: unchanged\n"
    assert publish_to("gopher://x/y").returncode == 2


def test_where_is_known_from_the_library_or_from_the_last_time(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    make_book(library / "a.mp3", Meta(title="A", author="An"))
    settings = library / "library.toml"
    settings.write_text(f'email = "an@example.org"\nurl = "{URL}"\n')
    assert run("feed", str(library)).stdout.endswith(f"{URL}/feed.xml\n")
    end = run("publish", str(library))
    assert (end.returncode, "where to publish" in end.stderr) == (2, True)
    run("publish", str(library), str(tmp_path / "www"))
    assert run("publish", str(library)).stdout.endswith("www: unchanged\n")
    settings.write_text(settings.read_text() + 'target = "../other"\n')
    assert "files sent" in run("publish", str(library)).stdout
    assert (tmp_path / "other" / "feed.xml").is_file()
    # A target alone changes nothing of the site.
    assert "(unchanged)" in run("feed", str(library)).stdout
