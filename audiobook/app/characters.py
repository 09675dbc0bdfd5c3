"""Lists who speaks in a book: the characters, how often each speaks, and what told it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app.preparing import prepare
from audiobook.app.voices import list_voices
from audiobook.model import FOREIGN_ROLE, SPEAKER_ROLES, Kind, ignore_event, speaker_role
from audiobook.stages.speakers import attributed_speech, foreign_parts, people_of
from audiobook.vietnamese.languages import languages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.app.voices import VoiceEntry
    from audiobook.model import Document, Event, Job
    from audiobook.vietnamese.attribution import People, Speaker

ACCENTS = ("north", "central", "south", "")
"""What a Vietnamese voice may have for an accent."""
# A character who says less than this share of all speeches has no line of their own in a cast.
_LEADING_SHARE = 0.04
_MOST_LEADING = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Somebody who speaks in a book, or all those without a name who are of one role."""

    name: str
    """As the book calls them most often; empty for those without a name."""
    role: str
    """man, woman, boy, girl, old-man or old-woman; empty where the sex is not known."""
    speeches: int
    told: str
    """The words that told the sex; empty if it is not known."""
    aliases: tuple[str, ...] = ()
    """How else the book calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguage:
    """What of a book is in one other language."""

    role: str
    """The role whose voice says it, as in foreign-en; foreign if the language is not recognised."""
    parts: int
    """How many sentences, quotations and titles."""
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CastList:
    """Who speaks in a book, and in which languages."""

    characters: tuple[Character, ...]
    """Those who speak most first; of one role those without a name together."""
    unknown: int
    """How many speeches are of nobody that the text tells."""
    languages: tuple[OtherLanguage, ...] = ()
    """The other languages than Vietnamese, that of most sentences and phrases first."""

    @property
    def speeches(self) -> int:
        """How many parts of direct speech there are."""
        return self.unknown + sum(character.speeches for character in self.characters)

    @property
    def undecided(self) -> int:
        """How many of them are of nobody whose sex is known."""
        return self.unknown + sum(
            character.speeches for character in self.characters if not character.role
        )

    @property
    def leading(self) -> tuple[Character, ...]:
        """The characters with names who say so much that they may need voices of their own."""
        least = _LEADING_SHARE * self.speeches
        named = [
            character
            for character in self.characters
            if character.name and character.speeches >= least
        ]
        return tuple(named[:_MOST_LEADING])


def list_characters(job: Job, report: Callable[[Event], None] = ignore_event) -> CastList:
    """Return who speaks in a source, those who speak most first.

    Args:
        job: the source, and how it is read.
        report: called with a `Recognised` for every scanned page.

    Raises:
        SourceError: the source cannot be read.
    """
    document = prepare(job, report)
    people = people_of(document)
    speeches: dict[tuple[str, str], list[Speaker]] = {}
    unknown = 0
    for chapter in document.chapters:
        for paragraph in attributed_speech(chapter, people):
            for _, _, speaker in paragraph:
                role = speaker_role(speaker.sex, speaker.age)
                if role or speaker.name:
                    key = (speaker.name, speaker.sex if speaker.name else role)
                    speeches.setdefault(key, []).append(speaker)
                else:
                    unknown += 1
    characters = [_character(speakers, people) for speakers in speeches.values()]
    characters.sort(key=lambda character: (not character.name, -character.speeches, character.name))
    return CastList(
        characters=tuple(characters), unknown=unknown, languages=_other_languages(document)
    )


def _other_languages(document: Document) -> tuple[OtherLanguage, ...]:
    parts: dict[str, list[str]] = {}
    for chapter in document.chapters:
        for language, part in foreign_parts(chapter):
            role = f"{FOREIGN_ROLE}{language}" if language in languages() else str(Kind.FOREIGN)
            parts.setdefault(role, []).append(part)
    others = [
        OtherLanguage(role=role, parts=len(texts), example=texts[0])
        for role, texts in parts.items()
    ]
    return tuple(sorted(others, key=lambda other: (-other.parts, other.role)))


def _character(speakers: Sequence[Speaker], people: People) -> Character:
    """Return the character who says some speeches."""
    first = speakers[0]
    roles = Counter(speaker_role(speaker.sex, speaker.age) for speaker in speakers)
    examples = Counter(speaker.told for speaker in speakers)
    told = people.why(first) if first.name else ""
    return Character(
        name=first.name,
        role=roles.most_common(1)[0][0],
        speeches=len(speakers),
        told=(told or f"“{examples.most_common(1)[0][0]}”") if first.sex else "",
        aliases=people.otherwise_called(first) if first.name else (),
    )


def suggest_voices(cast_list: CastList, narrator: str) -> dict[str, str]:
    """Return a voice of this machine for each role and leading character, empty where none fits.

    Those of other languages are for what is in these, and for nothing else.

    Voices of the right sex that need no network come first; the narrator's is left out. A leading
    character has a voice of their own as long as there are enough.

    Args:
        cast_list: who speaks.
        narrator: the name of the voice that reads everything else.
    """
    usable = [
        voice for voice in list_voices() if voice.usable and voice.speaks and voice.name != narrator
    ]
    accent = next((voice.accent for voice in list_voices() if voice.name == narrator), "")
    usable.sort(key=lambda voice: (bool(voice.network), voice.accent != accent))
    suggested = {
        other.role: next((voice.name for voice in usable if _speaks(voice, other.role)), "")
        for other in cast_list.languages
    }
    usable = [voice for voice in usable if voice.accent in ACCENTS]
    taken: Counter[str] = Counter()
    for role in SPEAKER_ROLES:
        if (
            any(character.role == role for character in cast_list.characters)
            and not SPEAKER_ROLES[role]
        ):
            suggested[role] = _next_voice(usable, role, taken)
    for character in cast_list.leading:
        voice = _next_voice(usable, character.role, taken)
        suggested[character.name] = voice if taken[voice] == 1 else ""
    return suggested


def online_voices() -> frozenset[str]:
    """Return the names of the voices that texts are sent away to."""
    return frozenset(voice.name for voice in list_voices() if voice.network)


def _speaks(voice: VoiceEntry, role: str) -> bool:
    """Return whether a voice speaks the language that a role is for."""
    return voice.accent.partition("-")[0] == role.removeprefix(FOREIGN_ROLE)


def _next_voice(voices: Sequence[VoiceEntry], role: str, taken: Counter[str]) -> str:
    """Return the voice of the sex of a role that was taken least; empty if there is none."""
    sex = {"man": "male", "boy": "male", "old-man": "male"}.get(role, "female" if role else "")
    fitting = [voice.name for voice in voices if sex and voice.sex == sex]
    if not fitting:
        return ""
    name = min(fitting, key=lambda voice: taken[voice])
    taken[name] += 1
    return name
