"""How a book is recorded: the rules of those who will play it, and what a format asks for."""

from __future__ import annotations

from dataclasses import replace

from audiobook import outputs
from audiobook.errors import UsageError
from audiobook.model import Sound

PROFILES = {
    # What Apple and others ask of podcasts.
    "podcast": Sound(loudness=-16.0, ceiling=-1.7),
    # Amazon's rules for audiobooks: RMS of -23 to -18 dB, peaks under -3 dB, at least 192 kbit/s
    # constant at 44.1 kHz. The RMS of eSpeak with its pauses is 3 dB below its loudness in stereo.
    "acx": Sound(rate=44_100, bitrate=192, loudness=-17.5, ceiling=-3.7),
}


PAUSES: dict[str, dict[str, float]] = {
    "podcast": {},
    # Of every file, and a file is a chapter: 0.5 to 1 s of quiet before, 1 to 5 s after.
    "acx": {"opening": 0.7, "chapter": 2.0, "closing": 2.0},
}
"""Seconds by the names of `Pauses`, by profile, unless the user says otherwise."""

ROOM_TONE = -66.0
"""dBFS: no listener notices it, and shops that want a floor under -60 are content."""


def choose(
    rate: int, form: str, profile: str, bitrate: int | None, vbr: int | None, *, room_tone: bool
) -> Sound:
    """Return how to record.

    Args:
        rate: of the voices, in samples a second; a profile may ask for more.
        form: name of what is written.
        profile: name of the rules it keeps.
        bitrate: kilobits a second; None for what suits the format and the profile.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.
        room_tone: whether pauses hold a faint noise instead of silence.

    Raises:
        UsageError: there is no such thing, or they do not go together.
    """
    if form not in outputs.FORMATS:
        known = ", ".join(outputs.FORMATS)
        raise UsageError(f"there is no format {form!r}", f"choose one of {known}")
    if profile not in PROFILES:
        raise UsageError(f"there is no profile {profile!r}", f"choose one of {', '.join(PROFILES)}")
    writer = outputs.load("mp3" if form == outputs.EPUB else form)
    rules = PROFILES[profile]
    if profile != "podcast":
        rate, bitrate = max(rate, rules.rate), bitrate or rules.bitrate
    sound = replace(
        rules,
        rate=rate,
        bitrate=bitrate or writer.BITRATE,
        format=writer.NAME,
        vbr=vbr,
        room_tone=ROOM_TONE if room_tone else None,
    )
    writer.check(sound.rate, sound.bitrate, sound.vbr)
    return sound
