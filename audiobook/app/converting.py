"""Writes a finished book in another format of sound, without recording it again.

File -> pieces of sound -> encoded pieces -> book. The sound is decoded and encoded again, so a
book that is recorded in a format sounds better than one that is converted to it.
"""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.app import naming, ownership
from audiobook.app.changed_tags import names_of
from audiobook.app.chapter_places import unlisted_note
from audiobook.app.ownership import OutputLedger, Owner
from audiobook.app.reencoding import EncodedStream, open_store
from audiobook.app.seals import FinishedFile, Seals
from audiobook.audit.contents import read_contents
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.messages import Message, message, plural
from audiobook.model import (
    Book,
    Converted,
    Sound,
)
from audiobook.outputs import levels
from audiobook.stages import bind
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.audit.types import FileContents
    from audiobook.outputs import SoundFormat

VERSION = 1
"""Goes up when the same file would be converted differently."""

_RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Samples a second that a book may get; it gets no fewer than it has, as long as there are more."""
_BITRATES = range(8, 321)
_INSIST = message("choose another place with -o, or insist with --overwrite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a user wants converted."""

    source: Path
    """A finished book, or another file of sound with chapters or without."""
    path: Path
    """The file to write."""
    format: str
    """Name of the format of sound to write."""
    cache: Path
    """The cache folder, which knows whose files are."""
    bitrate: int | None = None
    """Kilobits a second; None for no fewer than the source has."""
    vbr: int | None = None
    """Quality of a variable bit rate instead, 0 best to 9 smallest."""
    overwrite: bool = False
    """Whether a file that this program did not make is replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedBook:
    """A book that was converted."""

    book: Book
    unchanged: bool = False
    """Whether it was there already, just as wanted."""
    notes: tuple[Message, ...] = ()
    """What the user should know about its sound."""


def choose_path(source: Path, output: Path, form: str | None) -> tuple[Path, str]:
    """Return the file to write, and its format.

    Args:
        source: the book to convert.
        output: a file or a folder.
        form: the format; None for that of the file.

    Raises:
        UsageError: no format is given, or it is not one of sound.
    """
    place = naming.choose_output(output, form)
    if place.form is None:
        raise UsageError(
            message("convert to which format?"),
            message("add --format {names}", names="|".join(outputs.SOUND_FORMATS)),
        )
    if place.form == "epub":
        raise UsageError(
            message("an EPUB needs the text of the book, which its sound does not hold"),
            message("build it from the text: audiobook build SOURCE --format epub"),
        )
    if place.form not in outputs.SOUND_FORMATS:
        raise UsageError(
            message("a book is not converted to {format}", format=place.form),
            message("choose one of {names}", names=", ".join(outputs.SOUND_FORMATS)),
        )
    writer = outputs.load_sound(place.form)
    return place.file or place.folder / files.fit_name(source.stem, writer.SUFFIX), place.form


def convert(
    conversion: Conversion, report: Callable[[Converted], None] | None = None
) -> ConvertedBook:
    """Write a finished book in another format, with all that its file says of it.

    A book that was converted just so before is left alone.

    Args:
        conversion: what to convert.
        report: called after every piece of a few minutes; what it raises ends the work.

    Raises:
        SourceError: the file cannot be read, or its end is missing.
        UsageError: the format has no such bit rate.
        OutputError: the book cannot be written, or a file is in the way.
        EngineError: the sound cannot be encoded.
    """
    contents = read_contents(conversion.source)
    form = outputs.load_sound(conversion.format)
    sound = _choose_sound(conversion, contents, form)
    identity = ownership.read_identity(conversion.source)
    if not identity:
        identity = naming.identity_of(str(conversion.source))
    _check_owner(conversion, identity)
    order = ownership.provenance_of(_fingerprint(conversion, form, sound), identity)
    finished = FinishedFile(conversion.path, form, order)
    if (book := Seals(conversion.cache).read(finished)) is not None:
        return ConvertedBook(book=book, unchanged=True)
    if not conversion.overwrite and (changes := ownership.read_changes(conversion.path)):
        raise OutputError(
            message(
                "{path} was changed with audiobook retag ({fields}), and converting again would "
                "set that back",
                path=conversion.path,
                fields=names_of(changes),
            ),
            _INSIST,
        )
    files.check_place(conversion.path)
    with open_store(conversion.path) as store:
        stream = EncodedStream(contents, form, sound, store)
        complaints = stream.encode(conversion.source, report)
        book, recorded = stream.lay_out(conversion.source, conversion.path)
        bind.write(book, recorded, form, order)
    Seals(conversion.cache).seal(finished)
    ledger = OutputLedger(conversion.cache)
    ledger.note_book(conversion.path, str(_origin(ledger, conversion.source)))
    notes = (*_chapter_notes(contents, book, form), *_notes(stream.cuts_in_sound, complaints))
    return ConvertedBook(book=book, notes=notes)


def _chapter_notes(contents: FileContents, book: Book, form: SoundFormat) -> Iterator[Message]:
    """Yield how many chapters the new file lists, if that is not all the book has."""
    listed = len(levels.outermost(book.chapters, form.MOST_CHAPTERS))
    count = len(book.chapters) + contents.unlisted_chapters
    if listed < len(book.chapters):
        yield unlisted_note(listed, count)
    elif listed < count:
        yield message(
            "the source lists only {kept:,} of the {count:,} chapters of the book",
            kept=listed,
            count=count,
        )


def _notes(cuts_in_sound: int, complaints: Sequence[str]) -> Iterator[Message]:
    if cuts_in_sound:
        yield plural(
            "the sound is never silent around {count} place: it is faded out and in there",
            "the sound is never silent around {count} places: it is faded out and in there",
            count=cuts_in_sound,
        )
    if complaints:
        yield message("the file is damaged: {reason}", reason=complaints[-1])


# --- choosing ------------------------------------------------------------------------------------


def _choose_sound(conversion: Conversion, contents: FileContents, form: SoundFormat) -> Sound:
    """Return the rate and bit rate to encode with: no less than the source has, if there is more.

    Raises:
        UsageError: the format has no such bit rate or quality.
    """
    note = contents.provenance
    rates = [rate for rate in _RATES if rate >= (note.rate if note else contents.rate)]
    rate = rates[0] if rates else _RATES[-1]
    bitrate = conversion.bitrate
    if bitrate is None and conversion.vbr is None:
        wanted = max(form.BITRATE, math.ceil(contents.bitrate - 0.5))
        bitrate = _supported_bitrate(form, rate, wanted)
    bitrate = bitrate or form.BITRATE
    form.check(rate, bitrate, conversion.vbr)
    return Sound(rate=rate, bitrate=bitrate, format=form.SOUND, vbr=conversion.vbr)


def _supported_bitrate(form: SoundFormat, rate: int, wanted: int) -> int:
    """Return the least bit rate of a format that is not below the one wanted, else its highest."""
    supported = [bitrate for bitrate in _BITRATES if _is_supported(form, rate, bitrate)]
    return next((bitrate for bitrate in supported if bitrate >= wanted), supported[-1])


def _is_supported(form: SoundFormat, rate: int, bitrate: int) -> bool:
    try:
        form.check(rate, bitrate)
    except UsageError:
        return False
    return True


def _check_owner(conversion: Conversion, identity: str) -> None:
    """Make sure that a book may replace the file at its path.

    Raises:
        OutputError: it may not.
    """
    path = conversion.path
    if os.path.lexists(path) and path.exists() and path.samefile(conversion.source):
        raise OutputError(
            message("{path} is the source itself", path=path),
            message("choose another place with -o"),
        )
    ledger = OutputLedger(conversion.cache)
    owner = ledger.owner_of(path, str(_origin(ledger, conversion.source)), identity)
    if owner in (Owner.NOBODY, Owner.SOURCE) or conversion.overwrite:
        return
    if owner is Owner.STRANGER:
        raise OutputError(
            message("{path} exists and was not made by audiobook", path=path), _INSIST
        )
    origin = ledger.origin_of(path) or message("another source")
    raise OutputError(message("{path} is the book of {origin}", path=path, origin=origin), _INSIST)


def _origin(ledger: OutputLedger, source: Path) -> Path:
    """Return the text that a book was made from, as far as that is known; else the book itself."""
    return ledger.origin_of(source) or source


def _fingerprint(conversion: Conversion, form: SoundFormat, sound: Sound) -> str:
    """Return a hash of all that decides the content of the finished file.

    Raises:
        SourceError: the source cannot be read.
    """
    try:
        with conversion.source.open("rb") as file:
            content = hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=conversion.source, reason=problem)
        ) from problem
    wanted = repr((VERSION, conversion.source.stem, content, form.NAME, form.VERSION, sound))
    return hashlib.blake2b(wanted.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
