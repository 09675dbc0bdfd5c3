"""Chooses how a book is recorded, by the rules of a profile and the needs of a format."""

from __future__ import annotations

from dataclasses import replace

from audiobook import outputs
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.model import Sound

PROFILES = {
    # What Apple Podcasts and other directories ask for.
    "podcast": Sound(loudness=-16.0, ceiling=-1.7),
    # Amazon's rules for audiobooks: RMS of -23 to -18 dB, peaks under -3 dB, at least 192 kbit/s
    # constant at 44.1 kHz. The RMS of eSpeak with its pauses is 3 dB below its loudness in stereo.
    "acx": Sound(rate=44_100, bitrate=192, loudness=-17.5, ceiling=-3.7),
}


PAUSES: dict[str, dict[str, float]] = {
    "podcast": {},
    # Every file, which is a chapter, has 0.5 to 1 s of quiet before and 1 to 5 s after it.
    "acx": {"opening": 0.7, "chapter": 2.0, "closing": 2.0},
}
"""Seconds by the names of `Pauses`, by profile, unless the user says otherwise."""

ROOM_TONE = -66.0
"""dBFS: no listener notices it, and shops that want a floor under -60 are content."""


def choose(
    rate: int, form: str, profile: str, bitrate: int | None, vbr: int | None, *, room_tone: bool
) -> Sound:
    """Return the rate, bit rate and loudness to record with.

    Args:
        rate: of the voices, in samples a second; a profile may ask for more.
        form: name of the format to write.
        profile: name of the rules to keep.
        bitrate: kilobits a second; None for what suits the format and the profile.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.
        room_tone: whether pauses hold a faint noise instead of silence.

    Raises:
        UsageError: there is no such format or profile, or the values do not go together.
    """
    writer = outputs.load(form)
    if profile not in PROFILES:
        raise UsageError(
            message("there is no profile {profile!r}", profile=profile),
            message("choose one of {names}", names=", ".join(PROFILES)),
        )
    rules = PROFILES[profile]
    if profile != "podcast":
        rate, bitrate = max(rate, rules.rate), bitrate or rules.bitrate
    sound = replace(
        rules,
        rate=rate,
        bitrate=bitrate or writer.BITRATE,
        format=writer.SOUND,
        vbr=vbr,
        room_tone=ROOM_TONE if room_tone else None,
    )
    writer.check(sound.rate, sound.bitrate, sound.vbr)
    return sound


def check_timed(form: str, *, timed: bool) -> None:
    """Check that a format suits subtitles that are spoken at their times, or a book.

    Args:
        form: name of the format to write.
        timed: whether it is for subtitles.

    Raises:
        UsageError: it does not suit.
    """
    if form in outputs.ALL_FORMATS and form not in (
        outputs.TIMED_FORMATS if timed else outputs.FORMATS
    ):
        names = outputs.TIMED_FORMATS if timed else outputs.FORMATS
        what = (
            message("{format} is not for subtitles that are spoken at their times", format=form)
            if timed
            else message(
                "{format} has no chapters: it is only for subtitles, with --timed", format=form
            )
        )
        raise UsageError(what, message("choose one of {names}", names=", ".join(names)))
