"""The command that publishes a site."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, notify
from audiobook.cli.commands import new_app
from audiobook.cli.numbers import number
from audiobook.cli.printing import printable
from audiobook.errors import UsageError
from audiobook.messages import localize, localize_figure, message, plural

if TYPE_CHECKING:
    from audiobook.messages import Message
    from audiobook.podcast.publish import Plan

app = new_app()


@app.command(epilog="Example: audiobook publish books sftp://me@example.org/srv/www/books")
def publish(
    library: Annotated[
        Path,
        typer.Argument(metavar="LIBRARY", help="Folder with a site in it, or the site itself."),
    ],
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="A folder, s3://…, sftp://…, webdavs://… or git+https://…; without it where "
            "library.toml says, or else where it was published last.",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent and removed.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove files that no feed has named for --grace DAYS.")
    ] = False,
    grace: Annotated[
        float | None,
        typer.Option(
            parser=number(0), metavar="DAYS", help="How long --prune waits; by default 14 days."
        ),
    ] = None,
    allow_guid_change: Annotated[
        bool,
        typer.Option(
            "--allow-guid-change", help="Allow published episodes to change or disappear."
        ),
    ] = False,
    redate: Annotated[
        bool,
        typer.Option("--redate", help="Publish dates that feed --redate took out of the future."),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Publish even to a place with files that audiobook did not publish."
        ),
    ] = False,
    insecure: Annotated[
        bool,
        typer.Option("--insecure", help="Send a WebDAV password without encryption."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Publish a site that `audiobook feed` wrote: only what changed, the feeds last.

    A site that breaks the rules of podcasts is not published, nor one that would give episodes that
    subscribers have other dates or GUIDs: those are taken back from the target. One machine at a
    time publishes; others wait. If publishing is interrupted, subscribers see the old feeds or the
    new ones, with all their files; run the command again to send the rest.

    Without a server of your own, git+https://github.com/OWNER/NAME.git publishes to GitHub Pages,
    and likewise to GitLab Pages: the whole site at once, with files of up to 100 MB.
    """
    from audiobook.cli.bars import open_upload_progress
    from audiobook.podcast import publish as publishing
    from audiobook.podcast.site import find_site
    from audiobook.podcast.targets import open_target

    if not target:
        target, insecure = _usual_target(library, insecure=insecure)
    options = publishing.Options(
        prune=prune,
        grace=publishing.GRACE if grace is None else grace,
        allow_guid_change=allow_guid_change,
        redate=redate,
        overwrite=overwrite,
    )
    with open_target(target, insecure=insecure) as connection:
        if dry_run:
            _print_plan(publishing.plan(find_site(library), connection, **asdict(options)))
            return
        progress = partial(open_upload_progress, quiet=quiet)
        plan = publishing.publish(library, connection, options, _say, progress)
    if not quiet:
        print(f"{target}: {_plan_summary(plan)}")


def _usual_target(library: Path, *, insecure: bool) -> tuple[str, bool]:
    """Return where a library is published if nothing else is said, and whether --insecure counts.

    Raises:
        UsageError: that is not known.
    """
    from audiobook.podcast.last_target import recall, recall_of_others
    from audiobook.podcast.library import read_library
    from audiobook.podcast.site import find_site

    if target := read_library(library).target:
        return target, insecure
    place = find_site(library)
    last = recall(place)
    if not last.address and (foreign := recall_of_others(place)):
        raise UsageError(
            message(
                "{library} was published to {address}, by somebody else or elsewhere",
                library=library,
                address=foreign,
            ),
            message("if that is where it belongs, name the address once"),
        )
    if not last.address:
        raise UsageError(
            message("it is not known where to publish {library}", library=library),
            message("name a folder or an address, here or as target in library.toml"),
        )
    return last.address, insecure or last.insecure


def _say(note: Message) -> None:
    notify(message("audiobook: {note}", note=note))


def _print_plan(plan: Plan) -> None:
    for file in plan.send:
        print(f"{localize('send'):<8}{localize_figure(f'{file.size:,}'):>12}  {file.path}")
    for path in plan.remove:  # names that a server made up
        print(f"{localize('remove'):<8}{'':>12}  {printable(path)}")
    notify(message("dry run, nothing was done: {summary}", summary=_plan_summary(plan)))


def _plan_summary(plan: Plan) -> str:
    if not (plan.send or plan.remove):
        return localize("unchanged")
    sent = localize(plural("{count:,} file sent", "{count:,} files sent", count=len(plan.send)))
    parts = [sent, localize(message("{size:,.1f} MB", size=plan.size / 1e6))]
    if plan.remove:
        removed = plural(
            "{count:,} file removed", "{count:,} files removed", count=len(plan.remove)
        )
        parts.append(localize(removed))
    if plan.retired:
        retired = plural(
            "{count:,} file kept that no feed names any more",
            "{count:,} files kept that no feed names any more",
            count=len(plan.retired),
        )
        parts.append(localize(retired))
    return ", ".join(parts)
