"""Makes the job of one book out of what the user said, in files and options."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.config import announcements, casting, lexicons, sounds
from audiobook.config.books import BookFile, folder_of, read_book_files
from audiobook.config.lexicons import read_lexicon
from audiobook.config.picture import read_picture
from audiobook.config.usual_voice import default_voice
from audiobook.config.voices import load_voice
from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.model import LAYOUTS, PLAIN, Delivery, Job, Meta, Selection, beginning_of
from audiobook.system import files
from audiobook.system.folders import cache_folder, config_folder
from audiobook.vietnamese.letters import compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.model import Music, Teaching


def leaves_voice_open(source: str) -> bool:
    """Return whether no file beside a source says which voice reads it.

    False where such a file is not right: the source is not read then.
    """
    path = Path(source)
    with suppress(UsageError):  # reported when the book is built
        return not (files.is_there(path) and read_book_files(path).voice)
    return False


def make_job(
    source: str,
    *,
    folder: Path,
    voice: str | None = None,
    meta: Meta | None = None,
    cover: Path | None = None,
    without_cover: bool = False,
    cover_size: int | None = None,
    lexicon: Path | None = None,
    workers: int | None = None,
    allow_private: bool = False,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    speed: float | None = None,
    pitch: float | None = None,
    pauses: Mapping[str, float] | None = None,
    word_times: str | None = None,
    cast: Mapping[str, str] | None = None,
    fallback: str | None = None,
    preview: float = 0.0,
    form: str | None = None,
    profile: str = "podcast",
    bitrate: int | None = None,
    vbr: int | None = None,
    room_tone: bool = False,
    split: bool = False,
    transcripts: Sequence[str] = (),
    parts: Sequence[str] = (),
    selection: Selection | None = None,
    ocr: bool = False,
    timed: bool = False,
    file: Path | None = None,
    stem: str = "",
    layout: str | None = None,
    overwrite: bool = False,
    verify: bool = False,
    music: Music | None = None,
    opening: str | None = None,
    closing: str | None = None,
) -> Job:
    """Return the job of one book: options win over book.toml, book.toml over the user's settings.

    Args:
        source: a file, an address, - for standard input, or the folder of a book in parts.
        folder: where the book goes.
        voice: name of a voice; None for the default.
        meta: what the user says about the book.
        cover: a picture file.
        without_cover: whether the book has no cover at all.
        cover_size: most kilobytes of the cover inside the book; None for that of book.toml.
        lexicon: a lexicon beside those of the user and the book.
        workers: processes that record, or requests on their way to an online voice; None for
            all cores, or what the voice says.
        allow_private: whether addresses of the user's own network may be read.
        keep: steps of tidying and dividing not to do.
        drop: steps to do that are not done unasked.
        speed: factor by which the voices speak faster; None for that of book.toml.
        pitch: factor by which they speak higher; None for that of book.toml.
        pauses: seconds of silence by the names of `Pauses`.
        word_times: how words are timed where the engine does not; None for what book.toml says.
        cast: names of voices for roles other than the narrator's, and for chapters.
        form: the name of the format to write; None for that of book.toml, or else MP3.
        profile: the rules of loudness to keep: podcast or acx.
        bitrate: kilobits a second; None for what suits speech in that format.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.
        room_tone: whether pauses hold a faint noise instead of silence.
        split: whether each chapter is written as a file of its own, too.
        transcripts: kinds of transcripts to write beside the book.
        preview: about how many seconds of each chapter to make; 0 for the whole book.
        fallback: name of an offline voice that speaks where an online voice cannot be reached.
        parts: sources that make one book together, in order.
        selection: which chapters to build; None for all.
        ocr: whether the text of scanned pages is recognised, also if book.toml does not say so.
        timed: whether each subtitle is spoken at its time.
        file: the file to write; None for a file in the folder, named by the source.
        stem: the name without an ending that the book takes if it is free.
        layout: how the book is placed in its folder; None for what book.toml says, or plain.
        overwrite: whether files that this program did not make are replaced.
        verify: whether the sound of a finished book is read to see that it is as it was made.
        music: files of music; those of book.toml play where it names none.
        opening: the template of what is said first, `auto` for ours; None for that of book.toml.
        closing: that of what is said last.

    Raises:
        VoiceError: there is no such voice.
        UsageError: something else that the user gave is not right.
    """
    path = Path(source)
    book_file = read_book_files(path) if files.is_there(path) else BookFile()
    all_pauses = {**sounds.PAUSES.get(profile, {}), **book_file.pauses, **(pauses or {})}
    delivery = Delivery(
        book_file.speed if speed is None else speed,
        book_file.pitch if pitch is None else pitch,
        all_pauses,
        casting.choose_word_times(word_times or book_file.word_times),
    )
    with of_setting("voice"):
        narrator = load_voice(voice or book_file.voice or default_voice())
    voices = {**book_file.cast, **(cast or {})}
    book_cast = casting.assign_roles(narrator, voices, load_voice)
    unasked = [speaker.name for speaker in book_cast.voices if speaker.network]
    if unasked:  # otherwise nobody needs to know which voice is the usual one
        chosen_by_user = {voice or default_voice(), *(cast or {}).values()}
        unasked = [name for name in unasked if name not in chosen_by_user]
    book_cast = casting.tune_cast(book_cast, delivery)
    with of_setting("fallback"):
        stand_in = casting.fallback_voice(fallback or book_file.fallback, delivery, load_voice)
    processes, book_cast = casting.share_work(book_cast, workers, cores())
    flags = meta or Meta()
    given_meta = {
        field.name: value for field in fields(Meta) if (value := getattr(flags, field.name))
    }
    book_meta = Meta(**{**book_file.meta, **given_meta})
    if (cover_path := cover or book_file.cover) is not None:
        with of_setting("cover"):
            cover_data = read_picture(message("the cover {path}", path=cover_path), cover_path)
        book_meta = replace(book_meta, cover=cover_data)
    pictures = tuple(
        (
            title,
            read_picture(
                message("the picture of {chapter}, {picture}", chapter=title, picture=picture),
                picture,
            ),
        )
        for title, picture in book_file.pictures.items()
    )
    # The highest rate loses nothing of the voices with a lower one.
    rate = max(speaker.rate for speaker in book_cast.voices)
    form = form or book_file.format or "mp3"
    with of_setting("format"):
        sounds.check_timed(form, timed=timed)
        sound = sounds.choose(rate, form, profile, bitrate, vbr, room_tone=room_tone)
    _check_transcripts(transcripts)
    chosen_layout = layout or book_file.layout or PLAIN
    with of_setting("layout"):
        _check_layout(chosen_layout, split=split)
    teachings = _collect_lexicon(path, book_file, lexicon)
    kept_steps, dropped_steps = (*book_file.keep, *keep), (*book_file.drop, *drop)
    _check_steps((*kept_steps, *dropped_steps))
    return Job(
        source=source,
        folder=folder,
        cast=book_cast,
        sound=sound,
        meta=book_meta,
        workers=processes,
        cache=cache_folder(),
        lexicon=teachings,
        allow_private=allow_private,
        keep=tuple(name for name in kept_steps if name not in drop),
        drop=tuple(name for name in dropped_steps if name not in keep),
        replacements=book_file.replace,
        kept_texts=tuple(map(beginning_of, book_file.keep_text)),
        left_out=book_file.leave_out,
        titles=tuple(book_file.titles.items()),
        narrators=casting.chapter_narrators(voices),
        takes=tuple(
            (" ".join(compose(sentence).split()), take)
            for sentence, take in book_file.takes.items()
            if take > 1
        ),
        format=form,
        split=split,
        transcripts=tuple(dict.fromkeys(transcripts)),
        cover=not without_cover,
        cover_size=book_file.cover_size if cover_size is None else cover_size,
        preview=preview,
        fallback=stand_in,
        pictures=pictures,
        parts=tuple(parts),
        selection=selection or Selection(),
        ocr=ocr or book_file.ocr,
        timed=timed,
        path=file,
        stem=stem,
        layout=chosen_layout,
        overwrite=overwrite,
        verify=verify,
        delivery=delivery,
        music=announcements.choose_music(music, book_file.music),
        opening=announcements.choose_template("opening", opening, book_file.opening),
        closing=announcements.choose_template("closing", closing, book_file.closing),
        unasked_services=tuple(unasked),
    )


def _check_layout(layout: str, *, split: bool) -> None:
    if layout not in LAYOUTS:
        raise UsageError(
            message("there is no layout {name!r}", name=layout),
            message("choose one of {names}", names=", ".join(LAYOUTS)),
        )
    if layout != PLAIN and split:
        raise UsageError(
            message("a library program would play the book and its chapters one after the other"),
            message("leave out --split or --layout"),
        )


def _check_transcripts(kinds: Sequence[str]) -> None:
    from audiobook.outputs import transcripts

    for kind in kinds:
        if kind not in transcripts.KINDS:
            names = ", ".join(transcripts.KINDS)
            raise UsageError(
                message("there is no transcript {kind!r}", kind=kind),
                message("choose from {names}", names=names),
            )


def _check_steps(names: Sequence[str]) -> None:
    if not names:
        return
    from audiobook.config.steps import STEPS

    step_names = [step.name for step in STEPS]
    for name in names:
        if name not in step_names:
            raise UsageError(
                message("there is no step {name!r}", name=name),
                message("there are {names}", names=", ".join(step_names)),
            )


def _collect_lexicon(
    source: Path, book_file: BookFile, lexicon: Path | None
) -> tuple[Teaching, ...]:
    """Return the entries of all lexicons, the more general before the more special.

    Raises:
        UsageError: one cannot be read, or is not right.
    """
    paths = [config_folder() / lexicons.NAME]
    if files.is_there(source):
        paths.append(folder_of(source) / lexicons.NAME)
    for path in paths:  # one may be a stranger's, as a pipe that is waited for
        if files.is_no_file(path):
            raise UsageError(
                message(
                    "cannot read the lexicon {path}: {reason}",
                    path=path,
                    reason=message("it is not a file"),
                ),
                message("remove it"),
            )
    teachings = tuple(entry for path in paths if path.is_file() for entry in read_lexicon(path))
    return teachings + book_file.lexicon + (read_lexicon(lexicon) if lexicon else ())


def cores() -> int:
    """Return how many cores this process may use; all of the computer where that is not known."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
