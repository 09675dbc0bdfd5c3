"""The only door to ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from audiobook.errors import EngineError

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
    command = [find(), "-v", "error", "-xerror", "-i", "pipe:0"]
    command += ["-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"]
    try:
        done = subprocess.run(  # noqa: S603 (our own words; the data goes through a pipe)
            command, input=data, capture_output=True, check=False, timeout=_TIME_OUT
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EngineError(f"ffmpeg did not run: {problem}", "see `audiobook doctor`") from problem
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineError(
            f"ffmpeg cannot decode the sound: {said[-1] if said else 'nothing came out'}",
            "try again; if it stays, report it",
        )
    return done.stdout
