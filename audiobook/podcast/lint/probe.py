"""Checks of the files that a feed names: pictures, transcripts, chapters, sound."""

from __future__ import annotations

import html
import io
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.messages import Message, message
from audiobook.messages.foreign import explain
from audiobook.outputs.cover.encoding import LARGEST, LEAST

if TYPE_CHECKING:
    from collections.abc import Iterator

VTT_LINE = 65
SRT_LINE, SRT_LINES = 32, 2
"""Characters a line, and lines (podcast namespace)."""

_VERSION = "1.2.0"
_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_TIMES = re.compile(r"((?:\d+:)?\d\d:\d\d[.,]\d{3}) --> ((?:\d+:)?\d\d:\d\d[.,]\d{3})")
_VTT_TAG = re.compile(r"<[^>]*>")


class Complaint(NamedTuple):
    """A fault of a file, and what to do about it."""

    what: Message
    remedy: Message
    is_error: bool = True


AGAIN = message("write the site again")
"""The remedy for what only a new run can mend."""


def check_picture(data: bytes, name: str) -> Iterator[Complaint]:
    """Yield the faults of artwork: square, 1400 to 3000 pixels, RGB, named by its type."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            mode, kind = image.mode, image.format or ""
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        yield Complaint(message("the file is not a picture"), message("give another picture"))
        return
    if width != height or not LEAST <= width <= LARGEST:
        yield Complaint(
            message("the picture has {width} × {height} pixels", width=width, height=height),
            message("make it square, {least} to {most} pixels a side", least=LEAST, most=LARGEST),
        )
    if mode != "RGB":
        yield Complaint(
            message("the colours of the picture are {mode}", mode=mode),
            message("save it as RGB without transparency"),
        )
    if not name.endswith(_ENDINGS.get(kind, ())):
        yield Complaint(
            message("the picture has another format than its name: {kind}", kind=kind)
            if kind
            else message("the picture has no format that browsers show"),
            message("save it as JPEG or PNG"),
        )


def check_vtt(text: str) -> Iterator[Complaint]:
    """Yield the faults of a WebVTT transcript."""
    if not text.startswith("WEBVTT"):
        yield Complaint(message("the transcript does not begin with WEBVTT"), AGAIN)
    yield from _check_captions(text, VTT_LINE, 0, tags=True)


def check_srt(text: str) -> Iterator[Complaint]:
    """Yield the faults of a SubRip transcript."""
    yield from _check_captions(text, SRT_LINE, SRT_LINES, tags=False)


def _check_captions(text: str, longest: int, most: int, *, tags: bool) -> Iterator[Complaint]:
    last_start = -1
    has_captions = False
    for block in text.split("\n\n"):
        rows = block.strip("\n").split("\n")
        time_row = next((number for number, row in enumerate(rows[:2]) if _TIMES.match(row)), None)
        if time_row is None:
            continue
        has_captions = True
        times = _TIMES.match(rows[time_row])
        start, end = (_milliseconds(time) for time in times.groups()) if times else (0, 0)
        if start < last_start or end <= start:
            yield Complaint(
                message("a caption is out of order: {time}", time=rows[time_row]), AGAIN
            )
        last_start = start
        text_rows = rows[time_row + 1 :]
        if most and len(text_rows) > most:
            yield Complaint(
                message(
                    "a caption has {count} lines, more than {most}: {time}",
                    count=len(text_rows),
                    most=most,
                    time=rows[time_row],
                ),
                AGAIN,
            )
        for row in text_rows:
            row = html.unescape(_VTT_TAG.sub("", row)) if tags else row
            if len(row) > longest:
                yield Complaint(
                    message(
                        "a line has {count} characters, more than {most}: {start}…",
                        count=len(row),
                        most=longest,
                        start=row[:40],
                    ),
                    AGAIN if " " in row else message("players cut off a word so long"),
                    is_error=" " in row,
                )
    if not has_captions:
        yield Complaint(message("the transcript has no captions"), AGAIN)


def _milliseconds(time: str) -> int:
    hours, minutes, seconds = f"0:{time.replace(',', '.')}".split(":")[-3:]
    return round(1000 * (int(hours) * 3600 + int(minutes) * 60 + float(seconds)))


def check_chapters(text: str) -> Iterator[Complaint]:
    """Yield the faults of chapters as JSON (podcast namespace)."""
    try:
        document: Any = json.loads(text)
        version = document["version"]
        starts = [float(chapter["startTime"]) for chapter in document["chapters"]]
        titles = [str(chapter["title"]) for chapter in document["chapters"]]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        yield Complaint(message("the file does not hold chapters as JSON"), AGAIN)
        return
    if version != _VERSION:
        yield Complaint(
            message(
                "the chapters are of version {version} instead of {wanted}",
                version=version,
                wanted=_VERSION,
            ),
            AGAIN,
        )
    if not starts or any(start >= later for start, later in pairwise(starts)):
        yield Complaint(
            message("there are no chapters, or they are not in the order of time"), AGAIN
        )
    if not all(titles):
        yield Complaint(
            message("a chapter has no title"),
            message("give it one in the text"),
            is_error=False,
        )


def check_sound(data: io.BufferedIOBase) -> Iterator[Complaint]:
    """Yield the faults of the chapters in an MP3: CHAP in time order below a CTOC."""
    from mutagen import id3

    from audiobook.outputs.damage import DAMAGED
    from audiobook.outputs.mp3 import toc
    from audiobook.outputs.tag_reading import read_id3

    # A dictionary keeps the frames in the order of the file.
    try:
        tag = read_id3(data, {name: getattr(id3, name) for name in ("CHAP", "CTOC")})
    except id3.ID3NoHeaderError:
        tag = id3.ID3()
    except DAMAGED as problem:
        yield Complaint(
            message("the tag is damaged: {reason}", reason=explain(problem)),
            message("build the book again"),
        )
        return
    chapters = tag.getall("CHAP")
    tables = tag.getall("CTOC")
    if not chapters:
        yield Complaint(
            message("the tag has no chapters"),
            message("build the book with this program"),
            is_error=False,
        )
        return
    starts = [frame.start_time for frame in chapters]
    if starts != sorted(starts):
        yield Complaint(
            message("the CHAP frames are not in the order of time"), message("build the book again")
        )
    names = {frame.element_id for frame in (*chapters, *tables)}
    listed = {child for table in tables for child in table.child_element_ids}
    if (
        not any(map(toc.is_top, tables))
        or not {frame.element_id for frame in chapters} <= listed <= names
    ):
        yield Complaint(
            message("no CTOC frame lists all chapters"), message("build the book again")
        )
    if any(len(table.child_element_ids) > toc.MOST_CHILDREN for table in tables):
        yield Complaint(
            message("a CTOC frame lists more than {most} entries", most=toc.MOST_CHILDREN),
            message("build the book again"),
        )
