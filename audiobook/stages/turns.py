"""Paragraph to turns: what each voice says of a sentence, and the pauses the author wants."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Kind
from audiobook.stages.speakers import NARRATED, parts_between, with_foreign_phrases
from audiobook.vietnamese import foreign_language, is_speakable, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiobook.model import Cast, Direction, Paragraph
    from audiobook.stages.speakers import Speech


class Turn(NamedTuple):
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


def sentence_key(sentence: str) -> str:
    """Return the words by which book.toml knows a sentence: as written, on one line."""
    return " ".join(sentence.split())


def turns_by_sentence(
    paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]
) -> Iterator[tuple[str, list[tuple[int, Turn]]]]:
    """Yield each sentence of a paragraph as written, and its turns, each with its place in it.

    Args:
        paragraph: the paragraph.
        cast: who speaks.
        speech: what others than the narrator speak of it.
    """
    begin, end = None, 0
    turns: list[tuple[int, Turn]] = []
    for turn in _with_directions(paragraph, _turns(paragraph, cast, speech)):
        start = paragraph.text.index(turn.text, end)
        begin, end = start if begin is None else begin, start + len(turn.text)
        turns.append((start - begin, turn))
        if turn.ends:
            yield paragraph.text[begin:end], turns
            begin, turns = None, []
    if turns:
        yield paragraph.text[begin:end], turns


def turns_of(
    paragraph: Paragraph, cast: Cast, speech: Sequence[Speech], takes: Mapping[str, int]
) -> Iterable[Turn]:
    """Yield the turns of a paragraph, each with the take of its sentence that the user wants.

    Args:
        paragraph: the paragraph.
        cast: who speaks.
        speech: what others than the narrator speak of it.
        takes: by sentences as written, which take of them the user wants.
    """
    if not takes:
        yield from _with_directions(paragraph, _turns(paragraph, cast, speech))
        return
    for sentence, turns in turns_by_sentence(paragraph, cast, speech):
        take = takes.get(sentence_key(sentence), 1)
        yield from (turn._replace(take=take) for _, turn in turns)


# --- what the author orders ---------------------------------------------------------------------


def _with_directions(paragraph: Paragraph, turns: Iterable[Turn]) -> Iterable[Turn]:
    """Return turns cut where the author wants a pause or another voice, with who speaks each.

    A pause before the first word is not noted: it is the chapter's opening.
    """
    if not paragraph.directions:
        return turns
    orders = list(paragraph.directions)
    directed: list[Turn] = []
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


def _apply_direction(order: Direction, directed: list[Turn], voice: str) -> str:
    """Add the pause that a direction orders to the last turn; return the voice that speaks on."""
    if order.pause and directed:
        last = directed[-1]
        directed[-1] = last._replace(pause=last.pause + order.pause)
    return voice if order.voice is None else order.voice


# --- who says what ------------------------------------------------------------------------------


def _turns(paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]) -> Iterator[Turn]:
    """Yield the turns of a paragraph; what nobody else says, the chapter's narrator does."""
    for turn in _turns_by_role(paragraph, cast, speech):
        yield turn._replace(voice=turn.voice or cast.narrator_of(turn.role))


def _turns_by_role(paragraph: Paragraph, cast: Cast, speech: Sequence[Speech]) -> Iterator[Turn]:
    """Yield the sentences of a paragraph, cut where another role goes on."""
    sentences = split_sentences(paragraph.text)
    if paragraph.kind not in NARRATED or not (speech or cast.speaks_languages):
        yield from (Turn(sentence, paragraph.kind, ends=True) for sentence in sentences)
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
                yield Turn(sentence, Kind.FOREIGN, ends=True, voice=voice)
                continue
        inside = [
            part._replace(start=max(part.start, start), end=min(part.end, end))
            for part in parts_between(speech, start, end)
        ]
        turns = _cut_at_speech(paragraph.text, start, end, inside, paragraph.kind)
        for number, (text, role, voice) in enumerate(turns, 1):
            yield Turn(text, role, ends=number == len(turns), voice=voice)


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
