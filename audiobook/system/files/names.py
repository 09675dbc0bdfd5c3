"""Names of files that every file system accepts."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import unicodedata

# What Windows refuses in a name or reserves for devices (learn.microsoft.com, "Naming files, paths,
# and namespaces"), and the longest name of ext4, APFS and NTFS, in bytes.
_REFUSED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.I)
_LONGEST_NAME = 255


def is_device(name: str) -> bool:
    """Whether Windows takes the name of a file, with any ending, for that of a device."""
    return bool(_DEVICES.match(name))


def safe_name(text: str, suffix: str) -> str:
    """Return a file name like a text that every file system and shell accepts.

    Args:
        text: any text, such as a title.
        suffix: the ending of the name.
    """
    composed = unicodedata.normalize("NFC", text)
    # Control characters, lone surrogates and marks that change the direction of what follows.
    plain = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign
        for sign in composed
    )
    plain = " ".join(_REFUSED.sub("-", plain).split()).lstrip(".- ")
    if is_device(plain):
        plain = f"_{plain}"
    limit = _LONGEST_NAME - len(suffix.encode())
    return (plain.encode()[:limit].decode(errors="ignore").rstrip(". ") or "untitled") + suffix


def fit_name(name: str, suffix: str) -> str:
    """Return a file name, shortened if it is longer than file systems accept.

    A name that is too long loses its end and gets a hash of the whole name instead, so that two
    names with the same beginning stay different.

    Args:
        name: without its ending.
        suffix: the ending of the name.
    """
    if len(os.fsencode(name + suffix)) <= _LONGEST_NAME:
        return name + suffix
    digest = hashlib.blake2b(os.fsencode(name), digest_size=4).hexdigest()
    ending = f"-{digest}{suffix}"
    limit = _LONGEST_NAME - len(os.fsencode(ending))
    lengths = itertools.accumulate(len(os.fsencode(sign)) for sign in name)
    end = sum(length <= limit for length in lengths)
    while end > 1 and unicodedata.combining(name[end]):
        end -= 1  # a letter and its marks go together
    return name[:end].rstrip(". ") + ending
