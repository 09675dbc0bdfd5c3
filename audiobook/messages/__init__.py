"""The messages of the program, in the language of the user.

All messages in the code are English. Before the user sees a message, `localize` looks the finished
text up in a catalogue of templates: English with ``{}`` for each value on the left, Vietnamese on
the right. A text that the catalogue does not hold stays as it is.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.messages.catalogue import Catalogue


def localize(text: str) -> str:
    """Return a message in the user's language; a text that is not a message is unchanged."""
    return _catalogue().translate(text) if is_vietnamese() else text


def localize_figure(english: str) -> str:
    """Return a figure such as 1,441.5 as it is written in the user's language."""
    if not is_vietnamese():
        return english
    from audiobook.messages.catalogue import vietnamese_figure

    return vietnamese_figure(english)


def is_vietnamese() -> bool:
    """Return whether the environment asks for Vietnamese; otherwise messages are in English.

    ``AUDIOBOOK_LANG`` decides if it is set. Else the locale does, by the first of ``LC_ALL``,
    ``LC_MESSAGES`` and ``LANG`` that is set, and in any locale but C the list in ``LANGUAGE``
    goes before it, as the manual of GNU gettext has it (2.3.3, Specifying a Priority List).
    """
    if override := os.environ.get("AUDIOBOOK_LANG"):
        return _is_language(override, "vi")
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, variables), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return False
    preferred = os.environ.get("LANGUAGE") or locale
    supported = (
        language
        for language in preferred.split(":")
        if _is_language(language, "vi") or _is_language(language, "en")
    )
    return _is_language(next(supported, ""), "vi")


def _is_language(locale: str, language: str) -> bool:
    return locale == language or locale.startswith((f"{language}_", f"{language}.", f"{language}@"))


@cache
def _catalogue() -> Catalogue:
    from audiobook.messages import catalogue

    return catalogue.load("vi")
