"""The speech of a chapter in order, and who says each: by narration, by address, by turns."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.attribution.address import told_hearer, told_speaker
from audiobook.vietnamese.attribution.announcing import (
    Told,
    acted,
    announced,
    begins_with,
    is_silent_answer,
    people_in,
    tagged,
    went_on,
)
from audiobook.vietnamese.attribution.learning import SPOUSES
from audiobook.vietnamese.attribution.persons import Mention, Speaker, persons
from audiobook.vietnamese.attribution.turns import ANSWER, SCENE, Turn, is_same, settle
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
# After these words stands nobody in particular.
_INDEFINITE = ("một ", "những ", "các ", "mấy ", "như ", "là ")


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


class _Recent(NamedTuple):
    """Somebody whom narration mentioned, for pronouns after it."""

    paragraph: int
    mention: Mention
    meant: Speaker
    acts: bool = False
    """Whether a sentence begins with them."""


def _may_be_meant(sentence: str, mention: Mention) -> bool:
    """Whether a pronoun after it may mean somebody mentioned: by name, or a noun as the subject."""
    if mention.kind == "noun":
        return bool(mention.sex) and mention.start == 0
    is_one_of_many = sentence[: mention.start].lower().endswith(_INDEFINITE)
    return bool(mention.name) and mention.kind in ("title", "rank", "name") and not is_one_of_many


class _Scene:
    """Reads a chapter paragraph by paragraph."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.turns: list[Turn] = []
        self._pending: Told | None = None
        self._recent: list[_Recent] = []
        self._waiting: list[_Recent] = []
        """Who else is mentioned in the last sentence: a pronoun in it does not mean them."""
        self._nod = ""
        """Narration of a silent answer since the last speech."""
        self._narrated = True
        """Whether narration stands before the next speech."""

    def read(self, position: int, text: str) -> None:
        spans = direct_speech(text)
        if not spans and self._is_line_between_lines(position, text):
            self._begin(position, [], text)
            return
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
            if turn.speaker is None and not turn.is_group:
                if number:
                    self._go_on(turn)
                else:
                    self._tell(turn, acted(text, 0, start, self.people))
            self._narrate(position, text, end, stop)

    def _go_on(self, turn: Turn) -> None:
        """Let whoever spoke before in the paragraph go on: ``“Đi!” Lan gắt. “Mau!”``."""
        turn.speaker = self.turns[-2].speaker

    def _is_line_between_lines(self, position: int, text: str) -> bool:
        """Whether a dash opens a line right after a line of speech, so that it takes a turn."""
        last = self.turns[-1] if self.turns else None
        is_next = last is not None and last.paragraph == position - 1 and last.text[:1] in _DASHES
        return is_next and text[:1] in _DASHES and bool(text)

    def _read_line(self, position: int, text: str, spans: list[tuple[int, int]]) -> None:
        said = " ".join(text[start:end] for start, end in spans)
        turn = self._begin(position, spans, said)
        for (_, start), (end, _) in pairwise([*spans, (len(text), len(text))]):
            if start < end and turn.speaker is None:
                self._tell(turn, tagged(text, start, end, self.people))
        if spans[-1][1] < len(text):
            self._narrate(position, text, spans[-1][1], len(text))

    def _begin(self, position: int, spans: list[tuple[int, int]], text: str) -> Turn:
        if self._nod and text.rstrip().endswith("?"):  # whoever asked asks on
            self._nod_between(position - 1, self._nod)
        self._nod = ""
        turn = Turn(paragraph=position, spans=spans, text=text, follows=not self._narrated)
        self.turns.append(turn)
        if self._pending is not None:
            self._tell(turn, self._pending)
        self._note_waiting()
        self._pending, self._narrated = None, False
        return turn

    def _nod_between(self, position: int, narration: str) -> None:
        """Let somebody take a turn of speech without words."""
        turn = Turn(paragraph=position, spans=[], text=narration, follows=True)
        actor = next(iter(people_in(narration, self.people)), None)
        turn.speaker = self._meant(position, actor, narration) if actor else None
        last = self.turns[-1].speaker
        if last is None or turn.speaker is None or not is_same(last, turn.speaker):
            self.turns.append(turn)
            self._narrated = False

    def _narrate(self, position: int, text: str, start: int, end: int) -> None:
        if not text[start:end].strip(" \n.,-–—"):
            return
        last = self.turns[-1] if self.turns else None
        is_after = last is not None and start == 0 and position - last.paragraph <= _NEXT
        if is_after and last and last.speaker is None and not last.is_group:
            self._tell(last, went_on(text, start, end, self.people))
        self._pending = announced(text, start, end, self.people)
        self._narrated = True
        is_nod = is_after and self._pending is None and is_silent_answer(text[start:end].strip())
        self._nod = text[start:end] if is_nod else ""
        self._note_waiting()
        for sentence in _SENTENCE.findall(text[start:end]):
            self._note_waiting()
            self._note(position, sentence.lstrip())

    # --- who is meant --------------------------------------------------------------------------

    def _note(self, position: int, sentence: str) -> None:
        """Remember who acts in a sentence; the others only once it no longer announces speech."""
        for mention in reversed(people_in(sentence, self.people)):
            if not _may_be_meant(sentence, mention):
                continue
            recent = _Recent(position, mention, self.people.speaker(mention))
            if begins_with(sentence, mention):
                self._note_one(recent._replace(acts=True))
            else:
                self._waiting.append(recent)

    def _note_one(self, recent: _Recent) -> None:
        self._recent.append(recent)
        del self._recent[:-_MOST_RECENT]

    def _note_waiting(self) -> None:
        for recent in self._waiting:
            self._note_one(recent)
        self._waiting = []

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
            other
            for other in reversed(self._recent)
            if position - other.paragraph <= SCENE
            and (not mention.sex or other.meant.sex == mention.sex)
        ]
        recent.sort(key=lambda other: not (other.acts and position - other.paragraph <= ANSWER))
        title = mention.head.split()[0]
        is_pronoun = mention.kind == "pronoun" and "title" not in persons()[mention.head]
        for other in recent:
            if is_pronoun or self._is_called(other, title):
                return speaker if other.mention.kind == "noun" else other.meant._replace(told=words)
        return speaker

    def _is_called(self, other: _Recent, title: str) -> bool:
        """Whether somebody is called by a title here, or elsewhere in the book."""
        is_so_here = other.mention.head.partition(" ")[0] == title
        return is_so_here or self.people.is_called(other.meant, title)
