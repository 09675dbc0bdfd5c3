"""The ledger of builds: which input made which book, so that a source is not read again."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.stages import readers
from audiobook.system import build_id, files

if TYPE_CHECKING:
    from audiobook.model import Job

_FOLDER, _SUFFIX = "orders", ".order"


@dataclass(frozen=True, slots=True)
class BuildLedger:
    """Keeps the fingerprints of finished books by the hash of all that went into them.

    Args:
        cache: the cache folder.
    """

    cache: Path

    def find(self, inputs: str) -> str:
        """Return the fingerprint of the book that was made from these inputs; empty if none."""
        if not inputs:
            return ""
        path = self.path_of(inputs)
        try:
            fingerprint = path.read_text("ascii").strip()
        except (OSError, ValueError):
            return ""  # the source will be read
        files.note_use(path)
        return fingerprint

    def keep(self, inputs: str, fingerprint: str) -> bool:
        """Keep the fingerprint of a book, and return whether the folder can be written to."""
        return not inputs or files.note(self.path_of(inputs), f"{fingerprint}\n".encode("ascii"))

    def path_of(self, inputs: str) -> Path:
        """Return where the fingerprint for these inputs is kept."""
        return self.cache / _FOLDER / inputs[:2] / f"{inputs}{_SUFFIX}"


def hash_inputs(job: Job) -> str:
    """Return a hash of all that decides the book: its source, the job, and this program.

    Returns:
        The hash in hexadecimal; empty if the source must be read to know it, as for an address.

    Raises:
        VoiceError: a voice is not usable here.
    """
    source = Path(job.source)
    try:
        digests = [_file_digest(Path(part)) for part in job.parts or (job.source,)]
        music = [(place.value, _file_digest(path)) for place, path in job.music.files.items()]
    except (OSError, ValueError):
        return ""  # an address or a pipe, or reading it will report the error
    picture = hashlib.blake2b(job.meta.cover).digest()
    # The place of the source and the number of workers do not change the book.
    normalized = replace(
        job,
        source=source.name or source.resolve().name,
        parts=tuple(Path(part).name for part in job.parts),
        folder=Path(),
        path=None,
        stem="",
        overwrite=False,
        verify=False,
        cache=Path(),
        workers=0,
        meta=replace(job.meta, cover=b""),
        music=replace(job.music, intro=None, outro=None, between=None),
    )
    voices = [engines.identity(voice) for voice in job.cast.voices]
    content = repr((build_id.identity(), digests, music, picture, normalized, voices))
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=20)
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    if files.is_special(path):
        raise OSError(f"{path} can be read only once")
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > readers.LARGEST:
            raise OSError(f"{path} is too large to be read")
        return hashlib.file_digest(file, hashlib.blake2b).digest()
