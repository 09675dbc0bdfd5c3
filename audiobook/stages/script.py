"""Chapter to Passages of Utterances: who says what, and the silence after it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import located
from audiobook.messages import message
from audiobook.model import (
    Cast,
    Chapter,
    Direction,
    Kind,
    Paragraph,
    Passage,
    Subtitle,
    Utterance,
    Voice,
)
from audiobook.stages.pausing import after_part, inside, pace, pieces_of
from audiobook.stages.speakers import (
    NARRATED,
    Speech,
    is_said,
    parts_between,
    speech_by_paragraph,
    with_foreign_phrases,
)
from audiobook.vietnamese import (
    Lexicon,
    Reading,
    explain,
    foreign_language,
    is_speakable,
    pack_clauses,
    split_sentences,
)
from audiobook.vietnamese.alignment import trace_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


class _Turn(NamedTuple):
    """What one voice says of a sentence."""

    text: str
    role: Kind
    ends: bool
    """The sentence ends with it."""
    voice: str = ""
    """The name of the voice that the author wants for it; empty for that of the role."""
    pause: float = 0.0
    """Least silence after it that the author wants, in seconds."""
    take: int = 1
    """Which take of its sentence the user wants."""


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
            turns = _with_takes(paragraph, cast, next(speech_of), takes or {})
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
        for sentence, turns in _by_sentence(paragraph, cast, next(speech_of)):
            readings = [
                replace(reading, start=reading.start + shift, end=reading.end + shift)
                for shift, turn in turns
                for reading in readings_of(turn.text, cast.voice(turn.role, turn.voice), lexicon)
            ]
            yield sentence, readings


def sentence_key(sentence: str) -> str:
    """Return the words by which book.toml knows a sentence: as written, on one line."""
    return " ".join(sentence.split())


def _by_sentence(
    paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]
) -> Iterator[tuple[str, list[tuple[int, _Turn]]]]:
    """Yield each sentence of a paragraph as written, and its turns, each with its place in it."""
    begin, end = None, 0
    turns: list[tuple[int, _Turn]] = []
    for turn in _with_directions(paragraph, _turns(paragraph, cast, speech)):
        start = paragraph.text.index(turn.text, end)
        begin, end = start if begin is None else begin, start + len(turn.text)
        turns.append((start - begin, turn))
        if turn.ends:
            yield paragraph.text[begin:end], turns
            begin, turns = None, []
    if turns:
        yield paragraph.text[begin:end], turns


def _with_takes(
    paragraph: Paragraph, cast: Cast, speech: Sequence[Speech], takes: Mapping[str, int]
) -> Iterable[_Turn]:
    """Yield the turns of a paragraph, each with the take of its sentence that the user wants."""
    if not takes:
        yield from _with_directions(paragraph, _turns(paragraph, cast, speech))
        return
    for sentence, turns in _by_sentence(paragraph, cast, speech):
        take = takes.get(sentence_key(sentence), 1)
        yield from (turn._replace(take=take) for _, turn in turns)


def _utterances(
    sentence_turns: Iterable[_Turn],
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


def _split_long(turns: Iterable[_Turn]) -> Iterator[_Turn]:
    """Split turns that are too long for an utterance; a turn's pause follows its last part."""
    for turn in turns:
        parts = pack_clauses(turn.text, _LONGEST_UTTERANCE)
        for part in parts[:-1]:
            yield turn._replace(text=part, ends=False, pause=0.0)
        for last in parts[-1:]:
            yield turn._replace(text=last)


# --- what the author orders ---------------------------------------------------------------------


def _ordered_opening(chapter: Chapter) -> float:
    """Return the silence that the author wants before a chapter, in seconds."""
    first = next(filter(is_said, chapter.paragraphs), None)
    directions = first.directions if first else ()
    return sum(direction.pause for direction in directions if not direction.at)


