"""An audit as plain values, for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiobook.audit.types import Audit, Level


def tell(audit: Audit) -> dict[str, Any]:
    """Return what an audit found: strings, numbers, lists; None where there is no figure.

    Times are seconds, loudness LUFS, peaks dBTP and dBFS, bit rates kbit/s, sizes bytes.
    """
    said, sound = audit.contents, audit.sound
    return {
        "path": str(audit.path),
        "profile": audit.profile.name,
        "falls_short": audit.falls_short,
        "title": said.title,
        "author": said.author,
        "narrator": said.narrator,
        "language": said.language,
        "date": said.date,
        "format": said.format,
        "size": said.size,
        "seconds": round(sound.seconds, 3),
        "sample_rate": said.rate,
        "channels": said.channels,
        "bitrate": round(said.bitrate, 1),
        "constant_bitrate": said.constant,
        "cover": None if said.cover is None else asdict(said.cover),
        "sentences": len(said.lines),
        **_level(sound.level),
        "clipped": [round(at, 3) for at in sound.clipped],
        "seconds_per_syllable": round(audit.speech.pace, 4) or None,
        "drift": [
            {"where": one.where, "ms": round(one.seconds * 1000, 1), "cues": one.cues}
            for one in audit.speech.drift
        ],
        "chapters": [
            {
                "title": part.title,
                "part": part.parent,
                "start": round(part.start, 3),
                "end": round(part.end, 3),
                **_level(level),
            }
            for part, level in zip(said.parts, sound.parts, strict=True)
        ],
        "findings": [asdict(finding) for finding in audit.findings],
    }


def _level(level: Level) -> dict[str, float | None]:
    return {
        name: round(value, 2) if math.isfinite(value) else None
        for name, value in asdict(level).items()
    }
