"""The command that puts a site where its subscribers are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, say
from audiobook.cli.printing import count
from audiobook.messages import figure, told

if TYPE_CHECKING:
    from audiobook.podcast.publish import Plan

_DAYS = 14.0


@app.command(epilog="Example: audiobook publish books sftp://me@example.org/srv/www/books")
def publish(
    library: Annotated[
        Path,
        typer.Argument(metavar="LIBRARY", help="Folder with a site in it, or the site itself."),
    ],
    target: Annotated[
        str,
        typer.Argument(metavar="TARGET", help="A folder, s3://…, sftp://… or webdavs://…"),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent and removed.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what no feed has named for a while.")
    ] = False,
    grace: Annotated[
        float, typer.Option(min=0, metavar="DAYS", help="How long that while is.")
    ] = _DAYS,
    allow_guid_change: Annotated[
        bool,
        typer.Option("--allow-guid-change", help="Let published episodes change or vanish."),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Publish though files of somebody else are there."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Publish a site that `audiobook feed` wrote: only what changed, the feeds last.

    A site that breaks rules of podcasts is not published. Whatever interrupts it, subscribers see
    the old feeds or the new ones, with all that they name; run it again to send the rest.
    """
    from audiobook.cli.progress import make_parcels
    from audiobook.podcast import publish as publishing
    from audiobook.podcast.site import FOLDER
    from audiobook.podcast.targets import open_target

    site = library / FOLDER if (library / FOLDER).is_dir() else library
    with open_target(target) as there:
        plan = publishing.plan(
            site,
            there,
            prune=prune,
            grace=grace,
            allow_guid_change=allow_guid_change,
            overwrite=overwrite,
        )
        if dry_run:
            _show(plan)
            return
        with make_parcels(plan.size, quiet=quiet) as report:
            publishing.carry_out(plan, site, there, report)
    if not quiet:
        print(f"{target}: {_sum(plan)}")


def _show(plan: Plan) -> None:
    for file in plan.send:
        print(f"{told('send'):<8}{figure(f'{file.size:,}'):>12}  {file.path}")
    for path in plan.remove:
        print(f"{told('remove'):<8}{'':>12}  {path}")
    say(f"{told('dry run, nothing was done')}: {_sum(plan)}")


def _sum(plan: Plan) -> str:
    if not (plan.send or plan.remove):
        return told("unchanged")
    sent = told(f"{count(len(plan.send), 'file')} sent")
    parts = [sent, told(f"{plan.size / 1e6:,.1f} MB")]
    if plan.remove:
        parts.append(told(f"{count(len(plan.remove), 'file')} removed"))
    if plan.retired:
        kept = count(len(plan.retired), "file")
        parts.append(told(f"{kept} kept that no feed names any more"))
    return ", ".join(parts)
