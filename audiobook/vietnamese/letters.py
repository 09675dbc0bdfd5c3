"""Letters: one spelling for each, their names, and which strings can be said at all."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from audiobook.vietnamese.table import load_table

_SPACES = re.compile(r"[^\S\n]+")
_SPACE_AROUND_LINE_END = re.compile(r" ?\n ?")
# What no tag, page or transcript can hold: controls but tab and line ends, lone surrogates, and
# what Unicode says is no character.
_UNFIT_RANGES = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0x1FFFF, 0x110000, 0x10000))
)
_UNFIT = re.compile(f"[{_UNFIT_RANGES}]")
# Not to be seen or said: those, soft hyphens, zero-width characters, direction marks, byte-order
# marks, variation selectors, stand-ins for objects, private use.
_UNSEEN = re.compile(
    f"[{_UNFIT_RANGES}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Letters that merely look strange: full width (of Chinese fonts), ligatures, Roman numerals in
# one piece, letters and digits in styles of their own, digits of other scripts; and a Đ that is
# Icelandic or African.
_ODD = re.compile(
    "[ÐðɖƉ‐‑⁄ﬀ-ﬆ！-～Ⅰ-ⅿ₀-₉፩-፱᧚①-⒛⓪⓵-⓿❶-➓\U00010a40-\U00010a43\U00010e60-\U00010e68"
    "\U00011052-\U0001105a\U0001d400-\U0001d7ff\U0001f100-\U0001f10a]|(?![0-9])\\d"
)
# What nearly all text is made of: composed letters, and nothing of the above.
_ORDINARY = re.compile(
    "[\t\n -~\u00a0-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f"
    "\u1e00-\u1eff‒-―‘-”•…]*+"
)
_OURS = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "‐": "-", "‑": "-", "⁄": "/"}
_MOST_MARKS = 30
_TOWER = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ROWS = load_table("letters.tsv")
_NAMES = {
    "vietnamese": {letter: name for letter, name, *_ in _ROWS},
    "english": {letter: (*names, "")[1] or names[0] for letter, *names in _ROWS},
}
RAISED = "[⁰¹²³⁴-⁹]"
"""A superscript digit: of an exponent, or of the mark of a note."""
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
CAPITALS = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
"""The capitals of Vietnamese, for a character class."""


def clean_letters(text: str) -> str:
    r"""Spell every letter one way: NFC, plain spaces, ``\n`` line ends, nothing unseen.

    Runs of spaces become one and the ends of lines carry none; line ends are kept.
    """
    if _ORDINARY.fullmatch(text) and " ".join(text.split()) == text:
        return text
    text = unify_letters(_LINE_ENDS.sub("\n", text))
    return _SPACE_AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text)).strip(" ")


def clean_line(text: str) -> str:
    r"""Spell every letter one way, as `clean_letters` does, and put the text on one line.

    >>> clean_line("Tắt\0\x1b \r\n đe\u0300n")
    'Tắt đèn'
    """
    return " ".join(clean_letters(text).split())


def leave_out_unfit(text: str) -> str:
    r"""Leave out what no tag, page or transcript can hold, and keep every letter as it is.

    >>> leave_out_unfit("a\0b\ud800c\uffffd")
    'abcd'
    """
    return text if _ORDINARY.fullmatch(text) else _UNFIT.sub("", text)


def unify_letters(text: str) -> str:
    """Spell every letter one way, and leave spaces and line ends alone.

    Composed (NFC), nothing unseen, Đ for its look-alikes, plain letters for those of full width,
    ligatures and other styles.

    >>> unify_letters("Ｎăm ２０２６, Ðà Nẵng, chương Ⅳ, ﬁlm")
    'Năm 2026, Đà Nẵng, chương IV, film'
    """
    if _ORDINARY.fullmatch(text):
        return text
    return compose(_ODD.sub(_plain_letter, _UNSEEN.sub("", text)))


def compose(text: str) -> str:
    r"""Compose letters and their marks (NFC), of which no letter keeps more than 30.

    That is what Unicode calls stream-safe (UAX 15, 13.4): to put more in order takes longer the
    more there are, a minute for 300,000 on one letter.

    >>> compose("e" + "\u0301" * 1000).count("\u0301")
    29
    """
    return unicodedata.normalize("NFC", _TOWER.sub(_limit_marks, text))


def _limit_marks(tower: re.Match[str]) -> str:
    signs: list[str] = []
    marks = 0
    for sign in tower[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            signs.append(sign)
    return "".join(signs)


def _plain_letter(odd: re.Match[str]) -> str:
    plain = _OURS.get(odd[0]) or unicodedata.normalize("NFKC", odd[0])
    if plain.isnumeric() and not plain.isascii():
        return f"{unicodedata.numeric(plain):.0f}"
    return plain


def is_speakable(text: str) -> bool:
    """Whether there is a letter or a digit to say; superscript digits alone mark a note.

    >>> is_speakable("m²"), is_speakable("(²)")
    (True, False)
    """
    return any(sign.isalnum() and sign not in _RAISED for sign in text)


def spell(word: str, names: Literal["vietnamese", "english"] = "vietnamese") -> str:
    """Name the letters one by one, as an acronym is read.

    Args:
        word: what to spell; its capitals do not matter.
        names: of the letters; the English ones as Vietnamese say them.

    >>> spell("ESA"), spell("AI", "english")
    ('e ét a', 'ây ai')
    """
    column = _NAMES[names]
    return " ".join(column.get(letter, letter) for letter in word.upper() if letter.isalnum())
