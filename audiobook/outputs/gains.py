"""The loudness of a book as a gain, by which players bring all files to the same loudness."""

from __future__ import annotations

REPLAY_GAIN = "REPLAYGAIN_TRACK_GAIN"
R128 = "R128_TRACK_GAIN"

_REPLAY_GAIN_LUFS, _R128_LUFS = -18.0, -23.0


def replay_gain(loudness: float) -> str:
    """Return the gain of ReplayGain 2.0 for a file of this loudness in LUFS."""
    return f"{_REPLAY_GAIN_LUFS - loudness:.2f} dB"


def read_loudness(replay_gain_text: str, r128_text: str = "") -> float | None:
    """Return the loudness in LUFS that the gains of a file tell; None where they tell none.

    >>> read_loudness("-2.00 dB"), read_loudness("", "-1792"), read_loudness("loud")
    (-16.0, -16.0, None)
    """
    try:
        if r128_text:
            return _R128_LUFS - int(r128_text) / 256
        return _REPLAY_GAIN_LUFS - float(replay_gain_text.lower().removesuffix("db"))
    except ValueError:
        return None


def r128(loudness: float) -> str:
    """Return the gain of Ogg Opus (RFC 7845, 5.2.1), in 256ths of a decibel, for LUFS."""
    return str(round((_R128_LUFS - loudness) * 256))
