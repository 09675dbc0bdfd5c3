"""Encodings: bytes to text in whatever encoding Vietnamese was written, and mojibake undone."""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from functools import cache, lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.vietnamese.letters import compose
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UTF_8 = "UTF-8"
LATIN = "Windows-1252"
_REMEDY = "open it where it reads right and save it as UTF-8"

_MARKED = (  # the longer mark first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8", UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# Letters for each broken byte: below that it is no UTF-8 with a scratch but something else.
_SOUND = 50
# The encoding is judged by so many pieces of so many bytes, from all over the text.
_PIECES, _PIECE = 64, 1024
_LONG_ASCII = re.compile(rb"([\x00-\x7f]{100})[\x00-\x7f]+")
# Share of the words with marks that must be Vietnamese, and of all words where those are few.
_CONVINCING, _AT_LEAST = 0.8, 0.5
_MANY = 20
# Log-odds by which one reading must beat the next: e² = 7 to 1.
_CLEARLY = 2.0
# Log-probability of a letter or a word that Vietnamese does not have.
_STRANGE = -12.0
# No syllable is longer; what is cut off a longer word cannot make it one.
_LONGEST = 16

# What stands between words; anything else, such as ÷ in "nh÷ng", is taken for a letter misread.
_WORD = re.compile(r"[^\s!-@\[-`{-~\u2010-\u2026«»°·×]+")
# Punctuation in the middle of a word, where the encoding it is from may have a letter.
_GLUED = re.compile(r"(?<=[^\W\d_])[\u2010-\u203a€™](?=[^\W\d_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f-\x9f]")

# The characters that Windows-1252 has where Latin-1 has controls, and back.
_WINDOWS = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "ignore"))
}
_FROM_WINDOWS = {ord(character): byte for byte, character in _WINDOWS.items()}
# Latin-1 letters and signs that Vietnamese text hardly has: a few among them call for a look.
_SUSPICIOUS = re.compile("[\x80-\x9f¡-¦¨ª¬\xad®¯±´-¶¸-¿Ä-ÇËÎÏÐÑÖØÛÜÞßä-çëîïðñöøûüþÿ]")
_SUSPECTS = 3
# Letters that neither of the two has.
_BEYOND = re.compile(f"[^\\W\\d_\x00-\xff{''.join(_WINDOWS.values())}]")


class Decoded(NamedTuple):
    """Text, and what it was before."""

    text: str
    encoding: str
    """As people call it: UTF-8, UTF-16, UTF-32, TCVN3, TCVN 5712, VNI, VISCII, VPS, Windows-1258,
    Windows-1252, or the name given as a hint."""
    broken: int = 0
    """Bytes of UTF-8 that made no letter and are left out."""


class Mojibake(NamedTuple):
    """What a text was misread from."""

    encoding: str
    reread: Callable[[str], str]
    mixed: bool
    """Some of the text was read right: it has letters that no such mistake makes."""

    def mend(self, text: str) -> str:
        """Read text again, line by line, where that makes it more Vietnamese."""
        return "\n".join(map(self._mend_line, text.split("\n")))

    def _mend_line(self, line: str) -> str:
        if line.isascii() and not _CONTROL.search(line):
            return line
        again = self.reread(line)
        here, there = _judge(line), _judge(again)
        if here.right != there.right:
            return again if there.right > here.right else line
        # "Môc lôc" is as good as "Mục lục": what the rest of the text is like decides.
        sound = self.mixed and (_BEYOND.search(line) or here.odds > there.odds)
        return line if sound else again


class _Judgement(NamedTuple):
    odds: float
    """Logarithm of how probable these letters and words are in Vietnamese."""
    marked: int
    """Words with other than ASCII letters."""
    right: float
    """Share of those that are Vietnamese."""
    share: float
    """Share of all words that are."""

    @property
    def convinces(self) -> bool:
        known = self.marked >= _MANY or self.share >= _AT_LEAST
        return self.marked > 0 and self.right >= _CONVINCING and known