def _with_directions(paragraph: Paragraph, turns: Iterable[_Turn]) -> Iterable[_Turn]:
    """Return turns cut where the author wants a pause or another voice, with who speaks each.

    A pause before the first word is not noted: it is the chapter's opening.
    """
    if not paragraph.directions:
        return turns
    orders = list(paragraph.directions)
    directed: list[_Turn] = []
    voice, position = "", 0
    for turn in turns:
        start = paragraph.text.index(turn.text, position)
        position = start + len(turn.text)
        remaining = turn.text
        while orders and orders[0].at < position:
            order = orders.pop(0)
            cut = _past_marks(turn.text, max(order.at - start, 0))
            cut = max(cut - (len(turn.text) - len(remaining)), 0)
            head, tail = remaining[:cut].rstrip(), remaining[cut:].lstrip()
            if is_speakable(head):
                ends = not is_speakable(tail)
                directed.append(
                    turn._replace(
                        text=remaining if ends else head, ends=ends, voice=voice or turn.voice
                    )
                )
                remaining = "" if ends else tail
            voice = _apply_direction(order, directed, voice)
        if remaining:
            directed.append(turn._replace(text=remaining, voice=voice or turn.voice))
    for order in orders:
        _apply_direction(order, directed, voice)
    return directed


def _apply_direction(order: Direction, directed: list[_Turn], voice: str) -> str:
    """Add the pause that a direction orders to the last turn; return the voice that speaks on."""
    if order.pause and directed:
        last = directed[-1]
        directed[-1] = last._replace(pause=last.pause + order.pause)
    return voice if order.voice is None else order.voice


# --- who says what ------------------------------------------------------------------------------


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


def _turns(paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]) -> Iterator[_Turn]:
    """Yield the turns of a paragraph; what nobody else says, the chapter's narrator does."""
    for turn in _turns_by_role(paragraph, cast, speech):
        yield turn._replace(voice=turn.voice or cast.narrator_of(turn.role))


def _turns_by_role(paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]) -> Iterator[_Turn]:
    """Yield the sentences of a paragraph, cut where another role goes on."""
    sentences = split_sentences(paragraph.text)
    if paragraph.kind not in NARRATED or not (speech or cast.speaks_languages):
        yield from (_Turn(sentence, paragraph.kind, ends=True) for sentence in sentences)
        return
    if cast.speaks_languages:
        speech = with_foreign_phrases(paragraph.text, speech, cast)
    end = 0
    for sentence in sentences:
        start = paragraph.text.index(sentence, end)
        end = start + len(sentence)
        if cast.speaks_languages and (language := foreign_language(sentence)):
            voice, is_spoken = cast.language_voice(language)
            if is_spoken:
                yield _Turn(sentence, Kind.FOREIGN, ends=True, voice=voice)
                continue
        inside = [
            part._replace(start=max(part.start, start), end=min(part.end, end))
            for part in parts_between(speech, start, end)
        ]
        turns = _cut_at_speech(paragraph.text, start, end, inside, paragraph.kind)
        for number, (text, role, voice) in enumerate(turns, 1):
            yield _Turn(text, role, ends=number == len(turns), voice=voice)


def _past_marks(text: str, position: int) -> int:
    """Return where punctuation ends that belongs to what is before it."""
    while position < len(text) and text[position] in ",.;:!?…":
        position += 1
    return position


def _cut_at_speech(
    text: str, start: int, end: int, speech: Sequence[Speech], kind: Kind
) -> list[tuple[str, Kind, str]]:
    """Cut a sentence at the borders of speech; what cannot be said stays with what is before it."""
    spans = (bound for span in speech for bound in (span.start, span.end))
    bounds = [start, *(_past_marks(text, bound) for bound in spans), end]
    turns: list[tuple[int, int, Kind, str]] = []
    for number, (begins, ends) in enumerate(pairwise(bounds)):
        said = speech[number // 2] if number % 2 == 1 else None
        says = (said.role, said.voice) if said else (kind, "")
        if turns and (not is_speakable(text[begins:ends]) or turns[-1][2:] == says):
            turns[-1] = (turns[-1][0], ends, *turns[-1][2:])
        elif begins < ends:
            turns.append((begins, ends, *says))
    if len(turns) > 1 and not is_speakable(text[turns[0][0] : turns[0][1]]):
        turns[:2] = [(turns[0][0], turns[1][1], *turns[1][2:])]
    return [(text[begins:ends].strip(), role, voice) for begins, ends, role, voice in turns]


def _may_end_passage(text: str) -> bool:
    """Whether a passage may end with a paragraph: on average every `_USUAL_REST` characters."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) * _USUAL_REST < len(text) * 2**32
