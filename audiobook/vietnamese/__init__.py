"""The Vietnamese language, pure text to text: sentences, and what is said for what is written."""

from audiobook.vietnamese.clauses import pack_clauses
from audiobook.vietnamese.letters import clean_letters, is_speakable
from audiobook.vietnamese.reading import Reading, explain, normalize
from audiobook.vietnamese.roman import roman_value
from audiobook.vietnamese.sentences import split_sentences

__all__ = [
    "Reading",
    "clean_letters",
    "explain",
    "is_speakable",
    "normalize",
    "pack_clauses",
    "roman_value",
    "split_sentences",
]