def decode(data: bytes, name: str = "the text", hint: str = "") -> Decoded:
    """Decode text in an encoding that is found out.

    A byte-order mark decides, then valid UTF-8; otherwise each old Vietnamese encoding is tried
    and the most Vietnamese result wins. Windows-1258, which writes tones apart, comes back
    composed (NFC); all others have one character a letter anyway.

    Args:
        data: the whole text.
        name: what to call it in messages.
        hint: the encoding somebody says it has, such as an HTTP header; it decides between
            readings that are as good, and is taken at its word only for text that is neither
            UTF-8 nor Vietnamese.

    Raises:
        SourceError: it is in no known encoding, could as well be in one as in another, or is cut
            off in the middle of a letter.
    """
    for mark, codec, encoding in _MARKED:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], codec, name, encoding), encoding)
    if codec := _utf_16(data):
        return Decoded(_strictly(data, codec, name, "UTF-16"), "UTF-16")
    try:
        return Decoded(data.decode("utf-8"), UTF_8)
    except UnicodeDecodeError as problem:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if _beyond_ascii(text) > broken * _SOUND:
            return Decoded(text.replace("\ufffd", ""), UTF_8, broken)
        sample = _sample(data)
        if best := _best(_legacy(), sample, name, hint):
            return Decoded(_legacy()[best](data.decode("latin-1")), best)
        if hinted := _as_hinted(data, hint):
            return hinted
        if _is_latin(data) and not _leans_vietnamese(sample):
            return Decoded(data.decode("cp1252"), LATIN)
        line = data.count(b"\n", 0, problem.start) + 1
        raise SourceError(
            f"{name} is not UTF-8 text (line {line}, byte {problem.start}), nor in an old "
            "Vietnamese encoding",
            _REMEDY,
        ) from problem


def recognise_mojibake(text: str) -> Mojibake | None:
    """Tell what a text was misread from: "ViÖt Nam" from TCVN3, "Viá»‡t" from UTF-8.

    Only the lines that are not Vietnamese as they stand are looked at, so that a text may be
    half right and half wrong; French or German is neither.
    """
    if len(list(islice(_SUSPICIOUS.finditer(text), _SUSPECTS))) < _SUSPECTS:
        return None
    wrong, size = [], 0
    for line in text.split("\n"):
        if _SUSPICIOUS.search(line) and _judge(line[:_PIECE]).right < _CONVINCING:
            wrong.append(line[:_PIECE])
            size += len(wrong[-1])
            if size > _PIECES * _PIECE:
                break
    readers = {UTF_8: _reread_utf_8, **_legacy()}
    try:
        encoding = _best(readers, "\n".join(wrong), "the text", "")
    except SourceError:  # two readings as good: it is too short to be sure
        return None
    if not encoding:
        return None
    return Mojibake(encoding, readers[encoding], _BEYOND.search(text) is not None)


def mend_mojibake(text: str) -> Decoded | None:
    """Mend a text whose letters were misread, None where nothing is wrong or nothing is sure.

    >>> mend_mojibake("Céng hßa x· héi chñ nghÜa ViÖt Nam")
    Decoded(text='Cộng hòa xã hội chủ nghĩa Việt Nam', encoding='TCVN3', broken=0)
    """
    found = recognise_mojibake(text)
    return Decoded(found.mend(text), found.encoding) if found else None


def is_old_font(font: str) -> bool:
    """Whether a font shows Latin letters as Vietnamese: .VnTime (TCVN3), VNI-Times (VNI)."""
    return font.startswith(tuple(_FONTS))


def is_converted(text: str) -> bool:
    """Whether text in an old font has letters that such fonts do not show: only its font is old."""
    return _BEYOND.search(text) is not None


def read_font(text: str, font: str, *, mixed: bool = False) -> str:
    """Read text that an old font shows as Vietnamese, by the name of the font.

    Args:
        text: of one font, as long as there is.
        font: its name; text in others than old fonts stays.
        mixed: whether the document has converted text in such fonts. "Xã có" reads "Xó cú" in
            TCVN3, and letters as probable as those decide then.

    >>> read_font("ViÖt", ".VnTime"), read_font("Vieät", "VNI-Times"), read_font("viÖt", ".VnTimeH")
    ('Việt', 'Việt', 'VIỆT')
    """
    if not is_old_font(font) or is_converted(text):
        return text
    encoding = next(encoding for start, encoding in _FONTS.items() if font.startswith(start))
    read = Mojibake(encoding, _legacy()[encoding], mixed).mend(text)
    return read.upper() if encoding == "TCVN3" and font.endswith("H") else read


_FONTS = {".Vn": "TCVN3", "VNI-": "VNI"}


# --- Unicode ------------------------------------------------------------------------------------


_UTF_8_RUN = re.compile(f"[\x80-\xff{re.escape(''.join(_WINDOWS.values()))}]+")


