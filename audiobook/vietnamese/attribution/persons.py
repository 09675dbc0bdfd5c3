"""Words for people: where a text mentions somebody, and what the words tell of sex and age."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

FEMALE, MALE = "female", "male"
CHILD, OLD = "child", "old"
_SEXES = {"f": FEMALE, "m": MALE, "": ""}
_NAME = rf"(?:[{CAPITALS}]\.|[{CAPITALS}][^\W\d_]*)"
OPENERS = frozenset(word for word, role in load_table("narration.tsv") if role == "opener")
"""Words that begin a sentence with a capital, and are no names."""
NAMES = rf"{_NAME}(?:\s{_NAME}){{0,4}}(?<!\s)"


class Speaker(NamedTuple):
    """Who says a part of direct speech, as far as the text tells."""

    name: str = ""
    """As the book calls a character; empty for somebody without a name."""
    sex: str = ""
    """female or male; empty where it is not known."""
    age: str = ""
    """child or old; empty for anybody else."""
    told: str = ""
    """The words of the text that tell it."""


class Person(NamedTuple):
    """What a word tells of whoever it means."""

    kind: str
    sex: str
    age: str


class Mention(NamedTuple):
    """A place where a text means somebody."""

    start: int
    end: int
    head: str
    """The word for a person, in small letters; empty where only a name stands."""
    name: str
    """The name or office after it as written; empty if there is none."""
    kind: str
    """group, noun, kin, title, pronoun, rank or name."""
    sex: str
    age: str


@cache
def persons() -> dict[str, dict[str, Person]]:
    """Return what is known of each word, by its kinds in the order of the table."""
    table: dict[str, dict[str, Person]] = {}
    for word, kind, sex, age in load_table("persons.tsv"):
        table.setdefault(word, {})[kind] = Person(kind, _SEXES[sex], age)
    return table


def words_of(*kinds: str) -> list[str]:
    """Return the words of some kinds."""
    return [word for word, persons_ in persons().items() if any(k in persons_ for k in kinds)]


@cache
def _mention() -> re.Pattern[str]:
    ranks = any_of(words_of("rank"))
    # One syllable alone may be any word: “đồ”, “án”, “chủ”.
    offices = any_of(word for word in words_of("rank") if " " in word)
    heads = any_of(words_of("group", "noun", "kin", "title", "pronoun"))
    before = any_of(words_of("before"))
    named = rf"(?:(?i:{ranks})\b(?:\s{NAMES})?|{NAMES})"
    return re.compile(
        rf"\b(?:(?:(?P<before>(?i:{before}))\s(?P<child>{NAMES})"
        rf"|(?P<head>(?i:{heads}))\b(?:\s(?P<name>{named}))?)"
        rf"(?:\s(?:ta|ấy|này|kia|nọ)\b)?(?:\s(?P<which>bà|ông)\b(?!\s[{CAPITALS}]))?"
        rf"|(?P<rank>(?i:{ranks})\s{NAMES}|(?i:{offices})\b)|(?P<bare>{NAMES}))(?!\w)"
    )


def mentions(text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
    """Yield where a text means somebody, from a position to another.

    Any capitalised words count as a name; only `People` knows which of them are people.
    """
    for match in _mention().finditer(text, start, len(text) if end is None else end):
        yield _mention_of(match)


def _mention_of(match: re.Match[str]) -> Mention:
    start, end = match.span()
    if match["bare"]:
        return Mention(start, end, "", match["bare"], "name", "", "")
    if match["rank"]:
        rank = match["rank"]
        return Mention(start, end, "", rank, "rank", rank_sex(rank), "")
    head = (match["head"] or match["before"]).lower()
    name = match["name"] or match["child"] or ""
    kinds = persons()[head]
    if name:
        person = kinds.get("title") or kinds.get("before") or next(iter(kinds.values()))
        if "kin" in kinds and not name.islower():
            person = kinds["kin"]  # “thầy Dần” is the father of Dần, “thầy đội” an officer
    else:
        person = kinds.get("pronoun") or next(iter(kinds.values()))
    kind = "title" if person.kind == "before" else person.kind
    sex = person.sex
    if match["which"] and sex:
        end = match.start("which") - 1  # the next words: “ông lý cựu ông ấy”
    elif match["which"]:
        sex = FEMALE if match["which"] == "bà" else MALE
    elif not sex and name and kind == "title":
        sex = rank_sex(name)
    return Mention(start, end, head, name, kind, sex, person.age)


def rank_sex(name: str) -> str:
    """Return the sex that an office before a name tells, empty if there is none."""
    words = name.lower().split()
    for count in range(min(3, len(words)), 0, -1):
        person = persons().get(" ".join(words[:count]), {}).get("rank")
        if person:
            return person.sex
    return ""


def rank_of(name: str) -> str:
    """Return the office with which a name begins, in small letters; empty if there is none."""
    words = name.lower().split()
    for count in range(min(3, len(words)), 0, -1):
        rank = " ".join(words[:count])
        if "rank" in persons().get(rank, {}):
            return rank
    return ""
