"""Dates and GUIDs are facts at the target: whatever is lost here, subscribers get nothing twice."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from command import run
from reaching import fixture_of_address, fixture_of_reach  # noqa: F401
from stubs import make_book

from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.model import Meta
from audiobook.podcast import last_target, publish, restore, site, state
from audiobook.podcast.dates import DateError
from audiobook.podcast.state import GuidError
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from reaching import Reach
    from servers import Line

    from audiobook.messages import Message

CHAPTERS = ("Chương 1", "Chương 2")
URL = "https://example.org/sach"
DAY = 86_400.0
NOW = time.time() - 100 * DAY


def make_library(folder: Path, books: tuple[str, ...] = ("mot", "hai")) -> Path:
    folder.mkdir()
    (folder / "library.toml").write_text('email = "an@example.org"\nowner = "An"\n')
    for name in books:
        add_book(folder, name)
    return folder


def add_book(
    library: Path, name: str, chapters: tuple[str, ...] = ("Chương 1", "Chương 2")
) -> None:
    make_book(library / f"{name}.mp3", Meta(title=name, author="An", language="vi"), chapters)


def publish_to(library: Path, www: Path, **options: bool) -> tuple[Message, ...]:
    notes: list[Message] = []
    with open_target(str(www)) as target:
        publish.publish(library, target, publish.Options(**options), notes.append)
    return tuple(notes)


def facts(www: Path) -> dict[str, str]:
    """What subscribers have: GUID and date of each episode of each feed."""
    return {
        entry.id: entry.published
        for path in sorted(www.rglob("feed.xml"))
        for entry in feedparser.parse(path.read_bytes()).entries
    }


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library of two books that was published 100 days ago to ``www`` beside it."""
    folder = make_library(tmp_path / "library")
    site.write(folder, url=URL, now=NOW)
    publish_to(folder, tmp_path / "www")
    return folder


# --- what is lost ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["state.json", "damaged state.json", "site", "an older state"])
@pytest.mark.parametrize("with_feed", [True, False])
def test_what_is_lost_comes_back(library: Path, tmp_path: Path, lost: str, with_feed: bool) -> None:
    www, place = tmp_path / "www", library / "site"
    older = (place / state.NAME).read_bytes()
    add_book(library, "ba")
    site.write(library, now=NOW + DAY)
    publish_to(library, www)
    before = facts(www)
    if lost == "site":
        shutil.rmtree(place)
    elif lost == "state.json":
        (place / state.NAME).unlink()
    else:
        (place / state.NAME).write_bytes(older if lost == "an older state" else b"\0" * len(older))
    if with_feed:
        notes = site.write(library).notes
        publish_to(library, www)
    else:
        notes = publish_to(library, www)
    assert facts(www) == before
    (note,) = notes
    assert "state.json was" in note
    assert str(www) in note
    assert site.write(library).notes == ()
    assert publish_to(library, www) == ()


def test_from_every_kind_of_place(
    reach: Reach, address: tuple[str, Line | None], tmp_path: Path
) -> None:
    library = make_library(tmp_path / "library")
    site.write(library, url=URL, now=NOW)
    target = reach(address[0])
    publish.publish(library, target, publish.Options(), lambda _note: None)
    kept = state.read(library / "site")
    shutil.rmtree(library / "site")
    last_target.path_of(library / "site").unlink()
    site.write(library, restore=last_target.LastTarget(address[0]))
    assert state.read(library / "site") == kept
    publish.publish(library, target, publish.Options(), lambda _note: None)


def test_a_target_that_cannot_be_asked(library: Path, tmp_path: Path) -> None:
    (tmp_path / "www").rename(tmp_path / "away")
    (tmp_path / "www").write_text("a file")
    (note,) = site.write(library).notes
    assert "could not be read" in note
    (library / "site" / state.NAME).unlink()
    with pytest.raises(OutputError, match=r"state\.json is lost, and cannot be taken back") as lost:
        site.write(library, url=URL)
    assert "--allow-guid-change" in lost.value.remedy
    assert not (library / "site" / state.NAME).exists()
    (tmp_path / "www").unlink()  # as a disk that is not plugged in
    with pytest.raises(OutputError, match=r"holds no state\.json"):
        site.write(library, url=URL)
    assert site.write(library, url=URL, allow_guid_change=True).books == 2


