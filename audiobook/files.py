"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from audiobook.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` that takes its name once all is written.

    Raises:
        OutputError: the folder or the disk does not take it; nothing is left behind.
    """
    # A name of its own for each writer, so that two builds of one book cannot mix; mode 0600
    # from mkstemp is widened to what open() would have given.
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException as problem:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        if isinstance(problem, OSError):
            raise OutputError(
                f"cannot write {path}: {problem.strerror or problem}",
                "choose another folder with -o, or make room",
            ) from problem
        raise


def _umask() -> int:
    # The only way to read it is to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
