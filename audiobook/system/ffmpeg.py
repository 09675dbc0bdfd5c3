"""Runs ffmpeg; no other module does."""

from __future__ import annotations

import re
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
from audiobook.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_TIME_OUT = 60.0
# Bytes of each block of decoded sound, and lines of complaints that are kept.
_BLOCK = 1 << 19
_COMPLAINTS = 20
# Kinds of files that hold sound themselves, by the names of ffmpeg. Others are lists of files, in
# which a stranger could name what lies elsewhere on this computer.
_SOUNDS = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "dts", "eac3", "flac"),
    *("flv", "matroska", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "ogg", "rm", "tak", "tta"),
    *("w64", "wav", "wv"),
)
_ONLY_SOUNDS = ("-format_whitelist", ",".join(_SOUNDS))
_SPEAKER = re.compile(r"^\[[^\]]* @ 0x[0-9a-f]+\] ")
# Complaints about a cover, which are not about the sound.
_PICTURES = (b"[png @", b"[mjpeg @", b"[gif @", b"[bmp @", b"[tiff @", b"[webp @")


@cache
def find() -> str:
    """Return the path of ffmpeg: the one on PATH, else the one in the imageio-ffmpeg wheel.

    Raises:
        EngineError: there is no ffmpeg.
    """
    if path := shutil.which("ffmpeg"):
        return path
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as problem:
        raise EngineError(
            message("there is no ffmpeg for this machine"),
            message("install ffmpeg, for example `apt install ffmpeg`"),
        ) from problem


def decode(data: bytes, rate: int, *, longest: float | None = None) -> bytes:
    """Decode compressed sound to mono 16-bit samples in native order.

    Args:
        data: a sound file in any usual format.
        rate: samples a second to deliver.
        longest: seconds after which the rest is left out; None to decode all of it.

    Raises:
        EngineError: ffmpeg is missing, hangs, or cannot decode it.
    """
    options = [
        "-xerror",
        *_ONLY_SOUNDS,
        "-i",
        "pipe:0",
        "-ac",
        "1",
        "-ar",
        str(rate),
        "-f",
        "s16le",
    ]
    options += [] if longest is None else ["-t", str(longest)]
    return _convert(options, data, _cannot_decode)


def encode(samples: bytes, rate: int, options: Sequence[str]) -> bytes:
    """Encode mono 16-bit samples in native order.

    Args:
        samples: the sound.
        rate: its samples a second.
        options: options that say what to make of it, the last of them the container.

    Raises:
        EngineError: ffmpeg is missing, hangs, or cannot encode it.
    """
    source = ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    return _convert([*source, *options], samples, _cannot_encode)


@cache
def require_encoder(name: str) -> None:
    """Check that ffmpeg has an encoder.

    Raises:
        EngineError: it does not, or there is no ffmpeg.
    """
    encoders = _call(["-hide_banner", "-encoders"], b"").stdout.decode(errors="replace")
    if name not in (line.split()[1] for line in encoders.splitlines() if len(line.split()) > 1):
        raise EngineError(
            message("{ffmpeg} has no encoder {name}", ffmpeg=find(), name=name),
            message(
                "install a whole ffmpeg, for example `apt install ffmpeg`, or choose another format"
            ),
        )


def _cannot_decode(reason: str) -> Message:
    return message("ffmpeg cannot decode the sound: {reason}", reason=reason)


def _cannot_encode(reason: str) -> Message:
    return message("ffmpeg cannot encode the sound: {reason}", reason=reason)


def _convert(options: Sequence[str], data: bytes, explain: Callable[[str], Message]) -> bytes:
    process = _call(["-v", "error", *options, "pipe:1"], data)
    if process.returncode or not process.stdout:
        lines = process.stderr.decode(errors="replace").strip().splitlines()
        reason = _without_address(lines[-1]) if lines else message("nothing came out")
        raise EngineError(explain(reason), message("try again; if it stays, report it"))
    return process.stdout


def _call(options: Sequence[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 (our own options; the data goes through a pipe)
            [find(), *options], input=data, capture_output=True, check=False, timeout=_TIME_OUT
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EngineError(
            message("ffmpeg did not run: {reason}", reason=problem),
            message("see `audiobook doctor`"),
        ) from problem


@dataclass(frozen=True, slots=True)
class Stream:
    """Sound while it is decoded."""

    blocks: Iterator[NDArray[np.int16]]
    """Mono samples, shape (n,), about a dozen seconds at a time."""
    complaints: deque[str]
    """The last complaints of ffmpeg; complete after the last block."""


@contextmanager
def stream(path: Path, rate: int) -> Iterator[Stream]:
    """Decode a sound file of any length, with little of it in memory at a time.

    Decoding goes on after damage, about which there are complaints.

    Args:
        path: a sound file in any usual format.
        rate: samples a second to deliver.

    Raises:
        EngineError: ffmpeg is missing, cannot decode it, or takes more than a minute for a block.
    """
    command = [find(), "-v", "error", "-nostdin", *_ONLY_SOUNDS, "-i", f"file:{path}"]
    command += ["-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"]
    try:
        process = subprocess.Popen(  # noqa: S603 (our own options and the name of a file)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as problem:
        raise EngineError(
            message("ffmpeg did not run: {reason}", reason=problem),
            message("see `audiobook doctor`"),
        ) from problem
    with process:  # closes the pipes and waits
        complaints: deque[str] = deque(maxlen=_COMPLAINTS)
        listener = threading.Thread(
            target=_collect_complaints, args=(process.stderr, complaints), daemon=True
        )
        listener.start()
        try:
            yield Stream(_blocks(process, listener, complaints), complaints)
        finally:
            process.kill()
            listener.join()


def _collect_complaints(stderr: IO[bytes], complaints: deque[str]) -> None:
    for line in stderr:
        if not line.startswith(_PICTURES):
            complaints.append(_without_address(line.decode(errors="replace").strip()))


def _without_address(line: str) -> str:
    """Return a line of ffmpeg without the part that speaks and its place in memory.

    >>> _without_address("[mp3float @ 0x55d2c8a0] Header missing")
    'Header missing'
    """
    return _SPEAKER.sub("", line)


def _blocks(
    process: subprocess.Popen[bytes], listener: threading.Thread, complaints: deque[str]
) -> Iterator[NDArray[np.int16]]:
    is_sound = False
    while data := _read_block(process):
        yield np.frombuffer(data[: len(data) // 2 * 2], "<i2")
        is_sound = True
    listener.join()
    if process.wait() or not is_sound:
        reason = complaints[-1] if complaints else message("nothing came out")
        raise EngineError(_cannot_decode(reason), message("is it a sound file?"))


def _read_block(process: subprocess.Popen[bytes]) -> bytes:
    """Return the next block of bytes, a shorter one at the end, and b"" after it."""
    timed_out = threading.Event()

    def give_up() -> None:
        timed_out.set()
        process.kill()

    timer = threading.Timer(_TIME_OUT, give_up)
    timer.start()
    try:
        data: bytes = process.stdout.read(_BLOCK)  # type: ignore[union-attr]
    finally:
        timer.cancel()
    if timed_out.is_set():
        raise EngineError(
            message("ffmpeg hangs: almost nothing came in {seconds:g} seconds", seconds=_TIME_OUT),
            message("see `audiobook doctor`"),
        )
    return data
