"""Judges what a book's file says of itself: tags, cover, bit rate and format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity
from audiobook.messages import message, one_of, plural, verbatim
from audiobook.outputs.cover.encoding import LARGEST, LEAST, TRACK_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.measured import MeasuredSound
    from audiobook.audit.types import FileContents, Profile


def judge_tags(contents: FileContents) -> Iterator[Finding]:
    """Report tags that are missing."""
    remedy = message("set it with --title, --author and the like, or in book.toml")
    for setting, value, severity, problem in (
        ("title", contents.title, Severity.ERROR, message("the title is missing")),
        ("author", contents.author, Severity.WARNING, message("the author is missing")),
        # MP4 has no place for a language but its tracks.
        (
            "language",
            "m4b" if contents.format == "m4b" else contents.language,
            Severity.WARNING,
            message("the language is missing"),
        ),
        ("narrator", contents.narrator, Severity.NOTE, message("the narrator is missing")),
        ("date", contents.date, Severity.NOTE, message("the date is missing")),
    ):
        if not value.strip():
            yield Finding(
                rule="tags", severity=severity, what=problem, remedy=remedy, setting=setting
            )


def judge_cover(contents: FileContents) -> Iterator[Finding]:
    """Check that there is a cover that directories and players accept."""
    cover, remedy = contents.cover, message("build with --cover FILE")
    is_of_chapter = contents.provenance is not None and contents.provenance.is_of_chapter
    least_side = TRACK_SIDE if is_of_chapter else LEAST
    wanted = message(
        "square, {least} to {most} pixels, JPEG or PNG", least=least_side, most=LARGEST
    )
    if cover is None:
        problem = message("there is no cover")
        yield Finding(
            rule="cover", severity=Severity.WARNING, what=problem, wanted=wanted, remedy=remedy
        )
        return
    if not cover.kind or not cover.width:
        problem = message("the cover is not a JPEG or PNG that can be read")
        kind = verbatim(cover.kind) if cover.kind else message("unknown")
        yield Finding(
            rule="cover",
            severity=Severity.ERROR,
            what=problem,
            measured=kind,
            wanted=wanted,
            remedy=remedy,
        )
        return
    measured = message("{width} × {height} pixels", width=cover.width, height=cover.height)
    if cover.width != cover.height:
        yield Finding(
            rule="cover",
            severity=Severity.WARNING,
            what=message("the cover is not square"),
            measured=measured,
            wanted=wanted,
            remedy=remedy,
        )
    if min(cover.width, cover.height) < least_side or max(cover.width, cover.height) > LARGEST:
        is_small = min(cover.width, cover.height) < least_side
        problem = (
            message("the cover is too small") if is_small else message("the cover is too large")
        )
        yield Finding(
            rule="cover",
            severity=Severity.WARNING,
            what=problem,
            measured=measured,
            wanted=wanted,
            remedy=remedy,
        )


def judge_file(contents: FileContents, sound: MeasuredSound, profile: Profile) -> Iterator[Finding]:
    """Check that the file is complete, and of the format, rate and length that is wanted.

    Args:
        contents: what the file says of itself.
        sound: what was measured in its sound.
        profile: what it is measured against.
    """
    yield from contents.findings
    if sound.complaints:
        yield Finding(
            rule="damage",
            severity=Severity.ERROR,
            what=message("the sound is damaged; ffmpeg: {error}", error=sound.complaints[0]),
            measured=plural("{count:,} error", "{count:,} errors", count=len(sound.complaints)),
            wanted=message("none"),
            remedy=message("copy or build the book again"),
        )
    if contents.samples is not None and abs(sound.samples - contents.samples) > contents.rate / 10:
        yield Finding(
            rule="length",
            severity=Severity.ERROR,
            what=message("the length of the book has changed since it was made"),
            measured=message("{seconds:.2f} s", seconds=sound.samples / contents.rate),
            wanted=message("{seconds:.2f} s", seconds=contents.samples / contents.rate),
            remedy=message("it was cut or cut off: copy or build it again"),
        )
    if profile.formats and contents.format not in profile.formats:
        yield Finding(
            rule="format",
            severity=Severity.ERROR,
            what=message("the format is not accepted"),
            measured=verbatim(contents.format),
            wanted=one_of(profile.formats),
        )
    if contents.format == "mp3" and not contents.constant:
        yield Finding(
            rule="bit-rate",
            severity=Severity.ERROR if profile.constant else Severity.NOTE,
            what=message("the bit rate varies")
            if profile.constant
            else message("the bit rate varies: some players seek imprecisely in such files"),
            measured=message("{bitrate:.0f} kbit/s on average", bitrate=contents.bitrate),
            wanted=message("constant"),
            remedy=message("build at a constant bit rate"),
        )
    if contents.bitrate < profile.bitrate:
        yield Finding(
            rule="bit-rate",
            severity=Severity.ERROR,
            what=message("the bit rate is too low"),
            measured=message("{bitrate:.0f} kbit/s", bitrate=contents.bitrate),
            wanted=message("{bitrate} kbit/s or more", bitrate=profile.bitrate),
            remedy=message("build at a higher bit rate"),
        )
    if profile.rates and contents.rate not in profile.rates:
        yield Finding(
            rule="sample-rate",
            severity=Severity.ERROR,
            what=message("the sample rate is not accepted"),
            measured=message("{rate} Hz", rate=contents.rate),
            wanted=one_of([message("{rate} Hz", rate=rate) for rate in profile.rates]),
            remedy=message("build at that sample rate"),
        )
    if profile.longest is not None and sound.seconds > profile.longest:
        yield Finding(
            rule="length",
            severity=Severity.ERROR,
            what=message("the file is too long"),
            measured=message("{minutes:.0f} min", minutes=sound.seconds / 60),
            wanted=message("at most {minutes:.0f} min", minutes=profile.longest / 60),
            remedy=message("make a file of each chapter: audiobook build --split"),
        )
    if contents.channels > 1:
        yield Finding(
            rule="channels",
            severity=Severity.NOTE,
            what=message("the book has several channels; their mix was measured"),
            measured=verbatim(str(contents.channels)),
            wanted=verbatim("1"),
        )
