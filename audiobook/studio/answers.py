"""Turns functions that answer into endpoints: bounded input, errors as one line, in threads."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response

from audiobook.errors import (
    AudiobookError,
    SourceError,
    UnrecognisedError,
    UsageError,
    as_error,
)
from audiobook.messages import localize, message
from audiobook.stages.readers.ocr import lacking
from audiobook.studio.overviews import Pending, deferring
from audiobook.studio.pages import render
from audiobook.studio.remedies import message_for_pages

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from audiobook.studio.app import Studio

_LARGEST = 4 << 20
"""Bytes of a request that changes something: a pasted text is the longest of them."""

# Threads that look for answers of one kind, such as a sentence to be heard, so that those of other
# kinds find one. Whoever needs what takes long asks again so many times.
_AT_ONCE, _TRIES = 4, 4
_READ_PARTS = ("/part/chapters", "/part/text")
"""The parts of pages that show what was read."""

Value = TypeVar("Value")
Values = dict[str, Any]
_MOST_DIGITS = 15
# Such as the chapters of a book that are left out: writing a list takes time by its square.
_MOST_TEXTS = 5000


def page(
    studio: Studio, answer: Callable[[Studio, Request], Response | str]
) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page, or of a part of one.

    Args:
        studio: the state of the application.
        answer: returns the page.
    """
    limiter = CapacityLimiter(_AT_ONCE)

    async def endpoint(request: Request) -> Response:
        try:
            response = await _answered(limiter, answer, studio, request)
        except Exception as problem:  # noqa: BLE001 (shown on the page)
            error = as_error(problem)
            line = problem_line(error)
            if "/part/" in request.url.path:
                return HTMLResponse(_problem_part(error, line, request))
            status = 404 if isinstance(error, SourceError) else 500
            body = render("problem.html", line=line, **page_variables(studio, ""))
            return HTMLResponse(body, status)
        return HTMLResponse(response) if isinstance(response, str) else response

    return endpoint


def _problem_part(error: AudiobookError, line: str, request: Request) -> str:
    """Return what stands in place of a part; of a scan, one part says how it is recognised."""
    is_unrecognised = isinstance(error, UnrecognisedError)
    is_scan = is_unrecognised and request.url.path.endswith(_READ_PARTS)
    return render(
        "problem_part.html",
        line=line,
        is_told_elsewhere=is_unrecognised and not is_scan,
        scan=request.path_params["id"] if is_scan else "",
        lacking=lacking() if is_scan else None,
    )


async def _answered(
    limiter: CapacityLimiter, answer: Callable[..., Value], studio: Studio, *given: Any
) -> Value:
    """Return an answer, found in a thread; none is kept waiting for what takes long.

    An answer that needs such a thing is asked for again when it is there, so it must ask for it
    before it changes anything.

    Args:
        limiter: how many threads may look for answers of this kind.
        answer: finds it.
        studio: the state of the application.
        given: what else it is told.
    """

    def answer_now(may_defer: bool) -> Value:
        with deferring(may_defer=may_defer):
            return answer(studio, *given)

    for tries_left in range(_TRIES, -1, -1):
        try:
            return await run_sync(answer_now, tries_left > 0, limiter=limiter)
        except Pending as pending:
            # Whoever asked may go away, but others may wait for the same.
            await asyncio.shield(asyncio.wrap_future(pending.future))
    raise AssertionError("the last try does not defer")


def act(
    studio: Studio, answer: Callable[[Studio, Request, Values], Values | None]
) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a change: it takes a JSON object and answers with one.

    Args:
        studio: the state of the application.
        answer: makes the change, and returns what the page is told.
    """
    limiter = CapacityLimiter(_AT_ONCE)

    async def endpoint(request: Request) -> Response:
        try:
            values = await _read_values(request)
            told = await _answered(limiter, answer, studio, request, values)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as problem:  # noqa: BLE001 (told to the page)
            return refusal(problem)
        return JSONResponse(told or {})

    return endpoint


def refusal(problem: Exception) -> Response:
    """Return the answer to a change that could not be made."""
    return JSONResponse({"problem": problem_line(as_error(problem))}, 422)


def problem_line(problem: AudiobookError) -> str:
    """Return one line, in the language of the page, that says what happened and what to do."""
    return localize(message_for_pages(problem))


def page_variables(studio: Studio, kind: str) -> Values:
    """Return what the frame of every page shows.

    Args:
        studio: the state of the application.
        kind: which of the pages of the menu it belongs to.
    """
    return {
        "token": studio.admission.token,
        "kind": kind,
        "folder": _shown(studio.folder),
        "builds": studio.queue.builds(),
    }


def _shown(folder: Path) -> str:
    """Return the path of a folder as people write it."""
    whole = folder.resolve()
    home = Path.home()
    return f"~/{whole.relative_to(home)}" if whole.is_relative_to(home) else str(whole)


def text_of(values: Values, name: str, most: int = 10_000) -> str:
    """Return a text of a request.

    Raises:
        UsageError: it is missing, of another type or too long.
    """
    value = values.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise UsageError(message("the page asked for something that is not known"))
    return value


def texts_of(values: Values, name: str) -> list[str]:
    """Return a list of texts of a request.

    Raises:
        UsageError: it is missing, of another type or too long.
    """
    texts = values.get(name)
    if (
        not isinstance(texts, list)
        or len(texts) > _MOST_TEXTS
        or not all(isinstance(text, str) for text in texts)
    ):
        raise UsageError(message("the page asked for something that is not known"))
    return texts


def switch_of(values: Values, name: str) -> bool:
    """Return true or false of a request.

    Raises:
        UsageError: it is neither.
    """
    value = values.get(name)
    if not isinstance(value, bool):
        raise UsageError(message("the page asked for something that is not known"))
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("no page counts so far")
    return int(digits)


async def _read_values(request: Request) -> Values:
    data = bytearray()
    async for block in request.stream():
        data += block
        if len(data) > _LARGEST:
            raise UsageError(
                message("this is longer than {size} MB", size=_LARGEST >> 20),
                message("save it as a file and drop that"),
            )
    if not data:
        return {}
    try:
        values = json.loads(data, parse_int=_whole_number)
        json.dumps(values, ensure_ascii=False).encode()  # half a letter is a ValueError
    except (ValueError, RecursionError) as problem:
        raise UsageError(message("the page asked for something that is not known")) from problem
    if not isinstance(values, dict):
        raise UsageError(message("the page asked for something that is not known"))
    return values
