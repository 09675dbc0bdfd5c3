"""Chooses the silence after each paragraph, sentence and part of one: named, and never the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Kind, StanzaEnd
from audiobook.vietnamese import Reading, direct_speech, is_speakable, pack_clauses, say
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import unify_letters
from audiobook.vietnamese.phrasing import InnerPause, inner_pauses, line_pauses
from audiobook.vietnamese.verse import Metre, metre_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Chapter, Paragraph, Pauses

# Characters of a sentence that takes about ten seconds: a breath is added to the pause after it.
_LONG_SENTENCE = 140
_ITEM = re.compile(r"\s*(?:[-–—•*+]\s|\(?\d{1,3}[.)]\s|\(?[a-zđ][.)]\s|[ivx]{1,4}[.)]\s)")
_SPEECH = (Kind.PROSE, Kind.DIALOGUE, Kind.QUOTE)
_CLOSING = "\"'”’»)] "
_ENDS_SENTENCE = tuple(".!?…")
_MARKS = tuple(".!?…,;:–—-")


class Paced(NamedTuple):
    """A paragraph that is said, and how long a silence follows it."""

    paragraph: Paragraph
    pause: float
    """Seconds after its last word."""
    metre: Metre | None
    """Of verse; None for everything else."""
    is_last: bool
    """Whether the chapter ends with it."""


def pace(chapter: Chapter, pauses: Pauses, *, last: bool = False) -> Iterator[Paced]:
    """Yield what is said in a chapter, with the silence after each paragraph.

    Args:
        chapter: the chapter.
        pauses: the narrator's.
        last: whether the book ends with it.
    """
    paragraphs = chapter.paragraphs
    metres = _metres(paragraphs)
    run_on, stanza_ends = _lines_of_verse(paragraphs)
    positions = [place for place, one in enumerate(paragraphs) if one.kind is not Kind.BREAK]
    for place in positions:
        paragraph = paragraphs[place]
        if place == positions[-1]:
            pause = pauses.closing if last else pauses.chapter
            yield Paced(paragraph, pause, metres.get(place), is_last=True)
            continue
        following = paragraphs[place + 1]
        if paragraph.kind is following.kind is Kind.VERSE:
            seconds = _after_line(paragraph, pauses, place in run_on, place in stanza_ends)
        else:
            seconds = _after_paragraph(paragraph, following, pauses)
        pause = varied(seconds + _breath(paragraph, pauses), paragraph.text, pauses)
        yield Paced(paragraph, pause, metres.get(place), is_last=False)


def after_part(text: str, pauses: Pauses, *, ends: bool, metre: Metre | None = None) -> float:
    """Return the silence after a sentence, or a part of one, inside a paragraph, in seconds.

    Args:
        text: the sentence or the part, as written.
        pauses: the narrator's.
        ends: whether the sentence ends with it.
        metre: that of verse, whose sentences stay within their line.
    """
    stripped = text.rstrip()
    if ends:
        long = pauses.breath if len(text) > _LONG_SENTENCE else 0.0
        seconds = min(pauses.sentence, pauses.line) if metre else pauses.sentence + long
    elif stripped.endswith(":"):
        seconds = pauses.colon
    else:
        seconds = pauses.clause
    return varied(seconds, text, pauses)


def inside(text: str, pauses: Pauses, metre: Metre | None) -> list[tuple[int, float]]:
    """Return where a sentence or a line is parted by a silence, in characters, and its seconds."""
    places = inner_pauses(text) if metre is None else line_pauses(text, metre)
    return [
        (place.position, varied(seconds, text[place.position :], pauses))
        for place in places
        if (seconds := _seconds(place, pauses))  # with none, it is said in one
    ]


def pieces_of(
    text: str,
    readings: list[Reading],
    cuts: list[tuple[int, float]],
    limit: int | None,
    clause: float,
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the pieces in which a text is said, and the silences between them in seconds.

    Args:
        text: as written.
        readings: what is said other than it is written; one is never cut.
        cuts: where it is parted, and by how many seconds.
        limit: longest text the voice takes at once, in characters; None for any.
        clause: seconds between pieces that only the limit parts.
    """
    fixed = [cut for cut in cuts if unify_letters(text) == text]
    cuts = [cut for cut in fixed if not any(one.start < cut[0] < one.end for one in readings)]
    pieces: list[str] = []
    gaps: list[float] = []
    for (start, gap), (end, _) in pairwise([(0, 0.0), *cuts, (len(text), 0.0)]):
        inner = [
            replace(one, start=one.start - start, end=one.end - start)
            for one in readings
            if start <= one.start < end
        ]
        packed = filter(is_speakable, pack_clauses(say(text[start:end], inner), limit))
        for number, piece in enumerate(packed):
            gaps += [clause if number else gap] if pieces else []
            pieces.append(piece)
    return tuple(pieces), tuple(gaps) if cuts else ()


