"""Addresses of the net: e-mail, web pages, handles and hashtags; names of code and keys."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import CAPITALS, RAISED, spell
from audiobook.vietnamese.rules.acronyms import foreign_words
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import load_pairs

_SAID = load_pairs("link_parts.tsv")
# Words run together are parted where a capital begins one: #YeuHaNoi.
_PARTS = re.compile(
    rf"[0-9]+|[{CAPITALS}](?:(?!{RAISED})[^\W\d_{CAPITALS}])+|(?:(?!{RAISED}|[{CAPITALS}][^\W\d_{CAPITALS}])[^\W\d_])+|."
)
_ENDINGS = (
    r"(?:vn|com|net|org|edu|gov|info|io|co|tv|me|asia|biz|xyz|app|dev"
    r"|tools|online|store|shop|site|tech|blog|cloud|page|club|news|uk|de|fr|jp|us|eu|int)"
)
# Labels are at most 63 letters long (RFC 1035), which also keeps the scan linear.
# Before a path anything may end it: bit.ly/ve.
_HOST = rf"(?:[a-zA-Z0-9_-]{{1,63}}\.){{1,8}}(?:{_ENDINGS}(?![\w-])|[a-z]{{2,6}}(?=/\w))"
_VOWEL = re.compile(r"[aeiouyAEIOUY]|[^\x00-\x7f]")


def _say_part(part: str) -> str:
    if part.isdecimal():
        return digits(part)
    if part.isdigit():
        return ""  # a note mark
    if part.lower() in _SAID:
        return _SAID[part.lower()]
    return spell(part) if part.isalpha() and not _is_word(part) else part


def _is_word(part: str) -> bool:
    """Whether a part can be said: an ending, a known word, or consonants around a vowel."""
    if len(part) == 1 or not _VOWEL.search(part):
        return False
    if len(part) > _LONGEST_INITIALS or not part.isascii():
        return True
    if _ENDING.fullmatch(part) or part.lower() in foreign_words():
        return True
    return is_syllable(part) or _CAN_BE_SAID.fullmatch(part.lower()) is not None


def _read(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return " ".join(filter(None, map(_say_part, _PARTS.findall(match["said"]))))


# Longer parts without a meaning that we know are names, and said as words.
_LONGEST_INITIALS = 3
_LONGEST_NUMBER = 4
_LARGEST_BYTE = 255
_ENDING = re.compile(_ENDINGS)
_CAN_BE_SAID = re.compile(r"[^aeiouy]?[aeiouy]{1,2}[^aeiouy]?|[^aeiouy]h[aeiouy]")
_FILE = (
    r"\.(?:docx?|xlsx?|pptx?|pdf|txt|jpe?g|png|gif|mp[34]|zip|rar|exe|csv|html?|py|js|json|epub|apk"
    r"|rs|go|java|kt|cpp|ts|tsx|jsx|md|ya?ml|toml|sh|sql|s?css|php|rb|ini|cfg|conf|log|bat|jar|dll"
    r"|ipynb|svg|webp|wav|gz|tex|vue|swift|dart|lock|odt)"
    r"(?![\w-])"
)
_KEY = r"(?:Ctrl|Control|Alt|Shift|Cmd|Command|Win|Windows|Fn|Option)"
_PRESSED = rf"(?:{_KEY}|[A-Z](?!\w)|F[0-9]{{1,2}}|[0-9]|Enter|Tab|Esc|Del|Delete|Space|Home|End)"
_KEYS = {"Ctrl": "Control", "Cmd": "Command", "Del": "Delete", "Win": "Windows", "Esc": "Escape"}
_WORD_OF_CODE = r"[A-Za-z][A-Za-z0-9]{0,40}"
_CODE = (
    rf"(?:_{{0,2}}{_WORD_OF_CODE}(?:(?:\.|::|->){_WORD_OF_CODE}(?:_[A-Za-z0-9]{{1,40}})*){{1,6}}(?=\()"
    r"|_{0,2}[A-Za-z][A-Za-z0-9]{0,40}(?:_{1,2}[A-Za-z0-9]{1,40}){1,8}_{0,2}(?!\w)"
    r"|[a-z]{2,20}(?:[A-Z][a-z0-9]{1,20}){1,8}(?!\w)"
    r"|(?:[A-Z][a-z0-9]{1,20}){3,8}(?!\w)|(?:[A-Z][a-z0-9]{1,20}){2}(?=\())"
)
_HUMPS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]+|_+|\.")
_GREEK = frozenset("alpha beta gamma delta theta lambda sigma eta xi phi mu ell rho tau".split())
_UNITS = frozenset(("mmHg", "kmHg"))
MAYBE = re.compile(
    rf"@|://|www\.|\.{_ENDINGS}\b|\.[a-z]{{2,6}}/\w|#[a-zA-ZÀ-ỹ]|:\\\w|/(?<![^\s(“\"~]/)[a-z]|{_FILE}"
    rf"|[A-Z](?<=[a-z].)(?=[a-z])|_(?<=[A-Za-z0-9].)(?=[A-Za-z0-9])|\(\)|{_KEY}\s?[-+]|C/C\+|localhost"
    r"|[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
)
START = (
    r"(?<![\w@.])(?:https?://|[a-zA-Z0-9][\w.+-]*(?:@|\.[a-z])|[@#][a-zA-ZÀ-ỹ]|[A-Z]:\\)"
    r"|[~/](?<![^\s(“\"].)(?=/[a-z]|(?<=/)[a-z])"
    rf"|[a-zA-Z_.](?<![\w.].)(?<!\W/.)(?<=(?={_CODE}|[\w.@-]{{1,64}}/[\w./-]{{0,200}}\.[a-z]|{_KEY}\s?[-+]|localhost:|C/C\+).)"
)


def _read_code(match: re.Match[str], accent: Accent) -> str | None:
    """Read getUserById, user_id and opt.get() by their words, as a programmer names them."""
    written = match["said"]
    if written in _UNITS or written.lower() in foreign_words():
        return None
    parts = _HUMPS.findall(written)
    if len(parts[0]) == 1 or parts[0] in _GREEK:
        parts = [part for part in parts if part[0] != "_"]  # x_1 and d_model have an index
    words = (_say_word_of_code(part, accent) for part in parts)
    return " ".join(filter(None, words))


_SMALL_WORDS = frozenset("TO OF IN ON BY AT IS NO UP OR AS IF".split())


def _say_word_of_code(part: str, accent: Accent) -> str:
    if part.isdecimal():
        return cardinal(int(part), accent) if len(part) < _LONGEST_NUMBER else digits(part)
    if part[0] == "_":
        return _SAID["_"]
    if part == ".":
        return _SAID["."]
    if part.isupper() and _is_word(part) and len(part) > len("ID"):
        return part.lower()
    if part in _SMALL_WORDS:
        return part.lower()
    return part if len(part) > 1 and not part.isupper() else spell(part)


def _read_keys(match: re.Match[str], accent: Accent) -> str:
    """Read Ctrl+Shift+S: the keys that are pressed together."""
    keys = re.split(r"\s?[-+]\s?", match[0])
    return " ".join(_say_key(key, accent) for key in keys)


def _say_key(key: str, accent: Accent) -> str:
    number = key.lstrip("F")
    if number.isdecimal():
        return f"{spell('F') if key[0] == 'F' else ''} {cardinal(int(number), accent)}".strip()
    return spell(key) if len(key) == 1 else _KEYS.get(key, key)


def _read_server(match: re.Match[str], accent: Accent) -> str | None:
    """Read 127.0.0.1:8080 and localhost:3000; 8.000.000.000 is a number."""
    numbers = [part for part in match["host"].split(".") if part.isdecimal()]
    if any(str(int(part)) != part or int(part) > _LARGEST_BYTE for part in numbers):
        return None
    host = " chấm ".join(
        cardinal(int(part), accent) if part.isdecimal() else part
        for part in match["host"].split(".")
    )
    port = match["port"]
    if not port:
        return host
    said = cardinal(int(port), accent) if port.endswith("00") else digits(port)
    return f"{host} hai chấm {said}"


RULES = (
    Rule(
        "e-mail address",
        re.compile(rf"(?<![\w.])(?P<said>[a-zA-Z0-9][\w.+-]{{0,63}}@{_HOST})"),
        _read,
    ),
    Rule(
        "web address",
        re.compile(
            rf"(?<![\w@.])(?:https?://)?(?P<said>{_HOST}(?::[0-9]+)?"
            rf"(?:[/?][^\s,;)\]”»\"]{{0,2000}}(?<![.?!…]))?)"
        ),
        _read,
    ),
    Rule(
        "handle or hashtag",
        re.compile(r"(?<![\w])(?P<said>[@#][a-zA-ZÀ-ỹ][\w.]{0,63}(?<!\.))"),
        _read,
    ),
    Rule(
        "file name",
        re.compile(
            r"(?<![\w.])(?P<said>(?:[A-Z]:\\|~/|/(?:bin|dev|etc|home|mnt|opt|root|tmp|usr|var)(?=/))"
            r"[\w./\\-]{1,500}(?<![.]))"
        ),
        _read,
    ),
    Rule(
        "file name",
        re.compile(rf"(?<![\w.])(?P<said>(?:[\w.@-]{{1,64}}/){{0,12}}[\w.-]{{1,64}}?{_FILE})"),
        _read,
    ),
    Rule("keys", re.compile(rf"(?<!\w){_KEY}(?:\s?[-+]\s?{_PRESSED}){{1,3}}(?!\w)"), _read_keys),
    Rule(
        "server",
        re.compile(
            r"(?<![\w.])(?P<host>localhost(?=:)|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::(?P<port>[0-9]{2,5}))?(?![\w.]\w)"
        ),
        _read_server,
    ),
    Rule("C and C++", re.compile(r"(?<!\w)C/(?=C\+\+)"), lambda _match, _accent: "xê, "),
    Rule(
        "name in code", re.compile(rf"(?<![\w.@#])(?<!\W/)(?P<said>{_CODE})(?:\(\))?"), _read_code
    ),
)
