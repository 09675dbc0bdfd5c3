"""Reads voices: one TOML file each, built in or the user's own."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from audiobook import engines
from audiobook.config.toml import load_toml
from audiobook.errors import VoiceError
from audiobook.model import Pauses, Voice, VoiceFile
from audiobook.system import downloads
from audiobook.system.folders import config_folder, voice_folder

_FOREIGN = ("keep", "respell")
_ACCENTS = ("north", "central", "south")
_KINDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
_SEXES = ("female", "male")
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 192_000
# An installed package holds the voices inside, a checkout beside itself.
_PACKAGE = Path(__file__).parents[1]
_BUILT_IN = next(
    (folder for folder in (_PACKAGE / "voices", _PACKAGE.parent / "voices") if folder.is_dir()),
    _PACKAGE / "voices",
)


def voice_names() -> list[str]:
    """Return the names of all voices, the user's and the built-in ones, in order."""
    folders = (config_folder() / "voices", _BUILT_IN)
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")})


def load_voice(name: str) -> Voice:
    """Return the voice of a name; the user's own file wins over a built-in one.

    Raises:
        VoiceError: there is no such voice, or its file is not right.
    """
    for folder in (config_folder() / "voices", _BUILT_IN):
        for path in folder.glob("*.toml"):
            if path.stem == name:
                return _read_voice(path)
    names = ", ".join(voice_names())
    raise VoiceError(f"there is no voice {name!r}", f"there are {names} (see `audiobook voices`)")


def fetched_voices() -> list[str]:
    """Return the names of usable voices whose files were fetched, the largest first."""
    by_size = []
    for name in voice_names():
        if not voice_folder(name).is_dir():
            continue
        try:
            voice = load_voice(name)
            if not voice.files or downloads.missing(voice):
                continue
            engines.load(voice.engine)
        except VoiceError:
            continue  # not usable here, as `audiobook voices` says
        size = sum((voice_folder(name) / file.name).stat().st_size for file in voice.files)
        by_size.append((-size, name))
    return [name for _, name in sorted(by_size)]


def _read_voice(path: Path) -> Voice:
    def wrong(reason: str) -> VoiceError:
        return VoiceError(f"{path}: {reason}", "fix the voice file")

    try:
        settings = load_toml(path)
    except ValueError as problem:
        raise wrong(str(problem)) from problem
    types = {field.name: field.type for field in fields(Voice) if field.name != "name"}
    pauses = settings.pop("pauses", {})
    files = settings.pop("files", [])
    for name, value in settings.items():
        if name not in types:
            raise wrong(f"there is no setting {name!r}")
        if not _has_type(value, str(types[name])):
            raise wrong(f"{name} must be {_KINDS[str(types[name])]}, not {value!r}")
    pause_names = {field.name for field in fields(Pauses)}
    if not isinstance(pauses, dict) or set(pauses) - pause_names:
        raise wrong(f"pauses are {', '.join(sorted(pause_names))}")
    for name, value in pauses.items():
        if not _has_type(value, "float") or not 0 <= value <= 60:
            raise wrong(f"the pause {name} must be 0 to 60 seconds, not {value!r}")
    if "engine" not in settings:
        raise wrong("it names no engine")
    try:
        voice_files = _read_files(files)
    except ValueError as problem:
        raise wrong(str(problem)) from problem
    voice = Voice(name=path.stem, pauses=Pauses(**pauses), files=voice_files, **settings)
    if voice.sex and voice.sex not in _SEXES:
        raise wrong(f"sex must be {' or '.join(_SEXES)}, or left out, not {voice.sex!r}")
    if voice.url and (fault := downloads.address_problem("its server", voice.url)):
        raise wrong(fault)
    if voice.accent not in _ACCENTS:
        raise wrong(f"accent must be one of {', '.join(_ACCENTS)}, not {voice.accent!r}")
    if voice.foreign not in _FOREIGN:
        raise wrong(f"foreign must be one of {', '.join(_FOREIGN)}, not {voice.foreign!r}")
    # Written as "not within", so that NaN is refused too.
    if not 0.2 <= voice.speed <= 5 or not 0.5 <= voice.pitch <= 2 or not 0 < voice.pace <= 1000:
        raise wrong("speed goes from 0.2 to 5, pitch from 0.5 to 2, pace from above 0 to 1000")
    if not _LOWEST_RATE <= voice.rate <= _HIGHEST_RATE:
        raise wrong(f"rate goes from {_LOWEST_RATE} to {_HIGHEST_RATE} samples a second")
    if not 0 < voice.syllable <= 10 or voice.concurrency < 0:
        raise wrong("syllable goes from above 0 to 10 seconds, concurrency from 0")
    return voice


def _read_files(tables: object) -> tuple[VoiceFile, ...]:
    """Return the files that the tables ``[[files]]`` name.

    Raises:
        ValueError: one of them is not right.
    """
    settings = {field.name for field in fields(VoiceFile)}
    if not isinstance(tables, list):
        raise ValueError("files are tables [[files]], each with a name and a url")
    for table in tables:
        if not isinstance(table, dict) or not {"name", "url"} <= set(table) <= settings:
            raise ValueError("each of its files needs a name and a url, and may have a sha256")
        for setting, value in table.items():
            if not isinstance(value, str):
                raise ValueError(f"the {setting} of a file must be text, not {value!r}")
    files = tuple(VoiceFile(**table) for table in tables)
    if fault := next(filter(None, map(downloads.file_problem, files)), ""):
        raise ValueError(fault)
    names = [file.name for file in files]
    if repeated := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"two of its files are called {repeated!r}")
    return files


def _has_type(value: object, kind: str) -> bool:
    if kind == "float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value).__name__ == kind
