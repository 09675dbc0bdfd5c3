"""Direct speech: what somebody in a story says, told from what the narrator does."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

Span = tuple[int, int]

_DASH = "[-–—―]"
_MARKS = re.compile(r"[“”\"«»‘–—―]|(?:\A|\s)-{1,2}\s|\A\s*-")
_OPENING = re.compile(rf"\s*(?:(?:[.?!…]+|_)\s+)?{_DASH}{{1,3}}(?![-–—―\d])\s*(?=\S)")
# Between words of a paragraph: parted from them by spaces, or right after a mark.
_PARTING = re.compile(rf"\s{_DASH}{{1,3}}\s+|(?<=[.?!…,])\s?[–—―]{{1,3}}\s?")
_LINE_OF_ITS_OWN = re.compile(rf"(?P<before>[:.?!…])\s+(?P<dash>{_DASH}{{1,3}}\s+[…{CAPITALS}.])")
_SENTENCE_END = re.compile(r"[.?!…]+[\"”»’]?\s+(?=\S)")
_QUOTES = re.compile(r"[“”\"«»‘’]")
_WORD = r"[^\W\d_]+"
_ENDS = ".?!…"
_CLOSED = '.?!…,;:”"»’'
_SPACES_AND_STOPS = " \t\n\xa0.,;:!?…)]"
# How far around a mark its reasons are looked for, in characters.
_NEAR = 120
_LONGEST_SENTENCE = 400
_LABEL = re.compile(r"(?:[^\W_]+\s+){0,5}[^\W_]+\s*:\s+(?=[\d(]|[^\W\d_])")
_FEWEST_WORDS = 3
_FIRST_PERSON = r"(?:tôi|em|con|cháu|chúng)\b"


class _Quote(NamedTuple):
    """A pair of quotation marks, from the one to right after the other."""

    start: int
    end: int


def direct_speech(text: str) -> list[Span]:
    """Find what somebody says in a paragraph: where each part begins and ends, in characters.

    The parts are in order and do not overlap; the quotation marks around them, and the dashes
    that open them, are part of them. What is quoted as a word, a term or a title is not speech;
    thoughts and letters in quotation marks are.

    A paragraph is judged by itself: the items of a list are told from dialogue by their words,
    and a quotation without an end goes on to that of the paragraph it opens.

    >>> text = "– Anh đi đâu? – chị hỏi. – Tôi về."
    >>> [text[start:end] for start, end in direct_speech(text)]
    ['– Anh đi đâu?', '– Tôi về.']
    """
    if _MARKS.search(text) is None:
        return []
    spans = _dashed(text)
    if spans is None:
        spans = _quoted(text)
    return spans


# --- dashes -------------------------------------------------------------------------------------


def _dashed(text: str) -> list[Span] | None:
    """Return what dashes open, None where no dash opens speech."""
    opening = _OPENING.match(text)
    if opening is not None:
        start = 0 if text[:1] in "-–—―" else opening.end() - len(opening[0].lstrip(" \t.?!…_"))
        if not _is_said(text, opening.end()):
            return None
        return _without_tags(text, start, opening.end(), len(text))
    for line in _LINE_OF_ITS_OWN.finditer(text):
        start = line.start("dash")
        if _starts_speech(text, line):
            before = _quoted(text[:start])
            return before + _without_tags(text, start, line.end() - 1, len(text))
    return None


def _is_said(text: str, start: int) -> bool:
    """Whether what a dash opens is said rather than an item of a list."""
    said = text.rstrip()
    first = text[start]
    if said.endswith((";", ",")) and not _words().address.search(text, start):
        return False
    exclaims = any(mark in text for mark in "?!…") or "..." in text
    if exclaims:
        return True
    if first.islower():
        return False
    addressed = _words().address.search(text, start) is not None
    label = _LABEL.match(text, start, start + _NEAR)
    if label and (not addressed or text[label.end()].isdigit()):
        return False
    if addressed:
        return True
    if not said.endswith((*_ENDS, ":", "”", '"', "»")):
        return False
    return text.lstrip()[0] != "-" or said.count(" ", start) < _FEWEST_WORDS


def _starts_speech(text: str, line: re.Match[str]) -> bool:
    """Whether a dash inside a paragraph begins what should have been a paragraph of its own."""
    start = line.end() - 1
    if line["before"] == ":":
        clause = text[max(0, line.start() - _NEAR) : line.start()]
        return _words().says.search(clause) is not None or _is_exclaimed(text, start)
    before = text[max(0, line.start() - _LONGEST_SENTENCE) : line.start()]
    last = [0, *(found.end() for found in _SENTENCE_END.finditer(before))][-1]
    return _is_exclaimed(text, start) and _words().told.match(before, last) is not None


def _is_exclaimed(text: str, start: int) -> bool:
    far = start + _LONGEST_SENTENCE
    end = _SENTENCE_END.search(text, start, far)
    return any(mark in text[start : end.end() if end else far] for mark in "?!")


def _without_tags(text: str, start: int, first: int, end: int) -> list[Span]:
    """Part speech that goes from start to end from what the narrator says in between.

    Args:
        text: the paragraph.
        start: where its opening dash is.
        first: where its first word is.
        end: where it ends.
    """
    end = _last_told(text, first, end)
    spans: list[Span] = []
    told = False
    for dash in _PARTING.finditer(text, first, end):
        at = dash.start() + len(dash[0]) - len(dash[0].lstrip())
        if told:
            start, told = at, False
        elif _is_tag(text, dash):
            spans += _without_bare_tag(text, start, dash.start())
            told = True
    if not told:
        spans += _without_bare_tag(text, start, end)
    return [span for start, stop in spans if (span := _trimmed(text, start, stop))]


def _is_tag(text: str, dash: re.Match[str]) -> bool:
    """Whether after a dash the narrator says who spoke."""
    words = _words()
    start = dash.end()
    if start >= len(text):
        return False
    if text[dash.start() - 1] not in _CLOSED:
        return words.bare_tag.match(text, start) is not None
    if text[start].islower():
        return words.tag.match(text, start) is not None
    named = words.named_tag.match(text, start) or words.capital_tag.match(text, start)
    return named is not None and not _is_exclaimed(text, start)


def _without_bare_tag(text: str, start: int, end: int) -> list[Span]:
    """Cut speech where the narrator goes on without a dash, as in ``- Đi đâu? chị hỏi``."""
    tag = _words().after_speech.search(text, start, end)
    return [(start, tag.start() + 1 if tag else end)]


def _last_told(text: str, start: int, end: int) -> int:
    """Return where the narrator begins to announce what the next paragraph says, or the end."""
    if not text.endswith(":"):
        return end
    ends = [
        found.end() for found in _SENTENCE_END.finditer(text, max(start, end - _LONGEST_SENTENCE))
    ]
    if not ends or not _words().announced.match(text, ends[-1]):
        return end
    if len(ends) > 1 and _words().told_so.match(text, ends[-2], ends[-1]):
        return ends[-2]
    return ends[-1]


# --- quotation marks ----------------------------------------------------------------------------


def _quoted(text: str) -> list[Span]:
    spans: list[Span] = []
    pairs, left_open, left_closed = _pairs(text)
    first = len(text) - len(text.lstrip())
    if first in left_open and (text[first] != '"' or not pairs):
        return [(first, len(text.rstrip()))]
    for quote in sorted(pairs):
        spoken = spans[-1][1] if spans else 0
        if quote.start >= spoken and (
            _is_speech(text, quote) or (spans and _is_resumed(text, spoken, quote.start))
        ):
            spans.append((quote.start, quote.end))
    if left_closed and not pairs and not left_open and _ends_speech(text, left_closed):
        return [(first, left_closed[0] + 1)]
    return spans


def _is_resumed(text: str, start: int, end: int) -> bool:
    """Whether only the narrator's word of who speaks parts two quotations: ``” anh đáp, “``."""
    between = text[start:end].strip() if end - start <= _NEAR else ""
    return between.endswith((",", ":", ";")) and _words().tag.match(between) is not None


