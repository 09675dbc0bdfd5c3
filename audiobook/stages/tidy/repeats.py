"""Paragraphs that come back: word for word, in whole blocks, or with other misprints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Kind
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    is_closed,
    is_speech,
    remove_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import SMALL, parse_division
from audiobook.vietnamese.syllables import bare, tone_last

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Paragraph

# All lengths are in characters. A paragraph that comes back by itself must be as long as this:
# commentaries and fairy tales have shorter phrases of their own; and nobody speaking is cut short.
_LONE = 120
# A block of paragraphs that comes back, two or more of them long and no speech.
_LONG, _BLOCK = 80, 160
# Farther away only a longer block shows that it was pasted: answers, letters and instructions
# share single paragraphs. A chapter pasted as a whole begins with its own heading again.
_FAR_PARAGRAPHS, _FAR_BLOCK, _CHAPTER_BLOCK = 3, 1_000, 300
# Between what was pasted and the copy at most so many lines, each this short, may stand.
_GAP, _SHORT_LINE = 2, 80
# or, of a paragraph this long, as many of any length: nobody writes so much twice within sight.
_LONE_WITHIN_SIGHT = 200
_LABEL_WORD = "câu|bài|đề|mục|phần|hỏi|đáp|ví dụ|trường hợp|mẫu"
# What asks, or numbers what follows: the same words below it are an answer of its own.
_LABEL = re.compile(
    rf".*[?:]|(?:{_LABEL_WORD}|[a-zđ]|[ivx]+|\d+)\b[\s\d]*[.):/-].*"
    rf"|(?:{_LABEL_WORD})(?: \S+){{0,4}}",
    re.IGNORECASE,
)
# A block of short lines only; most must end as sentences do, which the lines of a song do not.
_SHORT_LINES, _SHORT_BLOCK, _CLOSED_SHARE = 5, 300, 0.8
# How far back the beginning of a block is looked for, which has words that stand elsewhere too.
_LONGEST_LEAD = 20

# A nearly repeated paragraph: its least length, that of a clause it is recognised by, the share
# of it that such clauses make up, and the words to one misprint.
_NEAR, _CLAUSE, _SHARED, _WORDS_A_MISPRINT = 200, 20, 0.25, 30
_CLAUSE_END = re.compile(r"[,;:.!?…]+\s*")
_WORD = re.compile(r"\w+")
_STEPS = ((1, 1), (1, 2), (2, 1), (0, 1), (1, 0))


class _Run(NamedTuple):
    """Paragraphs ``start`` to ``end`` are those from ``twin`` on."""

    start: int
    end: int
    twin: int


def drop_repeats(document: Document) -> Result:
    """Leave out what was evidently pasted twice; the first time is kept.

    That is what follows directly on itself, a long block in the same chapter, or a chapter that
    comes again with its heading. What stands in two chapters, or below two questions, stays; and
    so do verse, speech by itself and short lines: people and songs do repeat themselves.
    """
    paragraphs = all_paragraphs(document)
    places = [
        number for number, paragraph in enumerate(paragraphs) if paragraph.kind is not Kind.BREAK
    ]
    sequence = [paragraphs[place] for place in places]
    section_of = [
        section
        for section, (first, end) in enumerate(sections(document))
        for _ in range(first, end)
    ]
    repeats: list[int] = []
    for run in _repeated_runs(_places_of_twins(sequence)):
        start, end = _trimmed_bounds(sequence, run)
        trimmed = _Run(start, end, run.twin + start - run.start)
        is_far = section_of[places[trimmed.start]] != section_of[places[trimmed.twin]]
        if start < end and (
            _is_chapter(sequence, trimmed) if is_far else _is_repeat(sequence, trimmed)
        ):
            repeats += places[start:end]
    return remove_paragraphs(document, repeats)


def _places_of_twins(sequence: Sequence[Paragraph]) -> list[int]:
    """Return for each paragraph the place of an earlier one that is the same, -1 for none.

    The twin of a paragraph follows the twin of the one before, where it can.
    """
    texts = [
        paragraph.text if paragraph.kind in SPOKEN or paragraph.kind is Kind.HEADING else ""
        for paragraph in sequence
    ]
    twins = [-1] * len(texts)
    last: dict[str, int] = {}
    for place, text in enumerate(texts):
        if not text:
            continue
        following = twins[place - 1] + 1 if place and twins[place - 1] >= 0 else -1
        if following >= 0 and texts[following] == text:
            twins[place] = following
        elif (first := last.get(text, -1)) >= 0:
            twins[place] = first
            for back in range(1, min(first, _LONGEST_LEAD) + 1):
                if not texts[first - back] or texts[place - back] != texts[first - back]:
                    break
                twins[place - back] = first - back
        last[text] = place
    return twins


def _repeated_runs(twins: list[int]) -> Iterator[_Run]:
    start = 0
    for place in range(1, len(twins) + 1):
        ends = place == len(twins) or twins[place] != twins[place - 1] + 1 or twins[place] <= 0
        if ends:
            if twins[start] >= 0:
                yield _Run(start, place, twins[start])
            start = place


def _trimmed_bounds(sequence: Sequence[Paragraph], run: _Run) -> tuple[int, int]:
    """Return the bounds of a repeat without what its ends share by chance.

    Where only one paragraph is long, that is everything else: a greeting before it does not show
    that a block was pasted. Of a block it is the headings and labels at the end, which belong to
    what follows them.
    """
    long = [place for place in range(run.start, run.end) if _is_long(sequence[place])]
    if len(long) == 1:
        return long[0], long[0] + 1
    end = run.end
    while end > run.start and not is_closed(sequence[end - 1].text):
        end -= 1
    return run.start, end


def _is_long(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return len(text) >= _LONG and paragraph.kind is not Kind.HEADING and not is_speech(text)


def _is_chapter(sequence: Sequence[Paragraph], run: _Run) -> bool:
    """Whether a whole chapter comes again, with its heading."""
    division = parse_division(sequence[run.start].text)
    if division is None or not division.number or division.rank >= SMALL:
        return False
    return sum(len(paragraph.text) for paragraph in sequence[run.start : run.end]) >= _CHAPTER_BLOCK


def _is_repeat(sequence: Sequence[Paragraph], run: _Run) -> bool:
    """Whether paragraphs that stood before in the same chapter were pasted again."""
    block = sequence[run.start : run.end]
    texts = [paragraph.text for paragraph in block if paragraph.kind is not Kind.HEADING]
    length = sum(map(len, texts))
    if not texts or _follows_question(sequence, run.start):
        return False
    count_long = sum(map(_is_long, block))
    gap = sequence[run.twin + run.end - run.start : run.start]
    if not count_long:
        return (
            len(gap) <= _GAP
            and len(texts) >= _SHORT_LINES
            and length >= _SHORT_BLOCK
            and sum(map(is_closed, texts)) >= len(texts) * _CLOSED_SHARE
        )
    if len(gap) <= _GAP and all(len(paragraph.text) <= _SHORT_LINE for paragraph in gap):
        return length >= (_LONE if len(texts) == 1 else _BLOCK)
    if len(gap) <= _GAP and length >= _LONE_WITHIN_SIGHT:
        return True
    return count_long >= _FAR_PARAGRAPHS and length >= _FAR_BLOCK


def _follows_question(sequence: Sequence[Paragraph], place: int) -> bool:
    """Whether a question or a number stands right above."""
    return place > 0 and _LABEL.fullmatch(sequence[place - 1].text) is not None


def drop_near_repeats(document: Document) -> Result:
    """Leave out a long paragraph that was in its chapter before but for a few letters.

    The two share clauses word for word, and where they differ one is a misprint of the other:
    other marks on the same letters, one letter more or less, a space. Another word or number
    makes another paragraph.
    """
    paragraphs = all_paragraphs(document)
    repeats: list[int] = []
    for first, end in sections(document):
        first_with: dict[str, int] = {}
        for number in range(first, end):
            paragraph = paragraphs[number]
            text = paragraph.text
            if paragraph.kind not in SPOKEN or len(text) < _NEAR or is_speech(text):
                continue
            clauses = [clause for clause in _CLAUSE_END.split(text) if len(clause) >= _CLAUSE]
            shared: Counter[int] = Counter()
            for clause in clauses:
                if (earlier := first_with.setdefault(clause, number)) != number:
                    shared[earlier] += len(clause)
            if number > first and _LABEL.fullmatch(paragraphs[number - 1].text):
                continue
            if any(
                length >= len(text) * _SHARED and _is_near(paragraphs[earlier].text, text)
                for earlier, length in shared.most_common(1)
            ):
                repeats.append(number)
    return remove_paragraphs(document, repeats)


def _is_near(text: str, other: str) -> bool:
    """Whether two texts differ, and only in a few misprints."""
    if text == other:
        return False  # `drop_repeats` takes those
    if abs(len(text) - len(other)) * _WORDS_A_MISPRINT > max(len(text), len(other)):
        return False
    words, other_words = _words_to_compare(text), _words_to_compare(other)
    misprints_left = len(words) // _WORDS_A_MISPRINT + 1
    position = other_position = 0
    while position < len(words) or other_position < len(other_words):
        if words[position : position + 1] == other_words[other_position : other_position + 1]:
            position, other_position = position + 1, other_position + 1
            continue
        for some, many in _STEPS:
            if _is_misprint(
                "".join(words[position : position + some]),
                "".join(other_words[other_position : other_position + many]),
            ):
                position, other_position, misprints_left = (
                    position + some,
                    other_position + many,
                    misprints_left - 1,
                )
                break
        else:
            return False
        if misprints_left < 0:
            return False
    return True


def _words_to_compare(text: str) -> list[str]:
    return [tone_last(word) for word in _WORD.findall(text.casefold())]


def _is_misprint(word: str, other: str) -> bool:
    """Whether two words have the same letters, marks aside, or one letter between them."""
    if any(character.isdigit() for character in word + other):
        return False
    if len(word) > len(other):
        word, other = other, word
    word, other = bare(word), bare(other)
    if word == other:
        return True
    if len(other) - len(word) > 1:
        return False
    same = next((index for index, letter in enumerate(word) if letter != other[index]), len(word))
    return word[same + (len(word) == len(other)) :] == other[same + 1 :]
