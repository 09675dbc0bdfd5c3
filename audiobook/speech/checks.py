"""What can be wrong with the sound of a text: too short, too long, silent, clipped, noise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiobook.model import Voice

_WORD = re.compile(r"[^\W_]+")
# Of 2,400 sentences by two voices the fastest took 0.55 times the median for a syllable, the
# slowest 1.7 times.
_SHORTEST, _LONGEST = 0.3, 3.0
# Fewer syllables than this may be swallowed, or drawn out.
_FEWEST = 3
_DRAWN_OUT = 2.0
# A word that is no Vietnamese syllable may be spelled, letter by letter; other signs than those of
# prose may be named, and letters of other scripts by their numbers.
_LETTER = _SIGN = 1.0
_STRANGE_LETTER = 3.0
_SIGNS = re.compile(r"[^\w\s.,;:!?…“”‘’\"'()–—-]|_")
_STRANGE_LETTERS = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_FULL_SCALE = 32766
_CLIPPED_SHARE = 0.002
# How like each sample is to the next: of single hissed words of four voices at least 0.84, of
# noise, and of samples whose bytes are swapped, about none.
_NOISE = 0.3


def fault(samples: NDArray[np.int16], text: str, voice: Voice) -> str:
    """Tell what is wrong with the sound of a text, silence at its ends cut off; "" if nothing is.

    Args:
        samples: shape (n,), at ``voice.rate``.
        text: what was to be said.
        voice: who said it; its seconds a syllable give the bounds.
    """
    if not len(samples):
        return "only silence came"
    words = _WORD.findall(text)
    syllables = sum(map(is_vietnamese, words))
    letters = sum(len(word) for word in words if not is_vietnamese(word))
    usual = voice.syllable / voice.speed
    seconds = len(samples) / voice.rate
    if syllables >= _FEWEST and seconds < _SHORTEST * usual * syllables:
        return f"{seconds:.2f} s is too short for {syllables} syllables"
    spelled = _LETTER * letters + _SIGN * len(_SIGNS.findall(text))
    spelled += _STRANGE_LETTER * len(_STRANGE_LETTERS.findall(text))
    if seconds > _DRAWN_OUT + _LONGEST * usual * syllables + spelled:
        return f"{seconds:.1f} s is too long for {len(words)} words"
    if np.count_nonzero(np.abs(samples.astype(np.int32)) >= _FULL_SCALE) > _CLIPPED_SHARE * len(
        samples
    ):
        return "the sound is clipped"
    if _likeness(samples.astype(np.float32)) < _NOISE:
        return "it is noise"
    return ""


def _likeness(samples: NDArray[np.float32]) -> float:
    """Return the autocorrelation at a lag of one sample."""
    return float(samples[1:] @ samples[:-1]) / max(float(samples @ samples), 1.0)
