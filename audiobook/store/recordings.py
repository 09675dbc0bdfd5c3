"""Stores recordings on disk: one file each, named by a hash of all that decides its sound."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.model import Cue, Recording, TimedPassage, Timing, Word
from audiobook.system import files
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobook.model import Cast, Passage, Sound, Voice
    from audiobook.store.belongings import Belongings

_FORMAT = 4
_SUFFIX = ".recording"
_HEAD = 128
"""Bytes of a file in which its hash and its length stand."""
_LENGTH = re.compile(rb'^[0-9a-f]+\n\{"samples": (\d+),')
_REMEDY = message("make room, or name another folder for recordings with AUDIOBOOK_CACHE")


def recording_key(
    passage: Passage,
    cast: Cast,
    sound: Sound,
    versions: Mapping[Voice, object],
    *,
    balance: int = 0,
) -> str:
    """Return a hash of everything that decides how a passage sounds, and what its cues say.

    Args:
        passage: what is said; its place in the book does not count.
        cast: who says it; only those who speak in the passage count.
        sound: how it is recorded.
        versions: the version of the engine of each voice, and of the recording itself.
        balance: the version of how several voices are made equally loud.
    """
    roles = {
        (utterance.role, utterance.voice): cast.voice(utterance.role, utterance.voice)
        for utterance in passage.utterances
    }
    speakers = [
        (role.value, _audible_settings(voice), versions[voice])
        for (role, _), voice in roles.items()
    ]
    marked_voices = [utterance.voice for utterance in passage.utterances]
    content = repr((_FORMAT, speakers, sound, passage.opening, passage.utterances))
    if any(marked_voices):
        content += repr(marked_voices)
    gaps = [utterance.gaps for utterance in passage.utterances]
    if any(gaps):
        content += f" gaps {gaps}"
    takes = [utterance.take for utterance in passage.utterances]
    if any(take > 1 for take in takes):
        content += f" takes {takes}"
    if isinstance(passage, TimedPassage):
        starts = [
            round(utterance.slot.start * sound.rate) - passage.begin
            for utterance in passage.utterances
            if utterance.slot
        ]
        content += f" slots {starts} {passage.samples} {passage.is_last}"
    if len(set(roles.values())) > 1:
        content += f" balance {balance} {[voice.level for voice in roles.values()]}"
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20)
    return digest.hexdigest()


def _audible_settings(voice: Voice) -> tuple[object, ...]:
    clause = voice.pauses.clause
    return (voice.engine, voice.model, voice.speed, voice.pitch, voice.rate, clause)


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recordings in a folder, which builds of any number of books may share."""

    folder: Path
    belongings: Belongings | None = None
    """Where it is noted what is taken from here or kept; None for what is of no book."""

    def __contains__(self, key: str) -> bool:
        """Whether a recording is stored; only `get` checks that it is intact."""
        return self.path_of(key).exists()

    def samples(self, key: str) -> int | None:
        """Return the length of a recording without reading its sound; None if it is not stored.

        Only `get` checks that it is intact.
        """
        try:
            with self.path_of(key).open("rb") as file:
                head = file.read(_HEAD)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem
        length = _LENGTH.search(head)
        return int(length[1]) if length else None

    def get(self, key: str) -> Recording | None:
        """Return a recording, or None if it is not stored or is damaged."""
        if (stored := self._read(key)) is None:
            return None
        head, sound = stored
        return Recording(_timing_of(head, with_words=True), bytes(sound))

    def timing(self, key: str) -> Timing | None:
        """Return all but the words and the sound; None if it is not stored or is damaged."""
        stored = self._read(key)
        return _timing_of(stored[0], with_words=False) if stored else None

    def sound(self, key: str) -> bytes | None:
        """Return the sound of a recording, or None if it is not stored or is damaged."""
        stored = self._read(key)
        return bytes(stored[1]) if stored else None

    def _read(self, key: str) -> tuple[bytes, memoryview] | None:
        """Return the timing of a recording, as JSON, and its sound, once its hash is right."""
        path = self.path_of(key)
        try:
            stored = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem
        content = stored.find(b"\n") + 1
        if stored[: max(content - 1, 0)] != _hash(memoryview(stored)[content:]):
            return None  # cut off, or of another format: it is recorded again
        files.note_use(path)
        self._note(path)
        sound = stored.index(b"\n", content) + 1
        return stored[content : sound - 1], memoryview(stored)[sound:]

    def keep(self, key: str, recording: Recording) -> None:
        """Store a recording, completely or not at all.

        Raises:
            OutputError: the folder cannot be written.
        """
        timing = asdict(recording.timing)
        timing["cues"] = [
            (cue.start, cue.end, cue.text, [(word.at, word.start, word.end) for word in cue.words])
            for cue in recording.timing.cues
        ]
        content = json.dumps(timing).encode() + b"\n" + recording.sound
        path = self.path_of(key)
        self._note(path)
        with files.whole(path, _REMEDY, private=True) as file:
            file.write(_hash(content) + b"\n")
            file.write(content)

    def _note(self, path: Path) -> None:
        if self.belongings:
            self.belongings.add([path])

    def path_of(self, key: str) -> Path:
        """Return where a recording is stored."""
        return self.folder / key[:2] / f"{key}{_SUFFIX}"


def _timing_of(head: bytes, *, with_words: bool) -> Timing:
    timing = load_json(head)
    timing["cues"] = tuple(
        Cue(start, end, text, tuple(Word(*word) for word in words) if with_words else ())
        for start, end, text, words in timing["cues"]
    )
    return Timing(**timing)


def _hash(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


def _unusable(folder: Path, problem: OSError) -> OutputError:
    return OutputError(
        message(
            "cannot use the folder of recordings {folder}: {reason}", folder=folder, reason=problem
        ),
        _REMEDY,
    )
