"""Lets phones of this network hear the podcast, by a server of its own that knows nothing else."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app import home
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.podcast import serving
from audiobook.podcast.codes import svg_code
from audiobook.podcast.pages import LIBRARY_FEED, LIBRARY_SUBSCRIBE
from audiobook.podcast.serving.hosts import lasting_address, name_in

if TYPE_CHECKING:
    import socket
    from pathlib import Path

# Subscriptions hold it, so it is the same each time if it is free.
_PORT = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """How a phone gets to the podcast."""

    page: str
    """The address for a browser."""
    feed: str
    """The address for a podcast program."""
    lasting_feed: str
    """The same by the name of this machine, which stays; empty where it has none."""
    code: str
    """The address of the page that leads to podcast programs, as a QR code: an SVG element."""


class Sharing:
    """The podcast of a folder, while phones may hear it.

    Args:
        folder: the folder of its books.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._server: serving.BackgroundServer | None = None
        self.invitation: Invitation | None = None
        """None while nobody may."""

    def start(self) -> None:
        """Make the podcast for home, and let everybody in the network hear it.

        Raises:
            UsageError: there is no network, or no book, or the podcast is private.
            SourceError: no book can be read.
            OutputError: the podcast cannot be written.
        """
        with self._turn:
            if not home.has_books(self._folder):
                raise UsageError(
                    message("no book is in the podcast"), message("add one where you listen")
                )
            listeners = home.listeners_of(self._folder)
            if listeners.is_private:
                raise UsageError(
                    message("this podcast is private"),
                    message("serve it with `audiobook serve {folder}`", folder=self._folder),
                )
            home_site = home.write_site(self._folder)
            if self._server is not None:
                return
            # A podcast that becomes private meanwhile is so at once.
            app = serving.make_app(
                home_site.written.folder, root=home_site.root, listeners=listeners
            )
            open_port = _listen()
            page = serving.browser_address(open_port)
            if name_in(page) == (serving.LOCALHOST,):
                open_port.close()
                raise UsageError(
                    message("this machine is in no network"),
                    message("connect it to that of the phone"),
                )
            self._server = serving.BackgroundServer(app, open_port)
            self.invitation = _invite(page)

    def update(self) -> None:
        """Bring the podcast up to date, if phones may hear it.

        It stops if no book is left, or the podcast has become private.
        """
        if self.invitation is None:
            return
        if home.has_books(self._folder) and not home.listeners_of(self._folder).is_private:
            self.start()
        else:
            self.stop()

    def stop(self) -> None:
        """Let nobody hear it any more."""
        with self._turn:
            if self._server is not None:
                self._server.close()
            self._server = self.invitation = None


def _listen() -> socket.socket:
    try:
        return serving.listen(_PORT, serving.ALL_INTERFACES)
    except UsageError:  # in use
        return serving.listen(0, serving.ALL_INTERFACES)


def _invite(page: str) -> Invitation:
    feed = f"{page}{LIBRARY_FEED}"
    # A camera opens pages: this one has a button for each podcast program.
    code = svg_code(f"{page}{LIBRARY_SUBSCRIBE}")
    return Invitation(page=page, feed=feed, lasting_feed=lasting_address(feed), code=code)
