"""The page on which another machine gives the code that the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from audiobook.studio.guard import COOKIE, ENTRANCE
from audiobook.studio.pages import render

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.studio.app import Studio

_LONGEST = 200


def routes(studio: Studio) -> list[Route]:
    """Return the routes of this page."""

    async def enter(request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(render("enter.html", problem=""))
        data = b""
        async for block in request.stream():
            data += block
            if len(data) > _LONGEST:
                return Response(status_code=413)
        given = parse_qs(data.decode("ascii", "replace")).get("code", [""])[0]
        verdict = studio.admission.is_code(given) if studio.admission.code else False
        if verdict:
            response: Response = RedirectResponse("/", 303)
            response.set_cookie(
                COOKIE, studio.admission.cookie, httponly=True, samesite="strict", path="/"
            )
            return response
        problem = "wrong" if verdict is False else "often"
        return HTMLResponse(render("enter.html", problem=problem), 403)

    return [Route(ENTRANCE, enter, methods=["GET", "POST"])]
