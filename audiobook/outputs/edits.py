"""What is changed in a finished book without its sound, and the tag that tells of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.model import BoundChapter

KEY = "audiobook-retag"
"""The name of the tag, in every format, that says what was changed since a book was built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEdit:
    """New tags of a file; all that is not named stays as it is."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """New values by the fields of `Meta`, or ``album``; an empty one takes the field away."""
    cover: bytes | None = None
    """A JPEG or PNG file; empty for no cover, None for the one that is there."""
    chapters: Sequence[BoundChapter] | None = None
    """In time order and without gaps; None for those that are there."""
    rate: int
    """Samples a second of the times of chapters."""
    language: str = "und"
    """The language of texts, as ISO 639-2."""
    note: str = ""
    """The text of the tag `KEY`; empty for the one that is there."""


def write_note(changes: Mapping[str, str]) -> str:
    """Return the text of the tag `KEY`.

    Args:
        changes: what was changed: new values, or digests of them, by the names of fields.
    """
    return json.dumps(dict(changes), ensure_ascii=True, sort_keys=True)


def read_note(text: str) -> dict[str, str]:
    """Return what was changed in a book by the text of its tag; nothing where it has none."""
    try:
        changes = json.loads(text or "{}")
        return {str(name): str(value) for name, value in changes.items()}
    except (ValueError, AttributeError, RecursionError):  # somebody else wrote it
        return {}
