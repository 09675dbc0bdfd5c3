"""Lists the voices of this machine, with what each needs and how fast it speaks here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.errors import AudiobookError, VoiceError
from audiobook.messages import message, verbatim
from audiobook.system import downloads, files
from audiobook.system.folders import cache_folder
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from audiobook.model import Voice

WARM_UP = "Xin chào."
"""What a voice says to show that it speaks, or before it is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceEntry:
    """What is known of a voice on this machine."""

    name: str
    description: str = ""
    engine: str = ""
    accent: str = ""
    """The region of a Vietnamese voice, the language of any other."""
    sex: str = ""
    network: bool | None = None
    """Whether it speaks over the network; None if its file cannot be read."""
    licence: str = ""
    style: str = ""
    speaks: bool = True
    """Whether it says words."""
    size: float | None = None
    """Megabytes that it takes, or would once fetched; None where nothing is fetched for it."""
    is_fetched: bool = False
    """Whether files that were fetched for it are there, complete or not."""
    lacks_files: bool = False
    """Whether files that it needs are not there."""
    speed: float | None = None
    """Seconds of speech recorded in a second; None until measured."""
    problem: str = ""
    """Why it cannot be used yet, and what to do about it; empty if it can."""
    remedy: str = ""
    """What to do about it."""
    default: bool = False

    @property
    def usable(self) -> bool:
        """Whether a book can be built with it now."""
        return not self.problem


def list_voices() -> list[VoiceEntry]:
    """Return all voices, those that cannot be used with the reason."""
    default = config.default_voice()
    return [_describe(name, default=name == default) for name in config.voice_names()]


def describe_voice(name: str) -> VoiceEntry:
    """Return what is known of one voice.

    Raises:
        VoiceError: there is no such voice, or its file is not right.
    """
    return _entry(config.load_voice(name), default=name == config.default_voice())


def _describe(name: str, *, default: bool) -> VoiceEntry:
    try:
        return _entry(config.load_voice(name), default=default)
    except VoiceError as problem:
        return VoiceEntry(
            name=name, problem=problem.message, remedy=problem.message, default=default
        )


def _entry(voice: Voice, *, default: bool) -> VoiceEntry:
    problem = _problem_of(voice)
    fetched = downloads.fetched_size(voice.folder)
    return VoiceEntry(
        name=voice.name,
        description=voice.description,
        engine=voice.engine,
        accent=voice.accent if voice.language.startswith("vi") else voice.language,
        sex=voice.sex,
        network=voice.network,
        licence=voice.licence,
        style=voice.style,
        speaks=voice.speaks,
        size=fetched / 1e6 or voice.size or None,
        is_fetched=bool(fetched),
        lacks_files=bool(downloads.missing(voice)),
        speed=measured_speed(voice),
        problem=problem.message if problem else "",
        remedy=(problem.remedy or problem.what) if problem else "",
        default=default,
    )


def why_unusable(voice: Voice) -> str:
    """Return why a voice cannot be used on this machine, with the remedy; empty if it can."""
    problem = _problem_of(voice)
    return problem.message if problem else ""


def _problem_of(voice: Voice) -> AudiobookError | None:
    try:
        check_files(voice)
        engines.check_ready(voice)
    except AudiobookError as problem:
        return problem
    return None


def check_voice(voice: Voice) -> None:
    """Check that a voice speaks here.

    Raises:
        AudiobookError: it does not.
    """
    check_files(voice)
    engine = engines.load(voice.engine)
    with engines.turn([voice]):
        engine.say([WARM_UP], voice)


def check_files(voice: Voice) -> None:
    """Check that the files of a voice are there.

    Raises:
        VoiceError: they are not.
    """
    if downloads.missing(voice):
        raise VoiceError(message("not fetched yet"), verbatim(f"audiobook voices add {voice.name}"))


# --- how fast -----------------------------------------------------------------------------------


def measured_speed(voice: Voice) -> float | None:
    """Return the seconds of speech that a voice recorded in a second; None until measured.

    A measurement holds for one version of the engine, one model and one speed.
    """
    try:
        document = load_json(_speed_file(voice).read_text("utf-8"))
        return float(document["speed"]) if document["of"] == _speed_key(voice) else None
    except (AudiobookError, OSError, ValueError, KeyError, TypeError):
        return None  # not measured, or damaged


def keep_speed(voice: Voice, speed: float) -> None:
    """Remember how many seconds of speech a voice recorded in a second.

    Raises:
        OutputError: it cannot be written.
    """
    remedy = message("name another cache folder with AUDIOBOOK_CACHE")
    with files.whole(_speed_file(voice), remedy, private=True) as file:
        file.write(json.dumps({"of": _speed_key(voice), "speed": speed}).encode())


def _speed_file(voice: Voice) -> Path:
    return cache_folder() / "speeds" / f"{voice.name}.json"


def _speed_key(voice: Voice) -> list[str]:
    engine = engines.load(voice.engine)
    return [engine.name, engine.version, voice.model, str(voice.speed)]
