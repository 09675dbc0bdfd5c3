"""Judges what a book's file says of itself: tags, cover, chapters, bit rate and format."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.audit.types import FileChapter, FileContents, MeasuredSound, Profile

# Sides of a cover, in pixels, that podcast directories and audiobook shops accept.
_LEAST_SIDE, _MOST_SIDE = 1400, 3000
_LONGEST_TITLE = 120
"""Characters; players show fewer on one line."""
_NEAR = 0.05
"""Seconds between the end of a chapter and the next that do not count as a gap."""


def judge_tags(contents: FileContents) -> Iterator[Finding]:
    """Report tags that are missing."""
    remedy = "build with --title, --author and the like, or book.toml"
    for name, value, severity in (
        ("title", contents.title, Severity.ERROR),
        ("author", contents.author, Severity.WARNING),
        ("language", contents.language, Severity.WARNING),
        ("narrator", contents.narrator, Severity.NOTE),
        ("date", contents.date, Severity.NOTE),
    ):
        # MP4 has no place for a language but its tracks.
        if not value.strip() and not (name == "language" and contents.format == "m4b"):
            yield Finding("tags", severity, f"the {name} is missing", remedy=remedy)


def judge_cover(contents: FileContents) -> Iterator[Finding]:
    """Check that there is a cover that directories and players accept."""
    cover, remedy = contents.cover, "build with --cover FILE"
    wanted = f"square, {_LEAST_SIDE} to {_MOST_SIDE} pixels, JPEG or PNG"
    if cover is None:
        yield Finding("cover", Severity.WARNING, "there is no cover", "", wanted, remedy)
        return
    if not cover.kind or not cover.width:
        problem = "the cover is not a JPEG or PNG that can be read"
        yield Finding("cover", Severity.ERROR, problem, cover.kind or "unknown", wanted, remedy)
        return
    measured = f"{cover.width} × {cover.height} pixels"
    if cover.width != cover.height:
        yield Finding(
            "cover", Severity.WARNING, "the cover is not square", measured, wanted, remedy
        )
    if min(cover.width, cover.height) < _LEAST_SIDE or max(cover.width, cover.height) > _MOST_SIDE:
        is_small = min(cover.width, cover.height) < _LEAST_SIDE
        problem = f"the cover is too {'small' if is_small else 'large'}"
        yield Finding("cover", Severity.WARNING, problem, measured, wanted, remedy)


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
            "damage",
            Severity.ERROR,
            f"the sound is damaged: {sound.complaints[0]}",
            f"{len(sound.complaints)} errors of the decoder",
            "none",
            "copy or build the book again",
        )
    if contents.samples is not None and abs(sound.samples - contents.samples) > contents.rate / 10:
        yield Finding(
            "length",
            Severity.ERROR,
            "the book is not as long as it was made",
            f"{sound.samples / contents.rate:.2f} s",
            f"{contents.samples / contents.rate:.2f} s",
            "it was cut or cut off: copy or build it again",
        )
    if profile.formats and contents.format not in profile.formats:
        yield Finding(
            "format",
            Severity.ERROR,
            f"{contents.format} is not taken",
            contents.format,
            " or ".join(profile.formats),
        )
    if contents.format == "mp3" and not contents.constant:
        yield Finding(
            "bit-rate",
            Severity.ERROR if profile.constant else Severity.NOTE,
            "the bit rate varies"
            + ("" if profile.constant else ": some players seek roughly in such files"),
            f"{contents.bitrate:.0f} kbit/s on average",
            "constant",
            "build at a constant bit rate",
        )
    if contents.bitrate < profile.bitrate:
        yield Finding(
            "bit-rate",
            Severity.ERROR,
            "the bit rate is too low",
            f"{contents.bitrate:.0f} kbit/s",
            f"{profile.bitrate} kbit/s or more",
            "build at a higher bit rate",
        )
    if profile.rates and contents.rate not in profile.rates:
        yield Finding(
            "sample-rate",
            Severity.ERROR,
            "the sample rate is not taken",
            f"{contents.rate} Hz",
            " or ".join(f"{rate} Hz" for rate in profile.rates),
            "build at that sample rate",
        )
    if profile.longest is not None and sound.seconds > profile.longest:
        yield Finding(
            "length",
            Severity.ERROR,
            "the file is too long",
            f"{sound.seconds / 60:.0f} min",
            f"at most {profile.longest / 60:.0f} min",
            "make a file of each chapter",
        )
    if contents.channels > 1:
        yield Finding(
            "channels",
            Severity.NOTE,
            "several channels, measured as their mix",
            f"{contents.channels}",
            "1",
        )


def judge_chapters(contents: FileContents, seconds: float) -> Iterator[Finding]:
    """Check the titles, and that chapters follow one another from the first second to the last."""
    chapters, remedy = contents.chapters, "build the book again"
    if not chapters:
        yield Finding(
            "chapters", Severity.WARNING, "there are no chapters", "0", "1 or more", remedy
        )
        return
    if contents.toc_order is None:
        problem = "there is no table of contents: some players show no chapters"
        yield Finding("contents", Severity.WARNING, problem, "none", "CTOC", remedy)
    elif sorted(contents.toc_order) != list(range(len(chapters))):
        yield Finding(
            "contents",
            Severity.ERROR,
            "the table of contents does not name every chapter once",
            f"{len(set(contents.toc_order))} of {len(chapters)} chapters",
            "all",
            remedy,
        )
    elif any(chapters[a].start > chapters[b].start for a, b in pairwise(contents.toc_order)):
        problem = "the table of contents names chapters in another order than they are heard"
        yield Finding("contents", Severity.ERROR, problem, remedy=remedy)
    if any(earlier.start > later.start for earlier, later in pairwise(chapters)):
        yield Finding(
            "chapter-order",
            Severity.ERROR,
            "chapters stand in the file in another order than they are heard",
            remedy="build the book again; some players list them as they stand",
        )
    yield from _judge_placement(chapters, seconds)
    yield from _judge_titles(chapters)


def _judge_placement(chapters: Sequence[FileChapter], seconds: float) -> Iterator[Finding]:
    remedy = "build the book again"
    by_start = sorted(enumerate(chapters, 1), key=lambda numbered: numbered[1].start)
    (number, first), (_, last) = by_start[0], max(by_start, key=lambda numbered: numbered[1].end)
    if first.start > _NEAR:
        problem = "the first chapter does not begin with the book"
        measured = f"at {first.start:.2f} s"
        yield Finding(
            "chapter-gap",
            Severity.WARNING,
            problem,
            measured,
            "at 0 s",
            remedy,
            number,
            first.start,
        )
    for number, chapter in by_start:
        if chapter.end > seconds + _NEAR:
            yield Finding(
                "chapter-end",
                Severity.ERROR,
                "the chapter goes on beyond the end of the book",
                f"until {chapter.end:.2f} s",
                f"until {seconds:.2f} s",
                remedy,
                number,
                chapter.start,
            )
        if chapter.end <= chapter.start:
            problem = "the chapter has no length"
            yield Finding(
                "chapter-end", Severity.ERROR, problem, "", "", remedy, number, chapter.start
            )
    for (number, earlier), (_, following) in pairwise(by_start):
        if abs(following.start - earlier.end) > _NEAR:
            is_gap = following.start > earlier.end
            yield Finding(
                "chapter-gap" if is_gap else "chapter-overlap",
                Severity.WARNING,
                "the next chapter begins "
                + ("only after a gap" if is_gap else "before this one has ended"),
                f"{following.start - earlier.end:+.2f} s",
                "0 s",
                remedy,
                number,
                earlier.end,
            )
    if last.end < seconds - 1:
        yield Finding(
            "chapter-gap",
            Severity.WARNING,
            "the end of the book is in no chapter",
            f"until {last.end:.2f} s",
            f"until {seconds:.2f} s",
            remedy,
            at=last.end,
        )


def _judge_titles(chapters: Sequence[FileChapter]) -> Iterator[Finding]:
    first_numbers: dict[tuple[str, str], int] = {}
    remedy = "mark the heading in the source with [chapter] and a title"
    for number, chapter in enumerate(chapters, 1):
        title = " ".join(chapter.title.split())
        key = (chapter.parent, title.casefold())
        if not title:
            problem = "the chapter has no title"
            yield Finding(
                "title-empty", Severity.ERROR, problem, "", "a title", remedy, number, chapter.start
            )
        elif key in first_numbers:
            yield Finding(
                "title-twice",
                Severity.WARNING,
                f"the title is that of chapter {first_numbers[key]} too",
                title,
                "a title of its own",
                remedy,
                number,
                chapter.start,
            )
        elif len(title) > _LONGEST_TITLE:
            yield Finding(
                "title-long",
                Severity.WARNING,
                "the title is too long to be shown",
                f"{len(title)} characters",
                f"at most {_LONGEST_TITLE}",
                remedy,
                number,
                chapter.start,
            )
        first_numbers.setdefault(key, number)
