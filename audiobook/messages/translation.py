"""Messages in Vietnamese: the compiled catalogue, and values as Vietnamese writes them."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from string import Formatter
from typing import Any

from audiobook.messages import Message

_SWAP_SEPARATORS = str.maketrans(",.", ".,")
_COMPILED = "locale/vi/LC_MESSAGES/audiobook.mo"


def translate(text: str) -> str:
    """Return the translation of a message, or of a text that the catalogue holds."""
    if not isinstance(text, Message):
        return _look_up(text)
    if text.singular:
        template = _catalogue().ngettext(text.singular, text.template, text.values["count"])
    else:
        template = _look_up(text.template)
    return _FORMATTER.vformat(template, (), text.values) if text.values else template


def vietnamese_figure(figure: str) -> str:
    """Return a figure with the comma and the dots of Vietnamese."""
    return figure.translate(_SWAP_SEPARATORS)


class _Formatter(Formatter):
    """Puts values into a template: messages translated, numbers as Vietnamese writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return ", ".join(self.format_field(part, format_spec) for part in value)
        if isinstance(value, Message):
            return translate(value)
        text = format(value, format_spec)
        return vietnamese_figure(text) if isinstance(value, int | float) else text


_FORMATTER = _Formatter()


def _look_up(text: str) -> str:
    # The catalogue keeps the notes about itself under the empty text.
    return _catalogue().gettext(text) if text else text


@cache
def _catalogue() -> GNUTranslations:
    with files(__package__).joinpath(_COMPILED).open("rb") as compiled:
        return GNUTranslations(compiled)
