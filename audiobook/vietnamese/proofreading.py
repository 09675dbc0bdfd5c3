"""Likely misprints: what is no word with its neighbours while a near spelling is one.

A syllable comes under suspicion when it is none of Vietnamese, or when it was never seen beside
either neighbour: not in a word, not in the news that underthesea learned from, not twice in the
text itself. Each near spelling (another tone, another mark, one letter) that was seen beside one of
them is then weighed; what speaks for a misprint and what against it adds up to log odds. Most
weights are those of a logistic regression on sentences with one slip put in, rounded; those of no
syllable, no word, a neighbour taken and a rhyme, and what counts as likely and sure, were set by
hand. ``bench/proofing.py`` measures what they find and how often they are wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import inf, log2
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.foreign import is_foreign
from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.words import Slip, dictionary, fold, near, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b])*+")

# Log odds of a misprint.
_PRIOR = -2.9
_SLIP = {Slip.LETTER: 0.0, Slip.TONE: 2.9, Slip.MARK: 3.8, Slip.PLACE: 5.0}
_BESIDE_BOTH = 2.6  # the near spelling suits both neighbours
_NO_SYLLABLE = 4.0
_PLAIN_LETTERS = -1.1  # no syllable, of the letters a to z: it may be foreign
_NO_WORD = 3.5  # a syllable that is no word by itself, and comes but once
_FREE = -1.2  # a syllable that is a word by itself may stand beside anything
_SUGGESTS_FREE = 0.7
_IN_A_LIST = 0.45  # for each source that has the word suggested
_SEEN_HERE = 1.3  # for each time the text doubles what is suggested
_COMMON_HERE = -0.7  # for each time the text doubles what is suspected
_COMMON_NEIGHBOUR = -0.35
_NEIGHBOUR_TAKEN = -1.0  # the neighbour makes a word with its other one
_RHYME = -1.5  # lằn nhằn for cằn nhằn: of words that echo themselves every region has its own
_LIKELY = -0.25
_SURE = 3.0
# A second suggestion this close to the first leaves it open which one was meant.
_CLEARLY_BETTER = 2.0

# Words that are never said twice in a row, unlike xanh xanh, luôn luôn, ai ai.
_NEVER_DOUBLED = frozenset(
    "bị bởi các cùng đang giữa hoặc mỗi nếu những nhưng như rằng sẽ tại thuộc và vì".split()
)
_DOUBLED = re.compile(r"\b(\w++) (\1)\b", re.IGNORECASE)
# Words that hardly are: "của của mình", what one owns.
_SELDOM_DOUBLED = frozenset("của được không là mà thì trong với về".split())

# "1 trong quốc gia 3": of what is counted, the number stands before the noun.
_COUNT = r"\d{1,2}|hai|ba|bốn|sáu|bảy|tám|chín|mười"
_ONE_AMONG = re.compile(
    rf"(?<!số )(?<!hạng )(?<!thứ )\b((?:1|một) trong) (\w+ \w+) ({_COUNT})(?= [^\W\d_])"
    r"(?! (?:giây|phút|giờ|ngày|đêm|hôm|tuần|tháng|quý|năm|lần|buổi|mùa)\b)",
    re.IGNORECASE,
)

_MISSPELT = "is not spelled as Vietnamese"
_VOWEL = re.compile("[aeiouy]|[^a-zđ]")

_RUN = re.compile(r"\S+")
_AROUND = ".,;:!?()[]{}\"'…"
_ODD = re.compile("[\ufffd?ÂÃÄÅÆÐð\u0370-\u03ff\u0400-\u04ff]|á[º»]")
# An old encoding had no such letter: "đư?c"; but "đi không?anh" lacks a space.
_LOST = re.compile(r"([^\W\d_]+)\?([a-zđ][^\W\d_]*)")
# UTF-8 that was read as CP1252: "Ä‘Æ°á»£c" for được.
_CP1252_ONLY = "\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(rf"[ÂÃÄÅÆ][{_CP1252_ONLY}]|á[º»][{_CP1252_ONLY}]|[a-zđ][ÃÆ]")
_ALIKE = str.maketrans("аеорсухіАВЕКМНОРСТХοÐð", "aeopcyxiABEKMHOPCTXoĐđ")
_LATIN = r"a-zA-Z\u00c0-\u024f\u1ea0-\u1ef9"
_CYRILLIC_IN_LATIN = re.compile(f"[{_LATIN}][\u0400-\u04ff]|[\u0400-\u04ff][{_LATIN}]")

_ONSET = re.compile(r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?")

_A_FOR_A_CIRCUMFLEX = str.maketrans("âầấẩẫậ", "aàáảãạ")
_Y = "yỳýỷỹỵ"
_I_FOR_Y = str.maketrans(_Y, "iìíỉĩị")


@dataclass(frozen=True, slots=True)
class Misprint:
    """Something in a text that is probably not what was meant."""

    start: int
    """Position in the text, in characters."""
    end: int
    written: str
    suggestion: str
    """What to write instead; empty where nothing suggests itself."""
    message: str
    sure: bool
    """Whether to write the suggestion unasked."""


class _Token(NamedTuple):
    start: int
    end: int
    written: str
    syllable: str
    """Folded."""
    joins: bool
    """Whether only a space parts it from the token before."""
    hyphened: bool
    """Whether a hyphen does."""


class _Neighbour(NamedTuple):
    """The token before or after the one that is suspected."""

    token: _Token
    before: bool
    beyond: str
    """It and its own neighbour on the other side."""


class _Finding(NamedTuple):
    odds: float
    misprint: Misprint


def find_misprints(text: str) -> list[Misprint]:
    """Find likely misprints, in order, none overlapping another.

    A whole book tells more than its chapters one by one: what an author writes again and again is
    no misprint. Names, acronyms and foreign words are none either, nor are both spellings of hoà
    and hòa, of kỹ and kĩ, of nhảy and nhẩy. The text is one that has been tidied: words parted by
    one space, a paragraph in a line.

    >>> [(found.written, found.suggestion) for found in find_misprints("Họ có phương tiên riêng.")]
    [('phương tiên', 'phương tiện')]

    Raises:
        AudiobookError: the installed underthesea lacks its word lists or its models.
    """
    findings = [*_unreadable(text), *_doubled(text), *_misplaced_numbers(text)]
    findings += _Proof(text).findings()
    findings.sort(key=lambda finding: -finding.odds)
    taken = bytearray(len(text))
    found = []
    for _, misprint in findings:
        if not any(taken[misprint.start : misprint.end]):
            taken[misprint.start : misprint.end] = b"\1" * (misprint.end - misprint.start)
            found.append(misprint)
    return sorted(found, key=lambda misprint: misprint.start)


def correct(text: str, misprints: list[Misprint]) -> str:
    """Write the suggestions of the sure ones among the misprints found in a text.

    >>> text = "Những những con sông mởi rộng."
    >>> correct(text, find_misprints(text))
    'Những con sông mở rộng.'
    """
    parts = []
    position = 0
    for misprint in misprints:
        if misprint.sure:
            parts += [text[position : misprint.start], misprint.suggestion]
            position = misprint.end
    return "".join((*parts, text[position:]))


class _Proof:
    """One text under proof, and what it tells of itself; a line that comes back counts once."""

    def __init__(self, text: str) -> None:
        self._lines = list(_tokenize(text))
        self._words = dictionary()
        self._syllables: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._spelled: Counter[str] = Counter()
        self._names: set[str] = set()
        seen = set()
        for line in self._lines:
            key = tuple(token.written for token in line)
            if key not in seen:
                seen.add(key)
                self._count(line)

    def _count(self, line: list[_Token]) -> None:
        before = None
        for token in line:
            self._syllables[token.syllable] += 1
            self._spelled[token.written.lower()] += 1
            if token.joins and before:
                self._pairs[f"{before.syllable} {token.syllable}"] += 1
                if token.written[0].isupper():
                    self._names.add(token.syllable)
            before = token

    def findings(self) -> Iterator[_Finding]:
        for line in self._lines:
            for place, token in enumerate(line):
                if self._is_suspect(line, place):
                    finding = self._weigh(token, _neighbours(line, place))
                    if finding:
                        yield finding

    def _is_suspect(self, line: list[_Token], place: int) -> bool:
        token = line[place]
        if self._is_name(token) or token.hyphened or _follows_hyphen(line, place):
            return False
        if not is_vietnamese(token.written):
            return bool(_VOWEL.search(token.syllable)) and len(token.syllable) > 1
        if token.syllable not in self._words.syllables and self._syllables[token.syllable] > 1:
            return False  # the author's own
        if token.joins and self._is_seen(line[place - 1], token):
            return False
        joined = place + 1 < len(line) and line[place + 1].joins
        return not (joined and self._is_seen(token, line[place + 1]))

    def _is_name(self, token: _Token) -> bool:
        if token.written.islower():
            return False
        return not token.written.istitle() or token.joins or token.syllable in self._names

    def _is_seen(self, first: _Token, second: _Token) -> bool:
        pair = f"{first.syllable} {second.syllable}"
        return pair in self._words.pairs or self._pairs[pair] > 1

    def _weigh(self, token: _Token, neighbours: list[_Neighbour]) -> _Finding | None:
        """Weigh every near spelling beside every neighbour; the best, if it is likely."""
        neighbours = [one for one in neighbours if self._tells(one.token)]
        doubts = self._doubts(token)
        weighed = []
        for syllable, slip in near(token.syllable).items():
            fits = [
                (odds, neighbour)
                for neighbour in neighbours
                if (odds := self._weigh_pair(syllable, neighbour)) is not None
            ]
            if fits:
                if _is_old_spelling(token.syllable, syllable):
                    return None
                odds, neighbour = max(fits)
                odds += doubts + _SLIP[slip] + _BESIDE_BOTH * (len(fits) - 1)
                odds += _RHYME * _rhyme(token.syllable, neighbour.token.syllable)
                weighed.append(
                    (odds + _SUGGESTS_FREE * self._is_free(syllable), syllable, neighbour)
                )
        weighed.sort(reverse=True)
        if not weighed or weighed[0][0] < _LIKELY:
            return self._misspelt(token)
        odds, syllable, neighbour = weighed[0]
        clear = len(weighed) == 1 or odds - weighed[1][0] >= _CLEARLY_BETTER
        return self._finding(odds, token, syllable, neighbour.token, clear)

    def _tells(self, neighbour: _Token) -> bool:
        """Whether a neighbour tells what should stand beside it, as names do not."""
        return neighbour.syllable in self._words.syllables and not self._is_name(neighbour)

    def _misspelt(self, token: _Token) -> _Finding | None:
        """Name what is none of our syllables though it looks like one: its neighbours are mute."""
        written = token.written
        if written.isascii() or is_foreign(written) or not is_misspelt(written):
            return None
        moved = [syllable for syllable, slip in near(token.syllable).items() if slip is Slip.PLACE]
        suggestion = self._spell(moved[0], token) if len(moved) == 1 else ""
        message = f"“{written}” {_MISSPELT}"
        sure = bool(suggestion) and moved[0] in self._words.single
        misprint = Misprint(token.start, token.end, written, suggestion, message, sure)
        return _Finding(_LIKELY, misprint)

    def _doubts(self, token: _Token) -> float:
        """Weigh what speaks against the syllable itself, and for it."""
        odds = _PRIOR + _COMMON_HERE * log2(max(1, self._syllables[token.syllable]))
        if not is_vietnamese(token.written):
            odds += _NO_SYLLABLE + _PLAIN_LETTERS * token.written.isascii()
        elif token.syllable not in self._words.single and self._syllables[token.syllable] == 1:
            odds += _NO_WORD
        return odds + _FREE * self._is_free(token.syllable)

    def _is_free(self, syllable: str) -> bool:
        return syllable in self._words.free

    def _weigh_pair(self, syllable: str, neighbour: _Neighbour) -> float | None:
        """Weigh what speaks for a syllable beside a neighbour; None if it was never seen there."""
        other = neighbour.token.syllable
        pair = f"{other} {syllable}" if neighbour.before else f"{syllable} {other}"
        if pair not in self._words.pairs and self._pairs[pair] < 2:
            return None
        return (
            _IN_A_LIST * self._words.words.get(pair, 0)
            + _SEEN_HERE * log2(1 + self._pairs[pair])
            + _COMMON_NEIGHBOUR * log2(max(1, self._syllables[other]))
            + _NEIGHBOUR_TAKEN * (neighbour.beyond in self._words.words)
        )

    def _finding(
        self, odds: float, token: _Token, syllable: str, neighbour: _Token, clear: bool
    ) -> _Finding:
        suggestion = self._spell(syllable, token)
        first, last = sorted((token, neighbour))
        words = {token: (token.written, suggestion), neighbour: (neighbour.written,) * 2}
        written, better = map(" ".join, zip(words[first], words[last], strict=True))
        right = is_vietnamese(token.written)
        message = f"“{written}” {'is no word' if right else _MISSPELT}"
        single = token.syllable in self._words.single
        rhymes = _rhyme(token.syllable, neighbour.syllable)
        sure = clear and odds >= _SURE and not (right and (single or rhymes))
        return _Finding(odds, Misprint(first.start, last.end, written, better, message, sure))

    def _spell(self, syllable: str, token: _Token) -> str:
        """Spell a folded syllable as this text does, else as the writer meant to."""
        with_y = token.written[-1].lower() in _Y
        best = max(
            spellings(syllable), key=lambda word: (self._spelled[word], (word[-1] in _Y) == with_y)
        )
        return best.capitalize() if token.written[0].isupper() else best


def _tokenize(text: str) -> Iterator[list[_Token]]:
    position = 0
    for line in text.splitlines(keepends=True):
        tokens = []
        last = -1
        for match in _WORD.finditer(line):
            start, end = match.span()
            gap = line[last:start] if last >= 0 else ""
            written = match[0]
            tokens.append(
                _Token(
                    position + start, position + end, written, fold(written), gap == " ", gap == "-"
                )
            )
            last = end
        yield tokens
        position += len(line)


def _follows_hyphen(line: list[_Token], place: int) -> bool:
    return place + 1 < len(line) and line[place + 1].hyphened


def _neighbours(line: list[_Token], place: int) -> list[_Neighbour]:
    found = []
    if line[place].joins:
        token = line[place - 1]
        beyond = f"{line[place - 2].syllable} {token.syllable}" if token.joins else ""
        found.append(_Neighbour(token, True, beyond))
    if place + 1 < len(line) and line[place + 1].joins:
        token = line[place + 1]
        joined = place + 2 < len(line) and line[place + 2].joins
        beyond = f"{token.syllable} {line[place + 2].syllable}" if joined else ""
        found.append(_Neighbour(token, False, beyond))
    return found


def _is_old_spelling(one: str, other: str) -> bool:
    """Whether only a and â differ before y and u (nhẩy, nhảy), or y and i (ỹ, ĩ)."""
    if one[-1] in "uy":
        return one.translate(_A_FOR_A_CIRCUMFLEX) == other.translate(_A_FOR_A_CIRCUMFLEX)
    return len(one) == 1 and one.translate(_I_FOR_Y) == other.translate(_I_FOR_Y)


def _rhyme(one: str, other: str) -> bool:
    return one != other and _rime(one) == _rime(other)


def _rime(syllable: str) -> str:
    return _ONSET.sub("", bare(syllable), count=1)


def _doubled(text: str) -> Iterator[_Finding]:
    for match in _DOUBLED.finditer(text):
        word = match[1].lower()
        if word in _NEVER_DOUBLED or word in _SELDOM_DOUBLED:
            sure = word in _NEVER_DOUBLED
            yield _certain(match, match[1], f"“{match[1]}” is written twice", sure=sure)


def _misplaced_numbers(text: str) -> Iterator[_Finding]:
    for match in _ONE_AMONG.finditer(text):
        among, noun, number = match.groups()
        if " ".join(map(fold, noun.split())) in dictionary().words:
            suggestion = f"{among} {number} {noun}"
            yield _certain(match, suggestion, "the number stands before what it counts", sure=False)


def _unreadable(text: str) -> Iterator[_Finding]:
    for run in _RUN.finditer(text):
        if _ODD.search(run[0]):
            start = run.start() + len(run[0]) - len(run[0].lstrip(_AROUND))
            core = run[0].strip(_AROUND)
            fault, meant = _fault(core)
            if fault:
                message = f"“{core}” {fault}"
                end = start + len(core)
                misprint = Misprint(start, end, core, meant, message, bool(meant))
                yield _Finding(inf, misprint)


def _fault(run: str) -> tuple[str, str]:
    """Say what is wrong with a run of characters without spaces, and what was meant if known."""
    if "\ufffd" in run:
        return "has lost a letter", ""
    if _MISREAD.search(run) and not run.isupper():
        return "is text in a wrong encoding", _read_again(run)
    meant = run.translate(_ALIKE)
    if meant != run and re.search(f"[{_LATIN}]", run) and is_vietnamese(meant):
        return "has letters of another script", meant
    if _CYRILLIC_IN_LATIN.search(run):
        return "mixes scripts", ""
    lost = _LOST.fullmatch(run)
    if lost and not (is_vietnamese(lost[1]) and is_vietnamese(lost[2]) and len(lost[2]) > 1):
        return "has lost a letter", ""
    return "", ""


def _read_again(misread: str) -> str:
    """Undo a reading of UTF-8 as CP1252; empty if it was something else."""
    try:
        raw = b"".join(_to_byte(character) for character in misread)
        return raw.decode("utf-8")
    except UnicodeError:
        return ""


def _to_byte(character: str) -> bytes:
    # CP1252 leaves five bytes undefined; readers pass them on as they are.
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else "cp1252")


def _certain(match: re.Match[str], suggestion: str, message: str, *, sure: bool) -> _Finding:
    misprint = Misprint(match.start(), match.end(), match[0], suggestion, message, sure)
    return _Finding(inf, misprint)
