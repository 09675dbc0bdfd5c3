"""The only door to ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_TIME_OUT = 60.0
# Bytes of decoded sound that are handed out at once, and lines of complaint that are kept.
_BLOCK = 1 << 19
_COMPLAINTS = 20
# What it says of a cover is nothing about the sound.
_PICTURES = (b"[png @", b"[mjpeg @", b"[gif @", b"[bmp @", b"[tiff @", b"[webp @")


@cache
def find() -> str:
    """Return the path of ffmpeg: the one on PATH, else the one in the imageio-ffmpeg wheel.

    Raises:
        EngineError: there is none.
    """
    if found := shutil.which("ffmpeg"):
        return found
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as problem:
        raise EngineError(
            "there is no ffmpeg for this machine",
            "install ffmpeg, for example `apt install ffmpeg`",
        ) from problem


def decode(data: bytes, rate: int) -> bytes:
    """Decode compressed sound to mono 16-bit samples in native order.

    Args:
        data: a sound file in any format that ffmpeg knows.
        rate: samples a second to deliver.

    Raises:
        EngineError: ffmpeg is missing, hangs, or cannot decode it.
    """
    words = ["-xerror", "-i", "pipe:0", "-ac", "1", "-ar", str(rate), "-f", "s16le"]
    return _run(words, data, "decode")


def encode(samples: bytes, rate: int, words: Sequence[str]) -> bytes:
    """Encode mono 16-bit samples in native order.

    Args:
        samples: the sound.
        rate: its samples a second.
        words: options that say what to make of it, the last of them the container.

    Raises:
        EngineError: ffmpeg is missing, hangs, or cannot encode it.
    """
    come = ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    return _run([*come, *words], samples, "encode")


@cache
def require_encoder(name: str) -> None:
    """Make sure that the ffmpeg at hand has an encoder.

    Raises:
        EngineError: it has not, or there is no ffmpeg.
    """
    listed = _run_words(["-hide_banner", "-encoders"], b"").stdout.decode(errors="replace")
    if name not in (line.split()[1] for line in listed.splitlines() if len(line.split()) > 1):
        raise EngineError(
            f"{find()} has no encoder {name}",
            "install a whole ffmpeg, for example `apt install ffmpeg`, or choose another format",
        )


def _run(words: Sequence[str], data: bytes, act: str) -> bytes:
    done = _run_words(["-v", "error", *words, "pipe:1"], data)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineError(
            f"ffmpeg cannot {act} the sound: {said[-1] if said else 'nothing came out'}",
            "try again; if it stays, report it",
        )
    return done.stdout


def _run_words(words: Sequence[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 (our own words; the data goes through a pipe)
            [find(), *words], input=data, capture_output=True, check=False, timeout=_TIME_OUT
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EngineError(f"ffmpeg did not run: {problem}", "see `audiobook doctor`") from problem


@dataclass(frozen=True, slots=True)
class Stream:
    """Sound that is being decoded."""

    blocks: Iterator[NDArray[np.int16]]
    """Mono samples, shape (n,), as they come: a dozen seconds or so at a time."""
    complaints: deque[str]
    """The last lines that ffmpeg says; all are there once the blocks are."""


@contextmanager
def stream(path: Path, rate: int) -> Iterator[Stream]:
    """Decode a sound file of any length, holding little of it at once.

    It goes on behind damage, which is complained of.

    Args:
        path: a sound file in any format that ffmpeg knows.
        rate: samples a second to deliver.

    Raises:
        EngineError: ffmpeg is missing, cannot decode it, or takes a minute for a block.
    """
    command = [find(), "-v", "error", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-vn"]
    command += ["-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"]
    try:
        process = subprocess.Popen(  # noqa: S603 (our own words and the name of a file)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as problem:
        raise EngineError(f"ffmpeg did not run: {problem}", "see `audiobook doctor`") from problem
    with process:  # closes the pipes and waits
        complaints: deque[str] = deque(maxlen=_COMPLAINTS)
        listener = threading.Thread(target=_listen, args=(process.stderr, complaints), daemon=True)
        listener.start()
        try:
            yield Stream(_blocks(process, listener, complaints), complaints)
        finally:
            process.kill()
            listener.join()


def _listen(stderr: IO[bytes], complaints: deque[str]) -> None:
    for line in stderr:
        if not line.startswith(_PICTURES):
            complaints.append(line.decode(errors="replace").strip())


def _blocks(
    process: subprocess.Popen[bytes], listener: threading.Thread, complaints: deque[str]
) -> Iterator[NDArray[np.int16]]:
    came = False
    while data := _read(process):
        yield np.frombuffer(data[: len(data) // 2 * 2], "<i2")
        came = True
    listener.join()
    if process.wait() or not came:
        said = complaints[-1] if complaints else "nothing came out"
        raise EngineError(f"ffmpeg cannot decode the sound: {said}", "is it a sound file?")


def _read(process: subprocess.Popen[bytes]) -> bytes:
    """Read the next block, less at the end, and b"" behind it."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(_TIME_OUT, give_up)
    clock.start()
    try:
        data: bytes = process.stdout.read(_BLOCK)  # type: ignore[union-attr]
    finally:
        clock.cancel()
    if late.is_set():
        raise EngineError(
            f"ffmpeg hangs: {_TIME_OUT:g} seconds brought next to nothing", "see `audiobook doctor`"
        )
    return data
