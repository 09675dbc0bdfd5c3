"""Answers what is to be heard: a sentence of a book, or a voice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from audiobook.app.hearing import has_takes, hear, in_take, sound_of
from audiobook.app.voice_samples import SAMPLE
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.stages.turns import sentence_key
from audiobook.studio import settings
from audiobook.studio.answers import act, page, page_variables, text_of
from audiobook.studio.pages import render
from audiobook.studio.ranges import ranged

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.model import Document, Job
    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio
    from audiobook.studio.entries import ShelfEntry

_KEY = re.compile(r"[0-9a-f]{40}")
_LONGEST = 3000
_MOST_TAKES = 99


def routes(studio: Studio) -> list[Route]:
    """Return the routes of sounds, and of the page on which a book is read and heard."""
    return [
        Route("/books/{id}/read", page(studio, _read)),
        Route("/books/{id}/part/text", page(studio, _text)),
        Route("/books/{id}/hear", act(studio, _hear), methods=["POST"]),
        Route("/books/{id}/take", act(studio, _take), methods=["POST"]),
        Route("/books/{id}/sound/{key}", page(studio, _sound)),
    ]


def _job(studio: Studio, entry: ShelfEntry) -> Job:
    """Return the job of a book as it is recorded for an MP3, which every browser plays."""
    job = studio.library.job(entry)
    return job if job.sound.format == "mp3" else studio.library.job(entry, form="mp3")


def _read(studio: Studio, request: Request) -> str:
    entry = studio.library.entry(request.path_params["id"])
    return render(
        "read.html",
        entry=entry,
        number=_number(request),
        **page_variables(studio, "book"),
    )


def _text(studio: Studio, request: Request) -> str:
    entry = studio.library.entry(request.path_params["id"])
    overview = studio.overviews.open(studio.library.job(entry))
    chapters, takes = overview.chapters(), dict(overview.job.takes)
    number = min(max(1, _number(request)), len(chapters))
    return render(
        "read_text.html",
        entry=entry,
        chapters=chapters,
        chapter=chapters[number - 1],
        paragraphs=list(overview.sentences(number)),
        take_of=lambda text: takes.get(sentence_key(text), 1),
        has_takes=has_takes(overview.job),
    )


def _number(request: Request) -> int:
    given = request.query_params.get("chapter", "1")
    return int(given) if given.isdecimal() and len(given) < 7 else 1


def _hear(studio: Studio, request: Request, values: Values) -> Values:
    entry = studio.library.entry(request.path_params["id"])
    job = _job(studio, entry)
    text = text_of(values, "text", _LONGEST) or job.voice.sample or SAMPLE
    return _heard(entry, job, text, *_place(studio, job, values))


def _take(studio: Studio, request: Request, values: Values) -> Values:
    """Let a sentence be heard in another take, and keep that choice once it has been spoken."""
    entry = studio.library.entry(request.path_params["id"])
    text, take = text_of(values, "text", _LONGEST), values.get("take")
    if not isinstance(take, int) or not 1 <= take <= _MOST_TAKES:
        raise UsageError(message("the page asked for something that is not known"))
    job = _job(studio, entry)
    place = _place(studio, job, values)
    job = in_take(job, text, take, *place)
    heard = _heard(entry, job, text, *place)
    key = sentence_key(text)
    settings.put(studio.library, entry, "takes", key, "" if take == 1 else take)
    if take == 1 and key in dict(studio.library.job(entry).takes):  # of a file for several texts
        settings.put(studio.library, entry, "takes", key, 1)
    return {**heard, "take": take, "file": entry.settings_file.name}


def _place(studio: Studio, job: Job, values: Values) -> tuple[Document | None, int]:
    """Return the book that a sentence is in, if the page tells, and the number of its chapter."""
    given = values.get("chapter")
    number = given if isinstance(given, int) else 0
    document = studio.overviews.document_if_open(job) if number else None
    if document is not None and not 1 <= number <= len(document.chapters):
        document = None
    return document, number


def _heard(
    entry: ShelfEntry, job: Job, text: str, document: Document | None, number: int
) -> Values:
    heard = hear(job, text, document, number)
    return {
        "address": f"/books/{entry.id}/sound/{heard.key}",
        "start": heard.start,
        "end": heard.end,
    }


def _sound(studio: Studio, request: Request) -> Response:
    entry = studio.library.entry(request.path_params["id"])
    key = request.path_params["key"]
    data = sound_of(_job(studio, entry), key) if _KEY.fullmatch(key) else None
    return ranged(request, data, "audio/mpeg") if data else Response(status_code=404)
