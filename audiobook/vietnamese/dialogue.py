"""Direct speech: which parts of a paragraph a character says, and which the narrator."""

from __future__ import annotations

from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.speech_patterns import DASH, LONGEST_SENTENCE, NEAR, speech_patterns

Span = tuple[int, int]

_MARKS = re.compile(r"[“”\"«»‘–—―]|(?:\A|\s)-{1,2}\s|\A\s*-")
_OPENING = re.compile(rf"\s*(?:(?:[.?!…]+|_)\s+)?{DASH}{{1,3}}(?![-–—―\d])\s*(?=\S)")
# A dash inside a paragraph: with spaces around it, or right after a mark.
_PARTING = re.compile(rf"\s{DASH}{{1,3}}\s+|(?<=[.?!…,])\s?[–—―]{{1,3}}\s?")
_LINE_OF_ITS_OWN = re.compile(rf"(?P<mark>[:.?!…])\s+(?P<dash>{DASH}{{1,3}}\s+[…{CAPITALS}.])")
_SENTENCE_END = re.compile(r"[.?!…]+[\"”»’]?\s+(?=\S)")
_QUOTES = re.compile(r"[“”\"«»‘’]")
_ENDS = ".?!…"
_CLOSED = '.?!…,;:”"»’'
_SPACES_AND_STOPS = " \t\n\xa0.,;:!?…)]"
_LABEL = re.compile(r"(?:[^\W_]+\s+){0,5}[^\W_]+\s*:\s+(?=[\d(]|[^\W\d_])")
_FEWEST_WORDS = 3


class _Quote(NamedTuple):
    """A pair of quotation marks: the position of the first, and that right after the second."""

    start: int
    end: int


def direct_speech(text: str) -> list[Span]:
    """Return where each part of direct speech in a paragraph begins and ends, in characters.

    The parts are in order and do not overlap; the quotation marks around them, and the dashes
    that open them, belong to them. Quoted words, terms and titles are not speech; thoughts and
    letters in quotation marks are.

    Each paragraph is judged by itself: its words show whether a dash opens speech or the item of
    a list. A quotation that opens a paragraph and is not closed lasts to the end of it.

    >>> text = "– Anh đi đâu? – chị hỏi. – Tôi về."
    >>> [text[start:end] for start, end in direct_speech(text)]
    ['– Anh đi đâu?', '– Tôi về.']
    """
    if _MARKS.search(text) is None:
        return []
    spans = _speech_after_dashes(text)
    if spans is None:
        spans = _speech_in_quotes(text)
    return spans


# --- dashes -------------------------------------------------------------------------------------


def _speech_after_dashes(text: str) -> list[Span] | None:
    """Return the speech that dashes open, None if no dash opens speech."""
    opening = _OPENING.match(text)
    if opening is not None:
        start = 0 if text[:1] in "-–—―" else opening.end() - len(opening[0].lstrip(" \t.?!…_"))
        if not _is_dialogue_line(text, opening.end()):
            return None
        return _without_tags(text, start, opening.end(), len(text))
    for line in _LINE_OF_ITS_OWN.finditer(text):
        start = line.start("dash")
        if _is_lost_paragraph(text, line):
            quoted = _speech_in_quotes(text[:start])
            return quoted + _without_tags(text, start, line.end() - 1, len(text))
    return None


def _is_dialogue_line(text: str, start: int) -> bool:
    """Whether a dash opens speech rather than an item of a list."""
    stripped = text.rstrip()
    first = text[start]
    if stripped.endswith((";", ",")) and not speech_patterns().address.search(text, start):
        return False
    exclaims = any(mark in text for mark in "?!…") or "..." in text
    if exclaims:
        return True
    if first.islower():
        return False
    is_addressed = speech_patterns().address.search(text, start) is not None
    label = _LABEL.match(text, start, start + NEAR)
    if label and (not is_addressed or text[label.end()].isdigit()):
        return False
    if is_addressed:
        return True
    if not stripped.endswith((*_ENDS, ":", "”", '"', "»")):
        return False
    return text.lstrip()[0] != "-" or stripped.count(" ", start) < _FEWEST_WORDS


