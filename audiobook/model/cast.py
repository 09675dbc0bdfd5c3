"""Who speaks in a book: a narrator, and the voices of other roles, people and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model.text import Kind
    from audiobook.model.voices import Voice


SPEAKER_ROLES: Mapping[str, tuple[str, ...]] = {
    "man": (),
    "woman": (),
    "boy": ("man",),
    "girl": ("woman",),
    "old-man": ("man",),
    "old-woman": ("woman",),
}
"""Roles of people who speak, each with the roles whose voices speak it if none is cast for it."""

_ROLES_OF_PEOPLE = {
    ("male", ""): "man",
    ("female", ""): "woman",
    ("male", "child"): "boy",
    ("female", "child"): "girl",
    ("male", "old"): "old-man",
    ("female", "old"): "old-woman",
}


def speaker_role(sex: str, age: str) -> str:
    """Return the role of somebody who speaks; empty where the sex is not known.

    Args:
        sex: female or male; empty where it is not known.
        age: child or old; empty for anybody else.

    >>> speaker_role("female", "old")
    'old-woman'
    """
    return _ROLES_OF_PEOPLE.get((sex, age), "")


FOREIGN_ROLE = "foreign-"
"""Stands before the BCP 47 tag of a language in the role of what is in that language."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The voices of a book: a narrator, and others in some roles."""

    narrator: Voice
    """Sets the pace of the book: its pauses count everywhere."""
    roles: tuple[tuple[Kind, Voice], ...] = ()
    """The voices of roles that the narrator does not speak."""
    marked: tuple[Voice, ...] = ()
    """Voices that speak where marks in the text name them, whatever the role, and those that
    narrate single chapters."""
    speakers: tuple[tuple[str, Voice], ...] = ()
    """The voices of people who speak, by `SPEAKER_ROLES` and by the names of characters."""
    _: KW_ONLY
    chapter_narrator: str = ""
    """In one chapter, the name of the marked voice that narrates it; empty for the narrator."""
    languages: tuple[tuple[str, Voice], ...] = ()
    """The voices of single languages, by role, as in foreign-fr; before that of `Kind.FOREIGN`."""

    def voice(self, role: Kind, marked: str = "") -> Voice:
        """Return the voice that a mark or a speaker asks for, if it is in the cast, else a role's.

        Args:
            role: what is said.
            marked: the name of the voice; empty for that of the role.
        """
        others = (voice for _, voice in (*self.speakers, *self.languages))
        chosen = (*self.marked, *others)
        named = (voice for voice in chosen if voice.name == marked)
        cast = (voice for kind, voice in self.roles if kind is role)
        return next(chain(named, cast), self.narrator)

    def narrator_of(self, role: Kind) -> str:
        """Return the name of the chapter's own narrator if it speaks a role; empty if not."""
        is_cast = any(kind is role for kind, _ in self.roles)
        return "" if is_cast else self.chapter_narrator

    def speaker_voice(self, name: str, role: str) -> Voice | None:
        """Return the voice of a character or, failing that, of a role of people.

        Args:
            name: as the cast has it; empty for somebody without a voice of their own.
            role: one of `SPEAKER_ROLES`; empty where the sex is not known.
        """
        voices = dict(self.speakers)
        roles = (role, *SPEAKER_ROLES[role]) if role else ()
        return next((voices[key] for key in (name, *roles) if key in voices), None)

    @property
    def speaks_languages(self) -> bool:
        """Whether a voice of its own says what is not in Vietnamese."""
        return bool(self.languages) or any(role == "foreign" for role, _ in self.roles)

    def language_voice(self, language: str) -> tuple[str, bool]:
        """Return the name of the voice of a language and whether anybody but the narrator says it.

        The name is empty where the role of all foreign languages says it.

        Args:
            language: a BCP 47 tag; "und" for one that is not recognised.
        """
        own = dict(self.languages).get(f"{FOREIGN_ROLE}{language}")
        if own:
            return own.name, True
        spoken = [voice.language for role, voice in self.roles if role == "foreign"]
        return "", bool(spoken) and (language == "und" or spoken[0].startswith(language))

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All voices, each once, the narrator first."""
        others = (voice for _, voice in (*self.roles, *self.speakers, *self.languages))
        return tuple(dict.fromkeys((self.narrator, *others, *self.marked)))

    def each(self, change: Callable[[Voice], Voice]) -> Cast:
        """Return the same cast with a function applied to every voice."""
        roles = tuple((role, change(voice)) for role, voice in self.roles)
        speakers = tuple((name, change(voice)) for name, voice in self.speakers)
        languages = tuple((role, change(voice)) for role, voice in self.languages)
        marked = tuple(map(change, self.marked))
        return Cast(change(self.narrator), roles, marked, speakers, languages=languages)
