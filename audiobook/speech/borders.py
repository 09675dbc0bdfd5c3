"""Finds which silences of a sound separate the clauses that are said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audiobook.speech.clauses import CLAUSE_BORDER, SENTENCE_BORDER, TEXT_BORDER, Border
from audiobook.speech.silences import SHORTEST_SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audiobook.speech.clauses import Clause
    from audiobook.speech.silences import Silences

    Floats = NDArray[np.float64]

# Speech of n syllables lasts n times the average. Its standard deviation is the first part of a
# syllable for each syllable, and the second part of the whole.
_EACH, _WHOLE = 0.3, 0.08
# Seconds: closures of p, t, c and k are shorter than a border between two texts.
_SHORTEST_BORDER = 0.14
# Silences inside a clause: closures of consonants, and now and then a breath.
_UNWRITTEN_A_SECOND = 1.5
_CLOSURE = 0.035
_BREATH_SHARE, _BREATH = 0.03, Border(1.0, 0.2, 0.7)

_MOST_RUN_TOGETHER = 6
# Alignments that are less probable than the best by this natural logarithm are dropped, and ends
# that are this many standard deviations too late.
_IMPROBABLE = 30.0
_FURTHEST = 8


class _Step(NamedTuple):
    """Log densities of the speech between two silences being the clauses between two borders."""

    start: int
    """Number of clauses before the first border."""
    end: int
    """Number of clauses before the second border."""
    rows: slice
    """Silences that may be the first border."""
    columns: slice
    """Silences that may be the second border."""
    density: Floats


def border_probabilities(clauses: Sequence[Clause], silences: Silences) -> Floats | None:
    """Return the probability that each silence comes after each number of clauses.

    The result has the shape (clauses + 1, silences). It is the product of a forward and a
    backward sum over all alignments. A clause may run into the next without a silence, and a
    silence may lie inside a clause. Improbable alignments are dropped on the way, so that the time
    is proportional to the length. Returns None if no alignment is possible.

    Args:
        clauses: what is said, in order.
        silences: those of its sound.
    """
    steps: list[_Step] = []
    densities = _Densities(clauses, silences)
    forward = np.full((len(clauses) + 1, len(silences.middle)), -np.inf)
    forward[0, 0] = 0.0
    for end in range(1, len(clauses) + 1):
        for start in range(max(end - _MOST_RUN_TOGETHER, 0), end):
            possible = np.flatnonzero(forward[start] > -np.inf)
            if len(possible):
                step = densities.step(start, end, int(possible[0]), int(possible[-1]))
                log_sum = _log_sum(forward[start, step.rows, None] + step.density, axis=0)
                forward[end, step.columns] = np.logaddexp(forward[end, step.columns], log_sum)
                steps.append(step)
        forward[end, forward[end] < forward[end].max() - _IMPROBABLE] = -np.inf
    if (total := forward[-1, -1]) == -np.inf:
        return None
    backward = np.full_like(forward, -np.inf)
    backward[-1, -1] = 0.0
    for start, end, rows, columns, density in reversed(steps):
        log_sum = _log_sum(density + backward[end, None, columns], axis=1)
        backward[start, rows] = np.logaddexp(backward[start, rows], log_sum)
    return np.asarray(np.exp(forward + backward - total))


class _Densities:
    """Computes how well speech and silences fit clauses and their borders, as log densities."""

    def __init__(self, clauses: Sequence[Clause], silences: Silences) -> None:
        self._count = len(clauses)
        self._spoken = silences.spoken
        self._syllables = np.cumsum([0.0, *(clause.syllables for clause in clauses)])
        self._variance = np.cumsum([0.0, *(clause.variance for clause in clauses)])
        self._run_on = np.cumsum([0.0, *(np.log1p(-clause.border.silent) for clause in clauses)])
        self._pace = silences.spoken[-1] / self._syllables[-1]
        logarithm = np.log(np.maximum(silences.length, SHORTEST_SILENCE))
        self._unwritten = np.cumsum([0.0, *_unwritten_density(silences.length, logarithm)])
        densities = {
            mark: np.log(mark.silent) + _log_normal(logarithm, mark)
            for mark in (CLAUSE_BORDER, SENTENCE_BORDER, TEXT_BORDER)
        }
        densities[TEXT_BORDER][silences.length < _SHORTEST_BORDER] = -np.inf
        self._after = [densities[clause.border] for clause in clauses[:-1]] + [
            np.zeros(len(logarithm))
        ]

    def step(self, start: int, end: int, first: int, last: int) -> _Step:
        """Return the step from one border to another that begins at silences first to last."""
        expected = self._syllables[end] - self._syllables[start]
        spread = self._pace * np.sqrt(
            _EACH**2 * expected
            + (_WHOLE * expected) ** 2
            + self._variance[end]
            - self._variance[start]
        )
        expected *= self._pace
        furthest = self._spoken[last] + expected + _FURTHEST * spread
        rows = slice(first, last + 1)
        columns = slice(first + 1, int(np.searchsorted(self._spoken, furthest, "right")))
        spoken = self._spoken[None, columns] - self._spoken[rows, None]
        density = -(((spoken - expected) / spread) ** 2) / 2 - np.log(spread)
        density += self._unwritten[None, columns] - self._unwritten[1:][rows, None]
        density += self._run_on[end - 1] - self._run_on[start] + self._after[end - 1][columns]
        is_last = np.arange(len(self._spoken))[columns] == len(self._spoken) - 1
        density[:, is_last != (end == self._count)] = -np.inf
        density[spoken <= 0] = -np.inf
        return _Step(start, end, rows, columns, density)


def _log_sum(densities: Floats, axis: int) -> Floats:
    return np.asarray(np.logaddexp.reduce(densities, axis=axis))


def _log_normal(logarithm: Floats, mark: Border) -> Floats:
    deviation = (logarithm - np.log(mark.usual)) / mark.spread
    return np.asarray(-(deviation**2) / 2 - logarithm - np.log(mark.spread * np.sqrt(2 * np.pi)))


def _unwritten_density(length: Floats, logarithm: Floats) -> Floats:
    """Return the log density of silences of these lengths inside a clause."""
    longer = np.maximum(length - SHORTEST_SILENCE, 0)
    closure = np.log(1 - _BREATH_SHARE) - longer / _CLOSURE - np.log(_CLOSURE)
    breath = np.log(_BREATH_SHARE) + _log_normal(logarithm, _BREATH)
    return np.asarray(np.log(_UNWRITTEN_A_SECOND) + np.logaddexp(closure, breath))
