"""The text of a book as it is spoken: utterances, and the passages that are recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from audiobook.model.text import Kind, Slot


class Span(NamedTuple):
    """A place where what is said differs from what is written; all counted in characters."""

    spoken: int
    """Where it begins in what is said."""
    spoken_end: int
    written: int
    """Where it begins in the text."""
    written_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence as it will be said."""

    text: str
    """As written: what a transcript shows."""
    spoken: tuple[str, ...]
    """What the engine says, in pieces no longer than its limit; empty when nothing in the
    sentence can be said (an ellipsis, a row of stars), which leaves a pause."""
    role: Kind
    pause: float
    """Silence after it, in seconds."""
    gaps: tuple[float, ...] = field(default=(), repr=False)
    """Silences between the pieces of ``spoken``, in seconds, one fewer than pieces; empty where
    each is the clause pause of its voice. They enter the key of a recording separately."""
    spans: tuple[Span, ...] = ()
    """Where ``spoken``, its pieces joined by one character, and ``text`` get out of step; none
    where it is said as written."""
    voice: str = field(default="", repr=False)
    """Name of the voice that its author or its speaker asks for; empty for that of its role. It
    enters the key of a recording separately, so that the keys of books without such marks stay the
    same."""
    take: int = field(default=1, repr=False)
    """Which of the ways it is said in that its engine has, from 1. It enters the key of a recording
    separately, as the voice does."""
    guesses: tuple[str, ...] = field(default=(), repr=False)
    """The words of the text whose reading is guessed, as written. They are not in the key of a
    recording, because they do not change the sound."""
    begins_paragraph: bool = field(default=False, repr=False)
    """Whether a paragraph of the text begins with it; it is not in the key of a recording."""
    slot: Slot | None = field(default=None, repr=False)
    """When it is said; None where it follows the one before it. The key of a recording holds it
    separately, counted from the beginning of the passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of utterances of one chapter: the unit of recording, resuming and rebuilding."""

    chapter: int
    """Position of the chapter in the whole book, from 0."""
    first: int
    """Position of the first utterance in the chapter, from 0."""
    utterances: tuple[Utterance, ...]
    opening: float = 0.0
    """Silence before it, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedPassage(Passage):
    """A passage whose utterances have slots; one without utterances is silence."""

    begin: int
    """Samples from the beginning of the sound, whole frames."""
    samples: int
    """How long it is meant to last, in whole frames; the next one begins when it ends."""
    is_last: bool = False
    """Whether nothing follows it, so that it may last longer."""
