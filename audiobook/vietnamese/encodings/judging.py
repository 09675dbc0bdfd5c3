"""How Vietnamese a text is, and in which encoding it is most Vietnamese."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REMEDY = message("open it in a program that shows it correctly, and save it as UTF-8")
# The encoding is judged by at most so many pieces of so many bytes, spread over the text.
PIECES, PIECE = 64, 1024
_LONG_ASCII = re.compile(rb"([\x00-\x7f]{100})[\x00-\x7f]+")
# Share of the words with marks that must be Vietnamese, and of all words if few have marks.
CONVINCING, AT_LEAST = 0.8, 0.5
_MANY = 20
# Log odds by which one encoding must beat the next: e² = 7 to 1.
_CLEARLY = 2.0
# Log-probability of a letter or a word that Vietnamese does not have.
_STRANGE = -12.0
# Longer words are cut to this length, which no syllable reaches.
_LONGEST = 16

# A word: any sign that does not separate words, such as ÷ in "nh÷ng", may be a letter misread.
_WORD = re.compile(r"[^\s!-@\[-`{-~\u2010-\u2026«»°·×]+")
# A word that proves something: not a letter alone or beside digits, for ± is "ổ" in VISCII.
_PROVING = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
# Punctuation inside a word, where the right encoding may have a letter.
_GLUED = re.compile(r"(?<=[^\W\d_])[\u2010-\u203a€™](?=[^\W\d_])")


class Judgement(NamedTuple):
    """How Vietnamese a text is."""

    odds: float
    """Logarithm of how probable these letters and words are in Vietnamese."""
    marked: int
    """Words with other than ASCII letters."""
    right: float
    """Share of the words with marks that are Vietnamese."""
    share: float
    """Share of all words that are Vietnamese."""

    @property
    def convinces(self) -> bool:
        """Whether the text is surely Vietnamese in this encoding."""
        has_evidence = self.marked >= _MANY or self.share >= AT_LEAST
        return self.marked > 0 and self.right >= CONVINCING and has_evidence


def take_sample(data: bytes) -> str:
    """Return pieces spread over a text, without long stretches of ASCII, as Latin-1."""
    data = _LONG_ASCII.sub(rb"\1", data)
    step = max(PIECE, len(data) // PIECES)
    pieces = (data[start : start + PIECE] for start in range(0, len(data), step))
    return b"\n".join(pieces).decode("latin-1")


def best_encoding(
    readers: Mapping[str, Callable[[str], str]], sample: str, name: str, hint: str
) -> str | None:
    """Return the encoding in which a sample is most Vietnamese, None if it is in none.

    Args:
        readers: for each encoding, a function from Latin-1 text to Vietnamese.
        sample: text as Latin-1.
        name: what messages call the text.
        hint: an encoding that decides between equally good ones; may be empty.

    Raises:
        SourceError: two encodings fit equally well with different results.
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
            raise SourceError(
                message(
                    "{name} could be in {best} or in {other}", name=name, best=best, other=other
                ),
                REMEDY,
            )
    return best


def compare_words(text: str, reread: str) -> tuple[int, int]:
    """Return how many non-words become words when a text is reread, and how many words break.

    >>> compare_words("ViÖt Nam cã nhµ", "Việt Nam có nhà"), compare_words("thì", "th́")
    ((2, 0), (0, 1))
    """
    mended_count = broken_count = 0
    # In every encoding a space is a space.
    for piece, reread_piece in zip(
        replace_icelandic_d(text).split(" "), reread.split(" "), strict=True
    ):
        if piece != reread_piece:
            was_right, is_right = _are_vietnamese(piece), _are_vietnamese(reread_piece)
            mended_count += is_right and not was_right and _PROVING.search(reread_piece) is not None
            broken_count += was_right and not is_right
    return mended_count, broken_count


def replace_icelandic_d(text: str) -> str:
    """Return text with the Vietnamese Đ for the Icelandic one, which looks the same.

    >>> replace_icelandic_d("Ðông ðó")
    'Đông đó'
    """
    return text.replace("Ð", "Đ").replace("ð", "đ")


def _are_vietnamese(piece: str) -> bool:
    """Whether all words of a piece that have other than ASCII letters are Vietnamese."""
    words = [word for word in _WORD.findall(piece) if not word.isascii()]
    return bool(words) and all(_weigh_word(word[:_LONGEST])[1] for word in words)


def judge(text: str) -> Judgement:
    """Return how Vietnamese the words and the letters of a text are."""
    odds = 2 * _STRANGE * len(_GLUED.findall(text))
    word_count = marked_count = right_count = plain_count = 0
    for word in _WORD.findall(text):
        word_count += 1
        if word.isascii() and word.isprintable():
            plain_count += _is_word(word)
            continue
        marked_count += 1
        probability, is_word = _weigh_word(word[:_LONGEST])
        odds += probability
        right_count += is_word
    share = (right_count + plain_count) / word_count if word_count else 0.0
    return Judgement(odds, marked_count, right_count / marked_count if marked_count else 0.0, share)


@remember_words
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
    """Whether a hint names an encoding, in any spelling."""

    def plain(name: str) -> str:
        return re.sub(r"\W|windows|cp|x-viet-", "", name.lower())

    return plain(hint) == plain(encoding)
