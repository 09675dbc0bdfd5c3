"""Checks the sound of a text: too short, too long, silent, clipped or noise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from audiobook.messages import NOTHING, Message, message
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiobook.model import Voice

_WORD = re.compile(r"[^\W_]+")
# Of 2,400 sentences by two voices the fastest took 0.55 times the median for a syllable, the
# slowest 1.7 times.
_SHORTEST, _LONGEST = 0.3, 3.0
# Fewer syllables than _FEWEST may be swallowed; all texts may last _DRAWN_OUT seconds longer.
_FEWEST = 3
_DRAWN_OUT = 2.0
# Seconds. A word that is no Vietnamese syllable may be spelled letter by letter; signs that are
# not those of prose may be named, and letters of other scripts read by their code numbers.
_LETTER = _SIGN = 1.0
_STRANGE_LETTER = 3.0
_SIGNS = re.compile(r"[^\w\s.,;:!?…“”‘’\"'()–—-]|_")
_STRANGE_LETTERS = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_FULL_SCALE = 32766
_CLIPPED_SHARE = 0.002
# The autocorrelation at a lag of one sample: single hissed words of four voices have at least
# 0.84, noise and samples with swapped bytes about 0.
_NOISE = 0.3


def find_problem(samples: NDArray[np.int16], text: str, voice: Voice) -> Message:
    """Return what is wrong with the sound of a text; an empty message if nothing is.

    Args:
        samples: shape (n,), at ``voice.rate``, without silence at the ends.
        text: what was to be said.
        voice: who said it; the length of its syllables gives the bounds.
    """
    if not len(samples):
        return message("only silence came")
    words = _WORD.findall(text)
    syllables = sum(map(is_vietnamese, words))
    letters = sum(len(word) for word in words if not is_vietnamese(word))
    per_syllable = voice.syllable / voice.speed
    seconds = len(samples) / voice.rate
    if syllables >= _FEWEST and seconds < _SHORTEST * per_syllable * syllables:
        return message(
            "{seconds:.2f} s is too short for {syllables} syllables",
            seconds=seconds,
            syllables=syllables,
        )
    spelling = _LETTER * letters + _SIGN * len(_SIGNS.findall(text))
    spelling += _STRANGE_LETTER * len(_STRANGE_LETTERS.findall(text))
    if seconds > _DRAWN_OUT + _LONGEST * per_syllable * syllables + spelling:
        return message(
            "{seconds:.1f} s is too long for {words} words", seconds=seconds, words=len(words)
        )
    if _clipped_share(samples) > _CLIPPED_SHARE:
        return message("the sound is clipped")
    if _likeness(samples.astype(np.float32)) < _NOISE:
        return message("it is noise")
    return NOTHING


def _clipped_share(samples: NDArray[np.int16]) -> float:
    if samples.max() < _FULL_SCALE and samples.min() > -_FULL_SCALE:
        return 0.0  # as nearly always, and found in a tenth of the time
    return np.count_nonzero((samples >= _FULL_SCALE) | (samples <= -_FULL_SCALE)) / len(samples)


def _likeness(samples: NDArray[np.float32]) -> float:
    """Return the autocorrelation at a lag of one sample."""
    return float(samples[1:] @ samples[:-1]) / max(float(samples @ samples), 1.0)
