"""Turns text that is spelled out into the phonemes that VieNeu-TTS was taught.

The package of VieNeu-TTS reads text by rules of its own first. They undo ours: of "cái năm năm mươi
nhăm tuổi" they leave out a "năm", in 2 of 3,359 sentences of novels. So only its dictionary of
phonemes is asked, and the marks, which those rules tidy too, are tidied here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from sea_g2p import G2P, punc_norm

from audiobook.engines import sayable
from audiobook.errors import EngineError
from audiobook.messages import message

# The dictionary passes over brackets and long dashes, where a reader pauses, and takes text between
# angle brackets for orders.
_PAUSE = re.compile(r"\s*[(\[{—]+\s*|[)\]}]+\s*(?=\w)|\s-+(?=\s)")
_ORDER = re.compile(r"[<>|]+")
_COLON_AT_END = re.compile(r"[:;]\W*\Z")
_MARKS = re.compile(r"\s*[.,!?](?:\s*[.,!?])*")
_STRONGEST = "?!.,"
_LATIN = ("LATIN", "MODIFIER LETTER")
"""How Unicode calls the letters that the dictionary reads or may pass over."""


def phonemes_of(text: str, accent: str) -> str:
    """Return the phonemes of a text, with the marks . , ! and ? among them.

    A short sentence, of fewer than five words, ends with a full stop: so the networks were taught,
    and after other marks they go on talking.

    Args:
        text: numbers in it are read out, if there are any left.
        accent: of those who read it: north, central or south.

    Raises:
        EngineError: there is nothing to say in it, or a word in another script.
    """
    clean = sayable(text)
    if any(map(str.isnumeric, clean)):
        from audiobook.vietnamese import normalize

        clean = normalize(clean, accent)
    for word in clean.split():
        _check_script(word)
    clean = _COLON_AT_END.sub(".", _PAUSE.sub(", ", _ORDER.sub(" ", clean)))
    phonemes = _MARKS.sub(_one_mark, _dictionary().convert(clean)).lstrip(" .,!?")
    return str(punc_norm(phonemes))


def _check_script(word: str) -> None:
    for letter in word:
        is_foreign = letter.isalpha() and not unicodedata.name(letter, "").startswith(_LATIN)
        if is_foreign or letter.isnumeric():
            raise no_sound(word)


def no_sound(word: str) -> EngineError:
    """Return the error for a word that VieNeu-TTS would pass over."""
    return EngineError(
        message("VieNeu has no sound for {word!r}", word=word[:80]),
        message("teach it in lexicon.tsv, or choose another voice"),
    )


def _one_mark(marks: re.Match[str]) -> str:
    return next(mark for mark in _STRONGEST if mark in marks[0])


@cache
def _dictionary() -> G2P:
    return G2P("vi")
