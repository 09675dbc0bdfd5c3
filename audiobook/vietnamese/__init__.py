"""The Vietnamese language, text to text: sentences, and the spoken form of written text."""

from audiobook.vietnamese.clauses import pack_clauses
from audiobook.vietnamese.dialogue import direct_speech
from audiobook.vietnamese.doubts import Doubt, list_doubts
from audiobook.vietnamese.languages import foreign_language
from audiobook.vietnamese.letters import clean_letters, clean_line, is_speakable, leave_out_unfit
from audiobook.vietnamese.lexicon import Lexicon
from audiobook.vietnamese.reading import Reading, explain, normalize, say
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.sentences import split_sentences

__all__ = [
    "Doubt",
    "Lexicon",
    "Reading",
    "clean_letters",
    "clean_line",
    "direct_speech",
    "explain",
    "foreign_language",
    "is_speakable",
    "leave_out_unfit",
    "list_doubts",
    "normalize",
    "pack_clauses",
    "roman_value",
    "say",
    "split_sentences",
]
