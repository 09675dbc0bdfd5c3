"""The application that answers requests for the files of a site."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.podcast.manifest import media_type
from audiobook.podcast.serving.hosts import OwnHosts
from audiobook.podcast.serving.listeners import Listeners, OnlyListeners
from audiobook.podcast.serving.parts import PartialFile

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Web players on other sites fetch these files by script; other files they only play or show.
_ANY_ORIGIN = (".chapters.json", ".srt", ".vtt")
_TEXTS = (".css", ".html", ".js", ".json", ".srt", ".svg", ".vtt", ".xml", "/")
# What may name the address of the site.
_ADDRESSED = (".chapters.json", ".html", ".txt", ".xml")
# Asks directories to leave a feed out.
_BLOCKED = b"<channel>\n    <itunes:block>Yes</itunes:block>"
_HEADERS = {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    # The pages themselves say what they need of this; no other page may show them in a frame.
    "content-security-policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


def make_app(
    site: Path,
    *,
    names: Iterable[str] = (),
    root: str = "",
    listeners: Listeners | None = None,
) -> Starlette:
    """Return the ASGI application that serves a site.

    It answers GET and HEAD, in full, in ranges or with 304. It serves no file outside the folder,
    no name that begins with a dot, and no list of a folder. It answers only to numeric addresses,
    to localhost, and to the names of this machine.

    Args:
        site: the folder of the site.
        names: other names that it answers to, such as that of a proxy before it.
        root: the address that the site was written for, if it is to be found at whichever it is
            asked for: that one then stands in feeds and pages instead.
        listeners: those who may ask, each at their own address, as long as the podcast is private;
            None for everybody. It needs a root.

    Raises:
        SourceError: there is no such folder, or it holds no site.
    """
    if not site.is_dir():
        raise SourceError(
            message("there is no folder {folder}", folder=site),
            message("name the folder of a podcast"),
        )
    if not (site / "index.html").is_file():
        raise SourceError(
            message("{site} holds no site", site=site),
            message("make one from a folder of books: audiobook feed"),
        )

    async def not_found(_request: Request, _problem: Exception) -> Response:
        return PlainTextResponse("Not Found", 404)

    only = [] if listeners is None else [Middleware(OnlyListeners, listeners=listeners)]
    return Starlette(
        routes=[Mount("/", _SiteFiles(site, root.encode()))],
        middleware=[Middleware(OwnHosts, names=names), *only, Middleware(_TextCompression)],
        # A file that the server may not read is answered like one that does not exist.
        exception_handlers={401: not_found},
    )


class _SiteFiles(StaticFiles):
    def __init__(self, site: Path, root: bytes) -> None:
        super().__init__(directory=site, html=True)
        self._root = root

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") for part in PurePath(path).parts):
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        name = PurePath(full_path).name.lower()
        kind = media_type(name)
        if name.endswith(".xml"):  # browsers guess the encoding of a feed wrongly
            kind += "; charset=utf-8"
        headers = dict(_HEADERS)
        if scope.get("app_root_path"):  # that of a listener: nobody else keeps it
            headers["cache-control"] = f"private, {headers['cache-control']}"
        if self._root:
            headers["x-robots-tag"] = "noindex"
        if name.endswith(_ANY_ORIGIN):
            headers["access-control-allow-origin"] = "*"
        requested = Headers(scope=scope)
        response: Response
        if self._root and name.endswith(_ADDRESSED):
            response = self._addressed(Path(full_path), scope, requested, headers, kind)
        else:
            response = PartialFile(full_path, status_code, headers, kind or None, stat_result)
            response.take_part(requested)
        if self.is_not_modified(response.headers, requested):
            unchanged = NotModifiedResponse(response.headers)
            unchanged.headers.update(headers)
            return unchanged
        return response

    def _addressed(
        self, path: Path, scope: Scope, requested: Headers, headers: dict[str, str], kind: str
    ) -> Response:
        """Return a file in which the address that it is asked for stands for that of the site."""
        token = scope.get("app_root_path", "")  # empty where everybody may ask
        own = f"{scope['scheme']}://{requested['host']}{token}".encode()
        body = path.read_bytes().replace(self._root, own)
        if token:
            body = body.replace(b"<channel>", _BLOCKED, 1)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return Response(body, 200, {**headers, "etag": etag}, kind)


class _TextCompression:
    """Compresses texts where the client takes that; sound and parts of files stay as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._compressed = app, GZipMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_weakly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "content-encoding" in headers and "etag" in headers:
                    # The same content, but other bytes: no part of them may follow (RFC 9110, 8.8).
                    headers["etag"] = f"W/{headers['etag'].removeprefix('W/')}"
            await send(message)

        is_text = scope["type"] == "http" and scope["path"].lower().endswith(_TEXTS)
        if is_text and "range" not in Headers(scope=scope):
            await self._compressed(scope, receive, send_weakly)
        else:
            await self._app(scope, receive, send)
