"""Turns of speech: what their words tell of who says them, and who answers whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.vietnamese.attribution.address import told_hearer, told_speaker
from audiobook.vietnamese.attribution.persons import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SCENE = 12
"""How many paragraphs away somebody still takes part."""
ANSWER = 3
"""How many paragraphs an answer stands after what it answers."""
_OPENING, _CLOSING = '“"«', '”"»'
# How many turns before and after a dialogue tell who takes part in it.
_COMPANY = 4


@dataclass(slots=True, kw_only=True)
class Turn:
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


def settle(turns: Sequence[Turn]) -> None:
    """Decide about speech that narration leaves open, by its words and by turns."""
    begun: list[Turn] = []
    continued: list[tuple[Turn, Turn]] = []
    for number, turn in enumerate(turns):
        if number and _goes_on(turns[number - 1], turn):
            continued.append((begun[-1], turn))
        else:
            begun.append(turn)
    _settle(begun)
    for first, turn in continued:
        turn.speaker = turn.speaker or first.speaker


def _goes_on(before: Turn, turn: Turn) -> bool:
    """Whether a quotation of several paragraphs goes on: each opens, only the last one closes."""
    return (
        turn.follows
        and turn.paragraph == before.paragraph + 1
        and before.text[0] in _OPENING
        and turn.text[0] in _OPENING
        and before.text.rstrip(" .,")[-1:] not in _CLOSING
    )


def _settle(turns: Sequence[Turn]) -> None:
    for turn in turns:
        if turn.is_group or turn.speaker is not None:
            continue
        sex, words = told_speaker(turn.text)
        if sex:
            turn.speaker = Speaker("", sex, "", words)
    first = 0
    for run in _runs(turns):
        last = first + len(run)
        before = turns[first - 1] if first else None
        if before and run[0].paragraph - before.paragraph > ANSWER:
            before = None
        if before and run[0].speaker:
            _answer(before, run[0])
        near = turns[max(0, first - _COMPANY) : last]
        _alternate(run, _company(near, run), before.speaker if before else None)
        first = last


def _answer(before: Turn, turn: Turn) -> None:
    """Let whoever is known by name alone be of the sex of whom the speech before is said to."""
    if turn.speaker is None or turn.speaker.sex or before.speaker is None or not before.speaker.sex:
        return
    hearer = _heard([before])
    if hearer is not None and turn.speaker.name:
        turn.speaker = turn.speaker._replace(sex=hearer.sex, told=hearer.told)


def _runs(turns: Iterable[Turn]) -> list[list[Turn]]:
    """Return runs of turns that follow each other without narration."""
    runs: list[list[Turn]] = []
    for turn in turns:
        if turn.follows and runs and turn.paragraph - runs[-1][-1].paragraph <= 1:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs


def _company(turns: Sequence[Turn], run: Sequence[Turn]) -> list[Speaker]:
    """Return who speaks in a run and near it, each once."""
    begin, end = run[0].paragraph - SCENE, run[-1].paragraph + SCENE
    company: list[Speaker] = []
    for turn in turns:
        speaker = turn.speaker
        if speaker is None or not begin <= turn.paragraph <= end:
            continue
        if not any(is_same(person, speaker) for person in company):
            company.append(speaker)
    return company


def is_same(first: Speaker, second: Speaker) -> bool:
    """Whether two speakers may be one: the sex is the same, and no name contradicts."""
    names = first.name, second.name
    return first.sex == second.sex and (names[0] == names[1] or not all(names))


def _alternate(run: list[Turn], company: Sequence[Speaker], before: Speaker | None) -> None:
    """Let two people speak by turns: every other turn of a run is of one of them.

    Args:
        run: turns that follow each other.
        company: who speaks in it and near it; if these are two, they answer each other.
        before: who spoke right before it.
    """
    if any(turn.is_group for turn in run):
        return
    sides = run[::2], run[1::2]
    known = [_known(side) for side in sides]
    if any(len(speakers) > 1 for speakers in known):
        return
    told = [next(iter(speakers), None) for speakers in known]
    people = [told[number] or _heard(sides[1 - number]) for number in (0, 1)]
    people = [
        people[number]
        or _partner(people[1 - number], company)
        or _answered(people[1 - number], before if number and told[0] else None)
        for number in (0, 1)
    ]
    people = [_by_name(people[number], people[1 - number], company) for number in (0, 1)]
    if not any(people) and len(company) > 1 and len({person.sex for person in company}) == 1:
        people = [Speaker("", company[0].sex, "", company[0].told)] * 2
    for side, speaker in zip(sides, people, strict=True):
        for turn in side:
            if speaker and turn.speaker is None:
                turn.speaker = speaker
            elif speaker and turn.speaker and not turn.speaker.sex:
                turn.speaker = turn.speaker._replace(sex=speaker.sex)


def _known(side: Sequence[Turn]) -> list[Speaker]:
    """Return who speaks on one side of a dialogue, those with names first."""
    speakers: list[Speaker] = []
    for turn in side:
        if turn.speaker and turn.speaker.sex:
            alike = [person for person in speakers if is_same(person, turn.speaker)]
            if not alike:
                speakers.append(turn.speaker)
            elif turn.speaker.name and not alike[0].name:
                speakers[speakers.index(alike[0])] = turn.speaker
    return speakers


def _partner(speaker: Speaker | None, company: Sequence[Speaker]) -> Speaker | None:
    """Return the other one of two who speak, None if there are more."""
    if speaker is None:
        return None
    others = [person for person in company if not is_same(person, speaker)]
    if others and all(person.sex == speaker.sex for person in others):
        return others[0] if len(others) == 1 else Speaker("", speaker.sex, "", speaker.told)
    return others[0] if len(company) == 2 and len(others) == 1 and others[0].sex else None


def _answered(speaker: Speaker | None, before: Speaker | None) -> Speaker | None:
    """Return who spoke before somebody who answers: it is to them that the answer goes."""
    if speaker is None or before is None or not before.sex or is_same(before, speaker):
        return None
    return before


def _by_name(
    speaker: Speaker | None, other: Speaker | None, company: Sequence[Speaker]
) -> Speaker | None:
    """Return a speaker with the name of the only one near who can be meant."""
    if speaker is None or speaker.name or not speaker.sex:
        return speaker
    named = [
        person
        for person in company
        if person.name
        and person.sex == speaker.sex
        and (other is None or person.name != other.name)
    ]
    return named[0]._replace(told=speaker.told) if len(named) == 1 else speaker


def _heard(turns: Sequence[Turn]) -> Speaker | None:
    """Return to whom turns are said, None where they do not agree on it."""
    hearers: list[Speaker] = []
    for turn in turns:
        sex, told = told_hearer(turn.text)
        if turn.hearer and turn.hearer.sex:
            hearers.append(turn.hearer)
        elif sex:
            hearers.append(Speaker("", sex, "", told))
    named = next((person for person in hearers if person.name), hearers[0] if hearers else None)
    return named if len({person.sex for person in hearers}) == 1 else None
