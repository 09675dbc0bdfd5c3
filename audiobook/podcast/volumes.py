"""Reads the MP3 files of books as Volumes: their tags, chapters, covers and sentences."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from audiobook.errors import SourceError, UsageError
from audiobook.messages import foreign, message
from audiobook.model import BoundChapter, Cue, Meta
from audiobook.outputs import languages, pictures
from audiobook.outputs.mp3 import id3, samples_per_frame, toc
from audiobook.outputs.provenance import Provenance
from audiobook.podcast import cutting, stamps, wording
from audiobook.podcast.model import Volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mutagen.id3 import ID3

# Frames that are large in a long book.
_LARGE_FRAMES = {"APIC", "SYLT", "USLT"}
# Seconds that the mark of a chapter may lie before it, at most.
_NEAR = 0.1
# Pages nest chapters by their levels: a limit to what a strange file can ask of them.
_DEEPEST = 9


def read_volume(path: Path) -> Volume:
    """Read a book from its MP3, without its cover and sentences: see `with_cover_and_cues`.

    A book of another program is read with the tags that it has. The name of the volume is empty.

    Raises:
        SourceError: the file cannot be read, is a link that leads out of its folder, is not an
            MP3, or a part of it is missing.
    """
    from mutagen.id3 import Frames

    small_frames = {name: frame for name, frame in Frames.items() if name not in _LARGE_FRAMES}
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise SourceError(
            message("{path} is a link to a file outside the library", path=path),
            message("copy the book into the library"),
        )
    with _errors_name_file(path), path.open("rb") as file:
        tag = _read_tag(file, small_frames)
        length = _tagged_length(tag) or _measured_length(file)
        if length is None:
            raise ValueError(message("it is not an MP3"))
        rate, samples = length
        # Only now, for it takes seconds in a strange file of gigabytes.
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size, (changed, sample) = file.tell(), stamps.stamp(path)
        meta = _read_meta(tag, path)
        chapters = _read_chapters(tag, rate, samples) or (
            BoundChapter(title="", start=0, end=samples),
        )
        titled = tuple(
            _with_title(chapter, number, meta) for number, chapter in enumerate(chapters, 1)
        )
        synthetic = bool(id3.read_note(tag))
        volume = Volume(
            path=path,
            name="",
            meta=meta,
            rate=rate,
            samples=samples,
            size=size,
            digest=digest,
            chapters=titled,
            cues=(),
            synthetic=synthetic,
            changed=changed,
            sample=sample,
        )
    if synthetic or len(titled) > 1:
        cutting.check_frames(volume)
    return volume


def with_cover_and_cues(volume: Volume) -> Volume:
    """Return a book with its cover, its sentences and the pictures of its chapters.

    Raises:
        SourceError: the file cannot be read.
    """
    from mutagen.id3 import APIC, CHAP, SYLT, TXXX, USLT

    with _errors_name_file(volume.path), volume.path.open("rb") as file:
        frames = {"APIC": APIC, "CHAP": CHAP, "SYLT": SYLT, "TXXX": TXXX, "USLT": USLT}
        tag = _read_tag(file, frames)
        cover = pictures.front_cover(tag.getall("APIC")) or b""
        borders = [*(chapter.start for chapter in volume.chapters), volume.samples]
        note = id3.read_note(tag)
        music = [start for start, _ in Provenance.parse(note).music] if note else []
        sentences = list(_read_sentences(tag, volume.rate, borders, music))
    return replace(
        volume,
        meta=replace(volume.meta, cover=cover),
        chapters=tuple(_with_pictures(tag, volume)),
        cues=tuple(cue for cue, _ in sentences),
        paragraphs=frozenset(position for position, (_, begins) in enumerate(sentences) if begins),
    )


def _with_pictures(tag: ID3, volume: Volume) -> Iterator[BoundChapter]:
    """Yield the chapters of a book with their pictures."""
    starts = [chapter.start / volume.rate for chapter in volume.chapters]
    shown: dict[int, bytes] = {}
    for frame in tag.getall("CHAP"):
        picture = pictures.front_cover(frame.sub_frames.getall("APIC"))
        if picture and picture.startswith((pictures.JPEG, pictures.PNG)):
            # A chapter begins with a frame of sound, so a little before or after its mark.
            place = bisect_right(starts, frame.start_time / 1000 + _NEAR) - 1
            shown.setdefault(max(place, 0), picture)
    for place, chapter in enumerate(volume.chapters):
        yield replace(chapter, picture=shown.get(place, b""))


@contextmanager
def _errors_name_file(path: Path) -> Iterator[None]:
    """Turn an exception about a book into an error that names its file."""
    from audiobook.outputs.damage import DAMAGED

    remedy = message("build the book again, or take the file away")
    try:
        yield
    except OSError as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=path, reason=problem), remedy
        ) from problem
    except (*DAMAGED, UsageError) as problem:
        raise SourceError(
            message("{path} cannot be read: {reason}", path=path, reason=problem), remedy
        ) from problem


def _read_tag(file: IO[bytes], frames: Mapping[str, Any]) -> ID3:
    """Read these frames of a tag; return an empty tag if the file has none."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    from audiobook.outputs.tag_reading import read_id3

    try:
        return read_id3(file, frames)
    except ID3NoHeaderError:
        return ID3()