def _pairs(text: str) -> tuple[list[_Quote], list[int], list[int]]:
    """Return quotation marks that belong together, those left open, and those only closed."""
    pairs: list[_Quote] = []
    opened: dict[str, list[int]] = {"“": [], "«": [], "‘": []}
    closed: list[int] = []
    for found in _QUOTES.finditer(text):
        mark, at = found[0], found.start()
        family = {"”": "“", '"': "“", "»": "«", "’": "‘"}.get(mark, mark)
        if _opens(text, at, mark, opened=bool(opened[family])):
            opened[family].append(at)
        elif opened[family]:
            pairs.append(_Quote(opened[family].pop(), at + 1))
        elif mark != "’":
            closed.append(at)
    return pairs, opened["“"] + opened["«"], closed


def _opens(text: str, at: int, mark: str, *, opened: bool) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if mark in "«‘":
        return True
    if mark in "»’":
        return False
    inside = before.isspace() or before in "([-–—:“«‘"
    outside = after.isspace() or after in _SPACES_AND_STOPS or after in "”»’"
    if inside != outside:
        return inside
    return mark == "“" or (mark == '"' and not opened)


def _ends_speech(text: str, closed: list[int]) -> bool:
    """Whether the only quotation mark closes what an earlier paragraph opened."""
    at = closed[0]
    rest = text[at + 1 :].strip()
    return len(closed) == 1 and text[at] in "”»" and (rest == "." or (not rest and at > 0))


