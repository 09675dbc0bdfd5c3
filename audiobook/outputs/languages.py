"""Converts languages between BCP 47 and ISO 639-2, which older tags use."""

from __future__ import annotations

# ISO 639-1 -> 639-2.
_THREE_LETTERS = {"vi": "vie", "en": "eng", "fr": "fra", "de": "deu", "zh": "zho"}


def three_letters(language: str) -> str:
    """Return the ISO 639-2 code of a BCP 47 language; ``und`` for those not known here."""
    return _THREE_LETTERS.get(language[:2], "und")


def from_tag(text: str) -> str:
    """Return the BCP 47 language of a tag, which holds it or an ISO 639-2 code.

    >>> from_tag("vie"), from_tag("vi-VN"), from_tag("und")
    ('vi', 'vi-VN', '')
    """
    return text if text[:2] in _THREE_LETTERS and text[2:3] in ("", "-") else two_letters(text)


def two_letters(code: str) -> str:
    """Return the BCP 47 language of an ISO 639-2 code; empty for those not known here."""
    return next((two for two, three in _THREE_LETTERS.items() if three == code.lower()), "")
