"""What north, central and south say differently: the table ``data/dialects.tsv``."""

from __future__ import annotations

from audiobook.vietnamese.rules.rule import Accent
from audiobook.vietnamese.table import load_table

_ROWS = load_table("dialects.tsv")
DIALECTS: dict[Accent, dict[str, str]] = {
    "north": {meaning: north for meaning, north, *_ in _ROWS},
    "central": {meaning: central for meaning, _, central, *_ in _ROWS},
    "south": {meaning: south for meaning, _, _, south, *_ in _ROWS},
}
"""By accent, the word for each row of the table."""


def every_word(meaning: str) -> tuple[str, ...]:
    """Return the words of all accents for one row: what a text may have written.

    >>> every_word("first ten days")
    ('mùng', 'mồng')
    """
    return tuple(dict.fromkeys(words[meaning] for words in DIALECTS.values()))
