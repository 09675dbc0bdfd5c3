"""Plain prose, which no rule has to read: recognised by one look-up for each word.

Most sentences of a book are plain. Vietnamese has few different syllables, so that those seen
before are remembered.
"""

from __future__ import annotations

import re

from audiobook.vietnamese.rules import acronyms, chat
from audiobook.vietnamese.syllables import is_vietnamese

_MOST = 50_000
"""Most words to remember: a long book has some ten thousand different ones."""
# A word with the punctuation of prose; ":)" is a face.
_SHAPE = re.compile(
    r"[“‘\"'(]{0,2}(?P<word>[^\W\d_]{2,}|[^\W\d_a-zA-ZÔ])(?:[,.!?…]{0,3}[”’\"')]{0,2}[,.]?|[;:])"
)
# Words that may be a short form although they are spelled like Vietnamese: "bít", "Op.".
_SHORT_FORMS = frozenset((*chat.WRITTEN, *(form.removesuffix(".") for form in acronyms.MIXED_CASE)))

_plain: set[str] = set()


def is_plain(text: str) -> bool:
    """Whether a sentence consists of Vietnamese words and the punctuation of prose alone.

    >>> is_plain("“Trời ơi!” bà kêu."), is_plain("Anh đến lúc 8h."), is_plain("Bít rùi :)")
    (True, False, False)
    """
    words = text.split()
    if words and words[0] in ("-", "–", "—"):
        del words[0]
    if _plain.issuperset(words):
        return True
    for word in set(words) - _plain:
        if not _is_plain_word(word):
            return False
        if len(_plain) < _MOST:
            _plain.add(word)
    return True


def _is_plain_word(word: str) -> bool:
    match = _SHAPE.fullmatch(word)
    if match is None:
        return False
    syllable = match["word"]
    is_in_prose = syllable.islower() or syllable.istitle()
    return is_in_prose and syllable not in _SHORT_FORMS and is_vietnamese(syllable)
