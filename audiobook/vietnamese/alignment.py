"""When each written word is heard: from positions in the spoken text back to the written one."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobook.model import Mark, Span, Word
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import is_speakable, unify_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.vietnamese.reading import Reading

_TOKEN = re.compile(r"\S+")
# What is added to the length of a word, in syllables: for each letter beyond two, for the pause at
# the mark after it, and for the last word, which is drawn out. Fitted to eSpeak's own times of
# 4,111 words of a novel: on average a guess is 52 ms off, on another text 80 ms.
_LETTER = 0.06
_PAUSES = ((".!?…", 1.2), (",;:–—", 1.0), (')”"»', 0.6))
_DRAWN_OUT = 0.5
_MARKS = "".join(marks for marks, _ in _PAUSES)


def trace_spans(text: str, readings: Sequence[Reading], pieces: Sequence[str]) -> tuple[Span, ...]:
    """Return the places where the spoken text differs from the written one.

    Args:
        text: one sentence as written.
        readings: what `explain` made of it.
        pieces: the spoken text: ``say(text, readings)`` cut by `pack_clauses`, perhaps without
            pieces that cannot be spoken.

    Returns:
        The places in order; spoken positions count the pieces joined by one character. Empty for
        prose, which is spoken as it is written.
    """
    if not pieces or pieces == (text,):
        return ()  # nothing is spoken (a note mark alone), or just what is written
    piece_starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
    if unify_letters(text) != text:  # positions of readings are not those of the text
        return (Span(0, piece_starts[-1], 0, len(text)),)
    from audiobook.vietnamese.reading import say

    spoken = say(text, list(readings))
    spoken_starts = _piece_starts(pieces, spoken)

    def in_pieces(position: int) -> int:
        """Return the position in the joined pieces for one in the spoken sentence."""
        number = max(bisect_right(spoken_starts, position) - 1, 0)
        return piece_starts[number] + min(
            max(position - spoken_starts[number], 0), len(pieces[number])
        )

    spans = []
    # Up to here the sentence as it is said, and the text, have been compared.
    spoken_position = written_position = 0
    for number, reading in enumerate(readings):
        start = spoken_position + reading.start - written_position
        written_position = reading.end
        following = readings[number + 1].start if number + 1 < len(readings) else len(text)
        # Spaces may have been put around a reading, so that words do not grow together.
        spoken_end = spoken.index(reading.spoken, start) + len(reading.spoken)
        spoken_position = spoken.index(text[written_position:following], spoken_end)
        spans.append(Span(in_pieces(start), in_pieces(spoken_position), reading.start, reading.end))
        spans += _spans_at_cuts(
            spoken_starts,
            piece_starts,
            spoken_position,
            spoken_position + following - written_position,
            written_position,
        )
    if not readings:
        spans += _spans_at_cuts(spoken_starts, piece_starts, 0, len(spoken), 0)
    return tuple(spans)


def _piece_starts(pieces: Sequence[str], spoken: str) -> list[int]:
    """Return where each piece begins in the spoken sentence."""
    starts: list[int] = []
    end = 0
    for piece in pieces:
        starts.append(spoken.index(piece, end))
        end = starts[-1] + len(piece)
    return starts


def _spans_at_cuts(
    spoken_starts: Sequence[int], piece_starts: Sequence[int], start: int, end: int, written: int
) -> list[Span]:
    """Return a span for each cut between pieces at which other than one character was lost.

    Args:
        spoken_starts: where each piece begins in the spoken sentence.
        piece_starts: where each begins in the joined pieces.
        start: where a part of the spoken sentence begins that is spoken as written.
        end: where that part ends.
        written: where that part begins in the text.
    """
    spans = []
    for number, spoken_start in enumerate(spoken_starts):
        lost_count = spoken_start - piece_starts[number]
        if start <= spoken_start < end and lost_count != (
            spoken_starts[number - 1] - piece_starts[number - 1] if number else 0
        ):
            position = written + spoken_start - start
            spans.append(Span(piece_starts[number], piece_starts[number], position, position))
    return spans


def align_words(
    text: str, pieces: Sequence[str], spans: Sequence[Span], marks: Sequence[Sequence[Mark]]
) -> tuple[Word, ...]:
    """Return when each word of a text is heard.

    Several words that one reading covers (17 phút, TP. HCM) are one word. Of several marks in
    one word the first counts.

    Args:
        text: one sentence as written.
        pieces: what was spoken.
        spans: what `trace_spans` returned for the two.
        marks: the marks of each piece; the words count their samples from where these do.
    """
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    token_starts = [start for start, _ in tokens]
    span_starts = [span.spoken for span in spans]
    words: list[Word] = []
    offset = 0
    for piece, piece_marks in zip(pieces, marks, strict=True):
        for sample, position in piece_marks:
            start, end = _written_range(offset + position, spans, span_starts)
            first_token = max(bisect_right(token_starts, start) - 1, 0)
            last_token = max(bisect_right(token_starts, end - 1) - 1, first_token)
            if not words or tokens[first_token][0] >= words[-1].end:
                words.append(Word(sample, tokens[first_token][0], tokens[last_token][1]))
        offset += len(piece) + 1
    return tuple(words)


def _written_range(position: int, spans: Sequence[Span], starts: Sequence[int]) -> tuple[int, int]:
    """Return the part of the text, start and end, for a position in the spoken text."""
    number = bisect_right(starts, position) - 1
    if number < 0:
        return position, position + 1
    span = spans[number]
    if position < span.spoken_end:
        return span.written, span.written_end
    start = span.written_end + position - span.spoken_end
    return start, start + 1


def guess_marks(spoken: str, samples: int) -> tuple[Mark, ...]:
    """Guess when each word is heard, by syllables, letters and commas, if the engine does not tell.

    Args:
        spoken: what was spoken, in syllables separated by spaces.
        samples: the length of the sound without the silence at its ends.
    """
    words = [match for match in _TOKEN.finditer(spoken) if is_speakable(match[0])]
    weights = [_syllables_long(match[0]) for match in words]
    if weights:
        weights[-1] = 1 + _DRAWN_OUT  # the pause after it was cut off
    elapsed = list(accumulate(weights, initial=0.0))
    return tuple(
        Mark(round(samples * begin / elapsed[-1]), match.start())
        for begin, match in zip(elapsed[:-1], words, strict=True)
    )


def _syllables_long(word: str) -> float:
    """Return how long a word and the pause after it last, in syllables."""
    letters = sum(map(str.isalnum, word))
    marks_after = word[len(word.rstrip(_MARKS)) :]
    pause = next(
        (pause for marks, pause in _PAUSES if any(mark in marks for mark in marks_after)), 0.0
    )
    return 1 + _LETTER * max(letters - 2, 0) + pause
