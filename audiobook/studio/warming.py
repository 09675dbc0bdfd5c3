"""Loads what pages need before anybody asks for one: the first answer comes as soon as others."""

from __future__ import annotations

import threading

from audiobook.app.voices import list_voices
from audiobook.studio.pages import compile_pages


def warm_up() -> None:
    """Begin to compile the pages, and to load the engines that the list of voices asks."""
    threading.Thread(target=_load, name="warming", daemon=True).start()


def _load() -> None:
    from audiobook.outputs import epub  # noqa: F401 (which texts on the shelf are books of ours)

    compile_pages()
    list_voices()
