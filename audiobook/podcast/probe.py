"""Whether the files that a feed names are what clients need: pictures, transcripts, sound."""

from __future__ import annotations

import html
import io
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.outputs.cover.fitting import LARGEST, LEAST

if TYPE_CHECKING:
    from collections.abc import Iterator

VTT_LINE = 65
SRT_LINE, SRT_LINES = 32, 2
"""Characters a line, and lines (podcast namespace)."""

_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_TIMES = re.compile(r"((?:\d+:)?\d\d:\d\d[.,]\d{3}) --> ((?:\d+:)?\d\d:\d\d[.,]\d{3})")
_VTT_TAG = re.compile(r"<[^>]*>")
_MOST_CHILDREN = 255


class Complaint(NamedTuple):
    """Something a file falls short of."""

    what: str
    remedy: str
    is_error: bool = True


_AGAIN = "write the site again"


def picture(data: bytes, name: str) -> Iterator[Complaint]:
    """Say what is wrong with artwork: square, 1400 to 3000 pixels, RGB, named by its type."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as shown:
            width, height = shown.size
            mode, kind = shown.mode, shown.format or ""
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        yield Complaint("is no picture", "give another picture")
        return
    if width != height or not LEAST <= width <= LARGEST:
        yield Complaint(
            f"has {width} x {height} pixels", f"make it square, {LEAST} to {LARGEST} pixels a side"
        )
    if mode != "RGB":
        yield Complaint(f"has the colours {mode}", "save it as RGB without transparency")
    if not name.endswith(_ENDINGS.get(kind, ())):
        yield Complaint(f"holds {kind or 'another format'}", "save it as JPEG or PNG")


def vtt(text: str) -> Iterator[Complaint]:
    """Say what is wrong with a WebVTT transcript."""
    if not text.startswith("WEBVTT"):
        yield Complaint("does not begin with WEBVTT", _AGAIN)
    yield from _captions(text, VTT_LINE, 0, tags=True)


def srt(text: str) -> Iterator[Complaint]:
    """Say what is wrong with a SubRip transcript."""
    yield from _captions(text, SRT_LINE, SRT_LINES, tags=False)


def _captions(text: str, longest: int, most: int, *, tags: bool) -> Iterator[Complaint]:
    before = -1
    found = False
    for block in text.split("\n\n"):
        rows = block.strip("\n").split("\n")
        at = next((n for n, row in enumerate(rows[:2]) if _TIMES.match(row)), None)
        if at is None:
            continue
        found = True
        first = _TIMES.match(rows[at])
        start, end = (_thousandths(time) for time in first.groups()) if first else (0, 0)
        if start < before or end <= start:
            yield Complaint(f"has a caption out of order: {rows[at]}", _AGAIN)
        before = start
        shown = rows[at + 1 :]
        if most and len(shown) > most:
            yield Complaint(f"shows {len(shown)} lines at {rows[at]}", _AGAIN)
        for row in shown:
            row = html.unescape(_VTT_TAG.sub("", row)) if tags else row
            if len(row) > longest:
                yield Complaint(
                    f"has a line of {len(row)} characters, more than {longest}: {row[:40]}…",
                    "a word that long cannot be broken; players cut it off",
                    is_error=" " in row,
                )
    if not found:
        yield Complaint("has no captions", _AGAIN)


def _thousandths(time: str) -> int:
    hours, minutes, seconds = f"0:{time.replace(',', '.')}".split(":")[-3:]
    return round(1000 * (int(hours) * 3600 + int(minutes) * 60 + float(seconds)))


def chapters(text: str) -> Iterator[Complaint]:
    """Say what is wrong with chapters as JSON (podcast namespace, 1.2.0)."""
    try:
        said: Any = json.loads(text)
        version = said["version"]
        starts = [float(one["startTime"]) for one in said["chapters"]]
        titles = [str(one["title"]) for one in said["chapters"]]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        yield Complaint("is not the JSON of chapters", _AGAIN)
        return
    if version != "1.2.0":
        yield Complaint(f"is of version {version}", _AGAIN)
    if not starts or any(start >= later for start, later in pairwise(starts)):
        yield Complaint("has no chapters in the order of time", _AGAIN)
    if not all(titles):
        yield Complaint("has a chapter without a title", "give it one in the text", is_error=False)


def sound(data: io.BufferedIOBase) -> Iterator[Complaint]:
    """Say what is wrong with the chapters in an MP3: CHAP in time order below a CTOC."""
    from mutagen import id3

    from audiobook.outputs.damage import DAMAGED

    # A dictionary keeps the frames in the order of the file.
    try:
        tag = id3.ID3(data, known_frames={name: getattr(id3, name) for name in ("CHAP", "CTOC")})
    except id3.ID3NoHeaderError:
        tag = id3.ID3()
    except DAMAGED as problem:
        yield Complaint(f"has a damaged tag: {problem}", "build the book again")
        return
    found = tag.getall("CHAP")
    tables = tag.getall("CTOC")
    if not found:
        yield Complaint("has no chapters in its tag", "build it with this program", is_error=False)
        return
    starts = [one.start_time for one in found]
    if starts != sorted(starts):
        yield Complaint("has its CHAP frames not in the order of time", "build the book again")
    names = {one.element_id for one in (*found, *tables)}
    listed = {child for table in tables for child in table.child_element_ids}
    if (
        not any(table.flags & 1 << 1 for table in tables)
        or not {one.element_id for one in found} <= listed <= names
    ):
        yield Complaint("has no CTOC frame that lists its chapters", "build the book again")
    if any(len(table.child_element_ids) > _MOST_CHILDREN for table in tables):
        yield Complaint(f"has a CTOC of more than {_MOST_CHILDREN}", "build the book again")
