"""Adds Piper voices from files, addresses and Hugging Face to the user's own, and removes them."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobook import config
from audiobook.app.voice_sources import description, voice_file
from audiobook.app.voice_sources.places import Card, PiperFiles, locate
from audiobook.engines.piper_speakers import split_model
from audiobook.errors import UsageError, VoiceError, one_line
from audiobook.messages import message
from audiobook.system import downloads, files
from audiobook.system.downloads.disk import Act, output_errors
from audiobook.system.folders import config_folder, voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.config.catalogue import KnownVoice
    from audiobook.model import Voice

__all__ = ["FoundVoice", "Removed", "add", "find", "is_source", "remove", "stated_licence"]

# The names of Piper's own voices: vi_VN-vais1000-medium.
_PIPER_NAME = re.compile(r"[a-z]{2,3}_[A-Z]{2}-(?P<name>.+)-(?:x_low|low|medium|high)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_REMEDY = message("name another folder with AUDIOBOOK_CONFIG, or make room")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVoice:
    """A voice that can be added, and what is said of its licence."""

    voice: Voice
    """The voice as it will be, but for its licence."""
    files: PiperFiles
    speakers: tuple[str, ...]
    """The speakers to choose from, if there are several and none was named."""
    missing_tones: tuple[str, ...]
    """Vietnamese tones that the model was not taught."""
    cards: tuple[Card, ...]
    """What the makers say of the voice, the file itself first."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed of a voice."""

    size: int
    """Bytes of its fetched or copied files."""
    voice_file: bool
    """Whether its voice file went with them."""
    sharing: tuple[str, ...] = ()
    """The added voices for which files that it shares with them stayed."""


def is_source(name: str) -> bool:
    """Return whether a name is that of a file or an address of a voice, and not of a voice.

    >>> is_source("hf:ai/giong"), is_source("giong.onnx#An"), is_source("hanoi")
    (True, True, False)
    """
    if name.startswith(("hf:", "https://", "http://")):
        return True
    model, _ = split_model(name.removesuffix(".json"))
    return model.lower().endswith(".onnx")


def find(source: str, name: str | None = None, known: KnownVoice | None = None) -> FoundVoice:
    """Return the voice that a file or an address holds; nothing is copied or fetched yet.

    Args:
        source: FILE.onnx, an address of one, or hf:OWNER/REPO[/PATH]; each may end in #SPEAKER.
        name: what the voice is to be called; None for a name like that of its file.
        known: what the catalogue knows of it.

    Raises:
        UsageError: the source names no voice, or more than one; or the name is not free.
        VoiceError: there is no Piper voice there, or it has no such speaker.
        EngineError: a server does not answer as it should.
    """
    if name is not None:
        _check_name(name)
    located = locate(source)
    chosen = name or (known.name if known else _name_like(located))
    _check_name(chosen)
    details = description.read(located)
    voice = description.voice_of(located, details, chosen)
    if known:
        voice = replace(
            voice,
            description=known.description,
            accent=known.accent or voice.accent,
            sex=known.sex,
        )
    return FoundVoice(
        voice=voice,
        files=located,
        speakers=() if located.speaker or details.count < 2 else details.speakers,
        missing_tones=details.missing_tones,
        cards=(
            *([Card(f"{located.model}.json", details.licence)] if details.licence else []),
            *located.cards,
        ),
    )


def stated_licence(found: FoundVoice) -> str:
    """Return the licence that the makers state, with who says so; empty if nobody does."""
    stated = (f"{card.licence} ({card.where})" for card in found.cards if card.licence)
    return one_line("; ".join(stated))


def add(
    found: FoundVoice, licence: str, report: Callable[[str, int, int | None], None]
) -> downloads.Fetched:
    """Copy or fetch the files of a voice, and write its voice file.

    Args:
        found: the voice.
        licence: the terms that the user agreed to.
        report: called as files are fetched, as by `downloads.fetch`.

    Raises:
        EngineError: a server does not send a file.
        OutputError: a file cannot be written.
    """
    voice = replace(found.voice, licence=one_line(licence))
    path = _voice_file(voice.name)
    files.check_place(path)
    paths = found.files.paths
    fetched = downloads.copy(voice.name, paths) if paths else downloads.fetch(voice, report)
    with files.whole(path, _REMEDY) as file:
        file.write(voice_file.text_of(voice).encode())
    return fetched


def remove(name: str) -> Removed:
    """Remove the files in the data folder of a voice, and its voice file if we wrote it.

    A voice file that the user wrote or changed stays, and so does a model that lies elsewhere.
    Files that several voices share go with the last of them that was added.

    Raises:
        OutputError: a file cannot be removed.
    """
    path = _voice_file(name)
    is_ours = voice_file.is_as_written(path)
    shared, sharing = _sharing(name)
    size = downloads.remove(name)
    if shared and not sharing:
        size += downloads.remove(shared)
    if is_ours:
        with output_errors(path, Act.REMOVE):
            path.unlink()
    return Removed(size, is_ours, sharing)


def _sharing(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the folder that a voice shares with others, and those of them that were added."""
    voices = {}
    for other in config.voice_names():
        with suppress(VoiceError):  # a voice file that cannot be read shares nothing
            voices[other] = config.load_voice(other)
    shared = voices[name].shared if name in voices else ""
    return shared, tuple(
        other
        for other, voice in voices.items()
        if shared and other != name and voice.shared == shared and voice_folder(other).is_dir()
    )


def _voice_file(name: str) -> Path:
    return config_folder() / "voices" / f"{name}.toml"


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            message("a voice cannot be called {name!r}", name=name),
            message("add --name NAME, of the letters a to z, digits, - and _"),
        )
    if files.is_device(name):
        raise UsageError(
            message("a voice cannot be called {name!r}, as Windows calls a device that", name=name),
            message("add --name NAME to give this one another name"),
        )
    if name in config.voice_names() and not voice_file.is_as_written(_voice_file(name)):
        raise UsageError(
            message("there is a voice {name!r} already", name=name),
            message("add --name NAME to give this one another name"),
        )


def _name_like(located: PiperFiles) -> str:
    """Return a name for a voice, of plain letters and digits, like that of its file.

    The name of a speaker follows it.
    """
    stem = located.model.rpartition(".")[0]
    match = _PIPER_NAME.fullmatch(stem)
    words = "-".join(filter(None, (match["name"] if match else stem, located.speaker)))
    letters = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
