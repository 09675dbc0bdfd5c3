"""Joins several texts in one request, and splits the sound that comes back into their clips."""

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

# --- silences in the sound ---
_FRAME = 0.005
# Silence is at least this much softer than loud speech, or at most this much louder than the
# softest sound.
_BELOW_SPEECH, _ABOVE_NOISE = 10 ** (-28 / 20), 10 ** (6 / 20)
_SHORTEST_SILENCE = 0.05
# Seconds: closures of p, t, c and k are shorter than a border between two texts.
_SHORTEST_BORDER = 0.14

# --- expected speech ---
# Speech of n syllables lasts n times the average. Its standard deviation is the first part of a
# syllable for each syllable, and the second part of the whole; the end of a clause is longer.
_EACH, _WHOLE, _FINAL = 0.3, 0.08, 0.3
_ODD_LETTER = 0.3
"""How many syllables more or less a letter of a word that is not Vietnamese may take."""


class _Border(NamedTuple):
    """How long the silence is at one kind of border between two clauses."""

    silent: float
    """Probability that there is a silence at all."""
    usual: float
    """Its median length in seconds."""
    spread: float
    """Standard deviation of the length's logarithm."""


_CLAUSE = _Border(0.75, 0.2, 0.7)
_SENTENCE = _Border(0.97, 0.35, 0.6)
_TEXT = _Border(0.998, 0.4, 0.55)
# Silences inside a clause: closures of consonants, and now and then a breath.
_UNWRITTEN_A_SECOND = 1.5
_CLOSURE = 0.035
_BREATH_SHARE, _BREATH = 0.03, _Border(1.0, 0.2, 0.7)

_MOST_RUN_TOGETHER = 6
# Alignments that are less probable than the best by this natural logarithm are dropped, and ends
# that are this many standard deviations too late.
_IMPROBABLE = 30.0
_FURTHEST = 8
_SURE = 0.99


class _Clause(NamedTuple):
    """A run of words without a mark between them."""

    syllables: float
    variance: float
    """Of the syllables, as far as their number is not known."""
    border: _Border


