"""The podcast: the books that are in it, its feed, and where it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from audiobook.errors import AudiobookError, UsageError
from audiobook.messages import localize, message, plural
from audiobook.podcast import library as podcast_library
from audiobook.podcast import publish, site, state
from audiobook.podcast.pages import LIBRARY_FEED
from audiobook.podcast.targets import open_target
from audiobook.studio.answers import act, page, page_variables, switch_of, text_of
from audiobook.studio.library import PODCAST
from audiobook.studio.pages import render
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from audiobook.messages import Message
    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio


def routes(studio: Studio) -> list[Route]:
    """Return the routes of these pages."""
    return [
        Route("/podcast", page(studio, _podcast)),
        Route("/part/podcast", page(studio, _parts)),
        Route("/podcast/remove", act(studio, _remove), methods=["POST"]),
        Route("/podcast/feed", act(studio, _write_feed), methods=["POST"]),
        Route("/podcast/share", act(studio, _share), methods=["POST"]),
        Route("/podcast/publish", act(studio, _publish), methods=["POST"]),
    ]


def _podcast(studio: Studio, _request: Request) -> str:
    return render("podcast.html", **_variables(studio), **page_variables(studio, "podcast"))


def _parts(studio: Studio, _request: Request) -> str:
    return render("podcast_parts.html", **_variables(studio))


def _variables(studio: Studio) -> Values:
    folder = studio.folder / PODCAST
    address = _address(folder)
    entries = {entry.book.name: entry for entry in studio.library.entries() if entry.book}
    return {
        "books": [
            {
                "file": path.name,
                "title": entry.title if (entry := entries.get(path.name)) else path.stem,
                "id": entry.id if entry else "",
            }
            for path in (podcast_library.find_books(folder) if folder.is_dir() else [])
        ],
        "address": address,
        "feed": f"{address.rstrip('/')}/{LIBRARY_FEED}" if address else "",
        "site_folder": f"{PODCAST}/{site.FOLDER}",
        "targets": studio.targets,
        "invitation": studio.sharing.invitation,
    }


def _remove(studio: Studio, _request: Request, values: Values) -> Values:
    """Take a book out of the podcast; the book itself stays where it is."""
    folder, name = studio.folder / PODCAST, text_of(values, "file")
    books = podcast_library.find_books(folder) if folder.is_dir() else []
    for path in books:
        if path.name == name:
            files.remove(path)
    studio.sharing.update()
    return {"told": localize(message("taken out of the podcast"))}


def _address(folder: Path) -> str:
    """Return the address that the feed was made for the last time; empty if it never was."""
    try:
        return state.read(folder / site.FOLDER).url
    except AudiobookError:
        return ""


def _write_feed(studio: Studio, _request: Request, values: Values) -> Values:
    folder = studio.folder / PODCAST
    if not folder.is_dir():
        raise UsageError(message("no book is in the podcast"), message("add one where you listen"))
    written = site.write(folder, url=text_of(values, "url").strip())
    told = plural(
        "feed of {count:,} book: {feed}",
        "feed of {count:,} books: {feed}",
        count=written.books,
        feed=written.feeds[0],
    )
    return {"told": localize(told)}


def _share(studio: Studio, _request: Request, values: Values) -> Values:
    """Let phones of this network hear the podcast, or no longer."""
    if not switch_of(values, "on"):
        studio.sharing.stop()
        return {"told": localize(message("phones can no longer hear it"))}
    studio.sharing.start()
    return {"told": localize(message("phones in your network can hear it now"))}


def _publish(studio: Studio, _request: Request, values: Values) -> Values:
    target = text_of(values, "target")
    if target not in studio.targets:  # a page must not write anywhere on this machine
        raise UsageError(
            message("{target} is not one of the places to publish to", target=target),
            message("start the studio with --target {target}", target=target),
        )
    with open_target(target) as connection:
        notes: list[Message] = []
        plan = publish.publish(studio.folder / PODCAST, connection, publish.Options(), notes.append)
    if not plan.send:
        return {"told": localize(message("everything there is up to date"))}
    sent = plural("{count:,} file sent", "{count:,} files sent", count=len(plan.send))
    return {"told": " ".join(map(localize, (*notes, sent)))}
