"""Makes the cast of a book: who speaks which role, how fast and how high, and who stands in."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.model import (
    FOREIGN_ROLE,
    SPEAKER_ROLES,
    Cast,
    Delivery,
    Kind,
    Meta,
    Pauses,
    Voice,
    WordTimes,
)
from audiobook.vietnamese.languages import languages
from audiobook.vietnamese.letters import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROLES = tuple(kind for kind in Kind if kind not in (Kind.PROSE, Kind.BREAK))
"""Roles that another voice than the narrator may speak."""
LANGUAGE_ROLES = tuple(f"{FOREIGN_ROLE}{language}" for language in languages())
"""Those of single languages, whose voices go before that of `Kind.FOREIGN`."""
NAMED_ROLES = (*map(str, ROLES), *LANGUAGE_ROLES[:2], *SPEAKER_ROLES)
"""Those that users choose from: of the languages only the first ones."""

_SLOWEST, _FASTEST = 0.2, 5.0
_LOWEST, _HIGHEST = 0.5, 2.0
CHAPTERS = "chapters."
"""Stands before the chapters that another voice narrates, among the roles of a cast."""
_SYNTHETIC = {"vi": "giọng tổng hợp", "": "synthetic voice"}
"""What the tags say of a cloned voice, by the language of the book."""


def assign_roles(narrator: Voice, names: Mapping[str, str], load: Callable[[str], Voice]) -> Cast:
    """Return the cast of a narrator and the voices of other roles.

    Args:
        narrator: who speaks everything else.
        names: of voices, by role, by the name of a character, which has a capital letter, or by
            `CHAPTERS` and which.
        load: returns a voice by its name.

    Raises:
        UsageError: there is no such role, or a voice does not speak the language of its role.
        VoiceError: there is no such voice.
    """
    roles = {*map(str, ROLES), *LANGUAGE_ROLES}
    names = {compose(name): voice for name, voice in names.items()}
    for name in names:
        if name not in (*roles, *SPEAKER_ROLES) and name == name.lower() and not _chapters(name):
            raise UsageError(
                message("there is no role {name!r}", name=name),
                message(
                    "there are {names}, and the names of characters, as in 'Chị Dậu=VOICE'",
                    names=", ".join(NAMED_ROLES),
                ),
            )
    voices = {}
    for role, voice in names.items():
        with of_setting(f"cast.{role}"):
            voices[role] = load(voice)
            _check_language(role, voices[role])
    narrators = [voice for name, voice in voices.items() if _chapters(name)]
    return Cast(
        narrator,
        tuple(
            (role, voices[role])
            for role in ROLES
            if role in voices and (narrators or voices[role] != narrator)
        ),
        marked=tuple(dict.fromkeys(voice for voice in narrators if voice != narrator)),
        speakers=tuple(
            (name, voice)
            for name, voice in voices.items()
            if name not in roles and not _chapters(name)
        ),
        languages=tuple((role, voices[role]) for role in LANGUAGE_ROLES if role in voices),
    )


def _check_language(role: str, voice: Voice) -> None:
    """Raise a UsageError if a voice does not speak the language that its role is for."""
    language = role.removeprefix(FOREIGN_ROLE)
    if role in LANGUAGE_ROLES and voice.language.partition("-")[0] != language:
        raise UsageError(
            message(
                "{voice} speaks {spoken}, and {role} is for {language}",
                voice=voice.name,
                spoken=voice.language,
                role=role,
                language=language,
            ),
            message(
                'choose another, or if it speaks both, copy its file and write language = "{tag}" '
                "in the copy",
                tag=language,
            ),
        )


def chapter_narrators(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return which chapters other voices than the narrator's narrate, and the names of these.

    Args:
        names: of voices, as `assign_roles` takes them.
    """
    return tuple(
        (compose(_chapters(name)), voice) for name, voice in names.items() if _chapters(name)
    )


def _chapters(name: str) -> str:
    """Return which chapters a line of a cast is about; empty if it is about a role."""
    return name.removeprefix(CHAPTERS) if name.startswith(CHAPTERS) else ""


def add_marked(cast: Cast, names: Sequence[str], load: Callable[[str], Voice]) -> Cast:
    """Return a cast with the voices added that marks in a text name.

    Args:
        cast: the cast.
        names: of the voices.
        load: returns a voice by its name.

    Raises:
        VoiceError: there is no such voice.
    """
    known = {voice.name: voice for voice in (*cast.marked, cast.narrator)}
    voices = (known[name] if name in known else load(name) for name in names)
    return replace(cast, marked=tuple(dict.fromkeys((*cast.marked, *voices))))


