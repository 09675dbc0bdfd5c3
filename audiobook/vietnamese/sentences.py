"""Sentences: underthesea proposes where they end, and this module decides."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.enumerations import split_points
from audiobook.vietnamese.letters import CAPITALS, RAISED, compose, is_speakable
from audiobook.vietnamese.missing_spaces import space_is_missing
from audiobook.vietnamese.proposals import Proposals
from audiobook.vietnamese.speakers import names_speaker
from audiobook.vietnamese.stops import (
    ABBREVIATIONS,
    CAPITALISED,
    CHAT_ENDS,
    ELLIPSES,
    INITIALS,
    WORD_BEFORE,
    is_full_stop,
    is_numbering,
    is_plain_word,
    surely_ends,
    word_before,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSE = (
    r"(?:(?:x|cf)\.\s?)?(?:[1-3]\s?)?[A-ZĐ][a-zđ]{1,2}\s?[1-9][0-9]{0,2}"
    r"(?:\s?[,:.;–-]\s?[0-9]{1,3}[a-c]?){0,6}"
)
_SOURCE = (
    rf"(?:{_VERSE}|(?<=[\"”’»]\s\()(?:(?:Theo|Trích|Thơ|Lời|Sách)\s[^().!?\n]{{1,80}}"
    rf"|Ca dao|Tục ngữ|Thành ngữ|{CAPITALISED}(?:[\s-][{CAPITALS}][^\W\d_]*){{1,4}}))"
)
# A run of terminators, with the quotation marks, brackets and note numbers right after it.
_END = re.compile(
    r"(?P<mark>[.!?…。！？]++(?:\s[.…]++(?=\s|\Z))*+)"
    r"(?P<closed>(?:[\"”’»)\]」』》⁰¹²³⁴-⁹]|\s[»”」』]|\[[0-9]{1,3}\]|\([0-9]{1,3}\)(?!\w))*"
    # The source of a quotation: "... linh hồn.” (Mt 16, 26)", "... đường mòn.” (Ca dao)".
    rf"(?:\s\({_SOURCE}\))?"
    # The number of a note that is no longer superscript: "điều ấy.3 Sau khi".
    r"(?P<note>(?<=[a-zà-ỹ][a-zà-ỹđ][.!?…])[0-9]{1,3}(?=\s[\"“‘«(]?[A-ZÀ-ỸĐ]))?)"
)
_OPENERS = re.compile(r"[\s\"'“‘«(\[\-–—]*")
_NEXT_ITEM = re.compile(rf"\s[a-zđ][.)]\s[{CAPITALS}]")
# "2 000 . 15% = 300"
_MULTIPLIES = re.compile(r"[0-9] \. (?=[0-9])")
_LONGEST_QUOTATION = 2000
_SHORTEST_FOREIGN = 4
# "hết rồi! :P"
_FACE = re.compile(r"\s*[:;=]['-]?[)(DPpOo3vV*|/\\]{1,9}\s*\Z")
# A clause follows a mark, at least four words: "à bạn? chỉ mỗi đàn ông", but not "hả? ai".
_CLAUSE = re.compile(r"\s[^\W\d_]+(?:\s[^\W\d_]+){3}")
# Words that never end a sentence: "Chỉ là... Một anh chàng".
_NEVER_LAST = frozenset(
    "là của và rằng với những các một hơi rất đang sẽ bởi vì tại như thì".split()
)
_LETTER_WITH_MARKS = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_CAPITAL_AFTER_STOP = re.compile(rf"[.!?…]\s[\"“(]?[{CAPITALS}]")
_AMOUNT_OR_ACRONYM = re.compile(r"[0-9]\w*|\w*[0-9]|[A-ZĐƯ]{2,}")
_SPEAKABLE = re.compile(rf"(?!{RAISED})[^\W_]")
# "Mizuho Bank. Ltd": the legal form of a company comes after its name.
_IN_COMPANY = re.compile(r"\s(?:Ltd|Inc|Corp|JSC|LLC)(?!\w)")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, in order; a line end always ends one.

    Only white space around a sentence is dropped. Quotation marks and brackets close with the
    sentence that they belong to.

    >>> split_sentences("“Anh đi đâu?” cô hỏi. GS.TS. Nam im lặng… Rồi ông về.")
    ['“Anh đi đâu?” cô hỏi.', 'GS.TS. Nam im lặng…', 'Rồi ông về.']
    """
    lines = filter(None, map(str.strip, text.splitlines()))
    return [sentence for line in lines for sentence in _split_normalized(line)]


def _split_normalized(line: str) -> Iterator[str]:
    """Yield the sentences of a line whose letters may be decomposed (NFD)."""
    composed = compose(line)
    if composed == line:
        for part in split_points(line):
            yield from _split_line(part)
        return
    start = 0
    letters = _LETTER_WITH_MARKS.finditer(line)
    sentences = list(_split_normalized(composed))
    for sentence in sentences[:-1]:
        remaining = len("".join(sentence.split()))
        end = start
        while remaining > 0 and (letter := next(letters, None)):
            remaining -= len(compose(letter[0]).strip())
            end = letter.end()
        yield line[start:end].strip()
        start = end
    yield line[start:].strip()


