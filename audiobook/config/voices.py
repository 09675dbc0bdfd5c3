"""Reads voices: one TOML file each, built in or the user's own."""

from __future__ import annotations

import math
import re
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import lru_cache, partial
from pathlib import Path

from audiobook import engines
from audiobook.config.catalogue import KNOWN_VOICES, known_voice
from audiobook.config.settings import Reader, SettingError, number, read_settings, readers_of
from audiobook.config.toml import load_parsed, load_toml
from audiobook.errors import VoiceError
from audiobook.messages import NOTHING, Message, message, one_of, verbatim
from audiobook.model import HIGHEST_RATE, LOWEST_RATE, Pauses, Voice, VoiceFile
from audiobook.system.folders import config_folder, voice_folder
from audiobook.system.toml_data import parse_toml

_FOREIGN = ("keep", "respell")
_ACCENTS = ("north", "central", "south")
_SEXES = ("female", "male")
_COMMAND = "command"
_HIGHEST_PRICE = 100_000
# How like a name must be to be proposed, of 1: "nope" is like "openai" by 0.6.
_LIKENESS = 0.7
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
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
    file = f"{name}.toml"
    for folder in (config_folder() / "voices", _BUILT_IN):
        # Listed, because some disks do not tell letters of either case apart.
        if folder.is_dir() and any(path.name == file for path in folder.iterdir()):
            return _read_voice(folder / file)
    if known_voice(name):
        raise VoiceError(
            message("the voice {name!r} is not added yet", name=name),
            verbatim(f"audiobook voices add {name}"),
        )
    known = [voice.name for voice in KNOWN_VOICES]
    nearest = get_close_matches(name.lower(), [*voice_names(), *known], 1, _LIKENESS)
    raise VoiceError(
        message("there is no voice {name!r}", name=name),
        message("did you mean {nearest}? `audiobook voices` lists all", nearest=nearest[0])
        if nearest
        else message("`audiobook voices --all` lists all"),
    )


def fetched_voices() -> list[str]:
    """Return the names of usable Vietnamese voices whose files were fetched, the largest first."""
    folders = voice_folder("")
    present = {path.name for path in folders.iterdir()} if folders.is_dir() else set()
    if not present:
        return []
    from audiobook.system import downloads

    by_size = []
    for name in voice_names():
        if name not in present:
            continue
        try:
            voice = load_voice(name)
            is_fetched = voice.files and not downloads.missing(voice)
            # Whoever cloned a voice does not want all books read by it.
            if not is_fetched or voice.cloned or not voice.language.startswith("vi"):
                continue
            engines.load(voice.engine)
        except VoiceError:
            continue  # not usable here, as `audiobook voices` says
        size = sum((voice_folder(voice.folder) / file.name).stat().st_size for file in voice.files)
        by_size.append((-size, name))
    return [name for _, name in sorted(by_size)]


def shared_files(name: str) -> tuple[VoiceFile, ...]:
    """Return the files that several voices speak from, which ``shared/NAME.toml`` lists.

    Raises:
        VoiceError: there is no such list, or it is not right.
    """
    for folder in (config_folder() / "voices", _BUILT_IN):
        path = folder / "shared" / f"{name}.toml"
        if path.is_file():
            try:
                settings = read_settings(load_toml(path), {"files": _read_files})
            except ValueError as problem:
                raise VoiceError(
                    message("{path}: {reason}", path=path, reason=problem),
                    message("fix that file"),
                ) from problem
            files: tuple[VoiceFile, ...] = settings.get("files", ())
            return files
    raise VoiceError(
        message("there are no shared files {name!r}", name=name),
        message("list them in {path}", path=config_folder() / "voices" / "shared" / f"{name}.toml"),
    )


def _read_voice(path: Path) -> Voice:
    try:
        voice = load_parsed(path, partial(_parse_voice, path.stem))
    except ValueError as problem:
        raise VoiceError(
            message("{path}: {reason}", path=path, reason=problem), message("fix the voice file")
        ) from problem
    return replace(voice, files=shared_files(voice.shared)) if voice.shared else voice


