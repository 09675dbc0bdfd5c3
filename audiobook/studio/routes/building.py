"""The queue: what is being built, how far it is, and what may be done with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from audiobook.messages import in_language, is_vietnamese, localize, message
from audiobook.studio.answers import act, page, page_variables, problem_line
from audiobook.studio.builds import Stage
from audiobook.studio.fields import field_for
from audiobook.studio.pages import render

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio
    from audiobook.studio.builds import Build

# Seconds.
_PULSE, _BEAT = 0.25, 15.0


def routes(studio: Studio) -> list[Route]:
    """Return the routes of the queue."""

    async def events(_request: Request) -> Response:
        language = "vi" if is_vietnamese() else "en"
        return StreamingResponse(
            _events(studio, language),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    book = "/books/{id}"
    return [
        Route("/queue", page(studio, _queue)),
        Route("/part/queue", page(studio, _builds)),
        Route("/events", events),
        Route(f"{book}/build", act(studio, _start), methods=["POST"]),
        Route(f"{book}/pause", act(studio, _pause), methods=["POST"]),
        Route(f"{book}/resume", act(studio, _resume), methods=["POST"]),
        Route(f"{book}/cancel", act(studio, _cancel), methods=["POST"]),
    ]


def _queue(studio: Studio, _request: Request) -> str:
    return render("queue.html", **page_variables(studio, "queue"))


def _builds(studio: Studio, _request: Request) -> str:
    return render("queue_builds.html", builds=studio.queue.builds())


def _start(studio: Studio, request: Request, _values: Values) -> None:
    studio.queue.add(studio.library.entry(request.path_params["id"]))


def _pause(studio: Studio, request: Request, _values: Values) -> None:
    studio.queue.pause(request.path_params["id"])


def _resume(studio: Studio, request: Request, _values: Values) -> None:
    studio.queue.resume(request.path_params["id"])


def _cancel(studio: Studio, request: Request, _values: Values) -> None:
    studio.queue.cancel(request.path_params["id"])


async def _events(studio: Studio, language: str) -> AsyncIterator[str]:
    """Yield the whole state of the queue whenever it has changed, else now and then a beat."""
    shown, quiet = (-1, -1), 0.0
    while True:
        current = studio.queue.version, studio.overviews.version
        if current != shown:
            shown, quiet = current, 0.0
            with in_language(language):
                event = json.dumps(_state(studio))
            yield f"data: {event}\n\n"
        elif quiet >= _BEAT:
            quiet = 0.0
            yield ":\n\n"
        await anyio.sleep(_PULSE)
        quiet += _PULSE


def _state(studio: Studio) -> dict[str, Any]:
    return {
        "run": studio.admission.token[:8],
        "builds": [_told(build) for build in studio.queue.builds()],
        "recognised": {
            studio.library.id_of(Path(source)): {
                "share": round(page / pages, 4),
                "line": localize(
                    message("recognises page {page} of {pages}", page=page, pages=pages)
                ),
            }
            for source, (page, pages) in list(studio.overviews.recognised.items())
        },
    }


def _told(build: Build) -> dict[str, Any]:
    return {
        "id": build.id,
        "stage": build.stage,
        "share": round(build.share, 4),
        "title": build.title,
        "line": render("build_line.html", build=build).strip(),
        "chapters": {
            str(number): round(chapter.recorded / chapter.characters, 3)
            if chapter.characters
            else 1
            for number, chapter in build.chapters.items()
        },
        "problem": problem_line(build.failure) if build.failure else "",
        "field": field_for(build.failure) if build.failure else "",
        "ended": build.stage in (Stage.DONE, Stage.FAILED),
    }
