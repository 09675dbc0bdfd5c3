"""Finds the two files of a Piper voice, and what stands beside them about its licence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from audiobook.engines.piper_speakers import split_model
from audiobook.errors import UsageError, VoiceError
from audiobook.messages import first_of, message
from audiobook.model import VoiceFile
from audiobook.system import connection, downloads, files
from audiobook.system.downloads import hub

if TYPE_CHECKING:
    from collections.abc import Sequence

_CARD = "MODEL_CARD"
_CARDS = (_CARD, "README.md")
# "* License: CC BY 4.0" in a list, "license: mit" at the head of a README.
_LICENCE = re.compile(r"^[\s*_>#-]*licen[cs]e[*_]*\s*:[*_\s]*(\S[^\n]*?)[*_\s]*$", re.I | re.M)
_POINTER = b"version https://git-lfs.github.com/spec/"
_MOST_LISTED = 8
# Stores such as S3 answer 403 for files that they do not have.
_NO_CARD = frozenset({400, 401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class Card:
    """What somebody says of a voice and its licence."""

    where: str
    """The file or page that says so."""
    licence: str
    """Empty if it does not say any."""
    text: str = ""
    """The card itself, where it is about this voice only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiperFiles:
    """The model of a Piper voice and its description, and where they are."""

    origin: str
    """The file, the address or the place at Hugging Face, as the user is told."""
    model: str
    """The name of the model's file."""
    speaker: str
    """The speaker that the user named; empty for the usual one."""
    description: str
    """The JSON beside the model."""
    cards: tuple[Card, ...]
    paths: tuple[Path, ...] = ()
    """Both files, if they lie on this machine."""
    files: tuple[VoiceFile, ...] = ()
    """Both files, if they must be fetched."""


def locate(source: str) -> PiperFiles:
    """Return the files of the voice that a source names: a file, an address, or hf:OWNER/REPO.

    Raises:
        UsageError: the source names no voice, or more than one.
        VoiceError: one of the two files is missing.
        EngineError: a server does not answer as it should.
    """
    if source.startswith((hub.PREFIX, "https://", "http://")):
        address, _, speaker = source.partition("#")
        place = hub.place_of(address)
        return _at_hub(place, unquote(speaker)) if place else _at_address(address, unquote(speaker))
    name, speaker = (source, "") if files.is_file(source) else split_model(source)
    path = Path(name).expanduser()
    if path.exists() and path.suffix.lower() not in (".onnx", ".json"):
        raise UsageError(
            message("{path} is not the model of a Piper voice", path=path),
            message("a Piper voice is two files side by side: NAME.onnx and NAME.onnx.json"),
        )
    return _on_disk(path.with_suffix("") if path.suffix == ".json" else path, speaker)


def licence_in(text: str) -> str:
    """Return the licence that a card states; empty if it states none.

    >>> licence_in("* Language: vi_VN" + chr(10) + "* License: CC BY-NC-SA 4.0")
    'CC BY-NC-SA 4.0'
    """
    match = _LICENCE.search(text)
    return match[1].strip("\"'") if match else ""


# --- on this machine ----------------------------------------------------------------------------


def _on_disk(model: Path, speaker: str) -> PiperFiles:
    described = model.with_name(f"{model.name}.json")
    for path in (model, described):
        if not path.is_file():
            raise VoiceError(
                message("there is no file {path}", path=path),
                message("a Piper voice is two files side by side: NAME.onnx and NAME.onnx.json"),
            )
    try:
        with model.open("rb") as file:
            is_pointer = file.read(len(_POINTER)) == _POINTER
        text = described.read_text("utf-8-sig", "replace")
        beside = [(name, model.with_name(name)) for name in _CARDS]
        cards = [
            (str(path), name, path.read_text("utf-8-sig", "replace"))
            for name, path in beside
            if path.is_file()
        ]
    except OSError as problem:
        raise VoiceError(
            message("cannot read {path}: {reason}", path=model, reason=problem),
            message("check the file"),
        ) from problem
    if is_pointer:
        raise VoiceError(
            message("{path} is a pointer of Git LFS and not the model", path=model),
            message("get the file itself with: git lfs pull"),
        )
    return PiperFiles(
        origin=str(model),
        model=model.name,
        speaker=speaker,
        description=text,
        cards=_cards(cards),
        paths=(model, described),
    )


