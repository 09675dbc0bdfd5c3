"""The command that audits finished books."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, Jobs, notify
from audiobook.cli.commands import new_app
from audiobook.cli.listening import Listen, doubt_values, listen, open_recogniser, print_doubts
from audiobook.cli.printing import clock_time, print_table, printable, table_head
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import localize, localize_figure, message, one_of, plural

if TYPE_CHECKING:
    from audiobook.audit import Audit
    from audiobook.audit.library import CheckedBook

_WIDEST = 48
"""Characters of a chapter's title in the table."""

app = new_app()


@app.command()
def check(
    books: Annotated[
        list[Path],
        typer.Argument(metavar="BOOK...", help="MP3, M4B, Opus or WAV files, or folders of books."),
    ],
    profile: Annotated[
        str, typer.Option(metavar="podcast|acx", help="The standard to check against.")
    ] = "podcast",
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print the whole result as a JSON object; of several books as an array."
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE|DIR",
            help="Also write the result as an HTML page that plays the book; of several books, "
            "pages in a folder.",
        ),
    ] = None,
    jobs: Jobs = None,
    model: Listen = "",
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Audit finished books: loudness, peaks, speech, cues, chapters, tags, cover.

    Only the file itself is judged, decoded once. Of several books, or a folder, there is one
    table; a book that cannot be read is one line of it. The exit code is 6 if something falls
    short; notes do not count. With --listen, sentences of a book that do not sound like their text
    are listed, the surest first.
    """
    from audiobook.audit import PROFILES

    if profile not in PROFILES:
        raise UsageError(
            message("there is no profile {profile!r}", profile=profile),
            message("choose {names}", names=one_of(PROFILES)),
        )
    if len(books) == 1 and not books[0].is_dir():
        falls_short = _check_one(books[0], profile, report, model, as_json=as_json)
    elif model:
        raise UsageError(
            message("one book at a time can be listened to"),
            message("name a single file with --listen"),
        )
    else:
        falls_short = _check_many(books, profile, report, jobs, as_json=as_json)
    raise typer.Exit(FINDINGS if falls_short else 0)


def _check_one(book: Path, profile: str, report: Path | None, model: str, *, as_json: bool) -> bool:
    """Audit a book, have a recogniser listen to it if wanted; return whether it falls short."""
    from audiobook.audit import PROFILES, audit
    from audiobook.audit.library import write_page

    recogniser = open_recogniser(model) if model else None  # before the work, if it is not here
    result = audit(book, PROFILES[profile])
    hearing = listen(book, result.contents.sentences, recogniser) if recogniser else None
    doubts = hearing.doubts if hearing else ()
    if report is not None:
        write_page(result, report)
    if as_json:
        import json

        from audiobook.audit.report import json_values

        heard = {"doubts": doubt_values(doubts)} if hearing else {}
        print(json.dumps({**json_values(result), **heard}, ensure_ascii=False))
    else:
        _print_audit(result, report)
        if hearing:
            print_doubts(hearing)
    return result.falls_short or bool(doubts)


def _check_many(
    sources: list[Path], profile: str, reports: Path | None, jobs: int | None, *, as_json: bool
) -> bool:
    """Audit books, print one table of them, and return whether any falls short."""
    from audiobook.audit.library import MEMORY, check_books, find_books, write_index
    from audiobook.config import cores
    from audiobook.system import memory

    if reports is not None and reports.suffix.lower() in (".html", ".htm"):
        raise UsageError(
            message("{path} would be one page for several books", path=reports),
            message("name a folder: --report reports"),
        )
    books = find_books(sources)
    workers = jobs or memory.room_for(MEMORY, cores())
    checked = []
    for number, book in enumerate(
        check_books(books, profile, workers, reports=reports, with_values=as_json), 1
    ):
        checked.append(book)
        if sys.stderr.isatty():
            notify(f"{number}/{len(books)} {printable(str(book.path))}")
    if reports is not None:
        write_index(checked, reports / "index.html", profile)
    if as_json:
        import json

        values = [
            book.values or {"path": str(book.path), "problem": book.worst} for book in checked
        ]
        print(json.dumps(values, ensure_ascii=False))
    else:
        _print_books(checked, profile, reports)
    return any(book.falls_short for book in checked)


def _print_books(books: list[CheckedBook], profile: str, reports: Path | None) -> None:
    rows: list[tuple[str, ...]] = [table_head("BOOK", "LENGTH", "LUFS", "PEAK", "FINDINGS")]
    for book in books:
        if not book.is_read:
            rows.append((str(book.path), "", "", "", localize(book.worst)))
            continue
        counts = ", ".join(localize(kind.quantity(count)) for kind, count in book.counts.items())
        rows.append(
            (
                book.title or str(book.path),
                clock_time(book.seconds),
                _level(book.loudness),
                _level(book.true_peak),
                counts or localize("no problems found"),
            )
        )
    print_table(rows, shorten=0)
    short = sum(book.falls_short for book in books)
    total = localize(plural("{count:,} book", "{count:,} books", count=len(books)))
    told = localize(
        plural("{count:,} falls short", "{count:,} fall short", count=short)
        if short
        else message("no problems found")
    )
    print(f"{profile}: {total}, {told}")
    if reports is not None:
        print(f"{reports / 'index.html'}: {localize('all books to look at')}")


def _print_audit(result: Audit, report: Path | None) -> None:
    contents = result.contents
    print(
        printable(" · ".join(filter(None, (contents.title or result.path.name, contents.author))))
    )
    print_table(_fact_rows(result))
    if contents.chapters:
        print_table(_chapter_rows(result))
    for finding in result.findings:
        place = localize(finding.place(clock_time))
        figures = [finding.measured] if finding.measured else []
        if finding.wanted:
            figures.append(message("wanted {figure}", figure=finding.wanted))
        told_figures = ", ".join(map(localize, figures))
        color = {"error": typer.colors.RED, "warning": typer.colors.YELLOW}.get(finding.severity)
        line = (
            f"{localize(finding.severity.label)}: {f'{place}: ' if place else ''}"
            f"{localize(finding.what)}{f' ({told_figures})' if figures else ''}"
            f"{f' -> {localize(finding.remedy)}' if finding.remedy else ''}"
        )
        typer.secho(printable(line), fg=color)
    kinds = [finding.severity for finding in result.findings]
    counts = [localize(kind.quantity(kinds.count(kind))) for kind in dict.fromkeys(kinds)]
    print(f"{result.profile.name}: {', '.join(counts) or localize('no problems found')}")
    if report is not None:
        print(f"{report}: {localize('waveform, loudness and chapters to look at')}")


def _fact_rows(result: Audit) -> list[tuple[str, ...]]:
    contents, sound, level = result.contents, result.sound, result.sound.level
    bits = localize(contents.described_bitrate)
    size = localize(message("{size:.1f} MB", size=contents.size / 1e6))
    cover = contents.cover
    rows: list[tuple[str, ...]] = [
        (localize("file"), f"{contents.format}, {size}, {bits}, {contents.rate} Hz"),
        (localize("length"), clock_time(sound.seconds)),
        (localize("loudness"), f"{_level(level.loudness)} LUFS"),
        (localize("true peak"), f"{_level(level.true_peak)} dBTP"),
        ("RMS", f"{_level(level.rms)} dBFS"),
        (localize("noise floor"), f"{_level(level.floor)} dBFS"),
        (
            localize("cover"),
            f"{cover.kind} {cover.width} × {cover.height}" if cover else localize("none"),
        ),
    ]
    if result.speech.drift:
        drifts = ", ".join(
            f"{localize_figure(f'{drift.seconds * 1000:+,.0f}')} ms ({localize(drift.where)})"
            for drift in result.speech.drift
        )
        rows.append((localize("sound after cues"), drifts))
    if result.speech.pace:
        rows.append(
            (
                localize("a syllable"),
                localize(message("{seconds:.2f} s", seconds=result.speech.pace)),
            )
        )
    return rows


def _chapter_rows(result: Audit) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        table_head("", "CHAPTER", "START", "LENGTH", "LUFS", "PEAK", "RMS", "FLOOR")
    ]
    for number, (part, level) in enumerate(
        zip(result.contents.chapters, result.sound.chapter_levels, strict=True), 1
    ):
        title = " ".join(part.title.split())
        rows.append(
            (
                f"{number}",
                title if len(title) <= _WIDEST else f"{title[: _WIDEST - 1]}…",
                clock_time(part.start),
                clock_time(max(part.end - part.start, 0)),
                _level(level.loudness),
                _level(level.true_peak),
                _level(level.rms),
                _level(level.floor),
            )
        )
    return rows


def _level(value: float) -> str:
    return localize_figure(f"{value:.1f}") if math.isfinite(value) else "-∞"
