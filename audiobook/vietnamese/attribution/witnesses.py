"""What a book tells of a name: the sex of its bearer, by witnesses that are trusted in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from audiobook.vietnamese.attribution.persons import FEMALE, MALE, persons

_FEWEST_OF_TWO, _MOST_UNEVEN = 2, 10
# Of the titles for both sexes: where those of one sex are fewer, they hardly mean the same person.
_FEWEST_SHARE = 0.2
# A given name counts unless more than a third of what is told contradicts it.
_MOSTLY = 2
# How often a title must stand before a name that those of the other sex bear.
_FEWEST_AGAINST_NAME = 5
_MOST_WORDS_SHOWN = 3


class Known(NamedTuple):
    """What a book tells of a name."""

    sex: str = ""
    age: str = ""
    told: str = ""
    """The words that tell it, with how often they do."""
    is_guess: bool = False
    """Whether nothing tells the sex but the given name, which those of one sex bear."""


class _Witness(NamedTuple):
    """How much a kind of evidence must tell before it decides."""

    fewest: int
    """How often it must tell the sex."""
    share: float
    """Which share of it must agree."""


# In the order in which they decide: titles before the name, how its bearer speaks and is spoken to,
# pronouns in the sentence after it, which often mean somebody else.
_WITNESSES = {"title": _Witness(2, 0.8), "speech": _Witness(3, 0.8), "pronoun": _Witness(5, 0.9)}


@dataclass(slots=True)
class Votes:
    """What the text says of one name, counted by the words that say it."""

    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By witness, sex and word."""
    ages: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    """How often a title for both sexes stands before the name."""

    def add(self, witness: str, sex: str, told: str) -> None:
        """Count that a word tells the sex, or that it does not tell it."""
        if sex:
            self.words[witness, sex, told] += 1
        else:
            self.unsure += 1

    def join(self, other: Votes) -> None:
        """Add what is said of another name of the same person."""
        self.words += other.words
        self.ages += other.ages
        self.unsure += other.unsure

    def count(self, witness: str, sex: str) -> int:
        """Return how often a witness tells a sex."""
        return sum(
            times
            for (kind, told_sex, _), times in self.words.items()
            if (kind, told_sex) == (witness, sex)
        )

    def known(self, name: str) -> Known:
        """Return what the first witness says that says enough, nothing where it is contradicted."""
        for witness, (fewest, share) in _WITNESSES.items():
            women, men = self.count(witness, FEMALE), self.count(witness, MALE)
            sex, count = (FEMALE, women) if women > men else (MALE, men)
            if count < fewest or count < share * (women + men):
                continue
            is_wife = sex == FEMALE and count < _FEWEST_SHARE * self.unsure
            if witness == "title" and (self.is_shared or is_wife):
                continue  # a wife is called by the name of her husband: “bà San”
            if _given_sex(name) not in ("", sex) and count < _FEWEST_AGAINST_NAME:
                return Known()
            words = [
                (word, times)
                for (kind, told_sex, word), times in self.words.most_common()
                if (kind, told_sex) == (witness, sex)
            ]
            told = ", ".join(f"{word} {times}×" for word, times in words[:_MOST_WORDS_SHOWN])
            age = next((age for age, times in self.ages.items() if times > share * count), "")
            return Known(sex, age, told)
        given = _given_sex(name)
        for_it = sum(self.count(witness, given) for witness in _WITNESSES)
        total = sum(times for (witness, _, _), times in self.words.items() if witness in _WITNESSES)
        if given and for_it >= _MOSTLY * (total - for_it):
            return Known(given, "", f"“{name.title()}”", is_guess=True)
        return Known()

    @property
    def is_shared(self) -> bool:
        """Whether people of both sexes bear the name, as “anh Dậu” and “chị Dậu” do."""
        women = self.count("title", FEMALE)
        men = self.count("title", MALE) + self.count("couple", MALE)
        return min(women, men) >= _FEWEST_OF_TWO and (
            max(women, men) < _MOST_UNEVEN * min(women, men)
        )


@cache
def _given_names() -> dict[str, str]:
    return {word.lower(): kinds["name"].sex for word, kinds in persons().items() if "name" in kinds}


def _given_sex(key: str) -> str:
    """Return the sex of those who bear a name, where it is clear-cut."""
    words = key.split()
    if len(words) > 2 and "thị" in words[1:-1]:
        return FEMALE
    if len(words) > 2 and "văn" in words[1:-1]:
        return MALE
    return _given_names().get(words[-1], "") if words else ""
