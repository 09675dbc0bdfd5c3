"""Encodes sound to whole Opus packets (RFC 6716), each stored after its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message
from audiobook.outputs.opus import ogg
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

PER_SECOND = 50
"""Packets in a second: each lasts 20 ms."""
CLOCK = 48_000
"""Samples a second by which Opus counts, at any rate of the sound."""
DELAY = 120
"""Samples at this rate by which decoded sound is late, the look-ahead of the encoder."""
PACKET = CLOCK // PER_SECOND

# Silent packets at the end of a recording, and others before its beginning that are dropped. They
# bring encoder and decoder to rest, so that a recording decodes the same after any other.
_SILENT_AT_END = 4
_SILENT_BEFORE = 4

# Rates that the encoder accepts; sound of another rate is resampled to the next higher.
_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_BITRATES = range(16, 257)

# Measured on 10 minutes of espeak at 22.05 kHz with ffmpeg 5.1: seconds of processor time for an
# hour of sound (LAME as used here: 4.9), bit rate, and noise to signal:
#   audio, complexity 10, 48k      49   44 kbit/s  -13 dB
#   lowdelay, complexity 10, 32k   17   50 kbit/s  -14 dB
#   lowdelay, complexity 2, 33k    12   49 kbit/s  -13 dB
#   lowdelay, complexity 0, 48k    11   50 kbit/s  -14 dB, and noise before every onset
# Low delay is the transform codec alone, whose state does not outlast a silence. For the onsets it
# spends this factor more bits on speech than it is told to:
_GIVES = 1.45
_WORDS = "-c:a libopus -application lowdelay -compression_level 2 -vbr on -frame_duration 20"


def check(rate: int, bitrate: int, vbr: int | None = None) -> None:
    """Check that Opus can be made of this rate (Hz) at this bit rate (kbit/s).

    Args:
        rate: samples a second.
        bitrate: kilobits a second.
        vbr: must be None.

    Raises:
        UsageError: it cannot.
        EngineError: ffmpeg has no encoder for it.
    """
    if rate % PER_SECOND or not 8_000 <= rate <= CLOCK:
        raise UsageError(
            message("Opus cannot be made at {rate} Hz", rate=rate),
            message("choose a multiple of 50 from 8000 to {most}", most=CLOCK),
        )
    if vbr is not None:
        raise UsageError(
            message("Opus has no quality to choose"),
            message("choose a bit rate: it varies around it"),
        )
    if bitrate not in _BITRATES:
        allowed = message("choose {least} to {most}", least=_BITRATES[0], most=_BITRATES[-1])
        raise UsageError(message("Opus has no {bitrate} kbit/s", bitrate=bitrate), allowed)
    ffmpeg.require_encoder("libopus")


def whole_frames(length: int, rate: int) -> int:
    """Round a length in samples up to whole packets."""
    frame = rate // PER_SECOND
    return -(-length // frame) * frame


def silent_tail(rate: int) -> int:
    """Return how many samples at the end of a recording must be silent."""
    return _SILENT_AT_END * rate // PER_SECOND


def encode(samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None) -> bytes:
    """Encode mono sound as packets that last exactly as long as it does.

    Args:
        samples: shape (n,), n a whole number of packets, the last `silent_tail` samples silent.
        rate: samples a second.
        bitrate: kilobits a second, on average.
        vbr: must be None.

    Raises:
        EngineError: ffmpeg failed, or made something else.
    """
    frame = rate // PER_SECOND
    if len(samples) % frame or samples[-silent_tail(rate) :].any() or vbr is not None:
        raise ValueError(message("not whole packets with a silent tail"))
    silence = np.zeros(_SILENT_BEFORE * frame, np.int16)
    internal = next(supported for supported in _RATES if supported >= rate)
    words = [*_WORDS.split(), "-b:a", str(round(bitrate * 1000 / _GIVES)), "-ar", str(internal)]
    words += ["-fflags", "+bitexact", "-flags", "+bitexact", "-f", "ogg"]
    sound = ffmpeg.encode(np.concatenate((silence, samples)).tobytes(), rate, words)
    head, _, *encoded = ogg.packets(sound)
    needed = len(samples) // frame
    packets = encoded[_SILENT_BEFORE : _SILENT_BEFORE + needed]
    if len(packets) < needed or int.from_bytes(head[10:12], "little") != DELAY:
        raise EngineError(
            message(
                "the Opus encoder made {made} packets of {needed}, or with another delay",
                made=len(packets),
                needed=needed,
            ),
            message("another version of ffmpeg is needed"),
        )
    return b"".join(len(packet).to_bytes(2) + packet for packet in packets)


def split(sound: bytes) -> list[bytes]:
    """Return the packets of an encoded passage.

    Raises:
        ValueError: the last one is cut off.
    """
    position, packets = 0, []
    while position < len(sound):
        start = position + 2
        position = start + int.from_bytes(sound[position:start])
        packets.append(sound[start:position])
    if position != len(sound):
        raise ValueError(message("the last packet is cut off"))
    return packets
