"""Titles and names as programs sort them that know the order of English letters only."""

from __future__ import annotations

import unicodedata


def sort_form(text: str) -> str:
    """Return a text without accents; empty if it has none, because programs then sort it as it is.

    >>> sort_form("Tắt đèn"), sort_form("Dune")
    ('Tat den', '')
    """
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    plain = plain.replace("đ", "d").replace("Đ", "D")
    return "" if plain == text else plain
