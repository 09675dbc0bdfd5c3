"""Words that differ between north, centre and south: the table ``data/dialects.tsv``."""

from __future__ import annotations

from audiobook.vietnamese.rules.rule import Accent
from audiobook.vietnamese.table import load_table

_ROWS = load_table("dialects.tsv")
DIALECTS: dict[Accent, dict[str, str]] = {
    "north": {meaning: north for meaning, north, *_ in _ROWS},
    "central": {meaning: central for meaning, _, central, *_ in _ROWS},
    "south": {meaning: south for meaning, _, _, south, *_ in _ROWS},
}
"""For each accent, the word by the meaning that is the first cell of each row."""


def every_word(meaning: str) -> tuple[str, ...]:
    """Return the words that the accents have for one meaning, each once.

    >>> every_word("first ten days")
    ('mùng', 'mồng')
    """
    return tuple(dict.fromkeys(words[meaning] for words in DIALECTS.values()))
