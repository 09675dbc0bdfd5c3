"""Turns an audit into plain values, for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiobook.audit.measured import Level
    from audiobook.audit.types import Audit


def json_values(audit: Audit) -> dict[str, Any]:
    """Return the results of an audit as dictionaries, lists, strings and numbers.

    A figure that could not be measured is None. Times are seconds, loudness LUFS, peaks dBTP and
    dBFS, bit rates kbit/s, sizes bytes.
    """
    contents, sound = audit.contents, audit.sound
    return {
        "path": str(audit.path),
        "profile": audit.profile.name,
        "falls_short": audit.falls_short,
        "title": contents.title,
        "author": contents.author,
        "narrator": contents.narrator,
        "language": contents.language,
        "date": contents.date,
        "format": contents.format,
        "size": contents.size,
        "seconds": round(sound.seconds, 3),
        "sample_rate": contents.rate,
        "channels": contents.channels,
        "bitrate": round(contents.bitrate, 1),
        "constant_bitrate": contents.constant,
        "cover": None if contents.cover is None else asdict(contents.cover),
        "sentences": len(contents.sentences),
        **_level_values(sound.level),
        "clipped": [round(seconds, 3) for seconds in sound.clipped],
        "seconds_per_syllable": round(audit.speech.pace, 4) or None,
        "drift": [
            {"where": drift.where, "ms": round(drift.seconds * 1000, 1), "cues": drift.cues}
            for drift in audit.speech.drift
        ],
        "chapters": [
            {
                "title": chapter.title,
                "part": chapter.parent,
                "start": round(chapter.start, 3),
                "end": round(chapter.end, 3),
                **_level_values(level),
            }
            for chapter, level in zip(contents.chapters, sound.chapter_levels, strict=True)
        ],
        "findings": [asdict(finding) for finding in audit.findings],
    }


def _level_values(level: Level) -> dict[str, float | None]:
    return {
        name: round(value, 2) if math.isfinite(value) else None
        for name, value in asdict(level).items()
    }
