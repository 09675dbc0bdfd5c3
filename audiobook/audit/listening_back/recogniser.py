"""What a recogniser is: whatever writes down the words of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HOME = "vi"
"""The language of books, as a BCP 47 tag."""
RATE = 16_000
"""Samples a second of the clips that recognisers hear."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser heard in a clip."""

    text: str
    """The words; empty where it heard none."""
    language: str
    """Their language as a BCP 47 tag; empty where the recogniser is not sure."""
    support: tuple[float, ...] = ()
    """What speaks for the text that is expected, piece by piece, in the order of the text: how much
    likelier a piece is in this clip than in silence, as a natural logarithm. Where it is said it is
    about 2, where something else is said about 0 or less."""


class Recogniser(Protocol):
    """Writes down what is said in a clip."""

    def hear(self, samples: NDArray[np.float32], language: str = "vi", expected: str = "") -> Heard:
        """Return what is said in a clip.

        Args:
            samples: the clip, from -1 to 1, at `RATE`.
            language: the BCP 47 tag of the language that is expected; empty to find it out, too.
            expected: a text, for which support is looked for.

        Raises:
            EngineError: it failed.
        """
        ...
