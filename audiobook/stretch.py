"""Speech faster or slower, higher or lower, for engines that cannot speak so themselves.

Pitch-synchronous overlap and add (Moulines and Charpentier 1990) as Praat does it: single periods
of the voice are moved, left out or repeated, so that formants stay and onsets are not smeared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, VoiceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of voices, in hertz, and the step at which the pitch is looked for, in seconds.
_LOWEST, _HIGHEST = 75.0, 500.0
_STEP = 0.01
_FULL_SCALE = 32_768
# Praat wants three periods of the lowest voice; a shorter clip is no word.
_SHORTEST = 3 / _LOWEST


def stretch(samples: NDArray[np.int16], rate: int, speed: float, pitch: float) -> NDArray[np.int16]:
    """Return speech at another pace and pitch; its vowels stay the same.

    Args:
        samples: shape (n,).
        rate: samples a second.
        speed: so many times as fast: shape (n / speed,) comes back.
        pitch: so many times as high.

    Raises:
        VoiceError: Praat's library is not installed.
        EngineError: it failed.
    """
    if (speed == 1 and pitch == 1) or len(samples) < _SHORTEST * rate:
        return samples
    try:
        import parselmouth
        from parselmouth.praat import call
    except ImportError as problem:
        raise VoiceError(
            "this voice has one speed and one pitch, and what changes them is not installed",
            "pip install 'audiobook[stretch]', or leave out --speed and --pitch",
        ) from problem
    try:
        sound = parselmouth.Sound(samples / _FULL_SCALE, sampling_frequency=rate)
        speech = call(sound, "To Manipulation", _STEP, _LOWEST, _HIGHEST)
        if pitch != 1:
            tier = call(speech, "Extract pitch tier")
            call(tier, "Multiply frequencies", 0, sound.duration, pitch)
            call([tier, speech], "Replace pitch tier")
        if speed != 1:
            durations = call("Create DurationTier", "speed", 0, sound.duration)
            call(durations, "Add point", 0, 1 / speed)
            call([durations, speech], "Replace duration tier")
        changed: NDArray[np.float64] = call(speech, "Get resynthesis (overlap-add)").values[0]
    except parselmouth.PraatError as problem:
        raise EngineError(f"Praat failed: {problem}", "leave out --speed and --pitch") from problem
    loudest = _FULL_SCALE - 1
    return np.clip(np.rint(changed * _FULL_SCALE), -loudest, loudest).astype(np.int16)
