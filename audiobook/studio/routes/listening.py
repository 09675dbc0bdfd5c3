"""A finished book: the player with its text, what a check finds, other formats, the podcast."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from audiobook.audit import audit
from audiobook.audit.contents import read_contents
from audiobook.audit.page import plots
from audiobook.errors import SourceError, UsageError
from audiobook.messages import localize, message
from audiobook.model import BoundChapter, Cue, Meta
from audiobook.outputs import FORMATS, SOUND_FORMATS, SUFFIXES, languages
from audiobook.podcast import pages as podcast_pages
from audiobook.podcast import volumes
from audiobook.podcast.manifest import media_type
from audiobook.podcast.model import Volume
from audiobook.studio.answers import act, page, page_variables, switch_of, text_of
from audiobook.studio.episodes import Episodes
from audiobook.studio.pages import render
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio
    from audiobook.studio.entries import ShelfEntry


def routes(studio: Studio) -> list[Route]:
    """Return the routes of these pages."""
    book = "/books/{id}"
    return [
        Route(f"{book}/listen", page(studio, _listen)),
        Route(f"{book}/part/files", page(studio, _files)),
        Route(f"{book}/part/check", page(studio, _check)),
        Route(f"{book}/media", page(studio, _media)),
        Route(f"{book}/file/{{format}}", page(studio, _file)),
        Route(f"{book}/export", act(studio, _export), methods=["POST"]),
        Route(f"{book}/podcast", act(studio, _publish), methods=["POST"]),
    ]


def _entry(studio: Studio, request: Request) -> ShelfEntry:
    return studio.library.entry(request.path_params["id"])


def _book(studio: Studio, entry: ShelfEntry) -> Path:
    """Return the file of a finished book.

    Raises:
        SourceError: it is not made yet, or lies outside the folder.
    """
    if entry.book is None or not studio.library.is_inside(entry.book):
        raise SourceError(message("this book is not made yet"), message("build it first"))
    return entry.book


def _listen(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    path = _book(studio, entry)
    is_sound = path.suffix != ".epub"
    volume = _volume(path, path.stat().st_mtime_ns) if is_sound else None
    return render(
        "listen.html",
        volume=volume,
        media=f"/books/{entry.id}/media",
        **_file_variables(studio, entry),
        **(podcast_pages.listening_variables(volume) if volume else {}),
        **page_variables(studio, "book"),
    )


def _files(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    _book(studio, entry)
    return render("listen_files.html", **_file_variables(studio, entry))


def _file_variables(studio: Studio, entry: ShelfEntry) -> Values:
    made = {name: _file_of(studio, entry, name) for name in FORMATS}
    mp3 = made["mp3"]
    return {
        "entry": entry,
        "made": {name: path.stat().st_size for name, path in made.items() if path},
        "formats": FORMATS,
        "sounds": SOUND_FORMATS if entry.book and entry.book.suffix != ".epub" else (),
        "in_podcast": mp3 is not None
        and Episodes(studio.folder, studio.memory).place_of(mp3) is not None,
    }


@lru_cache(4)
def _volume(path: Path, _modified: int) -> Volume:
    """Return a book with its chapters and sentences, whatever format of sound it is in."""
    if path.suffix.lower() == ".mp3":
        return volumes.with_cover_and_cues(volumes.read_volume(path))
    contents = read_contents(path)
    rate = contents.rate
    ends = [chapter.end for chapter in contents.chapters]
    length = contents.samples or round(max(ends, default=0.0) * rate)
    starts = [round(sentence.start * rate) for sentence in contents.sentences]
    return Volume(
        path=path,
        name=path.stem,
        meta=Meta(
            title=contents.title,
            author=contents.author,
            narrator=contents.narrator,
            date=contents.date,
            language=languages.from_tag(contents.language),
        ),
        rate=rate,
        samples=length,
        size=contents.size,
        digest="",
        chapters=tuple(
            BoundChapter(
                title=chapter.title,
                start=round(chapter.start * rate),
                end=round(chapter.end * rate),
                level=chapter.level,
            )
            for chapter in contents.chapters
        ),
        cues=tuple(
            Cue(start, end, sentence.text)
            for start, end, sentence in zip(
                starts, [*starts[1:], length], contents.sentences, strict=False
            )
        ),
    )


def _media(studio: Studio, request: Request) -> Response:
    path = _book(studio, _entry(studio, request))
    return FileResponse(path, media_type=media_type(path.name) or None)


def _file_of(studio: Studio, entry: ShelfEntry, form: str) -> Path | None:
    """Return the finished book in a format; None if it is not made in it."""
    if form not in FORMATS:
        return None
    stem = entry.stem or entry.path.stem
    path = entry.home / files.fit_name(stem, SUFFIXES[form])
    if entry.path == entry.book and entry.path.suffix.lower() == SUFFIXES[form]:
        path = entry.path  # its ending may be in capitals
    is_source = path == entry.path and entry.path != entry.book
    is_there = path.is_file() and studio.library.is_inside(path)
    return path if is_there and not is_source else None


def _file(studio: Studio, request: Request) -> Response:
    entry = _entry(studio, request)
    path = _file_of(studio, entry, request.path_params["format"])
    if path is None:
        raise SourceError(message("this book is not made yet"), message("build it first"))
    return FileResponse(path, media_type=media_type(path.name) or None, filename=path.name)


def _export(studio: Studio, request: Request, values: Values) -> None:
    form = text_of(values, "format")
    if form not in FORMATS:
        raise UsageError(message("the page asked for something that is not known"))
    studio.queue.add(_entry(studio, request), form)


def _publish(studio: Studio, request: Request, values: Values) -> Values:
    """Put a book among those of the podcast, or take it out of them."""
    entry = _entry(studio, request)
    _book(studio, entry)
    path = _file_of(studio, entry, "mp3")
    episodes = Episodes(studio.folder, studio.memory)
    if not switch_of({"in": True, **values}, "in"):
        episodes.take_out(entry, path)
        studio.sharing.update()
        return {"told": localize(message("taken out of the podcast"))}
    if path is None:
        raise UsageError(
            message("a podcast is made of MP3 files"), message("make this book as an MP3 first")
        )
    episodes.add(entry, path)
    studio.sharing.update()
    return {"told": localize(message("added to the podcast"))}


def _check(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    path = _book(studio, entry)
    key = ("audit", path, path.stat().st_mtime_ns)
    found = studio.overviews.once(key, lambda: audit(path))
    label = localize(message("Waveform of the book"))
    waveform = plots.waveform(found, label)
    is_alone = entry.path == entry.book
    return render("check.html", audit=found, waveform=waveform, id=entry.id, is_alone=is_alone)
