"""Writes an MP3 anew with other frames in its ID3 tag, and the same sound."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from mutagen.id3 import ID3, TXXX, Encoding, Frame, MakeID3v1

from audiobook.outputs import edits, languages, pictures
from audiobook.outputs.blocks import read_blocks
from audiobook.outputs.mp3 import fields, headers, id3, raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.outputs.edits import TagEdit
    from audiobook.outputs.mp3.raw import RawTag

_DATES = ("TYER", "TDAT", "TIME")
"""Frames of v2.3 that hold a date together."""
_CHAPTERS = (b"CHAP", b"CTOC")
_ID3V1 = b"TAG"


def retag(source: IO[bytes], file: IO[bytes], edit: TagEdit) -> None:
    """Write a file with other tags; see `audiobook.outputs.SoundFormat`."""
    old = raw.read_raw(source)
    kept = [frame for frame in old.frames if not _goes(frame, old, edit)]
    if edit.cover is not None:
        kept = _without_covers(kept, old.version, all_of_them=not edit.cover)
    added = raw.render(_new_frames(edit), old.version).frames
    if edit.chapters is not None:
        added += raw.render(_chapters(old, edit), old.version).frames
    frames = added + kept
    if edit.chapters is not None:
        frames.sort(key=id3.chapter_start)
    file.write(raw.join(raw.RawTag(old.version, frames)))
    start = headers.after_tag(headers.read_at(source, 0, 10))
    end = headers.end_of_sound(source)
    has_id3v1 = headers.read_at(source, end, len(_ID3V1)) == _ID3V1
    file.writelines(read_blocks(source, start, end if has_id3v1 else None))
    if has_id3v1:
        file.write(MakeID3v1(raw.parse(old.version, frames)))


def _goes(frame: bytes, tag: RawTag, edit: TagEdit) -> bool:
    """Return whether a frame holds something that is changed."""
    if frame[:4] in _CHAPTERS:
        return edit.chapters is not None
    name = frame[:4].decode("latin-1")
    if not any(name in _names_of(field) for field in edit.texts) and name != "TXXX":
        return False
    key = _key(frame, tag.version)
    if edit.note and key == f"TXXX:{edits.KEY}":
        return True
    return any(_holds(field, key) for field in edit.texts)


def _names_of(field: str) -> Iterator[str]:
    yield from (kind.__name__ for kind in fields.FRAMES[field])
    if field in fields.SORT_FRAMES:
        yield fields.SORT_FRAMES[field].__name__
    if field == "date":
        yield from _DATES


def _holds(field: str, key: str) -> bool:
    """Return whether the frame of a key holds a field; of comments only that without a name."""
    if field == "description":
        return key.startswith("COMM::")
    names = [f"TXXX:{name}" for name in fields.FREEFORM_FRAMES.get(field, ())]
    return key.casefold() in {name.casefold() for name in (*_names_of(field), *names)}


def _key(frame: bytes, version: int) -> str:
    """Return the key that mutagen gives to a frame; empty for one that it does not know."""
    return next(iter(raw.parse(version, [frame])), "")


def _without_covers(frames: Sequence[bytes], version: int, *, all_of_them: bool) -> list[bytes]:
    """Return frames without the picture that is shown as the cover, or without any picture."""
    found = [frame for frame in frames if frame.startswith(b"APIC")]
    gone = found
    if not all_of_them:
        fronts = [frame for frame in found if _is_front(frame, version)]
        gone = fronts or found[:1]
    return [frame for frame in frames if frame not in gone]


def _is_front(frame: bytes, version: int) -> bool:
    return any(
        int(picture.type) == pictures.FRONT_COVER
        for picture in raw.parse(version, [frame]).getall("APIC")
    )


def _new_frames(edit: TagEdit) -> Iterator[Frame]:
    for field, value in edit.texts.items():
        code = languages.three_letters(value) if field == "language" else value
        yield from fields.field_frames(field, value if code == "und" else code, edit.language)
        yield from fields.sort_frames(field, value)
    if edit.cover:
        yield id3.cover_frame(edit.cover)
    if edit.note:
        yield TXXX(encoding=Encoding.LATIN1, desc=edits.KEY, text=[edit.note])


def _chapters(old: RawTag, edit: TagEdit) -> Iterator[Frame]:
    """Yield the frames of new chapters: one where one was keeps its picture and its links."""
    marks = raw.parse(old.version, (frame for frame in old.frames if frame[:4] == b"CHAP"))
    before = {int(mark.start_time): mark.sub_frames for mark in marks.getall("CHAP")}
    tag = ID3()
    id3.add_chapters(tag, edit.chapters or (), edit.rate)
    for frame in tag.values():
        if frame.FrameID == "CHAP":
            for more in before.get(int(frame.start_time), ID3()).values():
                if more.FrameID != "TIT2" and not (
                    more.FrameID == "APIC" and frame.sub_frames.getall("APIC")
                ):
                    frame.sub_frames.add(more)
        yield frame
