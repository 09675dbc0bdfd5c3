"""Makes a voice that speaks as the person in a clip does, for whoever has that person's consent."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.app.voice_samples import check_sample, try_voice
from audiobook.app.voice_sources import voice_file
from audiobook.errors import UsageError, VoiceError
from audiobook.messages import message
from audiobook.model import Voice
from audiobook.system import downloads, files
from audiobook.system.downloads.disk import output_errors
from audiobook.system.folders import config_folder, voice_folder

if TYPE_CHECKING:
    from audiobook.app.cloning_clip import Clip
    from audiobook.app.voice_samples import Trial

_ENGINE = "vieneu"
_NETWORK, _LISTENERS = "vieneu-nano", "vieneu-cloning"
"""The lists of files that a cloned voice speaks from, and that it is cloned with."""
_LICENCE = "Apache-2.0"
_REFERENCE = "reference.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_DESCRIPTION = message("Cloned, neural, offline: VieNeu-TTS v3 Nano")
_STYLE = message("cloned")
_ANOTHER = message("choose another name")
_REMEDY = message("name another folder with AUDIOBOOK_CONFIG and AUDIOBOOK_DATA, or make room")


def check(name: str, sample: Path) -> None:
    """Check that a voice can be cloned under a name here, and speak a sample into a file.

    Raises:
        UsageError: it cannot be called that, there is such a voice, or a sample is no such file.
        VoiceError: a library is missing.
    """
    check_name(name, sample)
    check_library()


def check_name(name: str, sample: Path) -> None:
    """Check that a voice can have a name, and a sample that of a file.

    Raises:
        UsageError: it cannot be called that, there is such a voice, or a sample is no such file.
    """
    check_sample(sample)
    if not _NAME.fullmatch(name):
        raise UsageError(
            message("a voice cannot be called {name!r}", name=name),
            message("choose a name of the letters a to z, digits and -"),
        )
    if files.is_device(name):
        raise UsageError(
            message("a voice cannot be called {name!r}, as Windows calls a device that", name=name),
            _ANOTHER,
        )
    if voice_file.is_as_written(_voice_file(name)):
        raise UsageError(
            message("there is a voice {name!r} already", name=name),
            message("choose another name; `audiobook voices remove {name}` frees one", name=name),
        )
    if files.is_there(_voice_file(name)):
        raise UsageError(message("there is a voice {name!r} already", name=name), _ANOTHER)
    if name in (*config.voice_names(), _NETWORK, _LISTENERS):
        raise UsageError(
            message("{name!r} is the name of a built-in voice already", name=name), _ANOTHER
        )
    if files.is_there(folder := voice_folder(name)):
        raise _folder_error(folder)


def check_library() -> None:
    """Check that what clones voices is installed.

    Raises:
        VoiceError: a library is missing.
    """
    engines.load(_ENGINE)  # says what is missing, which an import would not
    from audiobook.engines import vieneu_cloning

    vieneu_cloning.check_library()


def missing_files() -> list[Voice]:
    """Return what must be fetched first, each as a voice that `downloads.fetch` takes."""
    needed = (
        Voice(name=name, engine=_ENGINE, licence=_LICENCE, files=config.shared_files(name))
        for name in (_NETWORK, _LISTENERS)
    )
    return [voice for voice in needed if downloads.missing(voice)]


def clone(
    name: str,
    clip: Clip,
    sample: Path,
    *,
    permission: str,
    accent: str = "",
    sex: str = "",
) -> Trial:
    """Make a voice from a clip, and let it speak a sample; nothing stays if it cannot.

    Args:
        name: what the voice is called.
        clip: one speaker, without findings.
        sample: the file to write, an .mp3 or a .wav.
        permission: how the speaker allowed it, for the voice file.
        accent: of the speaker: north, central or south; empty where it is not known.
        sex: of the speaker; empty where it is not known.

    Raises:
        UsageError: the sample is of another kind, or the name is taken.
        VoiceError: files are missing, or the networks find no speaker in the clip.
        EngineError: the voice does not speak.
        OutputError: a file cannot be written.
    """
    from audiobook.app.cloning_clip import RATE
    from audiobook.engines import vieneu_cloning

    check(name, sample)
    if missing := missing_files():
        names = [voice.name for voice in missing]
        raise VoiceError(message("the files of {names} are not fetched yet", names=names))
    reference = vieneu_cloning.listen(
        clip.samples, RATE, voice_folder(_NETWORK), voice_folder(_LISTENERS)
    )
    voice = Voice(
        name=name,
        engine=_ENGINE,
        model=vieneu_cloning.MODEL.format(file=_REFERENCE),
        description=_DESCRIPTION,
        style=_STYLE,
        accent=accent,
        sex=sex,
        foreign="respell",
        rate=vieneu_cloning.RATE,
        licence=_LICENCE,
        shared=_NETWORK,
        cloned=True,
        permission=permission,
    )
    folder, path = voice_folder(name), _voice_file(name)
    # Of two that clone under one name at once only one gets the folder. What follows may be removed
    # again, because nobody else made it.
    _make_private(folder)
    try:
        _write_private(folder / _REFERENCE, reference)
        _write_private(path, voice_file.text_of(voice))
        return try_voice(name, sample)
    except BaseException:
        with suppress(OSError):  # the folder may be none
            path.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _voice_file(name: str) -> Path:
    return config_folder() / "voices" / f"{name}.toml"


def _make_private(folder: Path) -> None:
    """Make a folder that only its owner can read, for what tells the speaker."""
    with output_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError as problem:
            raise _folder_error(folder) from problem


def _folder_error(folder: Path) -> UsageError:
    return UsageError(
        message("{path} is there already", path=folder),
        message("choose another name, or delete that folder"),
    )


def _write_private(path: Path, text: str) -> None:
    with files.whole(path, _REMEDY) as file:
        Path(file.name).chmod(0o600)
        file.write(text.encode())
