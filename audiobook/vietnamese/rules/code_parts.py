"""The parts of a code, letters and numbers, and how each is said."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS, WORDS
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.rule import Accent
from audiobook.vietnamese.table import load_pairs

WORDS_OF_CODES = load_pairs("code_words.tsv")
"""Parts of codes that are read as words: COVID-19."""
PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_LONGEST_NUMBER = 3
_LONGEST_SPELLED = 2


def say_part(part: str, accent: Accent) -> str:
    """Return the words for one part of a code: a number, a word, or letters."""
    if part.isdecimal():
        long = len(part) > _LONGEST_NUMBER and not part.endswith("00")
        in_digits = long or (part[0] == "0" and len(part) > 1)
        return digits(part, accent) if in_digits else cardinal(int(part), accent)
    if len(part) > _LONGEST_SPELLED and part in EXPANSIONS:
        return EXPANSIONS[part]
    if part in WORDS:
        return part
    return WORDS_OF_CODES.get(part.upper()) or spell(part)
