"""Several texts in one request, and the sound that comes back in one clip a text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_CLOSED = r"[\"'”’»)\]]*"
_WORD = re.compile(r"[^\W_]+")
_ENDS_SENTENCE = re.compile(rf"[.?!…]{_CLOSED}\s*\Z")

# --- what is listened to ---
_FRAME = 0.005
# Silence is this much softer than loud speech, or this much louder than the softest sound.
_BELOW_SPEECH, _ABOVE_NOISE = 10 ** (-28 / 20), 10 ** (6 / 20)
_SHORTEST_SILENCE = 0.05
# Closures of p, t, c and k are shorter than a border between two texts.
_SHORTEST_BORDER = 0.14

# --- what is expected ---
# Speech of n syllables lasts n times the average, give or take this part of a syllable for each
# and this part of the whole; a clause has an end that is drawn out.
_EACH, _WHOLE, _FINAL = 0.3, 0.08, 0.3
_ODD_LETTER = 0.3
"""How many syllables more or less a letter of a word that is not Vietnamese may take."""


class _Mark(NamedTuple):
    """What a kind of border between two clauses sounds like."""

    silent: float
    """How often there is a silence at all."""
    usual: float
    """Its median length in seconds."""
    spread: float
    """Standard deviation of the length's logarithm."""


_CLAUSE = _Mark(0.75, 0.2, 0.7)
_SENTENCE = _Mark(0.97, 0.35, 0.6)
_TEXT = _Mark(0.998, 0.4, 0.55)
# Silences where nothing is written: closures, and now and then a breath.
_UNWRITTEN_A_SECOND = 1.5
_CLOSURE = 0.035
_BREATH_SHARE, _BREATH = 0.03, _Mark(1.0, 0.2, 0.7)

_MOST_RUN_TOGETHER = 6
# Beginnings that are so much (natural logarithm) less probable than the best are not followed, nor
# ends so many standard deviations too late.
_IMPROBABLE = 30.0
_FURTHEST = 8
_SURE = 0.99


class _Clause(NamedTuple):
    """A run of words without a mark between them."""

    syllables: float
    variance: float
    """Of the syllables, as far as their number is not known."""
    after: _Mark


class _Silences(NamedTuple):
    """Where nobody speaks; the first and the last are the ends of the sound."""

    middle: NDArray[np.int64]
    """In samples."""
    length: Floats
    """In seconds."""
    spoken: Floats
    """Seconds of speech before it."""


def pack(texts: Sequence[str], limit: int) -> list[range]:
    """Decide which neighbours go into one request, joined by a space: as few requests as can be.

    It depends on nothing else, so that the same texts are packed the same again.

    Args:
        texts: in the order they are said.
        limit: most characters of a request; a text that is longer goes alone.

    >>> pack(["Một.", "Hai!", "Ba,", "bốn."], 20)
    [range(0, 3), range(3, 4)]
    """
    groups: list[range] = []
    length = 0
    for position, text in enumerate(texts):
        length += 1 + len(text)
        if groups and length <= limit and _may_meet(texts[position - 1], text):
            groups[-1] = range(groups[-1].start, position + 1)
        else:
            groups.append(range(position, position + 1))
            length = len(text)
    return groups


def part(
    samples: NDArray[np.int16], rate: int, texts: Sequence[str]
) -> list[NDArray[np.int16]] | None:
    """Cut the sound of texts that were spoken as one back into one clip a text.

    Each cut is in the middle of a silence; the clips one after the other are the sound. Which
    silences they are is weighed by how long the speech between them lasts and by the marks
    inside the texts, over all ways to lay the one along the other (a hidden semi-Markov model).

    Args:
        samples: shape (n,).
        rate: samples a second.
        texts: what was said, in order.

    Returns:
        The clips, or None where it is not sure which silences part the texts.
    """
    if len(texts) < 2:
        return [samples] if texts else None
    silences = _silences(samples, rate)
    if silences is None or len(silences.middle) <= len(texts):
        return None
    clauses = [_clauses(text) for text in texts]
    chances = _chances([one for text in clauses for one in text], silences)
    if chances is None:
        return None
    borders = np.cumsum([len(text) for text in clauses])[:-1]
    chosen = chances[borders].argmax(axis=1)
    if (1 - chances[borders, chosen]).sum() > 1 - _SURE or np.any(np.diff(chosen) <= 0):
        return None
    return np.split(samples, silences.middle[chosen])


