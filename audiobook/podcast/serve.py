"""Serves a site to browsers and podcast clients on this machine, or on the local network."""

from __future__ import annotations

import errno
import logging
import re
import socket
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from audiobook.errors import SourceError, UsageError
from audiobook.podcast.manifest import media_type
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

LOCALHOST, ALL_INTERFACES = "127.0.0.1", "0.0.0.0"  # noqa: S104 (only where the user says --lan)

# Web players on other sites fetch these files by script; other files they only play or show.
_ANY_ORIGIN = (".chapters.json", ".srt", ".vtt")
# RFC 9110, 14.2: a range header that is not a range of bytes is ignored.
_RANGE = re.compile(rb"\s*bytes\s*=\s*(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*\s*", re.IGNORECASE)
_BACKLOG = 2048
# Seconds that open requests have to finish when the server is stopped.
_GRACE = 1


def make_app(site: Path) -> Starlette:
    """Return the ASGI application that serves a site.

    It answers GET and HEAD, in full, in ranges or with 304. It serves no file outside the folder,
    no name that begins with a dot, and no list of a folder.

    Raises:
        SourceError: the folder holds no site.
        UsageError: what is needed to serve is not installed.
    """
    if not (site / "index.html").is_file():
        raise SourceError(
            f"{site} holds no site", "make one from a folder of books: audiobook feed"
        )
    try:
        from starlette.applications import Starlette
        from starlette.datastructures import Headers
        from starlette.exceptions import HTTPException
        from starlette.responses import FileResponse, PlainTextResponse
        from starlette.routing import Mount
        from starlette.staticfiles import NotModifiedResponse, StaticFiles
    except ImportError as problem:
        raise _not_installed(problem) from problem

    class Site(StaticFiles):
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
            kind = media_type(name) or None
            headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
            if name.endswith(_ANY_ORIGIN):
                headers["access-control-allow-origin"] = "*"
            scope["headers"] = [
                (name, value)
                for name, value in scope["headers"]
                if name != b"range" or _RANGE.fullmatch(value)
            ]
            response = FileResponse(full_path, status_code, headers, kind, stat_result=stat_result)
            if self.is_not_modified(response.headers, Headers(scope=scope)):
                unchanged = NotModifiedResponse(response.headers)
                unchanged.headers.update(headers)
                return unchanged
            return response

    async def not_found(_request: Request, _problem: Exception) -> Response:
        return PlainTextResponse("Not Found", 404)

    # A file that the server may not read is answered like one that does not exist.
    return Starlette(
        routes=[Mount("/", Site(directory=site, html=True))], exception_handlers={401: not_found}
    )


def listen(port: int, host: str = LOCALHOST) -> socket.socket:
    """Open the port that `serve` answers on; 0 stands for any free port.

    Raises:
        UsageError: the port is in use, or not allowed.
    """
    try:
        return socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            problem_text, remedy = "is in use", f"choose another: --port {_free_port(host)}"
        else:
            problem_text, remedy = (
                f"cannot be opened: {problem.strerror}",
                "choose another: --port 8000",
            )
        raise UsageError(f"port {port} {problem_text}", remedy) from problem


def serve(
    app: Starlette, listener: socket.socket, report: Callable[[str], None] | None = None
) -> None:
    """Answer requests until the process is interrupted.

    Args:
        app: what `make_app` returned.
        listener: what `listen` returned.
        report: called with a line for each request.

    Raises:
        KeyboardInterrupt: the process was interrupted; the port is closed by then.
        UsageError: what is needed to serve is not installed.
    """
    try:
        import uvicorn
    except ImportError as problem:
        raise _not_installed(problem) from problem

    access = logging.getLogger("uvicorn.access")
    handler = _RequestReporter(report) if report else logging.NullHandler()
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        # Connections that end early are not worth a message.
        log_level="critical",
        access_log=report is not None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    access.propagate = False
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        access.removeHandler(handler)


def browser_address(listener: socket.socket) -> str:
    """Return the address for browsers; on the local network, as other machines see it."""
    host, port = listener.getsockname()
    return f"http://{_local_network_address() if host == ALL_INTERFACES else host}:{port}/"


class _RequestReporter(logging.Handler):
    """Passes each line of uvicorn's access log to a function."""

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__()
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            client, method, path, _, status = record.args
            self._report(f"{client} {method} {path} {status}")


def _local_network_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a UDP socket only chooses the way out (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOCALHOST  # there is no network
        return str(probe.getsockname()[0])


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])


def _not_installed(problem: ImportError) -> UsageError:
    hint = install_hint("starlette", "uvicorn")
    return UsageError(f"serving is not installed ({problem.name})", hint)
