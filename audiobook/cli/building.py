"""The command that makes books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import (
    AllowPrivate,
    Chapters,
    Debug,
    Drop,
    From,
    Keep,
    LexiconFile,
    Notes,
    Ocr,
    Overwrite,
    Vbr,
    Verify,
    VoiceName,
    keep_and_drop,
    notify,
    select_chapters,
)
from audiobook.cli.commands import new_app
from audiobook.cli.delivering import BookFormat, Layout, Preview, Split, Timed, Transcripts
from audiobook.cli.describing import (
    Author,
    Cover,
    CoverSize,
    Date,
    Description,
    Language,
    Narrator,
    Series,
    Title,
    Volume,
)
from audiobook.cli.listening import Listen, listen_again, open_recogniser
from audiobook.cli.many import build_many, formats_of, plan_many
from audiobook.cli.moments import check_date
from audiobook.cli.music import Between, Closing, Intro, Opening, Outro
from audiobook.cli.offering import offer_natural_voice
from audiobook.cli.pairs import parse_pairs, parse_pauses
from audiobook.cli.single import build_single
from audiobook.cli.speaking import (
    BitRate,
    CastVoices,
    Fallback,
    PauseTimes,
    Pitch,
    Profile,
    RoomTone,
    Speed,
    WordTiming,
)
from audiobook.cli.tags import read_language, read_volume
from audiobook.cli.unread import note_unread
from audiobook.errors import UsageError
from audiobook.messages import message

if TYPE_CHECKING:
    from audiobook.app.book_requests import BookRequest
    from audiobook.model import Job


_HINT = message(
    "a neural voice sounds better: audiobook voices add sano (to stay with this "
    'one: voice = "hanoi" in config.toml)'
)

app = new_app()


@app.command()
def build(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Files, folders of texts, addresses, or - for standard input."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="DIR|FILE", help="Folder for the books, or the book's file."
        ),
    ] = Path(),
    voice: VoiceName = None,
    lexicon: LexiconFile = None,
    speed: Speed = None,
    pitch: Pitch = None,
    pauses: PauseTimes = None,
    cast: CastVoices = None,
    fallback: Fallback = None,
    title: Title = "",
    author: Author = "",
    narrator: Narrator = "",
    series: Series = "",
    volume: Volume = "",
    cover: Cover = None,
    cover_size: CoverSize = None,
    date: Date = "",
    language: Language = "",
    description: Description = "",
    form: BookFormat = None,
    timed: Timed = False,
    profile: Profile = "podcast",
    bitrate: BitRate = None,
    vbr: Vbr = None,
    room_tone: RoomTone = False,
    split: Split = False,
    layout: Layout = None,
    intro: Intro = None,
    outro: Outro = None,
    between: Between = None,
    opening: Opening = None,
    closing: Closing = None,
    chapters: Chapters = None,
    start: From = None,
    join: Annotated[
        bool,
        typer.Option(
            "--join",
            help="Join all sources into one book; texts of a folder in natural order, 2 before 10.",
        ),
    ] = False,
    transcript: Transcripts = None,
    word_times: WordTiming = None,
    preview: Preview = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            metavar="N",
            help="Processes, by default one per core that there is memory for; with an online "
            "voice, requests at once.",
        ),
    ] = None,
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Record on a Dask cluster: tcp://host:8786 of its scheduler, or `local`.",
        ),
    ] = "",
    overwrite: Overwrite = False,
    verify: Verify = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", "-k", help="Go on with the other books if one fails.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only show the chapters, their lengths and the online requests needed.",
        ),
    ] = False,
    fetch_voice: Annotated[
        bool,
        typer.Option(
            "--fetch-voice",
            help="If no voice was chosen, fetch a natural one unasked; go on if that fails.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    notes: Notes = "",
    keep: Keep = None,
    drop: Drop = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    model: Listen = "",
    debug: Debug = False,
) -> None:
    """Build audiobooks: FILE, or DIR/STEM.mp3, with chapters, tags and synced text.

    A build that was interrupted resumes where it stopped; an unchanged book is left alone;
    after an edit only the edited passage is recorded again. Every text of a folder becomes a
    book, in a folder of the same name; if a.txt is there too, a.epub becomes a-epub.mp3.
    If its book.toml says join = true, they are one book.

    With --listen, sentences that do not sound like their text are recorded again, up to twice, by
    voices that can say them another way; which take stays is written into the book's settings.
    """
    from audiobook.app.book_requests import check_requests, find_books, join_sources
    from audiobook.app.naming import choose_output
    from audiobook.config import cores, is_voice_unchosen, make_job
    from audiobook.model import Meta, Music
    from audiobook.workers import Recorder, connect

    check_date(date)
    folder, file, form = choose_output(output, form)
    selected = select_chapters(chapters, start)
    if timed and (join or split or selected):
        raise UsageError(
            message("subtitles have no chapters"),
            message("leave out --join, --split, --chapters and --from, or --timed"),
        )
    if timed and (intro or outro or between or opening or closing):
        raise UsageError(
            message("nothing is heard before or after subtitles, whose times are those of a film"),
            message("leave out music and what is said first and last, or --timed"),
        )
    requests = [join_sources(sources, folder)] if join else find_books(sources, folder)
    check_requests(requests, file=file, title=title, keep_going=keep_going)
    keep_steps, drop_steps = keep_and_drop(keep, drop, notes)
    meta = Meta(
        title=title,
        author=author,
        narrator=narrator,
        date=date,
        language=read_language(language),
        description=description,
        series=series,
        volume=read_volume(volume),
    )

    def job_of(request: BookRequest) -> Job:
        return make_job(
            request.source,
            folder=request.folder,
            file=file,
            stem=request.stem,
            layout=layout,
            overwrite=overwrite,
            verify=verify,
            voice=voice,
            meta=meta,
            cover=None if is_none(cover) else cover,
            without_cover=is_none(cover),
            cover_size=cover_size,
            lexicon=lexicon,
            workers=jobs,
            allow_private=allow_private,
            keep=keep_steps,
            drop=drop_steps,
            speed=speed,
            pitch=pitch,
            pauses=parse_pauses(pauses or ()),
            word_times=word_times,
            cast=parse_pairs("--cast", "dialogue=saigon", cast or ()),
            fallback=fallback,
            preview=preview or 0.0,
            form=form,
            profile=profile,
            bitrate=bitrate,
            vbr=vbr,
            room_tone=room_tone,
            split=split,
            transcripts=[kind.strip() for kinds in transcript or () for kind in kinds.split(",")],
            parts=request.parts,
            selection=selected,
            ocr=ocr,
            timed=timed,
            music=Music(intro=intro, outro=outro, between=between),
            opening=opening,
            closing=closing,
        )

    if not quiet:
        note_unread(sources)
    if dry_run:
        plan_many(requests, job_of, keep_going=keep_going, quiet=quiet)
        return
    forms = tuple(formats_of(requests, job_of, keep_going=keep_going)) if model else ()
    recogniser = open_recogniser(model, forms) if model else None
    is_settled = voice is not None or offer_natural_voice(
        [request.source for request in requests], unasked=fetch_voice, quiet=quiet
    )
    workers = jobs or cores()
    remote_workers = connect(cluster, workers) if cluster else None
    with Recorder(workers, remote_workers, is_asked=jobs is not None, tell=notify) as recorder:

        def hear(request: BookRequest) -> None:
            if recogniser:
                listen_again(job_of(request), recogniser, recorder, quiet=quiet)

        if len(requests) == 1 and not keep_going:
            has_built = build_single(job_of(requests[0]), recorder, quiet=quiet)
            hear(requests[0])
        else:
            has_built = build_many(
                requests, job_of, recorder, hear, keep_going=keep_going, quiet=quiet, debug=debug
            )
    if has_built and not quiet and not is_settled and is_voice_unchosen():
        notify(_HINT)


def is_none(cover: Path | None) -> bool:
    """Return whether the user wants no cover."""
    return cover is not None and str(cover) == "none"
