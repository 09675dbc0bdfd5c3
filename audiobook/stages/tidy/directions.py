"""Marks that authors put into a text for pauses and voices: ``[pause 2s]``, ``[voice: saigon]``.

They are spelled one way before anything else is done to a text, so that no step takes them for
something else, and taken out of it when it is in order: what they order is then told by each
paragraph's directions, and no mark is ever spoken or shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobook.model import Direction, Document, Kind, Paragraph
from audiobook.stages.tidy.step import (
    Result,
    all_paragraphs,
    exchange_paragraphs,
    rewrite_paragraphs,
    space_between,
)
from audiobook.vietnamese import is_speakable
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Chapter

LONGEST_PAUSE = 60.0
"""Seconds."""
_USUAL_PAUSE = 1.0
_SECONDS = {"ms": 0.001, "m": 60, "min": 60, "minute": 60, "phút": 60}
_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?"
_QUOTE = "[\"'“”]?"
_NAME = r"[^\[\]<>\s\"'“”⟦⟧]{1,60}"
_WRITTEN = re.compile(
    r"\[\s?(?:pause|break|silence|nghỉ|ngừng|ngưng|dừng|tạm (?:dừng|ngừng|nghỉ))\s?[:=]?\s?"
    rf"(?P<length>{_NUMBER})\s?(?P<unit>ms|s|secs?|seconds?|giây|m|mins?|minutes?|phút)?\s?\]"
    rf"|<break\s+time\s?=\s?{_QUOTE}(?P<time>{_NUMBER})\s?(?P<time_unit>ms|s){_QUOTE}\s?/?>"
    r"|(?P<pause>\[\s?pause\s?\]|<break\s?/>)"
    rf"|\[\s?(?:voice|giọng)(?:\s?[:=]\s?|\s)(?P<voice>{_NAME})\s?\]"
    rf"|<voice\s+name\s?=\s?{_QUOTE}(?P<named>{_NAME}){_QUOTE}\s?>"
    r"|(?P<end>\[\s?/\s?(?:voice|giọng)\s?\]|</voice\s?>)",
    re.IGNORECASE,
)
# Marks of other programs for sounds and manners of speaking, in a form that prose never has.
_UNKNOWN = re.compile(
    r"\[\s?/?\s?(?:pause|break|silence|voice|sound|sfx|music|audio|speaker|speed|rate|pitch|volume"
    r"|emphasis|whisper|emotion|prosody|say-as)(?:\s?[:=][^\[\]\n]{0,80})?\]"
    r"|\[\s?(?:pause|voice)\s[^\[\]\n]{1,30}\]"
    r"|</?(?:break|voice|speak|prosody|emphasis|say-as|phoneme)(?:\s[^<>\n]{0,200})?/?>",
    re.IGNORECASE,
)
_MARK = re.compile(r"⟦(?:pause:(?P<pause>[0-9.]+)|voice:(?P<voice>[^⟦⟧]+)|(?P<end>/voice))⟧")
_ENDS = re.compile(r"(?P<head>(?:⟦[^⟦⟧]+⟧\s*)*)(?P<text>.*?)(?P<tail>(?:\s*⟦[^⟦⟧]+⟧)*)", re.DOTALL)


# --- before a text is put in order ----------------------------------------------------------------


def spell_marks(document: Document) -> Result:
    """Spell every mark for a pause or a voice one way, without spaces.

    A pause longer than `LONGEST_PAUSE` stays as it is written, for `drop_unknown_marks`.
    """
    return rewrite_paragraphs(
        document, lambda text: _WRITTEN.sub(_spelled_mark, text) if _may_mark(text) else text
    )


def drop_unknown_marks(document: Document) -> Result:
    """Leave out marks that mean nothing here: misspelled ones, and those of other programs.

    A pause longer than `LONGEST_PAUSE` counts as one of them.
    """
    return rewrite_paragraphs(
        document, lambda text: _without_unknown(text) if _may_mark(text) else text
    )


def _may_mark(text: str) -> bool:
    return "[" in text or "<" in text


def _without_unknown(text: str) -> str:
    cleaned = _WRITTEN.sub(lambda mark: "" if _is_too_long(mark) else mark[0], text)
    cleaned = _UNKNOWN.sub("", cleaned)
    return text if cleaned == text else re.sub(r"(?<=\S) {2,}", " ", cleaned).strip()


def _spelled_mark(written: re.Match[str]) -> str:
    if written["end"]:
        return "⟦/voice⟧"
    if name := written["voice"] or written["named"]:
        return f"⟦voice:{name}⟧"
    if _is_too_long(written):
        return written[0]
    seconds = _USUAL_PAUSE if written["pause"] else _seconds(written)
    return f"⟦pause:{seconds:.3f}⟧"


def _is_too_long(written: re.Match[str]) -> bool:
    has_length = bool(written["length"] or written["time"])
    return has_length and _seconds(written) > LONGEST_PAUSE


def _seconds(written: re.Match[str]) -> float:
    number = float((written["length"] or written["time"]).replace(",", "."))
    unit = (written["unit"] or written["time_unit"] or "s").lower()
    return number * _SECONDS.get(unit.removesuffix("s") if len(unit) > 2 else unit, 1)


# --- while it is put in order ---------------------------------------------------------------------


def set_marks_apart(document: Document) -> Document:
    """Make marks at the beginning and the end of a line paragraphs of their own.

    They are breaks, which no step and no heading takes for text.
    """
    parted = {}
    for number, paragraph in enumerate(all_paragraphs(document)):
        if "⟦" in paragraph.text and (line := _ENDS.fullmatch(paragraph.text)):
            parts = [Paragraph(line[part].strip(), Kind.BREAK) for part in ("head", "tail")]
            middle = replace(paragraph, text=line["text"].strip())
            rows = (parts[0], middle, parts[1])
            if rows != (parts[0], paragraph, parts[1]):
                parted[number] = [row for row in rows if row.text]
    return exchange_paragraphs(document, parted)[0]


# --- when it is in order --------------------------------------------------------------------------


def take_marks(document: Document) -> Document:
    """Take the marks out of a text and tell by directions what they order.

    A pause belongs to the end of what is said before it, in front of the first words of a chapter
    to these. A voice speaks on until it is told to end, in later paragraphs and chapters, too.
    """
    taker = _MarkTaker()
    chapters = tuple(taker.take(document.chapters))
    return replace(document, chapters=chapters)


def marked_voices(document: Document) -> list[str]:
    """Return the names of the voices that marks ask for, each once, in order."""
    names = (
        direction.voice
        for chapter in document.chapters
        for paragraph in chapter.paragraphs
        for direction in paragraph.directions
        if direction.voice
    )
    return list(dict.fromkeys(names))


@dataclass(slots=True)
class _MarkTaker:
    """Takes the marks out of a document in one pass."""

    voice: str = ""
    """Who speaks at this place; empty for the narrator."""
    pause: float = 0.0
    """Seconds ordered before anything is said in the chapter."""
    rows: list[Paragraph] = field(default_factory=list)
    """The paragraphs of the chapter so far."""

    def take(self, chapters: Iterable[Chapter]) -> Iterator[Chapter]:
        """Yield the chapters without marks; one that held nothing else goes."""
        for chapter in chapters:
            self.rows = []
            for paragraph in chapter.paragraphs:
                self._take_paragraph(paragraph)
            if self.rows or not chapter.paragraphs:
                title = " ".join(_MARK.sub(" ", chapter.title).split())
                yield replace(chapter, title=title, paragraphs=tuple(self.rows))

    def _take_paragraph(self, paragraph: Paragraph) -> None:
        if paragraph.kind is Kind.BREAK and "⟦" not in paragraph.text:
            self.rows.append(paragraph)
            return
        directions = [Direction(0, voice=self.voice)] if self.voice else []
        text = ""
        end = 0
        for mark in _MARK.finditer(paragraph.text):
            text = _join_around_mark(text, paragraph.text[end : mark.start()])
            end = mark.end()
            self._note_direction(mark, text, paragraph.text[end:], directions)
        text = _join_around_mark(text, paragraph.text[end:]).rstrip()
        if not text:
            return
        if self.pause:
            directions.insert(0, Direction(0, pause=self.pause))
            self.pause = 0.0
        self.rows.append(replace(paragraph, text=text, directions=tuple(directions)))

    def _note_direction(
        self, mark: re.Match[str], preceding: str, following: str, directions: list[Direction]
    ) -> None:
        """Add the direction that a mark orders to its place in the text.

        Args:
            mark: the mark.
            preceding: the paragraph before it, without marks.
            following: the paragraph after it.
            directions: those of the paragraph.
        """
        begins = not is_speakable(preceding)
        position = (
            0
            if begins
            else len(preceding.rstrip() + space_between(preceding, _MARK.sub("", following)))
        )
        if mark["pause"] is None:
            self.voice = mark["voice"] or ""
            directions.append(Direction(position, voice=self.voice))
        elif not begins:
            directions.append(Direction(position, pause=float(mark["pause"])))
        else:
            self._pause_before(float(mark["pause"]))

    def _pause_before(self, seconds: float) -> None:
        """Add a pause after the last paragraph, or before the first of the chapter."""
        for number in range(len(self.rows) - 1, -1, -1):
            last = self.rows[number]
            if last.kind is not Kind.BREAK:
                silence = Direction(len(last.text), pause=seconds)
                self.rows[number] = replace(last, directions=(*last.directions, silence))
                return
        self.pause += seconds


def _join_around_mark(preceding: str, following: str) -> str:
    """Join what stands before and after a mark."""
    return f"{preceding.rstrip()}{space_between(preceding, following)}{following.lstrip()}"
