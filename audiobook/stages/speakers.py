"""Chapter to its direct speech: who says each part, and with which voice of the cast."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import SPEAKER_ROLES, Kind, speaker_role
from audiobook.vietnamese import direct_speech, foreign_language, split_sentences
from audiobook.vietnamese.attribution import attribute, learn_people
from audiobook.vietnamese.foreign_phrases import foreign_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Cast, Chapter, Document, Paragraph
    from audiobook.vietnamese.attribution import Attributed, People

NARRATED = (Kind.PROSE, Kind.DIALOGUE, Kind.QUOTE)
"""In these somebody may speak, or speak another language."""


class Speech(NamedTuple):
    """A part of a paragraph that the narrator does not speak, in characters."""

    start: int
    end: int
    voice: str = ""
    """The name of its speaker's voice; empty for that of the role."""
    role: Kind = Kind.DIALOGUE


def with_foreign_phrases(text: str, speech: Sequence[Speech], cast: Cast) -> Sequence[Speech]:
    """Return the parts of a paragraph that others speak, phrases in a foreign language cut out.

    Args:
        text: the paragraph.
        speech: what others speak of it.
        cast: who speaks which language.
    """
    phrases = []
    for start, end, tag in foreign_phrases(text):
        voice, is_spoken = cast.language_voice(tag)
        if is_spoken:
            end += text[end : end + 1] == ")"  # which the part after it could not begin with
            phrases.append(Speech(start, end, voice, Kind.FOREIGN))
    parts = list(phrases)
    for part in speech:
        start = part.start
        for phrase in parts_between(phrases, part.start, part.end):
            if start < phrase.start:
                parts.append(part._replace(start=start, end=phrase.start))
            start = max(start, phrase.end)
        if start < part.end:
            parts.append(part._replace(start=start))
    return sorted(parts)


def parts_between(speech: Sequence[Speech], start: int, end: int) -> Iterator[Speech]:
    """Yield the parts that lie, at least partly, between two places of a paragraph.

    Args:
        speech: parts in order, without overlaps.
        start: a position, in characters.
        end: another.
    """
    for number in range(bisect_right(speech, start, key=attrgetter("end")), len(speech)):
        if speech[number].start >= end:
            return
        yield speech[number]


def foreign_parts(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Yield the sentences and phrases of a chapter in other languages, each after its tag."""
    for sentence in (one for text in _narrated(chapter) for one in split_sentences(text)):
        if language := foreign_language(sentence):
            yield language, sentence
        else:
            yield from ((tag, sentence[start:end]) for start, end, tag in foreign_phrases(sentence))


def is_said(paragraph: Paragraph) -> bool:
    """Return whether a paragraph is spoken at all."""
    return paragraph.kind is not Kind.BREAK


def people_of(document: Document) -> People:
    """Return the characters of a book, as the whole of it tells of them.

    Those of the last book are remembered: its script is written several times.
    """
    return _people_of(tuple(tuple(_narrated(chapter)) for chapter in document.book.chapters))


@lru_cache(maxsize=1)
def _people_of(chapters: tuple[tuple[str, ...], ...]) -> People:
    return learn_people(chapters)


def unknown_characters(cast: Cast, people: People) -> list[str]:
    """Return the names in a cast that nobody in the book has."""
    return [
        name for name, _ in cast.speakers if name not in SPEAKER_ROLES and not people.called(name)
    ]


def _narrated(chapter: Chapter) -> list[str]:
    """Return the texts of what is said in a chapter; empty where nobody can speak in it."""
    return [
        paragraph.text if paragraph.kind in NARRATED else ""
        for paragraph in chapter.paragraphs
        if is_said(paragraph)
    ]


def attributed_speech(chapter: Chapter, people: People) -> list[list[Attributed]]:
    """Return the direct speech of each paragraph that is said in a chapter, and who says it."""
    return attribute(_narrated(chapter), people)


def speech_by_paragraph(
    chapter: Chapter, cast: Cast, people: People | None
) -> Iterator[Sequence[Speech]]:
    """Yield the direct speech of each paragraph, as far as the narrator does not speak it."""
    is_cast = any(role is Kind.DIALOGUE for role, _ in cast.roles)
    if people is None or not cast.speakers:
        for text in _narrated(chapter):
            yield [Speech(*span) for span in direct_speech(text)] if is_cast else []
        return
    names = {called: name for name, _ in cast.speakers if (called := people.called(name))}
    for paragraph in attributed_speech(chapter, people):
        speech = []
        for start, end, speaker in paragraph:
            role = speaker_role(speaker.sex, speaker.age)
            voice = cast.speaker_voice(names.get(speaker.name, ""), role)
            if voice or is_cast:
                speech.append(Speech(start, end, voice.name if voice else ""))
        yield speech
