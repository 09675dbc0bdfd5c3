"""The command that makes a podcast of a folder of books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, notify
from audiobook.cli.printing import localize_error, quantity
from audiobook.errors import FINDINGS
from audiobook.messages import localize

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
    allow_guid_change: Annotated[
        bool,
        typer.Option(
            "--allow-guid-change", help="Allow published episodes to change or disappear."
        ),
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Make a podcast of a folder of books: feeds, media, chapters, transcripts and pages.

    The library's feed has an episode for each book; each book of several chapters has a feed of
    its own, chapter by chapter. Running it again writes only what has changed.
    """
    from audiobook.podcast import lint, site

    site_folder = output or library / site.FOLDER
    if check:
        _print_findings(lint.check(site_folder))
        return
    written = site.write(library, site_folder, url, allow_guid_change=allow_guid_change)
    _print_site(written)
    if written.broken:
        raise typer.Exit(written.broken[0].exit_code)


def _print_findings(findings: list[LintFinding]) -> None:
    counts = Counter((finding.rule, finding.what, finding.remedy) for finding in findings)
    printed = set()
    for finding in findings:
        if (kind := (finding.rule, finding.what, finding.remedy)) not in printed:
            printed.add(kind)
            more = localize(f"(and {counts[kind] - 1:,} more like it)") if counts[kind] > 1 else ""
            severity = localize("error" if finding.is_error else "warning")
            what, remedy = localize(finding.what), localize(finding.remedy)
            line = f"{severity} {finding.rule}: {finding.where}: {what}: {remedy} {more}"
            print(" ".join(line.split()))
    errors = sum(finding.is_error for finding in findings)
    notify(f"{quantity(errors, 'error')}, {quantity(len(findings) - errors, 'warning')}")
    if errors:
        raise typer.Exit(FINDINGS)


def _print_site(site: Site) -> None:
    for note in site.notes:
        notify(f"audiobook: {note}")
    for problem in site.broken:
        notify(f"audiobook: {localize('left out')}: {localize_error(problem)}")
    changed = localize(f"{site.changed:,} new or changed" if site.changed else "unchanged")
    books, episodes = quantity(site.books, "book"), quantity(site.episodes, "episode")
    feeds = quantity(len(site.feeds), "feed")
    print(f"{site.folder}: {books}, {episodes} {localize('in')} {feeds} ({changed})")
    print(site.feeds[0])
