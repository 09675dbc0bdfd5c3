"""What the user said, in files and flags, becomes a Job."""

from __future__ import annotations

import os
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.config import casting, lexicons, sounds
from audiobook.config.books import BookFile, folder_of, read_book_files
from audiobook.config.lexicons import read_lexicon
from audiobook.config.toml import load_toml
from audiobook.config.voices import fetched_voices, load_voice, voice_names
from audiobook.errors import UsageError, VoiceError
from audiobook.model import Delivery, Job, Meta, Selection
from audiobook.stages import chapters, tidy
from audiobook.system import files
from audiobook.system.folders import cache_folder, config_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobook.model import Teaching, Voice

__all__ = [
    "EMBEDDED_VOICE",
    "STEPS",
    "chosen_voice",
    "cores",
    "default_voice",
    "load_voice",
    "make_job",
    "voice_names",
    "with_marked_voices",
]

EMBEDDED_VOICE = "hanoi"
STEPS = (*tidy.STEPS, *chapters.STEPS)
"""What putting a text in order does, and the user may switch, in order."""


def default_voice() -> str:
    """Return the voice set in the user's config.toml, else a neural one that is here, else ours.

    Of several that were fetched it is the one with the most to it.

    Raises:
        UsageError: config.toml is not right.
    """
    return chosen_voice() or next(iter(fetched_voices()), EMBEDDED_VOICE)


def chosen_voice() -> str:
    """Return the voice set in the user's config.toml; empty if none is.

    Raises:
        UsageError: config.toml is not right.
    """
    path = config_folder() / "config.toml"
    if not path.is_file():
        return ""
    try:
        settings = load_toml(path)
    except ValueError as problem:
        raise UsageError(f"{path} is not right: {problem}", "fix or remove it") from problem
    voice = settings.get("voice", "")
    if set(settings) - {"voice"} or not isinstance(voice, str):
        raise UsageError(f"{path} is not right", 'it may only say voice = "NAME"')
    return voice


def make_job(
    source: str,
    *,
    folder: Path,
    voice: str | None = None,
    meta: Meta | None = None,
    cover: Path | None = None,
    without_cover: bool = False,
    lexicon: Path | None = None,
    workers: int | None = None,
    allow_private: bool = False,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    speed: float | None = None,
    pitch: float | None = None,
    pauses: Mapping[str, float] | None = None,
    cast: Mapping[str, str] | None = None,
    fallback: str | None = None,
    preview: float = 0.0,
    form: str = "mp3",
    profile: str = "podcast",
    bitrate: int | None = None,
    vbr: int | None = None,
    room_tone: bool = False,
    split: bool = False,
    transcripts: Sequence[str] = (),
    parts: Sequence[str] = (),
    selection: Selection | None = None,
    ocr: bool = False,
    file: Path | None = None,
    stem: str = "",
    overwrite: bool = False,
) -> Job:
    """Put together one book's job: flags win over book.toml, that over the user's settings.

    Args:
        source: a file, an address, - for standard input, or the folder of a book in parts.
        folder: where the book goes.
        voice: name of a voice; None for the default.
        meta: what the user says about the book.
        cover: a JPEG or PNG file.
        without_cover: whether the book has no cover at all.
        lexicon: a lexicon beside those of the user and the book.
        workers: processes that record, or requests on their way to an online voice; None for
            all cores, or what the voice says.
        allow_private: whether addresses of the user's own network may be read.
        keep: steps of tidying and dividing not to do.
        drop: steps to do that are not done unasked.
        speed: how much faster the voices speak than they would.
        pitch: how much higher.
        pauses: seconds of silence by the names of `Pauses`.
        cast: names of voices for roles other than the narrator's.
        form: what is written: a format of sound, or epub.
        profile: whose rules of loudness it keeps: podcast or acx.
        bitrate: kilobits a second; None for what suits speech in that format.
        vbr: quality of a variable bit rate instead, 0 best to 9 smallest.
        room_tone: whether pauses hold a faint noise instead of silence.
        split: whether each chapter is written as a file of its own, too.
        transcripts: kinds of transcripts to write beside the book.
        preview: seconds of each chapter to make, about; 0 for the whole book.
        fallback: name of an offline voice, for what an online voice cannot be reached for.
        parts: sources that make one book together, in order.
        selection: which chapters to build; None for all.
        ocr: whether the text of scanned pages is recognised.
        file: what the book becomes; None for a file in the folder, named by the source.
        stem: the name without an ending that the book takes if it is free.
        overwrite: whether files that this program did not make are replaced.

    Raises:
        VoiceError: there is no such voice.
        UsageError: something else the user named is not right.
    """
    path = Path(source)
    beside = read_book_files(path) if files.is_there(path) else BookFile()
    quiet = {**sounds.PAUSES.get(profile, {}), **beside.pauses, **(pauses or {})}
    delivery = Delivery(
        beside.speed if speed is None else speed, beside.pitch if pitch is None else pitch, quiet
    )
    narrator = load_voice(voice or beside.voice or default_voice())
    voices = casting.assign(narrator, {**beside.cast, **(cast or {})}, load_voice)
    voices = casting.tune(voices, delivery)
    stand_in = casting.stand_in(fallback or beside.fallback, delivery, load_voice)
    processes, voices = casting.share(voices, workers, cores())
    flags = meta or Meta()
    said = {field.name: getattr(flags, field.name) for field in fields(Meta)}
    known = Meta(**{**beside.meta, **{name: value for name, value in said.items() if value}})
    if (picture := cover or beside.cover) is not None:
        known = replace(known, cover=_read_picture(f"the cover {picture}", picture))
    shown = tuple(
        (title, _read_picture(f"the picture of {title}, {one}", one))
        for title, one in beside.pictures.items()
    )
    # The highest: what a voice of a lower rate has is all there at a higher one.
    rate = max(one.rate for one in voices.voices)
    sound = sounds.choose(rate, form, profile, bitrate, vbr, room_tone=room_tone)
    _check_transcripts(transcripts)
    taught = _taught(path, beside, lexicon)
    kept, dropped = (*beside.keep, *keep), (*beside.drop, *drop)
    _check_steps((*kept, *dropped))
    return Job(
        source=source,
        folder=folder,
        cast=voices,
        sound=sound,
        meta=known,
        workers=processes,
        cache=cache_folder(),
        lexicon=taught,
        allow_private=allow_private,
        keep=tuple(name for name in kept if name not in drop),
        drop=tuple(name for name in dropped if name not in keep),
        replacements=beside.replace,
        format=form,
        split=split,
        transcripts=tuple(dict.fromkeys(transcripts)),
        cover=not without_cover,
        preview=preview,
        fallback=stand_in,
        pictures=shown,
        parts=tuple(parts),
        selection=selection or Selection(),
        ocr=ocr,
        path=file,
        stem=stem,
        overwrite=overwrite,
        delivery=delivery,
    )


