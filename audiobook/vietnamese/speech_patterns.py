"""Patterns of what stands around direct speech, made of the table of words for speaking."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

DASH = "[-–—―]"
_WORD = r"[^\W\d_]+"
# How much text around a mark is looked at, in characters.
NEAR = 120
LONGEST_SENTENCE = 400
_FIRST_PERSON = r"(?:tôi|em|con|cháu|chúng)\b"


class SpeechPatterns(NamedTuple):
    """Expressions that show who speaks: a character or the narrator."""

    verb: re.Pattern[str]
    """A verb of saying, anywhere."""
    verb_at_end: re.Pattern[str]
    """A verb of saying at the end of a text, or a few words before it."""
    address: re.Pattern[str]
    """A word that is hardly used except to address somebody."""
    title: re.Pattern[str]
    """A word at the end of a text that introduces a title or a term."""
    tag: re.Pattern[str]
    """The narrator says who spoke, or what the speaker did: ``chị hỏi``."""
    named_tag: re.Pattern[str]
    """The same with a name: ``Nam hỏi``."""
    capital_tag: re.Pattern[str]
    """The same with a capital pronoun, if it is certain: ``Chị hỏi.``"""
    bare_tag: re.Pattern[str]
    """The narrator says only who spoke: certain enough even without a mark before it."""
    after_speech: re.Pattern[str]
    """A mark and such a clause without a dash."""
    narration: re.Pattern[str]
    """The beginning of a sentence in which the narrator tells that somebody speaks."""
    announcement: re.Pattern[str]
    """A last sentence that announces the speech of the next paragraph: ``Anh ta trả lời:``"""
    narration_of_speech: re.Pattern[str]
    """A sentence about the speech before it: ``Tôi đáp như vậy.``"""


@cache
def speech_patterns() -> SpeechPatterns:
    """Return the patterns, which are made once."""
    table: dict[str, list[str]] = {}
    for word, role in load_table("speech.tsv"):
        table.setdefault(role, []).append(word)
    verb, narrator, adverb, address, title = (
        rf"\b{any_of(table[role])}\b" for role in ("says", "narrator", "adverb", "address", "title")
    )
    any_verb = rf"\b{any_of(table['says'] + table['does'])}\b"
    conjunction = r"(?:(?:Rồi|Nhưng|Và)\s+)?"
    not_urged = r"(?!\s+(?:đi|nhé|ạ|à)\b)"
    name = rf"[{CAPITALS}][^\W\d_]*"
    speaker_words = rf"{narrator}(?:\s+(?!(?:cứ|hãy|đừng|phải|có)\b){_WORD}){{0,3}}?\s+"
    clause_end = rf"(?=\s*[.:,…]|\s*\Z|\s+{DASH}|\s+{adverb})"
    pronoun = rf"(?i:{any_of([*table['narrator'], *table['address']])})\b"
    speaker = rf"(?:(?i:{narrator})|{name})"
    return SpeechPatterns(
        verb=re.compile(verb, re.I),
        verb_at_end=re.compile(rf"{verb}(?:\s+{_WORD}){{0,3}}\s*,?\Z", re.I),
        address=re.compile(address, re.I),
        title=re.compile(rf"{title}\Z", re.I),
        tag=re.compile(rf"(?:(?:{narrator}|{adverb})(?:\s+{_WORD}){{0,6}}?\s+)?{any_verb}"),
        named_tag=re.compile(rf"(?!{pronoun})(?:{name}\s+){{1,4}}(?:{_WORD}\s+){{0,3}}?{any_verb}"),
        capital_tag=re.compile(
            rf"(?!(?i:{_FIRST_PERSON}))(?i:{narrator})\s+(?:(?!{adverb})(?!{address}){_WORD}\s+)?"
            rf"(?:{adverb}\s+)?{verb}(?=\s*[.:,])"
        ),
        bare_tag=re.compile(
            rf"(?:{speaker_words}|(?!{pronoun})(?:{name}\s+){{1,4}}){verb}{clause_end}"
        ),
        after_speech=re.compile(
            rf"[.?!…][\"”»]?\s+{speaker_words}{verb}{clause_end}{not_urged}"
            rf"|,\s+(?!{_FIRST_PERSON}){speaker_words}{verb}(?:\s+{adverb}(?:\s+{_WORD}){{0,3}})?(?=[.:]?\s*\Z)"
        ),
        narration=re.compile(rf"{conjunction}{speaker}[^.?!]{{0,{NEAR}}}?{any_verb}"),
        announcement=re.compile(
            rf"{conjunction}{speaker}[^?!]{{0,{LONGEST_SENTENCE}}}?{any_verb}[^?!]{{0,50}}:\Z"
        ),
        narration_of_speech=re.compile(rf"{speaker}\b[^.?!]*?{verb}[^.?!]*?\b(?:vậy|thế)[.]\s*\Z"),
    )
