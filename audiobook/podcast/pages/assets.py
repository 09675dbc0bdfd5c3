"""The files that all pages share, and where they lie in a site."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from audiobook import design

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAYER_SCRIPTS = ("player.js", "page.js", "reading.js", "options.js")
"""The modules of a page to listen on, the one that imports the others first."""
LIBRARY_SCRIPTS = ("library.js", "page.js")
SUBSCRIBE_SCRIPTS = ("subscribe.js", "page.js")
OFFLINE_SCRIPT = "offline.js"
"""The module that the others fetch when a page is there."""
_ICONS = ("icon.svg", "icon-180.png", "icon-512.png")


def _read(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


ASSETS: Mapping[str, bytes] = {
    **{name: _read(name) for name in _ICONS},
    **{
        name: _read(name)
        for name in sorted({*PLAYER_SCRIPTS, *LIBRARY_SCRIPTS, *SUBSCRIBE_SCRIPTS, OFFLINE_SCRIPT})
    },
    "style.css": "\n".join(
        (design.TOKENS, design.BASE, _read("style.css").decode(), design.LISTENING)
    ).encode(),
}
"""The files by their names."""

WORKER: Mapping[str, bytes] = {"worker.js": _read("worker.js")}
"""The service worker, by its path in a site: it answers for the folder that it lies in."""

FOLDER = f"assets/{hashlib.sha256(b''.join(ASSETS.values())).hexdigest()[:10]}"
"""Where they lie from the root of a site. Scripts import each other by name, so that the folder
has another name whenever one of them changes: no browser mixes those of two versions."""

VERSION = hashlib.sha256(
    ASSETS["style.css"]
    + b"".join(
        file.read_bytes()
        for file in sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
        if file.is_file()
    )
).hexdigest()
"""Changes whenever the same book could get another page."""