def with_marked_voices(job: Job, names: Sequence[str]) -> Job:
    """Return a job whose cast has the voices, too, that marks in its text name.

    Raises:
        VoiceError: there is no such voice.
        UsageError: one cannot speak as the user wants everybody to.
    """
    if not names:
        return job

    chosen = {voice.name for voice in job.cast.voices}

    def load(name: str) -> Voice:
        try:
            voice = load_voice(name)
        except VoiceError as problem:
            raise VoiceError(
                f"[voice: {name}] in the text: {problem.what}", problem.remedy
            ) from None
        if voice.network and name not in chosen:
            raise VoiceError(
                f"[voice: {name}] in the text asks for an online voice",
                "only you may choose one: build with --voice or --cast, or change the text",
            )
        return casting.tuned(voice, job.delivery)

    cast = casting.add_marked(job.cast, names, load)
    asked = None if any(voice.network for voice in cast.voices) else job.workers
    workers, cast = casting.share(cast, asked, job.workers)
    return replace(job, cast=cast, workers=workers)


def _check_transcripts(kinds: Sequence[str]) -> None:
    from audiobook.outputs import transcripts

    for kind in kinds:
        if kind not in transcripts.KINDS:
            known = ", ".join(transcripts.KINDS)
            raise UsageError(f"there is no transcript {kind!r}", f"choose from {known}")


def _check_steps(names: Sequence[str]) -> None:
    known = [step.name for step in STEPS]
    for name in names:
        if name not in known:
            raise UsageError(f"there is no step {name!r}", f"there are {', '.join(known)}")


def _taught(source: Path, beside: BookFile, named: Path | None) -> tuple[Teaching, ...]:
    """Return what was taught, the more special after the more general."""
    general = [config_folder() / lexicons.NAME]
    if files.is_there(source):
        general.append(folder_of(source) / lexicons.NAME)
    taught = tuple(entry for path in general if path.is_file() for entry in read_lexicon(path))
    return taught + beside.lexicon + (read_lexicon(named) if named else ())


def cores() -> int:
    """Count the cores this process may use, where the system tells."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_picture(name: str, path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is no file")
        data = path.read_bytes()
    except (OSError, ValueError) as problem:  # no name of a file, some of them
        said = getattr(problem, "strerror", None) or problem
        raise UsageError(f"cannot read {name}: {said}", "name a picture") from problem
    if not data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise UsageError(f"{name} is neither JPEG nor PNG", "convert it to one of them")
    return data
