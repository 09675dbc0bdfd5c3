"""Which strings of letters are Vietnamese syllables, tones and capitals aside."""

from __future__ import annotations

import re
import unicodedata

# Onset and rime as the orthography allows them, marks and tones removed: enough to tell a
# Vietnamese word written in capitals from an acronym.
_SHAPE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|ch|nh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:uye|uyu|uya|oai|oao|oay|oeo|uay|uoi|uou|ieu|yeu|"
    r"ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_TONES_AND_MARKS = {ord(mark): None for mark in "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"}


def is_syllable(word: str) -> bool:
    """Whether a word could be one Vietnamese syllable.

    >>> is_syllable("ANH"), is_syllable("ESA"), is_syllable("ISS")
    (True, False, False)
    """
    bare = unicodedata.normalize("NFD", word.lower()).translate(_TONES_AND_MARKS)
    return _SHAPE.fullmatch(bare) is not None