def _is_speech(text: str, quote: _Quote) -> bool:
    """Whether quotation marks hold what somebody says."""
    start, end = quote
    words = _words()
    before = text[max(0, start - _NEAR) : start].rstrip(" \t(")
    after = text[end : end + _NEAR].lstrip()
    inner = text[start + 1 : end - 1].strip() if end - start < _NEAR else ""
    head = text[start + 1 : start + 1 + _NEAR].lstrip(" .…")[:1]
    tail = (inner or text[end - 1 - _NEAR : end - 1].rstrip())[-1:]
    many = not inner or inner.count(" ") >= _FEWEST_WORDS - 1
    if start + len(text) - end <= _NEAR and not (text[:start] + text[end:]).strip(" \t.,"):
        return True
    goes_on = after[:1].islower() and not words.tag.match(after)
    whole = tail in _ENDS or (many and after[:1] in _ENDS)
    if before.endswith(":"):
        titled = not many and words.title.search(before[:-1]) is not None
        said = words.says.search(before) is not None
        return (whole or many or said) and not titled and not (goes_on and tail not in _ENDS)
    if words.said.search(before):
        return head.isupper() and (many or tail in _ENDS) and not words.title.search(before)
    if not head.isupper() or words.title.search(before):
        return False
    if not before or before[-1] in _ENDS + '”"»':
        tagged = words.tag.match(after.lstrip(" ,")) or words.told.match(after.lstrip(" ,"))
        return (
            tail in _ENDS
            or (many and (after[:1] in _ENDS or not after or bool(tagged)))
            or (tail == "," and bool(tagged))
        )
    if tail == ",":
        return words.tag.match(after) is not None
    if before[-1] == ",":
        return whole and many
    return tail in _ENDS and (many or tail in "?!")


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Leave off the white space around a part; nothing where nothing is left."""
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    end = start + len(said.strip())
    return (start, end) if start < end else None


# --- words --------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """What words show that somebody speaks, or that the narrator does."""

    says: re.Pattern[str]
    """A verb of saying, anywhere."""
    said: re.Pattern[str]
    """A verb of saying that ends a text, but for a few words."""
    address: re.Pattern[str]
    """A word hardly said but to somebody."""
    title: re.Pattern[str]
    """A word at the end of a text that goes before a title or a term."""
    tag: re.Pattern[str]
    """The narrator says who spoke, or what the speaker did: ``chị hỏi``."""
    named_tag: re.Pattern[str]
    """The same of a name: ``Nam hỏi``."""
    capital_tag: re.Pattern[str]
    """The same of a pronoun with a capital, and certain: ``Chị hỏi.``"""
    bare_tag: re.Pattern[str]
    """The narrator says who spoke, and no more: certain enough where no mark is before it."""
    after_speech: re.Pattern[str]
    """A mark and such a clause without a dash."""
    told: re.Pattern[str]
    """The beginning of a sentence of the narrator's about somebody who speaks."""
    announced: re.Pattern[str]
    """A last sentence that announces what the next paragraph says: ``Anh ta trả lời:``"""
    told_so: re.Pattern[str]
    """A sentence about what was said before it: ``Tôi đáp như vậy.``"""


