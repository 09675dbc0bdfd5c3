"""What a book says of itself: tags, cover, chapters, and the file it is in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.audit.types import Contents, Part, Profile, Sound

# What directories of podcasts and shops of audiobooks take.
_LEAST_SIDE, _MOST_SIDE = 1400, 3000
_LONGEST_TITLE = 120
"""Characters; players show fewer on one line."""
_NEAR = 0.05
"""Seconds between the end of a chapter and the next that are no gap."""


def judge_tags(contents: Contents) -> Iterator[Finding]:
    """Look for tags that are missing."""
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


def judge_cover(contents: Contents) -> Iterator[Finding]:
    """Look whether there is a cover that directories and players take."""
    cover, remedy = contents.cover, "build with --cover FILE"
    wanted = f"square, {_LEAST_SIDE} to {_MOST_SIDE} pixels, JPEG or PNG"
    if cover is None:
        yield Finding("cover", Severity.WARNING, "there is no cover", "", wanted, remedy)
        return
    if not cover.kind or not cover.width:
        what = "the cover is no JPEG or PNG that can be read"
        yield Finding("cover", Severity.ERROR, what, cover.kind or "unknown", wanted, remedy)
        return
    measured = f"{cover.width} × {cover.height} pixels"
    if cover.width != cover.height:
        yield Finding(
            "cover", Severity.WARNING, "the cover is not square", measured, wanted, remedy
        )
    if min(cover.width, cover.height) < _LEAST_SIDE or max(cover.width, cover.height) > _MOST_SIDE:
        small = min(cover.width, cover.height) < _LEAST_SIDE
        what = f"the cover is too {'small' if small else 'large'}"
        yield Finding("cover", Severity.WARNING, what, measured, wanted, remedy)


def judge_file(contents: Contents, sound: Sound, profile: Profile) -> Iterator[Finding]:
    """Look whether the file is of the kind that is wanted, and whole."""
    yield from contents.findings
    if sound.complaints:
        yield Finding(
            "damage",
            Severity.ERROR,
            f"the sound is damaged: {sound.complaints[0]}",
            f"{len(sound.complaints)} complaints of the decoder",
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


def judge_chapters(contents: Contents, seconds: float) -> Iterator[Finding]:
    """Look whether chapters follow one another, from the first second to the last."""
    parts, remedy = contents.parts, "build the book again"
    if not parts:
        yield Finding(
            "chapters", Severity.WARNING, "there are no chapters", "0", "1 or more", remedy
        )
        return
    if contents.listed is None:
        what = "there is no table of contents: some players show no chapters"
        yield Finding("contents", Severity.WARNING, what, "none", "CTOC", remedy)
    elif sorted(contents.listed) != list(range(len(parts))):
        yield Finding(
            "contents",
            Severity.ERROR,
            "the table of contents does not name every chapter once",
            f"{len(set(contents.listed))} of {len(parts)} chapters",
            "all",
            remedy,
        )
    elif any(parts[a].start > parts[b].start for a, b in pairwise(contents.listed)):
        what = "the table of contents names chapters in another order than they are heard"
        yield Finding("contents", Severity.ERROR, what, remedy=remedy)
    if any(one.start > two.start for one, two in pairwise(parts)):
        yield Finding(
            "chapter-order",
            Severity.ERROR,
            "chapters stand in the file in another order than they are heard",
            remedy="build the book again; some players list them as they stand",
        )
    yield from _places(parts, seconds)
    yield from _titles(parts)


def _places(parts: Sequence[Part], seconds: float) -> Iterator[Finding]:
    remedy = "build the book again"
    heard = sorted(enumerate(parts, 1), key=lambda one: one[1].start)
    (number, first), (_, last) = heard[0], max(heard, key=lambda one: one[1].end)
    if first.start > _NEAR:
        what = "the first chapter does not begin with the book"
        measured = f"at {first.start:.2f} s"
        yield Finding(
            "chapter-gap", Severity.WARNING, what, measured, "at 0 s", remedy, number, first.start
        )
    for number, part in heard:
        if part.end > seconds + _NEAR:
            yield Finding(
                "chapter-end",
                Severity.ERROR,
                "the chapter goes on beyond the end of the book",
                f"until {part.end:.2f} s",
                f"until {seconds:.2f} s",
                remedy,
                number,
                part.start,
            )
        if part.end <= part.start:
            what = "the chapter has no length"
            yield Finding("chapter-end", Severity.ERROR, what, "", "", remedy, number, part.start)
    for (number, one), (_, two) in pairwise(heard):
        if abs(two.start - one.end) > _NEAR:
            gap = two.start > one.end
            yield Finding(
                "chapter-gap" if gap else "chapter-overlap",
                Severity.WARNING,
                "the next chapter begins "
                + ("only after a gap" if gap else "before this one has ended"),
                f"{two.start - one.end:+.2f} s",
                "0 s",
                remedy,
                number,
                one.end,
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


def _titles(parts: Sequence[Part]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    remedy = "mark the heading in the source with [chapter] and a title"
    for number, part in enumerate(parts, 1):
        title = " ".join(part.title.split())
        key = (part.parent, title.casefold())
        if not title:
            what = "the chapter has no title"
            yield Finding(
                "title-empty", Severity.ERROR, what, "", "a title", remedy, number, part.start
            )
        elif key in seen:
            yield Finding(
                "title-twice",
                Severity.WARNING,
                f"the title is that of chapter {seen[key]} too",
                title,
                "a title of its own",
                remedy,
                number,
                part.start,
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
                part.start,
            )
        seen.setdefault(key, number)