@lru_cache(16)  # of a cast
def _parse_voice(name: str, text: str) -> Voice:
    """Return the voice of a file, without the files that are shared.

    Raises:
        ValueError: it is not right.
    """
    settings = read_settings(parse_toml(text), _READERS)
    if "engine" not in settings:
        raise ValueError(message("it names no engine"))
    voice = Voice(name=name, **settings)
    if voice.sex and voice.sex not in _SEXES:
        raise ValueError(
            message(
                "sex must be {sexes}, or left out, not {value}",
                sexes=one_of(_SEXES),
                value=repr(voice.sex),
            )
        )
    if voice.url:
        from audiobook.system.downloads import address_problem

        if fault := address_problem(message("its server"), voice.url):
            raise ValueError(fault)
    if voice.engine == _COMMAND and not voice.command:
        raise ValueError(message("its engine is command, and it names no command"))
    if voice.command and voice.engine != _COMMAND:
        raise ValueError(message("only the engine command runs a command"))
    if voice.accent and voice.accent not in _ACCENTS:
        raise ValueError(
            message(
                "accent must be one of {accents}, not {value}",
                accents=", ".join(_ACCENTS),
                value=repr(voice.accent),
            )
        )
    if voice.foreign not in _FOREIGN:
        raise ValueError(
            message(
                "foreign must be one of {languages}, not {value}",
                languages=", ".join(_FOREIGN),
                value=repr(voice.foreign),
            )
        )
    # Written as "not within", so that NaN is refused too.
    if not 0.2 <= voice.speed <= 5 or not 0.5 <= voice.pitch <= 2 or not 0 < voice.pace <= 1000:
        raise ValueError(
            message("speed goes from 0.2 to 5, pitch from 0.5 to 2, pace from above 0 to 1000")
        )
    if not LOWEST_RATE <= voice.rate <= HIGHEST_RATE:
        raise ValueError(
            message(
                "rate goes from {lowest} to {highest} samples a second",
                lowest=LOWEST_RATE,
                highest=HIGHEST_RATE,
            )
        )
    if not 0 <= voice.price <= _HIGHEST_PRICE:
        raise ValueError(
            message("price goes from 0 to {most} dollars a million characters", most=_HIGHEST_PRICE)
        )
    if not 0 < voice.syllable <= 10 or voice.concurrency < 0:
        raise ValueError(message("syllable goes from above 0 to 10 seconds, concurrency from 0"))
    if not 0 <= voice.breath <= 10:
        raise ValueError(message("breath goes from 0 to 10 seconds"))
    if not 0 <= voice.size < math.inf:
        raise ValueError(message("size goes from 0 megabytes"))
    if voice.shared and voice.files:
        raise ValueError(message("its files stand either in it, or where shared says"))
    if voice.shared and not _FOLDER.fullmatch(voice.shared):
        raise ValueError(
            message("shared must be the plain name of a folder, not {value!r}", value=voice.shared)
        )
    return voice


def _read_pauses(key: str, table: object) -> Pauses:
    pause_names = {field.name for field in fields(Pauses)}
    if not isinstance(table, dict) or set(table) - pause_names:
        raise SettingError(key, message("pauses are {names}", names=", ".join(sorted(pause_names))))
    for name, value in table.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= Pauses.highest(name):
            raise SettingError(
                key,
                message(
                    "the pause {name} must be 0 to {most:g} seconds, not {value}",
                    name=name,
                    most=Pauses.highest(name),
                    value=repr(value),
                ),
            )
    return Pauses(**table)


def _read_files(key: str, tables: object) -> tuple[VoiceFile, ...]:
    """Return the files that the tables ``[[files]]`` name."""
    if not isinstance(tables, list):
        raise SettingError(key, message("files are tables [[files]], each with a name and a url"))
    from audiobook.system import downloads

    files = tuple(_read_file(key, table) for table in tables)
    if fault := next(filter(None, map(downloads.file_problem, files)), NOTHING):
        raise SettingError(key, fault)
    names = [file.name for file in files]
    if repeated := next((name for name in names if names.count(name) > 1), ""):
        raise SettingError(key, message("two of its files are called {name!r}", name=repeated))
    return files


def _read_file(key: str, table: object) -> VoiceFile:
    settings = set(table) if isinstance(table, dict) else set()
    if (
        not isinstance(table, dict)
        or "name" not in settings
        or len(settings & {"url", "urls"}) != 1
        or settings - {"name", "url", "urls", "sha256"}
    ):
        raise SettingError(
            key, message("each of its files needs a name and a url or urls, and may have a sha256")
        )
    urls = table.get("urls", [table.get("url")])
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise SettingError(
            key,
            message("the urls of {file} must be a list of addresses", file=table["name"])
            if "urls" in table
            else _not_text("url", table["url"]),
        )
    for setting in ("name", "sha256"):
        if not isinstance(value := table.get(setting, ""), str):
            raise SettingError(key, _not_text(setting, value))
    return VoiceFile(table["name"], urls[0], table.get("sha256", ""), tuple(urls[1:]))


def _not_text(setting: str, value: object) -> Message:
    return message(
        "the {setting} of a file must be text, not {value}", setting=setting, value=repr(value)
    )


def _read_command(key: str, value: object) -> tuple[str, ...]:
    """Return a program with its arguments."""
    if (
        not isinstance(value, list)
        or not all(isinstance(word, str) for word in value)
        or not value
        or not value[0]
    ):
        raise SettingError(
            key,
            message('{name} must be a list of words, as in {name} = ["balcon", "-i"]', name=key),
        )
    return tuple(value)


_READERS: dict[str, Reader] = {
    **{name: reader for name, reader in readers_of(Voice).items() if name != "name"},
    "level": number,
    "pauses": _read_pauses,
    "command": _read_command,
    "files": _read_files,
}
