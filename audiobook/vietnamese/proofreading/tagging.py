"""How sure underthesea's models are of a syllable in its sentence.

A word in its place is cut and tagged with certainty; one that does not belong there seldom is.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.vietnamese.words import TAG_MODEL, WORD_MODEL, lacking, underthesea_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

_INSIDE = "I-W"  # a syllable that goes on with a word


class Certainty(NamedTuple):
    """What the models think of one syllable."""

    cut: float
    """Log of the probability that words begin there and beside it as they most likely do."""
    tag: float
    """Probability of the likeliest part of speech of its word."""


def certainty(syllables: list[str], place: int) -> Certainty:
    """Tell how sure the models are of the syllable at a place; punctuation marks count as one each.

    Raises:
        AudiobookError: the installed underthesea lacks its models, or has other ones.
    """
    cutter, tagger = _model(WORD_MODEL), _model(TAG_MODEL)
    features = _features(cutter, syllables)
    likeliest = [max(shares) for shares in cutter.estimator.marginals(features)]
    words: list[str] = []
    word_of = []  # the index of its word, for each syllable
    for syllable, label in zip(syllables, cutter.estimator.tag(features), strict=True):
        if label == _INSIDE and words:
            words[-1] += f" {syllable}"
        else:
            words.append(syllable)
        word_of.append(len(words) - 1)
    tags = tagger.estimator.marginals(_features(tagger, words))
    cut = sum(map(log, likeliest[max(0, place - 1) : place + 2]))
    return Certainty(cut, max(tags[word_of[place]]))


def _features(model: Any, tokens: Sequence[str]) -> list[list[str]]:
    features: list[list[str]] = model.featurizer.process([[[token] for token in tokens]])[0]
    return features


@cache
def _model(pattern: str) -> Any:
    """Load a model without importing the whole of underthesea, which takes 0.4 s and 90 MB."""
    path = underthesea_folder() / "models" / "fast_crf_sequence_tagger.py"
    spec = importlib.util.spec_from_file_location("underthesea_sequence_tagger", path)
    try:
        if spec is None or spec.loader is None:
            raise ImportError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        model = module.FastCRFSequenceTagger()
        model.load(next(underthesea_folder().glob(pattern)).parent)
    except (ImportError, AttributeError, OSError) as error:
        raise lacking() from error
    return model
