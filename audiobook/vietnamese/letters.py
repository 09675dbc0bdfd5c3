"""Letters: one encoding for each, their names, and which texts can be spoken at all."""

from __future__ import annotations

import unicodedata
from typing import Literal

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.table import load_table

_SPACES = re.compile(r"[^\S\n]+")
_SPACE_AROUND_LINE_END = re.compile(r" ?\n ?")
# What no tag, page or transcript can hold: controls except tab and line ends, lone surrogates, and
# the code points that Unicode reserves as noncharacters.
_UNFIT_RANGES = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0x1FFFF, 0x110000, 0x10000))
)
_UNFIT = re.compile(f"[{_UNFIT_RANGES}]")
# What is neither seen nor spoken: those, soft hyphens, zero-width characters, direction marks,
# byte-order marks, variation selectors, object replacement characters, private use.
_UNSEEN = re.compile(
    f"[{_UNFIT_RANGES}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Letters in an unusual form: full width (of Chinese fonts), ligatures, Roman numerals as one
# character, styled letters and digits, digits of other scripts; and a Đ that is Icelandic or
# African.
_ODD = re.compile(
    "[ÐðɖƉ‐‑⁄ﬀ-ﬆ！-～Ⅰ-ⅿ₀-₉፩-፱᧚①-⒛⓪⓵-⓿❶-➓\U00010a40-\U00010a43\U00010e60-\U00010e68"
    "\U00011052-\U0001105a\U0001d400-\U0001d7ff\U0001f100-\U0001f10a]|(?![0-9])\\d"
)
# What nearly all text consists of: composed letters, and nothing of the above.
_ORDINARY = re.compile(
    "[\t\n -~\u00a0-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f"
    "\u1e00-\u1eff‒-―‘-”•…]*+"
)
_OURS = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "‐": "-", "‑": "-", "⁄": "/"}
_MOST_MARKS = 30
_TOWER = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_MARK_LEFT = re.compile("[\u0302\u0306\u031b]")
_TONE_FIRST = re.compile("([\u0300\u0301\u0303\u0309\u0323])([\u0302\u0306\u031b])")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ROWS = load_table("letters.tsv")
_NAMES = {
    "vietnamese": {letter: name for letter, name, *_ in _ROWS},
    "english": {letter: (*names, "")[1] or names[0] for letter, *names in _ROWS},
}
RAISED = "[⁰¹²³⁴-⁹]"
"""A character class: a superscript digit, of an exponent or of a note mark."""
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
CAPITALS = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
"""The capitals of Vietnamese, for a character class."""


def clean_letters(text: str) -> str:
    r"""Return a text in one encoding: NFC, plain spaces, ``\n`` line ends, nothing invisible.

    A run of spaces becomes one, and no line begins or ends with one; line ends stay.
    """
    if _ORDINARY.fullmatch(text) and " ".join(text.split()) == text:
        return text
    text = unify_letters(_LINE_ENDS.sub("\n", text))
    return _SPACE_AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text)).strip(" ")


def clean_line(text: str) -> str:
    r"""Return a text with its letters as from `clean_letters`, on one line.

    >>> clean_line("Tắt\0\x1b \r\n đe\u0300n")
    'Tắt đèn'
    """
    return " ".join(clean_letters(text).split())


def leave_out_unfit(text: str) -> str:
    r"""Return a text without what no tag, page or transcript can hold; every letter stays as it is.

    >>> leave_out_unfit("a\0b\ud800c\uffffd")
    'abcd'
    """
    return text if _ORDINARY.fullmatch(text) else _UNFIT.sub("", text)


def unify_letters(text: str) -> str:
    """Return a text in one encoding; spaces and line ends stay as they are.

    It is composed (NFC), without invisible characters, with Đ for its look-alikes, and with plain
    letters for full-width ones, ligatures and other styles.

    >>> unify_letters("Ｎăm ２０２６, Ðà Nẵng, chương Ⅳ, ﬁlm")
    'Năm 2026, Đà Nẵng, chương IV, film'
    """
    if _ORDINARY.fullmatch(text):
        return text
    return compose(_ODD.sub(_plain_letter, _UNSEEN.sub("", text)))


def compose(text: str) -> str:
    r"""Return a text with letters and marks composed (NFC), at most 30 marks a letter.

    That is the stream-safe form of Unicode (UAX 15, 13.4): to order more of them takes long, a
    minute for 300,000 on one letter.

    >>> compose("e" + "\u0301" * 1000).count("\u0301")
    29

    A tone typed before the mark of its vowel changes places with it: õ and ̂ are ỗ.

    >>> compose("\u00f5\u0302")
    'ỗ'
    """
    composed = unicodedata.normalize("NFC", _TOWER.sub(_limit_marks, text))
    if _MARK_LEFT.search(composed) is None:
        return composed
    decomposed = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _TONE_FIRST.sub(r"\2\1", decomposed))


def _limit_marks(match: re.Match[str]) -> str:
    signs: list[str] = []
    marks = 0
    for sign in match[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            signs.append(sign)
    return "".join(signs)


def _plain_letter(match: re.Match[str]) -> str:
    plain = _OURS.get(match[0]) or unicodedata.normalize("NFKC", match[0])
    if plain.isnumeric() and not plain.isascii():
        return f"{unicodedata.numeric(plain):.0f}"
    return plain


def is_speakable(text: str) -> bool:
    """Whether a text has a letter or a digit to speak; superscript digits alone only mark a note.

    >>> is_speakable("m²"), is_speakable("(²)")
    (True, False)
    """
    return any(sign.isalnum() and sign not in _RAISED for sign in text)


def spell(word: str, names: Literal["vietnamese", "english"] = "vietnamese") -> str:
    """Return the names of the letters of a word, as an acronym is read.

    Args:
        word: the word to spell, in any case.
        names: which names of the letters; English ones are written as Vietnamese speakers say them.

    >>> spell("ESA"), spell("AI", "english")
    ('e ét a', 'ây ai')
    """
    column = _NAMES[names]
    return " ".join(column.get(letter, letter) for letter in word.upper() if letter.isalnum())
