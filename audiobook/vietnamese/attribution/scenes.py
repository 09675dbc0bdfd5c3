"""The speech of a chapter in order, and who says each: by narration, by address, by turns."""

from __future__ import annotations

import re
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
from audiobook.vietnamese.attribution.persons import Mention, Speaker
from audiobook.vietnamese.dialogue import direct_speech

from audiobook.vietnamese.attribution.people import SPOUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.vietnamese.attribution.people import People

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
_DASHES = "-–—―"
# How many paragraphs back somebody may have been mentioned whom a pronoun means.
_SCENE = 12
# How many paragraphs an answer stands after what it answers.
_ANSWER = 3
# How many turns before and after a dialogue tell who takes part in it.
_COMPANY = 4


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
        if before is None or turn is None or turn.paragraph - before.paragraph > _ANSWER:
            continue
        if not turn.follows and _key(before) == _key(turn):
            continue
        for speaker, other in ((before, turn), (turn, before)):
            if _is_open(speaker):
                yield _key(speaker), *told_hearer(other.text)


def _is_open(turn: _Turn) -> bool:
    return turn.speaker is not None and bool(turn.speaker.name) and not turn.speaker.sex


def _key(turn: _Turn) -> str:
    return turn.speaker.name if turn.speaker else ""


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
        if (
            start == 0
            and self.turns
            and self.turns[-1].speaker is None
            and not self.turns[-1].is_group
        ):
            self._tell(self.turns[-1], went_on(text, start, end, self.people))
        self._pending = announced(text, start, end, self.people)
        self._narrated = True
        for sentence in _SENTENCE.findall(text[start:end]):
            for mention in reversed(people_in(sentence, self.people)):
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
            spouse = SPOUSES.get(told.addressee.head, "")
            if spouse and turn.speaker and not turn.speaker.sex:
                turn.speaker = turn.speaker._replace(sex=spouse)

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
        for turn in self.turns:
            if turn.is_group or turn.speaker is not None:
                continue
            sex, words = told_speaker(turn.text)
            if sex:
                turn.speaker = Speaker("", sex, "", words)
        first = 0
        for run in _runs(self.turns):
            last = first + len(run)
            near = self.turns[max(0, first - _COMPANY) : last + _COMPANY]
            _alternate(run, _company(near, run))
            first = last


def _runs(turns: Iterable[_Turn]) -> list[list[_Turn]]:
    """Return runs of turns that follow each other without narration."""
    runs: list[list[_Turn]] = []
    for turn in turns:
        if turn.follows and runs and turn.paragraph - runs[-1][-1].paragraph <= 1:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs


def _company(turns: Sequence[_Turn], run: Sequence[_Turn]) -> list[Speaker]:
    """Return who speaks in a run and near it, each once."""
    begin, end = run[0].paragraph - _SCENE, run[-1].paragraph + _SCENE
    company: list[Speaker] = []
    for turn in turns:
        speaker = turn.speaker
        if speaker is None or not begin <= turn.paragraph <= end:
            continue
        if not any(_is_same(one, speaker) for one in company):
            company.append(speaker)
    return company


def _is_same(one: Speaker, other: Speaker) -> bool:
    """Whether two speakers may be one: the sex is the same, and no name contradicts."""
    return one.sex == other.sex and (one.name == other.name or not (one.name and other.name))


def _alternate(run: list[_Turn], company: Sequence[Speaker]) -> None:
    """Let two people speak by turns: every other turn of a run is of one of them.

    Args:
        run: turns that follow each other.
        company: who speaks in it and near it; if these are two, they answer each other.
    """
    if any(turn.is_group for turn in run):
        return
    sides = run[::2], run[1::2]
    known = [_known(side) for side in sides]
    if any(len(speakers) > 1 for speakers in known):
        return
    told = [next(iter(speakers), None) for speakers in known]
    people = [
        told[number] or _heard(sides[1 - number]) or _partner(told[1 - number], company)
        for number in (0, 1)
    ]
    for side, speaker in zip(sides, people, strict=True):
        for turn in side:
            if speaker and (turn.speaker is None or not turn.speaker.sex):
                turn.speaker = speaker


def _known(side: Sequence[_Turn]) -> list[Speaker]:
    """Return who speaks on one side of a dialogue, those with names first."""
    speakers: list[Speaker] = []
    for turn in side:
        if turn.speaker and turn.speaker.sex:
            same = [one for one in speakers if _is_same(one, turn.speaker)]
            if not same:
                speakers.append(turn.speaker)
            elif turn.speaker.name and not same[0].name:
                speakers[speakers.index(same[0])] = turn.speaker
    return speakers


def _partner(speaker: Speaker | None, company: Sequence[Speaker]) -> Speaker | None:
    """Return the other one of two who speak, None if there are more."""
    if speaker is None:
        return None
    others = [one for one in company if not _is_same(one, speaker)]
    if others and all(one.sex == speaker.sex for one in others):
        return others[0] if len(others) == 1 else Speaker("", speaker.sex, "", speaker.told)
    return others[0] if len(company) == 2 and len(others) == 1 and others[0].sex else None  # noqa: PLR2004


def _heard(turns: Sequence[_Turn]) -> Speaker | None:
    """Return to whom turns are said, None where they do not agree on it."""
    hearers: list[Speaker] = []
    for turn in turns:
        sex, told = told_hearer(turn.text)
        if turn.hearer and turn.hearer.sex:
            hearers.append(turn.hearer)
        elif sex:
            hearers.append(Speaker("", sex, "", told))
    named = next((one for one in hearers if one.name), hearers[0] if hearers else None)
    return named if len({one.sex for one in hearers}) == 1 else None
