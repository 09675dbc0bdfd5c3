"""Orders that were carried out: for the same input nobody needs to read the source again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.system import build_id, files

if TYPE_CHECKING:
    from audiobook.model import Job

_FOLDER, _SUFFIX = "orders", ".order"


@dataclass(frozen=True, slots=True)
class Orders:
    """Remembers the fingerprints of finished books, by all that went into them.

    Args:
        cache: folder of all that is remembered.
    """

    cache: Path

    def find(self, inputs: str) -> str:
        """Return the fingerprint of the book that was made of this; empty if none was."""
        if not inputs:
            return ""
        path = self._path(inputs)
        try:
            fingerprint = path.read_text("ascii").strip()
        except (OSError, ValueError):
            return ""  # it is found out by reading the source
        files.note_use(path)
        return fingerprint

    def keep(self, inputs: str, fingerprint: str) -> None:
        """Remember a book.

        Raises:
            OutputError: the folder does not take it.
        """
        if inputs:
            files.put(self._path(inputs), f"{fingerprint}\n".encode("ascii"))

    def _path(self, inputs: str) -> Path:
        return self.cache / _FOLDER / inputs[:2] / f"{inputs}{_SUFFIX}"


def inputs_of(job: Job) -> str:
    """Hash all that decides what a book will be: its source, the order, and this program.

    Returns:
        Nothing where only reading the source can tell, as of an address.

    Raises:
        VoiceError: a voice is not usable here.
    """
    source = Path(job.source)
    try:
        text = [_digest(Path(part)) for part in job.parts or (job.source,)]
    except (OSError, ValueError):
        return ""  # an address, a pipe; or reading it will say what is wrong
    picture = hashlib.blake2b(job.meta.cover).digest()
    # Where it lies and who works on it changes nothing.
    order = replace(
        job,
        source=source.name,
        parts=tuple(Path(part).name for part in job.parts),
        folder=Path(),
        path=None,
        stem="",
        overwrite=False,
        cache=Path(),
        workers=0,
        meta=replace(job.meta, cover=b""),
    )
    voices = [engines.identity(voice) for voice in job.cast.voices]
    content = repr((build_id.identity(), text, picture, order, voices))
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20)
    return digest.hexdigest()


def _digest(path: Path) -> bytes:
    if files.is_special(path):
        raise OSError(f"{path} can be read only once")
    with path.open("rb") as file:
        return hashlib.file_digest(file, hashlib.blake2b).digest()
