"""The command that makes a podcast of a folder of books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, say
from audiobook.cli.printing import count, told_of
from audiobook.errors import FINDINGS
from audiobook.messages import told

if TYPE_CHECKING:
    from audiobook.podcast.lint import LintFinding
    from audiobook.podcast.site import Site


@app.command()
def feed(
    library: Annotated[
        Path, typer.Argument(metavar="LIBRARY", help="Folder of MP3 books; see library.toml.")
    ],
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="BASE", help="Where the site will be served; remembered from then on."
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="SITE", help="Folder of the site [LIBRARY/site]."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; test the site that was written.")
    ] = False,
    allow_guid_change: Annotated[
        bool,
        typer.Option("--allow-guid-change", help="Let published episodes change or vanish."),
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Make a podcast of a folder of books: feeds, media, chapters, transcripts and pages.

    The library's feed has an episode for each book; each book of several chapters has a feed of
    its own, chapter by chapter. Running it again writes only what has changed.
    """
    from audiobook.podcast import lint, site

    place = output or library / site.FOLDER
    if check:
        _report(lint.check(place))
        return
    made = site.write(library, place, url, allow_guid_change=allow_guid_change)
    _tell(made)
    if made.broken:
        raise typer.Exit(made.broken[0].exit_code)


def _report(findings: list[LintFinding]) -> None:
    alike = Counter((one.rule, one.what, one.remedy) for one in findings)
    shown = set()
    for finding in findings:
        if (kind := (finding.rule, finding.what, finding.remedy)) not in shown:
            shown.add(kind)
            more = told(f"(and {alike[kind] - 1:,} like it)") if alike[kind] > 1 else ""
            severity = told("error" if finding.is_error else "warning")
            what, remedy = told(finding.what), told(finding.remedy)
            line = f"{severity} {finding.rule}: {finding.where}: {what}: {remedy} {more}"
            print(" ".join(line.split()))
    errors = sum(finding.is_error for finding in findings)
    say(f"{count(errors, 'error')}, {count(len(findings) - errors, 'warning')}")
    if errors:
        raise typer.Exit(FINDINGS)


def _tell(made: Site) -> None:
    for note in made.notes:
        say(f"audiobook: {note}")
    for problem in made.broken:
        say(f"audiobook: {told('left out')}: {told_of(problem)}")
    changed = told(f"{made.changed:,} new or changed" if made.changed else "unchanged")
    books, episodes = count(made.books, "book"), count(made.episodes, "episode")
    feeds = count(len(made.feeds), "feed")
    print(f"{made.folder}: {books}, {episodes} {told('in')} {feeds} ({changed})")
    print(made.feeds[0])