class _Silences(NamedTuple):
    """Where nobody speaks; the first and the last are the ends of the sound."""

    middle: NDArray[np.int64]
    """In samples."""
    length: Floats
    """In seconds."""
    spoken: Floats
    """Seconds of speech before it."""


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
    silences = _find_silences(samples, rate)
    if silences is None or len(silences.middle) <= len(texts):
        return None
    clauses = [_split_clauses(text) for text in texts]
    probabilities = _border_probabilities(
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
    return bool(_ENDS_SENTENCE.search(text) and _WORD.search(text) and _WORD.search(following))


# --- listening -----------------------------------------------------------------------------------


def _find_silences(samples: NDArray[np.int16], rate: int) -> _Silences | None:
    """Return the silences of a sound, or None where there is no speech."""
    step = max(round(_FRAME * rate), 1)
    frames = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    if not len(frames):
        return None
    level = np.sqrt(np.mean(frames**2, axis=1))
    speech, noise = np.percentile(level, [90, 3])
    quiet = level <= max(speech * _BELOW_SPEECH, min(noise * _ABOVE_NOISE, speech / 4))
    edges = np.flatnonzero(np.diff(quiet, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    is_silence = (
        ((ends - starts) * step >= _SHORTEST_SILENCE * rate) & (starts > 0) & (ends < len(level))
    )
    first = ends[0] if quiet[0] else 0
    last = starts[-1] if quiet[-1] else len(level)
    if first >= last:
        return None
    starts = np.concatenate(([first], starts[is_silence], [last]))
    ends = np.concatenate(([first], ends[is_silence], [last]))
    silent_before = np.concatenate(([0], np.cumsum(ends - starts)[:-1]))
    seconds = np.float64(step / rate)
    return _Silences(
        (starts + ends) * step // 2,
        (ends - starts) * seconds,
        (starts - first - silent_before) * seconds,
    )


# --- reading -------------------------------------------------------------------------------------

_MARKED = re.compile(rf"[,;:.?!…–—]+{_CLOSED}(?=\s|\Z)|\s[-–—](?=\s)")
_VOWELS = re.compile(r"(?:[aeiouy][\u0300-\u036f]*)+", re.IGNORECASE)


def _split_clauses(text: str) -> list[_Clause]:
    """Return the clauses of a text; the last one ends at the border to the next text."""
    clauses: list[_Clause] = []
    start = 0
    for mark in _MARKED.finditer(text):
        if words := _WORD.findall(text, start, mark.start()):
            border = _SENTENCE if any(sign in ".?!…" for sign in mark[0]) else _CLAUSE
            clauses.append(_make_clause(words, border))
            start = mark.end()
    if words := _WORD.findall(text, start):
        clauses.append(_make_clause(words, _TEXT))
    if not clauses:
        return [_Clause(_FINAL, 1.0, _TEXT)]
    return [*clauses[:-1], clauses[-1]._replace(border=_TEXT)]


def _make_clause(words: Sequence[str], border: _Border) -> _Clause:
    syllables, variance = _FINAL, 0.0
    for word in words:
        if is_vietnamese(word):
            syllables += 1
        else:
            # A word with vowels may be read, in syllables, or spelled. How other words are said,
            # as those of other scripts, is not known.
            vowels = len(_VOWELS.findall(unicodedata.normalize("NFD", word)))
            syllables += vowels or len(word)
            variance += ((_ODD_LETTER if vowels else 1) * len(word)) ** 2
    return _Clause(syllables, variance, border)


# --- laying the one along the other --------------------------------------------------------------


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


def _border_probabilities(clauses: Sequence[_Clause], silences: _Silences) -> Floats | None:
    """Return the probability that each silence comes after each number of clauses.

    The result has the shape (clauses + 1, silences). It is the product of a forward and a
    backward sum over all alignments. A clause may run into the next without a silence, and a
    silence may lie inside a clause. Improbable alignments are dropped on the way, so that the time
    is proportional to the length. Returns None if no alignment is possible.
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

    def __init__(self, clauses: Sequence[_Clause], silences: _Silences) -> None:
        self._count = len(clauses)
        self._spoken = silences.spoken
        self._syllables = np.cumsum([0.0, *(clause.syllables for clause in clauses)])
        self._variance = np.cumsum([0.0, *(clause.variance for clause in clauses)])
        self._run_on = np.cumsum([0.0, *(np.log1p(-clause.border.silent) for clause in clauses)])
        self._pace = silences.spoken[-1] / self._syllables[-1]
        logarithm = np.log(np.maximum(silences.length, _SHORTEST_SILENCE))
        self._unwritten = np.cumsum([0.0, *_unwritten_density(silences.length, logarithm)])
        densities = {
            mark: np.log(mark.silent) + _log_normal(logarithm, mark)
            for mark in (_CLAUSE, _SENTENCE, _TEXT)
        }
        densities[_TEXT][silences.length < _SHORTEST_BORDER] = -np.inf
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


def _log_normal(logarithm: Floats, mark: _Border) -> Floats:
    deviation = (logarithm - np.log(mark.usual)) / mark.spread
    return np.asarray(-(deviation**2) / 2 - logarithm - np.log(mark.spread * np.sqrt(2 * np.pi)))


def _unwritten_density(length: Floats, logarithm: Floats) -> Floats:
    """Return the log density of silences of these lengths inside a clause."""
    longer = np.maximum(length - _SHORTEST_SILENCE, 0)
    closure = np.log(1 - _BREATH_SHARE) - longer / _CLOSURE - np.log(_CLOSURE)
    breath = np.log(_BREATH_SHARE) + _log_normal(logarithm, _BREATH)
    return np.asarray(np.log(_UNWRITTEN_A_SECOND) + np.logaddexp(closure, breath))
