"""Finds Whisper models for CTranslate2 on this machine, and fetches them when asked to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message, verbatim
from audiobook.model import VoiceFile
from audiobook.system import downloads
from audiobook.system.downloads import hub
from audiobook.system.folders import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable

TOKENIZER = "tokenizer.json"
# Without a tokenizer, faster-whisper would fetch one.
_FILES = ("model.bin", "config.json", TOKENIZER)
# Which of these a model has depends on its age.
_OTHER_FILES = ("vocabulary.txt", "vocabulary.json", "preprocessor_config.json")
EXAMPLE = f"{hub.PREFIX}Systran/faster-whisper-base"
"""What messages show as an example."""


def models_folder() -> Path:
    """Return the folder in which models are looked for by name."""
    return data_folder() / "recognisers"


def find_model(model: str) -> Path:
    """Return the folder of a model.

    Args:
        model: a folder, or the name of one in `models_folder`.

    Raises:
        EngineError: it is not there, or files of it are missing.
    """
    named = models_folder() / model
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = named
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise EngineError(
            message("there is no recogniser {model!r} here", model=model)
            if not folder.is_dir()
            else message("{path} lacks {names}", path=folder, names=", ".join(missing)),
            message(
                "fetch one with --listen {example}, or put a Whisper model for CTranslate2 "
                "({names}) in {folder}",
                example=EXAMPLE,
                names=", ".join(_FILES),
                folder=named,
            ),
        )
    return folder


def is_remote(model: str) -> bool:
    """Whether a model is named by its place at Hugging Face."""
    return model.startswith(hub.PREFIX)


def fetch_model(model: str, report: Callable[[str, int, int | None], None]) -> Path:
    """Fetch a model from Hugging Face, if it is not here, and return its folder.

    It can be named by its repository from then on: ``faster-whisper-base``.

    Args:
        model: ``hf:OWNER/REPO``.
        report: called as that of `audiobook.system.downloads.fetch`.

    Raises:
        UsageError: that names no repository.
        EngineError: it is not a model for CTranslate2, or cannot be fetched.
        OutputError: it cannot be written.
    """
    place = hub.place_of(model)
    if place is None or place.path:
        raise UsageError(message("{source!r} names no repository", source=model), verbatim(EXAMPLE))
    folder = models_folder() / place.name.rpartition("/")[2]
    if all((folder / name).is_file() for name in _FILES):
        return folder
    repository = hub.look_up(place)
    if missing := [name for name in _FILES if name not in repository.files]:
        raise EngineError(
            message("{path} lacks {names}", path=place, names=", ".join(missing)),
            message("name a Whisper model for CTranslate2, such as {example}", example=EXAMPLE),
        )
    files = tuple(
        VoiceFile(name, repository.address(name), sha256=repository.files[name])
        for name in (*_FILES, *_OTHER_FILES)
        if name in repository.files
    )
    downloads.fetch_into(folder, files, report)
    return folder
