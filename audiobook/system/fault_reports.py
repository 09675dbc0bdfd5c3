"""Writes reports of faults of the program, for whoever mends them.

They hold no more than their names, the command and the traceback, are for their owner alone, and
lie in the cache folder, or that of temporary files where that cannot be written.
"""

from __future__ import annotations

import itertools
import os
import platform
import re
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import REPORT, AudiobookError, InternalError, ShortageError
from audiobook.messages import message
from audiobook.system import files
from audiobook.system.folders import cache_folder
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "reports"
_MOST_REPORTS = 20
"""Older ones are removed."""
_LARGEST = 100_000
"""Characters of a traceback: of a longer one the end is kept."""
_PASSWORD = re.compile(r"(?<=://)[^/\s@]*@|(?<=[?&])[^\s#]*")
"""What may be secret in an address: names, passwords and the query."""
_numbers = itertools.count(1)


def report_fault(problem: AudiobookError) -> None:
    """Write a report of a fault of the program, once, and name it in the remedy of the error.

    Other errors are left as they are, and so is a fault whose report cannot be written.
    """
    if not isinstance(problem, InternalError) or isinstance(problem, ShortageError):
        return
    if problem.remedy != REPORT:  # it is reported
        return
    name = f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}-{next(_numbers)}.txt"
    text = _text_of(problem)
    for folder in _folders():
        # This is the last door: nothing that goes wrong here may hide the fault itself.
        with suppress(OSError, AudiobookError, RuntimeError):
            path = folder / name
            files.put(path, text.encode("utf-8", "replace"), private=True)
            problem.remedy = message("please report it, with the file {path}", path=path)
            _remove_old(folder)
            return


def _folders() -> Iterator[Path]:
    with suppress(RuntimeError):  # there is no home
        yield cache_folder() / FOLDER
    with suppress(OSError):  # there is no folder for temporary files
        yield Path(tempfile.mkdtemp(prefix="audiobook-"))


def _text_of(problem: InternalError) -> str:
    trace = "".join(traceback.format_exception(problem))
    lines = (
        f"audiobook {__version__}, Python {platform.python_version()}, {platform.platform()}",
        " ".join(["audiobook", *(_PASSWORD.sub("…", word) for word in sys.argv[1:])]),
        "",
        trace[-_LARGEST:],
    )
    return "\n".join(lines)


def _remove_old(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt"))[:-_MOST_REPORTS]:
        path.unlink(missing_ok=True)