def _is_lost_paragraph(text: str, line: re.Match[str]) -> bool:
    """Whether a dash inside a paragraph begins speech that should be a paragraph of its own."""
    start = line.end() - 1
    if line["mark"] == ":":
        clause = text[max(0, line.start() - NEAR) : line.start()]
        return speech_patterns().verb.search(clause) is not None or _is_exclaimed(text, start)
    preceding = text[max(0, line.start() - LONGEST_SENTENCE) : line.start()]
    sentence_start = [0, *(match.end() for match in _SENTENCE_END.finditer(preceding))][-1]
    return (
        _is_exclaimed(text, start)
        and speech_patterns().narration.match(preceding, sentence_start) is not None
    )


def _is_exclaimed(text: str, start: int) -> bool:
    window_end = start + LONGEST_SENTENCE
    end = _SENTENCE_END.search(text, start, window_end)
    return any(mark in text[start : end.end() if end else window_end] for mark in "?!")


def _without_tags(text: str, start: int, first: int, end: int) -> list[Span]:
    """Return the parts of speech between start and end without what the narrator says in between.

    Args:
        text: the paragraph.
        start: position of the dash that opens the speech.
        first: position of its first word.
        end: where the speech ends.
    """
    end = _announcement_start(text, first, end)
    spans: list[Span] = []
    is_narrated = False
    for dash in _PARTING.finditer(text, first, end):
        dash_start = dash.start() + len(dash[0]) - len(dash[0].lstrip())
        if is_narrated:
            start, is_narrated = dash_start, False
        elif _is_tag(text, dash):
            spans += _without_bare_tag(text, start, dash.start())
            is_narrated = True
    if not is_narrated:
        spans += _without_bare_tag(text, start, end)
    return [span for start, stop in spans if (span := _trimmed_span(text, start, stop))]


def _is_tag(text: str, dash: re.Match[str]) -> bool:
    """Whether the narrator says after a dash who spoke."""
    words = speech_patterns()
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
    """Return speech up to where the narrator goes on without a dash: ``- Đi đâu? chị hỏi``."""
    tag = speech_patterns().after_speech.search(text, start, end)
    return [(start, tag.start() + 1 if tag else end)]


def _announcement_start(text: str, start: int, end: int) -> int:
    """Return where the narrator begins to announce the next paragraph, or the end if nowhere."""
    if not text.endswith(":"):
        return end
    ends = [
        match.end() for match in _SENTENCE_END.finditer(text, max(start, end - LONGEST_SENTENCE))
    ]
    if not ends or not speech_patterns().announcement.match(text, ends[-1]):
        return end
    if len(ends) > 1 and speech_patterns().narration_of_speech.match(text, ends[-2], ends[-1]):
        return ends[-2]
    return ends[-1]


# --- quotation marks ----------------------------------------------------------------------------


def _speech_in_quotes(text: str) -> list[Span]:
    spans: list[Span] = []
    pairs, left_open, left_closed = _pair_quotes(text)
    first = len(text) - len(text.lstrip())
    if first in left_open and (text[first] != '"' or not pairs):
        return [(first, len(text.rstrip()))]
    for quote in sorted(pairs):
        spoken = spans[-1][1] if spans else 0
        if quote.start >= spoken and (
            _is_quoted_speech(text, quote) or (spans and _is_interrupted(text, spoken, quote.start))
        ):
            spans.append((quote.start, quote.end))
    if left_closed and not pairs and not left_open and _closes_earlier_speech(text, left_closed):
        return [(first, left_closed[0] + 1)]
    return spans


def _is_interrupted(text: str, start: int, end: int) -> bool:
    """Whether only a note of the speaker stands between two quotations: ``” anh đáp, “``."""
    between = text[start:end].strip() if end - start <= NEAR else ""
    return between.endswith((",", ":", ";")) and speech_patterns().tag.match(between) is not None


