"""Identifies the build of the program, by its version and a hash of its files."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from audiobook.version import __version__

_FOLDER = Path(__file__).parents[1]
_DIGITS = 12


@cache
def identity() -> str:
    """Return an identity that differs for any program that might read or record differently."""
    digest = hashlib.blake2b(digest_size=_DIGITS // 2)
    for folder, folders, names in os.walk(_FOLDER):
        # Bytecode is made of the rest.
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(_FOLDER).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()}"
