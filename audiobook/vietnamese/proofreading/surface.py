"""Misprints that show at once: doubled words, lost letters, wrong scripts."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.proofreading.finding import Finding, Misprint, certain_finding
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.words import dictionary, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Words that are never doubled on purpose, unlike xanh xanh, luôn luôn, ai ai.
_NEVER_DOUBLED = frozenset(
    "bị bởi các cùng đang giữa hoặc mỗi nếu những nhưng như rằng sẽ tại thuộc và vì".split()
)
_DOUBLED = re.compile(r"\b(\w++) (\1)\b", re.IGNORECASE)
# Words that are hardly ever doubled: "của của mình", one's possessions.
_SELDOM_DOUBLED = frozenset("của được là mà thì trong với về".split())
# Doubled only in verse, where one half of a line may end and the other begin with them.
_DOUBLED_IN_VERSE = frozenset("cho cũng dưới hơn khi sau theo trên việc vào vẫn đã để".split())
_VERSE = (4, 5, 6, 7, 8)  # words of a line
# Persons: doubled by mistake even at the beginning of a sentence, but not before a mark.
_PERSONS = frozenset(("chúng", "hắn", "họ", "nó"))
# After a mark they are speech or a noun: "Được được!", "Của của ai nấy giữ."
_MARK_BEFORE = re.compile(r"(?:\A|[^\w\s]|\n)\s*\Z")
_WORD_AFTER = re.compile(r" \w")
_WORD_BEFORE = re.compile(r"(\w+) \Z")

# "1 trong quốc gia 3": a number must stand before the noun that it counts.
_COUNT = r"\d{1,2}|hai|ba|bốn|sáu|bảy|tám|chín|mười"
_ONE_AMONG = re.compile(
    rf"(?<!số )(?<!hạng )(?<!thứ )\b((?:1|một) trong) (\w+ \w+) ({_COUNT})(?= [^\W\d_])"
    r"(?! (?:giây|phút|giờ|ngày|đêm|hôm|tuần|tháng|quý|năm|lần|buổi|mùa)\b)",
    re.IGNORECASE,
)

_RUN = re.compile(r"\S+")
_AROUND = ".,;:!?()[]{}\"'…"
_ODD = re.compile("[\ufffd?ÂÃÄÅÆÐð\u0370-\u03ff\u0400-\u04ff]|á[º»]")
# A letter lost in an old encoding: "đư?c". But "đi không?anh" lacks a space.
_LOST = re.compile(r"([^\W\d_]+)\?([a-zđ][^\W\d_]*)")
# UTF-8 that was read as CP1252: "Ä‘Æ°á»£c" for được.
_CP1252_ONLY = "\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(rf"[ÂÃÄÅÆ][{_CP1252_ONLY}]|á[º»][{_CP1252_ONLY}]|[a-zđ][ÃÆ]")
_ALIKE = str.maketrans("аеорсухіАВЕКМНОРСТХοÐð", "aeopcyxiABEKMHOPCTXoĐđ")
_LATIN = r"a-zA-Z\u00c0-\u024f\u1ea0-\u1ef9"
_CYRILLIC_IN_LATIN = re.compile(f"[{_LATIN}][\u0400-\u04ff]|[\u0400-\u04ff][{_LATIN}]")


def has_strange_letters(word: str) -> bool:
    """Whether a word has letters of another script that look Latin, or Ð for Đ."""
    return word != word.translate(_ALIKE)


def find_doubled(text: str) -> Iterator[Finding]:
    """Yield words that are written twice by mistake."""
    for match in _DOUBLED.finditer(text):
        word = match[1].lower()
        sure = word in _NEVER_DOUBLED
        if sure or _is_doubled_by_slip(word, match):
            yield certain_finding(
                match, match[1], message("“{word}” is written twice", word=match[1]), sure=sure
            )


def _is_doubled_by_slip(word: str, match: re.Match[str]) -> bool:
    """Whether a word that may be doubled hardly is on purpose here."""
    if word in _PERSONS:
        return _WORD_AFTER.match(match.string, match.end()) is not None
    if word in _DOUBLED_IN_VERSE and _is_in_verse(match):
        return False
    if word not in _SELDOM_DOUBLED and word not in _DOUBLED_IN_VERSE:
        return False
    return not (_follows_a_mark(match) or _ends_a_word(match))


def _is_in_verse(match: re.Match[str]) -> bool:
    """Whether the line of a match is as short as those of a poem."""
    text = match.string
    start = max(text.rfind("\n", max(0, match.start() - 60), match.start()) + 1, match.start() - 60)
    end = text.find("\n", match.end(), match.end() + 60)
    return len(text[start : end if end >= 0 else match.end() + 60].split()) in _VERSE


def _follows_a_mark(match: re.Match[str]) -> bool:
    """Whether a mark or the beginning of a line stands before a match."""
    start = match.start()
    return bool(_MARK_BEFORE.search(match.string, max(0, start - 3), start))


def _ends_a_word(match: re.Match[str]) -> bool:
    """Whether the first of two words forms a word with the one before: tiền của + của."""
    word_before = _WORD_BEFORE.search(match.string, max(0, match.start() - 9), match.start())
    return (
        word_before is not None and f"{fold(word_before[1])} {fold(match[1])}" in dictionary().words
    )


def find_misplaced_numbers(text: str) -> Iterator[Finding]:
    """Yield numbers that stand after the noun that they count."""
    for match in _ONE_AMONG.finditer(text):
        phrase, noun, number = match.groups()
        if " ".join(map(fold, noun.split())) in dictionary().words:
            suggestion = f"{phrase} {number} {noun}"
            yield certain_finding(
                match, suggestion, message("the number stands before what it counts"), sure=False
            )


def find_unreadable(text: str) -> Iterator[Finding]:
    """Yield text that has lost letters, or is in a wrong encoding or script."""
    for match in _RUN.finditer(text):
        if _ODD.search(match[0]):
            start = match.start() + len(match[0]) - len(match[0].lstrip(_AROUND))
            written = match[0].strip(_AROUND)
            problem, suggestion = _diagnose(written)
            if problem:
                end = start + len(written)
                misprint = Misprint(
                    start=start,
                    end=end,
                    written=written,
                    suggestion=suggestion,
                    message=problem,
                    sure=bool(suggestion),
                )
                yield Finding(inf, misprint)


def _diagnose(run: str) -> tuple[Message, str]:
    """Return what is wrong with a run of characters, and what was meant; either may be empty."""
    if "\ufffd" in run:
        return message("“{word}” has lost a letter", word=run), ""
    if _MISREAD.search(run) and not run.isupper():
        return message("“{text}” is text in a wrong encoding", text=run), _reread(run)
    suggestion = run.translate(_ALIKE)
    if suggestion != run and re.search(f"[{_LATIN}]", run) and is_vietnamese(suggestion):
        return message("“{word}” has letters of another script", word=run), suggestion
    if _CYRILLIC_IN_LATIN.search(run):
        return message("“{word}” mixes scripts", word=run), ""
    lost_letter = _LOST.fullmatch(run)
    if lost_letter and not (
        is_vietnamese(lost_letter[1]) and is_vietnamese(lost_letter[2]) and len(lost_letter[2]) > 1
    ):
        return message("“{word}” has lost a letter", word=run), ""
    return NOTHING, ""


def _reread(misread: str) -> str:
    """Return text with UTF-8 restored that was read as CP1252; empty if it is not such text."""
    try:
        encoded = b"".join(_to_byte(character) for character in misread)
        return encoded.decode("utf-8")
    except UnicodeError:
        return ""


def _to_byte(character: str) -> bytes:
    # CP1252 leaves five bytes undefined, which decoders keep as they are.
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else "cp1252")
