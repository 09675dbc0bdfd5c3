"""How Vietnamese a text is, and which of several readings is."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REMEDY = "open it where it reads right and save it as UTF-8"
# The encoding is judged by so many pieces of so many bytes, from all over the text.
PIECES, PIECE = 64, 1024
_LONG_ASCII = re.compile(rb"([\x00-\x7f]{100})[\x00-\x7f]+")
# Share of the words with marks that must be Vietnamese, and of all words where those are few.
CONVINCING, AT_LEAST = 0.8, 0.5
_MANY = 20
# Log-odds by which one reading must beat the next: e² = 7 to 1.
_CLEARLY = 2.0
# Log-probability of a letter or a word that Vietnamese does not have.
_STRANGE = -12.0
# No syllable is longer; what is cut off a longer word cannot make it one.
_LONGEST = 16

# What stands between words; anything else, such as ÷ in "nh÷ng", is taken for a letter misread.
_WORD = re.compile(r"[^\s!-@\[-`{-~\u2010-\u2026«»°·×]+")
# A sign or a letter on its own, or next to figures, proves nothing: ± is "ổ" in VISCII.
_PROVING = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
# Punctuation in the middle of a word, where the encoding it is from may have a letter.
_GLUED = re.compile(r"(?<=[^\W\d_])[\u2010-\u203a€™](?=[^\W\d_])")


class Judgement(NamedTuple):
    """How Vietnamese a text is."""

    odds: float
    """Logarithm of how probable these letters and words are in Vietnamese."""
    marked: int
    """Words with other than ASCII letters."""
    right: float
    """Share of those that are Vietnamese."""
    share: float
    """Share of all words that are."""

    @property
    def convinces(self) -> bool:
        """Whether it was surely meant to be read so."""
        has_evidence = self.marked >= _MANY or self.share >= AT_LEAST
        return self.marked > 0 and self.right >= CONVINCING and has_evidence


def take_sample(data: bytes) -> str:
    """Return pieces from all over a text, without long stretches of ASCII."""
    data = _LONG_ASCII.sub(rb"\1", data)
    step = max(PIECE, len(data) // PIECES)
    pieces = (data[start : start + PIECE] for start in range(0, len(data), step))
    return b"\n".join(pieces).decode("latin-1")


def best_encoding(
    readers: Mapping[str, Callable[[str], str]], sample: str, name: str, hint: str
) -> str | None:
    """Return the encoding that makes the sample Vietnamese, None if none does.

    Raises:
        SourceError: two make it so, differently.
    """
    texts = {encoding: reader(sample) for encoding, reader in readers.items()}
    judgements = {encoding: judge(text) for encoding, text in texts.items()}
    judgements = {
        encoding: verdict for encoding, verdict in judgements.items() if verdict.convinces
    }
    if not judgements:
        return None
    best, *others = sorted(judgements, key=lambda encoding: -judgements[encoding].odds)
    for other in others:
        if (
            judgements[best].odds - judgements[other].odds < _CLEARLY
            and texts[best] != texts[other]
        ):
            if names_encoding(hint, best) or names_encoding(hint, other):
                return best if names_encoding(hint, best) else other
            raise SourceError(f"{name} could be in {best} or in {other}", REMEDY)
    return best


def compare_words(text: str, reread: str) -> tuple[int, int]:
    """Return how many words reading a text again makes of what is none, and how many it breaks.

    >>> compare_words("ViÖt Nam cã nhµ", "Việt Nam có nhà"), compare_words("thì", "th́")
    ((2, 0), (0, 1))
    """
    mended = broken = 0
    # No encoding has a letter in the place of the space.
    for piece, reread_piece in zip(
        replace_icelandic_d(text).split(" "), reread.split(" "), strict=True
    ):
        if piece != reread_piece:
            was_right, is_right = _are_vietnamese(piece), _are_vietnamese(reread_piece)
            mended += is_right and not was_right and _PROVING.search(reread_piece) is not None
            broken += was_right and not is_right
    return mended, broken


def replace_icelandic_d(text: str) -> str:
    """Return text with a Vietnamese Đ for the Icelandic one, which many fonts show as they do it.

    >>> replace_icelandic_d("Ðông ðó")
    'Đông đó'
    """
    return text.replace("Ð", "Đ").replace("ð", "đ")


def _are_vietnamese(piece: str) -> bool:
    """Whether all words of a piece that have other than ASCII letters are Vietnamese."""
    words = [word for word in _WORD.findall(piece) if not word.isascii()]
    return bool(words) and all(_weigh_word(word[:_LONGEST])[1] for word in words)


def judge(text: str) -> Judgement:
    """Weigh the words and the letters of a text."""
    odds = 2 * _STRANGE * len(_GLUED.findall(text))
    words = marked = right = plain = 0
    for word in _WORD.findall(text):
        words += 1
        if word.isascii() and word.isprintable():
            plain += _is_word(word)
            continue
        marked += 1
        probability, is_word = _weigh_word(word[:_LONGEST])
        odds += probability
        right += is_word
    share = (right + plain) / words if words else 0.0
    return Judgement(odds, marked, right / marked if marked else 0.0, share)


@lru_cache(1 << 14)
def _weigh_word(word: str) -> tuple[float, bool]:
    """Return the log-probability of a word's marked letters, and whether it is Vietnamese."""
    word = unicodedata.normalize("NFC", word)
    is_word = _is_word(word)
    letters = (
        _letter_odds().get(letter, _STRANGE) for letter in word if not "a" <= letter.lower() <= "z"
    )
    return sum(letters) + (0.0 if is_word else _STRANGE), is_word


def _is_word(word: str) -> bool:
    return is_vietnamese(word) and (word[1:].islower() or word.isupper() or len(word) == 1)


@cache
def _letter_odds() -> dict[str, float]:
    return {row[0]: math.log(int(row[-1]) / 100_000) for row in load_table("encodings.tsv")}


def names_encoding(hint: str, encoding: str) -> bool:
    """Whether a hint names an encoding, in whatever spelling."""

    def plain(name: str) -> str:
        return re.sub(r"\W|windows|cp|x-viet-", "", name.lower())

    return plain(hint) == plain(encoding)
