"""Encodes sound to whole MP3 frames, and makes the Info frame that describes them, as LAME does."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message
from audiobook.outputs.mp3 import headers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENCODER_DELAY = 576
"""Samples that LAME puts before the sound."""
DECODER_DELAY = 529
"""Samples that any Layer III decoder adds to that."""
DELAY = ENCODER_DELAY + DECODER_DELAY
"""Samples by which decoded sound is late, unless the player reads the Info frame."""
TAIL = 1152
"""Samples at the end of a recording that must be silent, because they are not encoded."""

# LAME's own scale, 0 best to 9 fastest. Measured on 2.7 hours of espeak at 22.05 kHz: 2 takes
# 55 s of processor time, 5 26 s, 7 15 s, 9 15 s.
_QUALITY = 7

# LAME turns the sound down before encoding it, by these factors up to a bit rate in kbit/s;
# measured with a sine at each bit rate.
_SCALES = ((160, 0.95), (192, 0.97))

# Samples that are given to LAME at a time, because it takes three times their size meanwhile.
_BLOCK = 1 << 18

# The number of LAME's default variable bit rate (mtrh).
_VBR = 4


def samples_per_frame(rate: int) -> int:
    """Return the samples in one frame: 1,152 in MPEG-1, 576 in MPEG-2.

    Raises:
        UsageError: MP3 has no such rate.
    """
    if rate in headers.MPEG1_RATES:
        return 1152
    if rate in headers.MPEG2_RATES:
        return 576
    rates = ", ".join(map(str, sorted(headers.MPEG1_RATES + headers.MPEG2_RATES)))
    raise UsageError(
        message("MP3 has no sample rate of {rate} Hz", rate=rate),
        message("choose one of {names}", names=rates),
    )


def check(rate: int, bitrate: int, vbr: int | None = None) -> None:
    """Check that MP3 has this rate (Hz) at this constant bit rate (kbit/s) or quality.

    Args:
        rate: samples a second.
        bitrate: kilobits a second.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.

    Raises:
        UsageError: it does not.
    """
    bitrates = _bitrates(samples_per_frame(rate))
    if vbr is not None:
        if not 0 <= vbr <= 9:
            raise UsageError(
                message("MP3 has no quality {vbr}", vbr=vbr), message("0 is best, 9 is smallest")
            )
    elif bitrate not in bitrates[1:]:
        allowed = ", ".join(map(str, bitrates[1:]))
        raise UsageError(
            message("MP3 at {rate} Hz has no {bitrate} kbit/s", rate=rate, bitrate=bitrate),
            message("choose one of {names}", names=allowed),
        )


def attenuation(bitrate: int, vbr: int | None = None) -> float:
    """Return by how many decibels decoded sound is softer than the encoded samples."""
    if vbr is not None:
        return 0.0
    scale = next((scale for limit, scale in _SCALES if bitrate <= limit), 1.0)
    return -20 * math.log10(scale)


def whole_frames(length: int, rate: int) -> int:
    """Round a length in samples up to whole frames."""
    frame = samples_per_frame(rate)
    return -(-length // frame) * frame


def encode(samples: NDArray[np.int16], rate: int, bitrate: int, vbr: int | None = None) -> bytes:
    """Encode mono sound as frames that last exactly as long as it does.

    LAME adds its delay and fills up its last frames. Leaving out the silent `TAIL` makes room
    for both, so that joined recordings keep time to the sample. The bit reservoir of each starts
    empty.

    Args:
        samples: shape (n,), n a whole number of frames, the last `TAIL` samples silent.
        rate: samples a second.
        bitrate: kilobits a second.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.
    """
    frame = samples_per_frame(rate)
    if len(samples) % frame or samples[-TAIL:].any():
        raise ValueError(message("not whole frames with a silent tail"))
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    if vbr is None:
        encoder.set_bit_rate(bitrate)
    else:
        encoder.set_vbr(_VBR)
        encoder.set_vbr_quality(vbr)
    encoder.set_quality(_QUALITY)
    encoder.silence()
    spoken = samples[:-TAIL]
    blocks = [
        bytes(encoder.encode(spoken[start : start + _BLOCK].tobytes()))
        for start in range(0, len(spoken), _BLOCK)
    ]
    sound = b"".join((*blocks, bytes(encoder.flush())))
    if (frames := count_frames(sound)) * frame != len(samples):
        raise EngineError(
            message(
                "the MP3 encoder made {made} frames of {needed:.0f}",
                made=frames,
                needed=len(samples) / frame,
            ),
            message("another version of lameenc is needed"),
        )
    return sound


def count_frames(sound: bytes) -> int:
    """Return the number of frames, counted by their headers.

    Raises:
        ValueError: there is something between the frames, or the last one is cut off.
    """
    return len(walk_sound(sound).thirds)


def walk_sound(sound: bytes) -> headers.FrameRun:
    """Return the frames of a sound.

    Raises:
        ValueError: there is something between the frames, or the last one is cut off.
    """
    run = headers.walk(io.BytesIO(sound), 0, len(sound))
    if run.end != len(sound) or not run.thirds:
        header = sound[run.end : run.end + headers.HEADER]
        if run.thirds and (len(header) < headers.HEADER or headers.belongs_to(run, header)):
            raise ValueError(message("the last frame is cut off"))
        raise ValueError(message("no frame header at byte {position}", position=run.end))
    return run


class Index:
    """Collects the positions of frames that a player needs for seeking."""

    def __init__(self, frames: int) -> None:
        """Prepare for a number of frames."""
        self.frames = frames
        self.size = 0
        """Bytes of the frames so far."""
        self.is_variable = False
        self.places: list[int] = []
        """Bytes before each hundredth of the frames."""
        self._count = 0
        self._usual = 0

    def add(self, run: headers.FrameRun) -> None:
        """Add the frames of a recording."""
        lengths = headers.frame_lengths(run.second)
        sizes = {lengths[third] for third in set(run.thirds)}
        # Frames of a constant bit rate differ by one byte at most.
        self._usual = self._usual or lengths[run.thirds[0]]
        self.is_variable |= max(sizes) - self._usual > 1 or self._usual - min(sizes) > 1
        count, first = len(run.thirds), 0
        while (hundredth := len(self.places)) < 100:
            frame = self.frames * hundredth // 100 - self._count
            if frame >= count:
                break
            self.size += run.size(first, frame)
            self.places.append(self.size)
            first = frame
        self.size += run.size(first, count)
        self._count += count


def info_frame(first: bytes, index: Index) -> bytes:
    """Return the frame that tells players the length of the file and the delay of its sound.

    Args:
        first: the first frame of the sound, for its header.
        index: all frames; the size of the result does not depend on it.
    """
    header = bytearray(first[: headers.HEADER])
    tag = headers.HEADER + headers.side_info(header)
    needed = tag + 120 + 36
    header[2] &= 0xFD  # no padding
    for number in range(header[2] >> 4, len(headers.bitrates_of(header[1]))):
        header[2] = number << 4 | header[2] & 0x0F
        if (length := headers.frame_length(header)) >= needed:
            break
    total = index.size + length
    info = bytearray(length)
    info[: headers.HEADER] = header
    info[tag : tag + 4] = headers.XING if index.is_variable else headers.INFO
    info[tag + 4 : tag + 8] = (0b1111).to_bytes(4)  # frames, bytes, contents, quality
    info[tag + 8 : tag + 16] = index.frames.to_bytes(4) + min(total, 0xFFFFFFFF).to_bytes(4)
    places = bytes(min(256 * (length + offset) // total, 255) for offset in index.places)
    info[tag + 16 : tag + 116] = places.ljust(100, b"\xff")
    info[tag + 116 : tag + 120] = (100 - 10 * _QUALITY).to_bytes(4)
    lame = tag + 120
    info[lame : lame + 9] = b"LAME3.100"
    info[lame + 9] = _VBR if index.is_variable else 1  # of tag revision 0
    # Delay before the sound and padding after it, 12 bits each. A decoder drops the padding
    # beyond its own delay, so with this padding it drops nothing.
    info[lame + 21 : lame + 24] = (ENCODER_DELAY << 12 | DECODER_DELAY).to_bytes(3)
    info[lame + 28 : lame + 32] = min(total, 0xFFFFFFFF).to_bytes(4)
    info[lame + 34 : lame + 36] = _crc16(info[: lame + 34]).to_bytes(2)
    return bytes(info)


def _bitrates(frame: int) -> tuple[int, ...]:
    return headers.MPEG1_BITRATES if frame == 1152 else headers.MPEG2_BITRATES


def _crc16(data: bytes | bytearray) -> int:
    """Return the CRC-16/ARC, with which the Info frame ends."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
