"""What is taken off the shelf, or out of the podcast, is the book and nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from studios import opened

from audiobook.app.build import build
from audiobook.config import make_job
from audiobook.errors import SourceError, UsageError
from audiobook.studio.entries import State
from audiobook.studio.episodes import Episodes
from audiobook.studio.library import PODCAST, Library
from audiobook.studio.memory import StudioMemory, read_memory

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.studio.entries import ShelfEntry


def _source(folder: Path, name: str, text: str = "Một câu.") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def _built(source: Path, form: str = "mp3") -> Path:
    job = make_job(str(source), folder=source.parent, stem=source.stem, voice="hanoi", form=form)
    return build(job).path


def _entry(library: Library, path: Path) -> ShelfEntry:
    return next(entry for entry in library.entries() if entry.path == path)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_recording_among_several_goes_alone(tmp_path: Path) -> None:
    recordings = tmp_path / "albums"
    book = _built(_source(tmp_path / "made", "a.txt"))
    recordings.mkdir()
    for name in ("1.mp3", "2.mp3"):
        (recordings / name).hardlink_to(book)
    (recordings / "notes.pdf.bak").write_text("mine")
    library = Library(tmp_path)
    aside = library.remove(_entry(library, recordings / "1.mp3"))
    assert _names(aside) == {"1.mp3"}
    assert _names(recordings) == {"2.mp3", "notes.pdf.bak"}


def test_only_the_files_of_a_source_go_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    source = _source(folder, "v1.2.txt")
    _source(folder, "other.txt")
    strangers = {"v1.html", "v1.xlsx", "v1.2.m4b", "v1.2.jpg"}
    for name in strangers:
        (folder / name).write_bytes(b"mine")
    (folder / "v1.2.toml").write_text('cover = "face.png"')
    (folder / "face.png").write_bytes(b"\x89PNG")
    _built(_source(tmp_path / "made", "v1.2.txt")).rename(folder / "v1.2.mp3")
    library = Library(tmp_path)
    aside = library.remove(_entry(library, source))
    assert _names(aside) == {"v1.2.txt", "v1.2.toml", "face.png", "v1.2.mp3"}
    assert _names(folder) == {"other.txt", *strangers}


def test_settings_that_two_texts_share_stay(tmp_path: Path) -> None:
    source = _source(tmp_path / "a", "same.txt")
    _source(tmp_path / "a", "same.md")
    (tmp_path / "a" / "same.toml").write_text('title = "Hai"')
    library = Library(tmp_path)
    library.remove(_entry(library, source))
    assert _names(tmp_path / "a") == {"same.md", "same.toml"}


def test_a_folder_of_one_book_goes_as_one(tmp_path: Path) -> None:
    source = _source(tmp_path / "a", "a.txt")
    (tmp_path / "a" / "lexicon.tsv").write_text("WHO\thu\n")
    _built(source)
    library = Library(tmp_path)
    entry = _entry(library, source)
    aside = library.remove(entry)
    assert _names(aside) == {"a.txt", "a.mp3", "lexicon.tsv"}
    assert not (tmp_path / "a").exists()
    with pytest.raises((SourceError, OSError)):
        library.remove(entry)


def test_a_book_in_two_formats_stands_once(tmp_path: Path) -> None:
    source = _source(tmp_path / "a", "a.txt")
    for form in ("m4b", "mp3"):
        _built(source, form)
    source.unlink()
    _source(tmp_path / "a", "a.flac.bak").rename(tmp_path / "a" / "a.opus")
    (entry,) = Library(tmp_path).entries()
    assert (entry.state, entry.path.name) == (State.ALONE, "a.m4b")


def test_a_source_that_changed_during_its_build_is_not_up_to_date(tmp_path: Path) -> None:
    source = _source(tmp_path / "a", "a.txt")
    memory = StudioMemory(path=tmp_path / "memory")
    library = Library(tmp_path, memory)
    (entry,) = library.entries()
    book = _built(source)
    memory.settled[f"{entry.id} mp3"] = (entry.inputs.stamp, entry.touched + 2)
    source.write_text("Câu khác.", "utf-8")
    os.utime(source, (entry.touched + 1, entry.touched + 1))
    os.utime(book, (entry.touched + 2, entry.touched + 2))
    (entry,) = library.entries()
    assert entry.state is State.CHANGED


def test_the_podcast_keeps_another_file_of_the_same_name(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        podcast = studio.folder / PODCAST
        podcast.mkdir()
        (podcast / "Same.mp3").write_bytes(b"mine")
        sources = [_source(studio.folder / name, "Same.txt", f"Câu {name}.") for name in "ab"]
        books = [_built(source) for source in sources]
        library = Library(studio.folder)
        addresses = [f"/books/{_entry(library, source).id}" for source in sources]
        for address in addresses:
            assert "false" not in studio.ask(f"{address}/part/files").text
            for _ in range(2):
                assert studio.change(f"{address}/podcast", **{"in": True}).status == 200
            assert '{"in": false}' in studio.ask(f"{address}/part/files").text
        assert _names(podcast) == {"Same.mp3", "Same 2.mp3", "Same 3.mp3"}
        assert studio.change(f"{addresses[1]}/podcast", **{"in": False}).status == 200
        assert _names(podcast) == {"Same.mp3", "Same 2.mp3"}
        assert studio.change(f"{addresses[1]}/podcast", **{"in": False}).status == 422
        assert (podcast / "Same.mp3").read_bytes() == b"mine"
        assert (podcast / "Same 2.mp3").samefile(books[0])
        assert studio.change(f"{addresses[0]}/podcast", **{"in": "no"}).status == 422


def test_the_podcast_takes_the_mp3_of_a_book_in_several_formats(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        source = _source(studio.folder / "a", "a.txt")
        mp3 = _built(source)
        os.utime(mp3, (1, 1))  # so that the other one is the current one
        _built(source, "m4b")
        entry = _entry(Library(studio.folder), source)
        assert entry.book == source.with_suffix(".m4b")
        assert studio.change(f"/books/{entry.id}/podcast", **{"in": True}).status == 200
        assert '{"in": false}' in studio.ask(f"/books/{entry.id}/part/files").text


def test_a_book_that_is_built_again_replaces_its_own_episode_alone(tmp_path: Path) -> None:
    source = _source(tmp_path / "a", "a.txt")
    memory = StudioMemory(path=tmp_path / ".audiobook-studio.json")
    entry = _entry(Library(tmp_path), source)
    episodes = Episodes(tmp_path, memory)
    place = episodes.add(entry, _built(source))
    source.write_text("Câu khác.", "utf-8")
    book = _built(source)
    assert episodes.place_of(book) is None
    episodes = Episodes(tmp_path, read_memory(tmp_path) if memory.path.exists() else memory)
    assert episodes.add(entry, book) == place
    source.write_text("Câu khác nữa.", "utf-8")
    _built(source)
    episodes.take_out(entry, book)
    assert not place.exists()
    assert len(list((tmp_path / ".removed").rglob("a.mp3"))) == 1  # nowhere else
    place.symlink_to(book)
    episodes.take_out(entry, book)
    assert book.is_file()
    book.rename(place)
    book.symlink_to(place)
    with pytest.raises(UsageError):
        episodes.take_out(entry, book)
    assert place.is_file()
