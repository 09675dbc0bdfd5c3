"""Makes speech faster or slower, higher or lower, for engines that cannot do so themselves.

It uses pitch-synchronous overlap-add (Moulines and Charpentier, 1990), by Praat: whole periods of
the voice are left out, repeated or moved. So the formants stay, by which vowels are told apart,
and there is no pre-echo. Rubber Band 3, which works on spectra, moved a first formant of 700 Hz
to 838 Hz at a pitch of 1.15, with 48 dB of pre-echo; this moved it by 3 Hz.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audiobook.errors import EngineError, VoiceError
from audiobook.messages import Message, message
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

SPEEDS = (0.5, 2.0)
"""Least and greatest speed: slower, hisses buzz; faster, whole sounds are lost."""
PITCHES = (0.5, 2.0)

# Hertz between which the pitch of a voice is searched, and seconds between the searches: the
# defaults of Praat.
_LOWEST, _HIGHEST = 75, 600
_STEP = 0.01
# Seconds of silence added around the sound while it is processed, more than three periods of the
# lowest voice. Without it Praat finds no pitch in a short clip, and cuts off the last period of a
# long one.
_MARGIN = 0.1
_FULL_SCALE = 32_768


def stretch(samples: NDArray[np.int16], rate: int, speed: float, pitch: float) -> NDArray[np.int16]:
    """Return speech at another speed and pitch, as loud as before; at 1 and 1 the same samples.

    It takes about 10 ms for a second of speech. Only one thread may call it at a time, because
    Praat is not thread-safe.

    Args:
        samples: shape (n,), mono; the result has shape (round(n / speed),).
        rate: samples a second.
        speed: factor, 1 for no change.
        pitch: factor, 1 for no change; the formants stay.

    Raises:
        VoiceError: as `check_reachable` raises it.
        EngineError: Praat failed.
    """
    check_reachable(speed, pitch)
    if speed == pitch == 1 or not len(samples):
        return samples
    margin = round(_MARGIN * rate)
    changed = _resynthesize(np.pad(samples / _FULL_SCALE, margin), rate, speed, pitch)
    start, length = round(margin / speed), round(len(samples) / speed)
    return _match_power(samples, changed[start : start + length] * _FULL_SCALE)


def check_reachable(speed: float, pitch: float) -> None:
    """Check that speech can be brought to this speed and pitch.

    Raises:
        VoiceError: it is out of reach, or Praat's library is not installed.
    """
    if speed == pitch == 1:
        return
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        what = message(
            "this voice has one speed, and at {factor:g} times that it cannot be understood",
            factor=speed,
        )
        raise VoiceError(what, _other(SPEEDS))
    if not PITCHES[0] <= pitch <= PITCHES[1]:
        what = message(
            "this voice has one pitch, and at {factor:g} times that it cannot be understood",
            factor=pitch,
        )
        raise VoiceError(what, _other(PITCHES))
    _load_praat()


def _other(limits: tuple[float, float]) -> Message:
    least, most = limits
    return message("choose {least:g} to {most:g}, or another voice", least=least, most=most)


def _resynthesize(
    wave: NDArray[np.float64], rate: int, speed: float, pitch: float
) -> NDArray[np.float64]:
    parselmouth = _load_praat()
    call = parselmouth.praat.call
    try:
        sound = parselmouth.Sound(values=wave, sampling_frequency=rate)
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
        raise EngineError(
            message("Praat failed: {reason}", reason=problem),
            message("leave out --speed and --pitch"),
        ) from problem
    return changed


def _load_praat() -> ModuleType:
    try:
        import parselmouth
    except ImportError as problem:
        raise VoiceError(
            message(
                "this voice has one speed and one pitch, and what changes them is not installed"
            ),
            message(
                "{install}, or leave out --speed and --pitch",
                install=install_hint("praat-parselmouth"),
            ),
        ) from problem
    library: ModuleType = parselmouth
    return library


def _match_power(original: NDArray[np.int16], stretched: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return stretched sound with the power of the original, or less where it would clip.

    Fewer periods a second are softer.
    """
    power, stretched_power = (
        np.square(original, dtype=np.float64).mean(),
        np.square(stretched).mean(),
    )
    loudest_gain = (_FULL_SCALE - 1) / max(np.abs(stretched).max(initial=0), 1)
    gain = min(np.sqrt(power / stretched_power), loudest_gain) if stretched_power else 1.0
    return np.rint(stretched * gain).astype(np.int16)
