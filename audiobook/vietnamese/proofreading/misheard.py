"""Words spelled as an accent pronounces them: sinh sắn for xinh xắn, vô hình chung for trung."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiobook.vietnamese.accents import sound_key
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.tokens import pair_from
from audiobook.vietnamese.proofreading.weighing import not_a_word
from audiobook.vietnamese.table import load_pairs
from audiobook.vietnamese.words import dictionary, fold, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.vietnamese.proofreading.text import Text
    from audiobook.vietnamese.proofreading.tokens import Token

_ODDS = 3.0
_SOURCES = 3  # so many must have the word meant
_SELDOM_ALONE = 8  # times in the tagged sentences, both syllables together


def find_folk_spellings(text: Text) -> Iterator[Finding]:
    """Yield the phrases of the table, in which a word stands for another of the same sound."""
    table = _phrases()
    for line, index in text.places(table):
        for phrase, correct_phrase in table[pair_from(line, index)]:
            tokens = line[index : index + len(phrase)]
            if [token.syllable for token in tokens] == phrase and _are_joined(tokens):
                yield _finding(tokens, correct_phrase)


def find_misheard(text: Text) -> Iterator[Finding]:
    """Yield words of two syllables that are both spelled by their sound.

    The two never stand side by side otherwise, neither forms a word with its other neighbour, they
    are hardly words by themselves, and just one known word of two syllables has this sound.
    """
    meant = {
        pair: word for pair in text.pairs if (word := _word_meant(pair)) and not text.is_seen(pair)
    }
    words = dictionary().words
    for line, index in text.places(meant):
        first, second = line[index : index + 2]
        around = pair_from(line, index - 1), pair_from(line, index + 1)
        if words.keys().isdisjoint(around) and not (text.is_name(first) or text.is_name(second)):
            parts = meant[pair_from(line, index)].split()
            yield _finding([first, second], " ".join(spellings(part)[0] for part in parts))


def _word_meant(pair: str) -> str:
    """Return the only word that sounds like a pair of rare syllables; empty if there is none."""
    first, second = pair.split()
    if first == second:
        return ""  # a reduplication
    candidates = _words_by_sound().get(f"{sound_key(first)} {sound_key(second)}", [])
    if (
        len(candidates) != 1
        or first == candidates[0].split()[0]
        or second == candidates[0].split()[1]
    ):
        return ""
    alone = dictionary().alone
    return candidates[0] if alone.get(first, 0) + alone.get(second, 0) <= _SELDOM_ALONE else ""


def _are_joined(tokens: list[Token]) -> bool:
    return all(token.joins for token in tokens[1:])


def _finding(tokens: list[Token], suggestion: str) -> Finding:
    written = " ".join(token.written for token in tokens)
    if written[0].isupper():
        suggestion = suggestion[0].upper() + suggestion[1:]
    start, end = tokens[0].start, tokens[-1].end
    return Finding(
        _ODDS,
        Misprint(
            start=start,
            end=end,
            written=written,
            suggestion=suggestion,
            message=not_a_word(written),
            sure=False,
        ),
    )


@cache
def _phrases() -> dict[str, list[tuple[list[str], str]]]:
    """Return the phrases of the table, folded, and corrections, by their first two syllables."""
    phrases: dict[str, list[tuple[list[str], str]]] = {}
    for written, correct_phrase in load_pairs("folk_spellings.tsv").items():
        parts = [fold(part) for part in written.split()]
        phrases.setdefault(" ".join(parts[:2]), []).append((parts, correct_phrase))
    return phrases


@cache
def _words_by_sound() -> dict[str, list[str]]:
    """Return the words of two syllables that many sources have, by their sound keys."""
    words: dict[str, list[str]] = {}
    for word, sources in dictionary().words.items():
        if sources >= _SOURCES:
            first, second = word.split()
            words.setdefault(f"{sound_key(first)} {sound_key(second)}", []).append(word)
    return words
