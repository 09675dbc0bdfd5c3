"""The Vietnamese language, text to text: sentences, and the spoken form of written text.

Each name is imported when it is first used: the rules of reading aloud take half a second, which
a process that only speaks or encodes would spend for nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobook.vietnamese.clauses import pack_clauses
    from audiobook.vietnamese.dialogue import direct_speech
    from audiobook.vietnamese.doubts import Doubt, list_doubts
    from audiobook.vietnamese.languages import foreign_language
    from audiobook.vietnamese.letters import (
        clean_letters,
        clean_line,
        is_speakable,
        leave_out_unfit,
    )
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

_MODULES = {
    "Doubt": "doubts",
    "Lexicon": "lexicon",
    "Reading": "reading",
    "clean_letters": "letters",
    "clean_line": "letters",
    "direct_speech": "dialogue",
    "explain": "reading",
    "foreign_language": "languages",
    "is_speakable": "letters",
    "leave_out_unfit": "letters",
    "list_doubts": "doubts",
    "normalize": "reading",
    "pack_clauses": "clauses",
    "roman_value": "rules.roman",
    "say": "reading",
    "split_sentences": "sentences",
}


if not TYPE_CHECKING:  # which would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        exported = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = exported
        return exported
