"""What the program says, in the language of whoever reads it.

The code says everything in English. Where it reaches the user it goes through `told`, which looks
the finished text up in a catalogue of templates: English with ``{}`` for each value on the left,
Vietnamese on the right. What the catalogue does not know stays as it is.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.messages.catalogue import Catalogue


def told(text: str) -> str:
    """Return a text of ours in the reader's language; one that is not ours comes back as it is."""
    return _catalogue().translate(text) if is_vietnamese() else text


def figure(written: str) -> str:
    """Return a figure such as 1,441.5 as the reader writes it."""
    if not is_vietnamese():
        return written
    from audiobook.messages.catalogue import write_figure

    return write_figure(written)


def is_vietnamese() -> bool:
    """Whether the environment asks for Vietnamese; any other language is answered in English.

    ``AUDIOBOOK_LANG`` decides if it is set. Else the locale does, by the first of ``LC_ALL``,
    ``LC_MESSAGES`` and ``LANG`` that is set, and in any locale but C the list in ``LANGUAGE``
    goes before it, as the manual of GNU gettext has it (2.3.3, Specifying a Priority List).
    """
    if chosen := os.environ.get("AUDIOBOOK_LANG"):
        return _speaks(chosen, "vi")
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, variables), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return False
    wanted = os.environ.get("LANGUAGE") or locale
    ours = (one for one in wanted.split(":") if _speaks(one, "vi") or _speaks(one, "en"))
    return _speaks(next(ours, ""), "vi")


def _speaks(locale: str, language: str) -> bool:
    return locale == language or locale.startswith((f"{language}_", f"{language}.", f"{language}@"))


@cache
def _catalogue() -> Catalogue:
    from audiobook.messages import catalogue

    return catalogue.load("vi")
