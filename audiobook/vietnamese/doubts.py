"""Doubts: words whose reading is a guess, for a person to confirm or correct."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import clean_line, unify_letters
from audiobook.vietnamese.reading import Reading
from audiobook.vietnamese.rules.initials import TITLED
from audiobook.vietnamese.syllables import is_misspelt, is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONTEXT = 30
_UNMARKED = re.compile(r"(?<![\w@#./-])[A-Z][a-z]{1,6}(?![\w@/-]|\.\w)")
_LETTER = re.compile(r"(?<![\w.'’-])[IVX](?![\w.'’-])")
_DOUBTFUL = (
    (_UNMARKED, message("word without marks")),
    (_LETTER, message("roman numeral")),
)
_TITLE_BEFORE = re.compile(rf"{TITLED}\Z")
_TITLE_REACH = 40
_WORD = re.compile(r"[^\W\d_]+")
_OF_VIETNAMESE = re.compile(r"[^\W\d_a-zA-Z]")
# A sentence with a smaller share of words with marks is in another language, or typed without any.
_FEWEST_MARKED = 0.3
_NUMBER = re.compile(r"(?<!\w)([A-Z]?[0-9]+)(?!\w)")
_PAIR = re.compile(r"(?<!\w)(?=([A-Z0-9][0-9]{0,8}\s?[^\w\s]\s?[0-9]{1,9})(?!\w))")
_UNIT = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One word, abbreviation or number whose reading is a guess."""

    written: str
    spoken: str
    """How it will be spoken."""
    rule: str
    """Name of the rule that guessed."""
    count: int
    """How often it stands in the text."""
    chapter: int
    """Number of the chapter where it stands first, from 1."""
    context: str
    """The words around it there."""
    is_varied: bool = False
    """Whether it is read in another way elsewhere in the text, so that one entry of a lexicon
    cannot be right everywhere."""
    has_case: bool = False
    """Whether its capitals count: it is an abbreviation, or the text also writes it otherwise."""


def list_doubts(sentences: Iterable[tuple[int, str, Iterable[Reading]]]) -> list[Doubt]:
    """List the words that were read by guess, the commonest first, then in the order of the text.

    Words that are spoken as written but may lack their marks (Nguyen, Hue) are among them.

    Args:
        sentences: for each sentence the number of its chapter, from 1, its text and its readings.
    """
    firsts: dict[tuple[str, str], tuple[str, int, str]] = {}
    counts: dict[tuple[str, str], int] = {}
    spoken_forms: dict[str, set[str]] = {}
    numbers: Counter[str] = Counter()
    for chapter, text, readings in sentences:
        rule_readings = list(readings)
        numbers.update(_find_numbers(text))
        for reading in (*rule_readings, *_unread_words(unify_letters(text), rule_readings)):
            spoken_form = reading.spoken.strip()
            spoken_forms.setdefault(reading.written, set()).add(spoken_form)
            if reading.is_guess:
                word = (reading.written, spoken_form)
                counts[word] = counts.get(word, 0) + 1
                if word not in firsts:
                    firsts[word] = (reading.rule, chapter, _context(text, reading))
    varied_words = _varied({written for written, _ in firsts}, spoken_forms)
    spellings: dict[str, set[str]] = {}
    for written in spoken_forms:
        spellings.setdefault(written.lower(), set()).add(written)
    doubts = [
        Doubt(
            written=written,
            spoken=spoken,
            rule=rule,
            count=counts[written, spoken],
            chapter=chapter,
            context=context,
            is_varied=written in varied_words
            or numbers[_without_spaces(written)] > counts[written, spoken],
            has_case=written.isupper() or len(spellings[written.lower()]) > 1,
        )
        for (written, spoken), (rule, chapter, context) in firsts.items()
    ]
    return sorted(doubts, key=lambda doubt: -doubt.count)


def _find_numbers(text: str) -> Iterator[str]:
    """Yield the numbers and pairs of numbers that entries of a lexicon would match in a text."""
    for pattern in (_NUMBER, _PAIR):
        for match in pattern.finditer(text):
            yield _without_spaces(match[1])


def _without_spaces(written: str) -> str:
    return "".join(_UNIT.findall(written))


def _unread_words(text: str, readings: list[Reading]) -> Iterator[Reading]:
    """Yield words that may lack their marks and letters that may be numerals, if no rule read them.

    Sentences that are not Vietnamese otherwise have none.
    """
    candidates = [
        (match, rule)
        for pattern, rule in _DOUBTFUL
        for match in pattern.finditer(text)
        if _is_doubtful(match)
    ]
    if not candidates or not _has_marks(text):
        return
    ruled_positions = {place for reading in readings for place in range(reading.start, reading.end)}
    for match, rule in candidates:
        start, end = match.span()
        if start not in ruled_positions and end - 1 not in ruled_positions:
            yield Reading(
                start=start, end=end, written=match[0], spoken=match[0], rule=rule, is_guess=True
            )


def _is_doubtful(match: re.Match[str]) -> bool:
    """Whether a word may have lost its marks, or a letter may be something else than an initial."""
    word, start = match[0], match.start()
    if len(word) > 1:
        return is_misspelt(word) and not is_vietnamese(word)
    return not _TITLE_BEFORE.search(match.string, max(0, start - _TITLE_REACH), start)


def _has_marks(text: str) -> bool:
    words = _WORD.findall(text)
    marked = sum(_OF_VIETNAMESE.search(word) is not None for word in words)
    return marked >= _FEWEST_MARKED * len(words)


def _varied(guessed: set[str], spoken_forms: dict[str, set[str]]) -> set[str]:
    """Return the guessed words that are read in several ways, or are part of a longer reading."""
    varied = {written for written in guessed if len(spoken_forms[written]) > 1}
    units = {tuple(_UNIT.findall(written)): written for written in guessed}
    longest = max(map(len, units), default=0)
    for written in spoken_forms:
        written_units = tuple(_UNIT.findall(written))
        for start in range(len(written_units)):
            for end in range(start + 1, min(len(written_units), start + longest) + 1):
                part = units.get(written_units[start:end])
                if part is not None and part != written:
                    varied.add(part)
    return varied


def _context(text: str, reading: Reading) -> str:
    """Return the whole words around a reading, about thirty characters on each side."""
    start, end = max(0, reading.start - _CONTEXT), reading.end + _CONTEXT
    if start:
        start = text.find(" ", start, reading.start) + 1 or reading.start
    if end < len(text):
        end = max(text.rfind(" ", reading.end, end), reading.end)
    return clean_line(text[start:end])
