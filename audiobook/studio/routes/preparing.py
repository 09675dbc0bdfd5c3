"""A book before it is made: its chapters, what is left out, misprints, readings, voice, tags."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audiobook.app.lengths import estimate_chapters
from audiobook.app.voices import list_voices
from audiobook.config import NATURAL_VOICE, is_voice_unchosen, make_job
from audiobook.config.books import BookFile, read_book_files
from audiobook.config.casting import NAMED_ROLES
from audiobook.config.steps import STEPS
from audiobook.errors import AudiobookError, UsageError
from audiobook.messages import message
from audiobook.outputs import FORMATS
from audiobook.stages.readers.ocr import UNRECOGNISED_PAGES, lacking
from audiobook.studio import hearing, settings
from audiobook.studio.answers import (
    act,
    page,
    page_variables,
    refusal,
    switch_of,
    text_of,
    texts_of,
)
from audiobook.studio.covers import planned_cover
from audiobook.studio.estimates import estimate
from audiobook.studio.fields import PAUSES
from audiobook.studio.inputs import modified
from audiobook.studio.pages import render
from audiobook.studio.routes import correcting
from audiobook.studio.routes.voices import grouped

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio
    from audiobook.studio.entries import ShelfEntry

_TEXTS = ("title", "author", "narrator", "date", "publisher", "description")
_CHOICES = ("voice", "fallback", "format")
_RATIOS = ("speed", "pitch")
_LARGEST_COVER = 20 << 20
_STEP_HELP = {step.name: step.help for step in STEPS}
# Who gets the text that a voice of an engine speaks.
_COMPANIES = {
    "azure": "Microsoft",
    "edge": "Microsoft",
    "elevenlabs": "ElevenLabs",
    "fpt": "FPT",
    "gemini": "Google",
    "googlecloud": "Google",
    "gtts": "Google",
    "openai": "OpenAI",
}


def routes(studio: Studio) -> list[Route]:
    """Return the routes of these pages."""

    async def give_cover(request: Request) -> Response:
        try:
            data = bytearray()
            async for block in request.stream():
                data += block
                if len(data) > _LARGEST_COVER:
                    raise UsageError(message("the picture is too large"), message("shrink it"))
            _keep_cover(studio, _entry(studio, request), bytes(data))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as problem:  # noqa: BLE001 (told to the page)
            return refusal(problem)
        return JSONResponse({})

    book = "/books/{id}"
    return [
        Route(book, page(studio, _prepare)),
        Route(f"{book}/part/chapters", page(studio, _chapters)),
        Route(f"{book}/part/omissions", page(studio, _omissions)),
        Route(f"{book}/part/doubts", page(studio, _doubts)),
        Route(f"{book}/part/estimate", page(studio, _estimate)),
        Route(f"{book}/planned-cover", page(studio, _planned_cover)),
        Route(f"{book}/cover", give_cover, methods=["POST"]),
        Route(f"{book}/settings", act(studio, _change_settings), methods=["POST"]),
        Route(f"{book}/chapter", act(studio, _change_chapter), methods=["POST"]),
        Route(f"{book}/keep", act(studio, _keep), methods=["POST"]),
        Route(f"{book}/reading", act(studio, _teach), methods=["POST"]),
        *correcting.routes(studio),
        *hearing.routes(studio),
    ]


def _entry(studio: Studio, request: Request) -> ShelfEntry:
    return studio.library.entry(request.path_params["id"])


# --- the page and its parts ----------------------------------------------------------------------


def _prepare(studio: Studio, request: Request) -> Response | str:
    entry = _entry(studio, request)
    if entry.path == entry.book:
        return Response(status_code=303, headers={"location": f"/books/{entry.id}/listen"})
    wrong: AudiobookError | None = None
    chosen = BookFile()
    try:
        chosen = read_book_files(entry.path)
        job = studio.library.job(entry)
    except AudiobookError as problem:
        # The page is there nevertheless, so that what is wrong can be changed.
        wrong, job = problem, make_job("-", folder=entry.home)
    voices = [voice for voice in list_voices() if voice.speaks]
    return render(
        "prepare.html",
        entry=entry,
        job=job,
        wrong=wrong,
        chosen=chosen,
        voice_groups=grouped(voices),
        voices=voices,
        pauses=[(name, getattr(job.voice.pauses, name)) for name in PAUSES],
        formats=FORMATS,
        build=studio.queue.build_of(entry.id),
        failure=studio.memory.failure_of(entry.id, modified(entry.book)),
        natural=NATURAL_VOICE if is_voice_unchosen() else "",
        **page_variables(studio, "book"),
    )


def _chapters(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    overview = studio.overviews.open(studio.library.job(entry))
    changes = overview.document.changes
    pictures = sum(change.count for change in changes if change.step == UNRECOGNISED_PAGES)
    return render(
        "prepare_chapters.html",
        entry=entry,
        chapters=overview.chapters(),
        lengths=estimate_chapters(overview.document, overview.job),
        is_recognised=overview.job.ocr,
        pictures=pictures,
        lacking=lacking() if pictures else None,
    )


def _omissions(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    overview = studio.overviews.open(studio.library.job(entry))
    return render(
        "prepare_omissions.html",
        entry=entry,
        omissions=overview.omissions(),
        steps=_STEP_HELP,
        kept=overview.kept(),
        kept_steps=[(name, _STEP_HELP[name]) for name in overview.job.keep],
    )


def _doubts(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    job = studio.library.job(entry)
    taught = [entry for entry in job.lexicon if not entry.pattern]
    return render(
        "prepare_doubts.html",
        entry=entry,
        doubts=studio.overviews.doubts(job),
        taught=taught,
        lexicon=entry.lexicon_file.name,
    )


def _estimate(studio: Studio, request: Request) -> str:
    entry = _entry(studio, request)
    overview = studio.overviews.open(studio.library.job(entry))
    meta = overview.document.meta
    if studio.memory.names.get(entry.id) != [meta.title, meta.author]:
        studio.memory.names[entry.id] = [meta.title, meta.author]
        studio.memory.write()
    online = [voice for voice in overview.job.cast.voices if voice.network]
    return render(
        "estimate.html",
        estimate=estimate(overview, studio.memory.speeds),
        meta=meta,
        receivers=sorted({_COMPANIES.get(voice.engine, voice.name) for voice in online}),
    )


def _planned_cover(studio: Studio, request: Request) -> Response:
    entry = _entry(studio, request)
    meta = studio.overviews.open(studio.library.job(entry)).document.meta
    picture = planned_cover(meta)
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return Response(picture, media_type=kind)


# --- changes -------------------------------------------------------------------------------------


def _change_settings(studio: Studio, request: Request, values: Values) -> Values:
    entry = _entry(studio, request)
    for name in values:
        if name in (*_TEXTS, *_CHOICES):
            text = " ".join(text_of(values, name).split())
            settings.choose(studio.library, entry, **{name: text})
        elif name in _RATIOS:
            settings.choose(studio.library, entry, **{name: _number(values[name])})
        elif name == "ocr":
            settings.choose(studio.library, entry, ocr=switch_of(values, name))
        elif (pause := name.removeprefix("pause-")) in PAUSES:
            settings.put(studio.library, entry, "pauses", pause, _number(values[name]))
        elif (role := name.removeprefix("cast-")) in NAMED_ROLES:
            settings.put(studio.library, entry, "cast", role, text_of(values, name))
        else:
            raise UsageError(message("the page asked for something that is not known"))
    return {"file": entry.settings_file.name}


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as problem:
        raise UsageError(message("this is no number")) from problem
    if not math.isfinite(number):
        raise UsageError(message("this is no number"))
    return number


def _change_chapter(studio: Studio, request: Request, values: Values) -> Values:
    entry = _entry(studio, request)
    if "keys" in values:
        settings.choose(studio.library, entry, leave_out=texts_of(values, "keys"))
        return {"file": entry.settings_file.name}
    key = text_of(values, "key")
    if "read" in values:
        is_out = not switch_of(values, "read")
        settings.switch(studio.library, entry, "leave_out", key, on=is_out)
    else:
        title = " ".join(text_of(values, "title").split())
        settings.put(studio.library, entry, "titles", key, "" if title == key else title)
    return {"file": entry.settings_file.name}


def _keep(studio: Studio, request: Request, values: Values) -> Values:
    entry = _entry(studio, request)
    name = "keep" if "step" in values else "keep_text"
    item = text_of(values, "step" if "step" in values else "beginning")
    settings.switch(studio.library, entry, name, item, on=switch_of(values, "keep"))
    return {"file": entry.settings_file.name}


def _teach(studio: Studio, request: Request, values: Values) -> Values:
    entry = _entry(studio, request)
    settings.teach(
        studio.library,
        entry,
        text_of(values, "written"),
        text_of(values, "spoken"),
        case=switch_of(values, "case") if "case" in values else None,
    )
    return {"file": entry.lexicon_file.name}


def _keep_cover(studio: Studio, entry: ShelfEntry, data: bytes) -> None:
    from audiobook.outputs import cover

    cover.check_cover(data)
    settings.keep_cover(studio.library, entry, data)
