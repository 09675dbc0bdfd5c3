"""Any program that turns text into a sound file, as the command in the voice file runs it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.engines import UnsaidError, neural, sayable, sound_files
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import Message, message, one_of
from audiobook.model import Audio
from audiobook.system import programs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

_TEXT_FILE, _OUTPUT = "{text_file}", "{output}"
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
# Seconds for one text: a neural program may load its model each time.
_LONGEST = 180.0
_MOST = 64 << 20  # bytes; five minutes of sound at 96 kHz


class Command:
    """Runs the program once for each text.

    It gets the text as one line of UTF-8 on its standard input, or in a file where
    ``{text_file}`` stands in its arguments. It writes a sound file to its standard output, or
    where ``{output}`` stands. There is no shell between.
    """

    name = "command"
    version = "1"
    native: frozenset[str] = frozenset()
    limit: int | None = 1_000

    def version_of(self, voice: Voice) -> str:
        """Return the version for a voice, which another command or another program changes.

        A program is told apart by the contents of its file and of the files that its arguments
        name, such as a script or a model: to ask it for its version would run it, each in another
        way. What it loads besides is not seen.

        Raises:
            VoiceError: the program is not installed, or its arguments are not right.
        """
        program = voice.command[0]
        path = shutil.which(program)
        if path is None:
            raise VoiceError(
                message(
                    "the voice {voice} runs {program}, which is not there",
                    voice=voice.name,
                    program=program,
                ),
                message("install it, or correct command in the voice file"),
            )
        known = (_TEXT_FILE, _OUTPUT)
        for placeholder in _PLACEHOLDER.findall(" ".join(voice.command)):
            if placeholder not in known:
                raise VoiceError(
                    message(
                        "the command of the voice {voice} holds {placeholder}",
                        voice=voice.name,
                        placeholder=placeholder,
                    ),
                    message("write {placeholders}", placeholders=one_of(known)),
                )
        digest = hashlib.blake2b(repr(voice.command).encode(), digest_size=8).hexdigest()
        files = [file for file in (path, *voice.command[1:]) if _is_readable(file)]
        contents = neural.digest(neural.check_files(voice, map(Path, files)))
        return f"{self.version}/{digest}/{contents}"

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, by one run of the program.

        Raises:
            UnsaidError: the program failed at a text.
            VoiceError: the program is not installed, or its arguments are not right.
        """
        if texts:
            self.version_of(voice)
        clips = []
        for position, text in enumerate(texts):
            try:
                line = " ".join(sayable(text).split())
                sound = _speak(line, voice.command)
                clips.append(Audio(sound_files.decode(sound, voice.rate), voice.rate))
            except EngineError as problem:
                raise UnsaidError.at(position, problem) from problem
        return clips


def _is_readable(path: str) -> bool:
    return Path(path).is_file() and os.access(path, os.R_OK)


def _speak(line: str, command: Sequence[str]) -> bytes:
    """Run the program for a text, and return the sound file that it wrote."""
    data = f"{line}\n".encode()
    with tempfile.TemporaryDirectory(prefix="audiobook-") as folder:
        text_file, output = Path(folder, "text.txt"), Path(folder, "speech.wav")
        filled = [
            argument.replace(_TEXT_FILE, str(text_file)).replace(_OUTPUT, str(output))
            for argument in command
        ]
        has_text_file = any(_TEXT_FILE in argument for argument in command)
        if has_text_file:
            text_file.write_bytes(data)
        finished = _run(filled, b"" if has_text_file else data)
        sound = finished.output
        if any(_OUTPUT in argument for argument in command):
            sound = _read(output, command[0])
    if finished.code:
        raise _error(
            message(
                "{program} failed with exit code {code}: {reason}",
                program=command[0],
                code=finished.code,
                reason=finished.complaint or message("it did not say why"),
            )
        )
    if not sound:
        raise _error(
            message(
                "{program} wrote no sound for {text!r}: {reason}",
                program=command[0],
                text=line[:80],
                reason=finished.complaint or message("it did not say why"),
            )
        )
    return sound


def _read(output: Path, program: str) -> bytes:
    """Return the file that a program wrote; empty if it wrote none."""
    try:
        status = output.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _error(message("{program} left something else than a file", program=program))
        # The file is read no further than allowed, as another process may still write to it.
        with output.open("rb") as file:
            sound = b"" if status.st_size > _MOST else file.read(_MOST + 1)
    except FileNotFoundError:
        return b""
    except OSError as problem:
        raise _error(
            message("cannot read what {program} wrote: {reason}", program=program, reason=problem)
        ) from problem
    if status.st_size > _MOST or len(sound) > _MOST:
        raise _flood(program)
    return sound


def _run(command: Sequence[str], data: bytes) -> programs.Finished:
    try:
        return programs.run(command, data, seconds=_LONGEST, most=_MOST)
    except programs.TimeOutError as problem:
        raise _error(
            message(
                "{program} took longer than {seconds:g} seconds",
                program=command[0],
                seconds=_LONGEST,
            )
        ) from problem
    except programs.FloodError as problem:
        raise _flood(command[0]) from problem
    except (OSError, ValueError) as problem:
        raise _error(
            message("cannot run {program}: {reason}", program=command[0], reason=problem)
        ) from problem


def _flood(program: str) -> EngineError:
    size = _MOST >> 20
    return _error(
        message("{program} wrote more than {size} MB for one text", program=program, size=size)
    )


def _error(what: Message) -> EngineError:
    return EngineError(what, message("try the command of the voice file in a terminal"))
