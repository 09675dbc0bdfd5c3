"""E-mail and web addresses, handles, hashtags and file names."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, RAISED, spell
from audiobook.vietnamese.rules.acronyms import foreign_words
from audiobook.vietnamese.rules.numbers import digits
from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_syllable
from audiobook.vietnamese.table import load_pairs

PART_NAMES = load_pairs("link_parts.tsv")
"""The names of the signs of an address, and of some of its words."""
# Words run together are split where a capital begins one: #YeuHaNoi.
_PARTS = re.compile(
    rf"[0-9]+|[{CAPITALS}](?:(?!{RAISED})[^\W\d_{CAPITALS}])+|(?:(?!{RAISED}|[{CAPITALS}][^\W\d_{CAPITALS}])[^\W\d_])+|."
)
_ENDINGS = (
    r"(?:vn|com|net|org|edu|gov|info|io|co|tv|me|asia|biz|xyz|app|dev"
    r"|tools|online|store|shop|site|tech|blog|cloud|page|club|news|uk|de|fr|jp|us|eu|int)"
)
# Labels are at most 63 letters long, names 253 (RFC 1035), which also keeps the scan linear.
# Before a path any ending is allowed: bit.ly/ve.
_HOST = rf"(?:[a-zA-Z0-9_-]{{1,63}}\.){{1,8}}(?:{_ENDINGS}(?![\w-])|[a-z]{{2,6}}(?=/\w))"
_VOWEL = re.compile(r"[aeiouyAEIOUY]|[^\x00-\x7f]")


def _say_part(part: str) -> str:
    if part.isdecimal():
        return digits(part)
    if part.isdigit():
        return ""  # a note mark
    if part.lower() in PART_NAMES:
        return PART_NAMES[part.lower()]
    return spell(part) if part.isalpha() and not is_sayable(part) else part


def is_sayable(part: str) -> bool:
    """Whether a part can be pronounced: an ending, a known word, or consonants and a vowel."""
    if len(part) == 1 or not _VOWEL.search(part):
        return False
    if len(part) > _LONGEST_INITIALS or not part.isascii():
        return True
    if _ENDING.fullmatch(part) or part.lower() in foreign_words():
        return True
    return is_syllable(part) or _CAN_BE_SAID.fullmatch(part.lower()) is not None


def say_address(written: str) -> str:
    """Return an address or a part of one in words.

    >>> say_address("docs/users")
    'docs gạch chéo users'
    """
    return " ".join(filter(None, map(_say_part, _PARTS.findall(written))))


def _read_address(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return say_address(match["said"])


# Longer parts that are in no table are names, and are read as words.
_LONGEST_INITIALS = 3
_ENDING = re.compile(_ENDINGS)
_CAN_BE_SAID = re.compile(r"[^aeiouy]?[aeiouy]{1,2}[^aeiouy]?|[^aeiouy]h[aeiouy]")
_FILE = (
    r"\.(?:docx?|xlsx?|pptx?|pdf|txt|jpe?g|png|gif|mp[34]|zip|rar|exe|csv|html?|py|js|json|epub|apk"
    r"|rs|go|java|kt|cpp|ts|tsx|jsx|md|ya?ml|toml|sh|sql|s?css|php|rb|ini|cfg|conf|log|bat|jar|dll"
    r"|ipynb|svg|webp|wav|gz|tex|vue|swift|dart|lock|odt)"
    r"(?![\w-])"
)
MAYBE = re.compile(
    rf"@|://|www\.|\.{_ENDINGS}\b|\.[a-z]{{2,6}}/\w|#[a-zA-ZÀ-ỹ]|:\\\w|/(?<![^\s(“\"~]/)[a-z]|{_FILE}"
)
STARTS = (
    re.compile(
        r"(?<![\w@.])(?:https?://|[a-zA-Z0-9][\w.+-]{0,253}(?:@|\.[a-z])|[@#][a-zA-ZÀ-ỹ]|[A-Za-z]:\\)"
        r"|[~/](?<![^\s(“\"].)(?=/[a-z]|(?<=/)[a-z])"
        r"|[a-zA-Z_.](?<![\w.].)(?<!\W/.)(?<=(?=[\w.@-]{1,64}/[\w./-]{0,200}\.[a-z]).)"
    ),
)


RULES = (
    Rule(
        "e-mail address",
        re.compile(rf"(?<![\w.])(?P<said>[a-zA-Z0-9][\w.+-]{{0,63}}@{_HOST})"),
        _read_address,
    ),
    Rule(
        "web address",
        re.compile(
            rf"(?<![\w@.])(?:https?://)?(?P<said>{_HOST}(?::[0-9]+)?"
            rf"(?:[/?][^\s,;)\]”»\"]{{0,2000}}(?<![.?!…]))?)"
        ),
        _read_address,
    ),
    Rule(
        "handle or hashtag",
        re.compile(r"(?<![\w])(?P<said>[@#][a-zA-ZÀ-ỹ][\w.]{0,63}(?<!\.))"),
        _read_address,
    ),
    Rule(
        "file name",
        re.compile(
            r"(?<![\w.])(?P<said>(?:[A-Za-z]:\\|~/|/(?:bin|dev|etc|home|mnt|opt|root|tmp|usr|var)(?=/))"
            r"[\w./\\-]{1,500}(?<![.]))"
        ),
        _read_address,
    ),
    Rule(
        "file name",
        re.compile(rf"(?<![\w.])(?P<said>(?:[\w.@-]{{1,64}}/){{0,12}}[\w.-]{{1,64}}?{_FILE})"),
        _read_address,
    ),
)
