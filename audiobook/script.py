"""Chapter to Passages of Utterances: who says what, and the silence after it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind, Paragraph, Passage, Pauses, Utterance, Voice
from audiobook.vietnamese import (
    Lexicon,
    is_speakable,
    normalize,
    pack_clauses,
    split_sentences,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters of a passage. Where a paragraph may end one is decided by the paragraph itself, so
# that an edit moves no boundary beyond its own neighbourhood; about two and a half minutes on
# average, so that one edited sentence costs little and the last worker is not waited for long.
_SHORTEST_PASSAGE = 1_000
_USUAL_REST = 1_500
_LONGEST_PASSAGE = 4_000
# A sentence beyond this is no sentence; it becomes several utterances, each with its cue.
_LONGEST_UTTERANCE = 600


def write_passages(
    chapter: Chapter,
    number: int,
    voice: Voice,
    limit: int | None,
    lexicon: Lexicon,
    *,
    last: bool = False,
) -> Iterator[Passage]:
    """Write what is said in a chapter, in passages of whole paragraphs.

    Args:
        chapter: the chapter.
        number: its position in the document, from 0.
        voice: who speaks: accent and pauses.
        limit: longest text the engine takes at once, in characters; None for any.
        lexicon: what the user taught.
        last: nothing follows, so no pause does.
    """
    passage: list[Utterance] = []
    length = first = 0
    for paragraph, following in _paragraphs(chapter):
        ends_chapter = following is None
        after = 0.0 if ends_chapter and last else _pause(paragraph, following, voice.pauses)
        for utterance in _utterances(paragraph.text, paragraph.kind, after, voice, limit, lexicon):
            if length + len(utterance.text) > _LONGEST_PASSAGE and passage:
                yield Passage(number, first, tuple(passage))
                first, length, passage = first + len(passage), 0, []
            passage.append(utterance)
            length += len(utterance.text)
        if length >= _SHORTEST_PASSAGE and _may_end_passage(paragraph.text) and not ends_chapter:
            yield Passage(number, first, tuple(passage))
            first, length, passage = first + len(passage), 0, []
    if passage:
        yield Passage(number, first, tuple(passage))


def sentences(chapter: Chapter) -> Iterator[str]:
    """Yield each sentence of a chapter as written."""
    for paragraph, _ in _paragraphs(chapter):
        yield from split_sentences(paragraph.text)


def _utterances(
    text: str, kind: Kind, after: float, voice: Voice, limit: int | None, lexicon: Lexicon
) -> Iterator[Utterance]:
    pauses = voice.pauses
    parts = [
        (part, position == len(cut) - 1)
        for sentence in split_sentences(text)
        for cut in (pack_clauses(sentence, _LONGEST_UTTERANCE),)
        for position, part in enumerate(cut)
    ]
    for position, (part, ends_sentence) in enumerate(parts):
        if position == len(parts) - 1:
            pause = after
        else:
            pause = pauses.sentence if ends_sentence else pauses.clause
        spoken = normalize(part, voice.accent, respell=voice.foreign == "respell", lexicon=lexicon)
        pieces = tuple(piece for piece in pack_clauses(spoken, limit) if is_speakable(piece))
        yield Utterance(part, pieces, kind, pause)


def _paragraphs(chapter: Chapter) -> Iterator[tuple[Paragraph, Kind | None]]:
    """Yield what is said in a chapter, each with the kind of what follows it, if anything does."""
    said = [
        position for position, paragraph in enumerate(chapter.paragraphs) if _is_said(paragraph)
    ]
    for position in said:
        ends = position == said[-1]
        yield chapter.paragraphs[position], None if ends else chapter.paragraphs[position + 1].kind


def _is_said(paragraph: Paragraph) -> bool:
    return paragraph.kind is not Kind.BREAK


def _pause(paragraph: Paragraph, following: Kind | None, pauses: Pauses) -> float:
    if following is None:
        return pauses.chapter
    if following is Kind.BREAK:
        return pauses.scene
    if paragraph.kind is Kind.HEADING:
        return pauses.heading
    return pauses.sentence if paragraph.kind is Kind.VERSE else pauses.paragraph


def _may_end_passage(text: str) -> bool:
    """Decide by the paragraph alone, so that on average `_USUAL_REST` characters pass."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) * _USUAL_REST < len(text) * 2**32
