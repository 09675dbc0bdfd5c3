"""Chapter to Passages of Utterances: who says what, and the silence after it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import located
from audiobook.messages import message
from audiobook.model import Cast, Chapter, Passage, Subtitle, Utterance, Voice
from audiobook.stages.pausing import after_part, inside, pace, pieces_of
from audiobook.stages.speakers import is_said, speech_by_paragraph
from audiobook.stages.turns import turns_by_sentence, turns_of
from audiobook.vietnamese import Lexicon, Reading, explain, pack_clauses, split_sentences
from audiobook.vietnamese.alignment import trace_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from audiobook.stages.turns import Turn
    from audiobook.vietnamese.attribution import People
    from audiobook.vietnamese.verse import Metre

# Characters of a passage. Where a paragraph may end one is decided by the paragraph itself, so
# that an edit moves no boundary beyond its own neighbourhood; about two and a half minutes on
# average, so that one edited sentence costs little and the last worker is not waited for long.
_SHORTEST_PASSAGE = 1_000
_USUAL_REST = 1_500
_LONGEST_PASSAGE = 4_000
# A longer sentence, in characters, is divided into several utterances, each with its cue.
_LONGEST_UTTERANCE = 600
# How many characters of a paragraph an error message shows.
_EXAMPLE = 40


def write_passages(
    chapter: Chapter,
    number: int,
    cast: Cast,
    limit_of: Callable[[Voice], int | None],
    lexicon: Lexicon,
    *,
    people: People | None = None,
    takes: Mapping[str, int] | None = None,
    last: bool = False,
) -> Iterator[Passage]:
    """Yield the passages that are said in a chapter, each of whole paragraphs.

    Args:
        chapter: the chapter.
        number: its position in the whole book, from 0.
        cast: who speaks: accents and languages, and the narrator's pauses.
        limit_of: longest text a voice takes at once, in characters; None for any.
        lexicon: what the user taught.
        people: the characters of the book, whose voices the cast may have.
        takes: by sentences as written, which take of them the user wants.
        last: whether the book ends with it.
    """
    passage: list[Utterance] = []
    length = first = 0
    pauses = cast.narrator.pauses
    cast = replace(cast, chapter_narrator=chapter.narrator)
    opening = max(pauses.opening, _ordered_opening(chapter))
    speech_of = speech_by_paragraph(chapter, cast, people)
    for paragraph, pause, metre, ends_chapter in pace(chapter, pauses, last=last):
        with located(
            message(
                "chapter {chapter}, “{text}”", chapter=number + 1, text=paragraph.text[:_EXAMPLE]
            )
        ):
            turns = turns_of(paragraph, cast, next(speech_of), takes or {})
            utterances = list(_utterances(turns, pause, cast, limit_of, lexicon, metre))
        utterances[:1] = [replace(one, begins_paragraph=True) for one in utterances[:1]]
        if isinstance(paragraph, Subtitle):
            utterances = [replace(one, slot=paragraph.slot) for one in utterances]
        for utterance in utterances:
            if length + len(utterance.text) > _LONGEST_PASSAGE and passage:
                yield Passage(number, first, tuple(passage), opening)
                first, length, passage, opening = first + len(passage), 0, [], 0.0
            passage.append(utterance)
            length += len(utterance.text)
        if length >= _SHORTEST_PASSAGE and _may_end_passage(paragraph.text) and not ends_chapter:
            yield Passage(number, first, tuple(passage), opening)
            first, length, passage, opening = first + len(passage), 0, [], 0.0
    if passage:
        yield Passage(number, first, tuple(passage), opening)


def sentences(chapter: Chapter) -> Iterator[str]:
    """Yield each sentence of a chapter as written."""
    for paragraph in filter(is_said, chapter.paragraphs):
        yield from split_sentences(paragraph.text)


def readings_of_sentences(
    chapter: Chapter, cast: Cast, lexicon: Lexicon, people: People | None = None
) -> Iterator[tuple[str, list[Reading]]]:
    """Yield each sentence of a chapter as written, and how those who say it read it.

    Args:
        chapter: the chapter.
        cast: who speaks: accents and languages.
        lexicon: what the user taught.
        people: the characters of the book, whose voices the cast may have.
    """
    cast = replace(cast, chapter_narrator=chapter.narrator)
    speech_of = speech_by_paragraph(chapter, cast, people)
    for paragraph in filter(is_said, chapter.paragraphs):
        for sentence, turns in turns_by_sentence(paragraph, cast, next(speech_of)):
            readings = [
                replace(reading, start=reading.start + shift, end=reading.end + shift)
                for shift, turn in turns
                for reading in readings_of(turn.text, cast.voice(turn.role, turn.voice), lexicon)
            ]
            yield sentence, readings


def readings_of(text: str, voice: Voice, lexicon: Lexicon) -> list[Reading]:
    """Return what a voice says other than it is written, in a sentence or a line.

    Args:
        text: as it is written.
        voice: who says it; the engine of one that speaks another language reads for itself.
        lexicon: what the user taught.
    """
    if not voice.language.startswith("vi"):
        return []  # its engine reads its own language
    return explain(text, voice.reads_as, respell=voice.foreign == "respell", lexicon=lexicon)


def _utterances(
    sentence_turns: Iterable[Turn],
    last_pause: float,
    cast: Cast,
    limit_of: Callable[[Voice], int | None],
    lexicon: Lexicon,
    metre: Metre | None,
) -> Iterator[Utterance]:
    """Yield what is said of a paragraph: each sentence, or each part of it that one voice says."""
    pauses = cast.narrator.pauses
    turns = list(_split_long(sentence_turns))
    for position, turn in enumerate(turns):
        if position == len(turns) - 1:
            pause = last_pause
        else:
            pause = after_part(turn.text, pauses, ends=turn.ends, metre=metre)
        voice = cast.voice(turn.role, turn.voice)
        readings = readings_of(turn.text, voice, lexicon)
        cuts = inside(turn.text, pauses, metre)
        pieces, gaps = pieces_of(turn.text, readings, cuts, limit_of(voice), voice.pauses.clause)
        spans = trace_spans(turn.text, readings, pieces)
        guesses = tuple(reading.written for reading in readings if reading.is_guess)
        yield Utterance(
            text=turn.text,
            spoken=pieces,
            role=turn.role,
            pause=max(pause, turn.pause),
            gaps=gaps,
            spans=spans,
            voice=turn.voice,
            take=turn.take,
            guesses=guesses,
        )


def _split_long(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Split turns that are too long for an utterance; a turn's pause follows its last part."""
    for turn in turns:
        parts = pack_clauses(turn.text, _LONGEST_UTTERANCE)
        for part in parts[:-1]:
            yield turn._replace(text=part, ends=False, pause=0.0)
        for last in parts[-1:]:
            yield turn._replace(text=last)


def _ordered_opening(chapter: Chapter) -> float:
    """Return the silence that the author wants before a chapter, in seconds."""
    first = next(filter(is_said, chapter.paragraphs), None)
    directions = first.directions if first else ()
    return sum(direction.pause for direction in directions if not direction.at)


def _may_end_passage(text: str) -> bool:
    """Whether a passage may end with a paragraph: on average every `_USUAL_REST` characters."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) * _USUAL_REST < len(text) * 2**32