def tune_cast(cast: Cast, delivery: Delivery) -> Cast:
    """Return a cast whose voices all speak at the speed, pitch and pauses of a delivery.

    Raises:
        UsageError: one of them cannot.
    """
    return cast.each(lambda voice: tune_voice(voice, delivery))


def tune_voice(voice: Voice, delivery: Delivery) -> Voice:
    """Return a voice that speaks at the speed, pitch and pauses of a delivery.

    Its words are timed as that says, too.

    Raises:
        UsageError: it cannot.
    """
    speed, pitch = delivery.speed, delivery.pitch
    with of_setting("speed"):
        faster = _faster(voice, speed)
    with of_setting("pitch"):
        higher = _higher(voice, pitch)
    pauses = replace(voice.pauses, **_check_pauses(delivery.pauses))
    return replace(
        voice,
        speed=faster,
        pitch=higher,
        pace=voice.pace * speed,
        pauses=pauses,
        word_times=delivery.word_times,
    )


def choose_word_times(name: str) -> WordTimes:
    """Return how words are timed where an engine does not, by its name; empty for the usual way.

    Raises:
        UsageError: there is no such way.
    """
    if name and name not in list(WordTimes):
        with of_setting("word_times"):
            raise UsageError(
                message("there are no word times {name!r}", name=name),
                message("choose one of {names}", names=", ".join(WordTimes)),
            )
    return WordTimes(name or WordTimes.ALIGN)


def _faster(voice: Voice, speed: float) -> float:
    faster = voice.speed * speed
    if not _SLOWEST <= faster <= _FASTEST:
        raise UsageError(
            message(
                "{voice} cannot speak at {factor:g} times its pace", voice=voice.name, factor=faster
            ),
            message("0.2 to 5"),
        )
    return faster


def _higher(voice: Voice, pitch: float) -> float:
    higher = voice.pitch * pitch
    if not _LOWEST <= higher <= _HIGHEST:
        raise UsageError(
            message(
                "{voice} cannot speak at {factor:g} times its pitch",
                voice=voice.name,
                factor=higher,
            ),
            message("0.5 to 2"),
        )
    return higher


def _check_pauses(pauses: Mapping[str, float]) -> dict[str, float]:
    names = [field.name for field in fields(Pauses)]
    for name, seconds in pauses.items():
        with of_setting(f"pauses.{name}"):
            if name not in names:
                raise UsageError(
                    message("there is no pause {name!r}", name=name),
                    message("there are {names}", names=", ".join(names)),
                )
            if not 0 <= seconds <= Pauses.highest(name):
                raise UsageError(
                    message(
                        "the pause {name} cannot be {seconds:g} seconds", name=name, seconds=seconds
                    ),
                    message("0 to {most:g}", most=Pauses.highest(name)),
                )
    return dict(pauses)


def name_synthetic(meta: Meta, voices: Iterable[Voice]) -> Meta:
    """Return what the tags of a book say; where a voice is cloned, that it is synthetic.

    Args:
        meta: what is said without that.
        voices: all voices that may speak in the book.
    """
    cloned = next((voice for voice in voices if voice.cloned), None)
    if not cloned:
        return meta
    language = (meta.language or cloned.language).partition("-")[0]
    note = _SYNTHETIC.get(language, _SYNTHETIC[""])
    return replace(meta, narrator=f"{meta.narrator or cloned.name} ({note})")


def share_work(cast: Cast, workers: int | None, cores: int) -> tuple[int, Cast]:
    """Return how many processes record, and the cast as each of them uses it.

    Online voices are spoken in one process, which keeps several requests on their way.

    Args:
        cast: who speaks.
        workers: number that the user wants; None for all cores, or as many requests as the voices
            allow.
        cores: number of cores of this computer.
    """
    if any(voice.network for voice in cast.voices):
        if workers is not None:
            cast = cast.each(lambda voice: _with_requests(voice, workers))
        return 1, cast
    limits = [voice.concurrency for voice in cast.voices if voice.concurrency]
    return min(workers or cores, *limits, workers or cores), cast


def _with_requests(voice: Voice, requests: int) -> Voice:
    return replace(voice, concurrency=requests) if voice.network else voice


def fallback_voice(name: str, delivery: Delivery, load: Callable[[str], Voice]) -> Voice | None:
    """Return the voice that speaks where an online one fails; None if no name is given.

    Args:
        name: of the voice; may be empty.
        delivery: how it speaks.
        load: returns a voice by its name.

    Raises:
        UsageError: it needs the network itself.
        VoiceError: there is no such voice, or it is not usable here.
    """
    if not name:
        return None
    voice = load(name)
    engines.check_network(voice)
    if voice.network:
        raise UsageError(
            message("{voice} needs the network itself", voice=name),
            message("choose an offline voice to fall back on"),
        )
    return tune_voice(voice, delivery)
