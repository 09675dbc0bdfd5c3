"""The command that makes a podcast of a folder of books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, notify
from audiobook.cli.commands import new_app
from audiobook.cli.printing import printable
from audiobook.errors import FINDINGS
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from audiobook.podcast.lint.findings import LintFinding
    from audiobook.podcast.site import Site

app = new_app()


@app.command()
def feed(
    library: Annotated[
        Path, typer.Argument(metavar="LIBRARY", help="Folder of MP3 books; see library.toml.")
    ],
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="BASE", help="Address of the site on the web; it is remembered."
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="SITE", help="Folder of the site [LIBRARY/site]."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only check the site written before; write nothing.")
    ] = False,
    restore: Annotated[
        str,
        typer.Option(
            "--restore",
            metavar="TARGET",
            help="Take names, GUIDs and dates back from where the site is published.",
        ),
    ] = "",
    insecure: Annotated[
        bool,
        typer.Option("--insecure", help="Let --restore send a WebDAV password without encryption."),
    ] = False,
    redate: Annotated[
        bool,
        typer.Option("--redate", help="Bring dates that lie in the future back to the present."),
    ] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Read all files as a whole, not samples, to find damage."),
    ] = False,
    allow_guid_change: Annotated[
        bool,
        typer.Option(
            "--allow-guid-change", help="Allow published episodes to change or disappear."
        ),
    ] = False,
    move_done: Annotated[
        bool,
        typer.Option("--move-done", help="Nobody asks at the former address of the site any more."),
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Make a podcast of a folder of books: feeds, media, chapters, transcripts and pages.

    The library's feed has an episode for each book; each book of several chapters has a feed of
    its own, chapter by chapter. Running it again writes only what has changed, and what was
    damaged. Names, GUIDs and dates stay as they were first published, also if the site is lost:
    they are taken back from where it was published last.

    With another --url the feeds tell clients to follow: publish them to the former place, too.
    """
    from audiobook.podcast import lint, site
    from audiobook.podcast.last_target import LastTarget

    site_folder = output or library / site.FOLDER
    if check:
        _print_findings(lint.check(site_folder))
        return
    written = site.write(
        library,
        site_folder,
        url,
        restore=LastTarget(restore, insecure) if restore else None,
        allow_guid_change=allow_guid_change,
        redate=redate,
        verify=verify,
        is_move_done=move_done,
    )
    _print_site(written)
    if written.former:
        _print_move(library, written)
    if written.broken:
        raise typer.Exit(written.broken[0].exit_code)


def _print_findings(findings: list[LintFinding]) -> None:
    counts = Counter((finding.rule, finding.what, finding.remedy) for finding in findings)
    printed = set()
    for finding in findings:
        if (kind := (finding.rule, finding.what, finding.remedy)) not in printed:
            printed.add(kind)
            more = (
                localize(message("(and {count:,} more like it)", count=counts[kind] - 1))
                if counts[kind] > 1
                else ""
            )
            print(printable(" ".join(f"{localize(finding.line)} {more}".split())))
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    notify(
        message(
            "{errors}, {warnings}",
            errors=plural("{count:,} error", "{count:,} errors", count=errors),
            warnings=plural("{count:,} warning", "{count:,} warnings", count=warnings),
        )
    )
    if errors:
        raise typer.Exit(FINDINGS)


def _print_site(site: Site) -> None:
    for note in site.notes:
        notify(message("audiobook: {note}", note=note))
    for problem in site.broken:
        notify(message("audiobook: left out: {problem}", problem=problem))
    changes = [
        message("{count:,} new or changed", count=site.changed) if site.changed else "",
        plural("{count:,} file removed", "{count:,} files removed", count=site.removed)
        if site.removed
        else "",
    ]
    print(
        localize(
            message(
                "{folder}: {books}, {episodes} in {feeds} ({changed})",
                folder=site.folder,
                books=plural("{count:,} book", "{count:,} books", count=site.books),
                episodes=plural("{count:,} episode", "{count:,} episodes", count=site.episodes),
                feeds=plural("{count:,} feed", "{count:,} feeds", count=len(site.feeds)),
                changed=", ".join(map(localize, filter(None, changes))) or localize("unchanged"),
            )
        )
    )
    print(site.feeds[0])


def _print_move(library: Path, site: Site) -> None:
    root = site.feeds[0].rpartition("/")[0]
    for step in (
        message("The podcast moves from {former} to {root}.", former=site.former, root=root),
        message(
            "Publish it to both places, until listeners have followed; where the former server can"
            " be set, let it answer every address with 301 and this one: {root}",
            root=root,
        ),
        message("At last: audiobook feed {library} --move-done", library=library),
    ):
        notify(step)