# --- at an address ------------------------------------------------------------------------------


def _at_address(address: str, speaker: str) -> PiperFiles:
    parts = connection.parts_of(address)
    model = unquote(parts.path).rpartition("/")[2] if parts else ""
    if parts is None or not model.lower().endswith(".onnx"):
        raise UsageError(
            message("{address} does not lead to a file NAME.onnx", address=address),
            message("add the address of the model of a Piper voice"),
        )
    described = parts._replace(path=f"{parts.path}.json").geturl()
    card_address = urljoin(parts._replace(query="", fragment="").geturl(), _CARD)
    wanted = (VoiceFile(model, address), VoiceFile(f"{model}.json", described))
    _check_addresses(wanted)
    text = downloads.fetch_text(described)
    if text is None:
        raise VoiceError(
            message("there is no file {path}", path=described),
            message("a Piper voice is two files side by side: NAME.onnx and NAME.onnx.json"),
        )
    card = downloads.fetch_text(card_address, absent=_NO_CARD) or ""
    return PiperFiles(
        origin=address,
        model=model,
        speaker=speaker,
        description=text,
        # A site may answer any address with a page of its own.
        cards=_cards([(card_address, _CARD, card)] if licence_in(card) else []),
        files=wanted,
    )


def _check_addresses(wanted: Sequence[VoiceFile]) -> None:
    for file in wanted:
        if problem := downloads.file_problem(file):
            raise UsageError(problem, message("check the address"))


# --- at Hugging Face ----------------------------------------------------------------------------


def _at_hub(place: hub.HubPlace, speaker: str) -> PiperFiles:
    repository = hub.look_up(place)
    path = _only_voice(place, repository)
    folder, _, model = path.rpartition("/")
    wanted = tuple(
        VoiceFile(name.rpartition("/")[2], repository.address(name), repository.files[name])
        for name in (path, f"{path}.json")
    )
    _check_addresses(wanted)
    origin = str(hub.HubPlace(place.name, path, place.revision))
    cards = []
    for name in _CARDS:
        card_path = f"{folder}/{name}" if folder else name
        # The README at the root is about the whole repository, which tells its licence itself.
        if card_path in repository.files and card_path != "README.md":
            text = downloads.fetch_text(repository.address(card_path)) or ""
            cards.append((f"hf:{place.name}/{card_path}", name, text))
    whole = Card(f"hf:{place.name}", repository.licence)
    return PiperFiles(
        origin=origin,
        model=model,
        speaker=speaker,
        description=downloads.fetch_text(repository.address(f"{path}.json")) or "",
        cards=(*_cards(cards), *([whole] if repository.licence else [])),
        files=wanted,
    )


def _only_voice(place: hub.HubPlace, repository: hub.Repository) -> str:
    """Return the path of the one model of a Piper voice at a place."""
    models = sorted(
        path
        for path in repository.files
        if path.lower().endswith(".onnx")
        and (not place.path or path == place.path or path.startswith(f"{place.path}/"))
    )
    voices = [path for path in models if f"{path}.json" in repository.files]
    if not voices:
        missing = message("it has no model NAME.onnx there")
        if models:
            missing = message("{path} has no {path}.json beside it", path=models[0])
        raise VoiceError(
            message("{place} holds no Piper voice: {missing}", place=place, missing=missing),
            message("name the folder of a voice"),
        )
    if len(voices) > 1:
        places = [str(hub.HubPlace(place.name, path, place.revision)) for path in voices]
        raise UsageError(
            message("{place} holds {count:,} voices", place=place, count=len(voices)),
            message("name one: {places}", places=first_of(places, _MOST_LISTED)),
        )
    return voices[0]


def _cards(texts: Sequence[tuple[str, str, str]]) -> tuple[Card, ...]:
    """Return cards from texts with their places and names; a README only for its licence."""
    return tuple(
        Card(where, licence, text.strip() if name == _CARD else "")
        for where, name, text in texts
        if (licence := licence_in(text)) or name == _CARD
    )