def _may_meet(text: str, following: str) -> bool:
    """Tell whether a pause will be heard between two texts that both have something to say."""
    return bool(_ENDS_SENTENCE.search(text) and _WORD.search(text) and _WORD.search(following))


# --- listening -----------------------------------------------------------------------------------


def _silences(samples: NDArray[np.int16], rate: int) -> _Silences | None:
    """Find the silences of a sound, or None where there is no speech."""
    step = max(round(_FRAME * rate), 1)
    frames = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    if not len(frames):
        return None
    level = np.sqrt(np.mean(frames**2, axis=1))
    speech, noise = np.percentile(level, [90, 3])
    quiet = level <= max(speech * _BELOW_SPEECH, min(noise * _ABOVE_NOISE, speech / 4))
    edges = np.flatnonzero(np.diff(quiet, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    inner = (
        ((ends - starts) * step >= _SHORTEST_SILENCE * rate) & (starts > 0) & (ends < len(level))
    )
    first = ends[0] if quiet[0] else 0
    last = starts[-1] if quiet[-1] else len(level)
    if first >= last:
        return None
    starts = np.concatenate(([first], starts[inner], [last]))
    ends = np.concatenate(([first], ends[inner], [last]))
    before = np.concatenate(([0], np.cumsum(ends - starts)[:-1]))
    seconds = np.float64(step / rate)
    return _Silences(
        (starts + ends) * step // 2, (ends - starts) * seconds, (starts - first - before) * seconds
    )


# --- reading -------------------------------------------------------------------------------------

_MARKED = re.compile(rf"[,;:.?!…–—]+{_CLOSED}(?=\s|\Z)|\s[-–—](?=\s)")
_VOWELS = re.compile(r"(?:[aeiouy][\u0300-\u036f]*)+", re.IGNORECASE)


def _clauses(text: str) -> list[_Clause]:
    """Return the clauses of a text; the last one ends at the border to the next text."""
    found: list[_Clause] = []
    start = 0
    for mark in _MARKED.finditer(text):
        if words := _WORD.findall(text, start, mark.start()):
            after = _SENTENCE if any(sign in ".?!…" for sign in mark[0]) else _CLAUSE
            found.append(_clause(words, after))
            start = mark.end()
    if words := _WORD.findall(text, start):
        found.append(_clause(words, _TEXT))
    if not found:
        return [_Clause(_FINAL, 1.0, _TEXT)]
    return [*found[:-1], found[-1]._replace(after=_TEXT)]


def _clause(words: Sequence[str], after: _Mark) -> _Clause:
    syllables, variance = _FINAL, 0.0
    for word in words:
        if is_vietnamese(word):
            syllables += 1
        else:
            # A word with vowels may be read, in syllables, or spelled; of others, as in other
            # scripts, nobody knows what comes of them.
            vowels = len(_VOWELS.findall(unicodedata.normalize("NFD", word)))
            syllables += vowels or len(word)
            variance += ((_ODD_LETTER if vowels else 1) * len(word)) ** 2
    return _Clause(syllables, variance, after)


# --- laying the one along the other --------------------------------------------------------------


class _Step(NamedTuple):
    """Log densities of speech between two silences being the clauses between two borders."""

    start: int
    """Clauses before it."""
    end: int
    """Clauses up to its end."""
    rows: slice
    """Silences it may begin after."""
    columns: slice
    """Silences it may end at."""
    density: Floats


def _chances(clauses: Sequence[_Clause], silences: _Silences) -> Floats | None:
    """Return the probability that after a number of clauses comes a silence, shape (n + 1, m).

    It is the product of a forward and a backward sum over all alignments; a clause may run into
    the next without a silence, and a silence may be where nothing is written. Improbable beginnings
    are dropped on the way, so that it takes time in proportion to the length. None if none is left.
    """
    steps: list[_Step] = []
    densities = _Densities(clauses, silences)
    forward = np.full((len(clauses) + 1, len(silences.middle)), -np.inf)
    forward[0, 0] = 0.0
    for end in range(1, len(clauses) + 1):
        for start in range(max(end - _MOST_RUN_TOGETHER, 0), end):
            likely = np.flatnonzero(forward[start] > -np.inf)
            if len(likely):
                step = densities.step(start, end, int(likely[0]), int(likely[-1]))
                reached = _sum(forward[start, step.rows, None] + step.density, axis=0)
                forward[end, step.columns] = np.logaddexp(forward[end, step.columns], reached)
                steps.append(step)
        forward[end, forward[end] < forward[end].max() - _IMPROBABLE] = -np.inf
    if (total := forward[-1, -1]) == -np.inf:
        return None
    backward = np.full_like(forward, -np.inf)
    backward[-1, -1] = 0.0
    for start, end, rows, columns, density in reversed(steps):
        reached = _sum(density + backward[end, None, columns], axis=1)
        backward[start, rows] = np.logaddexp(backward[start, rows], reached)
    return np.asarray(np.exp(forward + backward - total))


class _Densities:
    """How well speech and silences go with clauses and their marks, as log densities."""

    def __init__(self, clauses: Sequence[_Clause], silences: _Silences) -> None:
        self._count = len(clauses)
        self._spoken = silences.spoken
        self._syllables = np.cumsum([0.0, *(one.syllables for one in clauses)])
        self._variance = np.cumsum([0.0, *(one.variance for one in clauses)])
        self._run_on = np.cumsum([0.0, *(np.log1p(-one.after.silent) for one in clauses)])
        self._pace = silences.spoken[-1] / self._syllables[-1]
        logarithm = np.log(np.maximum(silences.length, _SHORTEST_SILENCE))
        self._unwritten = np.cumsum([0.0, *_unwritten(silences.length, logarithm)])
        written = {
            mark: np.log(mark.silent) + _log_normal(logarithm, mark)
            for mark in (_CLAUSE, _SENTENCE, _TEXT)
        }
        written[_TEXT][silences.length < _SHORTEST_BORDER] = -np.inf
        self._after = [written[one.after] for one in clauses[:-1]] + [np.zeros(len(logarithm))]

    def step(self, start: int, end: int, first: int, last: int) -> _Step:
        """Return the step from one border to another that begins at silences first to last."""
        expected = self._syllables[end] - self._syllables[start]
        deviation = self._pace * np.sqrt(
            _EACH**2 * expected
            + (_WHOLE * expected) ** 2
            + self._variance[end]
            - self._variance[start]
        )
        expected *= self._pace
        furthest = self._spoken[last] + expected + _FURTHEST * deviation
        rows = slice(first, last + 1)
        columns = slice(first + 1, int(np.searchsorted(self._spoken, furthest, "right")))
        spoken = self._spoken[None, columns] - self._spoken[rows, None]
        density = -(((spoken - expected) / deviation) ** 2) / 2 - np.log(deviation)
        density += self._unwritten[None, columns] - self._unwritten[1:][rows, None]
        density += self._run_on[end - 1] - self._run_on[start] + self._after[end - 1][columns]
        is_last = np.arange(len(self._spoken))[columns] == len(self._spoken) - 1
        density[:, is_last != (end == self._count)] = -np.inf
        density[spoken <= 0] = -np.inf
        return _Step(start, end, rows, columns, density)


def _sum(densities: Floats, axis: int) -> Floats:
    return np.asarray(np.logaddexp.reduce(densities, axis=axis))


def _log_normal(logarithm: Floats, mark: _Mark) -> Floats:
    deviation = (logarithm - np.log(mark.usual)) / mark.spread
    return np.asarray(-(deviation**2) / 2 - logarithm - np.log(mark.spread * np.sqrt(2 * np.pi)))


def _unwritten(length: Floats, logarithm: Floats) -> Floats:
    """Return the log density of silences of some lengths where nothing is written."""
    longer = np.maximum(length - _SHORTEST_SILENCE, 0)
    closure = np.log(1 - _BREATH_SHARE) - longer / _CLOSURE - np.log(_CLOSURE)
    breath = np.log(_BREATH_SHARE) + _log_normal(logarithm, _BREATH)
    return np.asarray(np.log(_UNWRITTEN_A_SECOND) + np.logaddexp(closure, breath))
