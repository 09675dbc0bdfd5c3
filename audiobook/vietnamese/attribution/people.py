"""The people of a book: which names are theirs, and what the book tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from audiobook.vietnamese.attribution.persons import OPENERS, Mention, Speaker, mentions, rank_of
from audiobook.vietnamese.attribution.witnesses import Known

if TYPE_CHECKING:
    from collections.abc import Mapping


NARRATOR = "tôi"
"""What a narrator who is in the story is called."""


@dataclass(frozen=True)
class People:
    """The characters of a book, as the whole book tells of them."""

    names: Mapping[str, Known]
    """By their names in small letters."""
    shared: frozenset[str]
    """Names of people of both sexes."""
    forms: Mapping[tuple[str, str], tuple[str, ...]]
    """How a character is called, the most frequent first, by name and sex; the sex is empty where
    all who bear the name are of one."""
    aliases: Mapping[str, str]
    """Names in small letters that stand for a fuller or plainer one."""

    def is_person(self, name: str) -> bool:
        """Whether a capitalised word or words are the name of somebody."""
        return self.key(name) in self.names

    def key(self, name: str) -> str:
        """Return a name in small letters, without an office, as it is known by."""
        plain = plain_name(name)
        return self.aliases.get(plain, plain)

    def speaker(self, mention: Mention, *, told: str = "") -> Speaker:
        """Return whom a mention means, as far as the book tells."""
        if mention.head == NARRATOR:
            known = self.names.get(NARRATOR, Known())
            return Speaker(NARRATOR.capitalize(), known.sex, "", told)
        if not mention.name:
            name = mention.head.capitalize() if mention.kind == "noun" and mention.sex else ""
            return Speaker(name, mention.sex, mention.age, told)
        key = self.key(mention.name)
        known = self.names.get(key, Known())
        sex = mention.sex
        if mention.kind == "kin":  # “vợ Long” is not Long
            return Speaker("", sex, mention.age, told)
        sex = sex or known.sex
        age = mention.age or (known.age if sex == known.sex else "")
        is_known = key not in self.shared and sex == known.sex
        forms = self.forms.get((key, "" if is_known else sex), (mention.name,))
        return Speaker(forms[0], sex, age, told)

    def called(self, name: str) -> str:
        """Return how the book most often calls whom a name means; empty if nobody has it.

        Args:
            name: as a user may write it: “chị Dậu”, “Loan”, “Bà lão”.
        """
        for mention in mentions(name):
            if mention.start == 0 and mention.end == len(name):
                speaker = self.speaker(mention)
                is_there = not mention.name or self.is_person(mention.name)
                return speaker.name if is_there else ""
        return ""

    def otherwise_called(self, speaker: Speaker) -> tuple[str, ...]:
        """Return how a character is called beside the usual name, the most frequent first."""
        for forms in self.forms.values():
            if forms[0] == speaker.name:
                alike = {form.casefold(): form for form in reversed(forms)}
                return tuple(form for form in forms[1:] if alike[form.casefold()] == form)
        return ()

    def is_called(self, speaker: Speaker, title: str) -> bool:
        """Whether a title stands before the name of a character somewhere in the book."""
        return title in self._titles.get(speaker.name, ())

    @cached_property
    def _titles(self) -> dict[str, set[str]]:
        titles: dict[str, set[str]] = {}
        for forms in self.forms.values():
            titles.setdefault(forms[0], {form.split()[0].lower() for form in forms if " " in form})
        return titles

    def why(self, speaker: Speaker) -> str:
        """Return the words of the book that tell the sex of a character; empty if none do."""
        mention = next(mentions(speaker.name), None)
        if mention is None:
            return ""
        known = self.names.get(self.key(mention.name or mention.head), Known())
        is_titled = bool(mention.head) and mention.sex == speaker.sex
        if known.sex == speaker.sex and known.told and not (known.is_guess and is_titled):
            return known.told
        return f"“{mention.head}”" if is_titled else ""

    def trimmed(self, mention: Mention) -> Mention | None:
        """Return a bare name without words before it that only begin a sentence, None if no name.

        "Nhưng Long" means Long.
        """
        if mention.kind == "name" and mention.name in OPENERS:
            return None
        if mention.kind != "name" or self.is_person(mention.name):
            return mention
        name, start = mention.name, mention.start
        while " " in name:
            first, name = name.split(" ", 1)
            start += len(first) + 1
            if self.is_person(name):
                return mention._replace(start=start, name=name)
        first = mention.name.split(" ", 1)[0]
        if self.is_person(first):
            return mention._replace(end=mention.start + len(first), name=first)
        return None


def plain_name(name: str) -> str:
    """Return a name in small letters without the office before it: “nghị Quế” is “quế”."""
    plain = name.lower().rstrip(".")
    rank = rank_of(plain)
    return plain[len(rank) :].strip() or plain