def _split_line(line: str) -> Iterator[str]:
    ends = list(_END.finditer(line))
    if not ends or (len(ends) == 1 and ends[0].end() == len(line)):
        if line:
            yield line
        return
    proposals = Proposals(line)
    last_speakable = _last_speakable(line)
    start = search_start = 0
    has_words = False  # whether there is a letter or a digit to speak: not "…" alone
    for stop in ends:
        if stop.end() > last_speakable:
            break
        has_words = has_words or _SPEAKABLE.search(line, search_start, stop.start()) is not None
        search_start = stop.end()
        if has_words and _is_boundary(line, start, stop, proposals):
            end = stop.end()
            if line.startswith((' " ', " “ "), end) and _closes_quotation(line, start, end):
                end += 2  # a space before the quotation mark: "thấy sao? " Anh"
            yield line[start:end]
            start = _skip_spaces(line, end)
            has_words = False
    yield line[start:]


def _closes_quotation(line: str, start: int, position: int) -> bool:
    """Whether the quotation mark after a position closes one that was opened before."""
    if line[position + 1] == '"':
        return line.count('"', start, position) % 2 == 1
    window = max(0, position - _LONGEST_QUOTATION)
    return line.count("“", window, position) > line.count("”", window, position)


def _is_boundary(line: str, start: int, stop: re.Match[str], proposals: Proposals) -> bool:
    following = _first_after(line, stop.end())
    if not following:
        return False  # only opening marks follow: they belong to this sentence
    if stop["mark"][-1] in "。！？":  # no space follows; the reading in brackets belongs to it
        return line[_skip_spaces(line, stop.end())] not in "(["
    if _IN_COMPANY.match(line, stop.end()) or _FACE.match(line, stop.end()):
        return False
    if not line[stop.end()].isspace():
        return space_is_missing(line, start, stop)
    if stop["note"] and not is_plain_word(word_before(line, stop)):
        return False  # "tr.15 Ông"
    is_plain_stop = stop["mark"] == "." and not stop["closed"]
    if names_speaker(line, stop.end(), stop["mark"], stop["closed"]):
        return False
    word = word_before(line, stop)
    if is_plain_stop and not word and _MULTIPLIES.match(line, stop.start() - 2):
        return False
    if stop[0] in ELLIPSES and word.lower() in _NEVER_LAST:
        return False
    if following.islower():
        # "?” cô hỏi", "Ôi! đau đớn", "v.v. và": the sentence goes on, unless a plain full
        # stop after a plain word shows that only the capital was forgotten.
        if is_plain_stop and _NEXT_ITEM.match(line, stop.end()):
            return True
        return _starts_small(line, stop, word, proposals)
    if not is_plain_stop or word.lower() == "v.v":
        return True
    if is_numbering(line, start, stop, following):
        return False
    return (
        is_full_stop(line, start, stop, word)
        or word in CHAT_ENDS
        or (
            not INITIALS.fullmatch(word)
            and word.rpartition(".")[2].lower() not in ABBREVIATIONS
            # underthesea takes some syllables, amounts (50g) and acronyms for abbreviations.
            and (
                is_plain_word(word)
                or _AMOUNT_OR_ACRONYM.fullmatch(word) is not None
                or stop.end("mark") in proposals
            )
        )
    )


def _starts_small(line: str, stop: re.Match[str], word: str, proposals: Proposals) -> bool:
    """Whether the next sentence begins in small letters: "cứ khóc thôi. thương các bác"."""
    if stop["closed"]:
        return False
    if stop[0] != ".":
        is_small = _lacks_capitals(line) or len(stop["mark"]) > 2  # "không??? cái thẻ tôi vẫn"
        return bool(stop["mark"][-1] in "?!" and is_small and _CLAUSE.match(line, stop.end()))
    if not word:
        match = WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start() - 1)
        is_word = match and (is_plain_word(match[1]) or surely_ends(match[1]))
        return bool(is_word and line[stop.start() - 1] == " ")
    if not word.islower() or word in ABBREVIATIONS:
        is_name = word.istitle() and len(word) > 2 and not word.isascii() and is_plain_word(word)
        return word == "đc" or is_name  # "con trai cả họ Nguyễn. trong làng"
    is_long = is_plain_word(word) or len(word) >= _SHORTEST_FOREIGN
    return surely_ends(word) or (is_long and stop.end("mark") in proposals)


@lru_cache(16)
def _lacks_capitals(line: str) -> bool:
    """Whether a line is typed without capitals, even at the beginning of sentences."""
    return line[:1].islower() and _CAPITAL_AFTER_STOP.search(line) is None


def _last_speakable(line: str) -> int:
    """Return the position of the last letter or digit to speak, -1 if there is none."""
    position = len(line) - 1
    while position >= 0 and not is_speakable(line[position]):
        position -= 1
    return position


def _skip_spaces(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _first_after(line: str, position: int) -> str:
    """Return the first character after spaces, dashes and opening marks, empty if none is left."""
    opened = _OPENERS.match(line, position)
    start = opened.end() if opened else position
    return line[start : start + 1]
