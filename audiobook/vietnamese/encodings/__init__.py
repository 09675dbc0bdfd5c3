"""Encodings: decoding text in any encoding used for Vietnamese, and undoing mojibake."""

from __future__ import annotations

import codecs
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.encodings.judging import (
    AT_LEAST,
    CONVINCING,
    PIECE,
    PIECES,
    REMEDY,
    best_encoding,
    compare_words,
    judge,
    replace_icelandic_d,
    take_sample,
)
from audiobook.vietnamese.encodings.legacy import WINDOWS, legacy_readers
from audiobook.vietnamese.encodings.unicode import decode_strictly, detect_utf_16, reread_utf_8
from audiobook.vietnamese.letters import compose

if TYPE_CHECKING:
    from collections.abc import Callable

UTF_8 = "UTF-8"
LATIN = "Windows-1252"

_MARKED = (  # the longer mark first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8", UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# Letters beyond ASCII for each broken byte: with fewer a text is not damaged UTF-8.
_LETTERS_A_BREAK = 50

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f-\x9f]")

# Latin-1 letters and signs that are rare in Vietnamese: a few of them make a text suspicious.
_SUSPICIOUS = re.compile("[\x80-\x9f¡-¦¨ª¬\xad®¯±´-¶¸-¿Ä-ÇËÎÏÐÑÖØÛÜÞßä-çëîïðñöøûüþÿ]")
_SUSPECTS = 3
# Non-words that must become words when a text is reread.
_FEWEST_MENDED = 2
# Letters that are neither in Latin-1 nor in Windows-1252.
_BEYOND = re.compile(f"[^\\W\\d_\x00-\xff{''.join(WINDOWS.values())}]")


class Decoded(NamedTuple):
    """A decoded text and its encoding."""

    text: str
    encoding: str
    """Its usual name: UTF-8, UTF-16, UTF-32, TCVN3, TCVN 5712, VNI, VISCII, VPS, Windows-1258,
    Windows-1252, or the name from the hint."""
    broken: int = 0
    """Number of invalid UTF-8 sequences, which are left out."""


class Mojibake(NamedTuple):
    """The encoding that a text was misread from, and how to reread it."""

    encoding: str
    reread: Callable[[str], str]
    mixed: bool
    """Whether some of the text was read right: it has letters that no misreading produces."""

    def mend(self, text: str) -> str:
        """Return a text with its misread lines reread.

        Rereading a line must turn non-words into words, and must break no word. A line that looks
        right either way ("Môc lôc" is as good as "Mục lục") is reread only if no part of the text
        was read right.
        """
        return "\n".join(map(self._mend_line, text.split("\n")))

    def _mend_line(self, line: str) -> str:
        if line.isascii() and not _CONTROL.search(line):
            return line
        reread_line = self.reread(line)
        if reread_line == line:
            return line
        mended_count, broken_count = compare_words(line, reread_line)
        if broken_count or judge(reread_line).right < (CONVINCING if mended_count else 1.0):
            return line
        if mended_count:
            # Beside letters that no misreading produces, one or two non-words may be foreign words.
            is_sure = mended_count >= _SUSPECTS or not _BEYOND.search(line)
            return reread_line if is_sure else line
        return line if self.mixed else reread_line


def decode(data: bytes, name: str = message("the text"), hint: str = "") -> Decoded:
    """Decode text and detect its encoding.

    A byte-order mark decides, then valid UTF-8; otherwise each old Vietnamese encoding is tried
    and the most Vietnamese result wins. Text from Windows-1258, which stores tones as separate
    characters, is composed (NFC); the other encodings have one character for each letter.

    Args:
        data: all bytes of the text.
        name: what messages call the text.
        hint: the encoding that an HTTP header or the like names. It decides between equally good
            results, and is relied on alone only for text that is neither UTF-8 nor Vietnamese.

    Raises:
        SourceError: the encoding is not known, two encodings fit equally well, or the text ends
            in the middle of a letter.
    """
    for mark, codec, encoding in _MARKED:
        if data.startswith(mark):
            return Decoded(decode_strictly(data[len(mark) :], codec, name, encoding), encoding)
    if codec := detect_utf_16(data):
        return Decoded(decode_strictly(data, codec, name, "UTF-16"), "UTF-16")
    try:
        return Decoded(data.decode("utf-8"), UTF_8)
    except UnicodeDecodeError as problem:
        text = data.decode("utf-8", "replace")
        broken_count = text.count("\ufffd")
        if _count_beyond_ascii(text) > broken_count * _LETTERS_A_BREAK:
            return Decoded(text.replace("\ufffd", ""), UTF_8, broken_count)
        sample = take_sample(data)
        if best := best_encoding(legacy_readers(), sample, name, hint):
            return Decoded(legacy_readers()[best](data.decode("latin-1")), best)
        if hinted_text := _decode_as_hinted(data, hint):
            return hinted_text
        if _is_latin(data) and not _leans_vietnamese(sample):
            return Decoded(data.decode("cp1252"), LATIN)
        line = data.count(b"\n", 0, problem.start) + 1
        raise SourceError(
            message(
                "{name} is not UTF-8 text (line {line}, byte {position}), nor in an old "
                "Vietnamese encoding",
                name=name,
                line=line,
                position=problem.start,
            ),
            REMEDY,
        ) from problem


