"""Codes in small letters, of programs and their parts: amd64, utf8mb4, libc6-dev."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS
from audiobook.vietnamese.rules.links import PART_NAMES, is_sayable
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.program_words import say_path_part

if TYPE_CHECKING:
    from audiobook.vietnamese.rules.rule import Accent

# ibus-gtk, php-mbstring and libssl-dev: packages of programs whose parts cannot all be said
_SOUNDLESS = r"(?!(?:[kcm]?m|[km]?g|ml|ng|[cgknpt]h|tr)(?![a-z]))[b-df-hj-np-tv-xz]{2,6}"
_PACKAGE = (
    rf"(?:[a-z][a-z0-9]{{1,24}}-){{1,4}}{_SOUNDLESS}[0-9]{{0,2}}(?![\w@-]|\.\w)"
    r"|lib[a-z]{1,12}[0-9]{0,2}-[a-z]{2,12}(?![\w@-]|\.\w)"
)
# feature/user-login, refs/heads/main: branches of Git
_BRANCH = (
    r"(?:feature|hotfix|bugfix|release|origin|refs)/"
    r"[a-zA-Z][A-Za-z0-9_./-]{0,60}(?<![./-])(?![\w@])"
)
SMALL_CODE = (
    r"(?:[a-z]{1,6}[0-9]{1,3}(?:_[0-9]{2})?(?:[a-z]{1,3}[0-9]{0,3})?(?!\w|[.,][0-9])"
    rf"|{_PACKAGE}|{_BRANCH})"
)
_LIBRARY = re.compile("lib(?P<name>(?!re|er|ra)[a-z]{1,5})")


def _say_package_part(part: str, accent: Accent) -> str:
    """Return the words for a part of the name of a package; the c of libc is a letter."""
    library = _LIBRARY.fullmatch(part)
    if part.isdecimal():
        return cardinal(int(part), accent)
    if library and not is_sayable(library["name"]):
        return f"lib {spell(library['name'])}"
    return part if is_sayable(part) and _VOWEL.search(part) else spell(part)


_VOWEL = re.compile("[aeiouy]")
_UNIT_AND_POWER = re.compile(r"[kcdmµ]?m[23]|dam[23]|x[0-9]{1,2}|[a-z]{1,2}[0-9]")
_ARCHITECTURE = frozenset("x32 x64 x86 s3 ec2 h264 h265 es6 i386".split())


def read_small_code(match: re.Match[str], accent: Accent) -> str | None:
    """Read amd64, x86_64, utf8mb4 and k8s, where the letters cannot be said as a word."""
    written = match[0]
    parts = re.findall("[a-z]+|[0-9]+", written)
    if "/" in written:
        slash = f" {PART_NAMES['/']} "
        return slash.join(say_path_part(part, accent) for part in written.split("/"))
    if any(part in EXPANSIONS for part in parts):
        return None  # tp-hcm
    library = _LIBRARY.fullmatch(parts[0])
    if "-" in written or library:
        return " ".join(_say_package_part(part, accent) for part in parts)
    if parts[0] != "x" and len(parts[0]) > 1 and is_sayable(parts[0]):
        return None
    is_known = written in _ARCHITECTURE or parts[0] + (parts[1] if "_" in written else "") == "x86"
    if not is_known and (_UNIT_AND_POWER.fullmatch(written) or len(parts) < len("ab")):
        return None
    if len(parts[0]) == 1 and len(parts) != len("abc") and not is_known:
        return None
    return " ".join(
        cardinal(int(part), accent)
        if part.isdecimal()
        else part
        if len(part) > len("ab") and is_sayable(part)
        else spell(part)
        for part in parts
    )
