"""Subtitles that are spoken at their times: a paragraph for each speaker of each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, Chapter, Document, Kind, LeftOut, Meta, Slot, Subtitle
from audiobook.stages.readers import plain
from audiobook.stages.readers.cues import SUNG, parse_cues, parse_lyrics
from audiobook.stages.readers.subtitles import (
    SOUND,
    SOUND_OF_FILM,
    change_of_makers,
    without_makers,
    without_repeated_lines,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.stages.readers.cues import SubtitleCue

# Subtitles that begin so close together, in seconds, are said one after the other in one slot.
_TOGETHER = 0.1
# The least share of captions that repeat lines of those before them where they roll up.
_ROLLING = 0.25
_EXAMPLE = 60
# So many hours are in no film, nor between two talks of a day, without anything that is said. Who
# types 10:00:00 for 1:00:00 would get them as silence: a gigabyte of WAV.
_MOST_HOURS = 6
_DASH = re.compile(r"[-–—]")
# What a line may begin with that is not said: [Nam, nói nhỏ], (cười).
_SOUND_BEFORE = re.compile(
    r"(?P<dash>[-–—]?\s*)(?P<sound>\[[^\[\]]*\]|\([^\W\dA-ZÀ-ỸĐ][^().!?…:;]{0,30}\))\s*(?=\S)"
)


def read(data: bytes, name: str) -> Document:
    """Read what is said in subtitles, in the order of their times.

    Subtitles that begin at the same time share a slot. A line that begins with a dash is another
    speaker's. Descriptions of sounds are notes. Credits to those who made the subtitles are left
    out, and so are subtitles without times that can be read; the changes list both.

    Raises:
        SourceError: it is not text, no time in it can be read, or one is mistyped by hours.
    """
    text = plain.decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    cues, sound = list(parse_cues(text)), SOUND_OF_FILM
    if not cues:
        cues, sound = list(parse_lyrics(text)), SOUND
    timed = [cue for cue in cues if not cue.broken]
    if not timed:
        raise no_times(name)
    in_order = sorted(timed, key=lambda cue: cue.start)
    _check_hours(in_order, text.split("\n"), name)
    shown, makers = without_makers(_without_rolling(in_order))
    paragraphs = tuple(_paragraphs(shown, sound))
    changes = (
        *_change_of_broken([cue for cue in cues if cue.broken]),
        *_change_of_order(timed, in_order),
        *change_of_makers(makers),
    )
    return Document(meta=Meta(), chapters=(Chapter("", paragraphs),), changes=changes)


def _without_rolling(cues: list[SubtitleCue]) -> list[SubtitleCue]:
    """Return the lines of captions that roll up once each, and others as they are.

    In a film somebody may well say the same again at once.
    """
    once = list(without_repeated_lines(cues))
    repeating = sum(cue.lines != shorter.lines for cue, shorter in zip(cues, once, strict=True))
    return once if repeating >= _ROLLING * len(cues) else cues


def no_times(name: str) -> SourceError:
    """Return the error that a source has no subtitles."""
    return SourceError(
        message("{name} holds no subtitles with times", name=name),
        message("give a file in SRT, WebVTT, ASS or LRC, or leave out --timed"),
    )


def _check_hours(cues: Sequence[SubtitleCue], lines: Sequence[str], name: str) -> None:
    """Check that no subtitle is hours after the one before it, nor the last one shown for hours.

    Of those before it, signs and credits may well be: the sound does not end with them.

    Args:
        cues: in the order of their times.
        lines: those of the file.
        name: of the file.

    Raises:
        SourceError: one is.
    """
    start = 0.0
    for cue in cues:
        place = {
            "name": name,
            "line": cue.line,
            "number": cue.number,
            "hours": _MOST_HOURS,
            "times": lines[cue.line - 1].strip()[:_EXAMPLE],
        }
        if cue.start - start > _MOST_HOURS * 3600:
            raise SourceError(
                message(
                    "{name}, line {line}: nothing is said for more than {hours} hours before "
                    "subtitle {number} ({times})",
                    **place,
                ),
                message("correct its time, or let the film begin at 0:00:00, or divide the file"),
            )
        is_last = cue.start > cues[-1].start - _TOGETHER
        if is_last and cue.end - cue.start > _MOST_HOURS * 3600:
            raise SourceError(
                message(
                    "{name}, line {line}: subtitle {number} is shown for more than {hours} hours "
                    "({times})",
                    **place,
                ),
                message("correct its time"),
            )
        start = cue.start


def _paragraphs(cues: Iterable[SubtitleCue], sound: re.Pattern[str]) -> Iterator[Subtitle]:
    slot: Slot | None = None
    for cue in cues:
        if slot is None or cue.start - slot.start >= _TOGETHER:
            slot = Slot(cue.number, cue.start, max(cue.end, cue.start))
        else:
            slot = slot._replace(end=max(cue.end, slot.end))
        whole = " ".join(cue.lines)
        if sound.fullmatch(whole):
            yield _note(whole, slot)
            continue
        for speech in _by_speaker(cue.lines, sound):
            yield from _speech_paragraphs(speech, slot)


def _by_speaker(lines: Iterable[str], sound: re.Pattern[str]) -> Iterator[str]:
    """Yield the lines of each speaker as one; those that describe a sound stay apart."""
    speech: list[str] = []
    for line in lines:
        if speech and (_DASH.match(line) or sound.fullmatch(line) or sound.fullmatch(speech[-1])):
            yield " ".join(speech)
            speech = []
        speech.append(line)
    if speech:
        yield " ".join(speech)


def _speech_paragraphs(text: str, slot: Slot) -> Iterator[Subtitle]:
    """Yield what is said, and before it a note of the sounds that stand at its beginning."""
    if SOUND_OF_FILM.fullmatch(text):
        yield _note(text, slot)
        return
    while described := _SOUND_BEFORE.match(text):
        yield _note(described["sound"], slot)
        text = described["dash"] + text[described.end() :]
    yield Subtitle(" ".join(text.translate(SUNG).split()), slot=slot)


def _note(text: str, slot: Slot) -> Subtitle:
    return Subtitle(text.strip("-–—[]() ♩♪♫♬"), Kind.NOTE, slot=slot)


def _change_of_broken(cues: Sequence[SubtitleCue]) -> Iterator[Change]:
    if cues:
        pieces = [f"{cue.line}: {cue.broken}\n" + "\n".join(cue.lines) for cue in cues]
        yield Change(
            step=message("subtitles without readable times left out"),
            count=len(cues),
            example=pieces[0].split("\n")[0][:_EXAMPLE],
            left_out=tuple(LeftOut(text=piece.strip()) for piece in pieces),
        )


def _change_of_order(cues: Sequence[SubtitleCue], in_order: Sequence[SubtitleCue]) -> list[Change]:
    moved = [cue for cue, other in zip(cues, in_order, strict=True) if cue is not other]
    if not moved:
        return []
    step = message("subtitles put in the order of their times")
    return [Change(step=step, count=len(moved), example=" ".join(moved[0].lines)[:_EXAMPLE])]