def recognise_mojibake(*texts: str) -> Mojibake | None:
    """Return what texts were misread from: "ViÖt Nam" from TCVN3, "Viá»‡t" from UTF-8.

    Only lines that are not Vietnamese as they stand are judged, so that a text may be half right
    and half wrong. None for text that was not misread, French and German among them.

    >>> shown = "Céng hßa x· héi chñ nghÜa ViÖt Nam"
    >>> mojibake = recognise_mojibake(shown)
    >>> mojibake.encoding, mojibake.mend(shown)
    ('TCVN3', 'Cộng hòa xã hội chủ nghĩa Việt Nam')
    """
    # An Icelandic Ð always stands for the Vietnamese Đ.
    suspects = (
        suspect for text in texts for suspect in _SUSPICIOUS.finditer(replace_icelandic_d(text))
    )
    if len(list(islice(suspects, _SUSPECTS))) < _SUSPECTS:
        return None
    wrong_lines, size = [], 0
    for line in chain.from_iterable(text.split("\n") for text in texts):
        if _SUSPICIOUS.search(line) and judge(replace_icelandic_d(line[:PIECE])).right < CONVINCING:
            wrong_lines.append(line[:PIECE])
            size += len(wrong_lines[-1])
            if size > PIECES * PIECE:
                break
    readers = {UTF_8: reread_utf_8, **legacy_readers()}
    try:
        encoding = best_encoding(readers, "\n".join(wrong_lines), message("the text"), "")
    except SourceError:  # two encodings fit equally well: the text is too short
        return None
    if not encoding:
        return None
    reread = readers[encoding]
    if sum(compare_words(line, reread(line))[0] for line in wrong_lines) < _FEWEST_MENDED:
        return None
    mixed = any(_BEYOND.search(compose(text)) for text in texts)
    return Mojibake(encoding, reread, mixed)


def is_old_font(font: str) -> bool:
    """Whether a font shows Latin letters as Vietnamese: .VnTime (TCVN3), VNI-Times (VNI)."""
    return font.startswith(tuple(_FONTS))


def is_converted(text: str) -> bool:
    """Whether text in an old font is Unicode already: it has letters that old fonts lack."""
    return _BEYOND.search(text) is not None


def read_font(text: str, font: str, *, mixed: bool = False) -> str:
    """Return the Vietnamese that an old font shows for a text.

    Args:
        text: text in one font, as long a stretch as possible.
        font: the name of the font; text in fonts that are not old stays as it is.
        mixed: whether the document also has Unicode text in such fonts. "Xã có" would read
            "Xó cú" in TCVN3; then the more probable letters decide.

    >>> read_font("ViÖt", ".VnTime"), read_font("Vieät", "VNI-Times"), read_font("viÖt", ".VnTimeH")
    ('Việt', 'Việt', 'VIỆT')
    """
    if not is_old_font(font) or is_converted(text):
        return text
    encoding = next(encoding for start, encoding in _FONTS.items() if font.startswith(start))
    decoded = "\n".join(
        _read_font_line(line, legacy_readers()[encoding], mixed) for line in text.split("\n")
    )
    return decoded.upper() if encoding == "TCVN3" and font.endswith("H") else decoded


def _read_font_line(line: str, reread: Callable[[str], str], mixed: bool) -> str:
    if line.isascii() and not _CONTROL.search(line):
        return line
    reread_line = reread(line)
    shown_judgement, reread_judgement = judge(line), judge(reread_line)
    if shown_judgement.right != reread_judgement.right:
        return reread_line if reread_judgement.right > shown_judgement.right else line
    return line if mixed and shown_judgement.odds > reread_judgement.odds else reread_line


_FONTS = {".Vn": "TCVN3", "VNI-": "VNI"}


# --- Unicode ------------------------------------------------------------------------------------


# --- text that is not Vietnamese ------------------------------------------------------------------


# Encodings that a page may rightly name. Latin-1 is named for any text, and Python has many others.
_FOREIGN = re.compile(r"big5|cp(?!1252)|euc|gb|iso8859-(?!1\b)|johab|koi8|mac|shift_jis|tis")
_WESTERN = frozenset("«»“”‘’„–—…•°§©®™€£·¿¡\xa0\xad")


def _decode_as_hinted(data: bytes, hint: str) -> Decoded | None:
    try:
        codec = codecs.lookup(hint).name
        text = data.decode(codec) if _FOREIGN.match(codec) else ""
    except (LookupError, ValueError):
        return None
    return Decoded(text, codec) if text and not _CONTROL.search(text) else None


def _is_latin(data: bytes) -> bool:
    """Whether bytes are text in a western language: letters and punctuation, few other signs."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high_count = _count_beyond_ascii(text)
    usual_count = sum(letter.isalpha() or letter in _WESTERN for letter in text if letter > "\x7f")
    return (
        not _CONTROL.search(text) and usual_count >= 0.9 * high_count and high_count < len(text) / 2
    )


def _leans_vietnamese(sample: str) -> bool:
    """Whether some old encoding makes a sample so Vietnamese that Windows-1252 would be wrong."""
    return any(judge(reader(sample)).right >= AT_LEAST for reader in legacy_readers().values())


def _count_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
