"""Where on the page of a book each setting of book.toml is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.config.casting import NAMED_ROLES
from audiobook.errors import VoiceError

if TYPE_CHECKING:
    from audiobook.errors import AudiobookError

PAUSES = ("sentence", "paragraph", "scene", "chapter")
"""The pauses that the page shows."""
_FIELDS = {
    "voice": "voice-name",
    "speed": "speed",
    "pitch": "pitch",
    "pauses": "pause-sentence",
    "cast": "cast-dialogue",
    "fallback": "fallback",
    "cover": "cover-file",
    "format": "format",
    **{f"pauses.{name}": f"pause-{name}" for name in PAUSES},
    **{f"cast.{role}": f"cast-{role}" for role in NAMED_ROLES},
    **{name: f"meta-{name}" for name in ("title", "author", "narrator", "date", "description")},
}


def field_of(setting: str) -> str:
    """Return the id of the field in which a setting is chosen; empty if there is none."""
    return _FIELDS.get(setting, "")


def field_for(problem: AudiobookError) -> str:
    """Return the id of the field in which is chosen what is at fault; empty if none is known."""
    is_voice = isinstance(problem, VoiceError)
    return field_of(problem.setting or ("voice" if is_voice else ""))
