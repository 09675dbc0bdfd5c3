"""How sure the models of underthesea are of a syllable in its sentence.

They cut a word with certainty where it belongs, and seldom where it does not.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from math import log
from typing import Any

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.words import TAG_MODEL, WORD_MODEL, layout_error, underthesea_folder

# A token of the model: a syllable, a number or a mark.
_PART = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_INSIDE = "I-W"  # the label of a syllable that continues a word


def model_tokens(text: str) -> list[str]:
    """Return the tokens of a text as the model expects them.

    >>> model_tokens("Năm 1945, nhà")
    ['Năm', '1945', ',', 'nhà']
    """
    return _PART.findall(text)


def cut_certainty(syllables: list[str], place: int) -> float:
    """Return how sure the word model is of the cut at a syllable and beside it.

    Args:
        syllables: the tokens of a sentence; marks count, too.
        place: index of the token.

    Returns:
        The log of the probability of the likeliest labels of the token and its two neighbours.

    Raises:
        AudiobookError: the installed underthesea lacks its models, or has other ones.
    """
    model = _model(WORD_MODEL)
    shares = model.estimator.marginals(_features(model, syllables))
    return sum(log(max(likely)) for likely in shares[max(0, place - 1) : place + 2])


def tag_certainty(syllables: list[str], place: int) -> float:
    """Return the probability of the likeliest part of speech of the word at a place.

    Raises:
        AudiobookError: the installed underthesea lacks its models, or has other ones.
    """
    cutter, tagger = _model(WORD_MODEL), _model(TAG_MODEL)
    words: list[str] = []
    index = 0
    labels = cutter.estimator.tag(_features(cutter, syllables))
    for number, (syllable, label) in enumerate(zip(syllables, labels, strict=True)):
        if label == _INSIDE and words:
            words[-1] += f" {syllable}"
        else:
            words.append(syllable)
        if number == place:
            index = len(words) - 1
    tags: list[list[float]] = tagger.estimator.marginals(_features(tagger, words))
    return max(tags[index])


def _features(model: Any, tokens: list[str]) -> list[list[str]]:
    features: list[list[str]] = model.featurizer.process([[[token] for token in tokens]])[0]
    return features


@cache
def _model(pattern: str) -> Any:
    """Load a model without importing underthesea, which takes 0.4 s and 90 MB."""
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
        raise layout_error() from error
    return model
