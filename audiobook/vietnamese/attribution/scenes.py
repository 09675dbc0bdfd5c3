"""The speech of a chapter in order, and who says each: by narration, by address, by turns."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.attribution.address import told_hearer, told_speaker
from audiobook.vietnamese.attribution.announcing import (
    Told,
    announced,
    people_in,
    tagged,
    went_on,
)
from audiobook.vietnamese.attribution.learning import SPOUSES
from audiobook.vietnamese.attribution.persons import Mention, Speaker, persons
from audiobook.vietnamese.attribution.turns import ANSWER, SCENE, Turn, settle
from audiobook.vietnamese.dialogue import direct_speech

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.vietnamese.attribution.people import People

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
# How many mentions a pronoun may look back.
_MOST_RECENT = 40
# How many paragraphs after speech a sentence without a subject may still mean its speaker.
_NEXT = 2
_DASHES = "-–—―"


class Attributed(NamedTuple):
    """A part of direct speech in a paragraph, in characters, and who says it."""

    start: int
    end: int
    speaker: Speaker


def attribute(paragraphs: Sequence[str], people: People) -> list[list[Attributed]]:
    """Return the parts of direct speech of each paragraph of a chapter, and who says them.

    Args:
        paragraphs: the chapter in order; empty texts hold no speech, and end a scene.
        people: the characters of the book.
    """
    scene = _Scene(people)
    for position, text in enumerate(paragraphs):
        scene.read(position, text)
    settle(scene.turns)
    attributed: list[list[Attributed]] = [[] for _ in paragraphs]
    for turn in scene.turns:
        speaker = turn.speaker or Speaker()
        attributed[turn.paragraph] += [Attributed(*span, speaker) for span in turn.spans]
    return attributed


def tellings(paragraphs: Sequence[str], people: People) -> Iterator[tuple[str, str, str]]:
    """Yield what the speech of a chapter tells of people whose sex is not known.

    Each is a name, a sex, and the words that tell it: what somebody says, and how whoever answers
    or was answered is addressed.
    """
    scene = _Scene(people)
    for position, text in enumerate(paragraphs):
        scene.read(position, text)
    for before, turn in pairwise([None, *scene.turns, None]):
        if turn is not None and _is_open(turn):
            yield _key(turn), *told_speaker(turn.text)
        if before is None or turn is None or turn.paragraph - before.paragraph > ANSWER:
            continue
        if not turn.follows and _key(before) == _key(turn):
            continue
        for speaker, other in ((before, turn), (turn, before)):
            if _is_open(speaker):
                yield _key(speaker), *told_hearer(other.text)


def _is_open(turn: Turn) -> bool:
    return turn.speaker is not None and bool(turn.speaker.name) and not turn.speaker.sex


def _key(turn: Turn) -> str:
    return turn.speaker.name if turn.speaker else ""


class _Scene:
    """Reads a chapter paragraph by paragraph."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.turns: list[Turn] = []
        self._pending: Told | None = None
        self._recent: list[tuple[int, Mention, Speaker]] = []
        self._narrated = True
        """Whether narration stands before the next speech."""

    def read(self, position: int, text: str) -> None:
        spans = direct_speech(text)
        if not spans:
            self._narrate(position, text, 0, len(text))
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
            self._narrate(position, text, end, stop)

    def _read_line(self, position: int, text: str, spans: list[tuple[int, int]]) -> None:
        said = " ".join(text[start:end] for start, end in spans)
        turn = self._begin(position, spans, said)
        for (_, start), (end, _) in pairwise([*spans, (len(text), len(text))]):
            if start < end and turn.speaker is None:
                self._tell(turn, tagged(text, start, end, self.people))
        if spans[-1][1] < len(text):
            self._narrate(position, text, spans[-1][1], len(text))

    def _begin(self, position: int, spans: list[tuple[int, int]], text: str) -> Turn:
        turn = Turn(paragraph=position, spans=spans, text=text, follows=not self._narrated)
        self.turns.append(turn)
        if self._pending is not None:
            self._tell(turn, self._pending)
        self._pending, self._narrated = None, False
        return turn

    def _narrate(self, position: int, text: str, start: int, end: int) -> None:
        if not text[start:end].strip(" \n.,-–—"):
            return
        last = self.turns[-1] if self.turns else None
        is_after = last is not None and start == 0 and position - last.paragraph <= _NEXT
        if is_after and last and last.speaker is None and not last.is_group:
            self._tell(last, went_on(text, start, end, self.people))
        self._pending = announced(text, start, end, self.people)
        self._narrated = True
        for sentence in _SENTENCE.findall(text[start:end]):
            for mention in reversed(people_in(sentence, self.people)):
                self._note(position, mention)

    # --- who is meant --------------------------------------------------------------------------

    def _note(self, position: int, mention: Mention) -> None:
        if mention.name and mention.kind in ("title", "rank", "name"):
            self._recent.append((position, mention, self.people.speaker(mention)))
            del self._recent[:-_MOST_RECENT]

    def _tell(self, turn: Turn, told: Told | None) -> None:
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
            spouse = SPOUSES.get(told.addressee.head, "")
            if spouse and turn.speaker and not turn.speaker.sex:
                turn.speaker = turn.speaker._replace(sex=spouse)

    def _last_speaker(self, turn: Turn) -> Speaker | None:
        earlier = [other for other in self.turns[-3:] if other is not turn and other.speaker]
        if earlier and turn.paragraph - earlier[-1].paragraph <= _NEXT:
            return earlier[-1].speaker
        return None

    def _meant(self, position: int, mention: Mention, words: str) -> Speaker:
        """Return whom a mention means; a title or pronoun alone means who was mentioned last."""
        speaker = self.people.speaker(mention, told=words)
        if mention.name or (mention.kind == "noun" and mention.sex):
            return speaker
        recent = [
            (other, meant)
            for noted, other, meant in reversed(self._recent)
            if position - noted <= SCENE and (not mention.sex or meant.sex == mention.sex)
        ]
        title = mention.head.split()[0]
        for other, meant in recent:
            if other.head == title:
                return meant._replace(told=words)
        if mention.kind == "pronoun" and "title" not in persons()[mention.head] and recent:
            return recent[0][1]._replace(told=words)
        return speaker