def _pair_quotes(text: str) -> tuple[list[_Quote], list[int], list[int]]:
    """Return the pairs of quotation marks, and where unpaired ones open and close."""
    pairs: list[_Quote] = []
    opened: dict[str, list[int]] = {"“": [], "«": [], "‘": []}
    closed: list[int] = []
    for match in _QUOTES.finditer(text):
        mark, position = match[0], match.start()
        opening_mark = {"”": "“", '"': "“", "»": "«", "’": "‘"}.get(mark, mark)
        if _is_opening(text, position, mark, opened=bool(opened[opening_mark])):
            opened[opening_mark].append(position)
        elif opened[opening_mark]:
            pairs.append(_Quote(opened[opening_mark].pop(), position + 1))
        elif mark != "’":
            closed.append(position)
    return pairs, opened["“"] + opened["«"], closed


def _is_opening(text: str, position: int, mark: str, *, opened: bool) -> bool:
    previous = text[position - 1] if position else " "
    following = text[position + 1] if position + 1 < len(text) else " "
    if mark in "«‘":
        return True
    if mark in "»’":
        return False
    inside = previous.isspace() or previous in "([-–—:“«‘"
    outside = following.isspace() or following in _SPACES_AND_STOPS or following in "”»’"
    if inside != outside:
        return inside
    return mark == "“" or (mark == '"' and not opened)


def _closes_earlier_speech(text: str, closed: list[int]) -> bool:
    """Whether the only quotation mark closes one that an earlier paragraph opened."""
    position = closed[0]
    tail = text[position + 1 :].strip()
    return (
        len(closed) == 1 and text[position] in "”»" and (tail == "." or (not tail and position > 0))
    )


def _is_quoted_speech(text: str, quote: _Quote) -> bool:
    """Whether quotation marks hold direct speech."""
    start, end = quote
    words = speech_patterns()
    preceding = text[max(0, start - NEAR) : start].rstrip(" \t(")
    following = text[end : end + NEAR].lstrip()
    inner = text[start + 1 : end - 1].strip() if end - start < NEAR else ""
    head = text[start + 1 : start + 1 + NEAR].lstrip(" .…")[:1]
    tail = (inner or text[end - 1 - NEAR : end - 1].rstrip())[-1:]
    is_long = not inner or inner.count(" ") >= _FEWEST_WORDS - 1
    if start + len(text) - end <= NEAR and not (text[:start] + text[end:]).strip(" \t.,"):
        return True
    continues = following[:1].islower() and not words.tag.match(following)
    is_sentence = tail in _ENDS or (is_long and following[:1] in _ENDS)
    if preceding.endswith(":"):
        is_title = not is_long and words.title.search(preceding[:-1]) is not None
        has_verb = words.verb.search(preceding) is not None
        return (
            (is_sentence or is_long or has_verb)
            and not is_title
            and not (continues and tail not in _ENDS)
        )
    if words.verb_at_end.search(preceding):
        return head.isupper() and (is_long or tail in _ENDS) and not words.title.search(preceding)
    if not head.isupper() or words.title.search(preceding):
        return False
    if not preceding or preceding[-1] in _ENDS + '”"»':
        is_tagged = words.tag.match(following.lstrip(" ,")) or words.narration.match(
            following.lstrip(" ,")
        )
        return (
            tail in _ENDS
            or (is_long and (following[:1] in _ENDS or not following or bool(is_tagged)))
            or (tail == "," and bool(is_tagged))
        )
    if tail == ",":
        return words.tag.match(following) is not None
    if preceding[-1] == ",":
        return is_sentence and is_long
    return tail in _ENDS and (is_long or tail in "?!")


def _trimmed_span(text: str, start: int, end: int) -> Span | None:
    """Return a part without the white space around it, None if nothing remains."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    end = start + len(part.strip())
    return (start, end) if start < end else None


# --- words --------------------------------------------------------------------------------------
