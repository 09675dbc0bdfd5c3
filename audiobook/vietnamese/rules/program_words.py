"""Words in the names of programs: how each part is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS
from audiobook.vietnamese.rules.links import PART_NAMES, is_sayable
from audiobook.vietnamese.rules.numbers import cardinal, digits

if TYPE_CHECKING:
    from audiobook.vietnamese.rules.rule import Accent

_LONGEST_NUMBER = 4
_HUMPS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]|[0-9]+|_+|\.")
_GREEK = frozenset("alpha beta gamma delta theta lambda sigma eta xi phi mu ell rho tau".split())


def say_name(written: str, accent: Accent) -> str:
    """Return the words for a name in code: snake_case, camelCase, x_1."""
    parts = _HUMPS.findall(written)
    is_indexed = len(parts[0]) == 1 and parts[0].isalpha()
    if is_indexed or parts[0] in _GREEK or not written.isascii():
        # x_1 and d_model have an index; học_sinh joins the syllables of a word.
        parts = [part for part in parts if part[0] != "_"]
    words = (_say_word(part, accent) for part in parts)
    return " ".join(filter(None, words))


_SMALL_WORDS = frozenset("TO OF IN ON BY AT IS NO UP OR AS IF".split())


def _say_word(part: str, accent: Accent) -> str:
    if part.isdecimal():
        return cardinal(int(part), accent) if len(part) < _LONGEST_NUMBER else digits(part)
    if part[0] == "_":
        return " ".join([PART_NAMES["_"]] * len(part))
    if part == ".":
        return PART_NAMES["."]
    if part in EXPANSIONS and part.isupper():
        return EXPANSIONS[part]
    if part in _SMALL_WORDS or (part.isupper() and is_sayable(part) and len(part) > len("ID")):
        return part.lower()
    return part if len(part) > 1 and not part.isupper() else spell(part)


def say_path_part(part: str, accent: Accent) -> str:
    """Return the words for what stands between two strokes of a path."""
    words = (
        PART_NAMES.get(word.lower())
        or (spell(word) if word.isalpha() and not is_sayable(word) else _say_word(word, accent))
        for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[-_.:]", part)
    )
    return " ".join(words)