def _strictly(data: bytes, codec: str, name: str, encoding: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as problem:
        raise SourceError(
            f"{name} begins as {encoding} but is broken at byte {problem.start}", _REMEDY
        ) from problem


def _utf_16(data: bytes) -> str:
    """Return the codec of UTF-16 without a byte-order mark, or nothing."""
    head = data[: _PIECES * _PIECE // 2 * 2]
    if b"\0" not in head:
        return ""
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        # Latin, its extensions, the Vietnamese block and general punctuation.
        usual = sum(map(high.count, (0x00, 0x01, 0x03, 0x1E, 0x20)))
        low = head[0::2] if codec == "utf-16-le" else head[1::2]
        if usual >= 0.9 * len(high) and low.count(0) <= 0.1 * len(low):
            return codec
    return ""


def _reread_utf_8(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, once or twice."""
    for _ in range(2):
        again = _UTF_8_RUN.sub(_as_utf_8, text)
        if again == text:
            break
        text = again
    return text


def _as_utf_8(run: re.Match[str]) -> str:
    try:
        return run[0].translate(_FROM_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


# --- what came before it --------------------------------------------------------------------------
# Each reader takes text as Latin-1 or Windows-1252 would show it.


@cache
def _legacy() -> Mapping[str, Callable[[str], str]]:
    """Return the reader of each old encoding."""
    rows = load_table("encodings.tsv")
    tcvn, viscii, vps, vni = (
        {bytes.fromhex(row[column]).decode("latin-1"): row[0] for row in rows}
        for column in (1, 2, 3, 4)
    )
    tcvn3 = {byte: letter for byte, letter in tcvn.items() if byte > "\xa0"}
    return {
        "TCVN3": partial(_read_tcvn3, table=_translation(tcvn3)),
        "VNI": partial(_read_pairs, table=_with_mixed_case(vni)),
        "Windows-1258": _read_cp1258,
        "VISCII": partial(_read_bytes, table=_translation(viscii)),
        "VPS": partial(_read_bytes, table=_translation(vps)),
        "TCVN 5712": partial(_read_bytes, table=_translation(tcvn)),
    }


def _translation(table: Mapping[str, str]) -> dict[int, str]:
    return {**_WINDOWS, **{ord(byte): letter for byte, letter in table.items()}}


def _read_bytes(text: str, table: dict[int, str]) -> str:
    return text.translate(_FROM_WINDOWS).translate(table)


_PLAIN_SMALL = re.compile("[a-zăâêôơưđ]")
_NOT_PLAIN_SMALL = re.compile(rf"(?<![^\W\d_])[^\W\d_{_PLAIN_SMALL.pattern[1:]}{{2,}}(?![^\W\d_])")
_LATER_CAPITAL = re.compile(r"[^\W\d_][A-ZĂÂÊÔƠƯĐ]")


def _read_tcvn3(text: str, table: dict[int, str]) -> str:
    """Read TCVN3, which has no capitals with tones.

    They were shown by fonts of capitals (.VnTimeH) and are small letters in the text. In words
    and lines of capitals they were meant to be capitals: "CéNG HßA" is CỘNG HÒA.
    """
    return "\n".join(map(_with_capitals, _read_bytes(text, table).split("\n")))


def _with_capitals(line: str) -> str:
    if not _PLAIN_SMALL.search(line):
        return _all_capitals(line)
    return _NOT_PLAIN_SMALL.sub(lambda word: _all_capitals(word[0]), line)


def _all_capitals(text: str) -> str:
    return text.upper() if _LATER_CAPITAL.search(text) else text


def _with_mixed_case(table: Mapping[str, str]) -> dict[str, str]:
    """Add capitals with a small mark, as they were often typed: Vieät, but also Aån for AÅn."""
    mixed = {key[0] + key[1:].lower(): letter for key, letter in table.items()}
    return {**mixed, **table}


def _read_pairs(text: str, table: dict[str, str]) -> str:
    def letters(pair: re.Match[str]) -> str:
        return table.get(pair[0]) or "".join(table.get(byte, byte) for byte in pair[0])

    return _pairs().sub(letters, text.translate(_FROM_WINDOWS)).translate(_WINDOWS)


@cache
def _pairs() -> re.Pattern[str]:
    keys = [bytes.fromhex(row[4]).decode("latin-1") for row in load_table("encodings.tsv")]
    bases = "".join({key[0] for key in keys if len(key) == 2})
    marks = "".join({case for key in keys for mark in key[1:] for case in (mark, mark.lower())})
    single = "".join(key for key in keys if len(key) == 1)
    return re.compile(f"[{bases}][{marks}]|[{single}]")


def _read_cp1258(text: str) -> str:
    return compose(text.translate(_FROM_WINDOWS).translate(_cp1258()))


@cache
def _cp1258() -> dict[int, str]:
    return {
        byte: character
        for byte in range(0x80, 0x100)
        if (character := bytes([byte]).decode("cp1258", "ignore"))
    }


# --- judging ------------------------------------------------------------------------------------


def _sample(data: bytes) -> str:
    """Return pieces from all over a text, without long stretches of ASCII."""
    data = _LONG_ASCII.sub(rb"\1", data)
    step = max(_PIECE, len(data) // _PIECES)
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), step))
    return b"\n".join(pieces).decode("latin-1")


def _best(
    readers: Mapping[str, Callable[[str], str]], sample: str, name: str, hint: str
) -> str | None:
    """Return the encoding that makes the sample Vietnamese, None if none does.

    Raises:
        SourceError: two make it so, differently.
    """
    read = {encoding: reader(sample) for encoding, reader in readers.items()}
    judged = {encoding: _judge(text) for encoding, text in read.items()}
    judged = {encoding: verdict for encoding, verdict in judged.items() if verdict.convinces}
    if not judged:
        return None
    best, *others = sorted(judged, key=lambda encoding: -judged[encoding].odds)
    for other in others:
        if judged[best].odds - judged[other].odds < _CLEARLY and read[best] != read[other]:
            if _same(hint, best) or _same(hint, other):
                return best if _same(hint, best) else other
            raise SourceError(f"{name} could be in {best} or in {other}", _REMEDY)
    return best


def _judge(text: str) -> _Judgement:
    odds = 2 * _STRANGE * len(_GLUED.findall(text))
    words = marked = right = plain = 0
    for word in _WORD.findall(text):
        words += 1
        if word.isascii() and word.isprintable():
            plain += _is_word(word)
            continue
        marked += 1
        probability, known = _weigh(word[:_LONGEST])
        odds += probability
        right += known
    share = (right + plain) / words if words else 0.0
    return _Judgement(odds, marked, right / marked if marked else 0.0, share)


@lru_cache(1 << 14)
def _weigh(word: str) -> tuple[float, bool]:
    """Return the log-probability of a word's marked letters, and whether it is Vietnamese."""
    word = unicodedata.normalize("NFC", word)
    known = _is_word(word)
    letters = (
        _probability().get(letter, _STRANGE) for letter in word if not "a" <= letter.lower() <= "z"
    )
    return sum(letters) + (0.0 if known else _STRANGE), known


def _is_word(word: str) -> bool:
    return is_vietnamese(word) and (word[1:].islower() or word.isupper() or len(word) == 1)


@cache
def _probability() -> dict[str, float]:
    return {row[0]: math.log(int(row[-1]) / 100_000) for row in load_table("encodings.tsv")}


# --- text that is not Vietnamese ------------------------------------------------------------------


# What a page may say of itself; Latin-1 is said of anything, and Python knows stranger ones.
_FOREIGN = re.compile(r"big5|cp(?!1252)|euc|gb|iso8859-(?!1\b)|johab|koi8|mac|shift_jis|tis")
_WESTERN = frozenset("«»“”‘’„–—…•°§©®™€£·¿¡\xa0\xad")


def _same(hint: str, encoding: str) -> bool:
    def plain(name: str) -> str:
        return re.sub(r"\W|windows|cp|x-viet-", "", name.lower())

    return plain(hint) == plain(encoding)


def _as_hinted(data: bytes, hint: str) -> Decoded | None:
    try:
        codec = codecs.lookup(hint).name
        text = data.decode(codec) if _FOREIGN.match(codec) else ""
    except (LookupError, ValueError):
        return None
    return Decoded(text, codec) if text and not _CONTROL.search(text) else None


def _is_latin(data: bytes) -> bool:
    """Whether bytes are text in a western language: letters and punctuation, hardly a sign."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = _beyond_ascii(text)
    usual = sum(letter.isalpha() or letter in _WESTERN for letter in text if letter > "\x7f")
    return not _CONTROL.search(text) and usual >= 0.9 * high and high < len(text) / 2


def _leans_vietnamese(sample: str) -> bool:
    """Whether an encoding makes so much Vietnamese of it that it should not be read without."""
    return any(_judge(reader(sample)).right >= _AT_LEAST for reader in _legacy().values())


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
