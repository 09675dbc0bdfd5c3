"""An engine that remembers: whatever a server delivered is kept, and asked for once."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from audiobook import engines
from audiobook.engines import Engine, UnsaidError
from audiobook.errors import EngineError, OutputError
from audiobook.system import files
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Audio, Voice

_FORMAT = 1
_SUFFIX = ".clip"
_REMEDY = "make room, or name another folder for clips with AUDIOBOOK_CACHE"
_DIGEST = 16
# Bytes of clips kept; about three hours of a book take 50 million.
_MOST = 512 << 20
# How often room is made: going through a full folder takes some tenths of a second.
_ROUND = 2_000


@runtime_checkable
class Delivering(Engine, Protocol):
    """An engine whose sound comes as files worth keeping: an online one."""

    def server(self, voice: Voice) -> str:
        """Return what tells the server of a voice from others, without secrets."""
        ...

    def deliver(self, texts: Sequence[str], voice: Voice) -> Iterator[tuple[int, bytes]]:
        """Yield the sound file of each text with its position, in the order they come."""
        ...

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Turn a sound file into samples."""
        ...


@cache
def load(name: str) -> Engine:
    """Return this process's engine of that name, one that remembers where that is worth it.

    Raises:
        VoiceError: there is none, or what it needs is not installed.
    """
    engine = engines.load(name)
    return Remembering(engine, Clips()) if isinstance(engine, Delivering) else engine


def forget(engine: Engine, text: str, voice: Voice) -> None:
    """Remove what was delivered for a text, if it was kept, so that it is asked for again."""
    if isinstance(engine, Remembering):
        engine.forget(text, voice)


def remembers(engine: Engine, text: str, voice: Voice) -> bool:
    """Tell whether an engine delivered a text before, and it was kept."""
    return isinstance(engine, Remembering) and engine.remembers(text, voice)


class Clips:
    """The clips kept in a folder, shared by all processes of the user.

    Args:
        folder: where they are; by default in the user's cache folder.
        most: bytes to keep; beyond it the oldest go.
    """

    def __init__(self, folder: Path | None = None, most: int = _MOST) -> None:
        self._folder = folder
        self._most = most
        self._kept = 0

    @property
    def folder(self) -> Path:
        """Where the clips are."""
        return self._folder or cache_folder() / "clips"

    def get(self, key: str) -> bytes | None:
        """Return a clip, or None when it is not there or not whole."""
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise OutputError(
                f"cannot use the folder of clips {self.folder}: {problem.strerror}", _REMEDY
            ) from problem
        digest, clip = content[:_DIGEST], content[_DIGEST:]
        if digest != _hash(clip):
            return None
        files.note_use(self._path(key))
        return clip

    def keep(self, key: str, clip: bytes) -> None:
        """Store a clip, whole or not at all.

        Raises:
            OutputError: the folder does not take it.
        """
        if self._kept % _ROUND == 0:
            self.make_room()
        self._kept += 1
        with files.whole(self._path(key), _REMEDY) as file:
            file.write(_hash(clip) + clip)

    def forget(self, key: str) -> None:
        """Remove a clip, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def make_room(self) -> None:
        """Remove the oldest clips until what is left fits."""
        found = []
        for path in self.folder.glob(f"*/*{_SUFFIX}"):
            with suppress(FileNotFoundError):  # another process makes room, too
                known = path.stat()
                found.append((known.st_mtime, known.st_size, path))
        size = sum(size for _, size, _ in found)
        for _, bytes_, path in sorted(found):
            if size <= self._most:
                break
            path.unlink(missing_ok=True)
            size -= bytes_

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{_SUFFIX}"


class Remembering:
    """An online engine, and what it delivered before.

    Each text is asked for once, even if it occurs often. Sound is decoded side by side while
    more of it comes.
    """

    def __init__(self, engine: Delivering, clips: Clips) -> None:
        self._engine = engine
        self._clips = clips
        self.name = engine.name
        self.version = engine.version
        self.limit = engine.limit
        self.native: frozenset[str] = getattr(engine, "native", engines.SETTINGS)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, asking only for what was never delivered.

        Raises:
            UnsaidError: a text could not be spoken; what came is kept.
            OutputError: the folder does not take it.
        """
        keys = [self._key(text, voice) for text in texts]
        sounds: dict[str, Future[Audio]] = {}
        with ThreadPoolExecutor(os.cpu_count()) as decoders:
            try:
                for key in dict.fromkeys(keys):
                    if (clip := self._clips.get(key)) is not None:
                        sounds[key] = decoders.submit(self._engine.decode, clip, voice)
                missing = dict(zip(keys, texts, strict=True))
                for key in sounds:
                    del missing[key]
                names = list(missing)
                for position, clip in self._engine.deliver(list(missing.values()), voice):
                    self._clips.keep(names[position], clip)
                    sounds[names[position]] = decoders.submit(self._engine.decode, clip, voice)
            except UnsaidError as problem:
                raise UnsaidError.at(keys.index(names[problem.position]), problem) from problem
            return [self._decoded(position, key, sounds[key]) for position, key in enumerate(keys)]

    def forget(self, text: str, voice: Voice) -> None:
        """Remove what was delivered for a text, so that it is asked for again."""
        self._clips.forget(self._key(text, voice))

    def remembers(self, text: str, voice: Voice) -> bool:
        """Tell whether a text was delivered before."""
        return self._clips.get(self._key(text, voice)) is not None

    def _decoded(self, position: int, key: str, sound: Future[Audio]) -> Audio:
        try:
            return sound.result()
        except EngineError as problem:
            self._clips.forget(key)
            raise UnsaidError.at(position, problem) from problem

    def _key(self, text: str, voice: Voice) -> str:
        asked = (self.name, self.version, self._engine.server(voice))
        content = repr((_FORMAT, asked, voice.model, voice.speed, voice.pitch, text))
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _hash(clip: bytes) -> bytes:
    return hashlib.blake2b(clip, digest_size=_DIGEST).digest()
