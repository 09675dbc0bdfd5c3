"""The weights of near spellings, as log odds that one of them was meant.

Those for right syllables are from a logistic regression, rounded, on 1,400 of them: in an
encyclopaedia with marked misprints, in news, blogs, theses and novels that were read and judged,
and on inserted slips. Those for words that are not syllables were set by hand. So it is with the
weights in `weighing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.vietnamese.slips import Slip

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What counts for a near spelling and against it."""

    slips: Mapping[Slip, float]
    """By what makes the spelling near."""
    beside_both: float
    """If it suits both neighbours."""
    in_a_list: float
    """For each source that has the suggested word."""
    seen_here: float
    """For each doubling of the count of the suggested pair in the text."""
    common_neighbour: float
    """For each doubling of the count of the neighbour in the text."""
    neighbour_taken: float
    """If the neighbour forms a word with its other neighbour."""
    neighbour_alone: float = 0.0
    """For each doubling of the count of the neighbour as a word in the tagged sentences."""
    suggests_free: float = 0.0
    """If the spelling is a word by itself."""


OF_NO_SYLLABLE = Weights(
    slips={Slip.TONE: 2.9, Slip.MARK: 3.8, Slip.PLACE: 5.0, Slip.HOOK: 2.9, Slip.FINAL: 1.0},
    beside_both=2.6,
    in_a_list=0.45,
    seen_here=1.3,
    common_neighbour=-0.35,
    neighbour_taken=-1.0,
    suggests_free=0.7,
)
"""For words that are not syllables."""

OF_RIGHT = Weights(
    slips={
        Slip.TONE: 1.0,
        Slip.MARK: 1.2,
        Slip.PLACE: 1.1,
        Slip.SOUND: 2.2,
        Slip.ACCENT: 1.7,  # less than measured, because many of them are old spellings
        Slip.HOOK: 2.7,
        Slip.FINAL: 1.5,
    },
    beside_both=1.0,
    in_a_list=0.38,
    seen_here=0.9,
    common_neighbour=-0.18,
    neighbour_taken=-1.1,
    neighbour_alone=-0.11,
)
"""For right syllables."""
