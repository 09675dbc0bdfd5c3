"""The command that makes a podcast of what a feed, a site or a folder brings."""

from __future__ import annotations

import io
import time
import traceback
from contextlib import nullcontext, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import AllowPrivate, Debug, Jobs, VoiceName, notify
from audiobook.cli.commands import new_app
from audiobook.cli.looks import choice_line, show_looks
from audiobook.cli.moments import read_day, read_interval
from audiobook.cli.numbers import number
from audiobook.cli.outcomes import print_outcome
from audiobook.cli.printing import localize_error, printable
from audiobook.cli.unread import note_links_out
from audiobook.errors import AudiobookError, InternalError, UsageError, VoiceError
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.app.batch import BookOutcome
    from audiobook.app.book_requests import BookRequest
    from audiobook.app.following import Follower
    from audiobook.model import Job, Voice

app = new_app()


@app.command(
    epilog=(
        "Example: audiobook follow https://example.org/rss -o tin --url https://me.example/tin "
        "--publish sftp://me@me.example/srv/www/tin\n\n"
        "And later, with follow, url and target in tin/library.toml: audiobook follow -o tin"
    )
)
def follow(
    library: Annotated[
        Path, typer.Option("-o", "--output", metavar="LIBRARY", help="Folder of the podcast.")
    ],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Feeds (RSS, Atom), pages that list articles, or folders of texts; without one "
            "those of library.toml, or else those that were followed before.",
        ),
    ] = None,
    voice: VoiceName = None,
    last: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Of the articles that are there at first take the newest N; by default 10, of a "
            "folder all. Later each new one is taken.",
        ),
    ] = None,
    since: Annotated[
        float | None,
        typer.Option(
            parser=read_day,
            metavar="DATE",
            help="Of the articles that are there at first take those since DATE: YYYY-MM-DD.",
        ),
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(
            parser=read_interval,
            metavar="TIME",
            help="Go on until Ctrl-C, and look again after TIME: 30m, 1h, 1d.",
        ),
    ] = None,
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="BASE", help="Address of the podcast on the web; it is remembered."
        ),
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--publish",
            metavar="TARGET",
            help="Then publish the podcast there, as `audiobook publish` does; without it where "
            "library.toml says, if it does.",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show which articles would be taken.")
    ] = False,
    pace: Annotated[
        float | None,
        typer.Option(
            parser=number(0, 3600),
            metavar="SECONDS",
            help="Time between two requests to one site; by default 1, or as its robots.txt asks.",
        ),
    ] = None,
    jobs: Jobs = None,
    allow_private: AllowPrivate = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    debug: Debug = False,
) -> None:
    """Make each new article of a feed, a site or a folder an episode, once.

    An article is taken once, however often and wherever it is listed; one that was edited is
    recorded again as the same episode; one that fails is tried again the next time. Texts lie in
    LIBRARY/articles, where a book.toml may say how they are read. Each episode names its source.
    Then the feed is made, if the podcast has an --url, and published. robots.txt is obeyed.
    """
    from audiobook.app.following import Follower, find_sources
    from audiobook.follow import state
    from audiobook.follow.choosing import NEWEST, Bounds
    from audiobook.follow.courtesy import PACE, Visitor
    from audiobook.podcast.library import read_library

    settings = read_library(library)
    followed = sources or find_sources(library, settings)
    target = target or settings.target
    is_given = last is not None or since is not None
    asked_for = Bounds(last=last, since=since or 0, is_given=is_given)

    def follower(*, keep: bool) -> Follower:
        return Follower(
            library,
            state.read(library),
            Visitor(PACE if pace is None else pace, allow_private=allow_private),
            bounds=asked_for if is_given else Bounds(last=NEWEST),
            bounds_of_folder=asked_for,
            now=time.time(),
            keep=keep,
        )

    def follow_once() -> None:
        with state.locked(library):
            outcomes = _take(follower(keep=True), followed, library, voice, jobs, quiet, debug)
            _offer(library, url, target, quiet=quiet)
        if failures := [outcome.failure for outcome in outcomes if outcome.failure]:
            raise _sum_up(failures)

    if not quiet:
        note_links_out(followed)
    if dry_run:
        show_looks(follower(keep=False).look(followed))
        return
    if target and not (url or _known_url(library)):
        raise UsageError(message("the site's address is unknown"), message("add --url https://…"))
    if every is None:
        follow_once()
    else:
        _repeat(follow_once, every, debug=debug)


