"""Speech said faster or slower, higher or lower, for engines that cannot say it so themselves.

By pitch-synchronous overlap-add (Moulines and Charpentier, 1990), as Praat does it: periods of the
voice are left out, repeated or moved, each as it was. So the formants stay, which make a vowel that
vowel, and nothing sounds before it begins. Rubber Band 3, which works on spectra, moved a first
formant of 700 Hz to 838 with a pitch of 1.15, and gave 48 dB of pre-echo; this moved it by 3 Hz.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, VoiceError
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

SPEEDS = (0.5, 2.0)
"""Slower, every hiss buzzes; faster, whole sounds are left out."""
PITCHES = (0.5, 2.0)

# Hertz between which a voice is looked for, and seconds from look to look: Praat's own.
_LOWEST, _HIGHEST = 75, 600
_STEP = 0.01
# Seconds of silence around the sound while it is worked on: three periods of the lowest voice and
# more, without which Praat finds nothing in a short clip, and cuts off the last period of a long.
_MARGIN = 0.1
_FULL_SCALE = 32_768


def stretch(samples: NDArray[np.int16], rate: int, speed: float, pitch: float) -> NDArray[np.int16]:
    """Return speech at another speed and pitch, as loud as it was; at 1 and 1 it is the same.

    Takes about 10 ms a second of speech. One thread at a time: Praat was made for one.

    Args:
        samples: shape (n,), mono; the result has shape (round(n / speed),).
        rate: samples a second.
        speed: how many times as fast.
        pitch: how many times as high; the formants stay.

    Raises:
        VoiceError: as `require` does.
        EngineError: Praat failed.
    """
    require(speed, pitch)
    if speed == pitch == 1 or not len(samples):
        return samples
    margin = round(_MARGIN * rate)
    changed = _change(np.pad(samples / _FULL_SCALE, margin), rate, speed, pitch)
    start, length = round(margin / speed), round(len(samples) / speed)
    return _as_loud_as(samples, changed[start : start + length] * _FULL_SCALE)


def require(speed: float, pitch: float) -> None:
    """Make sure that speech can be brought to this speed and pitch.

    Raises:
        VoiceError: it is out of reach, or Praat's library is not installed.
    """
    if speed == pitch == 1:
        return
    for what, wanted, (least, most) in (("speed", speed, SPEEDS), ("pitch", pitch, PITCHES)):
        if not least <= wanted <= most:
            raise VoiceError(
                f"this voice has one {what}, and {wanted:g} times that cannot be understood",
                f"choose {least:g} to {most:g}, or another voice",
            )
    _library()


def _change(
    wave: NDArray[np.float64], rate: int, speed: float, pitch: float
) -> NDArray[np.float64]:
    parselmouth = _library()
    call = parselmouth.praat.call
    try:
        sound = parselmouth.Sound(wave, sampling_frequency=rate)
        manipulation = call(sound, "To Manipulation", _STEP, _LOWEST, _HIGHEST)
        if pitch != 1:
            heights = call(manipulation, "Extract pitch tier")
            call(heights, "Multiply frequencies", 0, sound.duration, pitch)
            call([heights, manipulation], "Replace pitch tier")
        if speed != 1:
            durations = call("Create DurationTier", "durations", 0, sound.duration)
            call(durations, "Add point", 0, 1 / speed)
            call([durations, manipulation], "Replace duration tier")
        changed: NDArray[np.float64] = call(manipulation, "Get resynthesis (overlap-add)").values[0]
    except parselmouth.PraatError as problem:
        raise EngineError(f"Praat failed: {problem}", "leave out --speed and --pitch") from problem
    return changed


def _library() -> ModuleType:
    try:
        import parselmouth
    except ImportError as problem:
        raise VoiceError(
            "this voice has one speed and one pitch, and what changes them is not installed",
            f"{install_hint('praat-parselmouth')}, or leave out --speed and --pitch",
        ) from problem
    library: ModuleType = parselmouth
    return library


def _as_loud_as(before: NDArray[np.int16], after: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return sound with the power of another: fewer periods a second are softer.

    It stays softer where it would pass full scale.
    """
    power, left = np.square(before, dtype=np.float64).mean(), np.square(after).mean()
    most = (_FULL_SCALE - 1) / max(np.abs(after).max(initial=0), 1)
    gain = min(np.sqrt(power / left), most) if left else 1.0
    return np.rint(after * gain).astype(np.int16)
