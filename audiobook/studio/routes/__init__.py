"""What is answered at which address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from audiobook.podcast.manifest import media_type
from audiobook.studio import pages
from audiobook.studio.routes import (
    building,
    cloning,
    entering,
    listening,
    podcast,
    preparing,
    shelf,
    voices,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.studio.app import Studio

_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def make_routes(studio: Studio) -> Starlette:
    """Return the application that answers, without what guards it."""

    async def not_found(_request: Request, _problem: Exception) -> Response:
        return PlainTextResponse("Not Found", 404)

    return Starlette(
        routes=[
            Route("/assets/{version}/{name}", _asset),
            *entering.routes(studio),
            *shelf.routes(studio),
            *preparing.routes(studio),
            *building.routes(studio),
            *listening.routes(studio),
            *podcast.routes(studio),
            *cloning.routes(),
            *voices.routes(studio),
        ],
        exception_handlers={404: not_found},
    )


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    data = pages.ASSETS.get(name)
    if data is None:
        return PlainTextResponse("Not Found", 404)
    kind = _TYPES.get(name.rpartition(".")[2]) or media_type(name)
    # The address changes with the content.
    is_current = request.path_params["version"] == pages.VERSION
    headers = {"cache-control": "max-age=31536000, immutable" if is_current else "no-cache"}
    return Response(data, media_type=kind, headers=headers)
