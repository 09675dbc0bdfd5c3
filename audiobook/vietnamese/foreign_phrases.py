"""Where a Vietnamese text goes on in another language: quotations, and titles of several words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.languages import UNKNOWN, foreign_language, is_foreign, languages_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Phrase(NamedTuple):
    """Words of one language that belong together, with the quotation marks around them."""

    start: int
    """In characters."""
    end: int
    language: str
    """BCP 47."""


_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»")
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_RUN = re.compile(rf"(?<![^\W\d_])(?<![^\W\d_]['’]){_WORD}(?:[ -]{_WORD}){{2,}}")


def foreign_phrases(text: str) -> list[Phrase]:
    """Return the quotations and titles in other languages in a text, in order.

    A quotation of one word stays Vietnamese, and so do names. Without quotation marks a phrase is
    known by a small word of its language that no Vietnamese word looks like, between others.

    >>> foreign_phrases("Cô xem Gone with the Wind.")
    [Phrase(start=7, end=25, language='en')]

    Args:
        text: a sentence or a paragraph.
    """
    phrases: list[Phrase] = []
    end = 0
    for match in _QUOTED.finditer(text):
        quoted = match[0][1:-1]
        language = foreign_language(quoted) if len(quoted.split()) > 1 else ""
        if language:
            phrases += _unquoted(text, end, match.start())
            phrases.append(Phrase(*match.span(), language))
            end = match.end()
    return [*phrases, *_unquoted(text, end, len(text))]


def _unquoted(text: str, start: int, end: int) -> Iterator[Phrase]:
    """Yield the phrases in a part of a text that holds no foreign quotation."""
    for run in _RUN.finditer(text, start, end):
        words: list[re.Match[str]] = []
        for word in re.finditer(_WORD, run[0]):
            if is_foreign(word[0]) or word[0].isascii():
                words.append(word)
                continue
            yield from _phrase(words, run.start())
            words = []
        yield from _phrase(words, run.start())


def _phrase(words: list[re.Match[str]], shift: int) -> Iterator[Phrase]:
    """Yield what is a phrase of some words that may all be foreign, without Vietnamese ends."""
    ends = [place for place, word in enumerate(words) if _may_end(word[0])]
    if len(ends) > 1 and _is_ours(words[ends[0]][0]) and words[ends[1]][0][0].isupper():
        del ends[0]  # as in "Phim Gone with the Wind"
    if not ends:
        return
    first, last = words[ends[0]], words[ends[-1]]
    inner = words[ends[0] + 1 : ends[-1]]
    if not any(_joins(word[0]) for word in inner):
        return
    language = foreign_language(first.string[first.start() : last.end()])
    if language not in ("", UNKNOWN):
        yield Phrase(shift + first.start(), shift + last.end(), language)


def _may_end(word: str) -> bool:
    return word[0].isupper() or is_foreign(word)


def _is_ours(word: str) -> bool:
    """Return whether a word looks Vietnamese, and is none of another language's commonest."""
    return not is_foreign(word) and not languages_of(word.lower())


@cache
def _joins(word: str) -> bool:
    """Return whether a word is a small one of another language, and looks like none of ours."""
    return bool(languages_of(word)) and is_foreign(word)
