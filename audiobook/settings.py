"""What the user said, in files and flags, becomes a Job."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path

from audiobook import mp3
from audiobook.errors import UsageError, VoiceError
from audiobook.folders import cache_folder, config_folder
from audiobook.model import Job, Meta, Pauses, Sound, Voice

EMBEDDED_VOICE = "hanoi"
_FOREIGN = ("keep", "respell")
_ACCENTS = ("north", "central", "south")
# In the wheel the voices lie inside the package, in a checkout beside it.
_PACKAGE = Path(__file__).parent
_BUILT_IN = next(
    (folder for folder in (_PACKAGE / "voices", _PACKAGE.parent / "voices") if folder.is_dir()),
    _PACKAGE / "voices",
)


def voice_names() -> list[str]:
    """Return the names of all voices, the user's and ours, in order."""
    folders = (config_folder() / "voices", _BUILT_IN)
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")})


def load_voice(name: str) -> Voice:
    """Read the voice of that name; the user's own file wins over ours.

    Raises:
        VoiceError: there is no such voice, or its file is not right.
    """
    for folder in (config_folder() / "voices", _BUILT_IN):
        path = folder / f"{name}.toml"
        if Path(name).name == name and path.is_file():
            return _read_voice(path)
    known = ", ".join(voice_names())
    raise VoiceError(f"there is no voice {name!r}", f"there are {known} (see `audiobook voices`)")


def default_voice() -> str:
    """Return the voice set in the user's config.toml, else the embedded one.

    Raises:
        UsageError: config.toml is not right.
    """
    path = config_folder() / "config.toml"
    if not path.is_file():
        return EMBEDDED_VOICE
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise UsageError(f"{path} is not right: {problem}", "mend or remove it") from problem
    voice = settings.get("voice", EMBEDDED_VOICE)
    if set(settings) - {"voice"} or not isinstance(voice, str):
        raise UsageError(f"{path} is not right", 'it may only say voice = "NAME"')
    return voice


def make_job(
    source: str,
    *,
    folder: Path,
    voice: str | None = None,
    meta: Meta | None = None,
    cover: Path | None = None,
    workers: int | None = None,
) -> Job:
    """Put together one book's job.

    Args:
        source: a file, or - for standard input.
        folder: where the book goes.
        voice: name of a voice; None for the default.
        meta: what the user says about the book.
        cover: a JPEG or PNG file.
        workers: processes that record; None for all cores.

    Raises:
        VoiceError: there is no such voice.
        UsageError: something else the user named is not right.
    """
    speaker = load_voice(voice or default_voice())
    known = meta or Meta()
    if cover is not None:
        known = replace(known, cover=_read_cover(cover))
    workers = workers or _cores()
    if speaker.concurrency:
        workers = min(workers, speaker.concurrency)
    sound = Sound(rate=speaker.rate)
    mp3.check(sound.rate, sound.bitrate)
    return Job(source, folder, speaker, sound, known, workers, cache_folder())


def _cores() -> int:
    """Count the cores this process may use, where the system tells."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_cover(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UsageError(f"cannot read the cover {path}: {problem.strerror}") from problem
    if not data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise UsageError(f"the cover {path} is neither JPEG nor PNG", "convert it to one of them")
    return data


def _read_voice(path: Path) -> Voice:
    def wrong(what: str) -> VoiceError:
        return VoiceError(f"{path}: {what}", "mend the voice file")

    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise wrong(str(problem)) from problem
    known = {field.name: field.type for field in fields(Voice) if field.name != "name"}
    pauses = settings.pop("pauses", {})
    for name, value in settings.items():
        if name not in known:
            raise wrong(f"there is no setting {name!r}")
        if not _fits(value, str(known[name])):
            raise wrong(f"{name} must be a {known[name]}, not {value!r}")
    seconds = {field.name for field in fields(Pauses)}
    if not isinstance(pauses, dict) or set(pauses) - seconds:
        raise wrong(f"pauses are {', '.join(sorted(seconds))}")
    for name, value in pauses.items():
        if not _fits(value, "float") or not 0 <= value <= 60:
            raise wrong(f"the pause {name} must be 0 to 60 seconds, not {value!r}")
    if "engine" not in settings:
        raise wrong("it names no engine")
    voice = Voice(name=path.stem, pauses=Pauses(**pauses), **settings)
    if voice.accent not in _ACCENTS:
        raise wrong(f"accent must be one of {', '.join(_ACCENTS)}, not {voice.accent!r}")
    if voice.foreign not in _FOREIGN:
        raise wrong(f"foreign must be one of {', '.join(_FOREIGN)}, not {voice.foreign!r}")
    if not 0.2 <= voice.speed <= 5 or not 0 <= voice.pitch <= 2 or voice.pace <= 0:
        raise wrong("speed goes from 0.2 to 5, pitch from 0 to 2, pace above 0")
    return voice


def _fits(value: object, kind: str) -> bool:
    if kind == "float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value).__name__ == kind