def varied(seconds: float, text: str, pauses: Pauses) -> float:
    """Return a pause a little longer or shorter, as the text before it decides: always the same.

    People never pause twice for the same time; a pause that is always the same sounds mechanical.
    """
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    swing = int.from_bytes(digest) / 2**31 - 1  # -1 to 1
    return round(seconds * (1 + pauses.variation * swing), 4)


def _seconds(place: InnerPause, pauses: Pauses) -> float:
    match place.name:
        case "colon":
            return pauses.colon
        case "dash":
            return pauses.dash
        case "bracket":
            return pauses.bracket
        case "caesura":
            return pauses.caesura


def _breath(paragraph: Paragraph, pauses: Pauses) -> float:
    """Return what is added after a paragraph whose last sentence is long, in seconds."""
    if paragraph.kind not in _SPEECH:
        return 0.0
    tail = paragraph.text[-_LONG_SENTENCE - 1 : -2]
    is_long = len(paragraph.text) > _LONG_SENTENCE and not any(map(tail.count, (". ", "? ", "! ")))
    return pauses.breath if is_long else 0.0


def _after_paragraph(paragraph: Paragraph, following: Paragraph, pauses: Pauses) -> float:
    if following.kind is Kind.BREAK:
        return pauses.scene
    if paragraph.kind is Kind.HEADING:
        return pauses.heading
    if following.kind is Kind.HEADING:
        return pauses.section
    if paragraph.kind is Kind.VERSE:
        return pauses.stanza
    if paragraph.kind in _SPEECH and following.kind in _SPEECH:
        if paragraph.text.rstrip(_CLOSING).endswith(":"):
            return pauses.colon
        if _is_item(paragraph) and _is_item(following):
            return pauses.item
    return pauses.paragraph


def _is_item(paragraph: Paragraph) -> bool:
    """Whether a paragraph is an item of a list rather than speech."""
    return bool(_ITEM.match(paragraph.text)) and not direct_speech(paragraph.text)


# --- verse --------------------------------------------------------------------------------------


def _after_line(line: Paragraph, pauses: Pauses, runs_on: bool, ends_stanza: bool) -> float:
    if ends_stanza:
        return pauses.stanza
    if runs_on:
        return pauses.run_on
    ends = line.text.rstrip(_CLOSING).endswith(_ENDS_SENTENCE)
    return max(pauses.line, pauses.sentence) if ends else pauses.line


def _verse_runs(paragraphs: Sequence[Paragraph]) -> Iterator[range]:
    """Yield the places of each run of lines of verse."""
    for is_verse, group in groupby(
        range(len(paragraphs)), key=lambda place: paragraphs[place].kind is Kind.VERSE
    ):
        if is_verse:
            places = list(group)
            yield range(places[0], places[-1] + 1)


def _metres(paragraphs: Sequence[Paragraph]) -> dict[int, Metre]:
    metres: dict[int, Metre] = {}
    for run in _verse_runs(paragraphs):
        texts = [paragraphs[place].text for place in run]
        metres.update(zip(run, metre_of(texts), strict=True))
    return metres


def _lines_of_verse(paragraphs: Sequence[Paragraph]) -> tuple[set[int], set[int]]:
    """Return the places of lines whose sentence runs on in the next, and of the ends of stanzas."""
    run_on: set[int] = set()
    stanza_ends: set[int] = set()
    for run in _verse_runs(paragraphs):
        open_lines = {place for place in run if not _is_marked(paragraphs[place])}
        if len(open_lines) * 2 < len(run):  # a poem that has marks lacks one on purpose
            run_on |= open_lines
        run_on |= {place for place in open_lines if _begins_small(paragraphs, place + 1, run)}
        ends = {place for place in run if isinstance(paragraphs[place], StanzaEnd)}
        if len(ends) * 2 <= len(run):  # otherwise the source parts all lines alike
            stanza_ends |= ends
    return run_on, stanza_ends


def _is_marked(line: Paragraph) -> bool:
    return line.text.rstrip(_CLOSING).endswith(_MARKS)


def _begins_small(paragraphs: Sequence[Paragraph], place: int, run: range) -> bool:
    return place in run and paragraphs[place].text.lstrip("“\"'«( ")[:1].islower()