def test_a_damaged_state_that_is_published_nowhere(tmp_path: Path) -> None:
    library = make_library(tmp_path / "library")
    site.write(library, url=URL)
    (library / "site" / state.NAME).write_bytes(b"\0" * 100)
    with pytest.raises(UsageError, match="is damaged") as damaged:
        site.write(library)
    assert "--restore TARGET" in damaged.value.remedy


def test_a_damaged_state_at_the_target(library: Path, tmp_path: Path) -> None:
    www = tmp_path / "www"
    before = facts(www)
    (www / state.NAME).write_bytes(b"\0" * (www / state.NAME).stat().st_size)
    (note,) = site.write(library).notes
    assert "damaged" in note
    shutil.rmtree(library / "site")
    with pytest.raises(OutputError, match="damaged"):
        site.write(library, url=URL)
    assert facts(www) == before


def test_a_place_that_cannot_be_noted_stops_nothing(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OutputError(message("cannot write the note"))

    monkeypatch.setattr(last_target, "remember", refuse)
    add_book(library, "ba")
    site.write(library)
    (note,) = publish_to(library, tmp_path / "www")
    assert note == "where it is published is not noted: cannot write the note"
    assert len(facts(tmp_path / "www")) == 9


# --- what is refused ------------------------------------------------------------------------------


def test_other_dates_are_refused_like_other_guids(library: Path, tmp_path: Path) -> None:
    """A site alone, without its library, cannot be written anew."""
    www = tmp_path / "www"
    before = facts(www)
    shutil.move(library / "site", tmp_path / "alone")
    place = tmp_path / "alone"
    (place / state.NAME).unlink()
    site.write(library, place, URL, now=NOW + DAY)
    with pytest.raises(DateError, match="would get other dates") as refused:
        publish_to(place, www)
    assert refused.value.exit_code == GuidError.exit_code == 6
    assert f"--restore {www}" in refused.value.remedy
    assert facts(www) == before
    site.write(library, place)  # the target is known, although it refused
    publish_to(place, www)
    assert facts(www) == before
    (place / state.NAME).unlink()
    last_target.path_of(place).unlink()
    site.write(library, place, URL, now=NOW + DAY)
    publish_to(place, www, allow_guid_change=True)
    assert facts(www).keys() == before.keys()
    assert facts(www) != before


def test_a_damaged_manifest_hides_no_other_dates(library: Path, tmp_path: Path) -> None:
    www, place = tmp_path / "www", tmp_path / "alone"
    before = facts(www)
    (www / "manifest.json").write_bytes(b"\0" * 100)
    site.write(library, place, URL, now=NOW + DAY)
    with pytest.raises(DateError):
        publish_to(place, www)
    publish_to(library, www)
    assert json.loads((www / "manifest.json").read_bytes())["files"]
    assert facts(www) == before
    assert publish_to(library, www) == ()


def test_a_published_book_that_is_not_in_the_library(library: Path) -> None:
    (library / "site" / state.NAME).unlink()
    (library / "hai.mp3").unlink()
    with pytest.raises(GuidError, match=r"hai\.mp3"):
        site.write(library)


def test_a_book_that_was_never_published_may_go(library: Path) -> None:
    add_book(library, "ba")
    site.write(library)
    (library / "ba.mp3").unlink()
    assert site.write(library).books == 2


# --- two machines ---------------------------------------------------------------------------------


def test_two_machines_in_turns_agree(library: Path, tmp_path: Path) -> None:
    www, other = tmp_path / "www", tmp_path / "other"
    other.mkdir()
    for path in library.glob("*.*"):
        shutil.copy2(path, other)
    site.write(other, url=URL, now=NOW + DAY)  # it does not know of the first
    publish_to(other, www)
    ledger = facts(www)
    for turn in range(1, 5):
        here, there = (library, other) if turn % 2 else (other, library)
        add_book(here, f"book-{turn}")
        shutil.copy2(here / f"book-{turn}.mp3", there)
        for number, machine in enumerate((there, here)):  # both have it, at different times
            site.write(machine, now=NOW + turn * DAY + 3600 * number)
        publish_to(here, www)
        publish_to(there, www)
        published = facts(www)
        assert ledger.items() <= published.items()
        assert len(published) == len(ledger) + 3
        ledger = published
    assert state.read(library / "site").dates == state.read(other / "site").dates


def test_names_of_two_machines_do_not_cross(tmp_path: Path) -> None:
    """What is another book there under the same name gets a name of its own here."""
    www, first, second = tmp_path / "www", tmp_path / "first", tmp_path / "second"
    for folder, name in ((first, "Tắt đèn"), (second, "tat den")):
        make_library(folder, ())
        add_book(folder, name)
        site.write(folder, url=URL, now=NOW)
    publish_to(first, www)
    shutil.copy2(first / "Tắt đèn.mp3", second)
    before = facts(www)
    publish_to(second, www)
    assert before.items() <= facts(www).items()
    assert (www / "books" / "tat-den-2").is_dir()
    with pytest.raises(GuidError, match="tat den"):
        publish_to(first, www)


def test_what_is_only_local_stays(library: Path) -> None:
    add_book(library, "ba")
    site.write(library, now=NOW + DAY)
    kept = state.read(library / "site")
    with open_target(str(library.parent / "www")) as target:
        published = restore.read_published(target)
    assert published
    assert restore.reconcile(kept, published, NOW + DAY) == kept


# --- clocks ---------------------------------------------------------------------------------------


def test_a_clock_that_was_a_year_ahead(library: Path, tmp_path: Path) -> None:
    www = tmp_path / "www"
    before = facts(www)
    add_book(library, "ba")
    site.write(library, now=time.time() + 365 * DAY)
    with pytest.raises(publish.RulesError, match="the date is in the future"):
        publish_to(library, www)
    with pytest.raises(DateError, match="3 episodes are dated in the future") as refused:
        site.write(library)
    assert "--redate" in refused.value.remedy
    site.write(library, redate=True)
    publish_to(library, www)
    assert before.items() <= facts(www).items()
    assert max(state.read(library / "site").dates.values()) <= time.time()


def test_dates_of_a_clock_ahead_that_were_published(library: Path, tmp_path: Path) -> None:
    www = tmp_path / "www"
    before = facts(www)
    add_book(library, "ba", ("1", "2", "3"))
    ahead = time.time() + 365 * DAY
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(time, "time", lambda: ahead)
        site.write(library)
        publish_to(library, www)
    wrong = facts(www)
    with pytest.raises(DateError, match="dated in the future"):
        site.write(library)
    site.write(library, redate=True)
    assert site.write(library).notes == ()  # those of the target are known to be wrong
    with pytest.raises(DateError, match="published with") as refused:
        publish_to(library, www)
    assert "--redate" in refused.value.remedy
    assert facts(www) == wrong
    publish_to(library, www, redate=True)
    right = facts(www)
    assert right.keys() == wrong.keys()
    assert before.items() <= right.items()
    dates = state.read(library / "site").books["ba"]
    chapters = [chapter.date for chapter in dates.chapters]
    assert chapters == sorted(chapters)
    assert time.time() - 60 < dates.date <= time.time()
    publish_to(library, www)
    assert facts(www) == right


def test_a_few_minutes_are_no_error(library: Path, tmp_path: Path) -> None:
    add_book(library, "ba")
    site.write(library, now=time.time() + 300)
    publish_to(library, tmp_path / "www")
    add_book(library, "bon")
    site.write(library)
    publish_to(library, tmp_path / "www")
    assert len(facts(tmp_path / "www")) == 12


def test_a_chapter_that_comes_at_once_moves_no_published_one(library: Path, tmp_path: Path) -> None:
    www = tmp_path / "www"
    before = facts(www)
    add_book(library, "mot", ("Chương 1", "Chương 2", "Chương 3"))
    site.write(library, now=NOW + 5)
    publish_to(library, www)
    assert before.items() <= facts(www).items()


def test_chapters_without_room_between_published_ones(library: Path) -> None:
    titles = ("Chương 1", *(f"Giữa {number}" for number in range(70)), "Chương 2")
    add_book(library, "mot", titles)
    with pytest.raises(DateError, match=r"would get .* of mot\.mp3"):
        site.write(library)
    assert site.write(library, allow_guid_change=True).changed == 1


# --- the commands ---------------------------------------------------------------------------------


def test_the_commands(library: Path, tmp_path: Path) -> None:
    before = facts(tmp_path / "www")
    shutil.rmtree(library / "site")
    last_target.path_of(library / "site").unlink()
    done = run("feed", "library", "--restore", "www", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "are taken back from www" in done.stderr
    done = run("publish", "library", "www", folder=tmp_path)
    assert done.stdout == "www: unchanged\n"
    assert facts(tmp_path / "www") == before
    shutil.rmtree(library / "site")
    assert "taken back from" in run("feed", str(library), folder=tmp_path).stderr
    assert run("feed", "library", "--restore", "nowhere", folder=tmp_path).returncode == 7
