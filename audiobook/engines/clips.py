"""Caches the clips of online engines, so that each text is requested only once."""

from __future__ import annotations

import copy
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
from audiobook.messages import message
from audiobook.system import files
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Audio, Voice

_FORMAT = 1
_SUFFIX = ".clip"
_REMEDY = message("make room, or name another folder for clips with AUDIOBOOK_CACHE")
_DIGEST = 16
# Most bytes of clips in the cache; about three hours of a book take 50 million.
_MOST = 512 << 20
# Clips stored between two times of making room: listing a full folder takes some tenths of a
# second.
_ROUND = 2_000


@runtime_checkable
class DeliveringEngine(Engine, Protocol):
    """An online engine, whose sound comes as files that are worth caching."""

    def server(self, voice: Voice) -> str:
        """Return a name that identifies the server of a voice, without secrets."""
        ...

    def deliver(self, texts: Sequence[str], voice: Voice) -> Iterator[tuple[int, bytes]]:
        """Yield each position and the sound file of its text, in the order of arrival."""
        ...

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Decode a sound file into samples."""
        ...


@cache
def load(name: str) -> Engine:
    """Return the engine of a name, with a cache if it is an online one.

    Raises:
        VoiceError: there is no such engine, or what it needs is not installed.
    """
    engine = engines.load(name)
    return CachedEngine(engine, Clips()) if isinstance(engine, DeliveringEngine) else engine


def forget(engine: Engine, text: str, voice: Voice) -> None:
    """Remove the clip of a text from the cache, if there is one, so that it is requested again.

    Args:
        engine: any engine; one without a cache has no clips.
        text: the text of the clip.
        voice: the voice of the clip.
    """
    if isinstance(engine, CachedEngine):
        engine.forget(text, voice)


def has_clip(engine: Engine, text: str, voice: Voice) -> bool:
    """Whether the cache of an engine holds the clip of a text.

    Args:
        engine: any engine; one without a cache has no clips.
        text: the text of the clip.
        voice: the voice of the clip.
    """
    return isinstance(engine, CachedEngine) and engine.has_clip(text, voice)


def clip_path(engine: Engine, text: str, voice: Voice) -> Path | None:
    """Return where the clip of a text is or would be; None for an engine without a cache.

    Args:
        engine: any engine.
        text: the text of the clip.
        voice: the voice of the clip.
    """
    return engine.clip_path(text, voice) if isinstance(engine, CachedEngine) else None


class Clips:
    """The clips in a folder, shared by all processes of the user.

    Args:
        folder: where they are; None for the user's cache folder.
        most: most bytes to keep; beyond that the oldest clips are removed.
    """

    def __init__(self, folder: Path | None = None, most: int = _MOST) -> None:
        self._folder = folder
        self._most = most
        self._stored_count = 0

    @property
    def folder(self) -> Path:
        """The folder of the clips."""
        return self._folder or cache_folder() / "clips"

    def get(self, key: str) -> bytes | None:
        """Return a clip, or None if it is not stored or is damaged."""
        try:
            content = self.path_of(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise OutputError(
                message(
                    "cannot use the folder of clips {folder}: {reason}",
                    folder=self.folder,
                    reason=problem,
                ),
                _REMEDY,
            ) from problem
        digest, clip = content[:_DIGEST], content[_DIGEST:]
        if digest != _hash(clip):
            return None
        files.note_use(self.path_of(key))
        return clip

    def keep(self, key: str, clip: bytes) -> None:
        """Store a clip, completely or not at all.

        Raises:
            OutputError: the folder cannot be written.
        """
        if self._stored_count % _ROUND == 0:
            self.make_room()
        self._stored_count += 1
        with files.whole(self.path_of(key), _REMEDY, private=True) as file:
            file.write(_hash(clip) + clip)

    def forget(self, key: str) -> None:
        """Remove a clip, if it is stored."""
        self.path_of(key).unlink(missing_ok=True)

    def make_room(self) -> None:
        """Remove the oldest clips until the others fit."""
        clips = []
        for path in self.folder.glob(f"*/*{_SUFFIX}"):
            with suppress(FileNotFoundError):  # another process makes room, too
                status = path.stat()
                clips.append((status.st_mtime, status.st_size, path))
        size = sum(size for _, size, _ in clips)
        for _, clip_size, path in sorted(clips):
            if size <= self._most:
                break
            path.unlink(missing_ok=True)
            size -= clip_size

    def path_of(self, key: str) -> Path:
        """Return where a clip is stored."""
        return self.folder / key[:2] / f"{key}{_SUFFIX}"


class CachedEngine:
    """An online engine with a cache.

    Each text is requested once, even if it occurs often. Sound is decoded in parallel while more
    of it arrives.
    """

    def __init__(self, engine: DeliveringEngine, clips: Clips) -> None:
        self._engine = engine
        self._clips = clips
        self.name = engine.name
        self.version = engine.version
        self.limit = engine.limit
        self.native: frozenset[str] = getattr(engine, "native", engines.SETTINGS)
        self._take = 1

    def in_take(self, take: int) -> CachedEngine:
        """Return the same engine, whose clips of another take are requested for themselves."""
        other = copy.copy(self)
        other._take = take
        return other

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, requesting only those that are not in the cache.

        Raises:
            UnsaidError: a text could not be spoken; the clips that arrived are stored.
            OutputError: the folder cannot be written.
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
            return [self._decode(position, key, sounds[key]) for position, key in enumerate(keys)]

    def forget(self, text: str, voice: Voice) -> None:
        """Remove the clip of a text, so that it is requested again."""
        self._clips.forget(self._key(text, voice))

    def has_clip(self, text: str, voice: Voice) -> bool:
        """Whether the cache holds the clip of a text."""
        return self._clips.get(self._key(text, voice)) is not None

    def clip_path(self, text: str, voice: Voice) -> Path:
        """Return where the clip of a text is or would be."""
        return self._clips.path_of(self._key(text, voice))

    def _decode(self, position: int, key: str, sound: Future[Audio]) -> Audio:
        try:
            return sound.result()
        except EngineError as problem:
            self._clips.forget(key)
            raise UnsaidError.at(position, problem) from problem

    def _key(self, text: str, voice: Voice) -> str:
        server = (self.name, self.version, self._engine.server(voice))
        content = repr((_FORMAT, server, voice.model, voice.speed, voice.pitch, text))
        if self._take > 1:
            content += f" take {self._take}"
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _hash(clip: bytes) -> bytes:
    return hashlib.blake2b(clip, digest_size=_DIGEST).digest()
