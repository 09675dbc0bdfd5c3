"""Opus packets (RFC 6716): encoding to a whole number of them, each after its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, UsageError
from audiobook.outputs.opus import ogg
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

PER_SECOND = 50
"""Packets: each lasts 20 ms."""
CLOCK = 48_000
"""Samples a second in which Opus counts, whatever comes out."""
DELAY = 120
"""Of these, by which decoded sound is late: what the encoder looks ahead."""
PACKET = CLOCK // PER_SECOND

# Silent packets at the end of a recording, and before its beginning, which are not kept: they
# bring encoder and decoder to rest, so that a recording decodes the same after any other.
_SILENT_AT_END = 4
_SILENT_BEFORE = 4

# Rates that the encoder takes as they are; others are brought to the next.
_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_BITRATES = range(16, 257)

# Measured on 10 minutes of espeak at 22.05 kHz, ffmpeg 5.1, an hour's sound in seconds of
# processor time (LAME as we use it: 4.9), noise to signal of what comes out:
#   audio, complexity 10, 48k      49   44 kbit/s  -13 dB
#   lowdelay, complexity 10, 32k   17   50 kbit/s  -14 dB
#   lowdelay, complexity 2, 33k    12   49 kbit/s  -13 dB
#   lowdelay, complexity 0, 48k    11   50 kbit/s  -14 dB, and noise before every onset
# Low delay is the transform codec alone: it has no state that outlasts a silence. It gives speech
# so much more than it is told to, for the onsets:
_GIVES = 1.45
_WORDS = "-c:a libopus -application lowdelay -compression_level 2 -vbr on -frame_duration 20"


def check(rate: int, bitrate: int, vbr: int | None = None) -> None:
    """Make sure that Opus can be made of this rate (Hz) at this bit rate (kbit/s).

    Raises:
        UsageError: it cannot.
        EngineError: ffmpeg has no encoder for it.
    """
    if rate % PER_SECOND or not 8_000 <= rate <= CLOCK:
        raise UsageError(
            f"Opus cannot be made at {rate} Hz", f"choose a multiple of 50 from 8000 to {CLOCK}"
        )
    if vbr is not None:
        raise UsageError("Opus has no quality to choose", "choose a bit rate: it varies around it")
    if bitrate not in _BITRATES:
        allowed = f"choose {_BITRATES[0]} to {_BITRATES[-1]}"
        raise UsageError(f"Opus has no {bitrate} kbit/s", allowed)
    ffmpeg.require_encoder("libopus")


def whole_frames(length: int, rate: int) -> int:
    """Round a length in samples up to whole packets."""
    frame = rate // PER_SECOND
    return -(-length // frame) * frame


def tail(rate: int) -> int:
    """Return how many samples at the end of a recording must be silent."""
    return _SILENT_AT_END * rate // PER_SECOND


def encode(samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None) -> bytes:
    """Encode mono sound as packets that last exactly as long as it does.

    Args:
        samples: shape (n,), n a whole number of packets, the last `tail` samples silent.
        rate: samples a second.
        bitrate: kilobits a second, on average.
        vbr: there is none.

    Raises:
        EngineError: ffmpeg cannot, or made something else.
    """
    frame = rate // PER_SECOND
    if len(samples) % frame or samples[-tail(rate) :].any() or vbr is not None:
        raise ValueError("not whole packets with a silent tail")
    before = np.zeros(_SILENT_BEFORE * frame, np.int16)
    internal = next(one for one in _RATES if one >= rate)
    words = [*_WORDS.split(), "-b:a", str(round(bitrate * 1000 / _GIVES)), "-ar", str(internal)]
    words += ["-fflags", "+bitexact", "-flags", "+bitexact", "-f", "ogg"]
    sound = ffmpeg.encode(np.concatenate((before, samples)).tobytes(), rate, words)
    head, _, *made = ogg.packets(sound)
    needed = len(samples) // frame
    kept = made[_SILENT_BEFORE : _SILENT_BEFORE + needed]
    if len(kept) < needed or int.from_bytes(head[10:12], "little") != DELAY:
        raise EngineError(
            f"the Opus encoder made {len(kept)} packets of {needed}, or with another delay",
            "another version of ffmpeg is needed",
        )
    return b"".join(len(packet).to_bytes(2) + packet for packet in kept)


def split(sound: bytes) -> list[bytes]:
    """Return the packets of what `encode` made.

    Raises:
        ValueError: the last one is cut off.
    """
    position, found = 0, []
    while position < len(sound):
        start = position + 2
        position = start + int.from_bytes(sound[position:start])
        found.append(sound[start:position])
    if position != len(sound):
        raise ValueError("the last packet is cut off")
    return found
