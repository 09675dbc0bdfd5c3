"""Subtitles and lyrics: SRT, WebVTT, ASS and LRC. What is said is read, not when or where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, Chapter, Document, Kind, LeftOut, Meta, Paragraph
from audiobook.stages.readers import plain
from audiobook.stages.readers.cues import NOTES, SUNG, SubtitleCue, parse_cues, parse_lyrics
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LRC_FIELD = re.compile(r"\s*\[(?P<name>[a-z#]+):(?P<value>[^\]]*)\]\s*", re.I)
# Descriptions of sounds for those who cannot hear: [tiếng cửa mở], (cười). A sentence in brackets
# is spoken; in songs all text in round brackets is: the other voices sing it.
SOUND = re.compile(r"[\s♩♪♫♬]*\[[^\[\]]*\][\s♩♪♫♬]*")
SOUND_OF_FILM = re.compile(rf"{SOUND.pattern}|[\s♩♪♫♬]*\([^()]*[^().!?…:;]\)[\s♩♪♫♬]*")
# Who made the subtitles.
_CREDIT = re.compile(
    r"\W{0,8}(?:(?:việt hóa|vietsub|phụ đề|lời dịch|dịch|biên dịch|người dịch|dịch thuật"
    r"|dịch và \w{1,9} \w{1,9}|hiệu đính|đồng bộ|timing|subs?|subtitles?|subtitled|captions?"
    r"|captioned|translated|translation|sync(?:ed|hronized)?|corrected|sync (?:and|&) corrections?"
    r"|ripped|encoded)(?: (?:được )?(?:thực hiện )?(?:bởi|by)\b| ?:)"
    r"|(?:subtitles|phụ đề) (?:downloaded )?(?:from|tải từ|từ)\b)",
    re.IGNORECASE,
)
_EXAMPLE, _CONTEXT = 60, 40
_SPEECH = ("-", "–", "—", *NOTES)
_ENDS = (".", "?", "!", "…", ":", ";", *NOTES)
_CLOSING = "\"'”’»)] "
# Cues with at most this gap between them, in seconds, may repeat a line that is said once.
_AT_ONCE = 0.05
# The least share of cues that end in a mark in subtitles with punctuation; in others each cue is a
# sentence, unless the next one begins with a small letter.
_PUNCTUATED = 0.2


def read(data: bytes, name: str) -> Document:
    """Read what is said in subtitles or a song, a paragraph for each sentence.

    Cues that go on with a sentence are joined, and lines that roll up through several are read
    once. A line that begins with a dash is another speaker's. Sounds in brackets are notes. Credits
    to those who made the subtitles are left out, and the changes list them.

    Raises:
        SourceError: it is not text, or holds no letter or digit.
    """
    text = plain.decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    meta = Meta()
    cues, sound = list(parse_cues(text)), SOUND_OF_FILM
    if not cues:
        cues, sound = list(parse_lyrics(text)), SOUND
        meta = _meta_of(text)
    cues, makers = without_makers(list(without_repeated_lines(cues)))
    paragraphs = tuple(_paragraphs(cues, sound))
    if not paragraphs:
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    return Document(
        meta=meta, chapters=(Chapter("", paragraphs),), changes=tuple(change_of_makers(makers))
    )


def _meta_of(text: str) -> Meta:
    """Return what the fields at the head of a song say."""
    song_fields: dict[str, str] = {}
    for line in text.split("\n"):
        if entry := _LRC_FIELD.fullmatch(line):
            song_fields.setdefault(entry["name"].lower(), " ".join(entry["value"].split()))
        elif line.strip():
            break
    return Meta(
        title=song_fields.get("ti", ""),
        author=song_fields.get("ar", "") or song_fields.get("au", ""),
        language=song_fields.get("la", "") or Meta().language,
    )


# --- what is said -------------------------------------------------------------------------------


def without_repeated_lines(cues: Sequence[SubtitleCue]) -> Iterator[SubtitleCue]:
    """Yield cues without the lines that were there a moment before.

    Captions that roll up show each line again above the next, or a line again with more words.
    """
    shown: tuple[str, ...] = ()
    end = float("-inf")
    for cue in cues:
        lines = cue.lines
        if cue.start < end or (cue.start < cue.end and cue.start - end <= _AT_ONCE):
            lines = _new_lines(shown, lines)
        if cue.lines:
            shown, end = cue.lines, max(cue.end, end)
        yield cue._replace(lines=lines)


def _new_lines(shown: tuple[str, ...], lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines after those with which the last cue ended."""
    for size in range(min(len(shown), len(lines)), 0, -1):
        if shown[-size:] == lines[:size]:
            return lines[size:]
    if shown and lines and lines[0].startswith(f"{shown[-1]} "):
        return (lines[0][len(shown[-1]) :].strip(), *lines[1:])
    return lines


def without_makers(cues: Sequence[SubtitleCue]) -> tuple[list[SubtitleCue], list[LeftOut]]:
    """Return the cues without credits to those who made the subtitles, and these credits."""
    remaining: list[SubtitleCue] = []
    makers: list[LeftOut] = []
    for cue in cues:
        if cue.lines and _CREDIT.match(cue.lines[0]):
            preceding = remaining[-1].lines if remaining else ()
            makers.append(LeftOut(text="\n".join(cue.lines), after=" ".join(preceding)[-_CONTEXT:]))
        else:
            remaining.append(cue)
    return remaining, makers


def change_of_makers(makers: Sequence[LeftOut]) -> Iterator[Change]:
    """Yield the change that lists credits which were left out, if any were."""
    if makers:
        example = makers[0].text.split("\n")[0][:_EXAMPLE]
        yield Change(
            step=message("credits of the subtitles left out"),
            count=len(makers),
            example=example,
            left_out=tuple(makers),
        )


def _paragraphs(cues: Sequence[SubtitleCue], sound: re.Pattern[str]) -> Iterator[Paragraph]:
    """Yield a paragraph for each sentence, and one for each sound that is described."""
    ended = sum(_is_ended(cue.lines[-1]) for cue in cues if cue.lines)
    is_punctuated = ended >= _PUNCTUATED * sum(bool(cue.lines) for cue in cues)
    sentence: list[str] = []
    for cue in cues:
        text = " ".join(cue.lines)
        for place, line in enumerate((text,) if sound.fullmatch(text) else cue.lines):
            if sound.fullmatch(line):
                yield Paragraph(line.strip("[]() ♩♪♫♬"), Kind.NOTE)
                continue
            goes_on = place > 0 or (is_punctuated or line[:1].islower())
            if sentence and not _continues_sentence(sentence[-1], line, goes_on=goes_on):
                yield _spoken_paragraph(sentence)
                sentence = []
            sentence.append(line)
    if sentence:
        yield _spoken_paragraph(sentence)


def _spoken_paragraph(lines: Sequence[str]) -> Paragraph:
    return Paragraph(" ".join(" ".join(lines).translate(SUNG).split()))


def _continues_sentence(line: str, following: str, *, goes_on: bool) -> bool:
    return goes_on and not following.startswith(_SPEECH) and not _is_ended(line)


def _is_ended(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_ENDS)
