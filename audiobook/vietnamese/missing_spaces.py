"""Stops without a space after them: "về.Hôm nay" ends a sentence, 3.14 and Node.js do not."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.stops import (
    ABBREVIATIONS,
    CHAT_ENDS,
    ELLIPSES,
    ITEM_NUMBER,
    LONGEST_MARKER,
    SURE_OPENING,
    WORD_BEFORE,
    is_numbering,
    is_plain_word,
    word_before,
)
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese

_ADDRESS = re.compile(r"(?:https?://|www\.|[\w.-]+\.[a-z]{2,}/|\S+@)\S*\Z")
_LONGEST_ADDRESS = 300
_AMOUNT = re.compile(r"[0-9]{1,4}(?:[a-zđ]{1,3}[0-9]{0,2}|%)?")
_SYLLABLE_NEXT = re.compile(rf"(?:[{CAPITALS}][^\W\d_A-Z]++|[ÀẢÁÔỒỐƠỜỞƯỪỨÝ])(?=[\s,])")
_NUMBER_NEXT = re.compile(rf"[1-9]\.\s[{CAPITALS}]")
_CAPITALS_NEXT = re.compile(rf"[{CAPITALS}]{{2,7}}(?=[\s,])")
_SMALL_NEXT = re.compile(r"[^\W\d_]{2,7}(?=[\s,])")
_DASHED_ON = re.compile(rf"[-–—]{{1,2}}\s[\"“«]?[{CAPITALS}]")
# Endings of addresses and file names: "tên miền .com", "tệp .bat".
_ENDS_OF_NAMES = frozenset("ai bat co com dat in ini io me net so to tv".split())
# A line with so many spaces is not an address alone.
_FEWEST_SPACES = 8


@lru_cache(16)
def _is_all_capitals(line: str) -> bool:
    return line.isupper() and line.count(" ") >= _FEWEST_SPACES


def space_is_missing(line: str, start: int, stop: re.Match[str]) -> bool:
    """Whether "về.Hôm nay" lost its space, unlike "Node.js", "3.14" and addresses."""
    next_character = line[stop.end()]
    if next_character.islower():
        return stop[0] == "." and _starts_small_unspaced(line, stop)
    if next_character in "-–—":  # "Dịch âm.- Tượng viết"
        return stop[0] in ".?!" and _starts_with_dash(line, start, stop)
    if next_character.isdecimal() and stop[0] == ".":  # "khuyến mãi.2. Mình"
        return bool(_NUMBER_NEXT.match(line, stop.end())) and is_plain_word(word_before(line, stop))
    if not next_character.isupper() and next_character not in "“«‘":
        return False
    word = word_before(line, stop)
    if not word and stop[0] == "." and line[stop.start() - 1 : stop.start()] == " ":
        # "lúc này .Nhưng", but not "dùng .NET".
        following = _SYLLABLE_NEXT.match(line, stop.end())
        if following is None and _is_all_capitals(line):
            return _CAPITALS_NEXT.match(line, stop.end()) is not None
        preceding = WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start() - 1)
        if not (following and preceding and is_plain_word(preceding[1])):
            return False
        opening = SURE_OPENING.match(f" {line[stop.end() : stop.end() + LONGEST_MARKER]}")
        return bool(opening) or (not following[0].isascii() and is_vietnamese(following[0]))
    if "." in word or _is_in_address(line, stop.start()):
        return False
    if stop[0] in ELLIPSES and word and line.startswith(word, stop.end()):
        return False  # "Anh...Anh cho tôi ở lại?"
    if stop["mark"] != "." or stop["closed"] or line[max(stop.start() - 1, 0)] in "”»":
        return True
    if _AMOUNT.fullmatch(word) and _SYLLABLE_NEXT.match(line, stop.end()):
        # "ngày 5.Về", but not "1.Rửa tay", nor "gồm: 1.Rửa tay".
        stem = line[start : stop.start()].strip("-–—•* ")
        window = max(0, stop.start() - 8)
        return stem != word and not ITEM_NUMBER.search(line, window, stop.start())
    if word in CHAT_ENDS:
        return True
    if _is_all_capitals(line):
        following = _CAPITALS_NEXT.match(line, stop.end())
        return is_plain_word(word) and following is not None and is_plain_word(following[0])
    if not word[1:].islower() or word.lower() in ABBREVIATIONS:
        return False
    # "Trump.Dù sao", but neither "Node.Js" nor "ASP.Net": the next word is Vietnamese by its marks.
    next_syllable = _SYLLABLE_NEXT.match(line, stop.end())
    return is_plain_word(word) or bool(
        next_syllable
        and len(word) > 2
        and not next_syllable[0].isascii()
        and is_syllable(next_syllable[0])
    )


def _starts_with_dash(line: str, start: int, stop: re.Match[str]) -> bool:
    if _DASHED_ON.match(line, stop.end()) is None:
        return False
    return is_plain_word(word_before(line, stop)) and not is_numbering(line, start, stop, "")


def _starts_small_unspaced(line: str, stop: re.Match[str]) -> bool:
    """Whether the next sentence begins in small letters without a space: "như vậy .hay là"."""
    is_spaced = line[max(stop.start() - 1, 0)] == " "
    word_end = stop.start() - is_spaced
    preceding = WORD_BEFORE.search(line, max(0, word_end - 24), word_end)
    following = _SMALL_NEXT.match(line, stop.end())
    if not (
        preceding and following and is_plain_word(preceding[1]) and is_plain_word(following[0])
    ):
        return False
    if following[0] in _ENDS_OF_NAMES or _is_in_address(line, stop.start()):
        return False
    has_marks = not (preceding[1].isascii() and following[0].isascii())
    return is_spaced or has_marks or (line.isascii() and line.count(" ") >= _FEWEST_SPACES)


def _is_in_address(line: str, position: int) -> bool:
    window = max(0, position - _LONGEST_ADDRESS)
    token_start = max(window, line.rfind(" ", window, position) + 1)
    return _ADDRESS.match(line, token_start, position) is not None