def _tagged_length(tag: ID3) -> tuple[int, int] | None:
    """Return the sample rate and the number of samples that our own tag gives; None without it."""
    if not (note := id3.read_note(tag)):
        return None
    book = Provenance.parse(note)
    if not book.samples:
        raise ValueError(message("it has no sound"))
    samples_per_frame(book.rate)
    return book.rate, book.samples


def _measured_length(file: IO[bytes]) -> tuple[int, int] | None:
    """Return the sample rate and the number of samples of the sound; None if it is not an MP3."""
    from mutagen.mp3 import HeaderNotFoundError

    from audiobook.outputs.damage import DAMAGED
    from audiobook.outputs.tag_reading import open_mp3

    file.seek(0)
    try:
        info = open_mp3(file).info
    except HeaderNotFoundError:
        return None
    except DAMAGED as problem:
        raise ValueError(foreign.explain(problem)) from problem
    if info is None or info.sketchy or info.layer != 3 or info.length <= 0:
        return None
    return info.sample_rate, round(info.length * info.sample_rate)


def _read_meta(tag: ID3, path: Path) -> Meta:
    comments = [str(comment) for comment in tag.getall("COMM") if not comment.desc]
    return Meta(
        title=_frame_text(tag, "TIT2")
        or _frame_text(tag, "TALB")
        or wording.clean_line(path.stem)
        or "?",
        author=wording.without_email(_frame_text(tag, "TPE1")),
        narrator=wording.without_email(_frame_text(tag, "TPE2")),
        date=_frame_text(tag, "TDRC"),
        language=languages.two_letters(_frame_text(tag, "TLAN")),
        genre=_frame_text(tag, "TCON"),
        publisher=wording.without_email(_frame_text(tag, "TPUB")),
        description=wording.without_email(wording.clean_lines(comments[0])) if comments else "",
    )


def _frame_text(tag: ID3, frame: str) -> str:
    return wording.clean_line(str(tag[frame])) if frame in tag else ""


def _with_title(chapter: BoundChapter, number: int, meta: Meta) -> BoundChapter:
    title = wording.clean_line(chapter.title)
    if not title:
        title = meta.title if number == 1 else f"{number}"
    return BoundChapter(title=title, start=chapter.start, end=chapter.end, level=chapter.level)


def _read_chapters(tag: ID3, rate: int, samples: int) -> tuple[BoundChapter, ...]:
    """Return the chapters in time order, without gaps; each begins with a frame of the MP3."""
    if not (marks := id3.read_chapters(tag)):
        return ()
    frame, levels = samples_per_frame(rate), _chapter_levels(tag)
    starts: dict[int, tuple[str, int]] = {}
    for mark in sorted(marks, key=attrgetter("start")):
        start = round(mark.start * rate / 1000 / frame) * frame if starts else 0
        if start < samples:
            starts.setdefault(start, (mark.title, levels.get(mark.name, 1)))
    return tuple(
        BoundChapter(title=title, start=start, end=end, level=level)
        for (start, end), (title, level) in zip(
            pairwise([*starts, samples]), starts.values(), strict=True
        )
    )


def _chapter_levels(tag: ID3) -> dict[str, int]:
    """Return the level of each chapter by the name of its CHAP frame, as the CTOC frames nest."""
    levels: dict[str, int] = {}
    for entry in toc.walk_tables(tag):
        levels.setdefault(entry.name, min(entry.level, _DEEPEST))
    return levels


def _read_sentences(
    tag: ID3, rate: int, borders: Sequence[int], music: Sequence[int]
) -> Iterator[tuple[Cue, bool]]:
    """Yield the sentences of the synced text, and whether paragraphs begin with them.

    Each lasts until the next, the end of its chapter, or music.

    Args:
        tag: the tag with the synced text, whose times are milliseconds.
        rate: samples a second.
        borders: the start of each chapter and the end of the last, in samples.
        music: where music begins, in samples.
    """
    lines = next(id3.read_synced_texts(tag), [])
    paragraphs = id3.read_paragraphs(tag)
    sentences = [
        (
            _snap_to_border(time * rate // 1000, rate, borders),
            wording.clean_line(text),
            position in paragraphs,
        )
        for position, (time, text) in enumerate(lines)
    ]
    sentences = sorted((sentence for sentence in sentences if sentence[1]), key=itemgetter(0))
    for (start, sentence, begins), (end, *_) in pairwise([*sentences, (borders[-1], "", False)]):
        border = borders[min(bisect_right(borders, start), len(borders) - 1)]
        border = min([border, *(place for place in music if place > start)])
        if start < border:
            yield Cue(start, min(end, border), sentence), begins


def _snap_to_border(sample: int, rate: int, borders: Sequence[int]) -> int:
    """Return the start of a chapter that a time is within a millisecond of, else the time."""
    index = bisect_right(borders, sample)
    nearest = borders[max(0, index - 1) : index + 1]
    return next((border for border in nearest if abs(border - sample) <= rate // 1000), sample)
