"""The speech of a chapter in order, and who says each: by narration, by address, by turns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.attribution.address import told_hearer, told_speaker
from audiobook.vietnamese.attribution.announcing import (
    Told,
    announced,
    people_in,
    tagged,
    went_on,
)
from audiobook.vietnamese.attribution.persons import FEMALE, MALE, Mention, Speaker
from audiobook.vietnamese.dialogue import direct_speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.vietnamese.attribution.people import People

_DASHES = "-–—―"
# How many paragraphs back somebody may have been mentioned whom a pronoun means.
_SCENE = 12
_OTHER = {FEMALE: MALE, MALE: FEMALE}


class Attributed(NamedTuple):
    """A part of direct speech in a paragraph, in characters, and who says it."""

    start: int
    end: int
    speaker: Speaker


@dataclass(slots=True)
class _Turn:
    """What one person says in one paragraph."""

    paragraph: int
    spans: list[tuple[int, int]]
    text: str
    follows: bool = False
    """Nothing stands between it and the turn before: somebody else answers."""
    speaker: Speaker | None = None
    hearer: Speaker | None = None
    is_group: bool = False
    """Several people say it, or nobody in particular."""


def attribute(paragraphs: Sequence[str], people: People) -> list[list[Attributed]]:
    """Return the parts of direct speech of each paragraph of a chapter, and who says them.

    Args:
        paragraphs: the chapter in order; empty texts hold no speech, and end a scene.
        people: the characters of the book.
    """
    scene = _Scene(people)
    for position, text in enumerate(paragraphs):
        scene.read(position, text)
    scene.settle()
    attributed: list[list[Attributed]] = [[] for _ in paragraphs]
    for turn in scene.turns:
        speaker = turn.speaker or Speaker()
        attributed[turn.paragraph] += [Attributed(*span, speaker) for span in turn.spans]
    return attributed


class _Scene:
    """Reads a chapter paragraph by paragraph."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.turns: list[_Turn] = []
        self._pending: Told | None = None
        self._recent: list[tuple[int, Mention, Speaker]] = []
        self._narrated = True
        """Whether narration stands before the next speech."""

    def read(self, position: int, text: str) -> None:
        spans = direct_speech(text)
        if not spans:
            self._narrate(position, text, 0, len(text), ends=True)
            return
        is_line = text[spans[0][0]] in _DASHES
        if spans[0][0] > 0:
            self._narrate(position, text, 0, spans[0][0])
        if is_line:
            self._read_line(position, text, spans)
            return
        for number, (start, end) in enumerate(spans):
            turn = self._begin(position, [(start, end)], text[start:end])
            stop = spans[number + 1][0] if number + 1 < len(spans) else len(text)
            if turn.speaker is None:
                self._tell(turn, tagged(text, end, stop, self.people))
            self._narrate(position, text, end, stop, ends=number + 1 == len(spans))

    def _read_line(self, position: int, text: str, spans: list[tuple[int, int]]) -> None:
        said = " ".join(text[start:end] for start, end in spans)
        turn = self._begin(position, spans, said)
        for (_, start), (end, _) in pairwise([*spans, (len(text), len(text))]):
            if start < end and turn.speaker is None:
                self._tell(turn, tagged(text, start, end, self.people))
        if spans[-1][1] < len(text):
            self._narrate(position, text, spans[-1][1], len(text), ends=True)

    def _begin(self, position: int, spans: list[tuple[int, int]], text: str) -> _Turn:
        turn = _Turn(position, spans, text, follows=not self._narrated)
        self.turns.append(turn)
        if self._pending is not None:
            self._tell(turn, self._pending)
        self._pending, self._narrated = None, False
        return turn

    def _narrate(
        self, position: int, text: str, start: int, end: int, *, ends: bool = False
    ) -> None:
        if not text[start:end].strip(" \n.,-–—"):
            return
        if start == 0 and self.turns and self.turns[-1].speaker is None and not self.turns[-1].is_group:
            self._tell(self.turns[-1], went_on(text, start, end, self.people))
        self._pending = announced(text, start, end, self.people)
        self._narrated = True
        for mention in people_in(text[start:end], self.people):
            self._note(position, mention)

    # --- who is meant --------------------------------------------------------------------------

    def _note(self, position: int, mention: Mention) -> None:
        if mention.name and mention.kind in ("title", "rank", "name"):
            self._recent.append((position, mention, self.people.speaker(mention)))
            del self._recent[:-40]

    def _tell(self, turn: _Turn, told: Told | None) -> None:
        if told is None:
            return
        if told.speaker is None:
            turn.speaker = self._last_speaker(turn)
        elif told.speaker.kind == "group":
            turn.is_group = True
        else:
            turn.speaker = self._meant(turn.paragraph, told.speaker, told.words)
        if told.addressee is not None:
            turn.hearer = self._meant(turn.paragraph, told.addressee, told.words)

    def _last_speaker(self, turn: _Turn) -> Speaker | None:
        earlier = [one for one in self.turns[-3:] if one is not turn and one.speaker]
        if earlier and turn.paragraph - earlier[-1].paragraph <= 2:
            return earlier[-1].speaker
        return None

    def _meant(self, position: int, mention: Mention, words: str) -> Speaker:
        """Return whom a mention means; a title or pronoun alone means who was mentioned last."""
        speaker = self.people.speaker(mention, told=words)
        if mention.name or mention.kind == "noun" and mention.sex:
            return speaker
        for noted, other, meant in reversed(self._recent):
            if position - noted > _SCENE:
                break
            if mention.kind == "pronoun" and meant.sex == mention.sex:
                return meant._replace(told=words)
            if other.head == mention.head and (not mention.sex or meant.sex == mention.sex):
                return meant._replace(told=words)
        return speaker

    # --- turns ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Decide about speech that narration leaves open, by its words and by turns."""
        turns = self.turns
        for turn in turns:
            if turn.is_group or (turn.speaker and turn.speaker.sex):
                continue
            sex, words = told_speaker(turn.text)
            if sex and turn.speaker is None:
                turn.speaker = Speaker("", sex, "", words)
        for run in _runs(turns):
            _alternate(run)


def _runs(turns: Iterable[_Turn]) -> list[list[_Turn]]:
    """Return runs of turns that follow each other without narration."""
    runs: list[list[_Turn]] = []
    for turn in turns:
        if turn.follows and runs and turn.paragraph - runs[-1][-1].paragraph <= 1:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs


def _alternate(run: list[_Turn]) -> None:
    """Let two people speak by turns: every other turn of a run is of one of them."""
    if any(turn.is_group for turn in run):
        return
    for side in (0, 1):
        mine, others = run[side::2], run[1 - side :: 2]
        speakers = {turn.speaker for turn in mine if turn.speaker and turn.speaker.sex}
        sexes = {speaker.sex for speaker in speakers}
        if not sexes:
            sexes, words = _heard(others)
            speakers = {Speaker("", sex, "", words) for sex in sexes}
        if len(sexes) != 1:
            continue
        for turn in mine:
            if turn.speaker is None:
                known = sorted(speakers, key=lambda one: not one.name)[0]
                turn.speaker = known._replace(told=known.told)


def _heard(turns: Iterable[_Turn]) -> tuple[set[str], str]:
    """Return the sexes of those to whom turns are said, and the words that tell one of them."""
    sexes, words = set(), ""
    for turn in turns:
        sex, told = told_hearer(turn.text)
        if turn.hearer and turn.hearer.sex:
            sex, told = turn.hearer.sex, turn.hearer.told
        if sex:
            sexes.add(sex)
            words = told
    return sexes, words
