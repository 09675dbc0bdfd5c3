"""Natural Vietnamese voices of all regions, offline: VieNeu-TTS v3, Nano and Turbo.

The networks are driven directly, with phonemes, and not through the package's own front: that reads
text by rules of its own, cuts it, and fetches files.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from audiobook.engines import neural, vieneu_reference
from audiobook.engines.vieneu_networks import FAILURES, Nano, Turbo, TurboOnGpu, is_gpu_there
from audiobook.engines.vieneu_reference import Reference
from audiobook.engines.vieneu_text import no_sound, phonemes_of
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.model import Audio
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.engines.vieneu_networks import Network
    from audiobook.model import Voice

_NETWORKS: dict[str, type[Network]] = {"nano": Nano, "turbo": Turbo}
_FILE = ".json"


class Vieneu:
    """Speaks with one network for all voices; the same text always sounds the same.

    ``voice.model`` is ``nano#NAME`` or ``turbo#NAME``. A name that ends with .json is a file in the
    folder of the voice, which describes a cloned speaker; any other is a voice of the package. The
    files of the network lie in the folder ``voice.shared``.
    """

    name = "vieneu"
    version = f"{version('vieneu')} {version('sea-g2p')}/1"
    native: frozenset[str] = frozenset()
    # Nano was taught clips of up to 15 seconds, and the package gives it no more at once.
    limit = 140

    def __init__(self) -> None:
        # It warns of every phoneme that a network does not know.
        logging.getLogger("Vieneu").setLevel(logging.ERROR)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text as the speaker whom ``voice.model`` names."""
        return self._say(texts, voice, variant=0)

    def say_again(self, texts: Sequence[str], voice: Voice, variant: int = 1) -> list[Audio]:
        """Speak each text with other random numbers than `say` does, others for each variant."""
        return self._say(texts, voice, variant=variant)

    def _say(self, texts: Sequence[str], voice: Voice, *, variant: int) -> list[Audio]:
        kind, model = _network_files(voice)
        reference = _reference(voice, kind)
        network = _load(kind, model)
        neural.check_rate(voice, network.rate)
        return [
            _speak(text, voice, network, reference, _seed(text, voice, variant)) for text in texts
        ]

    def version_of(self, voice: Voice) -> str:
        """Return what decides how a voice sounds: this version and hashes of its files."""
        kind, model = _network_files(voice)
        models = [model, *filter(None, [_reference_file(voice)])]
        return " ".join([self.version, kind.__name__, *map(neural.digest, models)])

    def memory_of(self, voice: Voice) -> int:
        """Return the bytes of memory that speaking with a voice takes at most."""
        _, model = _network_files(voice)
        return neural.memory_of(model)


def _network_files(voice: Voice) -> tuple[type[Network], neural.Model]:
    """Return the network that speaks for a voice here, and its files."""
    name, _, speaker = voice.model.partition("#")
    kind = _NETWORKS.get(name)
    if not kind or not speaker:
        raise VoiceError(
            message("{model!r} is no voice of VieNeu", model=voice.model),
            message('write model = "nano#NAME" or "turbo#NAME" into its voice file'),
        )
    folder = voice_folder(voice.folder)
    on_gpu = folder.with_name(f"{folder.name}-gpu")
    if kind is Turbo and on_gpu.is_dir() and is_gpu_there():
        kind, folder = TurboOnGpu, on_gpu
    return kind, neural.check_files(voice, [folder / file for file in kind.files])


def _folder_of(kind: type[Network], model: neural.Model) -> Path:
    """Return the folder that the files of a network lie in, as named from there."""
    path = model.paths[0]
    return path.parents[kind.files[0].count("/")]


@lru_cache(maxsize=2)
def _load(kind: type[Network], model: neural.Model) -> Network:
    folder = _folder_of(kind, model)
    try:
        return kind(folder)
    except FAILURES as problem:
        raise VoiceError(
            message("cannot use the voice in {folder}: {reason}", folder=folder, reason=problem),
            message("fetch it again"),
        ) from problem


def _reference_file(voice: Voice) -> neural.Model | None:
    """Return the file that describes a cloned speaker; None for a voice of the package."""
    _, _, name = voice.model.partition("#")
    if not name.endswith(_FILE):
        return None
    # No command fetches it, whatever is fetched for the network.
    return neural.check_files(replace(voice, files=()), [voice_folder(voice.name) / name])


def _reference(voice: Voice, kind: type[Network]) -> Reference:
    if file := _reference_file(voice):
        return _read_reference(file, kind)
    name, _, speaker = voice.model.partition("#")
    return vieneu_reference.preset(name, speaker, kind.manner)


@lru_cache(maxsize=4)
def _read_reference(file: neural.Model, kind: type[Network]) -> Reference:
    (path,) = file.paths
    try:
        return Reference.parse(json.loads(path.read_text("utf-8")), kind.manner)
    except (ValueError, OSError, RecursionError) as problem:
        raise VoiceError(
            message("cannot use the voice {path}: {reason}", path=path, reason=problem),
            message("clone it again"),
        ) from problem


def _speak(text: str, voice: Voice, network: Network, reference: Reference, seed: int) -> Audio:
    phonemes = phonemes_of(text, voice.reads_as)
    if not network.knows(phonemes):
        raise no_sound(text)
    try:
        with np.errstate(all="ignore"):  # the result is checked afterwards
            wave = network.speak(phonemes, reference, seed)
    except FAILURES as problem:
        raise EngineError(
            message("VieNeu failed at {text!r}: {reason}", text=text[:80], reason=problem)
        ) from problem
    return Audio(neural.to_samples(wave, text), voice.rate)


def _seed(text: str, voice: Voice, variant: int) -> int:
    """Return a number of 32 bits for a text and who says it, the same in every process."""
    said = f"{voice.model}\0{text}".encode(errors="replace") + b"\0again" * variant
    return int.from_bytes(hashlib.blake2b(said, digest_size=4).digest(), "big")
