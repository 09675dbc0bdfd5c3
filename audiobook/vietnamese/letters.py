"""Letters: one spelling for each, their names, and which strings can be said at all."""

from __future__ import annotations

import re
import unicodedata

from audiobook.vietnamese.table import load_pairs

_SPACES = re.compile(r"[^\S\n]+")
_SPACE_AROUND_LINE_END = re.compile(r" ?\n ?")
# Not to be seen or said: controls but tab and line end, soft hyphens, zero-width characters,
# direction marks, byte-order marks, variation selectors, lone surrogates, private use.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NAMES = load_pairs("letters.tsv")


def clean_letters(text: str) -> str:
    r"""Spell every letter one way: NFC, plain spaces, ``\n`` line ends, nothing unseen.

    Runs of spaces become one and the ends of lines carry none; line ends are kept, and letters
    that merely look strange (full-width forms, ligatures) stay as they are.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return _SPACE_AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text)).strip(" ")


def is_speakable(text: str) -> bool:
    """Whether there is a letter or a digit to say."""
    return any(character.isalnum() for character in text)


def spell(word: str) -> str:
    """Name the letters one by one, as an acronym is read.

    >>> spell("ESA")
    'e ét a'
    """
    return " ".join(_NAMES.get(letter, letter) for letter in word.upper() if letter.isalnum())
