"""The cast of a book: who speaks which role, how fast and how high, and who stands in."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.model import Cast, Delivery, Kind, Pauses, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROLES = tuple(kind for kind in Kind if kind not in (Kind.PROSE, Kind.BREAK))
"""Those that another voice than the narrator's may speak."""

LONGEST_PAUSE = 60.0
"""Seconds."""
_SLOWEST, _FASTEST = 0.2, 5.0
_LOWEST, _HIGHEST = 0.5, 2.0


def assign(narrator: Voice, names: Mapping[str, str], load: Callable[[str], Voice]) -> Cast:
    """Give roles to voices.

    Args:
        narrator: who speaks everything else.
        names: of voices, by role.
        load: finds a voice by its name.

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
    """Add the voices that marks in a text name.

    Raises:
        VoiceError: there is no such voice.
    """
    narrator = cast.narrator
    voices = (narrator if name == narrator.name else load(name) for name in names)
    return replace(cast, marked=tuple(voices))


def tune(cast: Cast, delivery: Delivery) -> Cast:
    """Make everybody speak that way.

    Raises:
        UsageError: nobody could.
    """
    return cast.each(lambda voice: tuned(voice, delivery))


def tuned(voice: Voice, delivery: Delivery) -> Voice:
    """Make one voice speak that way.

    Raises:
        UsageError: it could not.
    """
    speed, pitch = delivery.speed, delivery.pitch
    faster, higher = voice.speed * speed, voice.pitch * pitch
    if not _SLOWEST <= faster <= _FASTEST:
        raise UsageError(f"{voice.name} cannot speak at {faster:g} times its pace", "0.2 to 5")
    if not _LOWEST <= higher <= _HIGHEST:
        raise UsageError(f"{voice.name} cannot speak at {higher:g} times its pitch", "0.5 to 2")
    pauses = replace(voice.pauses, **_checked(delivery.pauses))
    return replace(voice, speed=faster, pitch=higher, pace=voice.pace * speed, pauses=pauses)


def _checked(pauses: Mapping[str, float]) -> dict[str, float]:
    known = [field.name for field in fields(Pauses)]
    for name, seconds in pauses.items():
        if name not in known:
            raise UsageError(f"there is no pause {name!r}", f"there are {', '.join(known)}")
        if not 0 <= seconds <= LONGEST_PAUSE:
            raise UsageError(
                f"the pause {name} cannot be {seconds:g} seconds", f"0 to {LONGEST_PAUSE:g}"
            )
    return dict(pauses)


def share(cast: Cast, workers: int | None, cores: int) -> tuple[int, Cast]:
    """Return how many processes record, and the cast as each of them uses it.

    Online voices are spoken in one process, which keeps several requests on their way.

    Args:
        cast: who speaks.
        workers: what the user said; None for all cores, or as many requests as voices say.
        cores: of this computer.
    """
    if any(voice.network for voice in cast.voices):
        if workers is not None:
            cast = cast.each(lambda voice: _asking(voice, workers))
        return 1, cast
    limits = [voice.concurrency for voice in cast.voices if voice.concurrency]
    return min(workers or cores, *limits, workers or cores), cast


def _asking(voice: Voice, requests: int) -> Voice:
    return replace(voice, concurrency=requests) if voice.network else voice


def stand_in(name: str, delivery: Delivery, load: Callable[[str], Voice]) -> Voice | None:
    """Return the voice that speaks where an online one fails; None if nobody is asked to.

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
    return tuned(voice, delivery)
