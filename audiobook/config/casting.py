"""Makes the cast of a book: who speaks which role, how fast and how high, and who stands in."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.model import Cast, Delivery, Kind, Pauses, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROLES = tuple(kind for kind in Kind if kind not in (Kind.PROSE, Kind.BREAK))
"""Roles that another voice than the narrator may speak."""

LONGEST_PAUSE = 60.0
"""Seconds."""
_SLOWEST, _FASTEST = 0.2, 5.0
_LOWEST, _HIGHEST = 0.5, 2.0


def assign_roles(narrator: Voice, names: Mapping[str, str], load: Callable[[str], Voice]) -> Cast:
    """Return the cast of a narrator and the voices of other roles.

    Args:
        narrator: who speaks everything else.
        names: of voices, by role.
        load: returns a voice by its name.

    Raises:
        UsageError: there is no such role.
        VoiceError: there is no such voice.
    """
    roles = {str(role): role for role in ROLES}
    for name in names:
        if name not in roles:
            raise UsageError(f"there is no role {name!r}", f"there are {', '.join(roles)}")
    voices = {roles[role]: load(voice) for role, voice in names.items()}
    return Cast(
        narrator,
        tuple((role, voices[role]) for role in ROLES if voices.get(role, narrator) != narrator),
    )


def add_marked(cast: Cast, names: Sequence[str], load: Callable[[str], Voice]) -> Cast:
    """Return a cast with the voices added that marks in a text name.

    Args:
        cast: the cast.
        names: of the voices.
        load: returns a voice by its name.

    Raises:
        VoiceError: there is no such voice.
    """
    narrator = cast.narrator
    voices = (narrator if name == narrator.name else load(name) for name in names)
    return replace(cast, marked=tuple(voices))


def tune_cast(cast: Cast, delivery: Delivery) -> Cast:
    """Return a cast whose voices all speak at the speed, pitch and pauses of a delivery.

    Raises:
        UsageError: one of them cannot.
    """
    return cast.each(lambda voice: tune_voice(voice, delivery))


def tune_voice(voice: Voice, delivery: Delivery) -> Voice:
    """Return a voice that speaks at the speed, pitch and pauses of a delivery.

    Raises:
        UsageError: it cannot.
    """
    speed, pitch = delivery.speed, delivery.pitch
    faster, higher = voice.speed * speed, voice.pitch * pitch
    if not _SLOWEST <= faster <= _FASTEST:
        raise UsageError(f"{voice.name} cannot speak at {faster:g} times its pace", "0.2 to 5")
    if not _LOWEST <= higher <= _HIGHEST:
        raise UsageError(f"{voice.name} cannot speak at {higher:g} times its pitch", "0.5 to 2")
    pauses = replace(voice.pauses, **_check_pauses(delivery.pauses))
    return replace(voice, speed=faster, pitch=higher, pace=voice.pace * speed, pauses=pauses)


def _check_pauses(pauses: Mapping[str, float]) -> dict[str, float]:
    names = [field.name for field in fields(Pauses)]
    for name, seconds in pauses.items():
        if name not in names:
            raise UsageError(f"there is no pause {name!r}", f"there are {', '.join(names)}")
        if not 0 <= seconds <= LONGEST_PAUSE:
            raise UsageError(
                f"the pause {name} cannot be {seconds:g} seconds", f"0 to {LONGEST_PAUSE:g}"
            )
    return dict(pauses)


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
        VoiceError: there is no such voice.
    """
    if not name:
        return None
    voice = load(name)
    if voice.network:
        raise UsageError(
            f"{name} needs the network itself", "choose an offline voice to fall back on"
        )
    return tune_voice(voice, delivery)