@cache
def _words() -> _Words:
    table: dict[str, list[str]] = {}
    for word, role in load_table("speech.tsv"):
        table.setdefault(role, []).append(word)
    says, narrator, adverb, address, title = (
        rf"\b{any_of(table[role])}\b" for role in ("says", "narrator", "adverb", "address", "title")
    )
    either = rf"\b{any_of(table['says'] + table['does'])}\b"
    joined = r"(?:(?:Rồi|Nhưng|Và)\s+)?"
    not_urged = r"(?!\s+(?:đi|nhé|ạ|à)\b)"
    name = rf"[{CAPITALS}][^\W\d_]*"
    who = rf"{narrator}(?:\s+(?!(?:cứ|hãy|đừng|phải|có)\b){_WORD}){{0,3}}?\s+"
    close = rf"(?=\s*[.:,…]|\s*\Z|\s+{_DASH}|\s+{adverb})"
    pronoun = rf"(?i:{any_of([*table['narrator'], *table['address']])})\b"
    said = rf"(?:(?i:{narrator})|{name})"
    return _Words(
        says=re.compile(says, re.I),
        said=re.compile(rf"{says}(?:\s+{_WORD}){{0,3}}\s*,?\Z", re.I),
        address=re.compile(address, re.I),
        title=re.compile(rf"{title}\Z", re.I),
        tag=re.compile(rf"(?:(?:{narrator}|{adverb})(?:\s+{_WORD}){{0,6}}?\s+)?{either}"),
        named_tag=re.compile(rf"(?!{pronoun})(?:{name}\s+){{1,4}}(?:{_WORD}\s+){{0,3}}?{either}"),
        capital_tag=re.compile(
            rf"(?!(?i:{_FIRST_PERSON}))(?i:{narrator})\s+(?:(?!{adverb})(?!{address}){_WORD}\s+)?"
            rf"(?:{adverb}\s+)?{says}(?=\s*[.:,])"
        ),
        bare_tag=re.compile(rf"(?:{who}|(?!{pronoun})(?:{name}\s+){{1,4}}){says}{close}"),
        after_speech=re.compile(
            rf"[.?!…][\"”»]?\s+{who}{says}{close}{not_urged}"
            rf"|,\s+(?!{_FIRST_PERSON}){who}{says}(?:\s+{adverb}(?:\s+{_WORD}){{0,3}})?(?=[.:]?\s*\Z)"
        ),
        told=re.compile(rf"{joined}{said}[^.?!]{{0,{_NEAR}}}?{either}"),
        announced=re.compile(
            rf"{joined}{said}[^?!]{{0,{_LONGEST_SENTENCE}}}?{either}[^?!]{{0,50}}:\Z"
        ),
        told_so=re.compile(rf"{said}\b[^.?!]*?{says}[^.?!]*?\b(?:vậy|thế)[.]\s*\Z"),
    )
