"""The shelf: all books, and how new ones get there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audiobook.messages import localize, message
from audiobook.studio import uploads
from audiobook.studio.answers import (
    act,
    page,
    page_variables,
    refusal,
    switch_of,
    text_of,
    texts_of,
)
from audiobook.studio.covers import cover_of
from audiobook.studio.inputs import modified
from audiobook.studio.pages import render

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio

_ADDRESS = re.compile(r"https?://\S*", re.IGNORECASE)


def routes(studio: Studio) -> list[Route]:
    """Return the routes of the shelf."""

    async def add_file(request: Request) -> Response:
        try:
            name, batch = (request.query_params.get(key, "") for key in ("name", "batch"))
            path = await uploads.receive(studio.folder, name, request.stream(), batch)
            if batch:
                return JSONResponse({"name": path.name})
            return JSONResponse(await run_in_threadpool(_added, studio, path))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as problem:  # noqa: BLE001 (told to the page)
            return refusal(problem)

    return [
        Route("/", page(studio, _shelf)),
        Route("/part/shelf", page(studio, _books)),
        Route("/add/file", add_file, methods=["POST"]),
        Route("/add/joined", act(studio, _add_joined), methods=["POST"]),
        Route("/add/text", act(studio, _add_text), methods=["POST"]),
        Route("/books/{id}/cover", page(studio, _cover)),
        Route("/books/{id}/remove", act(studio, _remove), methods=["POST"]),
    ]


def _shelf(studio: Studio, _request: Request) -> str:
    return render("shelf.html", **_shelf_variables(studio), **page_variables(studio, "shelf"))


def _books(studio: Studio, _request: Request) -> str:
    return render("shelf_books.html", **_shelf_variables(studio))


def _shelf_variables(studio: Studio) -> Values:
    entries = studio.library.entries()
    memory = studio.memory
    return {
        "entries": entries,
        "links_out": [path.relative_to(studio.library.folder) for path in studio.library.links_out],
        "builds_by_id": {build.id: build for build in studio.queue.builds()},
        "failed": {
            entry.id: memory.failure_of(entry.id, modified(entry.book)) for entry in entries
        },
        "separator": os.sep,
    }


def _add_text(studio: Studio, _request: Request, values: Values) -> Values:
    text = text_of(values, "text", 4 << 20)
    if _ADDRESS.fullmatch(text.strip()):
        return _added(studio, uploads.write_page(studio.folder, text.strip()))
    return _added(studio, uploads.write_text(studio.folder, text))


def _add_joined(studio: Studio, _request: Request, values: Values) -> Values:
    names = texts_of(values, "names")
    title = " ".join(text_of(values, "title").split())
    batch, is_chosen = text_of(values, "batch"), switch_of(values, "chosen")
    return _added(studio, uploads.join(studio.folder, batch, names, title, is_chosen=is_chosen))


def _added(studio: Studio, path: Path) -> Values:
    entry = studio.library.entry_at(path)
    return {"id": entry.id, "title": entry.title, "address": f"/books/{entry.id}"}


def _remove(studio: Studio, request: Request, _values: Values) -> Values:
    entry = studio.library.entry(request.path_params["id"])
    studio.queue.cancel(entry.id)
    aside = studio.library.remove(entry)
    place = aside.relative_to(studio.folder)
    return {"told": localize(message("taken off the shelf, and kept in {place}", place=place))}


def _cover(studio: Studio, request: Request) -> Response:
    entry = studio.library.entry(request.path_params["id"])
    picture = cover_of(studio.library, entry)
    if picture is None:
        return Response(status_code=404)
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return Response(picture, media_type=kind, headers={"cache-control": "private, max-age=600"})
