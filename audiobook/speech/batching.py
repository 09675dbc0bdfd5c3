"""Joins several texts in one request, and splits the sound that comes back into their clips."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from audiobook.speech.borders import border_probabilities
from audiobook.speech.clauses import CLOSED, WORD, split_clauses
from audiobook.speech.silences import find_silences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ENDS_SENTENCE = re.compile(rf"[.?!…]{CLOSED}\s*\Z")
_SURE = 0.99


def group_texts(texts: Sequence[str], limit: int) -> list[range]:
    """Group texts into as few requests as possible, each of neighbours joined by a space.

    The groups depend on nothing else, so that the same texts are always grouped the same.

    Args:
        texts: in the order they are said.
        limit: most characters of a request; a longer text makes a request alone.

    >>> group_texts(["Một.", "Hai!", "Ba,", "bốn."], 20)
    [range(0, 3), range(3, 4)]
    """
    groups: list[range] = []
    length = 0
    for position, text in enumerate(texts):
        length += 1 + len(text)
        if groups and length <= limit and _can_be_joined(texts[position - 1], text):
            groups[-1] = range(groups[-1].start, position + 1)
        else:
            groups.append(range(position, position + 1))
            length = len(text)
    return groups


def split_sound(
    samples: NDArray[np.int16], rate: int, texts: Sequence[str]
) -> list[NDArray[np.int16]] | None:
    """Split the sound of texts that were spoken together into one clip for each text.

    Each cut is in the middle of a silence; the clips, joined again, are the sound. A hidden
    semi-Markov model finds the right silences: over all alignments of the sound and the texts it
    weighs how long the speech between silences lasts, and the punctuation inside the texts.

    Args:
        samples: shape (n,).
        rate: samples a second.
        texts: what was said, in order.

    Returns:
        The clips, or None where it is uncertain which silences separate the texts.
    """
    if len(texts) < 2:
        return [samples] if texts else None
    silences = find_silences(samples, rate)
    if silences is None or len(silences.middle) <= len(texts):
        return None
    clauses = [split_clauses(text) for text in texts]
    probabilities = border_probabilities(
        [clause for text_clauses in clauses for clause in text_clauses], silences
    )
    if probabilities is None:
        return None
    borders = np.cumsum([len(text_clauses) for text_clauses in clauses])[:-1]
    cuts = probabilities[borders].argmax(axis=1)
    if (1 - probabilities[borders, cuts]).sum() > 1 - _SURE or np.any(np.diff(cuts) <= 0):
        return None
    return np.split(samples, silences.middle[cuts])


def _can_be_joined(text: str, following: str) -> bool:
    """Whether both texts can be spoken, and the first ends a sentence, so that a pause follows."""
    return bool(_ENDS_SENTENCE.search(text) and WORD.search(text) and WORD.search(following))
