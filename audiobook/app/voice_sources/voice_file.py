"""Writes the voice file of an added voice, and tells later whether the user has changed it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import Voice

_FIXED = ("engine", "model", "language", "foreign", "rate", "licence")
_IF_KNOWN = ("description", "style", "accent", "sex", "shared", "cloned", "permission")
"""Settings that stay as they usually are where nobody says otherwise."""
_FIRST_LINE = (
    "# Written by `audiobook voices add`. Once you change it, `voices remove` leaves it here. {}\n"
)


def text_of(voice: Voice) -> str:
    """Return the voice file of a voice, as TOML."""
    usual = type(voice)(name="", engine="")
    known = [key for key in _IF_KNOWN if getattr(voice, key) != getattr(usual, key)]
    lines = [f"{key} = {_literal(getattr(voice, key))}" for key in (*known, *_FIXED)]
    for file in voice.files:
        lines += ["[[files]]", f"name = {_literal(file.name)}", f"url = {_literal(file.url)}"]
        if file.sha256:
            lines.append(f"sha256 = {_literal(file.sha256)}")
    settings = "\n".join(lines) + "\n"
    return _first_line(settings) + settings


def is_as_written(path: Path) -> bool:
    """Return whether a voice file is one that `text_of` wrote, and nobody has changed since."""
    try:
        first, _, settings = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return False  # not there, or not written here
    return f"{first}\n" == _first_line(settings)


def _first_line(settings: str) -> str:
    digest = hashlib.blake2b(settings.encode(), digest_size=8).hexdigest()
    return _FIRST_LINE.format(digest)


def _literal(value: str | int) -> str:
    """Return a value as TOML, whose basic strings and integers are those of JSON but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
