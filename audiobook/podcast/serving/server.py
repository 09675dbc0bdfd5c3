"""Answers requests on a port, with an application, until the process is interrupted."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.podcast.serving.hosts import LOCALHOST, local_network_address
from audiobook.system.memory import give_back_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn
    from starlette.types import ASGIApp

ALL_INTERFACES = "0.0.0.0"  # noqa: S104 (only where the user says --lan)

_BACKLOG = 2048
# Enough for some thousand connections; systems begin with 256 or 1,024.
_MOST_FILES = 8192
# Seconds that open requests have to finish when the server is stopped.
_GRACE = 1


def listen(port: int, host: str = LOCALHOST) -> socket.socket:
    """Open the port that `serve` answers on; 0 stands for any free port.

    Raises:
        UsageError: the port is in use, or not allowed.
    """
    try:
        return socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            what, other = message("port {port} is in use", port=port), _free_port(host)
        else:
            what = message("port {port} cannot be opened: {reason}", port=port, reason=problem)
            other = 8000
        remedy = message("choose another: --port {port}", port=other)
        raise UsageError(what, remedy) from problem


def serve(
    app: ASGIApp,
    open_port: socket.socket,
    report: Callable[[str], None] | None = None,
    shown: Callable[[str], str] = str,
    *,
    believes_proxies: bool = True,
) -> None:
    """Answer requests until the process is interrupted.

    Args:
        app: what `make_app` returned, or another application.
        open_port: what `listen` returned.
        report: called with a line for each request.
        shown: returns the path of a request as it may be shown there.
        believes_proxies: whether a proxy may say who asks, and by which scheme: one of this
            machine, or those that FORWARDED_ALLOW_IPS names.

    Raises:
        KeyboardInterrupt: the process was interrupted; the port is closed by then.
    """
    _allow_many_connections()
    # It sets up logging anew.
    server = _make_server(app, tells=report is not None, believes_proxies=believes_proxies)
    access = logging.getLogger("uvicorn.access")
    handler = _RequestReporter(report, shown) if report else logging.NullHandler()
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    access.propagate = False
    try:
        server.run(sockets=[open_port])
    finally:
        access.removeHandler(handler)


class BackgroundServer:
    """Answers requests in a thread, until it is closed.

    Args:
        app: what `make_app` returned, or another application.
        open_port: what `listen` returned; it is closed at the end.
    """

    def __init__(self, app: ASGIApp, open_port: socket.socket) -> None:
        self._open_port = open_port
        self._server = _make_server(app, tells=False, believes_proxies=True)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [open_port]}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop answering; open requests have a second to finish."""
        self._server.should_exit = True
        self._thread.join()
        self._open_port.close()


def _make_server(app: ASGIApp, *, tells: bool, believes_proxies: bool) -> uvicorn.Server:
    import uvicorn

    from audiobook.podcast.serving.protocol import PatientProtocol

    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        # Connections that end early are not worth a message.
        log_level="critical",
        access_log=tells,
        proxy_headers=believes_proxies,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        # Each half a minute.
        callback_notify=_give_back,
    )
    return uvicorn.Server(config)


async def _give_back() -> None:
    """Give back what many requests at once have taken."""
    give_back_memory()


def browser_address(open_port: socket.socket) -> str:
    """Return the address for browsers; on the local network, as other machines see it."""
    host, port = open_port.getsockname()
    return f"http://{local_network_address() if host == ALL_INTERFACES else host}:{port}/"


def _allow_many_connections() -> None:
    """Let this process open as many files as it may: a connection and what it is sent are two."""
    if sys.platform != "win32":
        import resource

        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _MOST_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_FILES)
        with suppress(OSError, ValueError):  # macOS allows fewer than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, wanted), most))


class _RequestReporter(logging.Handler):
    """Passes each line of uvicorn's access log to a function."""

    def __init__(self, report: Callable[[str], None], shown: Callable[[str], str]) -> None:
        super().__init__()
        self._report, self._shown = report, shown

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            client, method, path, _, status = record.args
            self._report(f"{client} {method} {self._shown(str(path))} {status}")


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])
