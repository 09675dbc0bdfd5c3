"""The only door to ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from audiobook.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME_OUT = 60.0


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
