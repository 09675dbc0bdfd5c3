"""The misprints of a book: which are corrected, which are none, and what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from audiobook.config.books import read_book_files
from audiobook.messages import localize, plural
from audiobook.studio import settings
from audiobook.studio.answers import act, page, text_of
from audiobook.studio.misprints import replacement_for, undecided
from audiobook.studio.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio
    from audiobook.studio.entries import ShelfEntry


def routes(studio: Studio) -> list[Route]:
    """Return the routes of misprints."""
    return [
        Route("/books/{id}/part/misprints", page(studio, _misprints)),
        Route("/books/{id}/misprint", act(studio, _decide), methods=["POST"]),
    ]


def _entry(studio: Studio, request: Request) -> ShelfEntry:
    return studio.library.entry(request.path_params["id"])


def _misprints(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    found = undecided(entry, studio.overviews.misprints(studio.library.job(entry)))
    taken = [pair for pair in read_book_files(entry.path).replace if not pair.pattern]
    pairs = [[pair.find, pair.instead] for pair in taken]
    together = [pair for pair in studio.memory.accepted.get(entry.id, []) if pair in pairs]
    return render(
        "prepare_misprints.html", entry=entry, misprints=found, taken=taken, together=together
    )


def _decide(studio: Studio, request: Request, values: Values) -> Values:
    entry = _entry(studio, request)
    if values.get("undo") is True:
        pairs = studio.memory.accepted.pop(entry.id, [])
        settings.switch(studio.library, entry, "replace", *pairs, on=False)
        studio.memory.write()
        return {"file": entry.settings_file.name}
    if "undo" in values:
        pair = [text_of(values, "undo"), text_of(values, "instead")]
        settings.switch(studio.library, entry, "replace", pair, on=False)
        return {"file": entry.settings_file.name}
    found = undecided(entry, studio.overviews.misprints(studio.library.job(entry)))
    if values.get("all") is True:
        chosen = [misprint for misprint in found if misprint.is_sure]
    else:
        number = values.get("number")
        chosen = [misprint for misprint in found if misprint.number == number]
    if text_of(values, "verdict") == "leave":
        words = dict.fromkeys(misprint.written for misprint in chosen)
        settings.switch(studio.library, entry, "spelled", *words, on=True)
    else:
        pairs = [replacement_for(misprint) for misprint in chosen]
        settings.switch(studio.library, entry, "replace", *pairs, on=True)
        if values.get("all") is True:
            studio.memory.accepted[entry.id] = pairs
            studio.memory.write()
    told = {"file": entry.settings_file.name, "count": len(chosen)}
    if values.get("all") is True:
        corrected = plural(
            "{count:,} misprint corrected; it can be undone in the list",
            "{count:,} misprints corrected; they can be undone in the list, one or all",
            count=len(chosen),
        )
        told["told"] = localize(corrected)
    return told
