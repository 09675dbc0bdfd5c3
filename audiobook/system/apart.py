"""Libraries that a hostile file can exhaust, in a process of their own with bounds.

A file of a few kilobytes makes some of them ask for gigabytes, or never end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.errors import SourceError
from audiobook.messages import Message, message
from audiobook.messages.plain import from_plain
from audiobook.system.memory import limit_memory

if TYPE_CHECKING:
    from collections.abc import Callable

_MEMORY = 1024**3
_LONGEST_SECONDS = 120
# Variables that name the folder for temporary files of the other process.
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")


def ask(
    serve: Callable[..., None],
    data: bytes,
    arguments: tuple[int, ...] = (),
    *,
    name: str,
    program: str,
    remedy: Message,
) -> bytes:
    """Return what a function writes to standard output in another process.

    Args:
        serve: a function of a module; it reads the file from its standard input.
        data: the file.
        arguments: what the function is called with.
        name: what to call the file in messages.
        program: the library that the function calls, for messages.
        remedy: what to do about a file that the library cannot cope with.

    Raises:
        SourceError: it takes longer or needs more memory than a book does, or fails.
    """
    home = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    code = (
        f"from {limit_memory.__module__} import limit_memory; "
        f"limit_memory({_MEMORY + 3 * len(data)}); "
        f"from {serve.__module__} import {serve.__name__}; {serve.__name__}(*{arguments})"
    )
    try:
        with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
            answer = subprocess.run(  # noqa: S603 - this interpreter, this package
                [sys.executable, "-P", "-c", code],
                input=data,
                capture_output=True,
                timeout=_LONGEST_SECONDS,
                env=os.environ | {"PYTHONPATH": path} | dict.fromkeys(_TEMPORARY, folder),
                check=False,
            )
    except subprocess.TimeoutExpired as problem:
        raise SourceError(
            message(
                "{name} takes {program} longer than {seconds} seconds",
                name=name,
                program=program,
                seconds=_LONGEST_SECONDS,
            ),
            remedy,
        ) from problem
    if answer.returncode:
        last_words = answer.stderr.decode("utf-8", "replace").splitlines()[-1:]
        what = message(
            "{name} makes {program} fail, or takes more memory than a book needs",
            name=name,
            program=program,
        )
        if last_words:
            what = message("{problem} ({reason})", problem=what, reason=last_words[0])
        raise SourceError(what, remedy)
    return answer.stdout


def refusal_error(answer: dict[str, Any], name: str) -> SourceError:
    """Return the error for a file that the other process refuses.

    Args:
        answer: its answer: the problem and the remedy, by `to_plain`; the other process does not
            know the name, which the problem leaves empty.
        name: the name of the file.
    """
    what: Message = from_plain(answer["error"])
    remedy: Message = from_plain(answer["remedy"])
    return SourceError(Message(what.template, what.values | {"name": name}, what.singular), remedy)
