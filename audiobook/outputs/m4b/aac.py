"""Encodes sound to whole frames of AAC-LC (ISO/IEC 14496-3) with ADTS headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME = 1024
"""Samples in a frame."""
DELAY = FRAME
"""Samples by which decoded sound is late: the first frame is only the first half of an overlap."""
TAIL = 2 * FRAME
"""Silent samples at the end of a recording. Its last frame, which reaches over twice its length,
is silent then, and nothing overlaps with the next recording."""

_SILENT_BEFORE = 2
"""Silent frames before a recording, which are dropped. At its very beginning the encoder does not
detect an onset, and spreads noise before it, up to 26 ms."""

MOST_BYTES = 768
"""Largest frame of one channel in bytes: 6,144 bits."""

_HEADER = 7
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)

# Measured on 10 minutes of espeak at 22.05 kHz with ffmpeg 5.1 (9.0): seconds of processor time
# for an hour of sound (LAME as used here: 4.9), bit rate, and noise to signal (LAME: -17 dB):
#   -b:a 64k                       88 (66)   74 kbit/s  -20 dB
#   -b:a 64k -aac_coder fast       20 (18)   77 kbit/s  -27 dB
#   -q:a 1 -aac_coder fast         11 (10)   57 kbit/s  -20 dB
# The first two try each frame repeatedly to reach their rate. A quality of 1 makes 57 to 59 kbit/s
# of speech at any sample rate, 0.7 makes 43, 2 makes 93.
_RATE_OF_QUALITY_1 = 57
_BITRATES = range(24, 129)


def check(rate: int, bitrate: int, vbr: int | None = None) -> None:
    """Check that AAC has this rate (Hz), and M4B this bit rate (kbit/s), and there is an encoder.

    Args:
        rate: samples a second.
        bitrate: kilobits a second.
        vbr: must be None.

    Raises:
        UsageError: there is no such rate.
        EngineError: ffmpeg has no encoder for it.
    """
    if rate not in _RATES:
        rates = ", ".join(map(str, reversed(_RATES)))
        raise UsageError(
            message("AAC has no sample rate of {rate} Hz", rate=rate),
            message("choose one of {names}", names=rates),
        )
    if vbr is not None:
        raise UsageError(
            message("M4B has no quality to choose"),
            message("choose a bit rate: it varies around it"),
        )
    if bitrate not in _BITRATES:
        allowed = message("choose {least} to {most}", least=_BITRATES[0], most=_BITRATES[-1])
        raise UsageError(message("M4B has no {bitrate} kbit/s", bitrate=bitrate), allowed)
    ffmpeg.require_encoder("aac")


def whole_frames(length: int, rate: int) -> int:  # noqa: ARG001 (frames count samples)
    """Round a length in samples up to whole frames."""
    return -(-length // FRAME) * FRAME


def encode(samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None) -> bytes:
    """Encode mono sound as frames that last exactly as long as it does.

    The encoder begins with a frame of which a decoder uses only the second half, and ends with
    one of which it uses only the first half. That last one is dropped: it is silent, and so is
    the first frame of the next recording.

    Args:
        samples: shape (n,), n a whole number of frames, the last `TAIL` samples silent.
        rate: samples a second.
        bitrate: kilobits a second, on average.
        vbr: must be None.

    Raises:
        EngineError: ffmpeg failed, or made too few frames.
    """
    if len(samples) % FRAME or samples[-TAIL:].any() or vbr is not None:
        raise ValueError(message("not whole frames with a silent tail"))
    words = ["-threads", "1", "-c:a", "aac", "-aac_coder", "fast", "-aac_tns", "0"]
    words += ["-aac_pns", "0", "-q:a", f"{bitrate / _RATE_OF_QUALITY_1:.4f}"]
    # Without this the first frame holds the version of ffmpeg.
    words += ["-flags", "+bitexact", "-f", "adts"]
    silence = np.zeros(_SILENT_BEFORE * FRAME, np.int16)
    sound = ffmpeg.encode(np.concatenate((silence, samples)).tobytes(), rate, words)
    ends = _frame_ends(sound)
    if len(ends) <= (needed := _SILENT_BEFORE + len(samples) // FRAME):
        raise EngineError(
            message(
                "the AAC encoder made {made} frames of {needed}", made=len(ends), needed=needed + 1
            ),
            message("another version of ffmpeg is needed"),
        )
    return sound[ends[_SILENT_BEFORE - 1] : ends[needed - 1]]


def frames(sound: bytes) -> list[bytes]:
    """Return frames without their ADTS headers.

    Raises:
        ValueError: there is something between the frames, or the last one is cut off.
    """
    ends = _frame_ends(sound)
    return [sound[start + _HEADER : end] for start, end in zip([0, *ends], ends, strict=False)]


def configuration(sound: bytes) -> bytes:
    """Return the AudioSpecificConfig of encoded sound.

    It states that there is no spectral band replication, which players would look for otherwise.
    """
    rate, channels = sound[2] >> 2 & 15, (sound[2] & 1) << 2 | sound[3] >> 6
    low_complexity = 2
    return (low_complexity << 11 | rate << 7 | channels << 3).to_bytes(2) + b"\x56\xe5\x00"


def _frame_ends(sound: bytes) -> list[int]:
    position, ends = 0, []
    while position < len(sound):
        header = sound[position : position + _HEADER]
        # No checksum, one block of sound in the frame.
        if len(header) < _HEADER or header[0] != 0xFF or header[1] not in (0xF1, 0xF9):
            raise ValueError(message("no frame header at byte {position}", position=position))
        size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        position += max(size, _HEADER)
        ends.append(position)
    if position != len(sound):
        raise ValueError(message("the last frame is cut off"))
    return ends
