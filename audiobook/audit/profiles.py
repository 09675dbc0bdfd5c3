"""The profiles that finished books are measured against: podcasts, and ACX."""

from __future__ import annotations

from audiobook.audit.types import Profile
from audiobook.messages import message

PODCAST = Profile(
    name="podcast",
    source=message("Apple Podcasts: -16 LKFS within 1 dB, true peak at most -1 dB FS"),
    loudness=(-17.0, -15.0),
    chapter_loudness=(-16.5, -15.5),
    true_peak=-1.0,
)
"""`Audio requirements` of Apple Podcasts for Creators; chapters must lie closer together, so
that none stands out."""

ACX = Profile(
    name="acx",
    source=message("ACX Audio Submission Requirements, as of 2026"),
    rms=(-23.0, -18.0),
    peak=-3.0,
    floor=-60.0,
    bitrate=192,
    rates=(44100,),
    formats=("mp3",),
    constant=True,
    longest=120 * 60,
    head=(0.5, 1.0),
    tail=(1.0, 5.0),
)
"""help.acx.com, `What are the ACX Audio Submission Requirements?`: every file, which holds one
chapter, measures -23 to -18 dB RMS with peaks below -3 dB and noise below -60 dB RMS, is an MP3 of
192 kbit/s or more at a constant bit rate and 44.1 kHz, runs no longer than 120 minutes and has
0.5 to 1 s of room tone before and 1 to 5 s after. Each chapter here is measured as its file
would be."""

PROFILES = {profile.name: profile for profile in (PODCAST, ACX)}