def _take(
    follower: Follower,
    sources: Sequence[str],
    library: Path,
    voice: str | None,
    jobs: int | None,
    quiet: bool,
    debug: bool,
) -> list[BookOutcome]:
    """Take what is new, print a line about each source and book, and return how each came out."""
    from audiobook.app.batch import BookOutcome
    from audiobook.app.following import book_path
    from audiobook.config import cores, make_job
    from audiobook.workers import Recorder

    narrator = _narrator(voice, library)
    outcomes: list[BookOutcome] = []

    def note(outcome: BookOutcome) -> None:
        outcomes.append(outcome)
        print_outcome(outcome, quiet=quiet, debug=debug)

    def report(line: str) -> None:
        if not quiet:
            notify(printable(localize(line)))  # titles come from anywhere

    def job_of(request: BookRequest) -> Job:
        return make_job(
            request.source,
            folder=request.folder,
            file=book_path(request),
            voice=voice,
            form="mp3",
            workers=jobs,
            overwrite=follower.may_replace(request),
        )

    for look in follower.look(sources):
        if look.failure:
            note(BookOutcome(look.source, None, look.failure))
        elif not quiet:
            print(f"{printable(look.source)}: {choice_line(look.choice)}", flush=True)
    for outcome in follower.read_articles(narrator.language, report):
        note(outcome)
    if follower.requests():
        with Recorder(jobs or cores(), is_asked=jobs is not None) as recorder:
            for outcome in follower.build(job_of, recorder, cores() + 1, report):
                note(outcome)
    return outcomes


def _narrator(voice: str | None, library: Path) -> Voice:
    """Return the voice that reads articles, to know its language and that it can be used."""
    from audiobook.config import default_voice, load_voice
    from audiobook.config.books import read_book_files
    from audiobook.follow import texts

    folder = library / texts.FOLDER
    settled = voice or (read_book_files(folder).voice if folder.is_dir() else "")
    return load_voice(settled or default_voice())


def _sum_up(failures: Sequence[AudiobookError]) -> AudiobookError:
    """Return one error for all sources and articles that failed, of the worst kind."""
    worst = max(failures, key=lambda failure: failure.exit_code)
    return type(worst)(
        plural("{count:,} failure", "{count:,} failures", count=len(failures)),
        worst.remedy
        if isinstance(worst, InternalError)
        else message("what failed is tried again the next time"),
    )


def _known_url(library: Path) -> str:
    """Return the address of the podcast as library.toml says, or an earlier run was told."""
    from audiobook.podcast import site, state
    from audiobook.podcast.library import read_library

    return read_library(library).url or state.read(library / site.FOLDER).url


def _offer(library: Path, url: str, target: str, *, quiet: bool) -> None:
    """Make the feed of a library, and publish it if there is a target."""
    from audiobook.cli.podcasting import feed
    from audiobook.cli.publishing import publish
    from audiobook.podcast.library import find_books

    if not find_books(library):
        return
    if not (url or _known_url(library)):
        if not quiet:
            notify(message("no feed was made: add --url https://…, once"))
        return
    with redirect_stdout(io.StringIO()) if quiet else nullcontext():
        feed(library, url=url)
    if target:
        publish(library, target, quiet=quiet)


def _repeat(action: Callable[[], None], seconds: float, *, debug: bool) -> None:
    """Do something again and again until Ctrl-C; what fails is reported, and tried again.

    Raises:
        UsageError: the command is wrong, so that it would fail each time.
        VoiceError: there is no such voice.
    """
    rounds = 0
    while True:
        began = time.monotonic()
        try:
            action()
        except AudiobookError as problem:
            if rounds == 0 and isinstance(problem, UsageError | VoiceError):
                raise
            if debug:
                traceback.print_exception(problem)
            notify(f"audiobook: {localize_error(problem)}")
        except typer.Exit:
            pass  # it has been said why
        rounds += 1
        pause = max(0.0, began + seconds - time.monotonic())
        again = datetime.fromtimestamp(time.time() + pause)
        try:
            notify(message("looking again at {time}; press Ctrl-C to stop", time=f"{again:%H:%M}"))
            time.sleep(pause)
        except KeyboardInterrupt:
            notify(message("stopped"))
            return
