"""The text of a book as it is written, and what reading and tidying did to it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message

if TYPE_CHECKING:
    from collections.abc import Collection


# Characters of a text by which book.toml knows it.
_BEGINNING = 100


def count_words(text: str) -> int:
    """Return how many words a text has: runs between spaces that hold a letter or a digit.

    >>> count_words("Chào – bạn 3!")
    3
    """
    return sum(any(map(str.isalnum, token)) for token in text.split())


def beginning_of(text: str) -> str:
    """Return how a text begins, on one line: enough to know it by.

    >>> beginning_of("Bìa  sách" + chr(10) + "của Hoa")
    'Bìa sách của Hoa'
    """
    return " ".join(text[: 4 * _BEGINNING].split())[:_BEGINNING].rstrip()


class Kind(StrEnum):
    """What a paragraph is, which decides how it is paced."""

    PROSE = "prose"
    HEADING = "heading"
    VERSE = "verse"
    DIALOGUE = "dialogue"
    BREAK = "break"
    """An ornament between scenes: a silence, not speech."""
    NOTE = "note"
    """A footnote or endnote, out of the way of the text."""
    CAPTION = "caption"
    """Words under a picture or a table."""
    QUOTE = "quote"
    """A passage of somebody else's, set apart from the text."""
    CODE = "code"
    """Lines of a program, set apart from the text."""
    FOREIGN = "foreign"
    """A sentence, quotation or title in another language."""


class Direction(NamedTuple):
    """A mark of the author at a place in a paragraph: a silence, or who speaks from there on."""

    at: int
    """Where it takes effect in the text, in characters."""
    pause: float = 0.0
    """Seconds of silence at that place."""
    voice: str | None = None
    """Name of the voice that speaks from there on; empty for the narrator, None for no change."""


class Slot(NamedTuple):
    """The time that subtitles give to what is said."""

    number: int
    """Of the subtitle in its file."""
    start: float
    """Seconds from the beginning of the film."""
    end: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the source."""

    text: str
    """As written; from the reader it may still hold the line ends of the source."""
    kind: Kind = Kind.PROSE
    level: int = 0
    """Of a heading as its source marks it, 1 for the outermost; 0 where it does not say."""
    directions: tuple[Direction, ...] = ()
    """The marks of its author, in the order of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitle(Paragraph):
    """What is said at a time."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class StanzaEnd(Paragraph):
    """A line of verse that is the last of its stanza."""

    @classmethod
    def of(cls, line: Paragraph) -> StanzaEnd:
        """Return a line of verse as the last of its stanza."""
        return cls(line.text, line.kind, line.level, line.directions)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled run of paragraphs; its heading is among them."""

    title: str
    """What players show; empty while unknown."""
    paragraphs: tuple[Paragraph, ...]
    level: int = 1
    """1 for the outermost division of the book."""
    picture: bytes = b""
    """A picture file to show while it is heard; empty for none."""
    _: KW_ONLY
    narrator: str = ""
    """Name of the voice that narrates it; empty for the book's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What is known about the book; an empty string stands for "not known"."""

    title: str = ""
    author: str = ""
    narrator: str = ""
    date: str = ""
    """ISO 8601: a year, a month or a day."""
    language: str = ""
    """BCP 47."""
    genre: str = ""
    publisher: str = ""
    description: str = ""
    series: str = ""
    """The series that the book is a volume of."""
    volume: str = ""
    """Its place in the series, such as 3 or 1.5."""
    cover: bytes = b""
    """A picture file: one of `audiobook.outputs.pictures.SUFFIXES`; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A piece of the source that will not be read as it stands."""

    text: str
    """As it stood; of several paragraphs each on a line."""
    after: str = ""
    """The end of the text before it, to find it by; empty at the beginning."""
    instead: str = ""
    """What is read in its place, where it was repaired."""
    is_chapter: bool = False
    """Whether it was all the text of a chapter."""
    is_line: bool = False
    """Whether it was a whole paragraph or line, so that it can be kept by itself."""
    is_beside: bool = False
    """Whether it stood beside the text, as the menu of a web page does."""

    @property
    def beginning(self) -> str:
        """What ``keep_text`` of book.toml names it by: its first words, on one line."""
        return beginning_of(self.text)

    @property
    def words(self) -> int:
        """How many of its words will not be read; 0 where it was repaired."""
        return 0 if self.instead else count_words(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one step of reading, tidying or dividing did to a text."""

    step: Message
    """What the step did, as the summary of a build says it."""
    count: int
    """How often it acted."""
    example: str
    """The first piece of text that it changed."""
    name: str = ""
    """What ``--keep`` calls the step; empty where the user cannot switch it."""
    left_out: tuple[LeftOut, ...] = ()
    """All that the step took out or repaired, in the order of the source."""

    @property
    def words(self) -> int:
        """How many words the step took out."""
        return sum(piece.words for piece in self.left_out)

    def merged_with(self, later: Change) -> Change:
        """Return this change and a later one of the same step as one."""
        return replace(
            self, count=self.count + later.count, left_out=self.left_out + later.left_out
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A step of tidying or dividing a text that the user may switch."""

    name: str
    """What ``--keep`` and ``--drop`` call it."""
    summary: Message
    """What it did, as the summary of a build says it."""
    help: Message
    """One line that says what it does."""
    default: bool = True
    """Whether it is done by default."""

    def is_done(self, keep: Collection[str], drop: Collection[str]) -> bool:
        """Whether it is done, given the names of steps after ``--keep`` and ``--drop``."""
        return self.name not in keep and (self.default or self.name in drop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source that has been read."""

    meta: Meta
    chapters: tuple[Chapter, ...]
    changes: tuple[Change, ...] = ()
    """What was done to the text so far, in order."""
    numbers: tuple[int, ...] = ()
    """Numbers of its chapters in the whole book, from 1; empty where it holds all of them."""
    part_of: Document | None = None
    """The whole book, where this holds only some of its chapters."""

    @property
    def book(self) -> Document:
        """The whole book, of which this may be only some chapters."""
        return self.part_of or self

    def number_of(self, position: int) -> int:
        """Return the number, in the whole book, of the chapter at a position from 0."""
        return self.numbers[position] if self.numbers else position + 1

    @property
    def holds_first(self) -> bool:
        """Whether its first chapter is that of the book."""
        return self.number_of(0) == 1

    @property
    def holds_last(self) -> bool:
        """Whether its last chapter is that of the book."""
        return self.number_of(len(self.chapters) - 1) == len(self.book.chapters)

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return sum(
            count_words(paragraph.text)
            for chapter in self.chapters
            for paragraph in chapter.paragraphs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """An entry of a lexicon: how the user wants a word or phrase said."""

    written: str
    spoken: str
    """What is said; no rule changes it any more."""
    case: bool = False
    """Only where capitals and small letters are those of ``written``."""
    part: bool = False
    """Also inside longer words."""
    pattern: bool = False
    """``written`` is a regular expression, and ``spoken`` may hold its groups; the rules read the
    result."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text to find and what to put in its place, before anything else is done."""

    find: str
    instead: str
    """May be empty; of a pattern it may hold groups."""
    pattern: bool = False
    """``find`` is a regular expression; otherwise it is looked for as it stands."""
